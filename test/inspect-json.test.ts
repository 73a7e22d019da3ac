/** hex -> JSON -> hex loses nothing: for every family and unknown ones, well-formed or not. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { encode, NETLINK_GENERIC, Writer, writeFrame } from '../src/codec/index.ts';
import { route } from '../src/families/index.ts';
import { toHex } from '../src/inspect/capture.ts';
import { readHexLine } from '../src/inspect/hex.ts';
import { fromJson, toJson, type JsonMessage, type JsonOptions } from '../src/inspect/json.ts';
import { arbitrary, hostile, mutate, mutation } from '../src/testing/index.ts';
import { capturedMessages } from './support/fixtures.ts';
import { declared, messagesOf } from './support/schemas.ts';

const through = (bytes: Uint8Array, options: JsonOptions = {}): string => toHex(fromJson(JSON.parse(JSON.stringify(toJson(bytes, options))) as JsonMessage[]));

describe('lossless', () => {
  const captured = capturedMessages();
  test('every captured message, and none as mere bytes', () => {
    const lost: string[] = [], bare: string[] = [];
    for (const { name, protocol, read, bytes } of captured) {
      const text = JSON.stringify(toJson(bytes, { protocol: read, littleEndian: true }));
      if (toHex(fromJson(JSON.parse(text) as JsonMessage[])) !== toHex(bytes)) lost.push(name);
      // The NLMSG_DONE of some families has nothing in it.
      if ([0, 4, NETLINK_GENERIC].includes(protocol as number) && /"body":\{"\$hex":"[^"]/.test(text)) bare.push(name);
    }
    expect(lost).toEqual([]);
    expect(bare).toEqual([]);
  });
  test('damaged messages', () => {
    fc.assert(fc.property(fc.constantFrom(...captured), fc.array(mutation, { minLength: 1, maxLength: 4 }), fc.boolean(), ({ bytes, read: protocol }, damages, littleEndian) => {
      const damaged = damages.reduce(mutate, bytes);
      expect(through(damaged, { protocol, littleEndian })).toBe(toHex(damaged));
    }), { numRuns: 800 });
  });
  const types = declared.flatMap((p) => messagesOf(p).map((m) => [`${p.name} ${m.name}`, p, m] as const));
  test.each(types)('%s', (_, p, m) => {
    for (const request of [false, true]) {
      fc.assert(fc.property(fc.oneof(arbitrary(request ? m.request : m.schema).map((v) => encode(request ? m.request : m.schema, v as never)), hostile(request ? m.request : m.schema)), fc.nat(0xffff), (body, bits) => {
        const w = new Writer(true);
        writeFrame(w, { type: m.number, flags: request ? bits | 1 : bits & ~1, seq: 7, pid: 0xffffffff }, undefined, body);
        const bytes = w.finish();
        expect(through(bytes, { protocol: p, littleEndian: true })).toBe(toHex(bytes));
      }), { numRuns: 12 });
    }
  });
  test('anything at all, of any protocol, of either byte order', () => {
    fc.assert(fc.property(fc.uint8Array({ maxLength: 80 }), fc.constantFrom<JsonOptions['protocol']>(undefined, 0, 4, 12, 16, 'route', 'nobody'), fc.boolean(), (bytes, protocol, littleEndian) => {
      expect(through(bytes, { ...(protocol !== undefined && { protocol }), littleEndian })).toBe(toHex(bytes));
    }), { numRuns: 800 });
  });
  test.each([
    ['', 'an empty datagram'],
    ['1000000001000000000000000000000000', 'a NOOP and a byte'],
    ['1100000001000000000000000000000041' + 'ff0000', 'padding that is not zero'],
    ['1100000001000000000000000000000041', 'no padding'],
    ['240000000200000100000000fe1c0000edffffff200000001000050000000000' + '00000000', 'a capped error'],
    ['1400000003000200070000000100000000000000' + '00'.repeat(128), 'zeros behind'],
    ['0c00000003000200070000000100000000000000', 'a length that cannot be'],
  ])('%s: %s', (hex) => { expect(through(readHexLine(hex), { protocol: 0, littleEndian: true })).toBe(hex); });
});

describe('the words', () => {
  test('names, addresses, flags and big numbers read well', () => {
    const body = { index: 2, flags: ['up' as const], ifname: 'br0', address: '02:00:00:00:00:01', linkinfo: { kind: 'bridge' as const, data: { forwardDelay: 1500, gcTimer: 1n, helloTimer: 2n ** 60n } }, $unknown: [{ type: 300, data: Uint8Array.of(1, 2) }] };
    const w = new Writer(true);
    writeFrame(w, { type: 16, flags: 0x605, seq: 1, pid: 0 }, route.messages.newlink.schema, body);
    const [message] = toJson(w.finish(), { protocol: 'route', littleEndian: true });
    expect(message).toMatchObject({
      protocol: 'route', name: 'RTM_NEWLINK', type: 16, flags: ['request', 'ack', 'excl', 'create'], seq: 1, pid: 0,
      body: { index: 2, flags: ['up'], ifname: 'br0', address: '02:00:00:00:00:01', linkinfo: { kind: 'bridge', data: { forwardDelay: 1500, gcTimer: 1, helloTimer: '1152921504606846976' } }, $unknown: [{ type: 300, data: '0102' }] },
    });
  });
  test('written by hand: a name for the type, numbers for flags, header fields left out', () => {
    const bytes = fromJson([{ protocol: 'route', name: 'RTM_GETLINK', flags: ['request', 'dump'], seq: 1, body: { family: 'bridge' } }], { littleEndian: true });
    expect(toHex(bytes)).toBe('200000001200010301000000000000000700000000000000' + '00'.repeat(8));
  });
  test.each<[JsonMessage, RegExp]>([
    [{ protocol: 'route', name: 'RTM_NOLINK' }, /0\.name: no message is called "RTM_NOLINK" in route/],
    [{ protocol: 'route', type: 16, body: { ifnam: 'x' } }, /did you mean 'ifname'/],
    [{ protocol: 'route', type: 16, body: { mtu: 'many' } }, /mtu: "many" is not a u32/],
    [{ protocol: 'route', type: 16, body: { linkinfo: { kind: 'vlan', data: { id: 70000 } } } }, /linkinfo\.data\.id: 70000 is not a u16/],
    [{ type: 300, body: '0g' }, /"0g" is not hex/],
  ])('%j is refused', (message, why) => { expect(() => fromJson([message])).toThrow(why); });
});
