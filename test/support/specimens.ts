/** One schema for every word of the schema language, and for the ways in which words meet: what the real schemas happen not to use is tested here. */
import {
  array, attrs, be16, be32, be64, binary, bitfield32, bitmap, bitmapOf, bits, blob, chars, enumeration, flag, flags, indexed, ip, ipv4, ipv6, keyed, late, list,
  mac, macAddress, groups, message, multi, packed, pad, records, s16, s32, s64, s8, sbe32, select, sequence, sint, string, stringBare, struct, tail, u16, u32, u64, u8, uint, union, variant, type AnyCodec,
} from '../../src/codec/index.ts';

const color = enumeration(u8, { red: 0, green: 7, blue: 255, alsoGreen: 7 });
const wideEnum = enumeration(u32, { low: 1, high: 0xffffffff });
const mood = flags(u32, { calm: 1, both: 6, loud: 0x80000000 });
const small = flags(u8, { a: 1, b: 0x80 });

const Integers = struct('integers', { a: u8, b: u16, c: u32, d: s8, e: s16, f: s32, g: be16, h: be32, i: u64, j: s64, k: be64 });
const Inner = struct('inner', { x: u8, y: be32, _pad: u16, name: chars(6) });
const Everything = struct('everything', {
  first: u8, inner: Inner, list: array(u16, 3), many: array(Inner, 2), color, mood, raw: blob(5), four: ipv4, six: ipv6, hw: macAddress, bits: bits(u8, { low: 4, high: 3, top: 1 }),
  wide: bits(u32, { all: 32 }), window: bits(u16, { a: 5, b: 11 }), map: bitmapOf(3), last: u64,
});
const Packed = packed('packed', { a: u8, b: u32, c: u16 });
const Union = struct('with_union', { body: union('kind', { number: be32, text: chars(8), pair: struct('pair', { a: u16, b: u16 }) }, blob(8)), kind: enumeration(u8, { number: 1, text: 2, pair: 3 }) });
const FarUnion = struct('with_far_union', { address: union('to.family', { inet: ipv4 }, ipv6), to: struct('to', { family: enumeration(u8, { inet: 2, inet6: 10 }), n: u16 }) });

class Scalars extends attrs('SC_', {
  a: [1, u8], b: [2, u16], c: [3, u32], d: [4, u64], e: [5, s8], f: [6, s16], g: [7, s32], h: [8, s64], i: [9, be16], j: [10, be32], k: [11, be64],
  uint: [12, uint], sint: [13, sint], text: [14, string], bare: [15, stringBare], bytes: [16, binary], on: [17, flag], fill: [18, pad], ip: [19, ip], four: [20, ipv4], six: [21, ipv6],
  hw: [22, mac], hw6: [23, macAddress], color: [24, color], wideEnum: [25, wideEnum], mood: [26, mood], small: [27, small], bits: [28, bits(u32, { a: 1, b: 20, c: 11 })], map: [29, bitmap],
  field: [30, bitfield32({ x: 1, y: 2 })], name: [31, chars(16)], blob: [32, blob(3)], fixedMap: [33, bitmapOf(5)], back: [34, sbe32],
}) {}
class Composites extends attrs('CO_', {
  struct: [1, Everything], packed: [2, Packed], list: [3, list(be32)], structs: [4, list(Inner)], set: [5, Scalars], many: [6, multi(Scalars)], numbers: [7, multi(u16)],
  indexed: [8, indexed(Scalars)], indexedZero: [9, indexed(u32, 0)], keyed: [10, keyed(Scalars)], keyedText: [11, keyed(string)], array: [12, array(u16, 4)], union: [13, Union],
  hops: [14, records(struct('hop', { len: u16, weight: u8, index: u32 }), 'len', Scalars)], tail: [15, tail(struct('counted', { count: u8, kind: u8 }), 'items', list(u16))],
  nested: [16, indexed(indexed(u8))], texts: [17, multi(string)], addresses: [18, multi(ip)], groups: [19, groups(Scalars)], every: [20, attrs('EV_', { items: [1, multi(Scalars)] }, 'items')], farUnion: [21, FarUnion], sequence: [22, sequence(Scalars)],
}) {}

const kinds = attrs('KI_', { kind: [1, string], data: [2, select('kind', { scalars: Scalars, number: u32, text: string, nothing: flag })], other: [3, binary] });
const numbered = attrs('NU_', { which: [2, color], data: [1, select('which', { red: u8, green: Scalars, 9: string }, u32)] });
class Outer extends attrs('OU_', { deep: [1, attrs('DE_', { data: [1, select('family', { inet: ipv4, inet6: ipv6 })], list: [2, multi(select('family', { inet: u8, inet6: u16 }))], union: [3, union('family', { inet: ipv4 }, ipv6)] })], again: [2, kinds] }) {}
const Header = struct('header', { family: enumeration(u8, { inet: 2, inet6: 10 }), _pad: u8, flags: small, odd: u16, tail: u8 });
class Message extends message('specimen', Header, Outer) {}
class Plain extends message('plain', struct('short', { start: u8 }), Scalars) {}
const other = message('other', struct('long', { family: enumeration(u8, { inet: 2, inet6: 10 }), _pad: blob(3), more: u64 }), Scalars);
const either = variant(struct('probe', { family: enumeration(u8, { inet: 2, inet6: 10 }) }), 'family', { inet: Message, inet6: other });

interface Recursive { again?: Recursive; both?: Recursive[]; n?: number }
const recursive = attrs('RE_', { n: [1, u32], again: [2, late((): AnyCodec => recursive)], both: [3, indexed(late((): AnyCodec => recursive))], ordered: [4, sequence(late((): AnyCodec => recursive))] }) as AnyCodec;

export const specimens: Readonly<Record<string, AnyCodec>> = { Integers, Everything, Packed, Union, Scalars, Composites, kinds, numbered, Outer, Message, Plain, either, recursive };
export type { Recursive };
