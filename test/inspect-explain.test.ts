/** The annotated dump: every byte once, in order, with its meaning; and what the kernel refused, marked. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { decode, encode, Writer, writeFrame } from '../src/codec/index.ts';
import { route } from '../src/families/index.ts';
import { dump, explain, readHexLine, refusals, tree, type ExplainOptions } from '../src/inspect/index.ts';
import { mutate, mutation } from '../src/testing/index.ts';
import { capturedMessages } from './support/fixtures.ts';

const captured = capturedMessages();
const request = (body: object, type = 16, flags = 5): Uint8Array => {
  const w = new Writer(true);
  writeFrame(w, { type, flags, seq: 7, pid: 0 }, route.byNumber.get(type)?.request, body);
  return w.finish();
};
function tiles(bytes: Uint8Array, protocol: ExplainOptions['protocol'] & {}, littleEndian = true): void {
  let at = 0;
  for (const span of explain(bytes, { protocol, littleEndian }).spans) {
    if (!span.leaf) continue;
    if (span.start !== at || span.end <= at) throw new Error(`hole or overlap at ${at}: ${JSON.stringify(span.name)}`);
    at = span.end;
  }
  expect(at).toBe(bytes.length);
}
/** The bytes that a dump shows, put together again. */
const bytesOf = (text: string): string => text.split('\n').map((line) => /^[0-9a-f]{4,}  ((?:[0-9a-f]{2} ?)*)/.exec(line)?.[1]?.replace(/ /g, '') ?? '').join('');

describe('coverage', () => {
  test('captured messages: leaves tile, and the dump shows every byte', () => {
    for (const { bytes, read: protocol } of captured.filter((_, i) => i % 5 === 0)) {
      tiles(bytes, protocol);
      expect(bytesOf(dump(bytes, { protocol, littleEndian: true }))).toBe(Array.from(bytes, (b) => b.toString(16).padStart(2, '0')).join(''));
    }
  });
  test('damaged messages, either byte order', () => {
    fc.assert(fc.property(fc.constantFrom(...captured), fc.array(mutation, { minLength: 1, maxLength: 4 }), fc.boolean(), ({ bytes, read: protocol }, damages, littleEndian) => {
      tiles(damages.reduce(mutate, bytes), protocol, littleEndian);
    }), { numRuns: 800 });
  });
});

test('the dump of a request', () => {
  expect('\n' + dump(request({ index: 2, ifname: 'v1', linkinfo: { kind: 'veth', data: { peer: { ifname: 'v2' } } }, $unknown: [{ type: 999, data: Uint8Array.of(1, 2) }] }), { protocol: 'route', littleEndian: true }) + '\n').toBe(`
0000                                       RTM_NEWLINK
0000  60 00 00 00                            len = 96
0004  10 00                                  type = "RTM_NEWLINK"
0006  05 00                                  flags = request ack
0008  07 00 00 00                            seq = 7
000c  00 00 00 00                            pid = 0
0010  00                                     family = "unspec"
0011  00                                     (padding)
0012  00 00                                  type = 0
0014  02 00 00 00                            index = 2
0018  00 00 00 00                            flags = (none)
001c  00 00 00 00                            change = (none)
0020  07 00 03 00 76 31 00                   IFLA_IFNAME = "v1"
0027  00                                     (padding)
0028  30 00 12 80                            IFLA_LINKINFO nested
002c  09 00 01 00 76 65 74 68 00               IFLA_INFO_KIND = "veth"
0035  00 00 00                                 (padding)
0038  20 00 02 80                              IFLA_INFO_DATA nested
003c  1c 00 01 00                                VETH_INFO_PEER
0040  00                                           family = "unspec"
0041  00                                           (padding)
0042  00 00                                        type = 0
0044  00 00 00 00                                  index = 0
0048  00 00 00 00                                  flags = (none)
004c  00 00 00 00                                  change = (none)
0050  07 00 03 00 76 32 00                         IFLA_IFNAME = "v2"
0057  00                                           (padding)
0058  06 00 e7 03 01 02                      IFLA_999 = 0102
005e  00 00                                  (padding)
`);
});

describe('what the kernel refused', () => {
  // 6.12: `ip link set d0 txqueuelen ...`, refused by its policy.
  const captures = captured.filter((m) => m.name.startsWith('6.12/errors/link/ip-link-set-d0-txqueuelen-1-2-1.json'));
  test('is marked in the error that echoes the request, and in the request itself', () => {
    const at = captures.findIndex((m) => refusals(m.bytes, { littleEndian: true })[0]?.offset !== undefined), refused = captures[at]!, asked = captures[at - 1]!;
    const all = refusals(refused.bytes, { littleEndian: true });
    expect(all).toMatchObject([{ error: -34, message: 'integer out of range', offset: 32 }]);
    const marked = /^0020 .*IFLA_TXQLEN = \d+ {2}<-- refused: integer out of range$/m;
    expect(dump(asked.bytes, { protocol: 'route', littleEndian: true, errors: all })).toMatch(marked);
    expect(dump(refused.bytes, { protocol: 'route', littleEndian: true })).toMatch(/IFLA_TXQLEN = \d+ {2}<-- refused: integer out of range$/m);
  });
  test('an attribute that is missing, in the nest that lacks it', () => {
    const asked = request({ linkinfo: { kind: 'vlan', data: {} } });
    const text = dump(asked, { protocol: 'route', littleEndian: true, errors: [{ seq: 7, error: -22, message: 'VLAN id not specified', missing: { type: 1, nest: 48 } }] });
    expect(text).toMatch(/IFLA_INFO_DATA.*<-- refused: VLAN id not specified; attribute 1 is missing here/);
  });
});

test('bytes that are no value say why', () => {
  const bytes = request({}).slice(0, 32), bad = Uint8Array.from([...bytes, 5, 0, 4, 0, 1, 0, 0, 0, 9, 0]);
  new DataView(bad.buffer).setUint32(0, bad.length, true);
  const text = dump(bad, { protocol: 'route', littleEndian: true });
  expect(text).toMatch(/IFLA_MTU = .*!! u32 takes 4 bytes, 1 present/);
  expect(dump(readHexLine('0500000010000000'), { protocol: 'route', littleEndian: true })).toMatch(/tail.*!! 8 bytes are no message/);
});

test('the tree', () => {
  expect('\n' + tree(request({ index: 2, flags: ['up'], linkinfo: { kind: 'vlan', data: { id: 5, egressQos: {} } } }), { protocol: 'route', littleEndian: true }) + '\n').toBe(`
RTM_NEWLINK seq 7 pid 0 request ack
  family: unspec
  type: 0
  index: 2
  flags: up
  change: (none)
  linkinfo:
    kind: vlan
    data:
      id: 5
      egressQos: (empty)
`);
});

test('a Buffer is read as any Uint8Array: what is cut short is shown, values are copies of their own', () => {
  for (const cut of [0, 8, 20]) {
    const message = request({ ifname: 'dummy0', linkinfo: { kind: 'odd', data: Uint8Array.of(1, 2, 3) } }), bytes = message.subarray(0, message.length - cut);
    // In the middle of the memory that small Buffers share.
    const buffer = Buffer.concat([Buffer.alloc(20), bytes]).subarray(20);
    for (const read of [tree, dump, (given: Uint8Array, options: ExplainOptions) => explain(given, options).spans]) expect(read(buffer, { protocol: 'route', littleEndian: true })).toEqual(read(bytes, { protocol: 'route', littleEndian: true }));
  }
  const schema = route.messages.newlink.schema, buffer = Buffer.from(encode(schema, { ifname: 'x', linkinfo: { kind: 'odd', data: Uint8Array.of(1, 2, 3) } } as never));
  const decoders = [(): unknown => decode(schema, buffer, { exact: true }), ...Array.from({ length: 40 }, () => (): unknown => decode(schema, buffer))];
  const values = decoders.map((read) => (read() as { linkinfo: { data: Uint8Array } }).linkinfo.data);
  buffer.fill(0);
  for (const none of [undefined, 'ab', [1, 2], new ArrayBuffer(16)]) expect(() => decode(schema, none as never)).toThrow(/^expected a Uint8Array, got (undefined|string|an array|an ArrayBuffer)$/);
  for (const data of values) expect(data).toStrictEqual(Uint8Array.of(1, 2, 3));
});
