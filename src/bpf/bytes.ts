/** Bytes of an object file, read with care: whatever is in it, what is wrong is an {@link ObjectError}. */

/** An object file is not what it should be, or holds what is not supported. */
export class ObjectError extends Error {
  override readonly name = 'ObjectError';
}

const text = new TextDecoder();

/** Little-endian numbers and texts. */
export class Reader {
  readonly bytes: Uint8Array;
  readonly #what: string;
  readonly #view: DataView;

  /** @param what How errors call it: `section ".BTF"`. */
  constructor(bytes: Uint8Array, what: string) {
    this.bytes = bytes;
    this.#what = what;
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  #check(at: number, length: number): void {
    if (at + length > this.bytes.length) throw new ObjectError(`${this.#what} ends early: ${length} bytes at ${at} are beyond its ${this.bytes.length}`);
  }

  u8(at: number): number {
    this.#check(at, 1);
    return this.#view.getUint8(at);
  }

  u16(at: number): number {
    this.#check(at, 2);
    return this.#view.getUint16(at, true);
  }

  u32(at: number): number {
    this.#check(at, 4);
    return this.#view.getUint32(at, true);
  }

  /** @throws {ObjectError} beyond 2^53, too: nothing in a file is so far away. */
  u64(at: number): number {
    this.#check(at, 8);
    const value = Number(this.#view.getBigUint64(at, true));
    if (!Number.isSafeInteger(value)) throw new ObjectError(`${this.#what}: the number at ${at} is too large`);
    return value;
  }

  slice(at: number, length: number): Uint8Array {
    this.#check(at, length);
    return this.bytes.subarray(at, at + length);
  }

  /** To the next NUL. */
  text(at: number): string {
    const end = this.bytes.indexOf(0, at);
    if (at >= this.bytes.length || end < 0) throw new ObjectError(`${this.#what}: the text at ${at} does not end`);
    return text.decode(this.bytes.subarray(at, end));
  }
}
