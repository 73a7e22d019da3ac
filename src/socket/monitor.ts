/** Multicast groups as a stream of events. */
import { HEADER_SIZE, HOST_LITTLE_ENDIAN, NLMSG, NLMSG_MIN_TYPE, type Protocol, Writer } from '../codec/index.ts';
import { ENOBUFS } from './errno.ts';
import { receiveError } from './linux.ts';
import type { NetlinkError } from './netlink-error.ts';
import { type Decoders, type Reply, type Request, controlError, refused, writeRequest } from './request.ts';
import { viewOf, type Datagram, type Transport, type Watcher } from './transport.ts';

/** A message to a multicast group, or news of a loss. */
export type MonitorEvent =
  | (Reply & {
      readonly overrun?: undefined;
      /** The id of the network namespace that it is from; absent: the socket's own. */
      readonly nsid?: number;
      /** The message does not fit its schema: `body` is its bytes. */
      readonly error?: unknown;
    })
  /** The kernel dropped events here: what is known may be stale. The stream goes on. */
  | { readonly overrun: true; readonly message?: undefined; readonly body?: undefined; readonly nsid?: undefined };

/** How to listen. */
export interface MonitorOptions {
  readonly signal?: AbortSignal;
  /** Network namespaces that have an id here, too. */
  readonly allNsid?: boolean;
  /** Bytes of the socket's receive buffer: what the kernel keeps while nobody reads. Default 8 MiB. */
  readonly receiveBuffer?: number;
}

/** Groups by the keys of the protocol, or by number. @throws {TypeError} */
export function groupNumbers({ groups: known, name }: Protocol, groups: readonly (number | string)[]): number[] {
  return groups.map((group) => {
    if (typeof group === 'number') return group;
    const own = known[group];
    if (!own) throw new TypeError(`'${group}' is no multicast group of ${name}: ${Object.keys(known).join(', ')}`);
    return own[0];
  });
}

/** So many events wait here; the rest waits in the socket, and what does not fit there becomes an overrun. */
const HIGH = 4096, LOW = 1024;

/**
 * In a storm, waking for every other event costs more than the events. So many wakes in a row, each so soon after the one before (ms), are
 * one: from then on the socket collects for REST ms at a time, until fewer than FEW come meanwhile.
 */
const QUICK = 16, SOON = 0.2, REST = 1, FEW = 8;

/** Who is told of netlink's own messages, which are no events. */
type Control = (bytes: Uint8Array, view: DataView, at: number, end: number) => void;

const OVERRUN = Object.freeze({ overrun: true });

/** The events of a datagram. */
export function events(datagram: Datagram, decoders: Decoders, into: (event: MonitorEvent) => void, control?: Control): void {
  // Not from the kernel: a process with CAP_NET_ADMIN may send to a group, but what it says is its own.
  if (datagram.port) return;
  const { bytes } = datagram;
  const view = viewOf(datagram);
  for (let at = 0; at + HEADER_SIZE <= bytes.length;) {
    const length = view.getUint32(at, HOST_LITTLE_ENDIAN), end = at + length;
    if (length < HEADER_SIZE || end > bytes.length) break;
    const type = view.getUint16(at + 4, HOST_LITTLE_ENDIAN);
    // Most are told by their number alone: in storms a call an event counts.
    if (type >= NLMSG_MIN_TYPE || decoders.carries(type)) {
      const event = reply(bytes, view, at, end, decoders);
      into(datagram.nsid === undefined || datagram.nsid < 0 ? event : { ...event, nsid: datagram.nsid });
    } else control?.(bytes, view, at, end);
    at += (length + 3) & -4;
  }
  if (datagram.truncated) into({ overrun: true });
}

function reply(bytes: Uint8Array, view: DataView, at: number, end: number, decoders: Decoders): Reply & { error?: unknown } {
  try {
    return decoders.reply(bytes, view, at, end);
  } catch (error) {
    const [type, flags] = [view.getUint16(at + 4, HOST_LITTLE_ENDIAN), view.getUint16(at + 6, HOST_LITTLE_ENDIAN)];
    const header = { type, flags, seq: view.getUint32(at + 8, HOST_LITTLE_ENDIAN), pid: view.getUint32(at + 12, HOST_LITTLE_ENDIAN) };
    return { message: decoders.message(bytes, header, at + HEADER_SIZE, end), flags, header, body: bytes.slice(at + HEADER_SIZE, end), error };
  }
}

/**
 * Events since it was made: it listens before the first is asked for. Ends by `return()` (leaving a `for await`), by
 * the signal, or by `close()`; the events that were there before are still given.
 */
export class Monitor<E extends object = MonitorEvent> implements AsyncIterableIterator<E>, AsyncDisposable {
  readonly #transport: Transport;
  readonly #watcher: Watcher;
  readonly #signal: AbortSignal | undefined;
  #queue: E[] = [];
  #head = 0;
  #paused = false;
  #closed = false;
  /** Wakes that came soon after another; datagrams of this one; when the last was. */
  #quick = 0;
  #came = 0;
  #woke = 0;
  #rest: ReturnType<typeof setTimeout> | undefined;
  #kept = true;
  #failure: { error: unknown } | undefined;
  #waiting: { resolve: (result: IteratorResult<E, undefined>) => void; reject: (error: unknown) => void }[] = [];
  readonly #abort = (): void => this.close();

  readonly #closing: () => void;
  readonly #take: (datagram: Datagram) => void;
  readonly #writer = new Writer(HOST_LITTLE_ENDIAN);
  /** What is being asked by this socket, and what the kernel says of it. */
  #asked: { readonly request: Request; readonly bytes: Uint8Array; refusal: NetlinkError | undefined } | undefined;
  #seq = 0;

  /** @param read takes a datagram apart @param closing called once, when it stops listening */
  constructor(transport: Transport, read: (datagram: Datagram, into: (event: E) => void, control: Control) => void, signal: AbortSignal | undefined, closing: () => void) {
    this.#transport = transport;
    this.#closing = closing;
    this.#signal = signal;
    const push = (event: E): void => { this.#queue.push(event); };
    const control: Control = (bytes, view, at, end) => {
      const asked = this.#asked;
      if (asked && view.getUint16(at + 4, HOST_LITTLE_ENDIAN) === NLMSG.error && view.getUint32(at + 8, HOST_LITTLE_ENDIAN) === this.#seq && controlError(view, at, end) < 0) asked.refusal = refused(bytes, view, at, end, asked.request, asked.bytes);
    };
    this.#take = (datagram) => { this.#came++; read(datagram, push, control); };
    this.#watcher = transport.watch({
      datagram: this.#take,
      drained: () => { this.#deliver(); this.#breathe(); },
      error: (errno) => {
        if (errno === ENOBUFS) this.#queue.push(OVERRUN as E);
        else {
          this.#failure = { error: receiveError(errno) };
          this.close();
        }
        this.#deliver();
      },
    });
    if (signal?.aborted) this.close();
    else signal?.addEventListener('abort', this.#abort, { once: true });
  }

  /** Whether it still listens. */
  get closed(): boolean { return this.#closed; }

  #shift(): E | undefined {
    const event = this.#queue[this.#head];
    if (event === undefined) return undefined;
    if (++this.#head === this.#queue.length) {
      this.#queue = [];
      this.#head = 0;
    } else if (this.#head >= HIGH) {
      this.#queue = this.#queue.slice(this.#head);
      this.#head = 0;
    }
    if (this.#paused && this.#queue.length - this.#head < LOW && !this.#closed) {
      this.#paused = false;
      if (!this.#rest) this.#watcher.resume();
    }
    return event;
  }

  #deliver(): void {
    while (this.#waiting.length > 0) {
      const value = this.#shift();
      if (value === undefined) break;
      this.#waiting.shift()!.resolve({ done: false, value });
    }
    if (!this.#paused && this.#queue.length - this.#head >= HIGH && !this.#closed) {
      this.#paused = true;
      this.#watcher.pause();
    }
  }

  #breathe(): void {
    if (this.#rest) return;
    const now = performance.now(), storm = this.#quick > QUICK;
    if (storm ? this.#came < FEW : now - this.#woke > SOON) this.#quick = 0;
    else this.#quick++;
    this.#came = 0;
    this.#woke = now;
    if (this.#quick <= QUICK || this.#closed) return;
    this.#watcher.pause();
    this.#rest = setTimeout(() => {
      this.#rest = undefined;
      if (!this.#paused && !this.#closed) this.#watcher.resume();
    }, REST);
    if (!this.#kept) this.#rest.unref();
  }

  /** What has come meanwhile. @returns whether that is all there is */
  #collect(): boolean {
    try {
      for (let left = HIGH; left > 0; left--) {
        const datagram = this.#transport.receive();
        if (!datagram) return true;
        this.#take(datagram);
      }
    } catch (error) {
      if ((error as { code?: string }).code !== 'ERR_NETLINK_OVERRUN') { this.#failure ??= { error }; return true; }
      this.#queue.push(OVERRUN as E);
    }
    return false;
  }

  /**
   * Asks by the monitor's own socket: for what the kernel sends to who asked for it, not to a group. It has been done when this returns.
   * @throws {NetlinkError} the refusal (where the kernel dropped messages, an overrun tells of it instead), `ERR_NETLINK_CLOSED`; {EncodeError}
   */
  send(request: Request): void {
    const writer = this.#writer, seq = this.#seq = (this.#seq + 1) >>> 0;
    writer.pos = 0;
    writeRequest(writer, request, seq, false);
    const bytes = writer.bytes.slice(0, writer.pos), asked = this.#asked = { request, bytes, refusal: undefined as NetlinkError | undefined };
    try {
      this.#transport.send(bytes);
      // The kernel has worked on it before that returned: what it says of it is there, behind what came before.
      while (!this.#collect() && !asked.refusal);
    } finally {
      this.#asked = undefined;
      this.#deliver();
    }
    if (asked.refusal) throw asked.refusal;
  }

  next(): Promise<IteratorResult<E, undefined>> {
    const value = this.#shift();
    if (value !== undefined) return Promise.resolve({ done: false, value });
    if (this.#failure) {
      const { error } = this.#failure;
      this.#failure = undefined;
      return Promise.reject(error);
    }
    if (this.#closed) return Promise.resolve({ done: true, value: undefined });
    return new Promise((resolve, reject) => this.#waiting.push({ resolve, reject }));
  }

  /** All events that are there, at once; waits for one. Empty when it has ended. One step a burst, not one an event. */
  async nextBatch(): Promise<E[]> {
    const first = await this.next();
    if (first.done) return [];
    const batch = [first.value];
    for (let event = this.#shift(); event !== undefined; event = this.#shift()) batch.push(event);
    return batch;
  }

  /** Whether the process stays alive for it. Default: it does. */
  ref(): this { this.#kept = true; this.#rest?.ref(); this.#watcher.ref(); return this; }
  unref(): this { this.#kept = false; this.#rest?.unref(); this.#watcher.unref(); return this; }

  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#signal?.removeEventListener('abort', this.#abort);
    if (this.#rest) { clearTimeout(this.#rest); this.#collect(); }
    this.#watcher.close();
    this.#transport.close();
    this.#closing();
    const waiting = this.#waiting.splice(0), failure = this.#failure;
    for (const [index, waiter] of waiting.entries()) {
      if (failure && index === 0) {
        this.#failure = undefined;
        waiter.reject(failure.error);
      } else waiter.resolve({ done: true, value: undefined });
    }
  }

  return(_value?: unknown): Promise<IteratorResult<E, undefined>> {
    this.close();
    this.#queue = [];
    this.#head = 0;
    return Promise.resolve({ done: true, value: undefined });
  }

  [Symbol.asyncIterator](): this { return this; }
  async [Symbol.asyncDispose](): Promise<void> { await this.return(); }
}

/** The same for a script: blocks the thread until there is an event. Leaving the loop closes it. */
export function* monitorSync(transport: Transport, decoders: Decoders, timeout: number, close: () => void): Generator<MonitorEvent, void, undefined> {
  try {
    for (;;) {
      if (!transport.wait(timeout)) return;
      const batch: MonitorEvent[] = [];
      try {
        const datagram = transport.receive();
        if (datagram) events(datagram, decoders, (event) => batch.push(event));
      } catch (error) {
        if ((error as { code?: string }).code !== 'ERR_NETLINK_OVERRUN') throw error;
        batch.push({ overrun: true });
      }
      yield* batch;
    }
  } finally {
    close();
  }
}

