/**
 * Operations on networks are generators: they yield what has to be waited for (a plan of rtnetlink's in some namespace, a lock)
 * and receive the answer. The same operation runs with promises or on the spot.
 */
import { closeSync, fstatSync } from 'node:fs';
import { enter, identify, namespacePath, openNamespace, type NamespaceRef } from '../namespace/index.ts';
import { route } from '../families/route/index.ts';
import { openClient as openNetfilter } from '../netfilter/netfilter.ts';
import { run, runSync, type Plan } from '../route/plan.ts';
import { Client } from '../socket/index.ts';
import { NetworkError, unwritable } from './error.ts';
import { lockSync, openLock, tryLock } from './ipam/lock.ts';

/** A container's network namespace: where its file is, and what tells that it is still that one. */
export interface Where { readonly path: string; readonly dev: number; readonly ino: number }

/** Which of the kernel's doors. */
export type Door = 'route' | 'netfilter';
export type Effect = { readonly wait: 'kernel'; readonly door: Door; readonly where: Where | undefined; readonly plan: () => Plan<unknown> } | { readonly wait: 'lock'; readonly path: string };
export type Operation<T> = Generator<Effect, T, unknown>;

/** Runs a plan of rtnetlink's in a namespace. @throws {NetlinkError} @throws {NetworkError} GONE when the namespace is no more */
export function* kernel<T>(plan: () => Plan<T>, where?: Where): Operation<T> {
  return (yield { wait: 'kernel', door: 'route', where, plan }) as T;
}
/** Runs a plan of nf_tables' or of connection tracking's in the host's namespace. @throws {NetlinkError} */
export function* firewall<T>(plan: () => Plan<T>): Operation<T> {
  return (yield { wait: 'kernel', door: 'netfilter', where: undefined, plan }) as T;
}
/** Runs `inside` under a lock. */
export function* locked<T>(path: string, inside: () => Operation<T>): Operation<T> {
  const fd = (yield { wait: 'lock', path }) as number;
  try { return yield* inside(); } finally {
    closeSync(fd);
    released.get(path)?.();
  }
}

/** What happens in an operation, as it happens. */
export interface Traced { readonly operation: string; readonly step: number; readonly phase: 'logged' | 'done' | 'undone' | 'kept' }

/** Where operations work: a host's namespace, a folder of state, and the sockets that they share. */
export class Session {
  readonly state: string;
  readonly trace: ((event: Traced) => void) | undefined;
  /** Hears what was done, but not quite. */
  readonly warn: (text: string) => void;
  readonly #host: NamespaceRef | undefined;
  readonly #clients = new Map<string, { client: Client; fd?: number }>();

  constructor(state: string, host?: NamespaceRef, trace?: (event: Traced) => void, warn: (text: string) => void = (text) => process.emitWarning(text)) {
    this.state = state;
    this.#host = host;
    this.trace = trace;
    this.warn = warn;
  }

  client(where?: Where, door: Door = 'route'): Client {
    const key = where ? `${where.dev}:${where.ino}` : door;
    let known = this.#clients.get(key);
    if (!known) {
      if (where) {
        const fd = this.#open(where);
        try { known = { client: Client.open({ protocol: route, namespace: { fd } }), fd }; } catch (error) { closeSync(fd); throw error; }
      } else {
        const place = this.#host === undefined ? {} : { namespace: this.#host };
        known = { client: door === 'route' ? Client.open({ protocol: route, ...place }) : openNetfilter(place) };
      }
      this.#clients.set(key, known);
    }
    return known.client;
  }
  /** A descriptor of a container's namespace, good until the session closes. */
  descriptor(where: Where): number {
    this.client(where);
    return this.#clients.get(`${where.dev}:${where.ino}`)?.fd as number;
  }
  #open(where: Where): number {
    const gone = (cause?: unknown): NetworkError => new NetworkError('GONE', `the network namespace ${where.path} is gone`, 'it ended, or another has its name now', cause);
    let fd: number;
    try { fd = openNamespace({ path: where.path }); } catch (error) {
      if ((error as { code?: string }).code === 'ENOENT') throw gone(error);
      throw error;
    }
    const { dev, ino } = fstatSync(fd);
    if (dev === where.dev && ino === where.ino) return fd;
    closeSync(fd);
    throw gone();
  }
  /** Runs `inside`, which must be synchronous, in the host's namespace or a container's: for what is under /proc/sys/net. */
  inside<T>(inside: () => T, where?: Where): T {
    const namespace = where ? { fd: this.descriptor(where) } : this.#host;
    return namespace === undefined ? inside() : enter(namespace, inside);
  }
  /** Whether this is the host's own namespace. */
  isHost({ dev, ino }: Where): boolean {
    const home = this.home();
    return home.dev === dev && home.ino === ino;
  }
  /** The host's own namespace. @throws {NetworkError} GONE */
  home(): Where {
    const path = this.#host === undefined ? '/proc/thread-self/ns/net' : namespacePath(this.#host) ?? `/proc/self/fd/${(this.#host as { fd: number }).fd}`, identity = identify(path);
    if (!identity) throw new NetworkError('GONE', `there is no network namespace ${path}`);
    return { path, dev: identity.dev, ino: identity.ino };
  }
  close(): void {
    for (const { client, fd } of this.#clients.values()) { client.close(); if (fd !== undefined) closeSync(fd); }
    this.#clients.clear();
  }
}

/** Milliseconds between two looks at a lock that another process holds. */
const LOOK_AGAIN = 5;
/** Operations of this process that wait for a lock stand in a row: only the first has it open, and looks; it is told when one of this process's lets go. */
const rows = new Map<string, Promise<unknown>>(), released = new Map<string, () => void>();

/** @throws {NetworkError} DENIED, STATE */
function open(path: string): number {
  try { return openLock(path); } catch (error) { throw unwritable('written to', error); }
}
/** Takes a lock. @returns its descriptor */
async function lock(path: string, signal?: AbortSignal): Promise<number> {
  const before = rows.get(path), turn = (async () => {
    await before?.catch(() => {});
    signal?.throwIfAborted();
    const fd = open(path);
    try {
      while (!tryLock(fd)) {
        signal?.throwIfAborted();
        await new Promise<void>((later) => { const timer = setTimeout(later, LOOK_AGAIN); released.set(path, () => { clearTimeout(timer); later(); }); });
      }
      return fd;
    } catch (error) { closeSync(fd); throw error; } finally { released.delete(path); }
  })();
  rows.set(path, turn);
  try { return await turn; } finally { if (rows.get(path) === turn) rows.delete(path); }
}
function lockHere(path: string): number {
  const fd = open(path);
  try { lockSync(fd); } catch (error) { closeSync(fd); throw error; }
  return fd;
}

/** Runs an operation with promises: nothing blocks the event loop but files and the kernel's own work. */
export async function perform<T>(session: Session, operation: Operation<T>, signal?: AbortSignal): Promise<T> {
  let next = operation.next();
  while (!next.done) {
    const effect = next.value;
    let answer: unknown;
    try {
      if (effect.wait === 'kernel') answer = await run(session.client(effect.where, effect.door), effect.plan(), signal);
      else answer = await lock(effect.path, signal);
    } catch (error) { next = operation.throw(error); continue; }
    next = operation.next(answer);
  }
  return next.value;
}
/** The same, on the spot. */
export function performSync<T>(session: Session, operation: Operation<T>): T {
  let next = operation.next();
  while (!next.done) {
    const effect = next.value;
    let answer: unknown;
    try {
      if (effect.wait === 'kernel') answer = runSync(session.client(effect.where, effect.door), effect.plan());
      else answer = lockHere(effect.path);
    } catch (error) { next = operation.throw(error); continue; }
    next = operation.next(answer);
  }
  return next.value;
}
