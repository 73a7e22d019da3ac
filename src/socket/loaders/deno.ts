/** The C library by `Deno.dlopen` (`--allow-ffi`). */
import { type FunctionName, type Functions, type Libc, type Pointer, type Size, signatures } from '../signatures.ts';

interface DenoSymbol { name?: string; parameters: string[]; result: string; nonblocking?: boolean }
interface DenoFfi {
  dlopen(path: string, symbols: Record<string, DenoSymbol>): { symbols: Record<string, (...args: never[]) => unknown> };
  UnsafePointer: { of(view: Uint8Array): unknown; value(pointer: unknown): bigint | number };
  UnsafePointerView: { getArrayBuffer(pointer: unknown, length: number): ArrayBuffer };
}

// A `buffer` argument takes the view itself.
const types: Record<string, string> = { i: 'i32', u: 'u32', p: 'buffer', z: 'usize' };

/** @throws when not run by Deno, or without its permission to call foreign functions. */
export function loadDeno(): Libc {
  const deno = (globalThis as unknown as { Deno: DenoFfi }).Deno;
  const parameters = (name: FunctionName): string[] => [...signatures[name]].map((letter) => types[letter]!);
  const symbols: Record<string, DenoSymbol> = {
    __errno_location: { parameters: [], result: 'pointer' },
    pollOffThread: { name: 'poll', parameters: parameters('poll'), result: 'i32', nonblocking: true },
    sendmsgOffThread: { name: 'sendmsg', parameters: parameters('sendmsg'), result: 'i32', nonblocking: true },
  };
  const names = Object.keys(signatures) as FunctionName[];
  for (const name of names) symbols[name] = { parameters: parameters(name), result: 'i32' };
  const library = deno.dlopen('libc.so.6', symbols).symbols;
  const errno = new Int32Array(deno.UnsafePointerView.getArrayBuffer(library['__errno_location']!(), 4));
  return {
    ...(Object.fromEntries(names.map((name) => [name, library[name]])) as unknown as Functions),
    loader: 'Deno.dlopen',
    errno: () => errno[0]!,
    address: (view) => BigInt(deno.UnsafePointer.value(deno.UnsafePointer.of(view))),
    pointer: (view) => view as unknown as Pointer,
    size: (value) => value as unknown as Size,
    nullPointer: null as unknown as Pointer,
    offThread: {
      poll: library['pollOffThread'] as unknown as (fds: Pointer, count: Size, milliseconds: number) => Promise<number>,
      sendmsg: library['sendmsgOffThread'] as unknown as (fd: number, message: Pointer, flags: number) => Promise<number>,
    },
  };
}
