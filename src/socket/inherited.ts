/** A netlink socket that someone else opened: by number, or by systemd's socket activation. Needs no FFI at all. */
import { readSync, writeSync, closeSync, write, read } from 'node:fs';
import { EAGAIN } from './errno.ts';
import { errnoOf, receiveError, sendError } from './linux.ts';
import { netlinkError } from './netlink-error.ts';
import { memory } from './signatures.ts';
import type { Datagram, Transport, WatchHandlers, Watcher } from './transport.ts';

/**
 * Descriptors handed over by a service manager: `LISTEN_FDS` of them from number 3 on, when `LISTEN_PID` is this process.
 * `names` are those of `LISTEN_FDNAMES`. (sd_listen_fds(3))
 */
export function inheritedDescriptors(environment: Readonly<Record<string, string | undefined>> = process.env, pid = process.pid): { fd: number; name: string | undefined }[] {
  const count = Number(environment['LISTEN_FDS'] ?? 0);
  if (!Number.isInteger(count) || count <= 0) return [];
  if (environment['LISTEN_PID'] && Number(environment['LISTEN_PID']) !== pid) return [];
  const names = environment['LISTEN_FDNAMES']?.split(':') ?? [];
  return Array.from({ length: count }, (_, index) => ({ fd: 3 + index, name: names[index] }));
}

/**
 * The transport over an inherited descriptor. What the runtime's file calls can do with a socket is less than what the
 * C library can: the sender is not known (the kernel refuses other processes without CAP_NET_ADMIN), and waiting is a
 * nap between looks.
 * Not on Deno, which takes no foreign descriptors.
 * @param fd the descriptor, or undefined for the first of `LISTEN_FDS`
 * @throws {NetlinkError} `ERR_NETLINK_NO_TRANSPORT` when there is none.
 */
export function inheritedSocket(fd: number | undefined = inheritedDescriptors()[0]?.fd): InheritedTransport {
  if (fd === undefined) throw netlinkError('ERR_NETLINK_NO_TRANSPORT', 'no inherited descriptor: LISTEN_FDS is not set for this process');
  return new InheritedTransport(fd);
}

const room = 128 * 1024;

/** A netlink socket that was opened elsewhere: only read from and written to, so that no way into the C library is needed. */
export class InheritedTransport implements Transport {
  readonly fd: number;
  /** Not known. */
  readonly port = 0;
  #closed = false;
  readonly #buffer = memory(room);
  /** Whether a read may block: found out at the first wait. */
  #ahead: Datagram | undefined;

  constructor(fd: number) {
    this.fd = fd;
  }

  get closed(): boolean { return this.#closed; }

  send(bytes: Uint8Array): void {
    try {
      writeSync(this.#open(), bytes);
    } catch (error) {
      throw sendError(errnoOf(error as NodeJS.ErrnoException), bytes);
    }
  }

  sendOffLoop(bytes: Uint8Array): Promise<void> {
    const fd = this.#open();
    return new Promise((resolve, reject) => write(fd, bytes, 0, bytes.length, null, (error) => (error ? reject(sendError(errnoOf(error), bytes)) : resolve())));
  }

  /** Never blocks when the descriptor does not (O_NONBLOCK); else only when there is nothing to receive. */
  receive(): Datagram | undefined {
    const ahead = this.#ahead;
    this.#ahead = undefined;
    return ahead ?? this.#read();
  }

  #read(): Datagram | undefined {
    try {
      return this.#datagram(readSync(this.#open(), this.#buffer));
    } catch (error) {
      const errno = errnoOf(error as NodeJS.ErrnoException);
      if (errno === EAGAIN) return undefined;
      throw receiveError(errno);
    }
  }

  #datagram(length: number): Datagram {
    const bytes = this.#buffer.subarray(0, length);
    // A full buffer means that there was more: a read does not tell how much.
    return { bytes, length: length === room ? room + 1 : length, truncated: length === room, port: undefined };
  }

  wait(milliseconds: number): boolean {
    const deadline = milliseconds < 0 ? Infinity : performance.now() + milliseconds;
    const nap = new Int32Array(new SharedArrayBuffer(4));
    for (let pause = 0.05; ; pause = Math.min(2 * pause, 5)) {
      if ((this.#ahead ??= this.#read())) return true;
      const left = deadline - performance.now();
      if (left <= 0) return false;
      Atomics.wait(nap, 0, 0, Math.min(pause, left));
    }
  }

  watch(handlers: WatchHandlers): Watcher {
    const fd = this.#open();
    const buffer = memory(room);
    let closed = false, paused = false, reading = false, timer: NodeJS.Timeout | undefined;
    let nap = 1;
    const next = (): void => {
      if (closed || paused || reading) return;
      reading = true;
      read(fd, buffer, 0, room, null, (error, length) => {
        reading = false;
        if (closed) return;
        if (error) {
          const errno = errnoOf(error);
          if (errno !== EAGAIN) handlers.error(errno);
          timer = setTimeout(next, (nap = Math.min(2 * nap, 50)));
          return;
        }
        nap = 1;
        handlers.datagram({ bytes: buffer.subarray(0, length), length: length === room ? room + 1 : length, truncated: length === room, port: undefined });
        handlers.drained?.();
        next();
      });
    };
    next();
    return {
      pause() { paused = true; },
      resume() { paused = false; next(); },
      ref() { timer?.ref(); },
      unref() { timer?.unref(); },
      close() { closed = true; clearTimeout(timer); },
    };
  }

  #open(): number {
    if (this.#closed) throw netlinkError('ERR_NETLINK_CLOSED', 'the socket is closed');
    return this.fd;
  }

  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    closeSync(this.fd);
  }
}
