/** Messages that are nearly others, as those of a dump are: of the same length, their attributes in the same places, most of them. */
import { spans, type AnyCodec } from '../../src/codec/index.ts';
import type { Worth } from '../../src/codec/template.ts';
import type { Tape } from '../../src/testing/index.ts';

/** Every template that can be made, is. */
export const eager: Worth = { bytes: 0, most: Infinity, seen: 0, trust: Infinity, pays: 0 };

export interface Base {
  readonly bytes: Uint8Array;
  /** Where the headers of attributes are, at any depth, and how long the attributes. */
  readonly places: readonly { start: number; length: number }[];
  readonly littleEndian: boolean;
}

/** The message at a multiple of four bytes; `t` makes a stranger of an attribute now and then, so that a selector is missed, or sees to it that one comes twice. */
export function base(schema: AnyCodec, message: Uint8Array, littleEndian: boolean, t: Tape): Base {
  const bytes = new Uint8Array((message.length + 3) & ~3);
  bytes.set(message);
  const places = (): Base['places'] => spans(schema, bytes, { littleEndian }).spans.filter((s) => s.type === 'nlattr').map(({ start, value }) => ({ start, length: (value as { length: number }).length }));
  const before = places();
  if (!before.length || !t.chance(2)) return { bytes, places: before, littleEndian };
  new DataView(bytes.buffer).setUint16(t.pick(before).start + 2, t.pick([0x3ff0, 0x3ff1, 1, 2, 3]), littleEndian);
  return { bytes, places: places(), littleEndian };
}

/** Another message like it: up to three payloads, lengths within their room, or header fields differ; seldom more than that. */
export function near({ bytes, places, littleEndian }: Base, t: Tape): Uint8Array {
  const out = bytes.slice(), v = new DataView(out.buffer), heads = new Set(places.flatMap(({ start }) => [start, start + 1, start + 2, start + 3]));
  const change = (at: number): void => { if (at < out.length && !heads.has(at)) out[at] = t.pick([0, 1, 2, 10, (out[at] as number) ^ 1 << t.below(8), t.below(256)]); };
  for (let n = t.below(4); n > 0; n--) {
    const { start, length } = places.length ? t.pick(places) : { start: 0, length: 0 };
    switch (t.below(9)) {
      case 0: change(t.below(out.length)); break;
      case 1: change(t.below(20)); break;
      case 2: if (length > 4) v.setUint16(start, ((length + 3) & ~3) - t.below(4), littleEndian); break;
      case 3: if (t.chance(4) && length) v.setUint8(start + t.below(4), t.below(256)); break;
      default: for (let i = t.below(4); i >= 0; i--) change(start + 4 + t.below(Math.max(1, length - 4)));
    }
  }
  return out;
}
