/** Processes in network namespaces: who is there, and how to start one there. */
import { type ChildProcess, type SpawnOptions, type SpawnSyncOptions, type SpawnSyncReturns, spawn, spawnSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { ENOENT } from '../socket/errno.ts';
import { systemError } from '../socket/netlink-error.ts';
import { type NamespaceRef, enter, namespacePath } from '../socket/netns.ts';
import { identify } from './named.ts';

/** The processes in a network namespace, as `ip netns pids` lists them; those one may not look at are left out. @throws {NetlinkError} ENOENT */
export function pids(namespace: NamespaceRef): number[] {
  const path = namespacePath(namespace) ?? `/proc/self/fd/${(namespace as { fd: number }).fd}`, wanted = identify(path);
  if (!wanted) throw systemError(ENOENT, 'stat', `no such network namespace: ${path}`);
  return readdirSync('/proc').filter((name) => /^\d+$/.test(name)).map(Number).filter((pid) => {
    const own = identify(`/proc/${pid}/ns/net`);
    return own && own.dev === wanted.dev && own.ino === wanted.ino;
  }).sort((a, b) => a - b);
}

/**
 * In a mount namespace of its own a process sees the devices of its network namespace in /sys, and the files of
 * /etc/netns/NAME in /etc. The mounts are made by the child, after it was started in the network namespace: a runtime's
 * thread that took another mount namespace would no longer share its working directory with the other threads.
 */
const script = `
mode=rw; while read -r _ at _ options _; do [ "$at" = /sys ] && case ",$options," in *,ro,*) mode=ro;; *) mode=rw;; esac; done < /proc/mounts
umount -l /sys 2>/dev/null
mount -t sysfs -o "$mode" "\${1:-sysfs}" /sys || exit 255
if [ -n "$1" ] && [ -d "/etc/netns/$1" ]; then
  for file in "/etc/netns/$1"/* "/etc/netns/$1"/.[!.]*; do
    [ -e "$file" ] || continue
    mount -n --bind "$file" "/etc/\${file##*/}" || echo "Bind $file -> /etc/\${file##*/} failed" >&2
  done
fi
shift
exec "$@"`;

const wrap = (namespace: NamespaceRef, command: string, args: readonly string[]): string[] => {
  const name = typeof namespace === 'string' && !namespace.includes('/') ? namespace : typeof namespace === 'object' && 'name' in namespace ? namespace.name : '';
  return ['-m', '--propagation', 'slave', 'sh', '-c', script, 'sh', name, command, ...args];
};

/**
 * Starts a command in a network namespace, as `ip netns exec` does: with a /sys of that namespace, and with the files of
 * `/etc/netns/NAME` over those of /etc when the namespace has a name. Needs `unshare` and `mount` (util-linux, busybox).
 * A command that is not found exits with 127. Options are those of `child_process.spawn`.
 * @throws {NetlinkError} ENOENT, EPERM (CAP_SYS_ADMIN)
 */
export function exec(namespace: NamespaceRef, command: string, args: readonly string[] = [], options: SpawnOptions = {}): ChildProcess {
  return enter(namespace, () => spawn('unshare', wrap(namespace, command, args), options));
}

/** The same, waiting for it to end. Options are those of `child_process.spawnSync`. */
export function execSync(namespace: NamespaceRef, command: string, args: readonly string[] = [], options: SpawnSyncOptions = {}): SpawnSyncReturns<string | Uint8Array> {
  return enter(namespace, () => spawnSync('unshare', wrap(namespace, command, args), options));
}
