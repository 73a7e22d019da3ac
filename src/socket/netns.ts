/** The network namespace of a thread: a socket belongs for ever to the one that its thread was in when it was opened. */
import { closeSync, constants, openSync } from 'node:fs';
import { errnoOf } from './linux.ts';
import { EINVAL, ENOENT } from './errno.ts';
import { libc } from './libc.ts';
import { type NetlinkError, netlinkError, systemError } from './netlink-error.ts';

/** Where `ip netns` keeps the named ones. */
export const NAMESPACES = '/run/netns';
/** The calling thread's, also in a worker (/proc/self is the main thread). */
export const THIS_NAMESPACE = '/proc/thread-self/ns/net';
export const CLONE_NEWNET = 0x40000000;

/**
 * A network namespace: a name of `ip netns`' (`'s1'`), a path (a text with a slash: `'/proc/42/ns/net'`),
 * a process (its pid as a number, or `{ pid }`), or an open descriptor (`{ fd }`, which stays its owner's).
 */
export type NamespaceRef = string | number | { readonly name: string } | { readonly path: string } | { readonly pid: number } | { readonly fd: number };

/** Where a namespace is in the file system; undefined for a descriptor. @throws {TypeError} for a name that cannot be. */
export function namespacePath(namespace: NamespaceRef): string | undefined {
  if (typeof namespace === 'string') return namespace.includes('/') ? namespace : namespacePath({ name: namespace });
  if (typeof namespace === 'number') return namespacePath({ pid: namespace });
  if ('fd' in namespace) return undefined;
  if ('path' in namespace) return namespace.path;
  if ('pid' in namespace) {
    if (!Number.isInteger(namespace.pid) || namespace.pid <= 0) throw new TypeError(`${namespace.pid} is not a process id`);
    return `/proc/${namespace.pid}/ns/net`;
  }
  return `${NAMESPACES}/${checkName(namespace.name)}`;
}

/** @throws {TypeError} for what cannot be a file name in /run/netns. */
export function checkName(name: string): string {
  if (typeof name !== 'string' || name === '' || name === '.' || name === '..' || /[/\0]/.test(name) || new TextEncoder().encode(name).length > 255) {
    throw new TypeError(`${JSON.stringify(name) ?? String(name)} cannot name a network namespace`);
  }
  return name;
}

/** A new descriptor of a namespace, for the caller to close. @throws {NetlinkError} ENOENT, EACCES */
export function openNamespace(namespace: NamespaceRef): number {
  const path = namespacePath(namespace) ?? `/proc/self/fd/${(namespace as { fd: number }).fd}`;
  try {
    return openSync(path, constants.O_RDONLY);
  } catch (error) {
    const errno = errnoOf(error as NodeJS.ErrnoException);
    throw systemError(errno, 'open', errno === ENOENT ? `no such network namespace: ${path}` : path, 'CAP_SYS_ADMIN');
  }
}

let poisoned: NetlinkError | undefined;
let away = 0;

/** Whether the thread is in another network namespace just now. */
export const isAway = (): boolean => away > 0;

/** Whether this thread could not return from a namespace; everything that opens a socket then refuses. */
export function assertAtHome(): void {
  if (poisoned) throw poisoned;
}

/**
 * Runs `inside` with the thread in another network namespace, and returns.
 *
 * Strictly synchronous: `inside` must not await. Sockets opened inside stay there; processes started inside start there.
 * The way back is tried before leaving. Should it fail all the same, the thread is poisoned: this and every later call
 * throws `ERR_NETLINK_POISONED`, and the process should end.
 * @throws {NetlinkError} ENOENT, EPERM (CAP_SYS_ADMIN)
 */
export function enter<T>(namespace: NamespaceRef, inside: () => T): T {
  return visit((go) => {
    const fd = openNamespace(namespace);
    try {
      go(fd);
    } finally {
      closeSync(fd);
    }
    return inside();
  });
}

/** Runs `trip`, which may leave by `go`, and brings the thread home. */
export function visit<T>(trip: (go: (fd: number) => void) => T): T {
  assertAtHome();
  const c = libc();
  const home = openNamespace({ path: THIS_NAMESPACE });
  const go = (fd: number): void => {
    if (c.setns(fd, CLONE_NEWNET) < 0) {
      const errno = c.errno();
      throw systemError(errno, 'setns', errno === EINVAL ? 'not a network namespace' : undefined, 'CAP_SYS_ADMIN');
    }
  };
  try {
    go(home);
    let result: T;
    away++;
    try {
      result = trip(go);
    } finally {
      away--;
      // oxlint-disable-next-line no-unsafe-finally -- a thread in the wrong namespace outweighs whatever was thrown in it
      if (c.setns(home, CLONE_NEWNET) < 0) throw (poisoned = stranded(c.errno()));
    }
    if (result instanceof Promise) {
      result.catch(() => {});
      throw new TypeError('what runs in another network namespace must be synchronous: the thread is home again before a promise settles');
    }
    return result;
  } finally {
    closeSync(home);
  }
}

const stranded = (errno: number): NetlinkError =>
  netlinkError('ERR_NETLINK_POISONED', 'this thread is stranded in a foreign network namespace: end the process', { cause: systemError(errno, 'setns') });
