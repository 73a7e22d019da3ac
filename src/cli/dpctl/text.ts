/** How flows are written: words with brackets, values with masks. Each value is read and shown by one declaration. */
import { ipv4Text, ipv6Text, macText, parseIpv4, parseIpv6, parseMac } from '../../codec/index.ts';
import { usage } from '../errors.ts';
import { bytes as bytesText } from '../print/formats.ts';
import { didYouMean } from '../words.ts';

/** What a text may refer to, and how it is to be shown. */
export interface Style {
  /** A port's name, where names are wanted and it has one. */
  readonly portName: (number: number) => string | undefined;
  /** A port's number by its name. */
  readonly portNumber: (name: string) => number | undefined;
  /** With all that does not matter. */
  readonly verbose?: boolean;
}
/** What there is to match, and which of its bits count. */
export interface Pair<T = unknown> { value: T; mask: T }

// -- words and brackets -------------------------------------------------------------------------------------

const opening = '({[', closing = ')}]';
/** The parts of a text between what parts them, outside of brackets. */
export function split(text: string, apart: RegExp): string[] {
  const out: string[] = [];
  let depth = 0, from = 0;
  for (let i = 0; i <= text.length; i++) {
    const letter = text[i];
    if (letter === undefined || (depth === 0 && apart.test(letter))) {
      if (i > from) out.push(text.slice(from, i));
      from = i + 1;
    } else if (opening.includes(letter)) depth++;
    else if (closing.includes(letter) && --depth < 0) throw usage(`"${text.slice(from, i + 1)}": a bracket is closed that was not opened`);
  }
  if (depth > 0) throw usage(`"${text}": a bracket is not closed`);
  return out;
}
export const COMMA = /[,\s]/;
/** `word(inside)`; undefined for anything else. */
export function bracketed(text: string): { word: string; inside: string } | undefined {
  const [, word, inside] = /^([a-z_0-9]*)\((.*)\)$/is.exec(text) ?? [];
  return word === undefined ? undefined : { word, inside: inside as string };
}
/** An unknown word, and what it may have meant. */
export const unknown = (word: string, where: string, known: readonly string[]): Error => usage(`"${word}" is not a word of ${where}`, didYouMean(word, known));

/** `word=value`, of a few words, each once. @param read what to do with each; undefined for a word that is none */
export function assignments(inside: string, where: string, known: readonly string[], read: (word: string, value: string | undefined) => void, again = false): void {
  const seen = new Set<string>();
  for (const item of split(inside, COMMA)) {
    const call = bracketed(item), at = item.indexOf('='), word = call?.word ?? (at < 0 ? item : item.slice(0, at));
    if (!known.includes(word)) throw unknown(word, where, known);
    if (seen.has(word) && !again) throw usage(`"${word}" is given twice in ${where}`);
    seen.add(word);
    read(word, call?.inside ?? (at < 0 ? undefined : item.slice(at + 1)));
  }
}
export function given(value: string | undefined, word: string): string {
  if (value === undefined || value === '') throw usage(`"${word}" needs a value`);
  return value;
}

// -- values -------------------------------------------------------------------------------------------------

/** One value: how it is read, how it is shown. */
export interface Scalar<T = unknown> {
  read(text: string): T;
  show(value: T): string;
  /** Where masks are shown in another way. */
  showMask?(mask: T): string;
  readonly zero: T;
  /** The mask that all bits are in. */
  readonly ones: T;
  same(a: T, b: T): boolean;
}
const same = (a: unknown, b: unknown): boolean => a === b;
export const cHex = (n: number | bigint): string => (n === 0 || n === 0n ? '0' : `0x${n.toString(16)}`);

/** A number as C reads it: 10, 0xa, 012. */
export function numberOf(text: string, most: number | bigint): bigint {
  const known = /^(0x[0-9a-f]+|\d+)$/i.test(text) ? BigInt(/^0[0-7]+$/.test(text) ? `0o${text}` : text) : undefined;
  if (known === undefined) throw usage(`"${text}" is not a number`);
  if (known > BigInt(most)) throw usage(`${text} is too large`, `at most ${most <= 0xffff ? most : cHex(most)}`);
  return known;
}
/** An unsigned integer. @param most the largest; it has all bits */
const number = (most: number, show: (n: number) => string): Scalar<number> => ({ read: (text) => Number(numberOf(text, most)), show, showMask: cHex, zero: 0, ones: most, same });
export const dec = (bits: number): Scalar<number> => number(2 ** bits - 1, String);
export const hex = (bits: number): Scalar<number> => number(2 ** bits - 1, cHex);
export const padded = (bits: number): Scalar<number> => {
  const show = (n: number): string => `0x${n.toString(16).padStart(bits / 4, '0')}`;
  return { ...number(2 ** bits - 1, show), showMask: show };
};
export const hex64: Scalar<bigint> = { read: (text) => numberOf(text, 2n ** 64n - 1n), show: cHex, zero: 0n, ones: 2n ** 64n - 1n, same };

/** An address as the codec writes it. */
function address(form: string, size: number, parse: (text: string, into: Uint8Array, at: number) => boolean, show: (bytes: Uint8Array, at: number) => string): Scalar<string> {
  const all = (byte: number): string => show(new Uint8Array(size).fill(byte), 0);
  return {
    read(text) {
      const bytes = new Uint8Array(size);
      if (!parse(text, bytes, 0)) throw usage(`"${text}" is not ${form}`);
      return show(bytes, 0);
    },
    show: String, zero: all(0), ones: all(255), same,
  };
}
export const ip4 = address('an IPv4 address, or a mask like 255.255.255.0', 4, parseIpv4, ipv4Text);
export const ip6 = address('an IPv6 address, or a mask like ffff:ffff::', 16, parseIpv6, ipv6Text);
export const mac = address('a MAC address', 6, (text, into) => {
  const bytes = parseMac(text);
  if (bytes?.length !== 6) return false;
  into.set(bytes);
  return true;
}, (bytes, at) => macText(bytes, at, at + 6));

/** Values by words. */
export const words = <T extends string>(names: Readonly<Record<string, T>>, zero: T, ones: number): Scalar<T | number> => {
  const byValue = new Map(Object.entries(names).map(([word, value]) => [value as T | number, word]));
  return {
    read(text) {
      const value = Object.hasOwn(names, text) ? names[text] : /^[0-9]/.test(text) ? Number(numberOf(text, ones)) : undefined;
      if (value === undefined) throw usage(`"${text}" is not one of ${Object.keys(names).join(', ')}`);
      return value;
    },
    show: (value) => byValue.get(value) ?? cHex(value as number),
    zero, ones, same,
  };
};

const sameBytes = (a: Uint8Array, b: Uint8Array): boolean => a.length === b.length && a.every((byte, i) => byte === b[i]);
export { bytesText };
/** Hex digits, an even number of them. */
export function bytesOf(text: string): Uint8Array {
  if (!/^([0-9a-f]{2})*$/i.test(text)) throw usage(`"${text}" is not bytes in hex`, 'two digits a byte');
  return Uint8Array.from({ length: text.length / 2 }, (_, i) => Number.parseInt(text.slice(2 * i, 2 * i + 2), 16));
}
/** A number of `size` bytes, the highest first (`little`: last). */
export const wide = (size: number, little = false): Scalar<Uint8Array> => ({
  read(text) {
    const bytes = bytesOf(numberOf(text, 2n ** BigInt(8 * size) - 1n).toString(16).padStart(2 * size, '0'));
    return little ? bytes.reverse() : bytes;
  },
  show: (bytes) => cHex(BigInt(`0x0${bytesText(little ? bytes.slice().reverse() : bytes)}`)),
  zero: new Uint8Array(size), ones: new Uint8Array(size).fill(255), same: sameBytes,
});

/** `value`, or `value/mask`. */
export function readPair<T>(scalar: Scalar<T>, text: string, word: string): Pair<T> {
  const [value, mask, more] = given(text, word).split('/');
  if (more !== undefined) throw usage(`"${text}" has more than one mask`);
  try {
    return { value: scalar.read(value as string), mask: mask === undefined ? scalar.ones : scalar.read(mask) };
  } catch (error) {
    throw Object.assign(error as Error, { message: `${word}: ${(error as Error).message}` });
  }
}
/** @param mask undefined: all bits count */
export function showPair<T>(scalar: Scalar<T>, value: T, mask: T | undefined): string {
  if (mask === undefined || scalar.same(mask, scalar.ones)) return scalar.show(value);
  return `${scalar.show(value)}/${(scalar.showMask ?? scalar.show)(mask)}`;
}

// -- flags --------------------------------------------------------------------------------------------------

/** Bits by words: `+a-b`, `a|b`, `5/7`. @param all the bits that there may be */
export function readFlags(names: readonly string[], all: number, text: string, where: string): Pair<number> {
  if (/^[0-9]/.test(text)) return readPair({ ...hex(32), ones: all }, text, where);
  const bit = (word: string): number => {
    if (/^0x[0-9a-f]+$/i.test(word)) return Number(numberOf(word, all));
    const i = names.indexOf(word);
    if (i < 0) throw unknown(word, where, names);
    return 2 ** i;
  };
  if (!/^[+-]/.test(text)) return { value: text === '' ? 0 : text.split('|').reduce((sum, word) => sum | bit(word), 0), mask: all };
  const out = { value: 0, mask: 0 };
  for (const [, sign, word] of text.matchAll(/([+-])([^+-]*)/g)) {
    const one = bit(word as string);
    if (out.mask & one) throw usage(`"${word}" is given twice in ${where}`);
    out.mask |= one;
    if (sign === '+') out.value |= one;
  }
  return out;
}
export function showFlags(names: readonly string[], all: number, value: number, mask: number | undefined): string {
  const of = (bits: number, before: (bit: number) => string, between: string): string => {
    const known = names.flatMap((name, i) => (bits & 2 ** i ? [`${before(2 ** i)}${name}`] : [])), rest = (bits & ~(2 ** names.length - 1)) >>> 0;
    return [...known, ...(rest ? [cHex(rest)] : [])].join(between);
  };
  if (mask === undefined || mask === all || mask === 0xffffffff) return of(value, () => '', '|') || '0';
  // What has no name has no sign either.
  if (mask === 0 || mask > 2 ** names.length - 1) return `${cHex(value)}/${cHex(mask)}`;
  return of(mask, (bit) => (value & bit ? '+' : '-'), '');
}
