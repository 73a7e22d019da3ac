/** Requests that netlink does not have: ioctl(2) about an interface (netdevice(7)), and on devices. */
import { closeSync, constants, openSync } from 'node:fs';
import { libc } from './libc.ts';
import { errnoOf } from './linux.ts';
import { systemError } from './netlink-error.ts';
import { memory } from './signatures.ts';

const AF_INET = 2, SOCK_DGRAM = 2, SOCK_CLOEXEC = 0o2000000;

/** struct ifreq: a name of 16 bytes, then a union of 24. */
const nameLength = 16, requestLength = 40;

/** @param argument A number, or memory that the kernel reads and writes. @returns the error number, 0: none */
function ioctl(fd: number, request: number, argument: number | Uint8Array): number {
  const c = libc();
  const value = c.size(typeof argument === 'number' ? argument : Number(c.address(argument)));
  return c.ioctl(fd, c.size(request), value) < 0 ? c.errno() : 0;
}

/** struct ifreq. @param value What the request takes after the name. */
export function ifreq(name: string, value: Uint8Array): Uint8Array<ArrayBuffer> {
  const bytes = memory(requestLength);
  bytes.set(new TextEncoder().encode(name).subarray(0, nameLength - 1));
  bytes.set(value, nameLength);
  return bytes;
}

/**
 * Sends one ioctl about an interface of the thread's network namespace.
 * @param value What the request takes after the name.
 * @returns struct ifreq as the kernel left it.
 * @throws {NetlinkError} ENODEV, EPERM (CAP_NET_ADMIN) and what the request itself may answer
 */
export function interfaceRequest(request: number, name: string, value: Uint8Array): Uint8Array {
  const c = libc();
  const fd = c.socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
  if (fd < 0) throw systemError(c.errno(), 'socket');
  const bytes = ifreq(name, value);
  const errno = ioctl(fd, request, bytes);
  c.close(fd);
  if (errno) throw systemError(errno, 'ioctl', name, 'CAP_NET_ADMIN');
  return bytes;
}

/** The same for a request that takes a pointer to its value. @returns the value as the kernel left it */
export function interfaceDataRequest(request: number, name: string, data: Uint8Array<ArrayBuffer>): Uint8Array {
  interfaceRequest(request, name, new Uint8Array(BigUint64Array.of(libc().address(data)).buffer));
  return data.slice();
}

/** One ioctl of a device file. */
export interface DeviceRequest {
  /** The kernel's word for it, for messages. */
  readonly name: string;
  readonly number: number;
  /** A number, or memory with an ArrayBuffer of its own. */
  readonly argument: number | Uint8Array;
}

/**
 * Opens a device file, in the thread's network namespace, and sends it requests one after the other, to the first that is refused.
 * @throws {NetlinkError} ENOENT, EACCES (the file); EPERM (CAP_NET_ADMIN) and what the requests themselves may answer
 */
export function deviceRequests(path: string, requests: readonly DeviceRequest[]): void {
  let fd: number;
  try {
    fd = openSync(path, constants.O_RDWR);
  } catch (error) {
    throw systemError(errnoOf(error as NodeJS.ErrnoException), 'open', path);
  }
  try {
    for (const { name, number, argument } of requests) {
      const errno = ioctl(fd, number, argument);
      if (errno) throw systemError(errno, 'ioctl', name, 'CAP_NET_ADMIN');
    }
  } finally {
    closeSync(fd);
  }
}
