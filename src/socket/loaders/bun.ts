/** The C library by `bun:ffi`. */
import { createRequire } from 'node:module';
import { type FunctionName, type Functions, type Libc, type Pointer, type Size, signatures } from '../signatures.ts';

interface BunFfi {
  dlopen(path: string, symbols: Record<string, { args: string[]; returns: string }>): { symbols: Record<string, (...args: never[]) => unknown> };
  ptr(view: Uint8Array): number;
  toArrayBuffer(address: number, offset: number, length: number): ArrayBuffer;
}

const types: Record<string, string> = { i: 'i32', u: 'u32', p: 'ptr', z: 'u64' };

/** @throws when not run by Bun. */
export function loadBun(): Libc {
  const ffi = createRequire(import.meta.url)('bun:ffi') as BunFfi;
  const symbols: Record<string, { args: string[]; returns: string }> = { __errno_location: { args: [], returns: 'ptr' } };
  for (const [name, letters] of Object.entries(signatures)) {
    symbols[name] = { args: [...letters].map((letter) => types[letter]!), returns: 'i32' };
  }
  // musl's loader resolves this name too.
  const library = ffi.dlopen('libc.so.6', symbols).symbols;
  const errno = new Int32Array(ffi.toArrayBuffer(library['__errno_location']!() as number, 0, 4));
  const functions = Object.fromEntries(Object.keys(signatures).map((name) => [name, library[name as FunctionName]]));
  return {
    ...(functions as unknown as Functions),
    loader: 'bun:ffi',
    errno: () => errno[0]!,
    address: (view) => BigInt(ffi.ptr(view)),
    pointer: (view) => ffi.ptr(view) as unknown as Pointer,
    size: (value) => value as unknown as Size,
    nullPointer: null as unknown as Pointer,
  };
}
