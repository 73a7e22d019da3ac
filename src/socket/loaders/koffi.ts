/** The C library by koffi's prebuilt add-on for Node: its platform package alone, which has no install script. */
import { createRequire } from 'node:module';
import { type FunctionName, type Functions, type Libc, type Pointer, type Size, signatures } from '../signatures.ts';

interface Koffi {
  load(path: string | null): { func(name: string, result: string, args: string[]): (...args: never[]) => unknown };
  address(view: Uint8Array): bigint;
  view(address: unknown, length: number): ArrayBuffer;
  errno(): number;
}

const types: Record<string, string> = { i: 'int', u: 'uint32_t', p: 'void *', z: 'size_t' };

/** The package's own module finds out which C library this is, and takes the add-on for it: where glibc's loads, there is no need to read it (3 ms). */
function addOn(require: NodeJS.Require, name: string): Koffi {
  try {
    return require(`${name}/linux_${process.arch}/koffi.node`) as Koffi;
  } catch {
    return require(name) as Koffi;
  }
}

/** @throws when the package is not installed, or the add-on does not load. */
export function loadKoffi(): Libc {
  const require = createRequire(import.meta.url);
  const koffi = addOn(require, `@koromix/koffi-linux-${process.arch}`);
  const library = koffi.load(null);
  const functions = {} as Record<FunctionName, unknown>;
  for (const [name, letters] of Object.entries(signatures)) {
    functions[name as FunctionName] = library.func(name, 'int', [...letters].map((letter) => types[letter]!));
  }
  const location = library.func('__errno_location', 'void *', [])();
  let errno = koffi.errno;
  // Electron forbids buffers over foreign memory.
  try {
    const view = new Int32Array(koffi.view(location, 4));
    errno = () => view[0]!;
  } catch {}
  return {
    ...(functions as Functions),
    loader: 'koffi',
    errno,
    address: (view) => koffi.address(view),
    pointer: (view) => koffi.address(view) as unknown as Pointer,
    size: (value) => value as unknown as Size,
    nullPointer: null as unknown as Pointer,
  };
}
