/** Every schema word: bytes, value, what is refused. Bytes are written out by hand, from the C headers' rules. */
import { describe, expect, test } from 'vitest';
import {
  array, attrs, be16, be32, be64, binary, bitfield32, bitmap, bitmapOf, bits, blob, chars, decode, DecodeError, encode, EncodeError, enumeration, flag, flags, indexed, ip, ipv4, ipv6, keyed, late,
  list, mac, macAddress, groups, message, multi, packed, pad, records, spans, s16, s32, s64, s8, select, sequence, sint, string, stringBare, struct, tail, u16, u32, u64, u8, uint, union, variant, type AnyCodec,
} from '../src/codec/index.ts';
import { route } from '../src/families/route/index.ts';
import { arbitrary } from '../src/testing/index.ts';

const bytes = (hex: string): Uint8Array => Uint8Array.from(hex.replace(/\s/g, '').match(/../g) ?? [], (pair) => Number.parseInt(pair, 16));
const hex = (b: Uint8Array): string => Array.from(b, (x) => x.toString(16).padStart(2, '0')).join('');
const squeeze = (text: string): string => text.replace(/\s/g, '');

const color = enumeration(u8, { red: 0, green: 7, grass: 7 });
const mood = flags(u32, { calm: 1, both: 6, loud: 0x80000000 });
const Mixed = struct('mixed', { a: u8, b: u32, c: u16, _pad: u8, d: u64 });
const Kinds = attrs('K_', { kind: [1, string], data: [2, select('kind', { number: be32, set: attrs('S_', { n: [1, u8] }) })] });
const Number_ = union('kind', { short: u16, long: u32 }, blob(4));
const Recursive = attrs('R_', { n: [1, u8], again: [2, late((): AnyCodec => Recursive)] }) as AnyCodec;
const Header = struct('header', { family: enumeration(u8, { inet: 2, inet6: 10 }), prefix: u8 });

describe('bytes and values', () => {
  test.each<[word: string, schema: AnyCodec, little: string, big: string, value: unknown]>([
    ['u8', u8, 'ff', 'ff', 255],
    ['u16', u16, '0201', '0102', 258],
    ['u32', u32, 'ffffffff', 'ffffffff', 4294967295],
    ['u64', u64, '0807060504030201', '0102030405060708', 0x0102030405060708n],
    ['s8', s8, 'ff', 'ff', -1],
    ['s16', s16, 'feff', 'fffe', -2],
    ['s32', s32, '00000080', '80000000', -2147483648],
    ['s64', s64, 'ffffffffffffffff', 'ffffffffffffffff', -1n],
    ['be16', be16, '0102', '0102', 258],
    ['be32', be32, '01020304', '01020304', 0x01020304],
    ['be64', be64, '0102030405060708', '0102030405060708', 0x0102030405060708n],
    ['uint, 4 bytes', uint, '05000000', '00000005', 5],
    ['uint, 8 bytes', uint, '0500000000000000', '0000000000000005', 5n],
    ['sint, 4 bytes', sint, 'fbffffff', 'fffffffb', -5],
    ['sint, 8 bytes', sint, 'fbffffffffffffff', 'fffffffffffffffb', -5n],
    ['string', string, '657468 00', '657468 00', 'eth'],
    ['string, UTF-8', string, 'c3a9e282acf09f9880 00', 'c3a9e282acf09f9880 00', 'é€😀'],
    ['string, byte order mark', string, 'efbbbf61 00', 'efbbbf61 00', '\ufeffa'],
    ['string, empty', string, '00', '00', ''],
    ['string without NUL', stringBare, '657468', '657468', 'eth'],
    ['char[8]', chars(8), '6574680000000000', '6574680000000000', 'eth'],
    ['char[3], full', chars(3), '657468', '657468', 'eth'],
    ['binary', binary, '0100ff', '0100ff', Uint8Array.of(1, 0, 255)],
    ['blob', blob(2), '0100', '0100', Uint8Array.of(1, 0)],
    ['flag', flag, '', '', true],
    ['ip, 4 bytes', ip, 'c0000201', 'c0000201', '192.0.2.1'],
    ['ip, 16 bytes', ip, '20010db8000000000000000000000001', '20010db8000000000000000000000001', '2001:db8::1'],
    ['ipv4', ipv4, '00000000', '00000000', '0.0.0.0'],
    ['ipv6', ipv6, '00'.repeat(16), '00'.repeat(16), '::'],
    ['mac, Ethernet', mac, '0200000000ff', '0200000000ff', '02:00:00:00:00:ff'],
    ['mac, InfiniBand', mac, '80'.repeat(20), '80'.repeat(20), Array(20).fill('80').join(':')],
    ['mac, none', mac, '', '', ''],
    ['mac in a struct', macAddress, 'ffffffffffff', 'ffffffffffff', 'ff:ff:ff:ff:ff:ff'],
    ['enumeration', color, '07', '07', 'green'],
    ['enumeration, a stranger', color, '09', '09', 9],
    ['flags', mood, '07000080', '80000007', ['calm', 'both', 'loud']],
    ['flags, strangers', mood, '0a000000', '0000000a', [10]],
    ['flags, half of a name', mood, '03000000', '00000003', ['calm', 2]],
    ['flags, none', mood, '00000000', '00000000', []],
    ['bit-fields', bits(u8, { low: 4, high: 3, top: 1 }), 'a5', '55', { low: 5, high: 2, top: 1 }],
    ['bit-fields of 32 bits', bits(u32, { all: 32 }), 'ffffffff', 'ffffffff', { all: 4294967295 }],
    ['bitfield32', bitfield32({ x: 1, y: 2 }), '0100000003000000', '0000000100000003', { value: ['x'], selector: ['x', 'y'] }],
    ['bitmap', bitmap, '0180000002000000', '0180000002000000', [0, 15, 33]],
    ['bitmap, empty', bitmap, '', '', []],
    ['bitmap of a size', bitmapOf(3), '000001', '000001', [16]],
    ['struct: alignment and padding', Mixed, '01 000000 02000000 0300 00 0000000000 0400000000000000', '01 000000 00000002 0003 00 0000000000 0000000000000004', { a: 1, b: 2, c: 3, d: 4n }],
    ['packed', packed('p', { a: u8, b: u32, c: u16 }), '01 02000000 0300', '01 00000002 0003', { a: 1, b: 2, c: 3 }],
    ['array', array(u16, 3), '0100 0200 0300', '0001 0002 0003', [1, 2, 3]],
    ['list', list(be16), '0001 0002', '0001 0002', [1, 2]],
    ['union, shorter case', struct('u', { kind: enumeration(u8, { short: 1, long: 2 }), value: Number_ }), '01 000000 02000000', '01 000000 00020000', { kind: 'short', value: 2 }],
    ['union, selector behind', struct('u', { value: Number_, kind: enumeration(u8, { short: 1, long: 2 }) }), '02000000 02 000000', '00000002 02 000000', { value: 2, kind: 'long' }],
    ['tail', tail(struct('counted', { count: u8, kind: u8 }), 'items', list(u16)), '02 01 0500 0600', '02 01 0005 0006', { count: 2, kind: 1, items: [5, 6] }],
    ['attrs', attrs('A_', { n: [1, u8], s: [2, string] }), '0500 0100 07 000000 0600 0200 6100 0000', '0005 0001 07 000000 0006 0002 6100 0000', { n: 7, s: 'a' }],
    ['attrs: strangers keep their flag bits', attrs('A_', { n: [1, u8] }), '0600 6380 0102 0000', '0006 8063 0102 0000', { $unknown: [{ type: 0x8063, data: Uint8Array.of(1, 2) }] }],
    ['nest: NLA_F_NESTED is set', attrs('A_', { in: [3, attrs('B_', { n: [1, u8] })] }), '0c00 0380 0500 0100 07 000000', '000c 8003 0005 0001 07 000000', { in: { n: 7 } }],
    ['multi', attrs('A_', { n: [1, multi(u8)] }), '0500 0100 07 000000 0500 0100 08 000000', '0005 0001 07 000000 0005 0001 08 000000', { n: [7, 8] }],
    ['groups', attrs('A_', { g: [1, groups(attrs('B_', { n: [1, u8], m: [2, u8] }))] }), '0c00 0180 0500 0100 07 000000 0c00 0180 0500 0200 08 000000', '000c 8001 0005 0001 07 000000 000c 8001 0005 0002 08 000000', { g: [{ n: 7 }, { m: 8 }] }],
    ['indexed', attrs('A_', { n: [2, indexed(u8)] }), '1400 0280 0500 0100 07 000000 0500 0200 08 000000', '0014 8002 0005 0001 07 000000 0005 0002 08 000000', { n: [7, 8] }],
    ['indexed from 0', indexed(u8, 0), '0500 0000 07 000000', '0005 0000 07 000000', [7]],
    ['sequence', attrs('A_', { n: [1, sequence(attrs('B_', { n: [1, u8], m: [2, u8] }))] }), '1c00 0180 0500 0200 07 000000 0500 0100 08 000000 0500 0200 09 000000', '001c 8001 0005 0002 07 000000 0005 0001 08 000000 0005 0002 09 000000', { n: [{ m: 7 }, { n: 8 }, { m: 9 }] }],
    ['keyed', keyed(u8), '0500 0900 07 000000', '0005 0009 07 000000', { 9: 7 }],
    ['select', Kinds, '0b00 0100 6e756d62657200 00 0800 0200 00000005', '000b 0001 6e756d62657200 00 0008 0002 00000005', { kind: 'number', data: 5 }],
    ['select, a nest', Kinds, '0800 0100 73657400 0c00 0280 0500 0100 01 000000', '0008 0001 73657400 000c 8002 0005 0001 01 000000', { kind: 'set', data: { n: 1 } }],
    ['select, a stranger', Kinds, '0600 0100 7a00 0000 0500 0200 01 000000', '0006 0001 7a00 0000 0005 0002 01 000000', { kind: 'z', data: Uint8Array.of(1) }],
    ['late', Recursive, '1000 0280 0c00 0280 0500 0100 01 000000', '0010 8002 000c 8002 0005 0001 01 000000', { again: { again: { n: 1 } } }],
    ['records', records(struct('hop', { len: u16, weight: u8, _pad: u8 }), 'len', attrs('A_', { n: [1, u8] })), '0c00 05 00 0500 0100 07 000000 0400 06 00', '000c 05 00 0005 0001 07 000000 0004 06 00', [{ weight: 5, n: 7 }, { weight: 6 }]],
    ['message: header, padding, attributes', message('m', Header, attrs('A_', { n: [1, u8] })), '02 18 0000 0500 0100 07 000000', '02 18 0000 0005 0001 07 000000', { family: 'inet', prefix: 24, n: 7 }],
    ['select by the header of the message', message('m', Header, attrs('A_', { in: [1, attrs('B_', { a: [1, select('family', { inet: ipv4, inet6: ipv6 })] })] })), '02 18 0000 0c00 0180 0800 0100 c0000201', '02 18 0000 000c 8001 0008 0001 c0000201', { family: 'inet', prefix: 24, in: { a: '192.0.2.1' } }],
    ['variant', variant(Header, 'family', { inet: struct('four', { family: Header.fields.family, prefix: u8, n: u16 }) }), '02 18 0500', '02 18 0005', { family: 'inet', prefix: 24, n: 5 }],
    ['variant, a stranger', variant(Header, 'family', {}), '02 18 07', '02 18 07', Uint8Array.of(2, 24, 7)],
  ])('%s', (_, schema, little, big, value) => {
    for (const [text, littleEndian] of [[little, true], [big, false]] as const) {
      expect(hex(encode(schema, value as never, { littleEndian }))).toBe(squeeze(text));
      expect(decode(schema, bytes(text), { littleEndian })).toEqual(value);
      expect(hex(encode(schema, decode(schema, bytes(text), { littleEndian, exact: true }), { littleEndian }))).toBe(squeeze(text));
    }
  });
});

describe('what decoding forgives', () => {
  test.each<[what: string, schema: AnyCodec, hex: string, value: unknown]>([
    ['a string without its NUL', string, '657468', 'eth'],
    ['a string with several', string, '65746800 00', 'eth'],
    ['a string with bytes behind the NUL', string, '61 00 62', 'a'],
    ['an integer that is too long', u8, '07000000', 7],
    ['a flag with a payload', flag, '00', true],
    ['an older, shorter struct', Mixed, '01 000000 02000000', { a: 1, b: 2 }],
    ['a newer, longer struct', struct('s', { a: u8 }), '01 02', { a: 1 }],
    ['a shorter header', message('m', Header, attrs('A_', {})), '02', { family: 'inet' }],
    ['an alignment attribute', attrs('A_', { fill: [1, pad], n: [2, u8] }), '0400 0100 0500 0200 07 000000', { n: 7 }],
    ['the last padding left out', attrs('A_', { n: [1, u8] }), '0500 0100 07', { n: 7 }],
    ['up to three stray bytes at the end', attrs('A_', { n: [1, u8] }), '0500 0100 07 000000 00', { n: 7 }],
    ['a selector behind what it selects', Kinds, '0800 0200 00000005 0b00 0100 6e756d62657200', { data: 5, kind: 'number' }],
    ['a nest without NLA_F_NESTED', attrs('A_', { in: [3, attrs('B_', { n: [1, u8] })] }), '0c00 0300 0500 0100 07 000000', { in: { n: 7 } }],
    ['NLA_F_NET_BYTEORDER', attrs('A_', { n: [1, u8] }), '0500 0140 07 000000', { n: 7 }],
    ['an attribute twice: the last one holds', attrs('A_', { n: [1, u8] }), '0500 0100 07 000000 0500 0100 08 000000', { n: 8 }],
    ['several sets in one nest', attrs('A_', { g: [1, groups(attrs('B_', { n: [1, u8], m: [2, u8] }))] }), '1c00 0180 0500 0100 07 000000 0500 0200 08 000000 0500 0100 09 000000 0c00 0100 0500 0200 06 000000', { g: [{ n: 7, m: 8 }, { n: 9 }, { m: 6 }] }],
  ])('%s', (_, schema, text, value) => {
    expect(decode(schema, bytes(text), { littleEndian: true })).toEqual(value);
    if (schema.kind === 'attrs' || schema.kind === 'message') expect(hex(encode(schema, decode(schema, bytes(text), { littleEndian: true, exact: true }), { littleEndian: true }))).toBe(squeeze(text));
  });
});

describe('what decoding refuses, and where', () => {
  const A = attrs('A_', { n: [1, u32], in: [2, attrs('B_', { a: [1, ip] })], hops: [3, records(struct('hop', { len: u16, weight: u16 }), 'len', attrs('C_', {}))], l: [4, list(u32)] });
  test.each<[what: string, hex: string, path: string[], offset: number, why: RegExp]>([
    ['an integer that is too short', '0600 0100 0102 0000', ['n'], 4, /u32 takes 4 bytes, 2 present/],
    ['an address of 5 bytes, in a nest', '1000 0280 0900 0100 0102030405 000000', ['in', 'a'], 8, /4 or 16 bytes, 5 present/],
    ['a length below the header', '0300 0100', [], 0, /length 3 is shorter than its header/],
    ['a length beyond the end', '0900 0100 0000', [], 0, /attribute of 9 bytes, 6 present/],
    ['a length beyond the nest', '0800 0280 0900 0100 00000000', ['in'], 4, /attribute of 9 bytes, 4 present/],
    ['a record beyond the end', '0800 0300 0900 0000', ['hops'], 4, /hop of 9 bytes, 4 present/],
    ['a record shorter than itself', '0800 0300 0300 0000', ['hops'], 4, /hop of 3 bytes/],
    ['half an element', '0a00 0400 00000000 0000', ['l'], 8, /2 bytes left after 1 elements of 4/],
  ])('%s', (_, text, path, offset, why) => {
    const data = bytes(text);
    let error: unknown;
    try { decode(A, data, { littleEndian: true }); } catch (e) { error = e; }
    expect(error).toBeInstanceOf(DecodeError);
    expect(error).toMatchObject({ path, offset });
    expect((error as Error).message).toMatch(why);
    expect(hex(encode(A, decode(A, data, { littleEndian: true, exact: true }), { littleEndian: true }))).toBe(squeeze(text));
  });
  test('nests without end', () => {
    let data = new Uint8Array();
    for (let i = 0; i < 60; i++) { const outer = new Uint8Array(data.length + 4); new DataView(outer.buffer).setUint16(0, outer.length, true); new DataView(outer.buffer).setUint16(2, 0x8002, true); outer.set(data, 4); data = outer; }
    expect(() => decode(Recursive, data, { littleEndian: true })).toThrow(/nested too deeply/);
    const exact = decode(Recursive, data, { littleEndian: true, exact: true }), traced = spans(Recursive, data, { littleEndian: true });
    expect(encode(Recursive, exact, { littleEndian: true })).toEqual(data);
    expect(traced.value).toEqual(exact);
    expect(traced.spans.filter((s) => s.leaf).reduce((at, s) => (expect(s.start).toBe(at), s.end), 0)).toBe(data.length);
  });
});

describe('what encoding refuses, and where', () => {
  const A = attrs('A_', { n: [1, u8], s: [2, string], in: [3, attrs('B_', { list: [1, multi(color)], hw: [2, mac], addr: [3, ip], four: [4, ipv4] })], f: [5, mood], wide: [6, uint], name: [7, chars(4)], big: [8, u64], on: [9, flag], raw: [10, binary], fill: [11, pad], map: [12, bitmapOf(1)], bf: [13, bits(u8, { a: 4, b: 4 })], arr: [14, array(u8, 2)], b: [15, blob(2)] });
  test.each<[value: object, path: string[], why: RegExp]>([
    [{ n: 256 }, ['n'], /256 is not a u8 \(0 to 255\)/],
    [{ n: -1 }, ['n'], /-1 is not a u8/],
    [{ n: 1.5 }, ['n'], /1.5 is not a u8/],
    [{ n: '1' }, ['n'], /"1" is not a u8/],
    [{ nn: 1 }, [], /'nn' is not a key of A_\*, did you mean 'n'/],
    [{ s: 5 }, ['s'], /expected text, got 5/],
    [{ s: 'a\0b' }, ['s'], /NUL/],
    [{ s: 'é\0' }, ['s'], /NUL/],
    [{ in: 5 }, ['in'], /expected an object, got 5/],
    [{ in: { list: ['red', 'gren'] } }, ['in', 'list', '1'], /'gren' is not one of red, green, grass, did you mean 'green'/],
    [{ in: { list: 'red' } }, ['in', 'list'], /expected an array/],
    [{ in: { hw: '02:00:zz' } }, ['in', 'hw'], /not a link-layer address/],
    [{ in: { addr: '300.0.0.1' } }, ['in', 'addr'], /"300.0.0.1" is not an IP address/],
    [{ in: { four: '::1' } }, ['in', 'four'], /not an IPv4 address/],
    [{ f: ['cal'] }, ['f'], /'cal' is not one of .*did you mean 'calm'/],
    [{ f: 'calm' }, ['f'], /expected an array of flags/],
    [{ wide: -1 }, ['wide'], /does not fit/],
    [{ name: 'abcde' }, ['name'], /longer than 4 bytes/],
    [{ big: 2n ** 64n }, ['big'], /does not fit in a u64/],
    [{ big: 0.5 }, ['big'], /0.5 is not a u64/],
    [{ on: false }, ['on'], /a flag is true or left out/],
    [{ raw: [1] }, ['raw'], /expected bytes/],
    [{ fill: 1 }, ['fill'], /padding is not a value/],
    [{ map: [8] }, ['map'], /8/],
    [{ bf: { a: 16, b: 0 } }, ['bf', 'a'], /16 does not fit in 4 bits/],
    [{ arr: [1, 2, 3] }, ['arr'], /3 elements, room for 2/],
    [{ b: Uint8Array.of(1) }, ['b'], /expected 2 bytes, got 1/],
    [{ raw: new Uint8Array(65533) }, ['raw'], /65537 bytes do not fit in an attribute/],
    [{ $unknown: [{ type: 5, data: 'x' }] }, [], /expected bytes/],
  ])('%o', (value, path, why) => {
    let error: unknown;
    try { encode(A, value as never, { littleEndian: true }); } catch (e) { error = e; }
    expect(error).toBeInstanceOf(EncodeError);
    expect((error as Error).message).toMatch(why);
    expect((error as EncodeError).path.slice(0, path.length)).toEqual(path);
  });
  const Who = struct('who', { family: enumeration(u8, { inet: 2, inet6: 10 }) });
  const Either = variant(Who, 'family', { inet: Who, inet6: Who }), Joined = struct('joined', { kind: enumeration(u8, { short: 1, long: 2, odd: 3 }), n: Number_ });
  test.each<[schema: AnyCodec, value: object, path: string[], message: string]>([
    [Kinds, { data: { n: 1 } }, ['data'], "data: 'kind' is missing, which says what this is (one of number, set)"],
    [Kinds, { kind: 'sett', data: { n: 1 } }, ['data'], "data: kind \"sett\" has no schema here, so this is bytes (a Uint8Array), did you mean 'set'?"],
    [Kinds, { kind: 'elsewhere', data: { n: 1 } }, ['data'], 'data: kind "elsewhere" has no schema here, so this is bytes (a Uint8Array); those that have one: number, set'],
    [Either, { port: 1 }, [], "'family' is missing, which says what this is (one of inet, inet6)"],
    [Either, { family: 2 }, [], 'family 2 has no schema here, so this is bytes (a Uint8Array); those that have one: inet, inet6'],
    [Joined, { n: 5 }, ['n'], "n: 'kind' is missing, which says what this is (one of short, long)"],
    [Joined, { kind: 'odd', n: 5 }, ['n'], 'n: kind "odd" has no schema here, so this is bytes (a Uint8Array); those that have one: short, long'],
  ])('of what a selector should name: %#', (schema, value, path, message) => {
    let error: unknown;
    try { encode(schema, value as never); } catch (e) { error = e; }
    expect(error).toBeInstanceOf(EncodeError);
    expect(error).toMatchObject({ message, path });
  });
  test.each([70000, 0x8001, -1, 1.5])('an attribute of number %d', (number) => {
    expect(() => encode(attrs('X_', { a: [number, u32] }), { a: 1 })).toThrow(new RegExp(`^X_A: ${number} is no attribute's number \\(0 to 16383: `));
  });
  test('what is no schema', () => {
    const given = route.messages.newlink as never;
    for (const make of [() => encode(given, {} as never), () => decode(given, bytes('')), () => spans(given, bytes('')), () => arbitrary(given)]) expect(make).toThrow(/^a message of a protocol is no schema, but has one: its 'schema'/);
    expect(() => encode(undefined as never, {} as never)).toThrow('undefined is no schema');
  });
  test('bytes need no selector', () => { expect(() => { encode(Kinds, { data: bytes('00') } as never); encode(Kinds, { kind: 'elsewhere', data: bytes('00') } as never); encode(Either, bytes('02')); }).not.toThrow(); });
  test('members left out of structs and headers are zero', () => {
    expect(hex(encode(Mixed, { c: 3 } as never, { littleEndian: true }))).toBe('00000000000000000300' + '00'.repeat(14));
  });
  test('a buffer used before leaves nothing behind', () => {
    for (let i = 0; i < 3; i++) {
      encode(binary, new Uint8Array(4000).fill(0xff));
      expect(encode(Mixed, { a: 1 } as never)).toEqual(Uint8Array.of(1, ...new Uint8Array(23)));
      expect(hex(encode(array(struct('s', { a: u8, b: u32 }), 2), [{ a: 1 }] as never, { littleEndian: true }))).toBe('01' + '00'.repeat(15));
    }
  });
});

describe('addresses', () => {
  test.each([
    ['00'.repeat(15) + '01', '::1'], ['20010db8' + '00'.repeat(12), '2001:db8::'], ['20010db8000000000001000000000001', '2001:db8::1:0:0:1'], ['20010db8000100000001000000010001', '2001:db8:1:0:1:0:1:1'],
    ['00'.repeat(10) + 'ffffc0000201', '::ffff:192.0.2.1'], ['fe80000000000000020000fffe000001', 'fe80::200:ff:fe00:1'], ['00010000000000000001000000000000', '1::1:0:0:0'], ['00000001000000000000000000000001', '0:1::1'],
  ])('%s is %s (RFC 5952)', (data, text) => {
    expect(decode(ipv6, bytes(data))).toBe(text);
    expect(hex(encode(ipv6, text))).toBe(data);
  });
  test.each(['', '1', '1.2.3', '1.2.3.4.5', '256.1.1.1', '01x.2.3.4', '1::2::3', ':::', '1:2:3:4:5:6:7', '1:2:3:4:5:6:7:8:9', '12345::', 'fe80::1%eth0', '::1.2.3', '1.2.3.4::', ':1:2:3:4:5:6:7', '1:2:3:4:5:6:7:'])('%j is no address', (text) => {
    expect(() => encode(ip, text)).toThrow(EncodeError);
  });
  test.each([['::ffff:1.2.3.4', '00'.repeat(10) + 'ffff01020304'], ['1:2:3:4:5:6:7::', '00010002000300040005000600070000'], ['::2:3:4:5:6:7:8', '00000002000300040005000600070008'], ['ABCD::', 'abcd' + '00'.repeat(14)]])('%s is read', (text, data) => { expect(hex(encode(ip, text))).toBe(data); });
});

describe('projections', () => {
  const Inner = attrs('I_', { a: [1, u8], b: [2, u8] });
  const M = message('m', Header, attrs('A_', { in: [1, Inner], kind: [2, string], data: [3, select('kind', { n: u8, set: Inner })], many: [4, multi(Inner)], fam: [5, select('family', { inet: ipv4 })] }));
  const data = encode(M, { family: 'inet', prefix: 24, in: { a: 1, b: 2 }, kind: 'set', data: { a: 3 }, many: [{ a: 4 }], fam: '1.2.3.4', $unknown: [{ type: 99, data: Uint8Array.of(1) }] } as never, { littleEndian: true });
  const only = (...select_: string[]): unknown => decode(M, data, { littleEndian: true, select: select_ });
  test.each<[keys: string[], value: object]>([
    [['prefix'], { prefix: 24 }],
    [['in'], { in: { a: 1, b: 2 } }],
    [['in.a'], { in: { a: 1 } }],
    [['in.a', 'in.b', 'prefix'], { prefix: 24, in: { a: 1, b: 2 } }],
    [['data'], { kind: 'set', data: { a: 3 } }],
    [['fam'], { family: 'inet', fam: '1.2.3.4' }],
    [['many'], { many: [{ a: 4 }] }],
    [['data.a'], { kind: 'set', data: { a: 3 } }],
    [['data.b', 'many.b'], { kind: 'set', data: {}, many: [{}] }],
  ])('%j', (keys, value) => { for (let i = 0; i < 40; i++) expect(only(...keys)).toEqual(value); });
  test('a key that is none is refused by name', () => { expect(() => only('im')).toThrow(/select: 'im' is not a key of A_\*, did you mean 'in'/); });
  test('nor has a part that is none', () => {
    expect(() => only('data.c')).toThrow(/select: 'c' is not a key of any kind/);
    expect(() => only('kind.x')).toThrow(/select: string has no parts to select: 'x'/);
  });
  test('bytes that are not asked for are not looked at', () => {
    const broken = Uint8Array.from([...data.subarray(0, 4), 5, 0, 5, 0, 1, 0, 0, 0, ...data.subarray(4)]);
    expect(() => decode(M, broken, { littleEndian: true })).toThrow(DecodeError);
    expect(decode(M, broken, { littleEndian: true, select: ['in.a'] })).toEqual({ in: { a: 1 } });
  });
});
