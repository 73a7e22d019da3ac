/**
 * An undo log: requests are sent through it, and all that they did can be taken back, in reverse. Before a request that changes what is
 * there, what it will change is read. Of what only makes something new, the kernel's own refusal of what exists is enough.
 */
import type { Reply, Request } from '../../socket/index.ts';
import { ask, type Plan } from '../plan.ts';
import type { Body, Undo } from './inverse.ts';
import { inverses } from './inverses.ts';

/** A request that the log cannot take back; it was not sent. */
export class IrreversibleError extends Error {
  override readonly name = 'IrreversibleError';
  readonly code = 'ERR_IRREVERSIBLE';
}

/** What was done through it can be undone. Its methods are plans: `run` and `runSync` carry them out. */
export class UndoLog {
  #undos: Undo[] = [];
  /** Indexes of links that were made through it: they take with them what is on them. */
  readonly made = new Set<number>();
  /** Links that became a port of something through it. */
  readonly joined = new Set<number>();
  /** Links of which all that hangs on them has been read. */
  readonly read = new Set<number>();
  /** Links that keep an IPv4 address whatever is taken back. */
  readonly addressed = new Set<number>();
  /** Routes as they were read, by table and prefix, while nothing else was done that moves routes; see routes.ts. */
  readonly tables = new Map<string, Map<string, Body[]>>();

  get size(): number { return this.#undos.length; }

  /** Called by inverses. */
  push(undo: Undo): void { this.#undos.push(undo); }

  /** Why a request could not be taken back; undefined when it could. Changes nothing. @throws {NetlinkError} */
  *refusal(request: Request): Plan<string | undefined> {
    const { key, name } = request.message, inverse = inverses[key];
    if (inverse) return inverse.refusal && (yield* inverse.refusal(request, this));
    const { ifindex, index } = request.body as { ifindex?: number; index?: number };
    return this.made.has(ifindex ?? index ?? 0) ? undefined : `${name} cannot be taken back`;
  }

  /** Sends a request. @throws {IrreversibleError} before anything is sent; {NetlinkError} */
  *perform(request: Request): Plan<Reply[]> {
    const { key, verb } = request.message;
    // Questions change nothing.
    if (verb === 'get') return yield* ask(request);
    const why = yield* this.refusal(request), inverse = inverses[key];
    if (why !== undefined) throw new IrreversibleError(why);
    if (!keepRoutes.has(key)) this.tables.clear();
    return yield* inverse ? inverse.perform(request, this) : ask(request);
  }

  /**
   * Takes everything back, the last change first. What fails is tried again when the rest is done.
   * @returns why some of it could not be; empty when all is as it was
   */
  *undo(): Plan<unknown[]> {
    let left = this.#undos.splice(0).reverse(), errors: unknown[] = [];
    for (let before = Infinity; left.length > 0 && left.length < before;) {
      before = left.length;
      const again: Undo[] = [];
      errors = [];
      for (const undo of left) {
        this.tables.clear();
        try { yield* undo(); } catch (error) {
          again.push(undo);
          errors.push(error);
        }
      }
      left = again;
    }
    return left.length > 0 ? errors : [];
  }
}

/** Requests that move no routes but the ones that they are about. */
const keepRoutes: ReadonlySet<string> = new Set(['newroute', 'delroute', 'newneigh', 'delneigh', 'newrule', 'delrule', 'newaddrlabel', 'deladdrlabel', 'newlinkprop', 'dellinkprop']);
