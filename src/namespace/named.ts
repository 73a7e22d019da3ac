/** Named network namespaces, in the files that `ip netns` keeps them in: each tool sees the other's. */
import { closeSync, constants, mkdirSync, openSync, readdirSync, statSync, unlinkSync } from 'node:fs';
import { EINVAL, ENOENT, errnoNumber } from '../socket/errno.ts';
import { libc } from '../socket/libc.ts';
import { errnoOf } from '../socket/linux.ts';
import { systemError } from '../socket/netlink-error.ts';
import { CLONE_NEWNET, NAMESPACES, THIS_NAMESPACE, checkName, visit } from '../socket/netns.ts';
import { MS_BIND, MS_REC, MS_SHARED, mount, mountError, unmount } from './mounts.ts';

const pathOf = (name: string): string => `${NAMESPACES}/${checkName(name)}`;

/**
 * Creates a named network namespace, as `ip netns add` does.
 * In a mount namespace of one's own (a container) the name is not seen outside.
 * @throws {NetlinkError} EEXIST, EPERM (CAP_SYS_ADMIN)
 */
export function create(name: string): void {
  fill(name, () => {
    const c = libc();
    if (c.unshare(CLONE_NEWNET) < 0) throw systemError(c.errno(), 'unshare', undefined, 'CAP_SYS_ADMIN');
  });
}

/** Gives the network namespace of a process, or an open one, a name, as `ip netns attach` does. @throws {NetlinkError} */
export function attach(name: string, namespace: { readonly pid: number } | { readonly path: string } | { readonly fd: number }): void {
  const path = 'path' in namespace ? namespace.path : 'pid' in namespace ? `/proc/${namespace.pid}/ns/net` : `/proc/self/fd/${namespace.fd}`;
  bind(name, path);
}

function fill(name: string, leave: () => void): void {
  visit(() => {
    const path = reserve(name);
    try {
      leave();
      const errno = mount(THIS_NAMESPACE, path, 'none', MS_BIND);
      if (errno) throw mountError(errno, path);
    } catch (error) {
      unlinkSync(path);
      throw error;
    }
  });
}

function bind(name: string, source: string): void {
  const path = reserve(name);
  const errno = mount(source, path, 'none', MS_BIND);
  if (!errno) return;
  unlinkSync(path);
  throw mountError(errno, `${source} on ${path}`);
}

/** Makes the file that the namespace is to be mounted on. */
function reserve(name: string): string {
  const path = pathOf(name);
  share();
  try {
    closeSync(openSync(path, constants.O_RDONLY | constants.O_CREAT | constants.O_EXCL, 0));
  } catch (error) {
    const errno = errnoOf(error as NodeJS.ErrnoException);
    throw systemError(errno, 'open', errno === errnoNumber('EEXIST') ? `a network namespace "${name}" exists` : path, 'CAP_SYS_ADMIN');
  }
  return path;
}

/** The directory is a shared mount, so that names come and go in every mount namespace that was made from this one. */
function share(): void {
  try {
    mkdirSync(NAMESPACES, { recursive: true, mode: 0o755 });
  } catch (error) {
    throw systemError(errnoOf(error as NodeJS.ErrnoException), 'mkdir', NAMESPACES, 'CAP_SYS_ADMIN');
  }
  let errno = mount('', NAMESPACES, 'none', MS_SHARED | MS_REC);
  if (errno === EINVAL) {
    // Not a mount point yet.
    errno = mount(NAMESPACES, NAMESPACES, 'none', MS_BIND | MS_REC);
    if (!errno) errno = mount('', NAMESPACES, 'none', MS_SHARED | MS_REC);
  }
  if (errno) throw mountError(errno, NAMESPACES);
}

/**
 * Takes a namespace's name away, as `ip netns del` does: it ends when no process, socket or descriptor is left in it.
 * @throws {NetlinkError} ENOENT, EPERM (CAP_SYS_ADMIN)
 */
export function remove(name: string): void {
  const path = pathOf(name);
  const errno = unmount(path);
  // EINVAL: nothing is mounted there, which happens when the machine was rebooted or the directory copied.
  if (errno && errno !== EINVAL) throw systemError(errno, 'umount2', errno === ENOENT ? `no such network namespace: ${path}` : path, 'CAP_SYS_ADMIN');
  try {
    unlinkSync(path);
  } catch (error) {
    throw systemError(errnoOf(error as NodeJS.ErrnoException), 'unlink', path, 'CAP_SYS_ADMIN');
  }
}

/** The names, in the directory's order. */
export function list(): string[] {
  try {
    return readdirSync(NAMESPACES);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw systemError(errnoOf(error as NodeJS.ErrnoException), 'readdir', NAMESPACES);
  }
}

/** What tells namespaces apart: the device and inode of their file. */
export interface Identity { dev: number; ino: number }

/** The identity of the namespace at a path. */
export function identify(path: string): Identity | undefined {
  try {
    const { dev, ino } = statSync(path);
    return { dev, ino };
  } catch {
    return undefined;
  }
}

/** The names of the namespace at a path, as `ip netns identify` finds them. */
export function namesOf(path: string): string[] {
  const identity = identify(path);
  return list().filter((name) => {
    const other = identify(`${NAMESPACES}/${name}`);
    return identity && other && identity.dev === other.dev && identity.ino === other.ino;
  });
}
