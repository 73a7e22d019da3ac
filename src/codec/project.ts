/** A smaller schema that decodes only some keys: what the rest is, is not even looked at. */
import type { AnyCodec } from './scalars.ts';
import { didYouMean } from './errors.ts';
import { children, resolve, type AnySelect } from './source.ts';
import { typeName } from './schema.ts';
import type { AnyMessage, Attribute_, Attrs, Shape, Struct, Fields, Variant } from './schema.ts';

/** Marks a set whose other attributes are skipped, not kept as unknown. */
export interface Partial_ { readonly partial: true }

export const isPartial = (set: Attrs<Shape>): boolean => (set as Partial<Partial_>).partial === true;
/** Of a message, a few attributes. */
export const isSmall = (codec: AnyCodec): boolean => codec.kind === 'message' && isPartial((codec as AnyMessage).attrs) && (codec as AnyMessage).attrs.byKey.size < 16;

const cache = new WeakMap<AnyCodec, Map<string, AnyCodec>>();

/** The message or set with only `keys` ('ifname', or 'linkinfo.kind' for a part of a nest). What selects a chosen attribute comes with it. */
export function project(codec: AnyCodec, keys: readonly string[]): AnyCodec {
  const known = cache.get(codec) ?? new Map<string, AnyCodec>(), id = keys.join(' ');
  cache.set(codec, known);
  const hit = known.get(id);
  if (hit) return hit;
  const made = projected(codec, keys);
  known.set(id, made);
  return made;
}
function projected(codec: AnyCodec, keys: readonly string[]): AnyCodec {
  switch (codec.kind) {
    case 'message': return projectMessage(codec as AnyMessage, keys);
    case 'variant': return projectVariant(codec as AnyVariant, keys);
    case 'attrs': return projectSet(codec as Attrs<Shape>, keys);
    case 'select': return projectSelect(codec as AnySelect, keys);
    case 'multi': case 'indexed': case 'sequence': case 'keyed': {
      const { element } = codec as AnyCodec & { element: AnyCodec };
      return { ...codec, element: project(resolve(element), keys) } as AnyCodec;
    }
    default: throw new TypeError(`select: ${typeName(codec)} has no parts to select: '${keys[0]}'`);
  }
}

function projectMessage(m: AnyMessage, keys: readonly string[]): AnyCodec {
  const fields = new Set(keys.filter((k) => Object.hasOwn(m.header.fields, k)));
  const rest = keys.filter((k) => !fields.has(k));
  const { set, needed } = pick(m.attrs, rest, Object.keys(m.header.fields));
  for (const by of needed) if (Object.hasOwn(m.header.fields, by)) fields.add(by);
  // Fields that are not wanted keep their place and lose their name.
  const places = m.header.places.map((p) => (fields.has(p.key) ? p : { ...p, hidden: true }));
  const header = { kind: 'struct', type: m.header.type, fields: m.header.fields, places, size: m.header.size, align: m.header.align } as unknown as Struct<Fields>;
  return { kind: 'message', type: m.type, header, attrs: set } as unknown as AnyCodec;
}
type AnyVariant = Variant<Record<string, AnyCodec>, AnyCodec>;
/** Each case gives those of the keys that it has. */
function projectVariant(v: AnyVariant, keys: readonly string[]): AnyCodec {
  const has = (m: AnyMessage, key: string): boolean => Object.hasOwn(m.header.fields, key) || m.attrs.byKey.has(key.split('.', 1)[0] as string);
  const all = Object.values(v.cases).map(resolve).filter((c): c is AnyMessage => c.kind === 'message');
  const stray = keys.find((key) => !all.some((m) => has(m, key)));
  if (stray !== undefined) throw new TypeError(`select: '${stray}' is not a key of any ${v.type}`);
  const cases = Object.fromEntries(Object.entries(v.cases).map(([name, c]) => {
    const m = resolve(c) as AnyMessage;
    return [name, m.kind === 'message' ? project(m, keys.filter((key) => has(m, key))) : m];
  }));
  return { ...v, cases } as AnyCodec;
}
/** Each case gives those of the keys that it has; bytes stay bytes. */
function projectSelect(select: AnySelect, keys: readonly string[]): AnyCodec {
  const own = (key: string): string => key.split('.', 1)[0] as string;
  const has = (c: AnyCodec, key: string): boolean => (c as { byKey?: ReadonlyMap<string, unknown> }).byKey?.has(own(key)) ?? false;
  const all = [...Object.values(select.cases), select.otherwise].map(resolve);
  const stray = keys.find((key) => !all.some((c) => has(c, key)));
  if (stray !== undefined) {
    const words = new Set(all.flatMap((c) => [...((c as { byKey?: ReadonlyMap<string, unknown> }).byKey?.keys() ?? [])]));
    throw new TypeError(`select: '${own(stray)}' is not a key of any ${select.by}${didYouMean(own(stray), words)}`);
  }
  const part = (c: AnyCodec): AnyCodec => { const set = resolve(c); return set.kind === 'attrs' ? project(set, keys.filter((key) => has(set, key))) : c; };
  return { ...select, cases: Object.fromEntries(Object.entries(select.cases).map(([name, c]) => [name, part(c)])), otherwise: part(select.otherwise) } as AnyCodec;
}
const projectSet = (set: Attrs<Shape>, keys: readonly string[]): AnyCodec => pick(set, keys, []).set;

function pick(set: Attrs<Shape>, keys: readonly string[], others: readonly string[]): { set: Attrs<Shape> & Partial_; needed: Set<string> } {
  const inner = new Map<string, string[] | undefined>(), needed = new Set<string>();
  for (const key of keys) {
    const dot = key.indexOf('.'), own = dot < 0 ? key : key.slice(0, dot);
    const a = set.byKey.get(own);
    if (!a) throw new TypeError(`select: '${own}' is not a key of ${set.prefix}*${didYouMean(own, [...set.byKey.keys(), ...others])}`);
    if (dot < 0) inner.set(own, undefined);
    else if (!inner.has(own)) inner.set(own, [key.slice(dot + 1)]);
    else inner.get(own)?.push(key.slice(dot + 1));
  }
  const byKey = new Map<string, Attribute_>();
  for (const [key, deeper] of inner) {
    const a = set.byKey.get(key) as Attribute_, codec = resolve(a.codec);
    byKey.set(key, deeper ? { ...a, codec: project(codec, deeper) } : a);
    for (const by of selectors(codec)) {
      const sibling = set.byKey.get(by);
      if (sibling) byKey.set(by, byKey.get(by) ?? sibling);
      else needed.add(by);
    }
  }
  const byNumber = new Map([...byKey.values()].map((a) => [a.number, a]));
  return { set: { kind: 'attrs', type: 'nest', prefix: set.prefix, shape: set.shape, byKey, byNumber, partial: true, ...(set.every !== undefined && byKey.has(set.every) && { every: set.every }) } as unknown as Attrs<Shape> & Partial_, needed };
}

/** The keys that are open around a schema, innermost first. */
interface Bound { readonly keys: object; readonly outer: Bound | undefined }
const isBound = (by: string, bound: Bound | undefined): boolean => bound !== undefined && (Object.hasOwn(bound.keys, by) || isBound(by, bound.outer));

/** What a schema's selectors look for outside of it. */
function selectors(codec: AnyCodec, out = new Set<string>(), bound: Bound | undefined = undefined, seen = new Set<AnyCodec>()): Set<string> {
  const own = resolve(codec), { shape, by, header } = own as { shape?: Shape; by?: string; header?: { fields: Fields } };
  if (shape && seen.has(own)) return out;
  if (shape) seen.add(own);
  if (own.kind === 'select' && !isBound(by as string, bound)) out.add(by as string);
  const keys = shape ?? header?.fields, within = keys ? { keys, outer: bound } : bound;
  for (const part of children(own)) selectors(part, out, within, seen);
  return out;
}
