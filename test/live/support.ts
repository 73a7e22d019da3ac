/** For tests that need a kernel: everything happens in namespaces of their own. */
import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, readlinkSync } from 'node:fs';
import { release } from 'node:os';
import { libc } from '../../src/socket/libc.ts';
import { cString } from '../../src/socket/signatures.ts';

const CLONE_NEWNS = 0x00020000, CLONE_NEWNET = 0x40000000, MS_REC = 0x4000, MS_PRIVATE = 1 << 18;

/**
 * Moves this process's thread into a network and a mount namespace of its own, with an empty /run, for good.
 * Call it before anything else in a live test file.
 * @returns why not, when the machine does not allow it.
 */
export function isolate(): string | undefined {
  try {
    const c = libc();
    if (c.unshare(CLONE_NEWNET | CLONE_NEWNS) < 0) return `unshare: errno ${c.errno()} (run as root or under "unshare -Urnm")`;
    const none = c.pointer(cString('none')), root = cString('/'), run = cString('/run'), tmpfs = cString('tmpfs');
    if (c.mount(none, c.pointer(root), c.nullPointer, c.size(MS_REC | MS_PRIVATE), c.nullPointer) < 0) return `mount --make-rprivate: errno ${c.errno()}`;
    if (c.mount(none, c.pointer(run), c.pointer(tmpfs), c.size(0), c.nullPointer) < 0) return `mount tmpfs on /run: errno ${c.errno()}`;
    return undefined;
  } catch (error) {
    return (error as Error).message;
  }
}

/** Milliseconds that a command may take, more on a machine that is slow (scripts/test-vm.mjs says how slow). */
export const PATIENCE = 20_000 * Number(process.env['NLKIT_SLOW'] ?? 1);

/**
 * A copy of /etc in its place, and away again: a folder that one test makes in the machine's own /etc goes when another takes its own away, mounts
 * on it too, whatever mount namespace they are in.
 */
export const OWN_ETC = 'cp -a /etc /run/etc && mount --bind /run/etc /etc', NO_OWN_ETC = 'umount /etc && rm -r /run/etc';

/** Runs a command line, as a shell would; throws with what it printed when it fails. */
export function sh(command: string): string {
  const { status, stdout, stderr } = spawnSync('timeout', [String(PATIENCE / 1000), 'sh', '-c', command], { encoding: 'utf8' });
  if (status !== 0) throw new Error(`${command}: exit ${status}: ${stderr}${stdout}`);
  return stdout.trim();
}

/** The number of descriptors that this process holds. */
export const descriptors = (): number => readdirSync('/proc/self/fd').length;

/** Whether a command is installed. */
export const has = (command: string): boolean => (process.env['PATH'] ?? '').split(':').some((directory) => existsSync(`${directory}/${command}`));

/** The inode that names this thread's network namespace. */
export const here = (): string => readlinkSync('/proc/thread-self/ns/net');

/** The version of iproute2 here: 615 for 6.15. @param tool which of its programs says so */
export function iproute2Version(tool: 'ip' | 'ss' = 'ip'): number {
  const [, major, minor] = /iproute2-(\d+)\.(\d+)/.exec(spawnSync(tool, ['-V'], { encoding: 'utf8' }).stdout ?? '') ?? [];
  return Number(`${major ?? 0}${(minor ?? '').padStart(2, '0')}`);
}

/** The kernel's: 612 for 6.12. */
export function kernelVersion(): number {
  const [major = 0, minor = 0] = release().split('.').map((part) => Number.parseInt(part, 10));
  return major * 100 + minor;
}

/** Asks until there is an answer; what `is` throws is none. @throws when there is none in time; the cause is what was thrown last */
export async function until<T>(what: string, is: () => T | false | Promise<T | false>): Promise<T> {
  let last: unknown;
  for (const late = Date.now() + PATIENCE; Date.now() < late;) {
    try { const found = await is(); if (found !== false) return found; } catch (error) { last = error; }
    await new Promise((later) => { setTimeout(later, 100); });
  }
  throw new Error(`not within ${PATIENCE} ms: ${what}`, { cause: last });
}

/** What a look at the machine says once it has said the same three times more, with a pause of milliseconds before each. */
export async function atRest(look: () => string, pause: number): Promise<string> {
  for (let before = '', quiet = 0; ;) {
    await new Promise((done) => setTimeout(done, pause));
    const now = look();
    quiet = now === before ? quiet + 1 : 0;
    if (quiet === 3) return now;
    before = now;
  }
}

/** Does a machine answer, seen from a namespace (or from here)? To whom nobody listens it says so; ping is not everywhere. */
export function reached(address: string, netns?: string): boolean {
  const asked = ['bash', '-c', `exec 3<>/dev/tcp/${address}/9`];
  const { status, stderr } = spawnSync('timeout', ['10', ...(netns === undefined ? asked : ['ip', 'netns', 'exec', netns, ...asked])], { encoding: 'utf8' });
  return status === 0 || stderr.includes('refused');
}
