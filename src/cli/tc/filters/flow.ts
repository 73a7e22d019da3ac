/** `flow hash keys src,dst divisor 1024`: net/sched/cls_flow.c. */
import { parseIpv4, parseIpv6 } from '../../../codec/index.ts';
import { usage } from '../../errors.ts';
import { act, is, to, type Draft, type Grammar } from '../../grammar.ts';
import { parseInteger, u32, word } from '../../values.ts';
import { constant } from '../../print/formats.ts';
import type { Json } from '../../print/printer.ts';
import { printActions } from '../actions/index.ts';
import { printPolice } from '../actions/police.ts';
import { classFormat, classid } from '../filter-values.ts';
import { ematchOf, printEmatches } from './ematch.ts';
import { actionRow, plainHandle, policeRow, readOptions, type FilterKind } from './kind.ts';

const keys = ['src', 'dst', 'proto', 'protoSrc', 'protoDst', 'iif', 'priority', 'mark', 'nfct', 'nfctSrc', 'nfctDst', 'nfctProtoSrc', 'nfctProtoDst', 'rtclassid', 'skuid', 'skgid', 'vlanTag', 'rxhash'];
/** `proto-src`. */
const spelled = (key: string): string => ({ rtclassid: 'rt-classid', skuid: 'sk-uid', skgid: 'sk-gid' })[key] ?? constant(key).toLowerCase().replaceAll('_', '-');
const list = word('KEY[,...]', (given, _context, after) => given.split(',').map((one) => {
  const key = keys.find((each) => spelled(each) === one);
  if (key === undefined) throw usage(`"${one}" is not a key for "${after}"`, keys.map(spelled).join(', '));
  return key;
}), { choices: keys.map(spelled) });
/** The mask and what is turned over in it. */
const bits = (how: (value: number, before: { mask: number; xor: number }) => { mask: number; xor: number }) => act((draft: Draft, value: unknown) => {
  const { mask = 0xffffffff, xor = 0 } = draft as { mask?: number; xor?: number }, made = how(Number(value), { mask, xor });
  Object.assign(draft, { mask: made.mask >>> 0, xor: made.xor >>> 0 });
}, u32());

/** A number, or an address's last four bytes; with a minus before it, what is taken away. */
const addend = word('[-]{ NUMBER | ADDRESS }', (given, _context, after) => {
  const [, minus, plain = ''] = /^(-?)(.*)$/.exec(given) ?? [], number = parseInteger(plain), bytes = new Uint8Array(16);
  if (number === undefined && !parseIpv4(plain, bytes, 12) && !(plain.includes(':') && parseIpv6(plain, bytes, 0))) throw usage(`"${given}" is not a number for "${after}"`, '5, -192.0.2.0');
  if (number !== undefined && (number < 0n || number > 0xffffffffn)) throw usage(`${given} is out of range for "${after}"`);
  const value = number === undefined ? new DataView(bytes.buffer).getUint32(12) : Number(number);
  return minus ? -value >>> 0 : value;
});
const optionsOf = (incoming: boolean): Grammar => ({
  map: is('mode', 'map'),
  hash: is('mode', 'hash'),
  'keys|key': to('keys', list),
  and: bits((value, { mask, xor }) => ({ mask: mask & value, xor: xor & value })),
  or: bits((value, { mask, xor }) => ({ mask: mask & ~value, xor: (xor & ~value) | value })),
  xor: bits((value, { mask, xor }) => ({ mask, xor: xor ^ value })),
  rshift: to('rshift', u32()),
  addend: to('addend', addend),
  divisor: to('divisor', u32()),
  baseclass: to('baseclass', classid),
  perturb: to('perturb', u32('SECONDS'), 'how often the hash changes'),
  match: to('ematches', ematchOf(incoming)),
  police: policeRow,
  action: actionRow,
});

export const flow: FilterKind = {
  usage: '{ map key KEY [ and | or | xor NUMBER ] [ rshift BITS ] [ addend NUMBER ] | hash keys KEY,... [ perturb SECONDS ] } [ divisor NUMBER ] [ baseclass CLASSID ] [ action ... ]',
  options: optionsOf(false),
  read: (words, context, before) => ({ handle: plainHandle(before), options: readOptions(optionsOf(before.incoming), words, context) }),
  print(printer, options_, handle) {
    const names = ((options_['keys'] ?? []) as string[]).map(spelled), mask = options_['mask'] as number | undefined, xor = (options_['xor'] ?? 0) as number;
    printer.value('handle', 'handle % ', `0x${handle.toString(16)}`);
    printer.value('mode', '% ', options_['mode']);
    printer.list('keys', names, `keys ${names.join(',')} `);
    if (mask !== undefined || xor) {
      const and = mask ?? 0xffffffff, or = (~and & xor) >>> 0, turned = (xor & and) >>> 0, eight = (value: unknown): string => `0x${Number(value).toString(16).padStart(8, '0')}`, plain = (value: unknown): string => `0x${Number(value).toString(16)}`;
      if (and !== 0xffffffff) printer.value('and', 'and % ', and, { text: eight, json: plain });
      if (turned) printer.value('xor', 'xor % ', turned, { text: eight, json: plain });
      if (or) printer.value('or', 'or % ', or, { text: eight, json: plain });
    }
    printer.value('rshift', 'rshift % ', options_['rshift'] || undefined);
    if (options_['addend']) printer.value('addend', 'addend % ', `0x${Number(options_['addend']).toString(16)}`);
    printer.value('divisor', 'divisor % ', options_['divisor']);
    printer.value('baseclass', 'baseclass % ', options_['baseclass'], classFormat);
    if (options_['perturb']) printer.value('perturb', 'perturb %sec ', options_['perturb']);
    printEmatches(printer, options_['ematches']);
    if (options_['police'] !== undefined) {
      printer.value('kind', ' % ', 'police');
      printPolice(printer, options_['police'] as Json);
    }
    printActions(printer, options_['act'], 1);
  },
};
