/** Framing and netlink's own messages. Layouts: include/uapi/linux/netlink.h. */
import { describe, expect, test } from 'vitest';
import { decodeControl, decodeMessage, encodeMessage, flagNumber, frames, HEADER_SIZE, headerFlags, messageName, NLMSG, writeControl, Writer, writeFrame, decode, encode, type Frame, type Span } from '../src/codec/index.ts';
import { route } from '../src/families/index.ts';

const bytes = (hex: string): Uint8Array => Uint8Array.from(hex.replace(/\s/g, '').match(/../g) ?? [], (pair) => Number.parseInt(pair, 16));
const hex = (b: Uint8Array): string => Array.from(b, (x) => x.toString(16).padStart(2, '0')).join('');
const header = (length: number, type: number, flags = 0, seq = 1, pid = 2): string => {
  const b = new Uint8Array(16), v = new DataView(b.buffer);
  v.setUint32(0, length, true); v.setUint16(4, type, true); v.setUint16(6, flags, true); v.setUint32(8, seq, true); v.setUint32(12, pid, true);
  return hex(b);
};
function all(data: string | Uint8Array, littleEndian = true): { list: Frame[]; tail: [at: number, reason: string][] } {
  const tail: [number, string][] = [];
  const list = [...frames(typeof data === 'string' ? bytes(data) : data, { littleEndian, tail: (at, reason) => tail.push([at, reason]) })];
  return { list, tail };
}

describe('frames', () => {
  test('several in a datagram', () => {
    const { list, tail } = all(header(20, 16, 5, 7, 9) + 'aabbccdd' + header(16, 3, 2));
    expect(list).toEqual([
      { at: 0, length: 20, type: 16, flags: 5, seq: 7, pid: 9, start: 16, end: 20, next: 20 },
      { at: 20, length: 16, type: 3, flags: 2, seq: 1, pid: 2, start: 36, end: 36, next: 36 },
    ]);
    expect(tail).toEqual([]);
  });
  test('big-endian', () => { expect(all('00000010 0010 0005 00000007 00000009', false).list).toMatchObject([{ length: 16, type: 16, flags: 5, seq: 7, pid: 9 }]); });
  test.each<[what: string, data: string, count: number, tail: [number, RegExp] | undefined]>([
    ['nothing', '', 0, undefined],
    ['padding after an odd length', header(17, 1) + 'aa000000' + header(16, 1), 2, undefined],
    ['the last padding left out', header(17, 1) + 'aa', 1, undefined],
    ['zeros behind, as iproute2 pads', header(16, 1) + '00'.repeat(128), 1, [16, /^$/]],
    ['a truncated body', header(16, 1) + header(20, 1) + 'aa', 1, [16, /message of 20 bytes, 17 present/]],
    ['a truncated header', header(16, 1) + '10000000', 1, [16, /4 bytes are no message/]],
    ['a length below the header', header(15, 1), 0, [0, /length 15 is shorter than its header/]],
    ['a length of 4 GB', 'ffffffff' + header(16, 1).slice(8), 0, [0, /message of 4294967295 bytes, 16 present/]],
  ])('%s', (_, data, count, tail) => {
    const found = all(data);
    expect(found.list).toHaveLength(count);
    expect(found.tail.map(([at]) => at)).toEqual(tail ? [tail[0]] : []);
    if (tail) expect(found.tail[0]![1]).toMatch(tail[1]);
  });
  test('written: length, padding, several in one buffer', () => {
    const w = new Writer(true);
    expect(writeFrame(w, { type: 16, flags: 5, seq: 1, pid: 2 }, undefined, bytes('aa'))).toBe(0);
    expect(writeFrame(w, { type: 3, flags: 0, seq: 1, pid: 2 }, undefined, bytes(''))).toBe(20);
    expect(hex(w.finish())).toBe(header(17, 16, 5) + 'aa000000' + header(16, 3));
  });
});

describe('control messages', () => {
  const read = (type: number, flags: number, body: string, exact = false): unknown => { const b = bytes(body); return decodeControl(b, type, flags, 0, b.length, { littleEndian: true, exact }); };
  const asked = { len: 24, type: 16, flags: 5, seq: 1, pid: 2 }, echoed = header(24, 16, 5);
  test.each<[what: string, type: number, flags: number, body: string, value: unknown]>([
    ['an ack', NLMSG.error, 0x100, '00000000' + echoed, { error: 0, request: asked }],
    ['an ack with something to say', NLMSG.error, 0x300, '00000000' + echoed + '0600 0100 6869 0000', { error: 0, request: asked, extack: { msg: 'hi' } }],
    ['a refusal with its request', NLMSG.error, 0, 'edffffff' + echoed + '0102030405060708', { error: -19, request: asked, payload: bytes('0102030405060708') }],
    ['a refusal, capped', NLMSG.error, 0x100, 'edffffff' + echoed, { error: -19, request: asked }],
    ['a refusal with its request and why', NLMSG.error, 0x200, 'eaffffff' + echoed + '0102030405060708' + '0800 0100 6e6f7065 0800 0200 14000000', { error: -22, request: asked, payload: bytes('0102030405060708'), extack: { msg: 'nope', offs: 20 } }],
    ['a refusal, capped, with all there is', NLMSG.error, 0x300, 'deffffff' + echoed + '0800 0200 14000000 0800 0300 deadbeef 3400 0480 0800 0100 04000000 0c00 0400 0100000000000000 0c00 0500 ff00000000000000 0800 0800 07000000 0800 0900 09000000 0800 0500 01000000 0800 0600 30000000',
      { error: -34, request: asked, extack: { offs: 20, cookie: bytes('deadbeef'), policy: { type: 'u32', minValueU: 1n, maxValueU: 255n, policyIdx: 7, policyMaxtype: 9 }, missType: 1, missNest: 48 } }],
    ['the end of a dump', NLMSG.done, 2, '00000000', { error: 0 }],
    ['the end of a dump that failed, and why', NLMSG.done, 0x202, 'edffffff 0700 0100 6e6f00 00', { error: -19, extack: { msg: 'no' } }],
    ['the end of a dump with other data', NLMSG.done, 2, '00000000 01020304', { error: 0, $rest: bytes('01020304') }],
    ['an empty end', NLMSG.done, 2, '', bytes('')],
    ['an error too short', NLMSG.error, 0, 'edffffff', bytes('edffffff')],
    ['noop', NLMSG.noop, 0, '01', bytes('01')],
    ['overrun', NLMSG.overrun, 0, '', bytes('')],
  ])('%s', (_, type, flags, body, value) => {
    expect(read(type, flags, body)).toEqual(value);
    const w = new Writer(true), b = bytes(body);
    writeControl(w, type, decodeControl(b, type, flags, 0, b.length, { littleEndian: true, exact: true }));
    expect(hex(w.finish())).toBe(hex(b));
    const spans: Span[] = [];
    decodeControl(b, type, flags, 0, b.length, { littleEndian: true, exact: true, spans });
    let at = 0;
    for (const span of spans.filter((s) => s.leaf)) { expect(span.start).toBe(at); at = span.end; }
    expect(at).toBe(b.length);
  });
  test('a policy of every kind of limit', () => {
    expect(read(NLMSG.error, 0x300, '00000000' + echoed + '3000 0480 0800 0100 08000000 0c00 0200 ffffffffffffffff 0c00 0300 0500000000000000 0c00 0c00 0f00000000000000')).toMatchObject({
      extack: { policy: { type: 's32', minValueS: -1n, maxValueS: 5n, mask: 15n } },
    });
  });
});

describe('messages of a protocol', () => {
  const one = (body: string, type: number, flags = 0): ReturnType<typeof decodeMessage> => {
    const b = bytes(header(16 + body.replace(/\s/g, '').length / 2, type, flags) + body), [frame] = [...frames(b, { littleEndian: true })];
    return decodeMessage(route, b, frame as Frame, { littleEndian: true });
  };
  test('by type, and by direction where a request is another schema', () => {
    expect(one('02000000', 18, 1)).toMatchObject({ name: 'RTM_GETLINK', body: { family: 'inet' } });
    expect(one('07000000' + '02000000', 84, 0).body).toMatchObject({ family: 'bridge' });
    expect(one('aabb', 9999)).toMatchObject({ name: '9999', body: bytes('aabb') });
    expect(one('00000000', 3)).toMatchObject({ name: 'NLMSG_DONE', body: { error: 0 } });
  });
  test('there and back', () => {
    const w = new Writer(true), message = one('0200 0000 0200 0000 00000000 00000000 0700 0300 657468 00', 18, 0x301);
    encodeMessage(w, route, message);
    expect(hex(w.finish())).toBe(header(40, 18, 0x301) + '02000000020000000000000000000000' + '0800030065746800');
  });
  test('names of types and flags', () => {
    expect([messageName(route, 16), messageName(route, 2), messageName(undefined, 16), messageName(route, 500)]).toEqual(['RTM_NEWLINK', 'NLMSG_ERROR', '16', '500']);
    expect(flagNumber('new', ['request', 'ack', 'create', 'excl'])).toBe(0x605);
    expect(flagNumber('get', ['request', 'dump'])).toBe(0x301);
    expect(flagNumber('del', ['bulk'])).toBe(0x200);
    expect(flagNumber('get', 7)).toBe(7);
    expect(() => flagNumber('get', ['excl'])).toThrow(/'excl' is no flag of a get request/);
    expect(decode(headerFlags.ack, encode(headerFlags.ack, ['capped', 'ackTlvs']))).toEqual(['capped', 'ackTlvs']);
    expect([route.messages.newlink.verb, route.messages.setlink.verb, route.messages.dellink.verb, route.messages.getlink.verb]).toEqual(['new', 'new', 'del', 'get']);
    expect(HEADER_SIZE).toBe(16);
  });
});
