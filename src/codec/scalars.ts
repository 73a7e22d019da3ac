/** The words for single values. A schema is data: what it means in bytes is read.ts's and write.ts's business. */

/** Anything that describes bytes. `value` exists only in the type. */
export interface Codec<T> { readonly kind: string; readonly value?: T }
/** A codec of any value. */
// eslint-disable-next-line @typescript-eslint/no-explicit-any
export type AnyCodec = Codec<any>;

/** What a schema's values look like; a schema class stands for itself, so that hovers show its name. */
export type Value<C> = C extends abstract new (...args: never[]) => infer T ? T : C extends { readonly value?: infer T } ? Exclude<T, undefined> : never;

/** An integer of 1, 2 or 4 bytes; `big` is network byte order. */
export interface Int extends Codec<number> { readonly kind: 'int'; readonly type: string; readonly size: 1 | 2 | 4; readonly signed: boolean; readonly big: boolean }
/** An integer of 8 bytes, a bigint. */
export interface Long extends Codec<bigint> { readonly kind: 'long'; readonly type: string; readonly size: 8; readonly signed: boolean; readonly big: boolean }

const int = (type: string, size: 1 | 2 | 4, signed = false, big = false): Int => ({ kind: 'int', type, size, signed, big });
const long = (type: string, signed = false, big = false): Long => ({ kind: 'long', type, size: 8, signed, big });

/** Unsigned integers in host byte order. Encoding refuses what is out of range. */
export const u8 = int('u8', 1), u16 = int('u16', 2), u32 = int('u32', 4), u64 = long('u64');
/** Signed integers in host byte order. */
export const s8 = int('s8', 1, true), s16 = int('s16', 2, true), s32 = int('s32', 4, true), s64 = long('s64', true);
/** Network byte order. */
export const be16 = int('be16', 2, false, true), be32 = int('be32', 4, false, true), be64 = long('be64', false, true);
/** Signed, in network byte order. */
export const sbe32 = int('sbe32', 4, true, true);

/** As an attribute's payload: its type says that it is in network byte order (NLA_F_NET_BYTEORDER). Few families look, and those want it. Of names of numbers it is the number that is wrapped. */
export const netOrder = <C extends AnyCodec>(codec: C): C & { readonly netOrder: true } => ({ ...codec, netOrder: true });

/** 4 or 8 bytes, as the sender pleases: a number, or a bigint when it takes 8 bytes. */
export interface Wide extends Codec<number | bigint> { readonly kind: 'wide'; readonly type: string; readonly signed: boolean }
/** Unsigned, 4 or 8 bytes: written in 8 when a bigint is given or 4 do not hold it. */
export const uint: Wide = { kind: 'wide', type: 'uint', signed: false };
/** Signed, 4 or 8 bytes. */
export const sint: Wide = { kind: 'wide', type: 'sint', signed: true };

/** Text. `nul`: written with a terminating NUL; read with or without. */
export interface Text extends Codec<string> { readonly kind: 'text'; readonly type: string; readonly nul: boolean }
/** UTF-8 text, written with a NUL at its end. */
export const string: Text = { kind: 'text', type: 'string', nul: true };
/** UTF-8 text, written without a NUL. */
export const stringBare: Text = { kind: 'text', type: 'string', nul: false };

/** char[n] in a struct: text up to the first NUL. */
export interface Chars extends Codec<string> { readonly kind: 'chars'; readonly type: string; readonly size: number }
/** char[size] in a struct; longer text is refused. */
export const chars = (size: number): Chars => ({ kind: 'chars', type: `char[${size}]`, size });

/** Bytes as they are: all there are, or exactly `size` in a struct. */
export interface Binary extends Codec<Uint8Array> { readonly kind: 'binary'; readonly type: string }
/** Exactly `size` bytes. */
export interface Blob extends Codec<Uint8Array> { readonly kind: 'blob'; readonly type: string; readonly size: number }
/** The payload as it is, a Uint8Array. */
export const binary: Binary = { kind: 'binary', type: 'binary' };
/** `size` bytes in a struct. */
export const blob = (size: number): Blob => ({ kind: 'blob', type: `u8[${size}]`, size });

/** Presence is the value. */
export interface Flag extends Codec<true> { readonly kind: 'flag'; readonly type: 'flag' }
/** An attribute without a payload: `true` where it is present. */
export const flag: Flag = { kind: 'flag', type: 'flag' };

/** Fills up to an alignment; never part of a value. */
export interface Pad extends Codec<never> { readonly kind: 'pad'; readonly type: 'pad' }
/** An attribute that only aligns its neighbour. */
export const pad: Pad = { kind: 'pad', type: 'pad' };

/** IP addresses as text (RFC 5952). Without a size: 4 or 16 bytes, told apart by length. */
export interface Ip extends Codec<string> { readonly kind: 'ip'; readonly type: string; readonly size?: 4 | 16 }
/** An address of 4 or 16 bytes: "10.0.0.1", "fd00::1". */
export const ip: Ip = { kind: 'ip', type: 'ip' };
/** "10.0.0.1", 4 bytes; fits into structs. */
export const ipv4 = { kind: 'ip', type: 'ipv4', size: 4 } as const satisfies Ip as Ip & { readonly size: 4 };
/** "fd00::1", 16 bytes; fits into structs. */
export const ipv6 = { kind: 'ip', type: 'ipv6', size: 16 } as const satisfies Ip as Ip & { readonly size: 16 };

/** Link-layer addresses as colon-separated text, 1 to 32 bytes, or exactly `size` in a struct. */
export interface Mac extends Codec<string> { readonly kind: 'mac'; readonly type: string; readonly size?: number }
/** "aa:bb:cc:dd:ee:ff", as long as it is. */
export const mac: Mac = { kind: 'mac', type: 'mac' };
/** "aa:bb:cc:dd:ee:ff", 6 bytes; fits into structs. */
export const macAddress: Mac & { readonly size: number } = { kind: 'mac', type: 'mac', size: 6 };

type Names = Readonly<Record<string, number>>;
/** `prefix` is how the kernel's constants begin; it is checked against the headers. */
export interface Enumeration<N extends string> extends Codec<N | number> {
  readonly kind: 'enum'; readonly type: string; readonly base: Int; readonly names: Readonly<Record<N, number>>;
  readonly byNumber: ReadonlyMap<number, N>; readonly prefix?: string;
}
/** A number with names; a number without one stays a number. */
export function enumeration<const T extends Names>(base: Int, names: T, prefix?: string): Enumeration<keyof T & string> {
  return new Enumerated(base, names, prefix) as Enumeration<string> as Enumeration<keyof T & string>;
}
/** What names of numbers have in common. What follows from them is made when it is first asked for: for most of a program's, never. */
class Named {
  readonly base: Int;
  readonly names: Names;
  declare readonly prefix?: string;
  constructor(base: Int, names: Names, prefix: string | undefined) {
    this.base = base;
    this.names = names;
    if (prefix !== undefined) this.prefix = prefix;
  }
}
class Enumerated extends Named {
  readonly kind = 'enum';
  #byNumber: Map<number, string> | undefined;
  get type(): string { return `${this.base.type} enum`; }
  get byNumber(): ReadonlyMap<number, string> {
    if (!this.#byNumber) {
      this.#byNumber = new Map();
      // The first name of a number is the one shown.
      for (const name in this.names) if (!this.#byNumber.has(this.names[name] as number)) this.#byNumber.set(this.names[name] as number, name);
    }
    return this.#byNumber;
  }
}

/** An integer whose bits have names. */
export interface Flags<N extends string> extends Codec<readonly (N | number)[]> {
  readonly kind: 'flags'; readonly type: string; readonly base: Int; readonly names: Readonly<Record<N, number>>;
  readonly bits: readonly (readonly [bit: number, name: string])[]; readonly prefix?: string;
}
/** The names of the bits that are set; bits without a name follow as one number. */
export function flags<const T extends Names>(base: Int, names: T, prefix?: string): Flags<keyof T & string> {
  return new Flagged(base, names, prefix) as Flags<string> as Flags<keyof T & string>;
}
class Flagged extends Named {
  readonly kind = 'flags';
  #bits: (readonly [bit: number, name: string])[] | undefined;
  get type(): string { return `${this.base.type} flags`; }
  get bits(): readonly (readonly [bit: number, name: string])[] { return (this.#bits ??= Object.entries(this.names).map(([name, bit]) => [bit, name] as const)); }
}

/** An integer that several C bit-fields share. */
export interface Bits<N extends string> extends Codec<Record<N, number>> {
  readonly kind: 'bits'; readonly type: string; readonly base: Int; readonly widths: Readonly<Record<N, number>>;
}
/** C bit-fields that share one integer: name -> width in bits, in the order of the C source. */
export const bits = <const T extends Names>(base: Int, widths: T): Bits<keyof T & string> =>
  ({ kind: 'bits', type: `${base.type} bit-fields`, base, widths: widths as Readonly<Record<keyof T & string, number>> });

/** A bitmap: the numbers of the bits that are set, bit 0 first. `size` bytes are written, or as many words of 4 as it takes. */
export interface Bitmap extends Codec<readonly number[]> { readonly kind: 'bitmap'; readonly type: string; readonly bytes?: number }
/** A bitmap of as many words of 4 bytes as it takes. */
export const bitmap: Bitmap = { kind: 'bitmap', type: 'bitmap' };
/** A bitmap of `bytes` bytes. */
export const bitmapOf = (bytes: number): Bitmap => ({ kind: 'bitmap', type: `bitmap[${bytes}]`, bytes });
