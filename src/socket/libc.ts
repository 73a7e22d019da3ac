/** Which loader reaches the C library here, and whether it works. */
import { loadBun } from './loaders/bun.ts';
import { loadDeno } from './loaders/deno.ts';
import { loadKoffi } from './loaders/koffi.ts';
import { loadNodeFfi } from './loaders/node-ffi.ts';
import { netlinkError } from './netlink-error.ts';
import { type Libc, memory } from './signatures.ts';

const loaders: Record<string, () => Libc> = { koffi: loadKoffi, 'node:ffi': loadNodeFfi, 'bun:ffi': loadBun, 'Deno.dlopen': loadDeno };

/** The runtimes that a way into the C library is known for. */
export type Runtime = 'node' | 'bun' | 'deno';
/** The runtime that this is. */
export const runtime: Runtime = 'Bun' in globalThis ? 'bun' : 'Deno' in globalThis ? 'deno' : 'node';

const order: Record<Runtime, string[]> = { node: ['koffi', 'node:ffi'], bun: ['bun:ffi'], deno: ['Deno.dlopen'] };

let loaded: Libc | undefined;

/**
 * The C library of this thread, loaded at the first call.
 *
 * The environment variable `NLKIT_LOADER` picks a loader (`koffi`, `node:ffi`).
 * @throws {NetlinkError} `ERR_NETLINK_NO_TRANSPORT`, which says what each loader lacks.
 */
export function libc(): Libc {
  return (loaded ??= load());
}

function load(): Libc {
  const fail = (message: string): never => {
    throw netlinkError('ERR_NETLINK_NO_TRANSPORT', `cannot reach netlink: ${message}`);
  };
  if (process.platform !== 'linux') return fail(`${process.platform} is not Linux`);
  if (new Uint8Array(new Uint16Array([1]).buffer)[0] !== 1) return fail(`${process.arch} is big-endian, which is not supported`);
  const chosen = process.env['NLKIT_LOADER'];
  const reasons: string[] = [];
  for (const name of chosen ? [chosen] : order[runtime]) {
    try {
      const load = loaders[name];
      if (!load) return fail(`NLKIT_LOADER=${name} is none of ${Object.keys(loaders).join(', ')}`);
      const library = load();
      test(library);
      return library;
    } catch (error) {
      reasons.push(`${name}: ${String((error as Error)?.message ?? error).split('\n')[0]}`);
    }
  }
  return fail(`${reasons.join('; ')}. The package @koromix/koffi-linux-${process.arch} (an optional dependency) would do`);
}

const EAFNOSUPPORT = 97, AF_UNIX = 1, SOCK_DGRAM_CLOEXEC = 2 | 0o2000000;

/** A loader that passes arguments, pointers or errno wrongly must not get as far as a namespace. */
function test(library: Libc): void {
  if (library.socket(99, 3, 0) !== -1 || library.errno() !== EAFNOSUPPORT) throw new Error('self-test: errno is not read back');
  const pair = memory(8);
  if (library.socketpair(AF_UNIX, SOCK_DGRAM_CLOEXEC, 0, library.pointer(pair)) !== 0) throw new Error(`self-test: socketpair: errno ${library.errno()}`);
  const [a, b] = new Int32Array(pair.buffer) as unknown as [number, number];
  const name = memory(16), length = memory(4);
  new Int32Array(length.buffer)[0] = 16;
  const result = library.getsockname(a, library.pointer(name), library.pointer(length));
  const family = new Uint16Array(name.buffer)[0];
  library.close(a);
  library.close(b);
  if (result !== 0 || family !== AF_UNIX) throw new Error('self-test: pointers are not passed as they should be');
}
