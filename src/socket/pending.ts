/** The requests in flight on one socket, and the answers that belong to them. */
import { HEADER_SIZE, HOST_LITTLE_ENDIAN, NLMSG, VERB_FLAGS } from '../codec/index.ts';
import { type NetlinkError, netlinkError } from './netlink-error.ts';
import { type Decoders, type Reply, type Request, controlError, isControl, refused, remark } from './request.ts';
import { viewOf, type Datagram } from './transport.ts';

/** One or more requests that were sent in one datagram with consecutive numbers; the last is acknowledged. */
export interface Pending {
  readonly first: number;
  readonly requests: readonly Request[];
  /** The datagram, and where each request starts in it. */
  readonly bytes: Uint8Array;
  readonly starts: readonly number[];
  /** First and last only bracket the others: the last but one is acknowledged, and what is said of the first is said of all. */
  readonly bracketed?: boolean;
  /** What each request brought; nothing where it only succeeded. */
  replies: (Reply[] | undefined)[] | undefined;
  errors: (NetlinkError | undefined)[] | undefined;
  /** Why none of it can be told any more. */
  failure: unknown;
  complete: boolean;
  /** Told once, when complete. */
  done: (() => void) | undefined;
}

/** Hears a remark of the kernel's, and on which request. */
export type OnWarning = (text: string, request: Request) => void;

export class PendingTable {
  /** Mostly there is one: a Map that goes from one entry to none and back would be made anew each time. */
  #only: Pending | undefined;
  readonly #others = new Map<number, Pending>();
  readonly #decoders: Decoders;
  readonly #onWarning: OnWarning | undefined;

  constructor(decoders: Decoders, onWarning?: OnWarning) {
    this.#decoders = decoders;
    this.#onWarning = onWarning;
  }

  get size(): number { return this.#others.size + (this.#only ? 1 : 0); }

  add(pending: Pending): void {
    if (!this.#only) this.#only = pending;
    else for (let i = 0; i < pending.requests.length; i++) this.#others.set(pending.first + i, pending);
  }

  /** Forgets a request: its answers are ignored from now on. */
  remove(pending: Pending): void {
    if (pending === this.#only) this.#only = undefined;
    else for (let i = 0; i < pending.requests.length; i++) this.#others.delete(pending.first + i);
  }

  #find(seq: number): Pending | undefined {
    const only = this.#only;
    return only && seq >= only.first && seq < only.first + only.requests.length ? only : this.#others.get(seq);
  }

  #complete(pending: Pending): void {
    pending.complete = true;
    this.remove(pending);
    pending.done?.();
  }

  fail(pending: Pending, failure: unknown): void {
    pending.failure = failure;
    this.#complete(pending);
  }

  failAll(failure: unknown): void {
    for (const pending of new Set([...(this.#only ? [this.#only] : []), ...this.#others.values()])) this.fail(pending, failure);
  }

  /** Takes a datagram apart. Only the kernel answers (port 0); answers to nothing are dropped. */
  accept(datagram: Datagram): void {
    if (datagram.port) return;
    const { bytes } = datagram, view = viewOf(datagram);
    for (let at = 0; at + HEADER_SIZE <= bytes.length;) {
      const length = view.getUint32(at, HOST_LITTLE_ENDIAN);
      if (length < HEADER_SIZE) break;
      const pending = this.#find(view.getUint32(at + 8, HOST_LITTLE_ENDIAN));
      if (length > bytes.length - at) {
        if (pending) this.fail(pending, truncated(datagram));
        break;
      }
      if (pending) this.#message(pending, bytes, view, at, at + length);
      at += (length + 3) & -4;
    }
    if (datagram.truncated) this.failAll(truncated(datagram));
  }

  #message(pending: Pending, bytes: Uint8Array, view: DataView, at: number, end: number): void {
    const type = view.getUint16(at + 4, HOST_LITTLE_ENDIAN);
    const index = (view.getUint32(at + 8, HOST_LITTLE_ENDIAN) - pending.first) >>> 0;
    if (!isControl(type)) {
      try {
        ((pending.replies ??= [])[index] ??= []).push(this.#decoders.reply(bytes, view, at, end));
      } catch (error) {
        this.fail(pending, error);
      }
      return;
    }
    if (type === NLMSG.noop) return;
    if (type === NLMSG.overrun) return this.fail(pending, netlinkError('ERR_NETLINK_OVERRUN', 'the kernel lost data'));
    const errno = controlError(view, at, end);
    if (errno < 0) {
      const start = pending.starts[index]!, length = new DataView(pending.bytes.buffer, pending.bytes.byteOffset).getUint32(start, HOST_LITTLE_ENDIAN);
      (pending.errors ??= [])[index] = refused(bytes, view, at, end, pending.requests[index]!, pending.bytes.slice(start, start + length));
    }
    if (errno === 0 && this.#onWarning && view.getUint16(at + 6, HOST_LITTLE_ENDIAN) & VERB_FLAGS.ack.ackTlvs) {
      const text = remark(bytes, view, at, end);
      if (text !== undefined) this.#onWarning(text, pending.requests[index]!);
    }
    // Requests of one datagram are worked on in order: the last one's answer settles all.
    if (index === pending.requests.length - (pending.bracketed ? 2 : 1) || (pending.bracketed && index === 0 && errno < 0)) this.#complete(pending);
  }
}

export const truncated = (datagram: Datagram): NetlinkError =>
  netlinkError('ERR_NETLINK_TRUNCATED', `a datagram of ${datagram.length} bytes was truncated to ${datagram.bytes.length}: ask again, the buffer has grown`);

const nothing: PromiseFulfilledResult<Reply[]> = Object.freeze({ status: 'fulfilled', value: Object.freeze([]) as unknown as Reply[] });

/** A result a request, in order, behind those that are there. */
export function collect(part: Pending, results: PromiseSettledResult<Reply[]>[]): void {
  for (let index = 0; index < part.requests.length; index++) {
    const reason = part.errors?.[index], value = part.replies?.[index];
    results.push(reason ? { status: 'rejected', reason } : value ? { status: 'fulfilled', value } : nothing);
  }
}

/** Results, with those of requests that could not be written where they belong. */
export function among(results: PromiseSettledResult<Reply[]>[], odd: ReadonlyMap<number, unknown>): PromiseSettledResult<Reply[]>[] {
  for (const [index, reason] of odd) results.splice(index, 0, { status: 'rejected', reason });
  return results;
}
