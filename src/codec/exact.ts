/** Exact mode: what of the bytes the values alone would not bring back. */
import type { AnyCodec } from './scalars.ts';
import type { AnyMessage, Attribute_, Attrs, Multi, Shape, WireAttribute } from './schema.ts';
import { parts, resolve, type Scope, type Source, type Values } from './source.ts';
import { label, labels, nestedFlag, payload, payloadCodec, write } from './write.ts';
import { Writer } from './writer.ts';

/** One attribute as it came. */
export interface Occurrence { key: string | undefined; attribute: Attribute_ | undefined; type: number; at: number; end: number; next: number; failed: boolean }

/** Compares each attribute with what encoding would give, and keeps the differences in `$wire` and `$order`. */
export function attributeDeviations(s: Source, set: Attrs<Shape>, value: Values, seen: readonly Occurrence[], scope: Scope): void {
  const wire: Record<string, WireAttribute> = {}, order: string[] = [], counts = new Map<string, number>(), last = new Map<string, Occurrence>();
  const failed = new Set<string>();
  for (const o of seen) if (o.key !== undefined) { last.set(o.key, o); if (o.failed) failed.add(o.key); }
  for (const o of seen) {
    const name = o.key ?? '?', index = counts.get(name) ?? 0, own: WireAttribute = {};
    const codecOf = o.attribute && resolve(o.attribute.codec), parted = codecOf?.kind === 'multi' ? (codecOf as Multi<AnyCodec>).parted : undefined;
    const held = o.failed ? 1 : parts(parted, s.view, o.at, o.end, s.littleEndian).length;
    counts.set(name, index + held);
    order.push(label(name, index));
    const data = s.bytes.subarray(o.at, o.end);
    if (o.attribute) {
      const multi = codecOf?.kind === 'multi';
      // Of several of a kind that should be alone only the last is the value; a failed one leaves a hole in an array. Values that share a nest would not.
      const bare = o.failed || held > 1 || (multi ? failed.has(name) : last.get(name) !== o);
      const codec = payloadCodec(o.attribute, scope);
      const again = bare ? undefined : attempt(() => payload(codec, multi ? (value[name] as unknown[])[index] : value[name], scope, s.littleEndian, s.depth));
      if (!again || !same(again, data)) own.data = data.slice();
      if (o.type !== (own.data ? o.attribute.number : o.attribute.number | nestedFlag(codec))) own.type = o.type;
    }
    const padding = s.bytes.subarray(o.end, o.next);
    if (padding.length !== (-(o.end - o.at) & 3) || padding.some((b) => b !== 0)) own.pad = padding.slice();
    if (own.data || own.pad || own.type !== undefined) wire[label(name, index)] = own;
  }
  if (Object.keys(wire).length) value['$wire'] = wire;
  const natural = labels(set, value);
  if (natural.length !== order.length || natural.some((l, i) => l !== order[i])) value['$order'] = order;
}

/** Keeps a message's header where it is shorter than today's or has bytes in its padding. */
export function headerDeviation(s: Source, codec: AnyMessage, value: Values, at: number, end: number): void {
  const bytes = s.bytes.subarray(at, end), size = codec.header.size + 3 & ~3;
  const w = new Writer(s.littleEndian);
  const ok = attempt(() => { write(w, codec.header, value, undefined); while (w.pos < size) w.take(1); return w.finish(); });
  if (!ok || !same(ok, bytes)) value['$header'] = bytes.slice();
}

function attempt<T>(body: () => T): T | undefined {
  try { return body(); } catch { return undefined; }
}
export const same = (a: Uint8Array, b: Uint8Array): boolean => a.length === b.length && a.every((x, i) => x === b[i]);
