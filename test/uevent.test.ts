/** Events of devices without a kernel: text and values, any bytes, JSON, spans, what a monitor makes of them. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { DecodeError, decodeUevent, encodeUevent, EncodeError, type Uevent } from '../src/codec/index.ts';
import { uevent } from '../src/families/index.ts';
import { dump, explain, fromJson, toHex, toJson, tree } from '../src/inspect/index.ts';

const utf8 = new TextEncoder();
/** lib/kobject_uevent.c's of a dummy link. */
const kernel = utf8.encode('add@/devices/virtual/net/d0\0ACTION=add\0DEVPATH=/devices/virtual/net/d0\0SUBSYSTEM=net\0INTERFACE=d0\0IFINDEX=2\0SEQNUM=1234\0');
const text = fc.string({ unit: fc.constantFrom('a', 'Z', '/', ' ', 'ü', '='), maxLength: 12 }), key = fc.string({ unit: fc.constantFrom('A', '_', 'b'), minLength: 1, maxLength: 8 });
const events: fc.Arbitrary<Uevent> = fc.record({ source: fc.constantFrom('kernel' as const, 'udev' as const), action: fc.constantFrom('add', 'remove'), devpath: text, properties: fc.dictionary(key, text) }).map((event): Uevent => {
  if (event.source === 'kernel') return event;
  return { ...event, properties: { ...event.properties, ACTION: event.action, DEVPATH: event.devpath }, filters: { subsystemHash: 1, devtypeHash: 2, tagBloomHi: 3, tagBloomLo: 0xffffffff } };
});

describe('text and values', () => {
  test('the kernel\'s', () => {
    const event = decodeUevent(kernel);
    expect(event).toEqual({ source: 'kernel', action: 'add', devpath: '/devices/virtual/net/d0', properties: { ACTION: 'add', DEVPATH: '/devices/virtual/net/d0', SUBSYSTEM: 'net', INTERFACE: 'd0', IFINDEX: '2', SEQNUM: '1234' } });
    expect(toHex(encodeUevent(event))).toBe(toHex(kernel));
  });
  test('udev\'s: systemd\'s header, then the same', () => {
    const event: Uevent = { source: 'udev', action: 'add', devpath: '/d', properties: { ACTION: 'add', DEVPATH: '/d' }, filters: { subsystemHash: 0xe1b7ac0e, devtypeHash: 0, tagBloomHi: 0, tagBloomLo: 0 } };
    const bytes = encodeUevent(event, true);
    expect(toHex(bytes.subarray(0, 40))).toBe('6c69627564657600' + 'feedcafe' + '28000000' + '28000000' + '16000000' + 'e1b7ac0e' + '00000000'.repeat(3));
    expect(decodeUevent(bytes, true)).toEqual(event);
  });
  test('round trip, in both byte orders', () => {
    fc.assert(fc.property(events, fc.boolean(), (event, little) => { expect(decodeUevent(encodeUevent(event, little), little)).toEqual(event); }));
  });
  test('any bytes: an event, or a DecodeError; JSON gives the same bytes; spans tile', () => {
    const damaged = fc.tuple(events, fc.array(fc.tuple(fc.nat(200), fc.nat(255)), { maxLength: 3 }), fc.nat(4)).map(([event, changes, less]) => {
      const bytes = encodeUevent(event);
      for (const [at, value] of changes) if (at < bytes.length) bytes[at] = value;
      return bytes.subarray(0, Math.max(0, bytes.length - less));
    });
    let good = 0, bad = 0;
    fc.assert(fc.property(fc.oneof(damaged, fc.uint8Array({ maxLength: 80 })), fc.boolean(), (bytes, littleEndian) => {
      try { decodeUevent(bytes, littleEndian); good++; } catch (error) { expect(error).toBeInstanceOf(DecodeError); bad++; }
      expect(toHex(fromJson(JSON.parse(JSON.stringify(toJson(bytes, { protocol: uevent, littleEndian }))) as never))).toBe(toHex(bytes));
      let at = 0;
      for (const { leaf, start, end } of explain(bytes, { protocol: uevent, littleEndian }).spans) if (leaf) { expect(start).toBe(at); expect(end).toBeGreaterThan(start); at = end; }
      expect(at).toBe(bytes.length);
    }), { numRuns: 500 });
    expect(Math.min(good, bad)).toBeGreaterThan(20);
  });
  test('what is none says why and where', () => {
    const refused: [string, RegExp][] = [['', /nothing is no ACTION@DEVPATH/], ['add\0', /"add" is no ACTION@DEVPATH/], ['add@/d', /no NUL at the end of the text \(at byte 0\)/], ['add@/d\0nothing\0', /"nothing" is no KEY=VALUE \(at byte 7\)/], [`libudev\0${'\0'.repeat(32)}`, /the magic number is 0x0/]];
    for (const [bytes, why] of refused) expect(() => decodeUevent(utf8.encode(bytes))).toThrow(why);
    const event = decodeUevent(kernel);
    for (const properties of [{ 'A=B': '' }, { '': 'x' }, { A: 'x\0y' }]) expect(() => encodeUevent({ ...event, properties })).toThrow(EncodeError);
    expect(() => encodeUevent({ ...event, action: 'a@b' })).toThrow(EncodeError);
    expect(() => fromJson([{ protocol: 'kobject_uevent', body: { source: 'kernel' } }])).toThrow(/0.body: an event has source/);
  });
  test('as text', () => {
    expect(tree(kernel, { protocol: 15 })).toBe('kobject_uevent\n  source: kernel\n  action: add\n  devpath: /devices/virtual/net/d0\n  properties:\n    ACTION: add\n    DEVPATH: /devices/virtual/net/d0\n    SUBSYSTEM: net\n    INTERFACE: d0\n    IFINDEX: 2\n    SEQNUM: 1234');
    expect(dump(kernel, { protocol: 15 })).toContain('INTERFACE = "d0"');
  });
});
