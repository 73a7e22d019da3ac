/** Bytes to values and back: the two functions that everything else is made of. */
import { compiled, interpreted, mayCompile } from './compile.ts';
import { DecodeError } from './errors.ts';
import { isSmall, project } from './project.ts';
import { read } from './read.ts';
import { recurring } from './template.ts';
import { checkSchema, plain, resolve, Source, type Span } from './source.ts';
import type { AnyCodec, Value } from './scalars.ts';
import { typeName, type AnyMessage } from './schema.ts';
import { write } from './write.ts';
import { Writer } from './writer.ts';

/** Byte order of this machine, which netlink speaks: host order, but for fields that say otherwise. */
export const HOST_LITTLE_ENDIAN = new Uint8Array(Uint16Array.of(1).buffer)[0] === 1;

/** How to decode. */
export interface DecodeOptions {
  /** Byte order of host-order integers. Default: this machine's. */
  readonly littleEndian?: boolean;
  /** Keep what differs from the canonical encoding, so that `encode` gives the same bytes; nothing fails, what does not fit stays raw. */
  readonly exact?: boolean;
  /** Only these keys of a message or set ('ifname', 'linkinfo.kind'). */
  readonly select?: readonly string[];
}

/** A function that decodes one schema: [at, end) of `bytes`. `view` must view the same memory. */
export type Decoder<T> = (bytes: Uint8Array, view: DataView, at: number, end: number) => T;

/** After so many bytes a schema is worth a generated function. */
const HOT = 8192;
const heat = new WeakMap<AnyCodec, number>();

/** The fast way to decode many messages of one schema. `compile: false` keeps to the interpreter. */
export function decoder<C extends AnyCodec>(schema: C, options: DecodeOptions & { compile?: boolean } = {}): Decoder<Value<C>> {
  checkSchema(schema);
  const { littleEndian = HOST_LITTLE_ENDIAN, exact = false, compile = true } = options;
  const codec = options.select ? project(resolve(schema), options.select) : schema;
  if (exact) return (bytes, _view, at, end) => read(new Source(bytes, littleEndian, true), codec, at, end, undefined) as Value<C>;
  const slow = interpreted(codec, littleEndian) as Decoder<Value<C>>;
  if (!compile || !mayCompile()) return slow;
  // What decodes a few attributes is soon made, and little of a message is copied faster than it is decoded.
  const target = resolve(codec), small = isSmall(target);
  let fast: Decoder<Value<C>> | undefined;
  const whole: Decoder<Value<C>> = (bytes, view, at, end) => {
    if (!fast) {
      const past = heat.get(codec) ?? 0;
      if (past < HOT && !small) { heat.set(codec, past + end - at); return slow(bytes, view, at, end); }
      fast = compiled(codec, littleEndian) as Decoder<Value<C>>;
    }
    // What does not fit: the interpreter says where.
    try { return fast(plain(bytes), view, at, end); } catch { return slow(bytes, view, at, end); }
  };
  return target.kind === 'message' && !small ? recurring(target as AnyMessage, littleEndian, whole) as Decoder<Value<C>> : whole;
}

/** The value in `bytes`. Throws DecodeError, with the path and the offset, where they do not fit the schema. */
export function decode<C extends AnyCodec>(schema: C, bytes: Uint8Array, options: DecodeOptions = {}): Value<C> {
  const own = plain(bytes);
  return decoder(schema, options)(own, new DataView(own.buffer, own.byteOffset, own.byteLength), 0, own.length);
}

type Writable<C> = C extends { readonly init: { readonly value?: infer I } } ? Exclude<I, undefined> : Value<C>;

/** The bytes of a value. Throws EncodeError, with the path, where the value does not fit the schema. */
export function encode<C extends AnyCodec>(schema: C, value: Writable<C>, options: { littleEndian?: boolean } = {}): Uint8Array {
  checkSchema(schema);
  const w = new Writer(options.littleEndian ?? HOST_LITTLE_ENDIAN);
  write(w, schema, value, undefined);
  return w.finish();
}

/** What each range of `bytes` means, outermost first; leaves cover every byte once. `start` and `end` count from the start of `bytes`. */
export function spans(schema: AnyCodec, bytes: Uint8Array, options: { littleEndian?: boolean; at?: number; end?: number } = {}): { spans: Span[]; value: unknown } {
  checkSchema(schema);
  const out: Span[] = [], { at = 0, end = bytes.length, littleEndian = HOST_LITTLE_ENDIAN } = options;
  const s = new Source(bytes, littleEndian, true, out);
  let value: unknown;
  try {
    value = read(s, schema, at, end, undefined);
    // A schema of one value, or a variant that is none: its parts are itself.
    if (!out.length) s.leaf('payload', typeName(schema), at, end, value);
  } catch (error) {
    if (!(error instanceof DecodeError)) throw error;
    out.length = 0;
    s.depth = 0;
    value = s.bytes.slice(at, end);
    s.leaf('payload', 'binary', at, end, value, error.reason);
  }
  return { spans: out, value };
}
