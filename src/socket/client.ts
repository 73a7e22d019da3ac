/** Requests, dumps and events of one netlink protocol in one network namespace. */
import { closeSync } from 'node:fs';
import { checkKeys, HOST_LITTLE_ENDIAN, type Protocol, Writer } from '../codec/index.ts';
import { openKeys, type ClientOptions, type RequestOptions, type SocketOptions } from './client-options.ts';
import { type AsyncDumpOptions, type DumpHost, type DumpOptions, dumpChunks, dumpSync, nextTurn } from './dump.ts';
import { openSocket } from './linux.ts';
import { Monitor, type MonitorEvent, type MonitorOptions, events, groupNumbers, monitorSync } from './monitor.ts';
import { THIS_NAMESPACE, assertAtHome, enter, isAway, openNamespace } from './netns.ts';
import { fromHere, type NetlinkError, netlinkError } from './netlink-error.ts';
import { oneByOne } from './one-by-one.ts';
import { Parcel } from './parcel.ts';
import { type Pending, PendingTable, among, collect } from './pending.ts';
import { Decoders, type Reply, type Request, writeRequest } from './request.ts';
import { Sockets } from './sockets.ts';
import type { Transport, Watcher } from './transport.ts';

/** The kernel waits for grace periods in these. */
const slow = new Set(['RTM_NEWLINK', 'RTM_SETLINK', 'RTM_DELLINK', 'RTM_NEWQDISC', 'RTM_DELQDISC']);

const SEQUENCE = 0x3fffffff;
const MONITOR_BUFFER = 8 * 1024 * 1024;

/** A connection to the kernel: requests, batches, dumps and monitors of one protocol in one network namespace. */
export class Client<P extends Protocol = Protocol> implements Disposable, AsyncDisposable {
  readonly protocol: P;
  /** The socket for requests. */
  readonly transport: Transport;
  readonly #sockets: Sockets;
  readonly #timeout: number;
  readonly #release: (() => void) | undefined;
  readonly #decoders: Decoders;
  readonly #pending: PendingTable;
  readonly #writer = new Writer(HOST_LITTLE_ENDIAN);
  readonly #host: DumpHost;
  /** Below 2^30: numbers that engines keep without a heap object. A start by the clock tells runs apart in a trace. */
  #seq = Date.now() & SEQUENCE;
  #watcher: Watcher | undefined;
  /** The last send on another thread: later ones keep the order. */
  #sending: Promise<void> | undefined;
  #shared: Uint8Array = new Uint8Array(0);

  /** @param transport its only user from now on */
  constructor(transport: Transport, options: ClientOptions<P>) {
    this.transport = transport;
    this.protocol = options.protocol;
    this.#sockets = new Sockets(transport, options.open);
    this.#timeout = options.timeout ?? 30_000;
    this.#release = options.release;
    this.#decoders = new Decoders(options.protocol);
    this.#pending = new PendingTable(this.#decoders, options.onWarning);
    this.#host = {
      sockets: this.#sockets,
      timeout: this.#timeout,
      mainIsFree: () => this.#pending.size === 0 && !this.#watcher && !this.#sending,
      ready: () => this.#sending,
      nextSeq: () => this.#nextSeq(1),
      late: () => this.#late(),
    };
  }

  /**
   * Opens a socket of a protocol. A client that is dropped without `close` keeps its descriptors until the process ends, or under Node the Worker
   * that opened it (under other runtimes, a Worker's stay).
   * @throws {NetlinkError} `ERR_NETLINK_NO_TRANSPORT`, EPERM, ENOENT (the namespace)
   */
  static open<P extends Protocol>(options: SocketOptions<P>): Client<P> {
    checkKeys(options, openKeys, 'the options of a connection');
    const { protocol, namespace, timeout, onWarning, ...raw } = options;
    assertAtHome();
    // The sockets that follow must be of the same namespace, whatever its name is by then.
    const home = namespace !== undefined ? openNamespace(namespace) : isAway() ? openNamespace({ path: THIS_NAMESPACE }) : undefined;
    const there = <T>(body: () => T): T => (home === undefined ? body() : enter({ fd: home }, body));
    try {
      return new Client(there(() => openSocket({ ...raw, protocol: protocol.number })), {
        protocol,
        open: (more) => there(() => openSocket({ ...raw, ...more, protocol: protocol.number })),
        ...(timeout !== undefined && { timeout }), ...(onWarning && { onWarning }),
        ...(home !== undefined && { release: () => closeSync(home) }),
      });
    } catch (error) {
      if (home !== undefined) closeSync(home);
      throw error;
    }
  }

  get closed(): boolean { return this.transport.closed; }

  // Requests.

  #nextSeq(count: number): number {
    const first = this.#seq + count > SEQUENCE ? 1 : this.#seq;
    this.#seq = first + count;
    return first;
  }

  /** `shared`: the bytes need to last only until the next request. */
  #encode(request: Request, shared: boolean): Pending {
    const writer = this.#writer, first = this.#nextSeq(1);
    writer.pos = 0;
    writeRequest(writer, request, first, true);
    let bytes = this.#shared;
    if (!shared) bytes = writer.bytes.slice(0, writer.pos);
    // Requests in a loop are of one length.
    else if (bytes.length !== writer.pos || bytes.buffer !== writer.bytes.buffer) this.#shared = bytes = writer.bytes.subarray(0, writer.pos);
    return { first, requests: [request], bytes, starts: atStart, replies: undefined, errors: undefined, complete: false, failure: undefined, done: undefined };
  }

  /**
   * Sends a request and waits for its acknowledgement.
   * @returns the messages before it: the answer to a GET, with `echo` what was made
   * @throws {NetlinkError} when the kernel refuses; {EncodeError} when the body does not fit the schema, before anything is sent
   */
  requestSync(request: Request): Reply[] {
    const pending = this.#encode(request, true);
    this.#runSync(pending);
    if (pending.errors) throw pending.errors[0];
    return pending.replies?.[0] ?? [];
  }

  #runSync(pending: Pending): void {
    this.#pending.add(pending);
    try {
      this.transport.send(pending.bytes);
      this.#receiveUntil(pending);
    } catch (error) {
      this.#pending.remove(pending);
      throw error;
    }
    if (pending.failure !== undefined) throw pending.failure;
  }

  #receiveUntil(pending: Pending): void {
    while (!pending.complete) {
      if (this.#pump(pending)) continue;
      if (!this.transport.wait(this.#timeout)) throw this.#late();
    }
  }

  /** Takes what is there, but no more than is awaited. @returns false when there was nothing */
  #pump(until?: Pending): boolean {
    try {
      for (;;) {
        if (until ? until.complete : this.#pending.size === 0) return true;
        const datagram = this.transport.receive();
        if (!datagram) return false;
        this.#pending.accept(datagram);
      }
    } catch (error) {
      // The kernel dropped answers: nobody knows whose.
      this.#pending.failAll(error);
      return true;
    }
  }

  #late(): NetlinkError {
    return netlinkError('ERR_NETLINK_TIMEOUT', `no answer from the kernel in ${this.#timeout} ms`);
  }

  /** The same without blocking. Requests keep their order; any number may be in flight. */
  async request(request: Request, options: RequestOptions = {}): Promise<Reply[]> {
    options.signal?.throwIfAborted();
    const pending = this.#encode(request, false);
    const later = this.#run(pending, options.offLoop ?? slow.has(request.message.name), options.signal);
    if (later) await later;
    const refusal = pending.errors?.[0];
    if (refusal) throw later ? fromHere(refusal) : refusal;
    return pending.replies?.[0] ?? [];
  }

  /** Sends, and takes the answer if it is there. @returns what to wait for, if anything */
  #run(pending: Pending, offLoop: boolean, signal: AbortSignal | undefined): Promise<void> | undefined {
    if (this.#sending || offLoop) return this.#queue(pending, offLoop, signal).then(() => this.#settle(pending, signal));
    this.#pending.add(pending);
    try {
      this.transport.send(pending.bytes);
    } catch (error) {
      this.#pending.remove(pending);
      throw error;
    }
    return this.#settle(pending, signal);
  }

  #settle(pending: Pending, signal: AbortSignal | undefined): Promise<void> | undefined {
    // The kernel has worked on it before the send returned: mostly the answer is there.
    if (!pending.complete) this.#pump();
    if (!pending.complete) return this.#answer(pending, signal);
    if (pending.failure !== undefined) throw pending.failure;
    return undefined;
  }

  /** Sends after those that are being sent on another thread. */
  #queue(pending: Pending, offLoop: boolean, signal: AbortSignal | undefined): Promise<void> {
    const sent = (this.#sending ?? Promise.resolve()).then(() => {
      signal?.throwIfAborted();
      this.#pending.add(pending);
      return offLoop ? this.transport.sendOffLoop(pending.bytes) : this.transport.send(pending.bytes);
    });
    const settled: Promise<void> = sent.catch(() => {}).then(() => { if (this.#sending === settled) this.#sending = undefined; });
    this.#sending = settled;
    return sent.catch((error: unknown) => {
      this.#pending.remove(pending);
      throw error;
    });
  }

  #answer(pending: Pending, signal: AbortSignal | undefined): Promise<void> {
    return new Promise<void>((resolve, reject) => {
      const timer = setTimeout(() => this.#pending.fail(pending, this.#late()), this.#timeout);
      const abort = (): void => this.#pending.fail(pending, signal!.reason);
      signal?.addEventListener('abort', abort, { once: true });
      pending.done = () => {
        clearTimeout(timer);
        signal?.removeEventListener('abort', abort);
        this.#unwatch();
        if (pending.failure !== undefined) reject(pending.failure as Error);
        else resolve();
      };
      if (signal?.aborted) return abort();
      this.#watcher ??= this.transport.watch({
        datagram: (datagram) => this.#pending.accept(datagram),
        error: (errno) => this.#pending.failAll(netlinkError('ERR_NETLINK_OVERRUN', `receiving failed: errno ${errno}`, { errno: -errno })),
      });
    });
  }

  #unwatch(): void {
    if (this.#pending.size > 0) return;
    this.#watcher?.close();
    this.#watcher = undefined;
  }

  /**
   * Whether the interface of that index has that name in the client's network namespace, at once.
   * @returns false, too, where that cannot be told: while requests are being sent on another thread, of altnames
   */
  isNamed(index: number, name: string): boolean { return !this.#sending && !this.closed && (this.transport.isNamed?.(index, name) ?? false); }

  /**
   * Sends many requests, as many a datagram as the kernel can answer. The kernel works on them in order and does not
   * stop at a refusal.
   * @returns a result a request, in order; the reason of a rejected one is a NetlinkError, or an EncodeError: that one was not sent
   */
  batchSync(requests: Iterable<Request>): PromiseSettledResult<Reply[]>[] {
    const results: PromiseSettledResult<Reply[]>[] = [], odd = new Map<number, unknown>();
    for (const part of this.#parts(requests, odd)) {
      this.#runSync(part);
      collect(part, results);
    }
    return among(results, odd);
  }

  /** The same without blocking. */
  async batch(requests: Iterable<Request>, options: RequestOptions = {}): Promise<PromiseSettledResult<Reply[]>[]> {
    const results: PromiseSettledResult<Reply[]>[] = [], odd = new Map<number, unknown>();
    let last = performance.now();
    for (const part of this.#parts(requests, odd)) {
      options.signal?.throwIfAborted();
      await this.#run(part, options.offLoop ?? part.requests.some((request) => slow.has(request.message.name)), options.signal);
      collect(part, results);
      if (performance.now() - last > 5) {
        await nextTurn();
        last = performance.now();
      }
    }
    return among(results, odd);
  }

  #bracketed(requests: readonly Request[]): Pending {
    const parcel = new Parcel();
    for (const request of requests) parcel.add(request);
    return parcel.take(this.#nextSeq(parcel.size), true);
  }

  /**
   * Sends requests of which the first and the last bracket the others, in one datagram, however large: a transaction of nf_tables.
   * @returns as `batchSync`; what is refused as a whole, the first is told
   */
  bracketedSync(requests: readonly Request[]): PromiseSettledResult<Reply[]>[] {
    const pending = this.#bracketed(requests), results: PromiseSettledResult<Reply[]>[] = [];
    this.#runSync(pending);
    collect(pending, results);
    return results;
  }

  /** The same without blocking. */
  async bracketed(requests: readonly Request[], options: RequestOptions = {}): Promise<PromiseSettledResult<Reply[]>[]> {
    options.signal?.throwIfAborted();
    const pending = this.#bracketed(requests), results: PromiseSettledResult<Reply[]>[] = [];
    await this.#run(pending, options.offLoop ?? false, options.signal);
    collect(pending, results);
    return results;
  }

  /** Sends what a parcel holds, and empties it. @returns as `batchSync` */
  sendSync(parcel: Parcel): PromiseSettledResult<Reply[]>[] {
    const results: PromiseSettledResult<Reply[]>[] = [];
    if (parcel.size === 0) return results;
    const part = parcel.take(this.#nextSeq(parcel.size));
    this.#runSync(part);
    collect(part, results);
    return results;
  }

  /** One datagram's worth after the other: each is encoded when the one before has been answered. */
  *#parts(requests: Iterable<Request>, odd: Map<number, unknown>): Generator<Pending> {
    const parcel = new Parcel();
    let index = 0;
    for (const request of requests) {
      try { parcel.add(request); } catch (error) { odd.set(index, error); }
      index++;
      if (parcel.full) yield parcel.take(this.#nextSeq(parcel.size));
    }
    if (parcel.size > 0) yield parcel.take(this.#nextSeq(parcel.size));
  }

  // Dumps.

  #decodersFor(options: DumpOptions): Decoders {
    const { select, exact } = options;
    return select || exact ? new Decoders(this.protocol, { ...(select && { select }), ...(exact && { exact }) }) : this.#decoders;
  }

  /**
   * All objects of a dump. Begun anew when something changed meanwhile.
   * @throws {NetlinkError} `ERR_NETLINK_DUMP_INTERRUPTED` with `partial`, after the retries
   */
  dumpSync(request: Request, options: DumpOptions = {}): object[] {
    const all: object[] = [];
    for (const chunk of dumpSync(this.#host, request, this.#decodersFor(options), options)) for (const object of chunk) all.push(object);
    return all;
  }

  /** The objects of a dump, one by one. Leaving the loop ends it. */
  dump(request: Request, options: AsyncDumpOptions = {}): AsyncGenerator<object, void, undefined> {
    return oneByOne(this.dumpChunks(request, options));
  }

  /**
   * The objects of a dump, a datagram's worth at a time: much faster than one by one when there are many.
   * A small dump (about 250 KiB) is begun anew when something changed meanwhile. A larger one is handed over while it
   * runs, and then throws `ERR_NETLINK_DUMP_INTERRUPTED` at its end.
   */
  dumpChunks(request: Request, options: AsyncDumpOptions = {}): AsyncGenerator<object[], void, undefined> {
    return dumpChunks(this.#host, request, () => this.#decodersFor(options), options);
  }

  // Monitors.

  /** Events of multicast groups (`'link'`, or numbers), from now on: it listens before the first is asked for. */
  monitor(groups: readonly (number | string)[], options: MonitorOptions = {}): Monitor {
    return this.#sockets.listen(groupNumbers(this.protocol, groups), options.allNsid ?? false, options.receiveBuffer ?? MONITOR_BUFFER, (transport, closing) => new Monitor(transport, (datagram, into, control) => events(datagram, this.#decoders, into, control), options.signal, closing));
  }

  /** The same for a script: blocks the thread. Ends when `timeout` milliseconds bring nothing (-1: never). */
  monitorSync(groups: readonly (number | string)[], options: Omit<MonitorOptions, 'signal'> & { timeout?: number } = {}): Generator<MonitorEvent, void, undefined> {
    const transport = this.#sockets.listen(groupNumbers(this.protocol, groups), options.allNsid ?? false, options.receiveBuffer ?? MONITOR_BUFFER, (opened, closing) => ({ opened, close: () => { opened.close(); closing(); } }));
    return monitorSync(transport.opened, this.#decoders, options.timeout ?? -1, () => transport.close());
  }

  /** Releases every descriptor. What is in flight is rejected with `ERR_NETLINK_CLOSED`. May be called again. */
  close(): void {
    if (this.closed) return;
    this.#watcher?.close();
    this.#watcher = undefined;
    this.#sockets.close();
    this.#release?.();
    this.#pending.failAll(netlinkError('ERR_NETLINK_CLOSED', 'the client was closed'));
  }

  [Symbol.dispose](): void { this.close(); }
  async [Symbol.asyncDispose](): Promise<void> {
    await this.#sending;
    this.close();
  }
}

const atStart: readonly number[] = [0];
