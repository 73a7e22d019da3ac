/** Packets that rules hand to a program: those that wait for its verdict (`queue`), and those that are logged (`log group`). */
import { netfilter, type ConntrackAttrs, type copyModes, type LogConfig, type LogPacket, type packetVerdict, type QueueConfig, type QueuePacket } from '../families/netfilter/index.ts';
import type { Value } from '../codec/index.ts';
import type { Client, Monitor, Request } from '../socket/index.ts';

const { messages } = netfilter;

interface Told {
  /** Bytes of each packet that come with it, from the network header on; 0: none. Default: all, 65,531 at most. */
  readonly copyRange?: number;
  readonly signal?: AbortSignal;
  /** Bytes of the socket's receive buffer: what the kernel keeps while nobody reads. Default 8 MiB. */
  readonly receiveBuffer?: number;
}
/** How packets are queued. What is left out is as the kernel has it. */
export interface QueueOptions extends Told {
  /** How many packets wait at most; further ones are dropped, or with `failOpen` accepted. The kernel's: 1024. */
  readonly maxLength?: number;
  /** `failOpen`: packets that find no place are accepted. `conntrack`, `uidGid`, `secctx`: tell connections, owners, contexts. `gso`: large packets come whole. */
  readonly flags?: NonNullable<QueueConfig['flags']>;
}
/** How packets are logged. What is left out is as the kernel has it. */
export interface LogOptions extends Told {
  /** Packets that are sent together. The kernel's: 100; where a rule says how many, that holds. */
  readonly threshold?: number;
  /** Milliseconds that a packet waits for others, in steps of 10. The kernel's: 1000. */
  readonly timeout?: number;
  /** Bytes that are sent together. */
  readonly bufferSize?: number;
  /** `seq`, `seqGlobal`: number packets, so that a gap tells of a loss. `conntrack`: tell connections. */
  readonly flags?: NonNullable<LogConfig['flags']>;
}

/** The kernel dropped packets here: the socket's receive buffer was full. */
interface Overrun { readonly overrun: true; readonly packet?: undefined }
/** A packet that waits, and the number that its verdict names. */
export type QueueEvent = { readonly id: number; readonly packet: QueuePacket; readonly overrun?: undefined } | Overrun;
export type LogEvent = { readonly packet: LogPacket; readonly overrun?: undefined } | Overrun;

/** What becomes of a packet. `repeat`: the hook's chains begin anew with it. `stop`: accepted, and no more chains of the hook. */
export type PacketVerdict = 'accept' | 'drop' | 'repeat' | 'stop' | { /** The number of another queue. */ readonly queue: number };
/** What else is changed of a packet. */
export interface PacketChanges {
  readonly mark?: number;
  readonly priority?: number;
}
export interface OnePacketChanges extends PacketChanges {
  /** What it is instead, from the network header on: with its checksums. */
  readonly payload?: Uint8Array;
  /** The mark of its connection. */
  readonly connmark?: number;
  /** More of its connection: status, timeout, labels. */
  readonly connection?: ConntrackAttrs;
}

/** Packets as they come, until the loop is left, the signal, or `close()`. */
abstract class Packets<E extends { readonly overrun?: true | undefined }> implements AsyncIterable<E>, Disposable, AsyncDisposable {
  protected readonly monitor: Monitor;
  /** @throws {NetlinkError} EPERM: no CAP_NET_ADMIN, or another socket has the number */
  constructor(client: Client, configure: Request, { signal, receiveBuffer }: Told) {
    this.monitor = client.monitor([], { ...(signal && { signal }), ...(receiveBuffer !== undefined && { receiveBuffer }) });
    try {
      if (!this.monitor.closed) this.monitor.send(configure);
    } catch (error) {
      this.monitor.close();
      throw error;
    }
  }
  protected abstract event(body: object): E;
  async *[Symbol.asyncIterator](): AsyncGenerator<E, void, undefined> {
    for await (const { overrun, error, body } of this.monitor as AsyncIterable<{ overrun?: true; error?: unknown; body?: object }>) {
      if (overrun) { yield { overrun } as unknown as E; continue; }
      if (error !== undefined) throw error;
      yield this.event(body as object);
    }
  }
  get closed(): boolean { return this.monitor.closed; }
  close(): void { this.monitor.close(); }
  [Symbol.dispose](): void { this.close(); }
  async [Symbol.asyncDispose](): Promise<void> { this.close(); }
}
const copy = (range: number | undefined): { copyRange: number; copyMode: keyof typeof copyModes } => ({ copyRange: range ?? 0, copyMode: range === 0 ? 'meta' : 'packet' });

/** NF_QUEUE with a number in the upper half. */
const code = (verdict: PacketVerdict): Value<typeof packetVerdict> => {
  if (typeof verdict !== 'object') return verdict;
  const { queue } = verdict;
  if (!Number.isInteger(queue) || queue < 0 || queue > 0xffff) throw new RangeError(`${queue} is no number of a queue: 0 to 65535`);
  return (queue << 16 | 3) >>> 0;
};

/**
 * The packets of one queue. Each waits in the kernel for its verdict: so many at most, which is what bounds the memory taken here.
 * Where the queue is closed, what waits is dropped.
 */
export class PacketQueue extends Packets<QueueEvent> {
  readonly number: number;
  constructor(client: Client, number: number, options: QueueOptions = {}) {
    const { copyRange, maxLength, flags } = options;
    const config = { cmd: { command: 'bind', pf: 'unspec' }, params: copy(copyRange), ...(maxLength !== undefined && { queueMaxlen: maxLength }), ...(flags && { mask: flags, flags }) };
    super(client, { message: messages.queueConfig, body: { family: 'unspec', resId: number, ...config } }, options);
    this.number = number;
  }
  protected override event(body: object): QueueEvent {
    const packet = body as QueuePacket;
    return { id: packet.packetHdr?.packetId ?? 0, packet };
  }
  /** Lets go of a packet. @throws {NetlinkError} ENOENT: no packet with that number waits */
  verdict(id: number, verdict: PacketVerdict, { mark, priority, payload, connmark, connection }: OnePacketChanges = {}): void {
    const ct = connmark === undefined ? connection : { ...connection, mark: connmark };
    this.#decide(messages.queueVerdict, id, verdict, { mark, priority, payload, ct });
  }
  /** The same of all packets that were queued up to that one. @throws {NetlinkError} ENOENT: none waits */
  verdictUpTo(id: number, verdict: PacketVerdict, { mark, priority }: PacketChanges = {}): void {
    this.#decide(messages.queueVerdictBatch, id, verdict, { mark, priority });
  }
  #decide(message: typeof messages.queueVerdict, id: number, verdict: PacketVerdict, changes: object): void {
    this.monitor.send({ message, body: { family: 'unspec', resId: this.number, verdictHdr: { verdict: code(verdict), id }, ...changes } });
  }
}

/** The packets of one group. */
export class PacketLog extends Packets<LogEvent> {
  readonly group: number;
  constructor(client: Client, group: number, options: LogOptions = {}) {
    const { copyRange, threshold, timeout, bufferSize, flags } = options;
    const config = {
      cmd: { command: 'bind' }, mode: copy(copyRange), ...(bufferSize !== undefined && { nlbufsiz: bufferSize }),
      ...(timeout !== undefined && { timeout: Math.ceil(timeout / 10) }), ...(threshold !== undefined && { qthresh: threshold }), ...(flags && { flags }),
    };
    super(client, { message: messages.logConfig, body: { family: 'unspec', resId: group, ...config } }, options);
    this.group = group;
  }
  protected override event(body: object): LogEvent { return { packet: body as LogPacket }; }
}
