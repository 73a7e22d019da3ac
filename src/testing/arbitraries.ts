/** fast-check arbitraries made from schemas: values, their bytes, and bytes that are almost right. */
import fc from 'fast-check';
import { encode, type AnyCodec, type Value } from '../codec/index.ts';
import { checkSchema } from '../codec/source.ts';
import { Tape } from './tape.ts';
import { damageOf, type Damage } from './damage.ts';
import { build, type ValueOptions } from './values.ts';

export interface ArbitraryOptions extends ValueOptions {
  /** How many choices a value may take: bounds its size. Default 160. */
  readonly choices?: number;
}

/**
 * Values of a schema: `decode(schema, encode(schema, v))` equals `v` for each of them, in both byte orders. Selectors
 * and what they select fit together; unknown attributes, enum numbers and flag bits are among them.
 */
export function arbitrary<C extends AnyCodec>(schema: C, { choices = 160, ...options }: ArbitraryOptions = {}): fc.Arbitrary<Value<C>> {
  checkSchema(schema);
  return tape(choices).map((numbers) => build(schema, new Tape(numbers), options) as Value<C>);
}

const tape = (choices: number): fc.Arbitrary<number[]> => fc.array(fc.integer({ min: 0, max: 0xffffffff }), { maxLength: choices, size: 'max' });

/** Bytes of values of a schema. */
export function encoded(schema: AnyCodec, options: ArbitraryOptions & { readonly littleEndian?: boolean } = {}): fc.Arbitrary<Uint8Array> {
  const order = options.littleEndian === undefined ? {} : { littleEndian: options.littleEndian };
  return arbitrary(schema, options).map((value) => encode(schema, value as never, order));
}

/** Bytes as a hostile or broken peer might send them: an encoding, damaged up to four times, or anything at all. */
export function hostile(schema: AnyCodec, options: ArbitraryOptions & { readonly littleEndian?: boolean } = {}): fc.Arbitrary<Uint8Array> {
  return fc.oneof(
    { weight: 6, arbitrary: fc.tuple(encoded(schema, options), fc.array(mutation, { minLength: 1, maxLength: 4 })).map(([bytes, all]) => all.reduce(mutate, bytes)) },
    { weight: 1, arbitrary: fc.uint8Array({ maxLength: 128 }) },
  );
}

/** One kind of damage; where and with what are taken modulo the length of the bytes. */
export type Mutation =
  | { readonly kind: 'flip'; readonly at: number; readonly xor: number }
  | { readonly kind: 'cut'; readonly at: number }
  | { readonly kind: 'length'; readonly at: number; readonly length: number }
  | { readonly kind: 'insert'; readonly at: number; readonly bytes: Uint8Array }
  | { readonly kind: 'remove'; readonly at: number; readonly count: number }
  | { readonly kind: 'repeat'; readonly at: number; readonly count: number };

/** Damage of every kind. */
export const mutation: fc.Arbitrary<Mutation> = fc.oneof(
  fc.record({ kind: fc.constant('flip' as const), at: fc.nat(4096), xor: fc.integer({ min: 1, max: 255 }) }),
  fc.record({ kind: fc.constant('cut' as const), at: fc.nat(4096) }),
  fc.record({ kind: fc.constant('length' as const), at: fc.nat(1024), length: fc.constantFrom(0, 1, 3, 4, 5, 6, 7, 8, 12, 0x7fff, 0x8000, 0xfffc, 0xffff) }),
  fc.record({ kind: fc.constant('insert' as const), at: fc.nat(4096), bytes: fc.uint8Array({ minLength: 1, maxLength: 9 }) }),
  fc.record({ kind: fc.constant('remove' as const), at: fc.nat(4096), count: fc.integer({ min: 1, max: 9 }) }),
  fc.record({ kind: fc.constant('repeat' as const), at: fc.nat(4096), count: fc.integer({ min: 1, max: 40 }) }),
);

/** Damage to a message that knows its attributes, for `damage`: lengths, types, nesting, repetition, flags. */
export const messageDamage: fc.Arbitrary<Damage> = tape(6).map((numbers) => damageOf(new Tape(numbers)));

/** The bytes with one kind of damage done; the input stays as it is. */
export function mutate(bytes: Uint8Array, damage: Mutation): Uint8Array {
  const at = bytes.length ? damage.at % bytes.length : 0;
  switch (damage.kind) {
    case 'flip': { const out = bytes.slice(); if (out.length) out[at] = (out[at] as number) ^ damage.xor; return out; }
    case 'cut': return bytes.slice(0, at);
    case 'length': {
      // Lengths stand at multiples of four, in either byte order.
      const out = bytes.slice(), place = bytes.length >= 4 ? damage.at * 4 % (bytes.length & ~3) : -1;
      if (place >= 0) { out[place] = damage.length & 255; out[place + 1] = damage.length >> 8; }
      return out;
    }
    case 'insert': return join(bytes.subarray(0, at), damage.bytes, bytes.subarray(at));
    case 'remove': return join(bytes.subarray(0, at), bytes.subarray(at + damage.count));
    case 'repeat': return join(bytes.subarray(0, at + damage.count), bytes.subarray(at));
  }
}
function join(...parts: Uint8Array[]): Uint8Array {
  const out = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) { out.set(part, at); at += part.length; }
  return out;
}
