/** Finds network namespaces: those with a name, those that are mounted somewhere else, those that only processes hold. */
import { readFileSync, readdirSync, statSync } from 'node:fs';
import { NAMESPACES, identify, list, type Identity } from '../namespace/index.ts';
import { containerOf } from './containers.ts';
import type { Container } from './facts.ts';

/** A namespace that may be opened at `path`. */
export interface Found {
  path: string;
  readonly identity: Identity;
  readonly names: string[];
  mount?: string;
  process?: { pid: number; name: string };
  container?: Container;
}

const key = ({ dev, ino }: Identity): string => `${dev}:${ino}`;

/** Namespaces by identity, so that one that is found by several ways is one. */
export class Finds {
  readonly #known = new Map<string, Found>();
  /** The device of the kernel's namespace files: another one is a leftover that nothing is mounted on. */
  readonly #device: number | undefined = identify('/proc/self/ns/net')?.dev;

  get all(): Found[] { return [...this.#known.values()]; }

  /** @returns undefined where there is no namespace */
  add(path: string): Found | undefined {
    const identity = identify(path);
    if (!identity || identity.dev !== this.#device) return undefined;
    const known = this.#known.get(key(identity));
    if (known) return known;
    const found: Found = { path, identity, names: [] };
    this.#known.set(key(identity), found);
    return found;
  }
}

/** Adds those of /run/netns. */
export function addNamed(finds: Finds): void {
  for (const name of list().sort()) finds.add(`${NAMESPACES}/${name}`)?.names.push(name);
}

/** Adds those that are mounted elsewhere: container engines keep some without a process in them. Source: proc_pid_mountinfo(5). */
export function addMounted(finds: Finds): void {
  for (const line of read('/proc/self/mountinfo').split('\n')) {
    const [, , , root, escaped = ''] = line.split(' ');
    if (!root?.startsWith('net:[')) continue;
    const path = escaped.replace(/\\([0-7]{3})/g, (_, octal: string) => String.fromCharCode(parseInt(octal, 8)));
    const found = finds.add(path);
    if (found && found.names.length === 0) found.mount ??= path;
  }
}

/**
 * Adds those of processes; the oldest process of each gives it a face.
 * @returns whether there are processes that one may not look at
 */
export function addProcesses(finds: Finds): boolean {
  let hidden = false;
  const pids = names('/proc').filter((name) => /^\d+$/.test(name)).map(Number).sort((a, b) => a - b);
  for (const pid of pids) {
    const found = finds.add(`/proc/${pid}/ns/net`);
    if (!found) hidden ||= isForbidden(`/proc/${pid}/ns/net`);
    if (!found || found.process) continue;
    found.process = { pid, name: read(`/proc/${pid}/comm`).trimEnd() };
    const container = containerOf(read(`/proc/${pid}/cgroup`));
    if (container) found.container = container;
  }
  return hidden;
}

/** Of a process that has ended, waited for or not, there is nothing to see. */
function isForbidden(path: string): boolean {
  try { statSync(path); } catch (error) { return ['EACCES', 'EPERM'].includes((error as NodeJS.ErrnoException).code ?? ''); }
  return false;
}
function read(path: string): string {
  try { return readFileSync(path, 'utf8'); } catch { return ''; }
}
function names(folder: string): string[] {
  try { return readdirSync(folder); } catch { return []; }
}
