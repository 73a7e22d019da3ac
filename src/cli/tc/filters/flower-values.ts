/** Values that only filters of kind flower have: states, flags, options of tunnels, labels. */
import { usage } from '../../errors.ts';
import type { Draft, ValueType } from '../../grammar.ts';
import { integer, parseInteger, word } from '../../values.ts';
import { readOwn } from '../filter-values.ts';
import { geneveOptions } from '../tunnel-options.ts';

/** Word -> the schema's name. */
export const ctStates = { trk: 'tracked', new: 'new', est: 'established', rel: 'related', inv: 'invalid', rpl: 'reply' } as const;
/** `+trk+est-inv`. */
export const ctState: ValueType = word('{ + | - }STATE...', (given, _context, after) => {
  const parts = given.match(/[+-][a-z]+/g) ?? [], set: string[] = [], known: string[] = [];
  const wrong = (): never => { throw usage(`"${given}" is not a state for "${after}"`, `+ or - before each of ${Object.keys(ctStates).join(', ')}: +trk+est-inv`); };
  if (parts.join('') !== given || given === '') wrong();
  for (const part of parts) {
    const state = ctStates[part.slice(1) as keyof typeof ctStates];
    if (!state) wrong();
    known.push(state);
    if (part.startsWith('+')) set.push(state);
  }
  return { keyCtState: set, keyCtStateMask: known };
});

export const ipFlags = { frag: 'isFragment', firstfrag: 'fragIsFirst' } as const;
export const tunnelFlags = { tuncsum: 'tunnelCsum', tundf: 'tunnelDontFragment', tunoam: 'tunnelOam', tuncrit: 'tunnelCritOpt' } as const;
/** `frag/nofirstfrag`. */
const flagsOf = (names: Readonly<Record<string, string>>, key: string): ValueType => word(`[no]{ ${Object.keys(names).join(' | ')} }[/...]`, (given, _context, after) => {
  const set: string[] = [], known: string[] = [];
  for (const part of given.split('/')) {
    const flag = names[part] ?? names[part.replace(/^no/, '')];
    if (!flag) throw usage(`"${part}" is not a flag for "${after}"`, Object.keys(names).join(', '));
    known.push(flag);
    if (part in names) set.push(flag);
  }
  return { [key]: set, [`${key}Mask`]: known };
}, { choices: Object.keys(names).flatMap((name) => [name, `no${name}`]) });
export const flagsOption = flagsOf(ipFlags, 'keyFlags'), encFlags = flagsOf(tunnelFlags, 'keyEncFlags');

type Part = readonly [name: string, most: number];
const numbers = (given: string, parts: readonly Part[], after: string, base: 10 | 16 = 10): Draft | undefined => {
  const words = given.split(':');
  if (words.length !== parts.length) return undefined;
  const out: Draft = {};
  for (const [i, [name, most]] of parts.entries()) {
    const text = words[i] as string, value = base === 16 && /^[0-9a-f]+$/i.test(text) ? BigInt(`0x${text}`) : parseInteger(text);
    if (value === undefined || value < 0n || value > BigInt(most)) throw usage(`"${given}" is not a value for "${after}"`, parts.map(([one]) => one.toUpperCase()).join(':'));
    out[name] = Number(value);
  }
  return out;
};
/** One option, its mask behind a slash. */
const option = (name: string, parts: readonly Part[], base: 10 | 16, keep: (option: Draft) => Draft = (one) => one): ValueType => word(`${parts.map(([one]) => one.toUpperCase()).join(':')}[/MASK]`, (given, _context, after) => {
  const [key = '', mask] = given.split('/'), own = numbers(key, parts, after, base), of = mask === undefined ? Object.fromEntries(parts) : numbers(mask, parts, after, base);
  if (!own || !of) throw usage(`"${given}" is not a value for "${after}"`, parts.map(([one]) => one.toUpperCase()).join(':'));
  return { key: { [name]: keep(own) }, mask: { [name]: keep({ ...of, ...(own['ver'] !== undefined && { ver: own['ver'] }) }) } };
});
/** The version says which of its fields count. */
const byVersion = ({ ver, index, dir, hwid }: Draft): Draft => {
  if (ver !== 1 && ver !== 2) throw usage(`version ${String(ver)} of ERSPAN`, 'erspan_opts 1:INDEX:0:0 or 2:0:DIRECTION:HARDWARE');
  return { ver, index, dir, hwid };
};
export const erspanOption = option('erspan', [['ver', 0xff], ['index', 0xffffffff], ['dir', 0xff], ['hwid', 0xff]], 10, byVersion);
export const gtpOption = option('gtp', [['pduType', 0xff], ['qfi', 0xff]], 16);
export const vxlanOption = option('vxlan', [['gbp', 0xffffffff]], 10);
export const pfcpOption: ValueType = word('TYPE:SEID[/MASK]', (given, _context, after) => {
  const read = (text: string): Draft => {
    const [, type = '', seid = ''] = /^([0-9a-f]{1,2}):([0-9a-f]{1,16})$/i.exec(text) ?? [];
    if (type === '') throw usage(`"${given}" is not a value for "${after}"`, 'TYPE:SEID in hexadecimal');
    return { type: Number.parseInt(type, 16), seid: BigInt(`0x${seid}`) };
  };
  const [key = '', mask = 'ff:ffffffffffffffff'] = given.split('/');
  return { key: { pfcp: read(key) }, mask: { pfcp: read(mask) } };
});
/** `CLASS:TYPE:DATA[/MASK]`, with commas between. */
export const geneveMasked: ValueType = { ...geneveOptions, name: 'CLASS:TYPE:DATA[/MASK][,...]', read(words, context, after) {
  const own: Draft[] = [], masks: Draft[] = [], read = (text: string): Draft => (geneveOptions.read({ next: () => text } as never, context, after) as Draft[])[0] as Draft;
  for (const part of words.next(after).split(',')) {
    const [key = '', mask] = part.split('/'), option_ = read(key);
    own.push(option_);
    masks.push(mask === undefined ? { class: 0xffff, type: 0xff, data: new Uint8Array((option_['data'] as Uint8Array).length).fill(0xff) } : read(mask));
  }
  return { key: { geneve: own }, mask: { geneve: masks } };
} };

/** `lse depth 1 label 100 lse depth 2 bos 1`. */
export const lse: ValueType = { name: 'lse depth NUMBER [ label LABEL ] [ tc NUMBER ] [ bos { 0 | 1 } ] [ ttl TTL ] ...', read(words, context, after) {
  const all: Draft[] = [];
  while (words.take('lse')) {
    const one = readOwn({
      depth: { path: 'depth', type: integer('NUMBER', 1, 255) }, label: { path: 'label', type: integer('LABEL', 0, 0xfffff) }, tc: { path: 'tc', type: integer('NUMBER', 0, 7) },
      bos: { path: 'bos', type: integer('{ 0 | 1 }', 0, 1) }, ttl: { path: 'ttl', type: integer('TTL', 0, 255) },
    }, words, {}, context);
    if (one['depth'] === undefined) throw usage('how deep in the stack?', 'mpls lse depth 1 label 100');
    all.push(one);
  }
  if (all.length === 0) throw usage(`"${after}" needs a label`, 'mpls lse depth 1 label 100');
  return { lse: all };
} };
/** `mdl 5 op 1`. */
export const cfm: ValueType = { name: '[ mdl LEVEL ] [ op NUMBER ]', read(words, context) {
  const one = readOwn({ mdl: { path: 'mdLevel', type: integer('LEVEL', 0, 7) }, op: { path: 'opcode', type: integer('NUMBER', 0, 255) } }, words, {}, context);
  if (Object.keys(one).length === 0) throw usage('which frames?', 'cfm mdl 5 op 1');
  return one;
} };
