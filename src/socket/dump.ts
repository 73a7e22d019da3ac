/** Dumps: everything that matches, in as many datagrams as it takes. */
import { COMMON_FLAGS, type Decoder, HEADER_SIZE, HOST_LITTLE_ENDIAN, NLMSG, NLMSG_MIN_TYPE, NLM_F_DUMP, Writer, flagNumber, roomFor } from '../codec/index.ts';
import { NetlinkError, netlinkError } from './netlink-error.ts';
import { truncated } from './pending.ts';
import { type Decoders, type Request, controlError, refused, writeRequest } from './request.ts';
import type { Sockets } from './sockets.ts';
import { viewOf, type Datagram, type Transport } from './transport.ts';

/** What of a dump is wanted, and how patiently. */
export interface DumpOptions {
  /** Only these keys are decoded: `['ifname', 'linkinfo.kind']`. */
  readonly select?: readonly string[];
  /** Keep what differs from the canonical encoding, so that what is written back has the same bytes. */
  readonly exact?: boolean;
  /** Only objects for which it is true. (What the kernel can filter by belongs into the request's body.) */
  readonly filter?: (object: never) => boolean;
  /** How often a dump is begun anew when something changed meanwhile. Default 3. */
  readonly retries?: number;
  /** Milliseconds that the kernel may take for a datagram. */
  readonly timeout?: number;
}

/** The same; the signal ends it. */
export interface AsyncDumpOptions extends DumpOptions {
  readonly signal?: AbortSignal;
}

/** One run of a dump over a socket that does nothing else meanwhile. */
class DumpRun {
  done = false;
  interrupted = false;
  readonly #transport: Transport;
  readonly #request: Request;
  readonly #decoders: Decoders;
  readonly #seq: number;
  readonly #message: Uint8Array;
  readonly #filter: ((object: object) => boolean) | undefined;
  #most = 0;
  /** It has more than one part: only its end ends it, whatever single messages say of themselves (associations of SCTP say that they are alone). */
  #parts = false;

  constructor(transport: Transport, request: Request, seq: number, decoders: Decoders, filter: ((object: never) => boolean) | undefined) {
    this.#transport = transport;
    this.#request = request;
    this.#decoders = decoders;
    this.#seq = seq;
    this.#filter = filter as ((object: object) => boolean) | undefined;
    const writer = new Writer(HOST_LITTLE_ENDIAN);
    const flags = (request.flags === undefined ? 0 : flagNumber(request.message.verb, request.flags)) | NLM_F_DUMP;
    writeRequest(writer, { ...request, flags }, seq, false);
    this.#message = writer.bytes.subarray(0, writer.pos);
    transport.send(this.#message);
  }

  /** The objects of the next datagram; undefined when it is not there yet. @throws {NetlinkError} */
  next(): object[] | undefined {
    const datagram = this.#transport.receive();
    return datagram && this.accept(datagram);
  }

  /** The objects of a datagram. @throws {NetlinkError} */
  accept(datagram: Datagram): object[] {
    if (datagram.port) return [];
    // As many as last time.
    const objects = roomFor<object>(this.#most);
    let count = 0;
    const { bytes } = datagram, seq = this.#seq, view = viewOf(datagram), little = HOST_LITTLE_ENDIAN, size = bytes.length;
    let at = 0, end = 0, lastType = -1, decode = raw, any = 0;
    // Short: the engine counts bytes of code passed over, and a few thousand objects are not worth compiling this once more.
    for (; at + HEADER_SIZE <= size; at += (end - at + 3) & -4) {
      end = at + view.getUint32(at, little);
      if (end - at < HEADER_SIZE || end > size) break;
      if (view.getUint32(at + 8, little) !== seq) continue;
      const type = view.getUint16(at + 4, little), flags = view.getUint16(at + 6, little);
      any |= flags;
      if (type < NLMSG_MIN_TYPE) this.#control(type, bytes, view, at, end);
      else {
        if (type !== lastType) decode = this.#decoders.get((lastType = type)) ?? raw;
        objects[count++] = decode(bytes, view, at + HEADER_SIZE, end);
      }
    }
    if (end > size) throw truncated(datagram);
    if (any & COMMON_FLAGS.dumpIntr) this.interrupted = true;
    // A single reply that is no part of a multi-part message ends it too.
    if (any & COMMON_FLAGS.multi) this.#parts = true;
    else if (count > 0 && !this.#parts) this.done = true;
    if (datagram.truncated) throw truncated(datagram);
    objects.length = count;
    if (count > this.#most) this.#most = count;
    // Only now: the filter may ask the kernel, and the datagram's memory is used again then.
    return this.#filter ? objects.filter(this.#filter) : objects;
  }

  #control(type: number, bytes: Uint8Array, view: DataView, at: number, end: number): void {
    if (type === NLMSG.overrun) throw netlinkError('ERR_NETLINK_OVERRUN', 'the kernel lost data');
    if (type !== NLMSG.done && type !== NLMSG.error) return;
    this.done = true;
    if (controlError(view, at, end) < 0) throw refused(bytes, view, at, end, this.#request, this.#message);
  }
}

/** What no schema knows. */
const raw: Decoder<object> = (bytes, _view, at, end) => bytes.slice(at, end);

const interrupted = (request: Request, runs: number, partial: readonly object[] | undefined): NetlinkError =>
  netlinkError('ERR_NETLINK_DUMP_INTERRUPTED', `${request.message.name}: what is dumped changed while it was dumped${runs > 1 ? `, ${runs} times in a row` : ''}: objects may be missing or twice`, {
    syscall: request.message.name, ...(partial && { partial }),
  });

/** A second try has a larger buffer. */
const isTruncation = (error: unknown): boolean => error instanceof NetlinkError && error.code === 'ERR_NETLINK_TRUNCATED';

const receiveFailed = (errno: number): NetlinkError => netlinkError('ERR_NETLINK_OVERRUN', `receiving failed: errno ${errno}`, { errno: -errno });

/** A dump that fits so many datagrams is begun anew when it was interrupted, before anything of it is handed over. */
const HELD = 8;
/** The next turn of the event loop. (node:timers/promises reads more modules than a short command has time for.) */
export const nextTurn = (): Promise<void> => new Promise((resolve) => { setImmediate(resolve); });
/** Datagrams that are read in one turn of the event loop: about 2 ms. */
const TURN = 8;

/** What a dump needs of its client. */
export interface DumpHost {
  readonly sockets: Sockets;
  readonly timeout: number;
  /** Whether the socket for requests is idle. */
  mainIsFree(): boolean;
  /** What was asked for earlier comes first. */
  ready(): Promise<unknown> | undefined;
  nextSeq(): number;
  late(): NetlinkError;
}

/** The same request, without what the selection will not look at. What the body says itself stays. */
const spared = (request: Request, { select }: DumpOptions): Request => {
  const more = select && request.message.sparing?.(select);
  return more ? { ...request, body: { ...more, ...request.body } } : request;
};

/** A whole dump, on the spot. @returns the objects, a datagram's worth each */
export function dumpSync(host: DumpHost, asked: Request, decoders: Decoders, options: DumpOptions): object[][] {
  const { sockets } = host, request = spared(asked, options), retries = options.retries ?? 3;
  for (let attempt = 1; ; attempt++) {
    const transport = host.mainIsFree() ? sockets.main : sockets.lease();
    const chunks: object[][] = [];
    let run: DumpRun | undefined;
    try {
      run = new DumpRun(transport, request, host.nextSeq(), decoders, options.filter);
      while (!run.done) {
        const chunk = run.next();
        if (chunk) chunks.push(chunk);
        else if (!transport.wait(options.timeout ?? host.timeout)) throw host.late();
      }
    } catch (error) {
      // The rest of it must not be in the way of the next one. (A single socket may block: sequence numbers must do.)
      if (run && !run.done && transport === sockets.main && !sockets.single) while (transport.receive());
      if (isTruncation(error) && attempt <= retries) continue;
      throw error;
    } finally {
      sockets.giveBack(transport, run?.done ?? false);
    }
    if (!run.interrupted) return chunks;
    if (attempt > retries) throw interrupted(request, attempt, chunks.flat());
  }
}

/** A dump as a stream of datagrams' worths. */
export async function* dumpChunks(host: DumpHost, asked: Request, decodersFor: () => Decoders, options: AsyncDumpOptions): AsyncGenerator<object[], void, undefined> {
  await host.ready();
  const { sockets } = host, { signal } = options, request = spared(asked, options), retries = options.retries ?? 3, decoders = decodersFor();
  signal?.throwIfAborted();
  if (sockets.single) return yield* dumpSync(host, request, decoders, options);
  for (let attempt = 1; ; attempt++) {
    const transport = sockets.lease();
    let run: DumpRun | undefined, held: object[][] | undefined = [], turn = 0;
    try {
      run = new DumpRun(transport, request, host.nextSeq(), decoders, options.filter);
      while (!run.done && held.length < HELD) {
        held.push(run.next() ?? (await later(host, transport, run, options)));
        if (++turn % TURN === 0 && !run.done) {
          await nextTurn();
          signal?.throwIfAborted();
        }
      }
      if (!run.done) {
        const head: object[][] = held;
        held = undefined;
        for (const chunk of head) if (chunk.length > 0) yield chunk;
        // Short: the engine measures how hot a loop is by its length, and thousands of datagrams are not worth compiling it.
        while (!run.done) {
          const chunk = run.next() ?? (await later(host, transport, run, options));
          if (chunk.length > 0) yield chunk;
          if (++turn % TURN === 0 && !run.done) {
            await nextTurn();
            signal?.throwIfAborted();
          }
        }
      }
    } catch (error) {
      if (isTruncation(error) && held && attempt <= retries) continue;
      throw error;
    } finally {
      sockets.giveBack(transport, run?.done ?? false);
    }
    if (!run.interrupted) {
      if (held) for (const chunk of held) if (chunk.length > 0) yield chunk;
      return;
    }
    if (!held || attempt > retries) throw interrupted(request, attempt, held?.flat());
  }
}

/** Waits for a datagram on the event loop. Rare: the kernel fills the first one while it is asked. */
function later(host: DumpHost, transport: Transport, run: DumpRun, { signal, timeout }: AsyncDumpOptions): Promise<object[]> {
  return new Promise((resolve, reject) => {
    const objects: object[] = [];
    let failure: { error: unknown } | undefined;
    const finish = (): void => {
      clearTimeout(timer);
      signal?.removeEventListener('abort', abort);
      watcher.close();
      if (failure) reject(failure.error as Error);
      else resolve(objects);
    };
    const fail = (error: unknown): void => { failure ??= { error }; };
    const abort = (): void => { fail(signal!.reason); finish(); };
    const timer = setTimeout(() => { fail(host.late()); finish(); }, timeout ?? host.timeout);
    signal?.addEventListener('abort', abort, { once: true });
    const watcher = transport.watch({
      datagram: (datagram) => {
        try {
          for (const object of run.accept(datagram)) objects.push(object);
        } catch (error) {
          fail(error);
        }
      },
      drained: finish,
      error: (errno) => fail(receiveFailed(errno)),
    });
  });
}
