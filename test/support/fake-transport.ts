/** A socket without a kernel: what is sent is answered by a function. */
import { HOST_LITTLE_ENDIAN, Writer, writeControl, writeFrame, type AnyCodec, type DoneBody, type ErrorBody, type Header } from '../../src/codec/index.ts';
import { NetlinkError } from '../../src/socket/index.ts';
import type { Datagram, Transport, WatchHandlers, Watcher } from '../../src/socket/index.ts';

/** A datagram to receive, or an error that receiving throws. */
export type Incoming = (Partial<Datagram> & { bytes: Uint8Array }) | NetlinkError;

export class FakeTransport implements Transport {
  readonly fd = -1;
  readonly port = 4711;
  closed = false;
  /** How often a watcher was paused. */
  pauses = 0;
  /** Everything that was sent. */
  readonly sent: Uint8Array[] = [];
  readonly #queue: Incoming[] = [];
  readonly #watchers = new Set<{ handlers: WatchHandlers; paused: boolean }>();
  readonly #answer: (message: Uint8Array, transport: FakeTransport) => Iterable<Incoming> | void;

  /** @param answer called with each datagram that is sent; what it returns can be received at once */
  constructor(answer: (message: Uint8Array, transport: FakeTransport) => Iterable<Incoming> | void = () => {}) {
    this.#answer = answer;
  }

  send(bytes: Uint8Array): void {
    if (this.closed) throw new NetlinkError({ code: 'ERR_NETLINK_CLOSED', message: 'closed' });
    const copy = bytes.slice();
    this.sent.push(copy);
    this.#queue.push(...(this.#answer(copy, this) ?? []));
  }

  async sendOffLoop(bytes: Uint8Array): Promise<void> {
    await new Promise((done) => setTimeout(done, 1));
    this.send(bytes);
  }

  receive(): Datagram | undefined {
    const next = this.#queue.shift();
    if (next instanceof NetlinkError) throw next;
    return next && { length: next.bytes.length, truncated: false, port: 0, ...next };
  }

  wait(): boolean { return this.#queue.length > 0; }

  /** Delivers later, as the kernel would to a socket on the event loop. */
  deliver(...incoming: Incoming[]): void {
    this.#queue.push(...incoming);
    queueMicrotask(() => this.#ring());
  }

  #ring(): void {
    for (const watcher of this.#watchers) {
      for (; !watcher.paused && this.#queue.length > 0 && this.#watchers.has(watcher);) {
        try {
          watcher.handlers.datagram(this.receive()!);
        } catch (error) {
          watcher.handlers.error(-(error as NetlinkError).errno!);
        }
      }
      if (this.#watchers.has(watcher)) watcher.handlers.drained?.();
    }
  }

  watch(handlers: WatchHandlers): Watcher {
    const watcher = { handlers, paused: false };
    this.#watchers.add(watcher);
    if (this.#queue.length > 0) queueMicrotask(() => this.#ring());
    return {
      pause: () => { watcher.paused = true; this.pauses++; },
      resume: () => { watcher.paused = false; queueMicrotask(() => this.#ring()); },
      ref() {},
      unref() {},
      close: () => { this.#watchers.delete(watcher); },
    };
  }

  close(): void { this.closed = true; }
}

const finish = (w: Writer): Uint8Array => w.bytes.slice(0, w.pos);

/** One message by its schema. */
export function frame(header: Partial<Header> & { type: number }, schema: AnyCodec | undefined, body: unknown): Uint8Array {
  const w = new Writer(HOST_LITTLE_ENDIAN);
  writeFrame(w, { flags: 0, seq: 0, pid: 4711, ...header }, schema, body);
  return finish(w);
}

/** NLMSG_ERROR (2) or NLMSG_DONE (3). */
export function control(type: 2 | 3, header: Partial<Header>, body: Partial<ErrorBody> | DoneBody): Uint8Array {
  const w = new Writer(HOST_LITTLE_ENDIAN);
  writeControl(w, type, { ...(type === 2 && { request: { len: 16, type: 0, flags: 0, seq: 0, pid: 0 } }), ...body } as ErrorBody);
  return frame({ ...header, type }, undefined, finish(w));
}

export function concat(...parts: Uint8Array[]): Uint8Array {
  const all = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}

/** The sequence number of a message. */
export const seqOf = (message: Uint8Array): number => new DataView(message.buffer, message.byteOffset).getUint32(8, HOST_LITTLE_ENDIAN);
export const typeOf = (message: Uint8Array): number => new DataView(message.buffer, message.byteOffset).getUint16(4, HOST_LITTLE_ENDIAN);
export const flagsOf = (message: Uint8Array): number => new DataView(message.buffer, message.byteOffset).getUint16(6, HOST_LITTLE_ENDIAN);
