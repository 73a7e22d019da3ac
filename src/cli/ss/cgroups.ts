/** Control groups (version 2) by id, which is the inode of their folder. */
import { readdirSync, readFileSync, statSync } from 'node:fs';

let known: Map<bigint, string> | undefined;

function read(): Map<bigint, string> {
  const found = new Map<bigint, string>();
  let root: string | undefined;
  try { root = /^\S+ (\S+) cgroup2 /m.exec(readFileSync('/proc/mounts', 'utf8'))?.[1]; } catch { /* Then nothing has a name. */ }
  if (root === undefined) return found;
  const enter = (path: string): void => {
    try {
      found.set(statSync(`${root}${path}`, { bigint: true }).ino, path);
      for (const entry of readdirSync(`${root}${path}`, { withFileTypes: true })) if (entry.isDirectory()) enter(`${path === '/' ? '' : path}/${entry.name}`);
    } catch { /* It is gone, or not ours to see. */ }
  };
  enter('/');
  return found;
}

/** The path of a control group within its hierarchy, as ss writes it. */
export const cgroupPath = (id: bigint): string => (known ??= read()).get(id) ?? `unreachable:${id.toString(16)}`;
