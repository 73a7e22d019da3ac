/**
 * Law 1 over real traffic: every message that a kernel or a real tool produced comes back byte for byte. The captures
 * of fixtures/ are ours; ../shared/vectors, where it is there, holds other projects' test messages.
 */
import { existsSync, readFileSync } from 'node:fs';
import { isDeepStrictEqual } from 'node:util';
import { describe, expect, test } from 'vitest';
import { decode, DecodeError, decodeMessage, encode, encodeMessage, frames, Writer, type AnyCodec, type Decoded, type Frame, type Protocol } from '../src/codec/index.ts';
import { protocolOf } from '../src/families/index.ts';
import { readHexLine } from '../src/inspect/hex.ts';
import { protocolNamed } from '../src/inspect/json.ts';
import { toHex } from '../src/inspect/capture.ts';
import { capturedMessages, files } from './support/fixtures.ts';

const littleEndian = true;
interface Outcome { readonly whole: boolean; readonly reason?: string; /** Attributes whose bytes no value stands for. */ readonly raw: string[]; readonly failure?: string }

/** One datagram, message by message. Padding between messages belongs to the datagram (see inspect-json.test.ts). */
function datagram(p: Protocol | undefined, bytes: Uint8Array): Outcome {
  const raw: string[] = [];
  let failure: string | undefined, reason: string | undefined;
  for (const frame of frames(bytes, { littleEndian })) {
    const message = decodeMessage(p, bytes, frame, { littleEndian, exact: true }), w = new Writer(littleEndian);
    encodeMessage(w, p, message);
    reason ??= difference(w.finish().subarray(0, frame.length), bytes.subarray(frame.at, frame.end));
    raw.push(...rawAttributes(message.body, message.name));
    failure ??= unstable(p, bytes, frame);
  }
  return { whole: reason === undefined, raw, ...(reason !== undefined && { reason }), ...(failure !== undefined && { failure }) };
}
function difference(again: Uint8Array, bytes: Uint8Array): string | undefined {
  const expected = toHex(bytes), got = toHex(again), at = [...expected].findIndex((c, i) => c !== got[i]) >> 1;
  return got === expected ? undefined : `${got.length / 2} bytes for ${expected.length / 2}, differs at byte ${at}: ${expected.slice(2 * at, 2 * at + 16)} became ${got.slice(2 * at, 2 * at + 16)}`;
}

/** Without exact mode: decodes, and encoding the value and decoding that changes nothing more. */
function unstable(p: Protocol | undefined, bytes: Uint8Array, frame: Frame): string | undefined {
  const again = (m: Decoded): Decoded => {
    const w = new Writer(littleEndian);
    encodeMessage(w, p, m);
    const out = w.finish();
    return decodeMessage(p, out, [...frames(out, { littleEndian })][0] as Frame, { littleEndian });
  };
  try {
    const full = again(decodeMessage(p, bytes, frame, { littleEndian }));
    return isDeepStrictEqual(again(full), full) ? undefined : 'not stable';
  } catch (error) {
    if (error instanceof DecodeError) return error.message;
    throw error;
  }
}

/** Places where exact mode had to keep raw bytes, because the schema's value does not bring them back. */
function rawAttributes(value: unknown, path: string): string[] {
  if (typeof value !== 'object' || value === null || value instanceof Uint8Array) return [];
  const wire = (value as { $wire?: Record<string, { data?: Uint8Array }> }).$wire ?? {};
  return [
    ...Object.entries(wire).filter(([, own]) => own.data).map(([key, own]) => `${path}.${key} = ${toHex(own.data!).slice(0, 48)}`),
    ...Object.entries(value).filter(([key]) => !key.startsWith('$')).flatMap(([key, inner]) => rawAttributes(inner, Array.isArray(value) ? path : `${path}.${key}`)),
  ];
}

describe('fixtures', () => {
  test('every captured message comes back byte for byte, and decodes', () => {
    const missed: string[] = [], undecoded: string[] = [], raw = new Map<string, string>();
    let messages = 0;
    for (const { name, read, bytes } of capturedMessages()) {
      messages++;
      const p = protocolNamed(read);
      const outcome = datagram(p, bytes);
      if (!outcome.whole) missed.push(`${name}: ${outcome.reason}`);
      if (outcome.failure) undecoded.push(`${name}: ${outcome.failure}`);
      for (const place of outcome.raw) raw.set(place.replace(/ = .*/, ''), `${place} (${name})`);
    }
    console.log(`fixtures: ${messages - missed.length} of ${messages} messages byte-exact, ${messages - undecoded.length} decode and stay the same`);
    if (raw.size) console.log(`kept as bytes, for want of a value that brings them back:\n  ${[...raw.values()].join('\n  ')}`);
    expect(missed).toEqual([]);
    expect(undecoded).toEqual([]);
    expect(messages).toBeGreaterThan(300);
  });
});

interface Vector { name: string; protocolNumber: number | null; framing: 'nlmsg' | 'body' | 'attrs' | 'bytes'; hex: string; messageType?: number; fixedHeader?: string; direction?: string }
const vectors = new URL('../../shared/vectors', import.meta.url).pathname;

/** Messages that no kernel sends: with what their authors' tests got away with. */
const notReal = new Map([
  ['jsimonetti__rtnetlink.json TestNeighMessageMarshalBinary/infiniband LL address', 'a neighbour with a destination of no bytes'],
  ['jsimonetti__rtnetlink.json TestNeighMessageMarshalBinary/EUI-64 LL', 'a neighbour with a destination of no bytes'],
  ['jsimonetti__rtnetlink.json TestRouteMessageFuzz/short rtnexthop', 'made by a fuzzer: next hops shorter than their header'],
]);

/** The schema of a body that says what it is only by its header's struct. */
function schemaOf(v: Vector): AnyCodec | undefined {
  const p = protocolOf(v.protocolNumber ?? -1), known = v.messageType === undefined ? undefined : p?.byNumber.get(v.messageType);
  return known && (v.direction?.startsWith('user') ? known.request : known.schema);
}

describe('vectors of other projects', () => {
  test.skipIf(!existsSync(vectors))('every nlmsg and body of a family that is covered comes back byte for byte', () => {
    const missed: string[] = [], undecoded: string[] = [];
    const counts = { tried: 0, whole: 0, raw: 0, other: 0 };
    for (const file of files(vectors)) {
      for (const v of (JSON.parse(readFileSync(file, 'utf8')) as { vectors: Vector[] }).vectors) {
        const bytes = readHexLine(v.hex), name = `${file.slice(vectors.length + 1)} ${v.name}`, p = protocolOf(v.protocolNumber ?? -1);
        if (v.framing === 'nlmsg') {
          const outcome = datagram(p, bytes);
          counts[p ? 'tried' : 'raw']++;
          if (outcome.whole) { if (p) counts.whole++; } else missed.push(`${name}: ${outcome.reason}`);
          if (outcome.failure) undecoded.push(`${name}: ${outcome.failure}`);
        } else if (v.framing === 'body' && schemaOf(v)) {
          const schema = schemaOf(v) as AnyCodec;
          counts.tried++;
          const again = encode(schema, decode(schema, bytes, { littleEndian, exact: true }), { littleEndian });
          const reason = difference(again, bytes);
          if (reason === undefined) counts.whole++; else missed.push(`${name}: ${reason}`);
          try {
            const full = (value: unknown): unknown => decode(schema, encode(schema, value as never, { littleEndian }), { littleEndian });
            const once = full(decode(schema, bytes, { littleEndian }));
            if (!isDeepStrictEqual(full(once), once)) undecoded.push(`${name}: not stable`);
          } catch (error) { undecoded.push(`${name}: ${(error as Error).message}`); }
        } else counts.other++;
      }
    }
    console.log(`vectors: ${counts.whole} of ${counts.tried} messages of covered families byte-exact; ${counts.raw} of protocols without schemas, as bytes; ${counts.other} are no messages or of no covered family`);
    const surprises = undecoded.filter((line) => ![...notReal.keys()].some((name) => line.startsWith(`${name}: `)));
    console.log(`do not decode without exact mode: ${undecoded.length}\n  ${[...notReal].map(([name, reason]) => `${name} (${reason})`).join('\n  ')}`);
    expect(missed).toEqual([]);
    expect(surprises).toEqual([]);
    expect(undecoded).toHaveLength(notReal.size);
    expect(counts.tried).toBeGreaterThan(1000);
  });
  if (!existsSync(vectors)) console.log(`skipped: ${vectors} is not there`);
});
