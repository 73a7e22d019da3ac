/** Where bytes are appended, and the checks that every value goes through. */
import { didYouMean, EncodeError, rethrow } from './errors.ts';
import type { Values } from './source.ts';

/** Bytes that grow at their end; `pos` is how many there are. */
export class Writer {
  bytes: Uint8Array;
  view: DataView;
  pos: number;
  readonly littleEndian: boolean;
  depth = 0;
  constructor(littleEndian = true, bytes = new Uint8Array(512), pos = 0) {
    this.littleEndian = littleEndian;
    this.bytes = bytes;
    this.view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    this.pos = pos;
  }
  /** Claims `n` bytes, whatever they hold, and returns where they start. */
  room(n: number): number {
    const at = this.pos;
    this.pos += n;
    if (this.pos > this.bytes.length) this.grow();
    return at;
  }
  /** Claims `n` zeroed bytes and returns where they start. */
  take(n: number): number {
    const at = this.room(n);
    if (n > 0) this.bytes.fill(0, at, at + n);
    return at;
  }
  /** Zeros up to the next multiple of 4, counted from `from`. */
  align(from: number): void {
    let over = (this.pos - from) & 3;
    if (over === 0) return;
    for (let at = this.room(4 - over); over < 4; over++) this.bytes[at++] = 0;
  }
  private grow(): void {
    const grown = new Uint8Array(Math.max(this.pos, this.bytes.length * 2));
    grown.set(this.bytes);
    this.bytes = grown;
    this.view = new DataView(grown.buffer);
  }
  /** Appends bytes. */
  put(data: Uint8Array): void {
    const at = this.room(data.length);
    this.bytes.set(data, at);
  }
  /** A copy of what was written. */
  finish(): Uint8Array { return this.bytes.slice(0, this.pos); }
}

export const show = (value: unknown): string => (typeof value === 'bigint' ? `${value}n` : typeof value === 'number' ? String(value) : value instanceof Uint8Array ? `${value.length} bytes` : JSON.stringify(value, (_, v: unknown) => (typeof v === 'bigint' ? `${v}n` : v)) ?? String(value));
export function object(value: unknown): Values {
  if (typeof value !== 'object' || value === null || Array.isArray(value) || value instanceof Uint8Array) throw new EncodeError(`expected an object, got ${show(value)}`);
  return value as Values;
}
/** Errors of an element carry its index. */
export function each(value: unknown, body: (element: unknown, i: number) => void): void {
  if (!Array.isArray(value)) throw new EncodeError(`expected an array, got ${show(value)}`);
  for (let i = 0; i < value.length; i++) { try { body(value[i], i); } catch (e) { rethrow(e, String(i)); } }
}
export function bytesOf(value: unknown): Uint8Array {
  if (!(value instanceof Uint8Array)) throw new EncodeError(`expected bytes (a Uint8Array), got ${show(value)}`);
  return value;
}
/** The bytes of what has no schema, since its selector is missing or not known. The error tells of that. */
export function bytesWithout({ by, cases }: { readonly by: string; readonly cases: object }, selector: unknown, value: unknown): Uint8Array {
  if (value instanceof Uint8Array) return value;
  const names = Object.keys(cases), few = names.length <= 16 && names.join(', ');
  if (selector === undefined) throw new EncodeError(`'${by}' is missing, which says what this is${few ? ` (one of ${few})` : ''}`);
  const guess = typeof selector === 'string' ? didYouMean(selector, names) : '';
  throw new EncodeError(`${by} ${show(selector)} has no schema here, so this is bytes (a Uint8Array)${guess || (few ? `; those that have one: ${few}` : '')}`);
}
