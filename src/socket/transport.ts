/**
 * The seam to the kernel: whole datagrams in and out, nothing parsed. A fake one makes every test hermetic.
 */

/** One datagram as it was received. */
export interface Datagram {
  /** Valid until the next receive on any socket of this thread: copy what must live longer. */
  bytes: Uint8Array;
  /** A view of the same memory, from the first of `bytes` on, where there is one already. */
  view?: DataView;
  /** How long the datagram was; more than `bytes` holds when it was truncated. */
  length: number;
  truncated: boolean;
  /** The sender's netlink port: 0 is the kernel. `undefined` where the way of reading does not tell. */
  port: number | undefined;
  /** The id of the network namespace that it is from (sockets opened with `allNsid`); -1 or absent: the socket's own. */
  nsid?: number;
}

export const viewOf = ({ view, bytes }: Datagram): DataView => view ?? new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);

/** A subscription to a socket's datagrams on the event loop. */
export interface Watcher {
  /** Stops taking datagrams: from now on the socket's receive buffer holds them. */
  pause(): void;
  resume(): void;
  /** Whether the watcher keeps the process alive. It does at first; Deno ignores `unref`. */
  ref(): void;
  unref(): void;
  close(): void;
}

/** Who is told of datagrams, and of failures. */
export interface WatchHandlers {
  datagram(datagram: Datagram): void;
  /** All that was there has been handed over: the moment to pass a chunk on. */
  drained?(): void;
  /** Reading failed: `errno` is ENOBUFS (105) when the kernel dropped datagrams. The watcher goes on. */
  error(errno: number): void;
}

/** A netlink socket, as clients use it. What is closed refuses with `ERR_NETLINK_CLOSED`. */
export interface Transport {
  readonly fd: number;
  /** The socket's own netlink port. */
  readonly port: number;
  readonly closed: boolean;
  /** Hands a datagram of one or more messages to the kernel, which works on it before this returns. @throws {NetlinkError} */
  send(bytes: Uint8Array): void;
  /** The same on another thread, for requests that wait in the kernel (deleting a link: 16 ms). `bytes` must not change meanwhile. */
  sendOffLoop(bytes: Uint8Array): Promise<void>;
  /** The next datagram that is there; never blocks. @throws {NetlinkError} `ERR_NETLINK_OVERRUN` when the kernel dropped some. */
  receive(): Datagram | undefined;
  /** Blocks the thread until there is something to receive; false when `milliseconds` passed first (-1: no limit). */
  wait(milliseconds: number): boolean;
  watch(handlers: WatchHandlers): Watcher;
  /** Whether the interface of that index has that name, at once. Absent: it cannot tell. */
  isNamed?(index: number, name: string): boolean;
  /** Releases the descriptor. May be called again. */
  close(): void;
}
