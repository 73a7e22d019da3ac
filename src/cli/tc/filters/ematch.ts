/** Expressions of extended matches: `cmp(u8 at 9 layer 1 eq 17) and not u32(u32 0x0a000000 0xff000000 at 12)` (net/sched/ematch.c). */
import { HOST_LITTLE_ENDIAN } from '../../../codec/index.ts';
import { usage } from '../../errors.ts';
import type { Draft, ValueType } from '../../grammar.ts';
import { bytes as hexadecimal } from '../../print/formats.ts';
import type { Json, Printer } from '../../print/printer.ts';
import { parseInteger } from '../../values.ts';
import { Words } from '../../words.ts';
import { metaText, readMeta } from './meta.ts';
import { keyAt, type Key } from './u32-match.ts';

const layers: Readonly<Record<string, number>> = { link: 0, network: 1, transport: 2 };
const operators: Readonly<Record<string, number>> = { eq: 0, gt: 1, lt: 2 }, aligns: Readonly<Record<string, number>> = { u8: 1, u16: 2, u32: 4 };
/** The flag that turns the bytes of a number over. */
const TRANSLATED = 1;

/** Words, parentheses and texts in quotes. */
const tokensOf = (text: string): string[] => text.match(/"[^"]*"|[()]|[^\s()"]+/g) ?? [];
const wrong = (what: string, hint = 'cmp(u16 at 2 layer transport eq 80) and not u32(u32 0x0a000000 0xff000000 at 12)'): never => { throw usage(what, hint); };

function number(words: Words, after: string, most = 0xffffffff, hexadecimal = false): number {
  const given = words.next(after), value = hexadecimal && /^[0-9a-f]+$/i.test(given) ? BigInt(`0x${given}`) : parseInteger(given);
  if (value === undefined || value < 0n || value > BigInt(most)) throw usage(`"${given}" is not a number for "${after}"`, `0 to ${most}`);
  return Number(value);
}
function layer(words: Words): number {
  const given = words.next('layer'), found = layers[given] ?? Number(parseInteger(given) ?? -1);
  if (found < 0 || found > 2) throw usage(`"${given}" is not a layer`, 'link, network, transport');
  return found;
}

type Read = (words: Words) => unknown;
/** `cmp(u16 at 2 layer 2 mask 0xff00 trans gt 17)`. */
const cmp: Read = (words) => {
  const width = words.next('cmp'), align = aligns[width];
  if (align === undefined) return wrong(`"${width}" is not the width of a number`, 'u8, u16, u32');
  const one = { val: 0, mask: 0, off: 0, how: { align, flags: 0 }, what: { layer: 0, opnd: -1 } };
  while (words.peek() !== ')') {
    const key = words.next('cmp');
    if (key === 'at') one.off = number(words, key, 0xffff);
    else if (key === 'layer') one.what.layer = layer(words);
    else if (key === 'mask') one.mask = number(words, key);
    else if (key === 'trans') one.how.flags = TRANSLATED;
    else if (key in operators) { one.what.opnd = operators[key] as number; one.val = number(words, key); } else wrong(`"${key}" is not a word of cmp`, 'at, layer, mask, trans, eq, gt, lt');
  }
  if (one.what.opnd < 0) wrong('compared how?', 'eq, gt or lt with a number');
  return one;
};
/** `u32(u16 0x1234 0xffff at nexthdr+2)`. */
const u32: Read = (words): Key => {
  const width = words.next('u32'), bits = ({ u8: 8, u16: 16, u32: 32 } as const)[width as 'u8'];
  if (bits === undefined) return wrong(`"${width}" is not the width of a number`, 'u8, u16, u32');
  const most = 2 ** bits - 1, val = number(words, width, most), mask = number(words, width, most, true);
  if (!words.take('at')) wrong('where in the packet?', 'at 12, or at nexthdr+0');
  const given = words.next('at'), next = given.startsWith('nexthdr+'), off = Number(parseInteger(next ? given.slice(8) : given) ?? NaN);
  if (Number.isNaN(off)) wrong(`"${given}" is not a place in the packet`, '12, or nexthdr+0');
  return keyAt(val, mask, bits, off, next ? -1 : 0);
};
/** `nbyte("abc" at 0 layer 2)`. */
const nbyte: Read = (words) => {
  const pattern = new TextEncoder().encode(words.next('nbyte').replace(/^"(.*)"$/, '$1'));
  let off = 0, where = 0;
  while (words.peek() !== ')') {
    const key = words.next('nbyte');
    if (key === 'at') off = number(words, key, 0xffff);
    else if (key === 'layer') where = layer(words);
    else wrong(`"${key}" is not a word of nbyte`, 'at, layer');
  }
  return { off, what: { len: pattern.length, layer: where }, pattern };
};
const kinds: Readonly<Record<string, Read>> = { cmp, u32, nbyte, meta: readMeta };

interface Ematch { matchid: number; kind: string | number; flags: string[]; data: unknown }
/** What is in parentheses comes after all others: the kernel wants a container to point ahead. */
function read(words: Words, list: Ematch[]): void {
  const later: [Ematch, Ematch[]][] = [];
  sequence(words, list, later);
  for (const [part, inner] of later) {
    part.data = new Uint8Array(Uint32Array.of(list.length).buffer);
    list.push(...inner);
  }
}
function sequence(words: Words, own: Ematch[], later: [Ematch, Ematch[]][]): void {
  for (;;) {
    const part: Ematch = { matchid: 0, kind: 'container', flags: words.take('not') ? ['invert'] : [], data: new Uint8Array(4) }, given = words.next('match');
    if (given === '(') {
      const inner: Ematch[] = [];
      own.push(part);
      later.push([part, inner]);
      sequence(words, inner, later);
      if (!words.take(')')) wrong('a parenthesis is not closed');
    } else {
      const kind = kinds[given];
      if (!kind) wrong(`"${given}" is not a match`, `nlkit has words for ${Object.keys(kinds).join(', ')}`);
      if (!words.take('(')) wrong(`"${given}" is followed by a parenthesis`);
      part.kind = given;
      part.data = kind!(words);
      if (!words.take(')')) wrong(`the parenthesis of "${given}" is not closed`);
      own.push(part);
    }
    if (words.take('and')) part.flags.push('relAnd');
    else if (words.take('or')) part.flags.push('relOr');
    else return;
  }
}

/** An expression, in one word or in several. */
export const ematch: ValueType = { name: 'EXPRESSION', read(line) {
  // It ends with the parenthesis that closes it, unless "and" or "or" follows.
  const texts: string[] = [];
  let depth = 0;
  do {
    const text = line.next('match');
    texts.push(text);
    for (const token of tokensOf(text)) depth += token === '(' ? 1 : token === ')' ? -1 : 0;
  } while (!line.done && (depth > 0 || ['and', 'or', 'not'].includes(texts.at(-1) as string) || ['and', 'or'].includes(line.peek() as string) || !texts.at(-1)!.includes(')')));
  const words = new Words(tokensOf(texts.join(' '))), list: Ematch[] = [];
  read(words, list);
  if (!words.done) wrong(`"${words.peek()}" is one word too many in the expression`);
  return { hdr: { nmatches: list.length, progid: 0 }, list } satisfies Draft;
} };

const eight = (value: number): string => value.toString(16).padStart(8, '0');
const operatorName = (opnd: number): string => Object.keys(operators).find((name) => operators[name] === opnd) ?? '?';

function dataText(kind: string, data: unknown): string {
  if (kind === 'cmp') {
    const { val, mask, off, how, what } = data as { val: number; mask: number; off: number; how: { align: number; flags: number }; what: { layer: number; opnd: number } };
    const align = Object.keys(aligns).find((name) => aligns[name] === how.align) ?? `u${how.align * 8}`;
    return `${align} at ${off} layer ${what.layer} ${mask ? `mask 0x${mask.toString(16)} ` : ''}${how.flags & TRANSLATED ? 'trans ' : ''}${operatorName(what.opnd)} ${val}`;
  }
  if (kind === 'u32') {
    const { val, mask, off, offmask } = data as Key;
    return `${eight(val)}/${eight(mask)} at ${offmask ? 'nexthdr+' : ''}${off}`;
  }
  if (kind === 'nbyte') {
    const { off, what, pattern: padded } = data as { off: number; what: { len: number; layer: number }; pattern: Uint8Array }, pattern = padded.subarray(0, what.len);
    return `${[...pattern].map((byte) => `${byte.toString(16).padStart(2, '0')} `).join('')}"${[...pattern].map((byte) => (byte >= 0x20 && byte < 0x7f ? String.fromCharCode(byte) : '.')).join('')}" at ${off} layer ${what.layer}`;
  }
  const meta = kind === 'meta' ? metaText(data) : undefined;
  if (meta !== undefined) return meta;
  return data instanceof Uint8Array ? hexadecimal(data) : JSON.stringify(data, (_key, value: unknown) => (value instanceof Uint8Array ? [...value] : value));
}
/** Text in lines; the sequence that begins at `start`. */
function textOf(list: readonly Ematch[], start: number, indent: string): string {
  let text = '';
  for (let i = start; i < list.length; i++) {
    const { kind, flags, data } = list[i] as Ematch, before = i === start ? '' : (list[i - 1] as Ematch).flags.includes('relAnd') ? 'AND ' : 'OR ';
    text += `${indent}${before}${flags.includes('invert') ? 'NOT ' : ''}`;
    if (kind === 'container') {
      const bytes = data as Uint8Array, reference = new DataView(bytes.buffer, bytes.byteOffset, 4);
      text += `(\n${textOf(list, reference.getUint32(0, HOST_LITTLE_ENDIAN), `${indent}  `)}${indent}) `;
    } else text += `${String(kind)}(${dataText(String(kind), data)})\n`;
    if (!flags.includes('relAnd') && !flags.includes('relOr')) break;
    if (kind === 'container') text += '\n';
  }
  return text;
}

export function printEmatches(printer: Printer, given: unknown): void {
  if (given === undefined) return;
  const list = ((given as Json)['list'] ?? []) as Ematch[];
  if (list.length === 0) return;
  const text = textOf(list, 0, '  ');
  printer.text(`\n${text}`);
  // In JSON, where tc writes text between the keys, it is one text.
  printer.value('ematches', null, text.trim().replace(/\s+/g, ' '));
}
