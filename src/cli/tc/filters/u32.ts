/** `u32 match ip dst 10.0.0.0/8 flowid 1:1`: net/sched/cls_u32.c. */
import { usage } from '../../errors.ts';
import { act, to, type Draft, type Grammar, type ValueType } from '../../grammar.ts';
import type { Json, Printer } from '../../print/printer.ts';
import { deviceName, integer, word } from '../../values.ts';
import { printActions } from '../actions/index.ts';
import { printPolice } from '../actions/police.ts';
import { classFormat, classid } from '../filter-values.ts';
import { actionRow, flagRow, policeRow, printFlags, readOptions, type Before, type FilterKind } from './kind.ts';
import { readMatch, type Key } from './u32-match.ts';

/** `TABLE:BUCKET:NODE`, hexadecimal; what is left out is 0. */
export function parseU32Handle(given: string, after: string): number {
  const [table = '', bucket = '', node = ''] = given.split(':'), parts = [[table, 0xfff], [bucket, 0xff], [node, 0xfff]] as const;
  const numbers = parts.map(([part, most]) => (part === '' ? 0 : /^[0-9a-f]+$/i.test(part) && Number.parseInt(part, 16) <= most ? Number.parseInt(part, 16) : -1));
  if (!given.includes(':') && /^0x[0-9a-f]{1,8}$/i.test(given)) return Number(given);
  if (!given.includes(':') || given.split(':').length > 3 || numbers.includes(-1)) throw usage(`"${given}" is not a handle for "${after}"`, 'TABLE:BUCKET:FILTER in hexadecimal, at most fff:ff:fff: 800::801, 2:');
  return ((numbers[0]! << 20) | (numbers[1]! << 12) | numbers[2]!) >>> 0;
}
export function u32Handle(handle: number): string {
  const table = handle >>> 20, bucket = (handle >>> 12) & 0xff, node = handle & 0xfff;
  if (handle === 0) return 'none';
  return `${table ? table.toString(16) : ''}:${bucket ? bucket.toString(16) : ''}${node ? `:${node.toString(16)}` : ''}`;
}
const handle: ValueType = word('TABLE:[BUCKET]', (given, _context, after) => parseU32Handle(given, after));

interface Sel { flags?: string[]; keys?: Key[]; nkeys?: number; offmask?: number; offshift?: number; offoff?: number; off?: number; hmask?: number; hoff?: number }
const selOf = (draft: Draft): Sel => (draft['sel'] ??= {}) as Sel;
const flag = (draft: Draft, name: string): void => {
  const sel = selOf(draft);
  sel.flags = [...new Set([...(sel.flags ?? []), name])];
};
const hexadecimal = (most: number): ValueType => word('MASK', (given, _context, after) => {
  const value = /^(0x)?[0-9a-f]+$/i.test(given) ? Number.parseInt(given, 16) : -1;
  if (value < 0 || value > most) throw usage(`"${given}" is not a mask for "${after}"`, `hexadecimal, at most 0x${most.toString(16)}`);
  return value;
});
const offset: ValueType = integer('BYTES', -0x8000, 0x7fff);

/** Where the next header begins: `offset at 0 mask 0x0f00 shift 6 eat`. */
const offsetWords: Record<string, (draft: Draft, read: (type: ValueType) => unknown) => void> = {
  mask: (draft, read) => { selOf(draft).offmask = read(hexadecimal(0xffff)) as number; flag(draft, 'varoffset'); },
  at: (draft, read) => { selOf(draft).offoff = read(offset) as number; flag(draft, 'varoffset'); },
  shift: (draft, read) => { selOf(draft).offshift = read(integer('BITS', 0, 255)) as number; },
  plus: (draft, read) => { selOf(draft).off = read(integer('BYTES', 0, 0xffff)) as number; flag(draft, 'offset'); },
  eat: (draft) => { flag(draft, 'eat'); },
};

const options: Grammar = {
  match: { repeat: true, ...act((draft, value) => {
    const { keys = [], mark } = value as { keys?: Key[]; mark?: Draft }, sel = selOf(draft);
    if (mark) draft['mark'] = mark;
    for (const key of keys) pack((sel.keys ??= []), key);
  }, { name: '{ ip | ip6 | tcp | udp | icmp | ether | u32 | u16 | u8 | mark } ...', choices: ['ip', 'ip6', 'tcp', 'udp', 'icmp', 'ether', 'u32', 'u16', 'u8', 'mark'], read: (words, context) => readMatch(words, context) }) },
  'classid|flowid': act((draft, value) => { draft['classid'] = value; flag(draft, 'terminal'); }, classid),
  divisor: to('divisor', integer('BUCKETS', 1, 256)),
  link: to('link', handle),
  ht: to('hash', handle),
  order: to('order', integer('NUMBER', 1, 0xfff)),
  indev: to('indev', deviceName),
  hashkey: act((draft, value) => { Object.assign(selOf(draft), value); }, { name: 'mask MASK at BYTES', read: (words, context, after) => {
    if (!words.take('mask')) throw usage(`"${after}" needs a mask`, 'hashkey mask 0x000000ff at 12');
    const hmask = hexadecimal(0xffffffff).read(words, context, 'mask');
    if (!words.take('at')) throw usage(`"${after}" needs a place`, 'hashkey mask 0x000000ff at 12');
    return { hmask, hoff: offset.read(words, context, 'at') };
  } }),
  offset: act((draft, _value, context, words) => {
    const before = words.at;
    for (let key = words.peek(); key !== undefined && key in offsetWords; key = words.peek()) {
      const given = words.next();
      offsetWords[given]!(draft, (type) => type.read(words, context, given));
    }
    if (words.at === before) throw usage('where does the next header begin?', 'offset at 0 mask 0x0f00 shift 6 eat');
  }),
  sample: act((draft, value) => { draft['sample'] = value; }, { name: 'MATCH [ divisor BUCKETS ]', read: (words, context) => {
    const { keys = [] } = readMatch(words, context);
    if (keys.length !== 1) throw usage('a sample is one match of four bytes', 'sample ip src 10.0.0.1');
    return { key: keys[0], divisor: words.take('divisor') ? integer('BUCKETS', 1, 256).read(words, context, 'divisor') : 256 };
  } }),
  skip_hw: flagRow('skipHw'),
  skip_sw: flagRow('skipSw'),
  police: { ...policeRow, apply: (draft, value, context, words) => { policeRow.apply?.(draft, value, context, words); flag(draft, 'terminal'); } },
  action: { ...actionRow, apply: (draft, value, context, words) => { actionRow.apply?.(draft, value, context, words); flag(draft, 'terminal'); } },
};

/** Keys at one place are one key, where they agree. */
function pack(keys: Key[], key: Key): void {
  const val = (key.val & key.mask) >>> 0, there = keys.find(({ off, offmask }) => off === key.off && offmask === key.offmask);
  if (!there) {
    if (keys.length === mostKeys) throw usage('too many matches', `at most ${mostKeys} places in a packet`);
    keys.push({ ...key, val });
    return;
  }
  if (((val ^ there.val) & (key.mask & there.mask)) !== 0) throw usage(`two matches want different bytes at ${key.off}`);
  there.val = (there.val | val) >>> 0;
  there.mask = (there.mask | key.mask) >>> 0;
}
const mostKeys = 128;

function build(draft: Draft, { handle: given }: Before): { handle: number; options?: Draft } {
  const { order, sample, sel, ...rest } = draft as Draft & { order?: number; sample?: { key: Key; divisor: number }; sel?: Sel };
  let own = given === undefined ? 0 : parseU32Handle(given, 'handle');
  if (order !== undefined) {
    if ((own & 0xfff) !== 0 && (own & 0xfff) !== order) throw usage(`"order ${order}" contradicts the handle ${given}`);
    own = (own | order) >>> 0;
  }
  if (rest['divisor'] !== undefined && !Number.isInteger(Math.log2(rest['divisor'] as number))) throw usage(`${String(rest['divisor'])} buckets`, 'a power of two, at most 256');
  if (sample !== undefined) {
    const { key: { val, mask }, divisor } = sample, shift = mask === 0 ? 0 : Math.log2(mask & -mask >>> 0);
    const hash = ((val & mask) >>> shift) & (divisor - 1);
    rest['hash'] = (((rest['hash'] ?? 0) as number & 0xfff00000) | (hash << 12)) >>> 0;
  }
  const keys = sel?.keys ?? [], full = { flags: [], offmask: 0, offshift: 0, offoff: 0, off: 0, hmask: 0, hoff: 0, ...sel, nkeys: keys.length, keys };
  const options_: Draft = { ...rest, ...(sel && { sel: full }) };
  return { handle: own, ...(Object.keys(options_).length > 0 && { options: options_ }) };
}

const two = (value: number): string => value.toString(16).padStart(8, '0');

function printKey(printer: Printer, key: Key): void {
  if (printer.json) {
    printer.value('value', null, key.val.toString(16));
    printer.value('mask', null, key.mask.toString(16));
    printer.value('offmask', null, key.offmask < 0 ? 'nexthdr+' : '');
    printer.value('off', null, key.off);
    return;
  }
  printer.newline();
  printer.text(`  match ${two(key.val)}/${two(key.mask)} at ${key.offmask < 0 ? 'nexthdr+' : ''}${key.off}`);
}

function print(printer: Printer, options_: Json, own: number): void {
  const sel = options_['sel'] as (Required<Sel> & { hmask: number }) | undefined, flags = sel?.flags ?? [], pcnt = options_['pcnt'] as { rcnt: bigint; rhit: bigint; kcnts: bigint[] } | undefined;
  const counted = printer.statistics > 0 && pcnt !== undefined;
  if (own) printer.value('fh', 'fh % ', u32Handle(own), { text: (text) => `${String(text)}${printer.context.options.resolve ? `[${two(own)}]` : ''}` });
  if (own & 0xfff) printer.value('order', 'order % ', own & 0xfff);
  const hash = options_['hash'] as number | undefined;
  if (options_['divisor'] !== undefined) printer.value('ht_divisor', 'ht divisor % ', options_['divisor']);
  else if (hash !== undefined) {
    printer.value('key_ht', 'key ht % ', (hash >>> 20).toString(16));
    printer.value('bkt', 'bkt % ', ((hash >>> 12) & 0xff).toString(16));
  } else printer.text('??? ');
  if (options_['classid'] !== undefined) printer.value('flowid', `${flags.includes('terminal') ? '' : '*'}flowid % `, options_['classid'], classFormat);
  else if (flags.includes('terminal')) printer.text('terminal flowid ');
  if (options_['link'] !== undefined) printer.value('link', 'link % ', u32Handle(options_['link'] as number));
  printFlags(printer, options_['flags'], (one) => printer.text(`${one} `));
  if (counted && sel) {
    printer.value('rule_hit', '(rule hit %', Number(pcnt.rcnt));
    printer.value('success', ' success %)', Number(pcnt.rhit));
  }
  if (sel) printSel(printer, sel, counted ? pcnt.kcnts : undefined);
  const mark = options_['mark'] as { val: number; mask: number; success: number } | undefined;
  if (mark) {
    const four = (value: unknown): string => `0x${Number(value).toString(16).padStart(4, '0')}`, plain = (value: unknown): string => `0x${Number(value).toString(16)}`;
    printer.newline();
    printer.value('fwmark_value', '  mark % ', mark.val, { text: four, json: plain });
    printer.value('fwmark_mask', '% ', mark.mask, { text: four, json: plain });
    printer.value('fwmark_success', '(success %)', mark.success);
  }
  if (options_['police'] !== undefined) {
    printer.newline();
    printer.value('kind', ' % ', 'police');
    printPolice(printer, options_['police'] as Json);
  }
  if (options_['indev'] !== undefined) {
    printer.newline();
    printer.value('input_dev', '  input dev %', options_['indev']);
  }
  printActions(printer, options_['act'], 1);
}
function printSel(printer: Printer, { flags, keys, offmask, offshift, offoff, off, hmask, hoff }: Required<Sel>, counts: readonly bigint[] | undefined): void {
  // Several keys are a list in JSON: of one name there can be one.
  const key = (one: Key, i: number): void => {
    printKey(printer, one);
    if (counts) printer.value('success', ' (success % ) ', Number(counts[i] ?? 0n));
  };
  if (printer.json && keys.length > 1) printer.array('match', () => { for (const [i, one] of keys.entries()) printer.object(null, () => key(one, i)); });
  else for (const [i, one] of keys.entries()) printer.object('match', () => key(one, i));
  if (flags.includes('varoffset') || flags.includes('offset')) {
    printer.newline();
    printer.text('    offset ');
    if (flags.includes('varoffset')) {
      printer.value('offset_mask', '%', offmask, { text: (mask) => Number(mask).toString(16).padStart(4, '0'), json: (mask) => Number(mask).toString(16) });
      printer.value('offset_shift', '>>%', offshift);
      printer.value('offset_off', ' at % ', offoff);
    }
    if (off) printer.value('plus', 'plus % ', off);
  }
  if (flags.includes('eat')) printer.value('eat', ' eat ', true);
  if (hmask) {
    printer.newline();
    printer.value('hash_mask', '    hash mask %', hmask, { text: (mask) => two(Number(mask)), json: (mask) => Number(mask).toString(16) });
    printer.value('hash_off', ' at % ', hoff);
  }
}

export const u32: FilterKind = {
  usage: '[ match SELECTOR ... ] [ ht TABLE:[BUCKET] ] [ link TABLE: ] [ hashkey mask MASK at BYTES ] [ offset ... ] [ divisor BUCKETS ] [ flowid CLASSID ] [ police ... ] [ action ... ]',
  options,
  read: (words, context, before) => build(readOptions(options, words, context), before),
  print,
};
