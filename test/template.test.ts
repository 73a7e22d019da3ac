/** Messages made from one before them: captures mean the same whatever came before them, and what is alike is not decoded again. */
import { expect, test, vi } from 'vitest';
import { attrs, decoder, encode, frames, indexed, message, project, select, string, struct, u8, u32, variant, type AnyCodec, type AnyMessage } from '../src/codec/index.ts';
import { Generator, interpreted } from '../src/codec/compile.ts';
import { recurring } from '../src/codec/template.ts';
import { route } from '../src/families/index.ts';
import { capturedMessages } from './support/fixtures.ts';
import { eager } from './support/near.ts';

const view = (b: Uint8Array): DataView => new DataView(b.buffer, b.byteOffset, b.byteLength);


const outcome = (body: () => unknown): unknown => { try { return body(); } catch (error) { return String(error); } };

/** The bodies that were captured, by what they are. */
const bodies = new Map<AnyMessage, Uint8Array[]>();
for (const { protocol, bytes } of capturedMessages()) {
  if (protocol !== route.number) continue;
  for (const { type, start, end } of frames(bytes)) {
    const schema = route.byNumber.get(type)?.schema as AnyMessage | undefined;
    if (schema) bodies.set(schema, [...(bodies.get(schema) ?? []), bytes.slice(start, end)]);
  }
}

const everyThird = (schema: AnyMessage): AnyMessage => project(schema, [...schema.attrs.byKey.values()].filter((a, i) => i % 3 === 0 && a.codec.kind !== 'pad').map(({ key }) => key)) as AnyMessage;
test.each([['in full', (schema: AnyMessage) => schema], ['every third key', everyThird], ['what is nested', () => project(route.messages.newlink.schema, ['linkinfo.data', 'afSpec.inet6.flags', 'index', 'propList.altIfname']) as AnyMessage]] as const)('captured messages, each after all the others: %s', (_what, of) => {
  let made = 0, all = 0;
  for (const [declared, some] of bodies) {
    const schema = of(declared);
    const whole = interpreted(schema, true);
    let read = 0;
    const run = recurring(schema, true, (...of) => { read++; return whole(...of); }, eager);
    for (const bytes of some.flatMap((one) => [one, one])) {
      all++;
      expect(outcome(() => run(bytes, view(bytes), 0, bytes.length))).toEqual(outcome(() => whole(bytes, view(bytes), 0, bytes.length)));
    }
    made += all - read;
  }
  expect(all).toBeGreaterThan(1000);
  expect(made).toBeGreaterThan(all / 2);
});

test('of a thousand links that are alike, a handful is decoded in full, and each has what is its own', () => {
  const schema = route.messages.newlink.schema, longest = bodies.get(schema as never)!.filter((b) => b.length % 4 === 0).sort((a, b) => b.length - a.length)[0]!;
  const link = decoder(schema)(longest, view(longest), 0, longest.length), whole = interpreted(schema, true);
  let read = 0;
  const run = recurring(schema as never, true, (...of) => { read++; return whole(...of); });
  for (let n = 0; n < 1000; n++) {
    const one = { ...link, index: n + 1, ifname: `veth${1000 + n}`, mtu: 1500 + (n & 1), stats64: { ...link.stats64!, rxBytes: BigInt(n) } }, bytes = encode(schema, one);
    expect(run(bytes, view(bytes), 0, bytes.length)).toEqual(one);
  }
  expect(read).toBeLessThan(10);
});

test.each([[3, 110], [1000, 100]])('after a hundred messages that are not alike, with trust for %i templates', (trust, expected) => {
  const schema = route.messages.newlink.schema, whole = interpreted(schema, true);
  let read = 0;
  const run = recurring(schema as never, true, (...of) => { read++; return whole(...of); }, { ...eager, trust });
  // Of one length, and laid out in three ways.
  const names = (n: number): { ifname: string; qdisc: string } => ({ ifname: 'a'.repeat(1 + 4 * (n % 3)), qdisc: 'q'.repeat(9 - 4 * (n % 3)) });
  for (let n = 0; n < 110; n++) {
    const value = names(n < 100 ? n : 0), bytes = encode(schema, value as never);
    expect(run(bytes, view(bytes), 0, bytes.length)).toMatchObject(value);
  }
  expect(read).toBe(expected);
});

/** An attribute: its type, and what it holds. */
function put(type: number, ...data: (readonly number[] | string)[]): number[] {
  const payload = data.flatMap((part) => (typeof part === 'string' ? [...new TextEncoder().encode(`${part}\0`)] : part)), length = payload.length + 4;
  return [length & 255, length >> 8, type & 255, type >> 8, ...payload, ...Array<number>(-length & 3).fill(0)];
}
const zeros = (count: number): number[] => Array<number>(count).fill(0);
const word = struct('word', { n: u32 });
const Data = attrs('DA_', { data: [1, select('kind', { small: u8, large: u32 })] });
const around = (inner: AnyCodec): AnyMessage => message('around', word, attrs('AR_', { kind: [1, string], inner: [2, inner] })) as unknown as AnyMessage;
const asked = [...zeros(4), ...put(1, 'large')];

/** What has no selector where it is looked for first: one further out counts. */
test.each<[string, AnyMessage, (n: number) => number[]]>([
  ["a veth's peer without a kind", route.messages.newlink.schema as never, (n) => [...zeros(16), ...put(18, put(1, 'veth'), put(2, put(1, zeros(16), put(18, put(2, put(1, zeros(15), [n]))))))]],
  ['an action without a kind, of a filter', route.messages.newtfilter.schema as never, (n) => [...zeros(20), ...put(1, 'bpf'), ...put(2, put(1, put(1, put(2, put(2, [n, 0, 0, 0])))))]],
  ['a variant', around(variant(struct('probe', { type: u8 }), 'type', { 1: message('one', struct('header', { type: u8, x: u8, y: u8, z: u8 }), Data) })), (n) => [...asked, ...put(2, [1, 0, 0, 0], put(1, [n, 0, 0, 0]))]],
  ['a set that is in two others', around(indexed(attrs('BO_', { bound: [1, attrs('HA_', { kind: [1, string], data: [2, Data] })], free: [2, Data] }))), (n) => [...asked, ...put(2, put(1, put(2, put(1, [n, 0, 0, 0]))))]],
])('the selector of %s', (_, schema, body) => {
  const whole = interpreted(schema, true);
  let read = 0;
  const run = recurring(schema, true, (...of) => { read++; return whole(...of); }, eager);
  for (const n of [1, 2, 3]) {
    const bytes = Uint8Array.from(body(n));
    expect(run(bytes, view(bytes), 0, bytes.length)).toEqual(whole(bytes, view(bytes), 0, bytes.length));
  }
  expect(read).toBe(1);
});

test('two sets of one key, of which the second says less', () => {
  const schema = message('twice', word, attrs('TW_', { a: [1, attrs('A_', { b: [1, Data] })] })) as unknown as AnyMessage;
  const run = recurring(schema, true, interpreted(schema, true), eager);
  const bytes = Uint8Array.from([...zeros(4), ...put(1, put(1, put(1, [1]))), ...put(1)]);
  expect(run(bytes, view(bytes), 0, bytes.length)).toEqual({ n: 0, a: {} });
});

test.each<[string, (n: number) => object]>([
  // What differs is read with all that is around it: no template of a length makes anything.
  ['that never come to anything', (n) => ({ vfinfoList: { info: Array.from({ length: 8 }, (_, vf) => ({ rate: { vf, minTxRate: n, maxTxRate: 0 } })) } })],
  ['laid out in two ways, each a few times in a row', (n) => (n & 4 ? { ifname: 'a', qdisc: 'q'.repeat(9) } : { ifname: 'a'.repeat(9), qdisc: 'q' })],
])('few templates are made of messages %s', (_, more) => {
  const schema = route.messages.newlink.schema, whole = interpreted(schema, true), made = vi.spyOn(Generator.prototype, 'build');
  const run = recurring(schema as never, true, whole);
  try {
    for (let n = 0; n < 640; n++) {
      const value = { ifalias: 'x'.repeat(250), ...more(n) }, bytes = encode(schema, value as never);
      expect(run(bytes, view(bytes), 0, bytes.length)).toMatchObject(value);
    }
    // Decoders of what differs are made once each.
    expect(made.mock.calls.filter(([head]) => head.startsWith('make')).length).toSatisfy((count: number) => count > 1 && count <= 10);
  } finally { made.mockRestore(); }
});

test('messages of many thousand attributes take as long as they take without templates', () => {
  const schema = route.messages.newlink.schema as unknown as AnyMessage, whole = interpreted(schema, true), made = vi.spyOn(Generator.prototype, 'constant');
  try {
    const run = recurring(schema, true, whole), bytes = Uint8Array.from([...zeros(16), ...Array.from({ length: 4000 }, () => put(0x3ff0)).flat()]);
    for (let n = 0; n < 8; n++) run(bytes, view(bytes), 0, bytes.length);
    expect(made).not.toHaveBeenCalled();
  } finally { made.mockRestore(); }
});
