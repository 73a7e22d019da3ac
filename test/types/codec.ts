/** Passes by compiling: what the words of the schema language infer, and what they refuse. */
import {
  array, attrs, be16, bitfield32, bits, binary, chars, decode, encode, enumeration, flag, flags, genericFamily, indexed, keyed, list, mac, message, multi, other, pad, protocol, records, select, string, struct, tail, u16, u32, u64, u8, uint, union,
  type Extra, type Other, type Value,
} from '../../src/codec/index.ts';

type Same<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false;
const holds = <T extends true>(): T | undefined => undefined;

// Single values.
holds<Same<Value<typeof u32>, number>>();
holds<Same<Value<typeof u64>, bigint>>();
holds<Same<Value<typeof uint>, number | bigint>>();
holds<Same<Value<typeof flag>, true>>();
const mode = enumeration(u8, { bridge: 4, vepa: 2 }), state = flags(u16, { up: 1, down: 2 });
holds<Same<Value<typeof mode>, 'bridge' | 'vepa' | number>>();
holds<Same<Value<typeof state>, readonly ('up' | 'down' | number)[]>>();
const scales = bits(u8, { snd: 4, rcv: 4 });
holds<Same<Value<typeof scales>, Record<'snd' | 'rcv', number>>>();

// Structs: padding has no key.
class Head extends struct('head', { family: u8, _pad: u8, type: u16, label: chars(16), ports: array(be16, 2) }) {}
holds<Same<keyof Head, 'family' | 'type' | 'label' | 'ports'>>();
holds<Same<Head['ports'], number[]>>();
// A class stands for itself.
holds<Same<Value<typeof Head>, Head>>();
const switches = bitfield32({ a: 1, b: 2 });
holds<Same<Value<typeof switches>['value'], readonly ('a' | 'b' | number)[]>>();

// Sets: each attribute is optional, an alignment attribute has no key, collections have their elements.
class Inner extends attrs('INNER_', { mode: [1, mode] }) {}
class Set_ extends attrs('SET_', { name: [1, string], pad: [2, pad], each: [3, multi(Inner)], numbered: [4, indexed(u32)], byId: [5, keyed(Inner)], all: [6, list(be16)], address: [7, mac] }) {}
holds<Same<keyof Set_, 'name' | 'each' | 'numbered' | 'byId' | 'all' | 'address' | keyof Extra>>();
holds<Same<Set_['each'], Inner[] | undefined>>();
holds<Same<Set_['byId'], Record<number, Inner> | undefined>>();
holds<Same<Set_['all'], number[] | undefined>>();

// A selector says what it selects, unknown ones too.
const info = attrs('INFO_', { kind: [1, string], data: [2, select('kind', { one: Inner, two: Set_ })], note: [3, u32] });
export function narrows(value: Value<typeof info>): unknown {
  if (value.kind === 'one') { holds<Same<typeof value.data, Inner | undefined>>(); return value.data?.mode; }
  if (value.kind === 'two') return value.data?.name;
  if (value.kind !== undefined) { holds<Same<typeof value.kind, Other>>(); holds<Same<typeof value.data, Uint8Array | undefined>>(); }
  return value.note;
}
encode(info, { kind: 'one', data: { mode: 'vepa' } });
encode(info, { kind: other('three'), data: Uint8Array.of(1) });
// @ts-expect-error: data of another kind
encode(info, { kind: 'one', data: { name: 'x' } });
// @ts-expect-error: bytes, where the kind has a schema
encode(info, { kind: 'one', data: Uint8Array.of(1) });
// @ts-expect-error: a typo in a key
encode(info, { nte: 1 });
// @ts-expect-error: a typo in an enumerated value
encode(Inner, { mode: 'brigde' });
// @ts-expect-error: a number, where the schema has 64 bits
encode(attrs('A_', { a: [1, u64] }), { a: 1 });

// Messages: header fields are there when read, and may be left out when written.
class Msg extends message('msg', Head, Set_) {}
holds<Same<Msg['family'], number>>();
const read = decode(Msg, new Uint8Array(24));
holds<Same<typeof read, Msg>>();
encode(Msg, { name: 'x' });
encode(Msg, { family: 2 });
// @ts-expect-error: a typo in a header field
encode(Msg, { famly: 2 });
// @ts-expect-error: an attribute of that name would shadow a header field
message('clash', struct('h', { name: u8 }), attrs('C_', { name: [1, string] }));
// @ts-expect-error: an attribute is [number, codec]
attrs('BAD_', { name: string });

// Structs with more behind them.
const hops = records(struct('hop', { len: u16, weight: u8 }), 'len', Set_);
holds<Same<Value<typeof hops>[number]['weight'], number>>();
// @ts-expect-error: no member of that name holds the length
records(struct('hop', { len: u16 }), 'length', Set_);
const via = tail(struct('via', { family: u16 }), 'addr', binary);
holds<Same<Value<typeof via>['addr'], Uint8Array>>();
const either = struct('either', { tag: u8, value: union('tag', { 1: u8 }, binary) });
holds<Same<Value<typeof either>['value'], number | Uint8Array>>();

// Protocols keep each message's schema.
const demo = protocol('demo', 30, { prefix: 'DEMO_', messages: { newmsg: [16, Msg], getmsg: [18, Msg, undefined, Set_] }, groups: { all: [1, 'DEMO_GRP_ALL'] } });
holds<Same<Value<typeof demo.messages.newmsg.schema>, Msg>>();
holds<Same<Value<typeof demo.messages.getmsg.request>, Set_>>();
// @ts-expect-error: no such message
void demo.messages.delmsg;

// Families of generic netlink: commands by key, each with its own attributes; a body may leave the header out.
class Asked extends attrs('TOY_A_', { id: [1, u32] }) {}
class Told extends attrs('TOY_A_', { name: [1, string] }) {}
const toy = genericFamily('toy', 1, { prefix: 'TOY_', commands: { get: [1, Told, undefined, Asked], set: [2, Told] }, groups: { news: 'toy_news' } }).at(0x20);
holds<Same<keyof typeof toy.messages, 'get' | 'set'>>();
holds<Same<keyof typeof toy.groups, 'news'>>();
holds<Same<Value<typeof toy.messages.get.schema>['name'], string | undefined>>();
holds<Same<Value<typeof toy.messages.get.schema>['cmd'], 'get' | 'set' | number>>();
holds<Same<Value<typeof toy.messages.get.request>['id'], number | undefined>>();
// @ts-expect-error a request is something else
export const notAsked = (value: Value<typeof toy.messages.get.request>): unknown => value.name;
// @ts-expect-error no such command
export const notThere = toy.messages.put;
