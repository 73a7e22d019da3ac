/** `action ct commit zone 5 nat src addr 192.0.2.1`: net/sched/act_ct.c. */
import { usage } from '../../errors.ts';
import { act, to, type Draft, type ValueType } from '../../grammar.ts';
import { bytes } from '../../print/formats.ts';
import type { Json, Printer } from '../../print/printer.ts';
import { parseAddress, text, u16, word } from '../../values.ts';
import { control, hexMasked, masked, printUse, printVerdict, readOwn } from '../filter-values.ts';
import { parmsOf, type ActionKind } from './kind.ts';

const flag = (draft: Draft, ...flags: string[]): void => { draft['action'] = [...new Set([...((draft['action'] ?? []) as string[]), ...flags])]; };
const familyNumbers: Readonly<Record<string, number>> = { ipv4: 2, ipv6: 10 }, protocols: Readonly<Record<string, string>> = { tcp: 'tcp', udp: 'udp' };

const range: ValueType = word('ADDRESS[-ADDRESS]', (given, _context, after) => {
  const [first = '', last] = given.split('-'), min = parseAddress(first, after), max = last === undefined ? undefined : parseAddress(last, after, min.family);
  const name = min.family === 'inet' ? 'natIpv4' : 'natIpv6';
  return { [`${name}Min`]: min.address, ...(max && { [`${name}Max`]: max.address }) };
});
const ports: ValueType = word('PORT[-PORT]', (given, _context, after) => {
  const [, first, last] = /^(\d{1,5})(?:-(\d{1,5}))?$/.exec(given) ?? [], min = Number(first), max = last === undefined ? undefined : Number(last);
  if (first === undefined || min > 0xffff || (max !== undefined && (max > 0xffff || max < min))) throw usage(`"${given}" are no ports for "${after}"`, '80, or 8000-8010');
  return { natPortMin: min, ...(max !== undefined && { natPortMax: max }) };
});
const all = act((draft, value) => { Object.assign(draft, value); });

const translation: ValueType = { name: '[ { src | dst } addr ADDRESS[-ADDRESS] [ port PORT[-PORT] ] ]', choices: ['src', 'dst'], read(words, context) {
  const draft: Draft = {}, side = words.take('src') ? 'natSrc' : words.take('dst') ? 'natDst' : undefined;
  flag(draft, 'nat', ...(side === undefined ? [] : [side]));
  if (side === undefined) return draft;
  readOwn({ addr: { ...all, type: range }, port: { ...all, type: ports } }, words, draft, context);
  if (draft['natIpv4Min'] === undefined && draft['natIpv6Min'] === undefined) throw usage('to which address?', 'nat src addr ADDRESS[-ADDRESS]');
  return draft;
} };

export const ct: ActionKind = {
  usage: '[ clear | [ commit [ force ] ] [ zone NUMBER ] [ mark MARK[/MASK] ] [ label HEX[/MASK] ] [ nat ... ] [ helper FAMILY-PROTOCOL-NAME ] ] [ VERDICT ] [ index NUMBER ]',
  options: {
    commit: act((draft) => { flag(draft, 'commit'); }),
    force: act((draft) => { flag(draft, 'force'); }),
    clear: act((draft) => { flag(draft, 'clear'); }),
    zone: to('zone', u16()),
    mark: act((draft, value) => {
      const { value: mark, mask = 0xffffffff } = value as { value: number; mask?: number };
      Object.assign(draft, { mark, markMask: mask });
    }, masked('MARK', 0xffffffffn)),
    label: act((draft, value) => {
      const { value: labels, mask } = value as { value: Uint8Array; mask: Uint8Array };
      Object.assign(draft, { labels, labelsMask: mask });
    }, hexMasked(16)),
    nat: act((draft, value) => {
      const { action, ...rest } = value as Draft;
      flag(draft, ...(action as string[]));
      Object.assign(draft, rest);
    }, translation),
    helper: act((draft, value) => {
      const [family = '', protocol = '', ...name] = (value as string).split('-');
      if (familyNumbers[family] === undefined || protocols[protocol] === undefined || name.length === 0) throw usage(`"${String(value)}" is not a helper`, 'FAMILY-PROTOCOL-NAME: ipv4-tcp-ftp');
      Object.assign(draft, { helperFamily: familyNumbers[family], helperProto: protocols[protocol], helperName: name.join('-') });
    }, text('FAMILY-PROTOCOL-NAME')),
    ...control(),
  },
  verdict: 'pipe',
  head: ['kind', '%'],
  complete(draft) {
    const flags = (draft['action'] ??= []) as string[];
    if (flags.includes('clear') && flags.length > 1) throw usage('"clear" stands alone');
    if (flags.includes('force') && !flags.includes('commit')) throw usage('"force" is for "commit"', 'action ct commit force');
  },
  print: (printer, options) => {
    const parms = parmsOf(options), flags = (options['action'] ?? []) as string[];
    if (flags.includes('commit')) printer.value('action', ' %', flags.includes('force') ? 'commit force' : 'commit');
    else if (flags.includes('clear')) printer.value('action', ' %', 'clear');
    printMark(printer, options);
    printer.value('zone', ' zone %', options['zone']);
    printLabels(printer, options);
    if (flags.includes('nat')) printNat(printer, options, flags);
    if (options['helperName'] !== undefined) {
      const family = Object.keys(familyNumbers).find((key) => familyNumbers[key] === options['helperFamily']) ?? String(options['helperFamily']);
      printer.value('helper', ' helper %', `${family}-${String(options['helperProto'])}-${String(options['helperName'])}`);
    }
    printVerdict(printer, ' ', parms['action'], '');
    printer.newline();
    printUse(printer, parms, options['tm']);
    printer.newline();
  },
};

function printMark(printer: Printer, { mark, markMask: mask }: Json): void {
  if (mark === undefined) return;
  printer.value('mark', ' mark %', mark);
  if (mask !== undefined && Number(mask) !== 0xffffffff) printer.value('mark_mask', '/0x%', Number(mask).toString(16));
}
function printLabels(printer: Printer, options: Json): void {
  const labels = options['labels'] as Uint8Array | undefined, mask = options['labelsMask'] as Uint8Array | undefined;
  if (labels === undefined) return;
  printer.value('label', ' label %', mask === undefined || mask.every((byte) => byte === 0xff) ? bytes(labels) : `${bytes(labels)}/${bytes(mask)}`);
}
function printNat(printer: Printer, options: Json, flags: readonly string[]): void {
  const side = flags.includes('natSrc') ? ' src' : flags.includes('natDst') ? ' dst' : '';
  const span = (key: string, min: unknown, max: unknown): string => (min === undefined ? '' : ` ${key} ${max === undefined || max === min ? String(min) : `${String(min)}-${String(max)}`}`);
  const address = span('addr', options['natIpv4Min'] ?? options['natIpv6Min'], options['natIpv4Max'] ?? options['natIpv6Max']);
  printer.value('nat', ' nat%', `${side}${address}${span('port', options['natPortMin'], options['natPortMax'])}`, { json: (text) => (text as string).trimStart() });
}
