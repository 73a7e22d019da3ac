/** Descriptors that end with their thread. */
import { closeSync, openSync } from 'node:fs';
import { errnoNumber } from './errno.ts';
import { libc, runtime } from './libc.ts';
import { systemError } from './netlink-error.ts';

const O_CLOEXEC = 0o2000000;
const inWorker = runtime === 'node' && !process.getBuiltinModule('node:worker_threads').isMainThread;

/**
 * The descriptor, or in a Worker of Node another in its place, which Node takes for a file's: it closes those when the Worker ends, however that
 * ends (`trackUnmanagedFds`), where a descriptor of the C library's would stay for the life of the process.
 * @throws {NetlinkError} EMFILE; the descriptor is closed then
 */
export function owned(fd: number): number {
  if (!inWorker) return fd;
  const c = libc();
  try {
    const file = openAny();
    if (c.dup3(fd, file, O_CLOEXEC) >= 0) return file;
    const errno = c.errno();
    closeSync(file);
    throw systemError(errno, 'dup3');
  } finally { c.close(fd); }
}
function openAny(): number {
  try { return openSync('/', 'r'); } catch (error) { throw systemError(errnoNumber((error as NodeJS.ErrnoException).code ?? '') ?? 0, 'open', '/'); }
}
/** Closes what `owned` gave. */
export function disown(fd: number): void {
  if (inWorker) closeSync(fd);
  else libc().close(fd);
}
