/** The words that put values together: structs, attribute sets, messages. Types, codecs, dumps and docs all come from them. */
import { u32, flags, type AnyCodec, type Codec, type Flags, type Value } from './scalars.ts';
import { fixedSize, layOut, sizeOf, type Place } from './layout.ts';

// -- structs ------------------------------------------------------------------------------------------------

/** Members of a struct in order: name -> codec of a fixed size. */
export type Fields = { readonly [name: string]: AnyCodec };
type Visible<F> = { [K in keyof F]: K extends `_${string}` ? never : K }[keyof F];
/** What a struct's values look like: every member, but for padding. */
export type StructValue<F extends Fields> = { -readonly [K in Visible<F> & keyof F]: Value<F[K]> };

/** A C struct: what `struct` and `packed` give. */
export interface Struct<F extends Fields> extends Codec<StructValue<F>> {
  new (): StructValue<F>;
  readonly kind: 'struct';
  /** The C struct's name. */
  readonly type: string;
  readonly fields: F;
  /** What members are that are left out, where that is not zero. */
  readonly defaults?: Readonly<Record<string, unknown>>;
  readonly places: readonly Place[];
  readonly size: number;
  readonly align: number;
}
/** A C struct with natural alignment. A key that begins with `_` is padding. Members left out are zero, or as in `defaults`; an older, shorter struct reads as far as it goes. */
export const struct = <const F extends Fields>(type: string, fields: F, defaults?: Partial<StructValue<F>>): Struct<F> => structOf(type, fields, 8, defaults);
/** A struct without alignment (`__attribute__((packed))`). */
export const packed = <const F extends Fields>(type: string, fields: F): Struct<F> => structOf(type, fields, 1);
const structOf = <const F extends Fields>(type: string, fields: F, most: number, defaults?: object): Struct<F> => declared(STRUCT, { type, fields, layout: lazy(() => layOut(fields, most)), ...(defaults && { defaults }) }) as Struct<F>;
interface StructParts { readonly layout: () => ReturnType<typeof layOut> }
const STRUCT = Object.create(Function.prototype, {
  kind: { value: 'struct' },
  places: { get(this: StructParts) { return this.layout().places; } },
  size: { get(this: StructParts) { return this.layout().size; } },
  align: { get(this: StructParts) { return this.layout().align; } },
}) as object;

/**
 * A class to extend, with these members. Hundreds of schemas are declared when a program starts and most are never used: what all schemas of
 * a kind share is on one prototype, and what follows from a declaration is made when it is first asked for.
 */
function declared(shared: object, members: object): unknown {
  const base = function () {};
  Object.setPrototypeOf(base, shared);
  base.prototype = VALUE;
  return Object.assign(base, members);
}
const VALUE = {};
function lazy<T>(make: () => T): () => T {
  let made: T | undefined;
  return () => (made ??= make());
}

/** struct nla_bitfield32: which bits, and to what. */
export const bitfield32 = <const T extends Readonly<Record<string, number>>>(names: T, prefix?: string): Struct<{ value: Flags<keyof T & string>; selector: Flags<keyof T & string> }> =>
  struct('nla_bitfield32', { value: flags(u32, names, prefix), selector: flags(u32, names, prefix) });

/** A C array of `length` elements. */
export interface FixedArray<C extends AnyCodec> extends Codec<Value<C>[]> { readonly kind: 'array'; readonly type: string; readonly element: C; readonly length: number; readonly size: number }
/** A C array in a struct. */
export const array = <C extends AnyCodec>(element: C, length: number): FixedArray<C> =>
  ({ kind: 'array', type: `${typeName(element)}[${length}]`, element, length, size: sizeOf(element) * length });

/** Elements to the end of the payload. */
export interface List<C extends AnyCodec> extends Codec<Value<C>[]> { readonly kind: 'list'; readonly type: string; readonly element: C; readonly size?: undefined }
/** Values of one fixed size, one after the other, to the end. */
export const list = <C extends AnyCodec>(element: C): List<C> => ({ kind: 'list', type: `${typeName(element)}[]`, element });

// -- attribute sets -----------------------------------------------------------------------------------------

/** key -> [number, codec, kernel name where it is not the mechanical one]. */
export type Shape = { readonly [key: string]: readonly [number: number, codec: AnyCodec, name?: string] };
/** An attribute that the schema does not know: kept as it came (`type` with its flag bits) and written back. */
export interface UnknownAttribute { type: number; data: Uint8Array }
/** How one attribute differed from what encoding its value gives: kept in exact mode only. */
export interface WireAttribute { type?: number; data?: Uint8Array; pad?: Uint8Array }
/** What a set's value may hold beside its attributes. */
export interface Extra {
  $unknown?: UnknownAttribute[];
  /** Exact mode: deviations by key (`key.1` for the second of several). */
  $wire?: Record<string, WireAttribute>;
  /** Exact mode: the attributes in wire order, where it is not the value's. */
  $order?: string[];
  /** Exact mode: what follows the last whole attribute. */
  $tail?: Uint8Array;
}

type Cases = { readonly [name: string]: AnyCodec };
/** A payload whose schema another value names. */
export interface Select<By extends string, C extends Cases, O extends AnyCodec> extends Codec<Value<C[keyof C]> | Value<O>> {
  readonly kind: 'select'; readonly type: string; readonly by: By; readonly cases: C; readonly otherwise: O;
}
/** A payload whose schema is named by `by`: a sibling attribute, else a key of an enclosing set or of the message's header. */
export function select<const By extends string, const C extends Cases>(by: By, cases: C): Select<By, C, Codec<Uint8Array>>;
export function select<const By extends string, const C extends Cases, O extends AnyCodec>(by: By, cases: C, otherwise: O): Select<By, C, O>;
export function select(by: string, cases: Cases, otherwise: AnyCodec = { kind: 'binary' }): Select<string, Cases, AnyCodec> {
  return { kind: 'select', type: `select ${by}`, by, cases, otherwise };
}
/** A C union in a struct: the member `by` of the same struct ('id.family': of a struct in it), before it or after it, says which case holds. As large as the largest. As an attribute's payload it is a `select` that always takes its whole size. */
export function union<const By extends string, const C extends Cases, O extends AnyCodec>(by: By, cases: C, otherwise: O): Select<By, C, O> & { readonly size: number } {
  const size = Math.max(...[...Object.values(cases), otherwise].map((c) => fixedSize(c) ?? 0));
  return { ...select(by, cases, otherwise), type: `union by ${by}`, size };
}
/** A kind that no schema knows; its data stays bytes. The suffix exists only in the type, so that known kinds narrow. */
export type Other = `${string}‹other›`;
/** A kind that no schema knows, so that it may stand where known ones are checked: `{ kind: other('new'), data: bytes }`. */
export const other = (kind: string): Other => kind as Other;

type Selected<S extends Shape> = { [K in keyof S]: S[K][1] extends { readonly kind: 'select'; readonly by: infer B } ? (B extends keyof S ? K : never) : never }[keyof S];
type SelectorOf<S extends Shape, D extends keyof S> = S[D][1] extends { readonly by: infer B } ? B : never;
type Case<K extends string, Kind, D extends PropertyKey, Data> = { [P in K]: Kind } & { [P in D]?: Data };
type CasesOf<C, D extends PropertyKey> = C extends { readonly by: infer B extends string; readonly cases: infer T; readonly otherwise: infer O }
  ? { [Kind in keyof T]: Case<B, Kind, D, Value<T[Kind]>> }[keyof T] | Case<B, Other, D, Value<O>> | { [P in B | D]?: never }
  : never;
type AllCases<S extends Shape, D extends keyof S> = (D extends unknown ? (x: CasesOf<S[D][1], D>) => void : never) extends (x: infer I) => void ? I : never;

type Attribute<S extends Shape> = { [K in keyof S]: S[K][1] extends { readonly kind: 'pad' } ? never : K }[keyof S];
type Plain<S extends Shape> = { -readonly [K in Attribute<S>]?: Value<S[K][1]> };
type Rest<S extends Shape> = Exclude<Attribute<S>, Selected<S> | SelectorOf<S, Selected<S>>>;
/** Every attribute is optional; a selector and what it selects are a discriminated union. */
export type AttrsValue<S extends Shape> = [Selected<S>] extends [never] ? Plain<S> & Extra : Pick<Plain<S>, Rest<S>> & AllCases<S, Selected<S>> & Extra;

/** One attribute of a set. `name` is the kernel's. */
export interface Attribute_ { readonly key: string; readonly number: number; readonly codec: AnyCodec; readonly name: string }
/** An attribute set: what `attrs` gives. Subclass it, so that its values have a name. */
export interface Attrs<S extends Shape> extends Codec<AttrsValue<S>> {
  new (): AttrsValue<S>;
  readonly kind: 'attrs';
  readonly type: string;
  readonly prefix: string;
  readonly shape: S;
  /** The key that attributes without a key of their own belong to: of a list whose sender may number its elements. */
  readonly every?: string;
  readonly byNumber: ReadonlyMap<number, Attribute_>;
  readonly byKey: ReadonlyMap<string, Attribute_>;
}

/** `netNsFd` in the set `IFLA_` is the kernel's `IFLA_NET_NS_FD`. */
export const kernelName = (prefix: string, key: string): string => prefix + key.replace(/[A-Z]/g, '_$&').toUpperCase();

/** An attribute set: key -> [number, codec, kernel name where it is not the mechanical one]. `every`: the `multi` that attributes of all other numbers are, too. */
export const attrs = <const S extends Shape>(prefix: string, shape: S, every?: keyof S & string): Attrs<S> =>
  declared(ATTRS, { prefix, shape, index: lazy(() => indexOf(prefix, shape)), ...(every !== undefined && { every }) }) as Attrs<S>;
/** NLA_TYPE_MASK. */
const MOST_ATTRIBUTES = 0x3fff;
interface Index { readonly byNumber: ReadonlyMap<number, Attribute_>; readonly byKey: ReadonlyMap<string, Attribute_> }
interface AttrsParts { readonly index: () => Index }
const ATTRS = Object.create(Function.prototype, {
  kind: { value: 'attrs' }, type: { value: 'nest' },
  byNumber: { get(this: AttrsParts) { return this.index().byNumber; } },
  byKey: { get(this: AttrsParts) { return this.index().byKey; } },
}) as object;
function indexOf(prefix: string, shape: Shape): Index {
  const all = Object.entries(shape).map(([key, [number, codec, name]]): Attribute_ => ({ key, number, codec, name: name ?? kernelName(prefix, key) }));
  const odd = all.find(({ number }) => !Number.isInteger(number) || number < 0 || number > MOST_ATTRIBUTES);
  if (odd) throw new TypeError(`${odd.name}: ${odd.number} is no attribute's number (0 to ${MOST_ATTRIBUTES}: the bits above say that it is nested, or in network byte order, and are set by its codec)`);
  const byNumber = new Map(all.map((a) => [a.number, a])), byKey = new Map(all.map((a) => [a.key, a]));
  if (byNumber.size !== all.length) throw new TypeError(`${prefix}: an attribute number is given twice`);
  return { byNumber, byKey };
}

/** An attribute that may occur many times. */
export interface Multi<C extends AnyCodec> extends Codec<Value<C>[]> {
  readonly kind: 'multi'; readonly type: string; readonly element: C;
  /** One occurrence may hold several values: a new one begins where an attribute of this set comes again. */
  readonly parted?: Attrs<Shape>;
}
/** The attribute may occur many times: an array. */
export const multi = <C extends AnyCodec>(element: C): Multi<C> => ({ kind: 'multi', type: `multi ${typeName(element)}`, element });
/**
 * The attribute may occur many times, and a nest may hold several sets one after the other, a new one where an attribute comes again: an array of
 * them all. Each is written into a nest of its own.
 */
export const groups = <S extends Shape, C extends Attrs<S>>(element: C & Attrs<S>): Multi<C> => ({ kind: 'multi', type: `groups of ${typeName(element)}`, element, parted: element as unknown as Attrs<Shape> });

/** A nest of numbered children. */
export interface Indexed<C extends AnyCodec> extends Codec<Value<C>[]> { readonly kind: 'indexed'; readonly type: string; readonly element: C; readonly first: number; readonly step: 0 | 1 }
/** A nest whose children are numbered from `first`: an array. */
export const indexed = <C extends AnyCodec>(element: C, first = 1): Indexed<C> => ({ kind: 'indexed', type: `indexed ${typeName(element)}`, element, first, step: 1 });
/** A nest whose children all have the number 0, which means nothing: an array. */
export const unnumbered = <C extends AnyCodec>(element: C): Indexed<C> => ({ kind: 'indexed', type: `nest of ${typeName(element)}`, element, first: 0, step: 0 });

/** A nest whose children's numbers are keys. */
export interface Keyed<C extends AnyCodec> extends Codec<Record<number, Value<C>>> { readonly kind: 'keyed'; readonly type: string; readonly element: C }
/** A nest whose children's numbers mean something: number -> value. */
export const keyed = <C extends AnyCodec>(element: C): Keyed<C> => ({ kind: 'keyed', type: `keyed ${typeName(element)}`, element });

/** A nest of attributes in an order that means something. */
export interface Sequence<C extends AnyCodec> extends Codec<Value<C>[]> { readonly kind: 'sequence'; readonly type: string; readonly element: C }
/** A nest whose attributes come in an order that matters, the same ones again and again: an array of sets, each with the one attribute that it is. */
export const sequence = <C extends AnyCodec>(element: C): Sequence<C> => ({ kind: 'sequence', type: `sequence of ${typeName(element)}`, element });

/** A schema that is looked up when it is needed. */
export interface Late<T> extends Codec<T> { readonly kind: 'late'; readonly get: () => AnyCodec }
/** Breaks a cycle between schemas; annotate what `get` returns, since TypeScript cannot infer through it. */
export const late = <C extends AnyCodec>(get: () => C): Late<Value<C>> => ({ kind: 'late', get });

// -- messages -----------------------------------------------------------------------------------------------

type Clash<F, S> = keyof F & keyof S & string;
/** What a message's values look like: header fields and attributes in one flat object. */
export type MessageValue<F extends Fields, S extends Shape> = StructValue<F> & AttrsValue<S> & HeaderExtra;
/** What a message's value may hold beside fields and attributes. */
export interface HeaderExtra { /** Exact mode: the header's bytes, where encoding it gives others. */ $header?: Uint8Array }
/** A message: what `message` gives. Subclass it, so that its values have a name. */
export interface Message<F extends Fields, S extends Shape> extends Codec<MessageValue<F, S>> {
  new (): MessageValue<F, S>;
  readonly kind: 'message';
  readonly type: string;
  readonly header: Struct<F>;
  readonly attrs: Attrs<S>;
  /** The same schema, for writing: header fields may be left out and are then zero. */
  readonly init: Codec<Partial<StructValue<F>> & AttrsValue<S> & HeaderExtra>;
}
/** A message of any schema. */
export type AnyMessage = Message<Fields, Shape>;

/** A fixed header, then attributes, seen as one flat object. An attribute that would shadow a header field does not compile. */
export function message<const F extends Fields, const S extends Shape>(
  type: string, header: Struct<F>, attributes: Attrs<S> & ([Clash<F, S>] extends [never] ? unknown : `shadows header field ${Clash<F, S>}`),
): Message<F, S> {
  return declared(MESSAGE, { type, header, attrs: attributes }) as Message<F, S>;
}
const MESSAGE = Object.create(Function.prototype, { kind: { value: 'message' }, init: { get() { return this as unknown; } } }) as object;

/** Structs with attributes behind each. */
export interface Records<F extends Fields, A extends AnyCodec> extends Codec<(StructValue<F> & Value<A>)[]> {
  readonly kind: 'records'; readonly type: string; readonly header: Struct<F>; readonly lengthKey: string; readonly attrs: A;
}
/** Structs, each followed by attributes, one after the other; member `lengthKey` counts the bytes of both (struct rtnexthop). Its value is made on encode. */
export const records = <const F extends Fields, A extends AnyCodec>(header: Struct<F>, lengthKey: keyof F & string, attributes: A): Records<F, A> =>
  ({ kind: 'records', type: `${header.type}[]`, header, lengthKey, attrs: attributes });

/** A struct with a payload behind it. */
export interface Tail<F extends Fields, K extends string, C extends AnyCodec> extends Codec<StructValue<F> & { [P in K]: Value<C> }> {
  readonly kind: 'tail'; readonly type: string; readonly header: Struct<F>; readonly key: K; readonly rest: C;
}
/** A struct that ends in a flexible array member: `key` is what follows the struct, to the end. */
export const tail = <const F extends Fields, const K extends string, C extends AnyCodec>(header: Struct<F>, key: K, rest: C): Tail<F, K, C> =>
  ({ kind: 'tail', type: header.type, header, key, rest });

/** One of several schemas, told apart by a member that all of them begin with. */
export interface Variant<C extends Cases, O extends AnyCodec> extends Codec<Value<C[keyof C]> | Value<O>> {
  readonly kind: 'variant'; readonly type: string; readonly probe: Struct<Fields>; readonly by: string; readonly cases: C; readonly otherwise: O;
}
/** Several schemas in one place, all of which begin like `probe`: its member `by` says which one it is. `otherwise`: what has none of their names; bytes, where it is not given. */
export function variant<F extends Fields, const C extends Cases>(probe: Struct<F>, by: keyof F & string, cases: C): Variant<C, Codec<Uint8Array>>;
export function variant<F extends Fields, const C extends Cases, O extends AnyCodec>(probe: Struct<F>, by: keyof F & string, cases: C, otherwise: O): Variant<C, O>;
export function variant(probe: Struct<Fields>, by: string, cases: Cases, otherwise: AnyCodec = { kind: 'binary' }): Variant<Cases, AnyCodec> {
  return { kind: 'variant', type: `variant ${by}`, probe, by, cases, otherwise };
}

/** The word shown for a schema in dumps and docs. */
export function typeName(codec: AnyCodec): string {
  return (codec as { type?: string }).type ?? codec.kind;
}
