/** C layout: sizes, alignment, offsets. LP64, as on every Linux that Node runs on. */
import type { AnyCodec } from './scalars.ts';

/** Where a member of a struct is, in bytes. A hidden one (padding) has no key in values. */
export interface Place { readonly key: string; readonly codec: AnyCodec; readonly offset: number; readonly size: number; readonly hidden: boolean }

type Sized = AnyCodec & { readonly size?: number; readonly base?: AnyCodec; readonly element?: AnyCodec; readonly align?: number; readonly bytes?: number; readonly cases?: Readonly<Record<string, AnyCodec>>; readonly otherwise?: AnyCodec };

/** Bytes that a codec of fixed size takes; throws where the size depends on the value. */
export function sizeOf(codec: AnyCodec): number {
  const size = fixedSize(codec);
  if (size === undefined) throw new TypeError(`${codec.kind} has no fixed size`);
  return size;
}
/** Bytes that a codec takes; undefined where the size depends on the value. */
export function fixedSize(codec: AnyCodec): number | undefined {
  const c = codec as Sized;
  return c.size ?? (c.base ? fixedSize(c.base) : c.bytes);
}
function alignOf(codec: AnyCodec): number {
  const c = codec as Sized;
  if (c.kind === 'struct') return c.align as number;
  if (c.kind === 'array') return alignOf(c.element as AnyCodec);
  if (c.base) return alignOf(c.base);
  if (c.kind === 'int' || c.kind === 'long') return c.size as number;
  if (c.kind === 'select') return Math.max(...[...Object.values(c.cases ?? {}), c.otherwise as AnyCodec].map(alignOf));
  // in_addr and in6_addr are words of 4 in C; char arrays, MACs and blobs are bytes.
  return c.kind === 'ip' ? 4 : 1;
}

/** The member at a dotted path ('id.family'); its offset is from the beginning of the outermost struct. */
export function placeAt(struct: { readonly places: readonly Place[] }, path: string): Place | undefined {
  const dot = path.indexOf('.'), place = struct.places.find((p) => p.key === (dot < 0 ? path : path.slice(0, dot)));
  if (dot < 0 || !place) return place;
  const inner = placeAt(place.codec as unknown as { places: Place[] }, path.slice(dot + 1));
  return inner && { ...inner, offset: place.offset + inner.offset };
}

export function layOut(fields: Readonly<Record<string, AnyCodec>>, most: number): { places: Place[]; size: number; align: number } {
  let at = 0, align = 1;
  const places: Place[] = [];
  for (const [key, codec] of Object.entries(fields)) {
    const size = sizeOf(codec), own = Math.min(alignOf(codec), most);
    at = Math.ceil(at / own) * own;
    places.push({ key, codec, offset: at, size, hidden: key.startsWith('_') });
    at += size;
    align = Math.max(align, own);
  }
  return { places, size: Math.ceil(at / align) * align, align };
}
