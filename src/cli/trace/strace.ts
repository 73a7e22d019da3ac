/** strace, started so that its output is apart from that of the command: every byte of the calls that netlink goes through. */
import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { constants } from 'node:os';
import { StringDecoder } from 'node:string_decoder';
import type { StraceCall } from '../../inspect/index.ts';
import { CliError, exits } from '../errors.ts';

/** What a program may speak netlink by, and what tells of processes. */
const CALLS = ['%network', 'read', 'write', 'readv', 'writev', 'close', 'execve', 'execveat', 'clone', 'clone3', 'fork', 'vfork'];
/** The log goes to descriptor 3 by a process of its own, since the command must not hold it; strings are shown by their bytes alone. */
const OPTIONS = ['-f', '-qqq', '-ttt', '-T', '-yy', '-s', '0', '-e', 'signal=none', '-e', `trace=${CALLS.join(',')}`, '-e', 'read=all', '-e', 'write=all', '-o', '|exec cat >&3'];
/** The last lines of what strace wrote may be of a call that has not been followed by another yet. */
const QUIET = 50;

/** A trace that goes on. */
export interface Tracing {
  line(text: string): void;
  /** Nothing came for a while. */
  quiet(): void;
  /** The thread that SIGTERM is meant for. */
  first(): number | undefined;
}

/** What strace is told. The command is started without descriptor 3. */
export const straceWords = (command: readonly string[], pids: readonly number[]): string[] =>
  [...OPTIONS, ...(pids.length ? pids.flatMap((pid) => ['-p', String(pid)]) : ['--', 'sh', '-c', 'exec "$@" 3>&-', 'sh', ...command])];

/** Runs a command, or attaches to processes, until they end. @returns the exit status; 128 and the signal's number where one ended it @throws {CliError} where there is no strace */
export function runStrace(command: readonly string[], pids: readonly number[], { line, quiet, first }: Tracing): Promise<number> {
  const child = spawn('strace', straceWords(command, pids), { stdio: ['inherit', 'inherit', 'inherit', 'pipe'] });
  const interrupt = (): void => { if (pids.length) child.kill('SIGINT'); };
  const terminate = (): void => { const pid = pids.length ? child.pid : first(); if (pid !== undefined) try { process.kill(pid, 'SIGTERM'); } catch { /* it has ended */ } };
  // The terminal tells the command; what it says then is to be seen.
  process.on('SIGINT', interrupt).on('SIGTERM', terminate).on('SIGHUP', terminate);
  let timer: NodeJS.Timeout | undefined, held = '';
  const decoder = new StringDecoder('utf8');
  // Bun has no pipe to a program that is not there.
  (child.stdio[3] as NodeJS.ReadableStream | null)?.on('data', (chunk: Buffer) => {
    clearTimeout(timer);
    const lines = (held + decoder.write(chunk)).split('\n');
    held = lines.pop() as string;
    for (const one of lines) line(one);
    timer = setTimeout(quiet, QUIET);
  });
  return new Promise<number>((resolve, reject) => {
    child.on('error', (error: NodeJS.ErrnoException) => reject(error.code === 'ENOENT' ? missing() : error));
    child.on('close', (code, signal) => resolve(code ?? 128 + (signal ? constants.signals[signal] : 0)));
  }).finally(() => {
    clearTimeout(timer);
    if (held) line(held);
    process.off('SIGINT', interrupt).off('SIGTERM', terminate).off('SIGHUP', terminate);
  });
}

const missing = (): CliError => new CliError('there is no strace here, which this needs to see what other programs say', exits.noTransport, 'install it: apt install strace, dnf install strace, apk add strace, pacman -S strace');

/** What threads are called, and which of them are of one process. */
export class Processes {
  readonly #names = new Map<number, string>();
  readonly #groups = new Map<number, number>();
  /** The first that was seen. */
  first: number | undefined;

  see({ name, args, result, thread = 0 }: StraceCall): void {
    this.first ??= thread;
    if (name === 'execve' && result === 0) {
      const path = /^"((?:[^"\\]|\\.)*)"/.exec(args)?.[1];
      if (path !== undefined) this.#names.set(thread, path.slice(path.lastIndexOf('/') + 1));
    } else if (/^(clone3?|v?fork)$/.test(name) && result > 0) {
      this.#names.set(result, this.name(thread));
      if (args.includes('CLONE_THREAD')) this.#groups.set(result, this.group(thread));
    }
  }

  /** The process that a thread is of. */
  group(thread: number): number {
    let known = this.#groups.get(thread);
    if (known === undefined) this.#groups.set(thread, (known = Number(told(thread, 'status', /^Tgid:\s+(\d+)/m) ?? thread)));
    return known;
  }

  name(thread: number): string {
    let known = this.#names.get(thread);
    if (known === undefined) this.#names.set(thread, (known = told(thread, 'comm', /(.*)/) ?? '?'));
    return known;
  }
}

/** What /proc says of a thread, while it is there. */
function told(thread: number, file: string, what: RegExp): string | undefined {
  try { return what.exec(readFileSync(`/proc/${thread}/${file}`, 'utf8'))?.[1]; } catch { return undefined; }
}
