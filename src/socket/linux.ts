/** Opens AF_NETLINK sockets. */
import { write } from 'node:fs';
import { isNamed } from './device-name.ts';
import { receiveDatagram, pollReadable, sendDatagram, sendDatagramOffThread } from './datagram.ts';
import { EAGAIN, EPERM, ENOBUFS, errnoNumber } from './errno.ts';
import { libc, runtime } from './libc.ts';
import { type NetlinkError, netlinkError, systemError } from './netlink-error.ts';
import { disown, owned } from './owned.ts';
import { watch } from './readable.ts';
import { memory } from './signatures.ts';
import type { Datagram, Transport, WatchHandlers, Watcher } from './transport.ts';

const AF_NETLINK = 16, SOCK_RAW = 3, SOCK_NONBLOCK = 0o4000, SOCK_CLOEXEC = 0o2000000;
const SOL_SOCKET = 1, SO_SNDBUF = 7, SO_RCVBUF = 8, SO_SNDBUFFORCE = 32, SO_RCVBUFFORCE = 33;
const SOL_NETLINK = 270;
const ADD_MEMBERSHIP = 1, DROP_MEMBERSHIP = 2, NO_ENOBUFS = 5, LISTEN_ALL_NSID = 8, CAP_ACK = 10, EXT_ACK = 11, GET_STRICT_CHK = 12;

/** How a netlink socket is opened (netlink(7)). */
export interface SocketOptions {
  /** The netlink protocol (`NETLINK_ROUTE` is 0). */
  protocol?: number;
  /** Multicast groups by number. */
  groups?: readonly number[];
  /** Refuse dump requests with what the kernel would otherwise ignore, and filter dumps in the kernel. Default: on. */
  strict?: boolean;
  /** Extended acknowledgements. Default: on. */
  extendedAck?: boolean;
  /** Acknowledge errors with the request's header only, not with all of the request. Default: on. */
  cappedAck?: boolean;
  /** Hear the groups of every network namespace that has an id in the socket's own. */
  allNsid?: boolean;
  /** Do not report dropped datagrams. */
  noOverrun?: boolean;
  /** Bytes; beyond `net.core.rmem_max` only with CAP_NET_ADMIN, else as much as allowed. A route notification takes 832. */
  receiveBuffer?: number;
  sendBuffer?: number;
  /** The port to bind to; by default the kernel picks one. */
  port?: number;
}

/** A netlink socket of the calling thread's network namespace. @throws {NetlinkError} */
export function openSocket(options: SocketOptions = {}): LinuxTransport {
  const c = libc();
  const made = c.socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC | SOCK_NONBLOCK, options.protocol ?? 0);
  if (made < 0) {
    const errno = c.errno();
    const unsupported = errno === errnoNumber('EPROTONOSUPPORT') || errno === errnoNumber('EAFNOSUPPORT');
    throw systemError(errno, 'socket', unsupported ? `this kernel has no netlink protocol ${options.protocol ?? 0}, or a sandbox forbids it` : undefined, 'CAP_NET_ADMIN');
  }
  const fd = owned(made);
  try {
    // It must subscribe first: the kernel serves the latest subscriber first, so that it rings when the others have theirs.
    const bell = options.allNsid && runtime !== 'deno' ? openSocket({ protocol: options.protocol ?? 0, groups: options.groups ?? [], receiveBuffer: 1, noOverrun: true }) : undefined;
    try {
      if (bell) check(setOption(bell.fd, SOL_NETLINK, LISTEN_ALL_NSID, 1), 'setsockopt', 'NETLINK_LISTEN_ALL_NSID', 'CAP_NET_BROADCAST');
      return new LinuxTransport(fd, configure(fd, options), bell);
    } catch (error) {
      bell?.close();
      throw error;
    }
  } catch (error) {
    disown(fd);
    throw error;
  }
}

/** @returns the socket's port. */
function configure(fd: number, options: SocketOptions): number {
  const c = libc();
  const address = memory(12), words = new Uint32Array(address.buffer);
  new Uint16Array(address.buffer)[0] = AF_NETLINK;
  words[1] = options.port ?? 0;
  // These are refused by kernels that do not know them (before 4.2, 4.12 and 4.20): all work without.
  if (options.cappedAck ?? true) setOption(fd, SOL_NETLINK, CAP_ACK, 1);
  if (options.extendedAck ?? true) setOption(fd, SOL_NETLINK, EXT_ACK, 1);
  if (options.strict ?? true) setOption(fd, SOL_NETLINK, GET_STRICT_CHK, 1);
  if (options.noOverrun) setOption(fd, SOL_NETLINK, NO_ENOBUFS, 1);
  if (options.allNsid) check(setOption(fd, SOL_NETLINK, LISTEN_ALL_NSID, 1), 'setsockopt', 'NETLINK_LISTEN_ALL_NSID', 'CAP_NET_BROADCAST');
  if (options.receiveBuffer) setBuffer(fd, SO_RCVBUFFORCE, SO_RCVBUF, options.receiveBuffer);
  if (options.sendBuffer) setBuffer(fd, SO_SNDBUFFORCE, SO_SNDBUF, options.sendBuffer);
  if (c.bind(fd, c.pointer(address), 12) < 0) throw systemError(c.errno(), 'bind', options.port ? `netlink port ${options.port}` : undefined, 'CAP_NET_ADMIN');
  for (const group of options.groups ?? []) join(fd, group);
  const length = memory(4);
  new Uint32Array(length.buffer)[0] = 12;
  if (c.getsockname(fd, c.pointer(address), c.pointer(length)) < 0) throw systemError(c.errno(), 'getsockname');
  return words[1]!;
}

const optionValue = memory(4), optionInt = new Int32Array(optionValue.buffer);

function setOption(fd: number, level: number, option: number, value: number): number {
  const c = libc();
  optionInt[0] = value;
  return c.setsockopt(fd, level, option, c.pointer(optionValue), 4) < 0 ? c.errno() : 0;
}

function check(errno: number, syscall: string, detail: string, capability: string): void {
  if (errno) throw systemError(errno, syscall, detail, capability);
}

function setBuffer(fd: number, force: number, plain: number, bytes: number): void {
  if (setOption(fd, SOL_SOCKET, force, bytes) === EPERM) check(setOption(fd, SOL_SOCKET, plain, bytes), 'setsockopt', `buffer of ${bytes} bytes`, 'CAP_NET_ADMIN');
}

function join(fd: number, group: number): void {
  check(setOption(fd, SOL_NETLINK, ADD_MEMBERSHIP, group), 'setsockopt', `multicast group ${group}`, 'CAP_NET_ADMIN');
}

/** A datagram socket of the kernel's, by the C library. */
export class LinuxTransport implements Transport {
  readonly fd: number;
  readonly port: number;
  readonly #bell: LinuxTransport | undefined;
  #closed = false;
  /** Sends on other threads that have not returned: the descriptor's number must not be given away before they do. */
  #sending = 0;
  readonly #watchers = new Set<Watcher>();

  constructor(fd: number, port: number, bell?: LinuxTransport) {
    this.fd = fd;
    this.port = port;
    this.#bell = bell;
  }

  get closed(): boolean { return this.#closed; }

  #open(): number {
    if (this.#closed) throw netlinkError('ERR_NETLINK_CLOSED', 'the socket is closed');
    return this.fd;
  }

  send(bytes: Uint8Array): void {
    const errno = sendDatagram(this.#open(), bytes);
    if (errno) throw sendError(errno, bytes);
  }

  async sendOffLoop(bytes: Uint8Array): Promise<void> {
    const fd = this.#open();
    this.#sending++;
    try {
      const errno = libc().offThread ? await sendDatagramOffThread(fd, bytes) : await writeOffThread(fd, bytes);
      if (errno) throw sendError(errno, bytes);
    } finally {
      if (--this.#sending === 0 && this.#closed) disown(fd);
    }
  }

  receive(): Datagram | undefined {
    const datagram = receiveDatagram(this.#open());
    if (typeof datagram !== 'number') return datagram;
    if (datagram === -EAGAIN) return undefined;
    throw receiveError(-datagram);
  }

  wait(milliseconds: number): boolean {
    return pollReadable(this.#open(), milliseconds);
  }

  watch(handlers: WatchHandlers): Watcher {
    const fd = this.#open();
    const watcher = watch(this.#bell ? { fd, bell: this.#bell.fd } : { fd }, handlers);
    this.#watchers.add(watcher);
    return { ...watcher, close: () => { this.#watchers.delete(watcher); watcher.close(); } };
  }

  isNamed(index: number, name: string): boolean { return isNamed(this.#open(), index, name); }

  /** Joins a multicast group, by number. */
  join(group: number): void {
    this.#bell?.join(group);
    join(this.#open(), group);
  }

  leave(group: number): void {
    this.#bell?.leave(group);
    check(setOption(this.#open(), SOL_NETLINK, DROP_MEMBERSHIP, group), 'setsockopt', `multicast group ${group}`, 'CAP_NET_ADMIN');
  }

  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    for (const watcher of this.#watchers) watcher.close();
    this.#bell?.close();
    if (this.#sending === 0) disown(this.fd);
  }
}

/** libuv's pool (and Bun's) writes datagrams as well as files. */
const writeOffThread = (fd: number, bytes: Uint8Array): Promise<number> =>
  new Promise((resolve) => write(fd, bytes, 0, bytes.length, null, (error) => resolve(error ? errnoOf(error) : 0)));

export const errnoOf = (error: { readonly code?: string | undefined; readonly errno?: number | undefined }): number => (error.code ? errnoNumber(error.code) : undefined) ?? Math.abs(error.errno ?? 5);

export function sendError(errno: number, bytes: Uint8Array): NetlinkError {
  const detail = errno === errnoNumber('EMSGSIZE') ? `${bytes.length} bytes are more than the socket's send buffer takes` : undefined;
  return systemError(errno, 'sendmsg', detail, 'CAP_NET_ADMIN');
}

export function receiveError(errno: number): NetlinkError {
  if (errno === ENOBUFS) return netlinkError('ERR_NETLINK_OVERRUN', 'the kernel dropped messages: the socket\'s receive buffer was full', { errno: -errno, syscall: 'recvmsg' });
  return systemError(errno, 'recvmsg');
}
