/** Control groups of VRFs: processes in GROUP/vrf/NAME have their sockets bound to the VRF, as iproute2 lays them out. */
import { closeSync, mkdirSync, openSync, readdirSync, readFileSync, readlinkSync, writeFileSync } from 'node:fs';
import { usage } from '../errors.ts';

/** Where iproute2 mounts the hierarchy when nobody else has. */
const ownMount = '/var/run/cgroup2';

/** Where the version 2 hierarchy is mounted. */
export function groupRoot(): string | undefined {
  for (const line of readFileSync('/proc/mounts', 'utf8').split('\n')) {
    const [, at, type] = line.split(' ');
    if (type === 'cgroup2') return at;
  }
  return undefined;
}

async function mounted(): Promise<string> {
  const found = groupRoot();
  if (found !== undefined) return found;
  const { mount, mountError } = await import('../../namespace/mounts.ts');
  mkdirSync(ownMount, { recursive: true });
  const errno = mount('none', ownMount, 'cgroup2', 0);
  if (errno) throw mountError(errno, ownMount);
  return ownMount;
}

/** The version 2 group of a process, `/user.slice`; undefined when there is no such process. */
function groupOf(pid: number | 'self'): string | undefined {
  try {
    return /^0::(.*)$/m.exec(readFileSync(`/proc/${pid}/cgroup`, 'utf8'))?.[1];
  } catch {
    return undefined;
  }
}

/** The VRF that a process is in, or undefined. */
export function vrfOf(pid: number | 'self'): string | undefined {
  const group = groupOf(pid);
  if (group === undefined) throw usage(`there is no process ${pid}`);
  return /\/vrf\/([^/]+)$/.exec(group)?.[1];
}

const networkOf = (pid: string): string | undefined => {
  try {
    return readlinkSync(`/proc/${pid}/ns/net`);
  } catch {
    return undefined;
  }
};

export interface Member { readonly pid: number; readonly name: string }

/** The processes in a VRF of this network namespace. */
export function membersOf(vrf: string): Member[] {
  const root = groupRoot();
  if (root === undefined) return [];
  const here = networkOf('self');
  return groupsNamed(root, vrf).flatMap((group) => processes(`${root}${group}`)).filter((pid) => networkOf(pid) === here)
    .map((pid) => ({ pid: Number(pid), name: readFileSync(`/proc/${pid}/comm`, 'utf8').trim() }));
}

/** Groups `vrf/NAME` anywhere in the hierarchy: each namespace, and each service, may have its own. */
function groupsNamed(root: string, vrf: string, below = ''): string[] {
  let entries;
  try {
    entries = readdirSync(`${root}${below}`, { withFileTypes: true });
  } catch {
    return [];
  }
  return entries.filter((entry) => entry.isDirectory()).flatMap((entry) => {
    const group = `${below}/${entry.name}`;
    return group.endsWith(`/vrf/${vrf}`) ? [group] : groupsNamed(root, vrf, group);
  });
}

function processes(group: string): string[] {
  try {
    return readFileSync(`${group}/cgroup.procs`, 'utf8').split('\n').filter(Boolean);
  } catch {
    return [];
  }
}

/**
 * Moves this process into a VRF's group, with everything it starts from then on.
 * @param index The VRF's index; undefined: out of any VRF.
 * @param namespace Name of the network namespace, when it has one.
 * @returns moves it back.
 */
export async function join(vrf: string, index: number | undefined, namespace: string | undefined): Promise<() => void> {
  const root = await mounted();
  const before = groupOf('self') ?? '/';
  // From inside a VRF's group to that of another: both hang from the same group.
  const base = before.replace(/\/vrf(\/[^/]*)?$/, '').replace(/\/$/, '');
  const own = namespace !== undefined && !base.endsWith(namespace) ? `/${namespace}` : '';
  const group = `${root}${base}${own}/vrf${index === undefined ? '' : `/${vrf}`}`;
  mkdirSync(group, { recursive: true, mode: 0o755 });
  if (index !== undefined) {
    const { bindSocketsOf } = await import('../../bpf/sockets.ts');
    const fd = openSync(group, 'r');
    try {
      bindSocketsOf(fd, index);
    } finally {
      closeSync(fd);
    }
  }
  writeFileSync(`${group}/cgroup.procs`, String(process.pid));
  return () => writeFileSync(`${root}${before}/cgroup.procs`, String(process.pid));
}
