/** What reading and writing share: the bytes being read, the sets that are open, and how a schema is looked through. */
import { DecodeError } from './errors.ts';
import type { AnyCodec, Bits } from './scalars.ts';
import type { Attrs, Late, Select, Shape } from './schema.ts';

/** Of an attribute's type: the bits of its number, NLA_F_NESTED, and NLA_F_NET_BYTEORDER (include/uapi/linux/netlink.h). */
export const TYPE_MASK = 0x3fff, NESTED = 0x8000, NET_BYTEORDER = 0x4000;
/** Deeper than any real message; attribute sets can contain themselves. */
export const MAX_DEPTH = 40;

/** What a range of bytes means. Leaves cover every byte exactly once, in order. */
export interface Span {
  start: number; end: number; depth: number; name: string; type: string; value: unknown; leaf: boolean;
  /** Of an attribute's header: the kernel's name for the attribute. */
  attribute?: string;
  /** Why the bytes are no value. */
  error?: string;
}

export type Values = Record<string, unknown>;
export type AnySelect = Select<string, Record<string, AnyCodec>, AnyCodec>;
/** The sets that are open, innermost first: where a selector is looked for. */
export interface Scope { readonly value: Values; readonly outer: Scope | undefined }

/** The same memory: what `slice` of a Buffer gives is no copy, and no plain array. @throws {TypeError} for what is no bytes */
export function plain(bytes: Uint8Array): Uint8Array {
  const given: unknown = bytes;
  if (ArrayBuffer.isView(given)) return given.constructor === Uint8Array ? bytes : new Uint8Array(given.buffer, given.byteOffset, given.byteLength);
  throw new TypeError(`expected a Uint8Array, got ${given instanceof ArrayBuffer ? 'an ArrayBuffer' : Array.isArray(given) ? 'an array' : typeof given}`);
}

/** An array with room for so many: one that grows is copied, again and again. */
// oxlint-disable-next-line unicorn/no-new-array -- the length is meant
export const roomFor = <T>(count: number): T[] => new Array<T>(count);

export class Source {
  readonly bytes: Uint8Array;
  readonly view: DataView;
  readonly littleEndian: boolean;
  /** Keep every deviation; bytes that do not fit stay raw instead of failing. */
  readonly exact: boolean;
  spans: Span[] | undefined;
  depth = 0;
  readonly path: string[] = [];
  constructor(bytes: Uint8Array, littleEndian: boolean, exact: boolean, spans?: Span[]) {
    this.bytes = plain(bytes);
    this.view = new DataView(this.bytes.buffer, this.bytes.byteOffset, this.bytes.byteLength);
    this.littleEndian = littleEndian;
    this.exact = exact;
    this.spans = spans;
  }
  fail(reason: string, at: number): DecodeError { return new DecodeError(reason, this.path, at); }
  leaf(name: string, type: string, start: number, end: number, value?: unknown, error?: string): void {
    if (this.spans && end > start) this.spans.push({ start, end, depth: this.depth, name, type, value, leaf: true, ...(error !== undefined && { error }) });
  }
}

/** @throws {TypeError} for what a caller without types may have given in place of a schema */
export function checkSchema(codec: AnyCodec): void {
  if (typeof (codec as AnyCodec | undefined)?.kind === 'string') return;
  throw new TypeError((codec as { schema?: unknown } | undefined)?.schema ? "a message of a protocol is no schema, but has one: its 'schema', or 'request' for what is sent" : `${codec === undefined ? 'undefined' : 'this'} is no schema`);
}

/** The schema itself, behind any `late`. */
export const resolve = (codec: AnyCodec): AnyCodec => { while (codec.kind === 'late') codec = (codec as Late<unknown>).get(); return codec; };

/** Where the values of one occurrence of a parted attribute lie in [at, end): a new one begins where a known attribute comes again. */
export function parts(parted: Attrs<Shape> | undefined, v: DataView, at: number, end: number, littleEndian: boolean): [from: number, to: number][] {
  const out: [number, number][] = [], seen = new Set<number>();
  let from = at;
  while (parted && end - at >= 4) {
    const length = v.getUint16(at, littleEndian), number = v.getUint16(at + 2, littleEndian) & TYPE_MASK;
    if (length < 4 || at + length > end) break;
    if (seen.has(number)) {
      out.push([from, from = at]);
      seen.clear();
    }
    if (parted.byNumber.has(number)) seen.add(number);
    at += (length + 3) & ~3;
  }
  return [...out, [from, end]];
}

/**
 * The schemas right in a schema; of structs none, whose selectors ask their own members. Shapes are walked, not the indexes over them: those of
 * kinds that never come need not be made.
 */
export function children(codec: AnyCodec): AnyCodec[] {
  const c = codec as { shape?: Shape; cases?: Record<string, AnyCodec> } & { [part in 'attrs' | 'element' | 'otherwise' | 'rest']?: AnyCodec };
  return [...Object.values(c.shape ?? {}).map(([, own]) => own), ...Object.values(c.cases ?? {}), c.attrs, c.element, c.otherwise, c.rest].filter((one) => one !== undefined);
}

/** The schema that a selector's value names. */
export function caseOf(codec: { readonly cases: Readonly<Record<string, AnyCodec>>; readonly otherwise: AnyCodec }, by: unknown): AnyCodec {
  const name = String(by);
  return resolve(Object.hasOwn(codec.cases, name) ? codec.cases[name] as AnyCodec : codec.otherwise);
}
/** What is at a dotted path of a value. */
export const valueAt = (value: Values, path: string): unknown => path.split('.').reduce<unknown>((inner, key) => (inner as Values | undefined)?.[key], value);
export function find(by: string, scope: Scope | undefined): unknown {
  for (let s = scope; s; s = s.outer) if (s.value[by] !== undefined) return s.value[by];
  return undefined;
}

/** C compilers fill an integer from its lowest bit on little-endian machines, from its highest on big-endian ones; network order has its lowest bit first here. */
export function bitPlaces(c: Bits<string>, littleEndian: boolean): [name: string, offset: number, width: number][] {
  const up = littleEndian || c.base.big;
  let used = 0;
  return Object.entries(c.widths).map(([name, width]) => {
    const offset = up ? used : c.base.size * 8 - used - width;
    used += width;
    return [name, offset, width];
  });
}
