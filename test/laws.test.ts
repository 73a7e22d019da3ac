/**
 * What holds for every schema in the tree, found by walking it, and for a specimen of every schema word; in both
 * byte orders. A failure prints fast-check's seed and path: pass them to `check` to run that case again.
 */
import { isDeepStrictEqual, inspect } from 'node:util';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { decode, DecodeError, encode, EncodeError, project, spans, type AnyCodec, type Attrs, type Shape, type AnyMessage } from '../src/codec/index.ts';
import { compiled, interpreted } from '../src/codec/compile.ts';
import { recurring } from '../src/codec/template.ts';
import { ExtAck, Policy } from '../src/codec/control.ts';
import { route } from '../src/families/index.ts';
import { linkinfo } from '../src/families/route/link.ts';
import { kinds } from '../src/families/route/kinds/index.ts';
import { arbitrary, hostile, mutate, mutation, Tape } from '../src/testing/index.ts';
import { base, eager, near } from './support/near.ts';
import { declared, messagesOf, walk } from './support/schemas.ts';
import { specimens } from './support/specimens.ts';

const composite = new Set(['struct', 'attrs', 'message', 'records', 'tail', 'variant', 'list', 'indexed', 'sequence', 'keyed']);
/** Each schema once, by one path that leads to it. Scalars are tested where they stand. */
const schemas = new Map<AnyCodec, string>();
const seen = new Set<AnyCodec>();
for (const p of declared) for (const m of messagesOf(p)) for (const s of [m.schema, m.request]) walk(s, m.name, (c, path) => { if (composite.has(c.kind)) schemas.set(c, path); }, seen);
const inTree = schemas.size;
for (const [name, schema] of Object.entries({ ...specimens, ExtAck, Policy })) walk(schema, `specimen ${name}`, (c, path) => { if (composite.has(c.kind)) schemas.set(c, path); }, seen);

const all: [path: string, schema: AnyCodec][] = [...schemas].map(([schema, path]) => [`${path} (${schema.kind})`, schema]);
const specimenNames = new Set(Object.keys(specimens));
/** NLKIT_RUNS=10 runs ten times as many cases. */
const times = Number(process.env['NLKIT_RUNS'] ?? 1);
const runsOf = (path: string): number => times * (path.startsWith('specimen ') && specimenNames.has(path.split(' ')[1]!) ? 300 : 20);

function check<T>(path: string, values: fc.Arbitrary<T>, law: (value: T) => void, share = 1): void {
  fc.assert(fc.property(values, law), { numRuns: Math.ceil(runsOf(path) * share) });
}
function same(actual: unknown, expected: unknown, what: string, context: unknown): void {
  if (isDeepStrictEqual(actual, expected)) return;
  const show = (v: unknown): string => inspect(v, { depth: 20, breakLength: 140, maxArrayLength: 200 });
  throw new Error(`${what}\n  got      ${show(actual)}\n  expected ${show(expected)}\n  from     ${show(context)}`);
}
const view = (b: Uint8Array): DataView => new DataView(b.buffer, b.byteOffset, b.byteLength);
/** The result, or the DecodeError; any other error is a failure. */
function outcome<T>(body: () => T): { value: T } | { error: DecodeError } {
  try { return { value: body() }; } catch (error) { if (error instanceof DecodeError) return { error }; throw error; }
}
/** The bytes somewhere inside other bytes, at an odd place. */
function embedded(bytes: Uint8Array): Uint8Array {
  const room = new Uint8Array(bytes.length + 24).fill(0xff);
  room.set(bytes, 7);
  return room;
}

test('the tree is found', () => { expect(inTree).toBeGreaterThan(100); });

describe.each(all)('%s', (path, schema) => {
  test('round trip: decode(encode(v)) = v', () => {
    check(path, arbitrary(schema), (value) => {
      for (const littleEndian of [true, false]) same(decode(schema, encode(schema, value, { littleEndian }), { littleEndian }), value, `round trip, little endian ${littleEndian}`, encode(schema, value, { littleEndian }));
    });
  });
  test('any bytes: total, one meaning, tiled, exact', () => {
    check(path, hostile(schema), (bytes) => {
      for (const littleEndian of [true, false]) laws(schema, bytes, littleEndian);
    });
  });
  if (schema.kind === 'message' || schema.kind === 'attrs') {
    test('a projection is a part of the whole', () => {
      const keys = [...((schema.kind === 'message' ? (schema as AnyMessage).attrs : schema) as Attrs<Shape>).byKey.keys(), ...(schema.kind === 'message' ? visible(schema as AnyMessage) : [])];
      check(path, fc.tuple(arbitrary(schema), fc.subarray(keys, { maxLength: Math.min(3, keys.length) })), ([value, some]) => {
        if (!some.length) return;
        const bytes = encode(schema, value), whole = decode(schema, bytes) as Record<string, unknown>;
        const part = decode(schema, bytes, { select: some }) as Record<string, unknown>;
        for (const key of some) same(part[key], whole[key], `select ${some.join(',')}: ${key}`, bytes);
        for (const key in part) same(part[key], whole[key], `select ${some.join(',')}: brought ${key}`, bytes);
        same(compiled(project(schema, some), true)(bytes, view(bytes), 0, bytes.length), part, `select ${some.join(',')} compiled`, bytes);
      });
    });
  }
});

const tapes = fc.array(fc.integer({ min: 0, max: 0xffffffff }), { minLength: 20, maxLength: 120 });
let decoded = 0, made = 0;
describe.each(all.filter(([, schema]) => schema.kind === 'message') as [string, AnyMessage][])('%s', (path, schema) => {
  test('one meaning: made from a message before it', () => {
    check(path, fc.tuple(arbitrary(schema), arbitrary(schema), fc.array(mutation, { maxLength: 1 }), tapes, fc.boolean()), ([one, other, damages, numbers, littleEndian]) => {
      const t = new Tape(numbers), bases = [one, other].map((value) => base(schema, encode(schema, value, { littleEndian }), littleEndian, t));
      let wholes = 0;
      const whole = interpreted(schema, littleEndian), run = recurring(schema, littleEndian, (...of) => { wholes++; return whole(...of); }, eager);
      const law = (bytes: Uint8Array): void => {
        const room = embedded(bytes), before = wholes, result = outcome(() => run(room, view(room), 7, 7 + bytes.length));
        decoded++;
        if (wholes === before) {
          made++;
          const expected = outcome(() => whole(room, view(room), 7, 7 + bytes.length));
          same(result, expected, 'made from another differs from interpreted', { littleEndian, bases, bytes });
          same(inOrder(result), inOrder(expected), 'made from another has its keys in another order', { littleEndian, bases, bytes });
        }
        // Whoever has a value may do with it what he wants.
        if ('value' in result) poison(result.value);
      };
      for (let i = 0; i < 4; i++) law(near(t.pick(bases), t));
      law(damages.reduce(mutate, bases[0]!.bytes));
      // Each case is five messages, and a template or two.
    }, 0.25);
  });
});
test('a third of them was made, not decoded', () => { expect(made).toBeGreaterThanOrEqual(decoded / 3); });
/** The keys of all objects, as they come. */
const inOrder = (value: unknown): string => JSON.stringify(value, (_, v: unknown) => (typeof v === 'bigint' ? 0 : v));
function poison(value: unknown): void {
  if (value === null || typeof value !== 'object' || Object.isFrozen(value)) return;
  if (ArrayBuffer.isView(value)) { (value as Uint8Array).fill(0xee); return; }
  for (const key of Object.keys(value)) {
    poison((value as Record<string, unknown>)[key]);
    (value as Record<string, unknown>)[key] = 'poison';
  }
}

describe('the arbitraries are not idle', () => {
  const link = route.messages.newlink.schema, set = link.attrs as unknown as Attrs<Shape>;
  const values = fc.sample(arbitrary(link, { choices: 300 }), { numRuns: 1500, seed: 1 }) as unknown as Record<string, unknown>[];
  test('every attribute of a link, and strangers', () => {
    const missing = [...set.byKey.values()].filter((a) => a.codec.kind !== 'pad' && !values.some((v) => v[a.key] !== undefined)).map((a) => a.key);
    expect(missing).toEqual([]);
    expect(values.some((v) => v['$unknown'])).toBe(true);
  });
  test('every kind of link, with data that is its own', () => {
    const infos = fc.sample(arbitrary(linkinfo), { numRuns: 2000, seed: 1 }) as { kind?: string; data?: unknown }[];
    const missing = Object.keys(kinds).filter((kind) => !infos.some((i) => i.kind === kind && i.data && !(i.data instanceof Uint8Array) && Object.keys(i.data).length));
    expect(missing).toEqual([]);
  });
  test('hostile bytes both decode and fail, and both often', () => {
    const all = fc.sample(hostile(link), { numRuns: 500, seed: 1 });
    const failed = all.filter((b) => 'error' in outcome(() => decode(link, b))).length;
    expect(failed).toBeGreaterThan(50);
    expect(failed).toBeLessThan(450);
  });
});

const visible = (m: AnyMessage): string[] => Object.keys(m.header.fields).filter((key) => !key.startsWith('_'));

/** Not everything that decodes is a value: an attribute may be there without the selector that says what it is. */
function encoded(schema: AnyCodec, value: unknown, littleEndian: boolean): Uint8Array | undefined {
  try { return encode(schema, value as never, { littleEndian }); } catch (error) { if (error instanceof EncodeError) return undefined; throw error; }
}

function laws(schema: AnyCodec, bytes: Uint8Array, littleEndian: boolean): void {
  const context = { littleEndian, bytes };
  // Total: a value or a DecodeError with its place.
  const plain = outcome(() => interpreted(schema, littleEndian)(bytes, view(bytes), 0, bytes.length));
  if ('error' in plain) {
    const { offset, path } = plain.error;
    if (!(Number.isInteger(offset) && offset >= 0 && offset <= bytes.length)) throw new Error(`offset ${offset} of ${bytes.length} bytes: ${plain.error.message}`);
    if (!Array.isArray(path)) throw new Error('no path');
  }
  // What decodes, encodes, and then means the same for ever: the first encoding fills up what was short.
  if ('value' in plain) {
    const first = encoded(schema, plain.value, littleEndian);
    if (first) {
      const full = decode(schema, first, { littleEndian });
      same(decode(schema, encode(schema, full as never, { littleEndian }), { littleEndian }), full, 'not stable', context);
    }
  }
  // One meaning: compiled, and from the middle of other memory.
  const room = embedded(bytes), quick = ((): { value: unknown } | undefined => { try { return { value: compiled(schema, littleEndian)(room, view(room), 7, 7 + bytes.length) }; } catch { return undefined; } })();
  if (quick) same(quick, plain, 'compiled differs from interpreted', context);
  else if ('value' in plain) throw new Error(`compiled fails where interpreted does not\n  ${inspect(context, { maxArrayLength: 400 })}`);
  // Spans tile, and mean what exact decoding means.
  const traced = spans(schema, bytes, { littleEndian });
  let at = 0;
  for (const span of traced.spans) {
    if (!span.leaf) continue;
    if (span.start !== at || span.end <= span.start) throw new Error(`hole or overlap at ${at}: ${inspect(traced.spans.filter((s) => s.leaf), { maxArrayLength: 400 })}\n  ${inspect(context, { maxArrayLength: 400 })}`);
    at = span.end;
  }
  if (at !== bytes.length) throw new Error(`spans end at ${at} of ${bytes.length}: ${inspect(traced.spans.filter((s) => s.leaf))}\n  ${inspect(context, { maxArrayLength: 400 })}`);
  const exact = outcome(() => decode(schema, bytes, { littleEndian, exact: true }));
  if ('value' in exact) same(traced.value, exact.value, 'spans give another value than exact decoding', context);
  // Byte-exact: sets and messages keep everything.
  if (schema.kind === 'attrs' || schema.kind === 'message') {
    if ('error' in exact) throw new Error(`exact decoding failed: ${exact.error.message}\n  ${inspect(context, { maxArrayLength: 400 })}`);
    same(encode(schema, exact.value as never, { littleEndian }), bytes, 'not byte-exact', exact.value);
  }
}
