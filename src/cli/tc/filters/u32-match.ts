/** What `match` of a filter of kind u32 may say: fields of headers as four bytes somewhere in a packet. */
import { parseIpv6 } from '../../../codec/index.ts';
import type { Context } from '../../context.ts';
import { usage } from '../../errors.ts';
import type { Draft } from '../../grammar.ts';
import { mac, parseInteger, parsePrefix } from '../../values.ts';
import { didYouMean, type Words } from '../../words.ts';

export interface Key { val: number; mask: number; off: number; offmask: number }
export interface Match { readonly keys?: Key[]; readonly mark?: Draft }

/** A number of so many bits; masks are hexadecimal without 0x, too. */
function number(words: Words, after: string, bits: 8 | 16 | 32, base: 10 | 16 = 10): number {
  const given = words.next(after), value = base === 16 && /^(0x)?[0-9a-f]+$/i.test(given) ? BigInt(`0x${given.replace(/^0x/i, '')}`) : parseInteger(given);
  if (value === undefined || value < 0n || value >= 1n << BigInt(bits)) throw usage(`"${given}" is not a number of ${bits} bits for "${after}"`);
  return Number(value);
}
/** `at OFFSET`, or `at nexthdr+OFFSET`: from where the next header begins. Default: the first bytes. */
function place(words: Words): { off: number; offmask: number } {
  if (!words.take('at')) return { off: 0, offmask: 0 };
  const given = words.next('at'), next = given.startsWith('nexthdr+'), off = parseInteger(next ? given.slice('nexthdr+'.length) : given);
  if (off === undefined || off < -0x8000n || off > 0x7fffn) throw usage(`"${given}" is not a place in the packet`, 'bytes: 16, -14, nexthdr+0');
  return { off: Number(off), offmask: next ? -1 : 0 };
}
/** So many bits at a place become four bytes at a multiple of four. */
export function keyAt(val: number, mask: number, bits: 8 | 16 | 32, off: number, offmask: number): Key {
  const shift = 32 - bits - 8 * (off & 3);
  if (shift < 0) throw usage(`${bits} bits at ${off} go over a border of four bytes`, `a multiple of ${bits / 8}`);
  return { val: (val << shift) >>> 0, mask: (mask << shift) >>> 0, off: off & ~3, offmask };
}

type Read = (words: Words, context: Context, name: string) => Key[];
/** `VALUE MASK`, at a known place. */
const field = (bits: 8 | 16 | 32, off: number, next = false): Read => (words, _context, name) => {
  const value = number(words, name, bits), mask = number(words, name, bits, 16);
  return [keyAt(value, mask, bits, off, next ? -1 : 0)];
};
/** Bits that say it all. */
const fixed = (val: number, mask: number, off: number): Read => () => [keyAt(val, mask, 16, off, 0)];
const ip4 = (off: number): Read => (words, _context, name) => {
  const { address, length } = parsePrefix(words.next(name), name, 'inet');
  const value = address.split('.').reduce((sum, byte) => sum * 256 + Number(byte), 0), mask = length === 0 ? 0 : (-1 << (32 - length)) >>> 0;
  return [{ val: value, mask, off, offmask: 0 }];
};
const ip6 = (off: number): Read => (words, _context, name) => {
  const { address, length } = parsePrefix(words.next(name), name, 'inet6'), bytes = new Uint8Array(16), view = new DataView(bytes.buffer);
  parseIpv6(address, bytes, 0);
  return Array.from({ length: Math.ceil(length / 32) }, (_, i) => {
    const rest = Math.min(32, length - 32 * i);
    return { val: view.getUint32(4 * i), mask: (-1 << (32 - rest)) >>> 0, off: off + 4 * i, offmask: 0 };
  });
};
/** An address of Ethernet, before the packet's own header. */
const ether = (off: number): Read => (words, context, name) => {
  const bytes = (mac.read(words, context, name) as string).split(':').map((byte) => Number.parseInt(byte, 16));
  return [0, 2, 4].map((i) => keyAt((bytes[i]! << 8) | bytes[i + 1]!, 0xffff, 16, off + i, 0));
};
const raw = (bits: 8 | 16 | 32): Read => (words) => {
  const name = `u${bits}`, val = number(words, name, bits, bits === 32 ? 16 : 10), mask = number(words, name, bits, 16), { off, offmask } = place(words);
  return [keyAt(val, mask, bits, off, offmask)];
};

const ports = { src: field(16, 0, true), dst: field(16, 2, true) };
const matches: Readonly<Record<string, Readonly<Record<string, Read>>>> = {
  ip: {
    src: ip4(12), dst: ip4(16), 'tos|dsfield|precedence': field(8, 1), ihl: field(8, 0), protocol: field(8, 9), nofrag: fixed(0, 0x3fff, 6), firstfrag: fixed(0x2000, 0x3fff, 6),
    df: fixed(0x4000, 0x4000, 6), mf: fixed(0x2000, 0x2000, 6), dport: field(16, 22), sport: field(16, 20), icmp_type: field(8, 20), icmp_code: field(8, 21),
  },
  ip6: { src: ip6(8), dst: ip6(24), protocol: field(8, 6), dport: field(16, 42), sport: field(16, 40), icmp_type: field(8, 40), icmp_code: field(8, 41) },
  tcp: ports,
  udp: ports,
  icmp: { type: field(8, 0, true), code: field(8, 1, true) },
  ether: { src: ether(-8), dst: ether(-14) },
};
const raws: Readonly<Record<string, Read>> = { u8: raw(8), u16: raw(16), u32: raw(32) };

export function readMatch(words: Words, context: Context): Match {
  const given = words.next('match'), plain = raws[given], header = matches[given];
  if (plain) return { keys: plain(words, context, given) };
  if (given === 'mark') return { mark: { val: number(words, given, 32), mask: number(words, given, 32, 16), success: 0 } };
  if (!header) throw usage(`"${given}" cannot be matched`, didYouMean(given, [...Object.keys(matches), ...Object.keys(raws), 'mark']));
  const name = words.next(given), found = Object.entries(header).find(([names]) => names.split('|').includes(name));
  if (!found) throw usage(`"${name}" is not a field of "${given}"`, didYouMean(name, Object.keys(header)));
  const keys = found[1](words, context, name);
  // A field may be looked for elsewhere.
  if (words.peek() !== 'at') return { keys };
  const { off, offmask } = place(words), first = keys[0]?.off ?? 0;
  return { keys: keys.map((key) => ({ ...key, off: off + key.off - first, offmask })) };
}
