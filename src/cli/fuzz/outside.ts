/** The process that stays where it is: starts the one that sends in namespaces of its own, watches it, reads the kernel's log. It has no socket. */
import { spawn, spawnSync } from 'node:child_process';
import { closeSync, openSync, readFileSync, readlinkSync, readSync, constants } from 'node:fs';
import { CliError, exits } from '../errors.ts';
import { TELLING, type Orders } from './inside.ts';
import { joined, type Counted, type Ended, type Kept, type Told, type Warning } from './report.ts';

/** Whether the process inside is root of a user namespace of its own, or the machine's in a network namespace of its own. */
export type Walls = 'user' | 'root';
const FLAGS = { user: '-Urnm', root: '-nm' } as const;

export interface Run { readonly ended: Ended; readonly hangs: readonly number[]; readonly warnings: readonly Warning[]; /** Modules that the kernel loaded meanwhile: the machine keeps them. */ readonly modules: readonly string[]; /** What ended it early. */ readonly stopped?: NodeJS.Signals; readonly seconds: number }
interface Part { readonly ended: Ended; readonly hung?: number; /** All had been sent. */ readonly whole?: boolean; readonly stopped?: NodeJS.Signals }
/** They end a run, not what is known of it. */
const STOPPING = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const

/** @throws {CliError} where no such namespaces can be made */
export function probe(walls: Walls): void {
  const { error, status, stderr } = spawnSync('unshare', [FLAGS[walls], '--propagation', 'private', 'true'], { encoding: 'utf8' });
  if (!error && status === 0) return;
  const why = error ? 'unshare(1) of util-linux is not installed' : stderr.trim().split('\n')[0];
  throw new CliError(`cannot make namespaces to fuzz in: ${why}`, exits.noTransport, walls === 'user' ? 'allow unprivileged user namespaces (sysctl kernel.unprivileged_userns_clone, user.max_user_namespaces; AppArmor), or use a virtual machine' : 'this needs root');
}

/** Milliseconds without a word before the process is given up, beside what answers may take: until it begins, then. */
const START = 60_000, SILENT = 5000, MOST_HANGS = 5;
const none: Ended = { sent: 0, skipped: 0, withheld: 0, outcomes: [] };

/** Runs it to its end; after a hang, from the request behind it. */
export async function runInside(orders: Orders, walls: Walls, found: (finding: Kept) => void, dead: (number: number) => void): Promise<Run> {
  const log = new KernelLog(), before = loaded(), hangs: number[] = [], warnings: Warning[] = [], begun = performance.now();
  let ended = none, from = orders.from, stopped: NodeJS.Signals | undefined;
  try {
    for (;;) {
      const left = orders.time === undefined ? {} : { time: Math.max(0, orders.time - (performance.now() - begun)) };
      const part = await once({ ...orders, ...left, from, ...(walls === 'user' && { outside: readlinkSync('/proc/self/ns/user') }) }, walls, found, (number) => { for (const text of log.read()) warnings.push({ text, number }); });
      ended = joined(ended, part.ended);
      stopped = part.stopped;
      if (part.hung === undefined) break;
      hangs.push(part.hung);
      dead(part.hung);
      from = part.hung + 1;
      if (part.whole || hangs.length === MOST_HANGS || from >= orders.count || left.time === 0) break;
    }
    return { ended, hangs, warnings, modules: [...loaded()].filter((name) => !before.has(name)), ...(stopped && { stopped }), seconds: (performance.now() - begun) / 1000 };
  } finally { log.close(); }
}

function once(orders: Orders, walls: Walls, found: (finding: Kept) => void, looked: (number: number) => void): Promise<Part> {
  const child = spawn('unshare', [FLAGS[walls], '--propagation', 'private', process.execPath, ...process.execArgv, process.argv[1] as string, 'fuzz', '--inside'], { stdio: ['pipe', 'inherit', 'pipe', 'pipe'] });
  // What is known of a run that does not come to its end.
  const came = new Map<string, Counted>();
  let at = orders.from, sent = 0, whole = false, ended: Ended | undefined, held = '', said = '';
  return new Promise((resolve, reject) => {
    const done = (): void => { clearTimeout(timer); clearInterval(looking); looked(at); for (const one of STOPPING) process.off(one, stop); };
    const soFar = (): Ended => ended ?? { ...none, sent, outcomes: [...came.values()] };
    // A process that waits in the kernel may not go before the kernel lets it.
    const end = (): void => { child.kill('SIGKILL'); child.unref(); child.stdio[TELLING]?.destroy(); done(); };
    const late = (): void => { end(); resolve({ hung: at, whole, ended: soFar() }); };
    const stop = (stopped: NodeJS.Signals): void => { end(); resolve({ stopped, ended: soFar() }); };
    for (const one of STOPPING) process.on(one, stop);
    let timer = setTimeout(late, START);
    const looking = setInterval(() => looked(at), 200);
    (child.stdio[TELLING] as NodeJS.ReadableStream).setEncoding('utf8').on('data', (chunk: string) => {
      clearTimeout(timer);
      const lines = (held + chunk).split('\n');
      held = lines.pop() as string;
      for (const line of lines) {
        const told = JSON.parse(line) as Told;
        if (told.at !== undefined) { at = told.at; if (told.again) whole = true; else sent++; }
        if (typeof told.came === 'string') { const one = came.get(told.came) as Counted; came.set(told.came, { ...one, count: one.count + 1 }); } else if (told.came) came.set(told.came.signature, told.came);
        if (told.found) try { found(told.found); } catch (error) { end(); reject(error as Error); return; }
        if (told.end) ended = told.end;
      }
      timer = setTimeout(late, orders.timeout + SILENT);
    });
    child.stderr?.setEncoding('utf8').on('data', (text: string) => { said += text; });
    child.stdin?.on('error', () => {}).end(JSON.stringify(orders));
    child.on('error', (error) => { done(); reject(error); });
    child.on('close', (code, signal) => {
      done();
      if (ended) resolve({ ended });
      // The terminal tells both; memory that is short ends the one that sends.
      else if (signal) resolve({ ended: soFar(), ...(STOPPING.some((one) => one === signal) ? { stopped: signal } : { hung: at, whole }) });
      else reject(new CliError(said.replace(/^error: /, '').trim() || `the process that sends ended with ${code} at request ${at}`, code === exits.usage || code === exits.noTransport ? code : exits.refused));
    });
  });
}

/** Names of modules; none where the kernel has none. */
function loaded(): Set<string> {
  try { return new Set(readFileSync('/proc/modules', 'utf8').split('\n').map((line) => line.split(' ')[0] as string).filter(Boolean)); } catch { return new Set(); }
}

/** /dev/kmsg from now on, where it may be read: warnings, and what is worse. */
class KernelLog {
  readonly #fd: number | undefined;
  readonly #buffer = new Uint8Array(8192);

  constructor() {
    try { this.#fd = openSync('/dev/kmsg', constants.O_RDONLY | constants.O_NONBLOCK); } catch { return; }
    this.read();
  }

  /** A record a read: priority and facility, a number, microseconds, flags; then the text. */
  read(): string[] {
    const lines: string[] = [];
    if (this.#fd === undefined) return lines;
    for (;;) {
      let length: number;
      try { length = readSync(this.#fd, this.#buffer); } catch (error) { if ((error as NodeJS.ErrnoException).code === 'EPIPE') continue; return lines; }
      if (length === 0) return lines;
      const [, priority, text] = /^(\d+),[^;]*;([^\n]*)/.exec(new TextDecoder().decode(this.#buffer.subarray(0, length))) ?? [];
      // What does not fit a policy is told of by the way.
      if (text !== undefined && (Number(priority) & 7) <= WARNING && !/^netlink: |callbacks suppressed$/.test(text)) lines.push(text);
    }
  }

  close(): void { if (this.#fd !== undefined) closeSync(this.#fd); }
}
const WARNING = 4;
