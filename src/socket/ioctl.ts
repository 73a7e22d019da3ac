/** Requests about an interface that netlink does not have: netdevice(7). */
import { libc } from './libc.ts';
import { systemError } from './netlink-error.ts';
import { memory } from './signatures.ts';

const AF_INET = 2, SOCK_DGRAM = 2, SOCK_CLOEXEC = 0o2000000;

/** struct ifreq: a name of 16 bytes, then a union of 24. */
const nameLength = 16, requestLength = 40;

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
  const bytes = memory(requestLength);
  bytes.set(new TextEncoder().encode(name).subarray(0, nameLength - 1));
  bytes.set(value, nameLength);
  const errno = c.ioctl(fd, c.size(request), c.pointer(bytes)) < 0 ? c.errno() : 0;
  c.close(fd);
  if (errno) throw systemError(errno, 'ioctl', name, 'CAP_NET_ADMIN');
  return bytes;
}
