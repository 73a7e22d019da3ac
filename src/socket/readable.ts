/**
 * A netlink socket on the event loop, where the runtime offers no way to poll a descriptor.
 *
 * Node refuses a netlink descriptor for net.Socket. But libuv looks at a descriptor's kind only once: a socket made for
 * one end of a socketpair goes on when dup3 puts the netlink socket under the same number, as long as it happens in the
 * same turn. Its first datagram comes through libuv's read(), the rest of the burst through recvmmsg.
 * (uv_poll by FFI works too, but aborts or crashes the process when a worker ends.)
 */
import type { Socket } from 'node:net';
import { drainDatagrams } from './datagram.ts';
import { poller } from './poller.ts';
import { EAGAIN, ENOBUFS, errnoNumber } from './errno.ts';
import { libc, runtime } from './libc.ts';
import { systemError } from './netlink-error.ts';
import { memory } from './signatures.ts';
import type { Datagram, WatchHandlers, Watcher } from './transport.ts';

export interface Watched {
  readonly fd: number;
  /**
   * A second socket that hears the same, after the first: waking by it leaves the first one's datagrams to recvmmsg,
   * which alone tells the namespace that they are from.
   */
  readonly bell?: number;
}

export function watch(socket: Watched, handlers: WatchHandlers): Watcher {
  let open = true;
  const isOpen = (): boolean => open;
  /** Reads what is there. Errors are told, and reading goes on: a few times at most, as they may repeat. */
  const drain = (): void => {
    if (socket.bell !== undefined) drainDatagrams(socket.bell, () => {}, isOpen);
    for (let tries = 0; tries < 4 && open; tries++) {
      const errno = drainDatagrams(socket.fd, handlers.datagram, isOpen);
      if (errno === 0 || errno === EAGAIN) break;
      handlers.error(errno);
    }
    if (open) handlers.drained?.();
  };
  const first = socket.bell === undefined ? (bytes: Uint8Array, room: number) => handlers.datagram(readDatagram(bytes, room)) : () => {};
  const ring = socket.bell ?? socket.fd;
  const watcher = runtime === 'deno' ? poller().add(socket.fd, drain) : (runtime === 'bun' ? armBun : armNode)(ring, first, drain, (errno) => handlers.error(errno));
  return { ...watcher, close() { open = false; watcher.close(); } };
}

/** read() tells neither the sender nor the true length: a netlink message longer than what came tells the latter. */
function readDatagram(bytes: Uint8Array, room: number): Datagram {
  let length = bytes.length;
  for (let offset = 0; offset + 4 <= bytes.length;) {
    const message = (bytes[offset]! | (bytes[offset + 1]! << 8) | (bytes[offset + 2]! << 16) | (bytes[offset + 3]! << 24)) >>> 0;
    if (message < 16) break;
    if (offset + message > bytes.length && bytes.length === room) length = offset + message;
    offset += (message + 3) & ~3;
  }
  return { bytes, length, truncated: length > bytes.length, port: undefined };
}

type Arm = (fd: number, first: (bytes: Uint8Array, room: number) => void, drain: () => void, error: (errno: number) => void) => Watcher;

const AF_UNIX = 1, SOCK_STREAM = 1, SOCK_NONBLOCK = 0o4000, O_CLOEXEC = 0o2000000, F_DUPFD_CLOEXEC = 1030;

/** Shared by all watchers: a datagram is handed over before the next is read. */
let readBuffer: Uint8Array<ArrayBuffer> | undefined;

const armNode: Arm = (fd, first, drain, error) => {
  const c = libc();
  const buffer = (readBuffer ??= memory(128 * 1024));
  let current: Socket, closed = false, paused = false, kept = true;
  const arm = (): void => {
    const pair = memory(8);
    if (c.socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | O_CLOEXEC, 0, c.pointer(pair)) < 0) throw systemError(c.errno(), 'socketpair');
    const [a, b] = new Int32Array(pair.buffer) as unknown as [number, number];
    const callback = (count: number): boolean => {
      first(buffer.subarray(0, count), buffer.length);
      drain();
      return !paused;
    };
    // Read when it is needed: a command that asks once does not wait for node:net.
    const socket = new (process.getBuiltinModule('node:net').Socket)({ fd: a, readable: true, writable: false, onread: { buffer, callback } });
    current = socket;
    const failed = c.dup3(fd, a, O_CLOEXEC) < 0 ? c.errno() : 0;
    c.close(b);
    if (failed) {
      socket.destroy();
      throw systemError(failed, 'dup3');
    }
    let cause = 0;
    socket.on('error', (failure: NodeJS.ErrnoException) => { cause = -(failure.errno ?? -5); });
    socket.on('close', () => {
      if (closed) return;
      if (cause) error(cause);
      if (closed) return;
      // The kernel dropped datagrams, and libuv its handle: the netlink socket itself goes on.
      try {
        arm();
      } catch (failure) {
        return error(-((failure as NodeJS.ErrnoException).errno ?? -5));
      }
      if (!paused) drain();
    });
    if (!kept) socket.unref();
    if (paused) socket.pause();
    else socket.resume();
  };
  arm();
  return {
    pause() { paused = true; current.pause(); },
    resume() { paused = false; current.resume(); },
    ref() { kept = true; current.ref(); },
    unref() { kept = false; current.unref(); },
    close() { closed = true; current.destroy(); },
  };
};

interface BunSocket { pause(): void; resume(): void; ref(): void; unref(): void; terminate(): void }
interface BunConnect {
  connect(options: { fd: number; socket: { data(socket: BunSocket, bytes: Uint8Array): void; error(socket: BunSocket, error: Error): void; close(socket: BunSocket, error?: NodeJS.ErrnoException): void; open(): void } }): Promise<BunSocket>;
}

const armBun: Arm = (fd, first, drain, error) => {
  const c = libc();
  let current: BunSocket | undefined, closed = false, paused = false, kept = true;
  const arm = (): void => {
    const duplicate = c.fcntl(fd, F_DUPFD_CLOEXEC, 0);
    if (duplicate < 0) throw systemError(c.errno(), 'fcntl');
    const again = (failure?: NodeJS.ErrnoException): void => {
      current = undefined;
      if (closed) return;
      if (failure) error((failure.code && errnoNumber(failure.code)) || Math.abs(failure.errno ?? 0) || ENOBUFS);
      if (closed) return;
      try {
        arm();
      } catch (failure) {
        return error(-((failure as NodeJS.ErrnoException).errno ?? -5));
      }
      if (!paused) drain();
    };
    const socket = {
      data: (_: BunSocket, bytes: Uint8Array) => { if (!closed) { first(bytes, Infinity); drain(); } },
      error: () => {},
      close: (_: BunSocket, failure?: NodeJS.ErrnoException) => again(failure),
      open: () => {},
    };
    (globalThis as unknown as { Bun: BunConnect }).Bun.connect({ fd: duplicate, socket }).then((opened) => {
      current = opened;
      if (closed) return opened.terminate();
      if (paused) opened.pause();
      if (!kept) opened.unref();
    }, again);
  };
  arm();
  return {
    pause() { paused = true; current?.pause(); },
    resume() { paused = false; current?.resume(); },
    ref() { kept = true; current?.ref(); },
    unref() { kept = false; current?.unref(); },
    close() { closed = true; current?.terminate(); },
  };
};
