/** The C library by Node's own FFI (26 and later). Only 32-bit integers and pointers: the rest of its API still moves. */
import { type FunctionName, type Functions, type Libc, type Pointer, type Size, signatures } from '../signatures.ts';

interface NodeFfi {
  DynamicLibrary: new (path: string | null) => { getFunction(name: string, signature: object): (...args: never[]) => unknown };
  getRawPointer(view: Uint8Array): bigint;
  toArrayBuffer(address: bigint, length: number, copy: boolean): ArrayBuffer;
}

const types: Record<string, string> = { i: 'int32', u: 'uint32', p: 'pointer', z: 'pointer' };

/** Runs `load` without the warning that Node prints once for an experimental module: the user did not choose it. */
function quietly<T>(load: () => T): T {
  const emitWarning = process.emitWarning;
  process.emitWarning = (() => {}) as typeof process.emitWarning;
  try {
    return load();
  } finally {
    process.emitWarning = emitWarning;
  }
}

/** @throws when this Node has no `node:ffi`, or its permission model denies it. */
export function loadNodeFfi(): Libc {
  const ffi = quietly(() => process.getBuiltinModule?.('node:ffi') as unknown as NodeFfi | undefined);
  if (!ffi) throw new Error(`Node ${process.versions.node} has no node:ffi (26 and later do)`);
  const library = new ffi.DynamicLibrary(null);
  const declare = (name: string, result: string, args: string[]): (...args: never[]) => unknown =>
    library.getFunction(name, { result, return: result, parameters: args, arguments: args });
  const functions = {} as Record<FunctionName, unknown>;
  for (const [name, letters] of Object.entries(signatures)) {
    functions[name as FunctionName] = declare(name, 'int32', [...letters].map((letter) => types[letter]!));
  }
  const location = declare('__errno_location', 'pointer', [])() as bigint;
  const errno = new Int32Array(ffi.toArrayBuffer(location, 4, false));
  return {
    ...(functions as Functions),
    loader: 'node:ffi',
    errno: () => errno[0]!,
    address: (view) => ffi.getRawPointer(view),
    pointer: (view) => ffi.getRawPointer(view) as unknown as Pointer,
    size: (value) => BigInt(value) as unknown as Size,
    nullPointer: 0n as unknown as Pointer,
  };
}
