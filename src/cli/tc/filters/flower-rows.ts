/** Fields of headers with masks, as filters of kind flower take them. */
import { macText } from '../../../codec/index.ts';
import { usage } from '../../errors.ts';
import { act, type Row } from '../../grammar.ts';
import { mac, parseInteger, parsePrefix, word } from '../../values.ts';
import { maskOf } from '../actions/nat.ts';
import { masked } from '../filter-values.ts';

const ETHERNET_BITS = 48;
const macMask = (length: number): string => macText(Uint8Array.from({ length: 6 }, (_, i) => (0xff00 >> Math.max(0, Math.min(8, length - 8 * i))) & 0xff), 0, 6);

/** `LLADDR`, `LLADDR/LENGTH`, `LLADDR/MASK`. */
export const etherRow = (key: string): Row => act((draft, value) => {
  const { address, mask } = value as { address: string; mask: string };
  draft[key] = address;
  draft[`${key}Mask`] = mask;
}, word('LLADDR[/MASK]', (given, context, after) => {
  const [address = '', mask] = given.split('/'), read = (text: string): string => mac.read({ next: () => text } as never, context, after) as string;
  if (mask === undefined) return { address: read(address), mask: macMask(ETHERNET_BITS) };
  const length = parseInteger(mask);
  if (length !== undefined && (length < 0n || length > BigInt(ETHERNET_BITS))) throw usage(`"/${mask}" is not a mask for "${after}"`, '0 to 48, or six bytes');
  return { address: read(address), mask: length === undefined ? read(mask) : macMask(Number(length)) };
}));

const maskV6 = (length: number): string => Array.from({ length: 8 }, (_, i) => ((0xffff0000 >> Math.max(0, Math.min(16, length - 16 * i))) & 0xffff).toString(16)).join(':');
/** An address with a length; IPv6's only where it has a key. */
export const addressRow = (v4: string, v6?: string): Row => act((draft, value) => {
  const { family, address, length } = value as { family: 'inet' | 'inet6'; address: string; length: number };
  const key = family === 'inet' ? v4 : v6 as string;
  draft[key] = address;
  draft[`${key}Mask`] = family === 'inet' ? maskOf(length) : maskV6(length);
}, word('PREFIX', (given, _context, after) => parsePrefix(given, after, v6 === undefined ? 'inet' : undefined)));

/** A byte, with a mask. */
export const byteRow = (key: string, base: 10 | 16): Row => act((draft, value) => {
  const { value: own, mask = 0xff } = value as { value: number; mask?: number };
  draft[key] = own;
  draft[`${key}Mask`] = mask;
}, masked('NUMBER', 0xffn, base));
/** A number, with a mask of all its bits where none is given. */
export const numberRow = (key: string, most: number): Row => act((draft, value) => {
  const { value: own, mask = most } = value as { value: number; mask?: number };
  draft[key] = own;
  draft[`${key}Mask`] = mask;
}, masked('NUMBER', BigInt(most)));

/** `80`, `80/0xff`, `1000-2000`: which attribute it is, the protocol says. */
export const portRow = (side: 'Src' | 'Dst'): Row => act((draft, value) => {
  ((draft['ports'] ??= {}) as Record<string, unknown>)[side] = value;
}, word('PORT[/MASK] | PORT-PORT', (given, context, after) => {
  const [first = '', last] = given.split('-');
  if (last === undefined) return masked('PORT', 0xffffn).read({ next: () => given } as never, context, after);
  const ends = [first, last].map((port) => Number(parseInteger(port) ?? -1)), [from = -1, until = -1] = ends;
  if (from < 0 || until > 0xffff || until <= from) throw usage(`"${given}" are no ports for "${after}"`, '80, 80/0xff, or 8000-8010');
  return { value: from, last: until };
}));
