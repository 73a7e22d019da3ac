/** Values of any schema, chosen by a tape: each is what decoding its own encoding gives. */
import { caseOf, decode, encode, fixedSize, resolve, TYPE_MASK } from '../codec/index.ts';
import type { AnyCodec, AnyMessage, Attrs, Bitmap, Bits, Enumeration, Fields, FixedArray, Flags, Indexed, Int, Ip, Keyed, List, Long, Mac, Multi, Records, Select, Sequence, Shape, Struct, Tail, Variant, Wide } from '../codec/index.ts';
import { checkSchema, find, valueAt, type Scope, type Values } from '../codec/source.ts';
import type { Tape } from './tape.ts';

/** How far down attribute sets are filled; below they are empty, so that sets that contain themselves end. */
const DEEPEST = 5;
const utf8 = new TextEncoder();

/** What values are made of, beside chance. */
export interface ValueOptions {
  /** Values that keys shall mostly have, where their schemas can carry them: names and numbers that exist. */
  readonly words?: Readonly<Record<string, readonly unknown[]>>;
  /** Keys of attributes that are left out. */
  readonly without?: ReadonlySet<string>;
  /**
   * As tools write: members of the headers of messages that are not among `words` are mostly left out (encoded, they are zero), attributes are few,
   * and unknown ones and numbers without a name rare.
   */
  readonly bare?: boolean;
}

/** A value of the schema. */
export function build(codec: AnyCodec, tape: Tape, options: ValueOptions = {}): unknown {
  checkSchema(codec);
  return make(codec, tape, undefined, 0, { ...selectorsOf(codec), ...options });
}

/** Selectors and the names of their cases. */
interface Names extends ValueOptions { readonly cases: ReadonlyMap<string, ReadonlySet<string>>; /** Selectors whose names other sets have for something else. */ readonly ambiguous?: ReadonlySet<string>; /** What a variant's schemas must say in their headers. */ readonly force?: { readonly key: string; readonly value: unknown } }

function make(codec: AnyCodec, t: Tape, scope: Scope | undefined, depth: number, names: Names): unknown {
  switch (codec.kind) {
    case 'int': return integer(codec as Int, t);
    case 'long': return long(codec as Long, t);
    case 'wide': return t.chance(2) ? long(codec as Long, t) : integer({ ...(codec as Wide), size: 4 } as unknown as Int, t);
    case 'text': return text(t, t.chance(16) ? 60 : 15);
    case 'chars': return text(t, fixedSize(codec) as number);
    case 'binary': return t.bytes(t.below(13));
    case 'blob': return t.bytes(fixedSize(codec) as number);
    case 'flag': return true;
    case 'ip': return decode(codec, t.bytes((codec as Ip).size ?? t.pick([4, 16])));
    case 'mac': return Array.from(t.bytes((codec as Mac).size ?? t.pick([6, 1, 4, 8, 16, 20, 32])), (b) => b.toString(16).padStart(2, '0')).join(':');
    case 'enum': return enumeration(codec as Enumeration<string>, t, names.bare ? 16 : 4);
    case 'flags': return flagList(codec as Flags<string>, t, names.bare ? 16 : 3);
    case 'bits': return Object.fromEntries(Object.entries((codec as Bits<string>).widths).map(([name, width]) => [name, t.integer(0, 2 ** width - 1)]));
    case 'bitmap': { const most = 8 * ((codec as Bitmap).bytes ?? 16); return [...new Set(Array.from({ length: t.below(8) }, () => t.below(most)))].sort((a, b) => a - b); }
    case 'struct': return fields(codec as Struct<Fields>, t, scope, depth, names);
    case 'array': return Array.from({ length: (codec as FixedArray<AnyCodec>).length }, () => make((codec as FixedArray<AnyCodec>).element, t, scope, depth, names));
    case 'list': return several(t, 0, depth, () => make((codec as List<AnyCodec>).element, t, scope, depth, names));
    case 'multi': return several(t, 1, depth, () => make((codec as Multi<AnyCodec>).element, t, scope, depth, names));
    case 'indexed': return several(t, 0, depth, () => make((codec as Indexed<AnyCodec>).element, t, scope, depth + 1, names));
    case 'sequence': return several(t, 0, depth, () => alone((codec as Sequence<AnyCodec>).element, t, scope, depth + 1, names));
    case 'keyed': return Object.fromEntries(several(t, 0, depth, () => [t.integer(0, TYPE_MASK), make((codec as Keyed<AnyCodec>).element, t, scope, depth + 1, names)]));
    case 'attrs': return set(codec as Attrs<Shape>, t, {}, scope, depth, names);
    case 'message': { const m = codec as AnyMessage; return set(m.attrs, t, bared(fields(m.header, t, scope, depth, names), t, names), scope, depth, names); }
    case 'records': return several(t, 0, depth, () => {
      const r = codec as Records<Fields, AnyCodec>, header = fields(r.header, t, scope, depth, names);
      delete header[r.lengthKey];
      return set(resolve(r.attrs) as Attrs<Shape>, t, header, scope, depth + 1, names);
    });
    case 'late': return make(resolve(codec), t, scope, depth, names);
    case 'tail': {
      const c = codec as Tail<Fields, string, AnyCodec>, out = fields(c.header, t, scope, depth, names);
      out[c.key] = make(c.rest, t, { value: out, outer: scope }, depth + 1, names);
      return out;
    }
    case 'variant': return variant(codec as AnyVariant, t, scope, depth, names);
    case 'select': return make(caseOf(codec as never, find((codec as Select<string, never, AnyCodec>).by, scope)), t, scope, depth, names);
    default: throw new TypeError(`no values of '${codec.kind}'`);
  }
}

function integer(c: Int, t: Tape): number {
  const span = 2 ** (8 * c.size);
  return c.signed ? t.integer(-span / 2, span / 2 - 1) : t.integer(0, span - 1);
}
function long(c: { signed: boolean }, t: Tape): bigint {
  const n = t.pick([0n, 1n, 0xffffffffn, -1n, 1n << 63n, t.long()]);
  return c.signed ? BigInt.asIntN(64, n) : BigInt.asUintN(64, n);
}

const letters = ['a', 'e', 't', 'h', '0', '1', '.', '-', ' ', 'Z', '~', '\u00e9', '\u20ac', '\u{1f600}', '\ufeff', '\x01', '\x7f', '\ufffd'];
/** Text of at most `room` bytes, mostly ASCII. */
function text(t: Tape, room: number): string {
  const wide = t.chance(8);
  let out = '', used = 0;
  for (let n = t.below(room + 1); n > 0; n--) {
    const letter = t.pick(wide ? letters : letters.slice(0, 11)), size = utf8.encode(letter).length;
    if (used + size > room) break;
    out += letter;
    used += size;
  }
  return out;
}

/** @param odd one in so many has no name */
function enumeration(c: Enumeration<string>, t: Tape, odd: number): string | number {
  if (c.byNumber.size && !t.chance(odd)) return t.pick([...c.byNumber.values()]);
  const n = integer(c.base, t);
  return c.byNumber.get(n) ?? n;
}
/** The names in the schema's order, what has no name behind them as one number. */
function flagList(c: Flags<string>, t: Tape, odd: number): (string | number)[] {
  let left = t.chance(odd) ? integer(c.base, t) : c.bits.reduce((sum, [bit]) => (t.chance(3) ? sum | bit : sum), 0);
  const out: (string | number)[] = [];
  for (const [bit, name] of c.bits) if (bit && (left & bit) === (bit | 0)) { out.push(name); left &= ~bit; }
  if (left) out.push(left >>> 0);
  return out;
}
function several<T>(t: Tape, least: number, depth: number, one: () => T): T[] {
  const count = depth >= DEEPEST ? least : least + t.below(3);
  return Array.from({ length: count }, one);
}

function fields(c: Struct<Fields>, t: Tape, scope: Scope | undefined, depth: number, names: Names): Values {
  const out: Values = {}, visible = c.places.filter((place) => !place.hidden);
  for (const { key, codec } of visible) if (codec.kind !== 'select') out[key] = names.force?.key === key ? names.force.value : named(key, codec, t, names) ?? make(codec, t, scope, depth, names);
  // A union, once the member that says which case holds is there.
  for (const { key, codec, size } of visible) {
    if (codec.kind !== 'select') continue;
    const { by } = codec as Select<string, never, AnyCodec>, inner = caseOf(codec as never, valueAt(out, by));
    out[key] = inner.kind === 'binary' ? t.bytes(size) : make(inner, t, { value: { [by]: valueAt(out, by) }, outer: undefined }, depth, names);
  }
  return out;
}

function bared(header: Values, t: Tape, { bare, words, force }: Names): Values {
  if (bare) for (const key of Object.keys(header)) if (!Object.hasOwn(words ?? {}, key) && key !== force?.key && !t.chance(4)) delete header[key];
  return header;
}

type AnyVariant = Variant<Record<string, AnyCodec>, AnyCodec>;
function variant(c: AnyVariant, t: Tape, scope: Scope | undefined, depth: number, names: Names): unknown {
  const by = c.probe.fields[c.by] as Enumeration<string>, otherwise = resolve(c.otherwise);
  if (t.chance(8) && otherwise.kind === 'message') {
    const value = t.integer(0, 2 ** (8 * (fixedSize(by) as number)) - 1);
    if (!by.byNumber?.has(value) && !Object.hasOwn(c.cases, value)) return make(otherwise, t, scope, depth, { ...names, force: { key: c.by, value } });
  } else if (t.chance(8)) {
    // Bytes that no case is for.
    const bytes = encode(c.probe, fields(c.probe, t, scope, depth, { cases: new Map() }) as never);
    if (decode(c, bytes) instanceof Uint8Array) return bytes;
  }
  const name = t.pick(Object.keys(c.cases));
  const value = by.kind === 'enum' && Object.hasOwn(by.names, name) ? by.byNumber.get(by.names[name] as number) : Number(name);
  return make(c.cases[name] as AnyCodec, t, scope, depth, { ...names, force: { key: c.by, value } });
}

/** Attributes added to `out`: about as many as a real message has. Selectors come before what they select. */
function set(c: Attrs<Shape>, t: Tape, out: Values, outer: Scope | undefined, depth: number, names: Names): Values {
  if (depth >= DEEPEST) return out;
  const scope: Scope = { value: out, outer };
  const all = [...c.byKey.values()].filter((a) => resolve(a.codec).kind !== 'pad' && !names.without?.has(a.key));
  const some = t.some(all, Math.min(0.6, (names.bare ? t.pick([1, 2, 3, 8]) : 8) / Math.max(1, all.length)));
  // What tools say is there more often than not.
  const chosen = names.bare && names.words ? [...new Set([...t.some(all.filter((a) => Object.hasOwn(names.words!, a.key)), 0.4), ...some])] : some;
  // A selector alone, or what it selects alone, is legal, but where an enclosing set would be taken for the selector;
  // both together, the selector first, is the interesting case.
  const wanted = new Set(chosen.flatMap((a) => selectorOf(a.codec)).filter((by) => c.byKey.has(by) && (names.ambiguous?.has(by) || !t.chance(8))));
  const selectors = new Set(all.flatMap((a) => selectorOf(a.codec)));
  const early = all.filter((a) => wanted.has(a.key) || selectors.has(a.key) && chosen.includes(a));
  const order = [...early, ...chosen.filter((a) => !early.includes(a))];
  for (const a of order) out[a.key] = named(a.key, a.codec, t, names) ?? make(a.codec, t, scope, depth + 1, names);
  if (t.chance(names.bare ? 40 : 6)) out['$unknown'] = several(t, 1, 0, () => unknownAttribute(c, t)).filter((u) => u !== undefined);
  if ((out['$unknown'] as unknown[] | undefined)?.length === 0) delete out['$unknown'];
  return out;
}
/** A set of one attribute, whichever. */
function alone(codec: AnyCodec, t: Tape, scope: Scope | undefined, depth: number, names: Names): Values {
  const c = resolve(codec) as Attrs<Shape>, out: Values = {}, a = t.pick([...c.byKey.values()].filter((one) => resolve(one.codec).kind !== 'pad'));
  const unknown = t.chance(8) ? unknownAttribute(c, t) : undefined;
  if (unknown) return { $unknown: [unknown] };
  out[a.key] = make(a.codec, t, { value: out, outer: scope }, depth + 1, names);
  return out;
}
function unknownAttribute(c: Attrs<Shape>, t: Tape): { type: number; data: Uint8Array } | undefined {
  const number = t.integer(0, TYPE_MASK);
  return c.byNumber.has(number) || c.every !== undefined ? undefined : { type: number | t.pick([0, 0x8000, 0x4000]), data: t.bytes(t.below(10)) };
}

/** A name that some select is waiting for, where the key's own schema can carry it. */
function named(key: string, codec: AnyCodec, t: Tape, names: Names): unknown {
  const cases = names.cases.get(key), inner = resolve(codec), said = names.words && Object.hasOwn(names.words, key) ? names.words[key] : undefined;
  if (said && !t.chance(4)) {
    const fit = said.filter((value) => carries(inner, value));
    if (fit.length) return t.pick(fit);
  }
  if (!cases || t.chance(5)) return undefined;
  const name = t.pick([...cases]);
  if (inner.kind === 'text' || inner.kind === 'chars') return name;
  if (inner.kind === 'enum') return Object.hasOwn((inner as Enumeration<string>).names, name) ? (inner as Enumeration<string>).byNumber.get((inner as Enumeration<string>).names[name] as number) : undefined;
  if (inner.kind === 'int' && /^\d+$/.test(name)) return Number(name);
  return undefined;
}

function carries(codec: AnyCodec, value: unknown): boolean {
  try { return encode(codec, value as never).length > 0; } catch { return false; }
}

const asked = new WeakMap<AnyCodec, string[]>();
/** What says which case holds: of a select itself, or of those in a nest whose own set does not say it. */
function selectorOf(codec: AnyCodec): string[] {
  const c = resolve(codec) as AnyCodec & { by?: string; element?: AnyCodec; byKey?: Attrs<Shape>['byKey'] };
  if (c.kind === 'select') return [c.by as string];
  if (c.kind === 'multi') return selectorOf(c.element as AnyCodec);
  if (c.kind !== 'attrs') return [];
  let found = asked.get(c);
  if (!found) {
    // A set may be in itself.
    asked.set(c, (found = []));
    for (const by of [...c.byKey!.values()].flatMap((a) => selectorOf(a.codec))) if (!c.byKey!.has(by)) found.push(by);
  }
  return found;
}

const known = new WeakMap<AnyCodec, Names>();
/** Every selector anywhere in a schema, with the names that its cases have. */
function selectorsOf(codec: AnyCodec): Names {
  const root = resolve(codec);
  const hit = known.get(root);
  if (hit) return hit;
  const cases = new Map<string, Set<string>>(), ambiguous = new Set<string>(), names = { cases, ambiguous }, all = reachable(root);
  for (const c of all) {
    if (c.kind !== 'select') continue;
    const s = c as Select<string, Record<string, AnyCodec>, AnyCodec>, own = cases.get(s.by) ?? new Set();
    for (const name of Object.keys(s.cases)) own.add(name);
    cases.set(s.by, own);
  }
  for (const { byKey } of all as Iterable<Partial<Attrs<Shape>>>) {
    const selecting = new Set([...(byKey?.values() ?? [])].flatMap((a) => selectorOf(a.codec)));
    for (const by of cases.keys()) if (byKey?.has(by) && !selecting.has(by)) ambiguous.add(by);
  }
  known.set(root, names);
  return names;
}

/** A schema and everything in it, once each. */
export function reachable(codec: AnyCodec, seen = new Set<AnyCodec>()): Set<AnyCodec> {
  const root = resolve(codec);
  if (seen.has(root)) return seen;
  seen.add(root);
  for (const inner of parts(root)) reachable(inner, seen);
  return seen;
}
function parts(codec: AnyCodec): AnyCodec[] {
  const c = codec as { element?: AnyCodec; base?: AnyCodec; rest?: AnyCodec; probe?: AnyCodec; header?: AnyCodec; attrs?: AnyCodec; fields?: Fields; cases?: Record<string, AnyCodec>; otherwise?: AnyCodec; byKey?: ReadonlyMap<string, { codec: AnyCodec }> };
  return [
    c.element, c.base, c.rest, c.probe, c.header, c.attrs, c.otherwise,
    ...Object.values(c.fields ?? {}), ...Object.values(c.cases ?? {}), ...[...(c.byKey?.values() ?? [])].map((a) => a.codec),
  ].filter((inner) => inner !== undefined);
}
