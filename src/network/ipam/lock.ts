/** flock(2): advisory locks that end with their holder, however it ends. */
import { closeSync, constants, fchmodSync, fstatSync, openSync } from 'node:fs';
import { errnoNumber } from '../../socket/errno.ts';
import { libc } from '../../socket/libc.ts';
import { systemError } from '../../socket/netlink-error.ts';

const LOCK_EX = 2, LOCK_NB = 4;
const EINTR = errnoNumber('EINTR'), EWOULDBLOCK = errnoNumber('EAGAIN');

/** Opens a lock's file, and makes it when it is not there. The descriptor is the caller's to close: that releases the lock. */
export function openLock(path: string): number {
  const fd = openSync(path, constants.O_RDONLY | constants.O_CREAT, MODE);
  // Whoever can read the file can hold the lock; host-local, too, makes one that all can read.
  const { mode, uid } = fstatSync(fd);
  if ((mode & 0o777) !== MODE && uid === process.geteuid?.()) fchmodSync(fd, MODE);
  return fd;
}
const MODE = 0o600;

/** Takes the lock, and waits for it. @throws {NetlinkError} */
export function lockSync(fd: number): void {
  for (;;) {
    const errno = flock(fd, LOCK_EX);
    if (errno === 0) return;
    if (errno !== EINTR) throw systemError(errno, 'flock');
  }
}
/** Takes the lock when it is free. @throws {NetlinkError} */
export function tryLock(fd: number): boolean {
  const errno = flock(fd, LOCK_EX | LOCK_NB);
  if (errno !== 0 && errno !== EWOULDBLOCK) throw systemError(errno, 'flock');
  return errno === 0;
}
const flock = (fd: number, operation: number): number => { const c = libc(); return c.flock(fd, operation) < 0 ? c.errno() : 0; };

/** Runs `inside` under the lock. It must be synchronous: another holder in this process would wait for itself. */
export function lockedSync<T>(path: string, inside: () => T): T {
  const fd = openLock(path);
  try {
    lockSync(fd);
    return inside();
  } finally { closeSync(fd); }
}
