/** One ICMP echo (RFC 792) from inside a network namespace: the proof that packets get across. */
import { readSync, writeSync } from 'node:fs';
import { parseIpv4 } from '../../codec/index.ts';
import { enter, type NamespaceRef } from '../../namespace/index.ts';
import { pollReadable } from '../../socket/datagram.ts';
import { libc } from '../../socket/index.ts';
import { systemError } from '../../socket/netlink-error.ts';
import { memory } from '../../socket/signatures.ts';

const AF_INET = 2, SOCK_RAW = 3, IPPROTO_ICMP = 1, ECHO_REPLY = 0, ECHO_REQUEST = 8;

function checksum(bytes: Uint8Array): number {
  let sum = 0;
  for (let i = 0; i < bytes.length; i += 2) sum += (bytes[i] as number) << 8 | (bytes[i + 1] ?? 0);
  while (sum >>> 16) sum = (sum & 0xffff) + (sum >>> 16);
  return ~sum & 0xffff;
}

/** Milliseconds until the reply came; undefined when none came in time. @throws {NetlinkError} EPERM without CAP_NET_RAW */
export function ping(from: NamespaceRef, to: string, timeout = 2000): number | undefined {
  const c = libc(), fd = enter(from, () => c.socket(AF_INET, SOCK_RAW, IPPROTO_ICMP));
  if (fd < 0) throw systemError(c.errno(), 'socket', 'a raw ICMP socket', 'CAP_NET_RAW');
  try {
    const address = memory(16), view = new DataView(address.buffer);
    view.setUint16(0, AF_INET, true);
    if (!parseIpv4(to, address, 4)) throw new TypeError(`'${to}' is not an IPv4 address`);
    if (c.connect(fd, c.pointer(address), 16) < 0) throw systemError(c.errno(), 'connect', to);
    const echo = new Uint8Array(16), id = process.pid & 0xffff;
    echo.set([ECHO_REQUEST, 0, 0, 0, id >> 8, id & 0xff, 0, 1]);
    const sum = checksum(echo);
    echo.set([sum >> 8, sum & 0xff], 2);
    const start = performance.now(), reply = new Uint8Array(1500);
    writeSync(fd, echo);
    for (let left = timeout; left > 0; left = timeout - (performance.now() - start)) {
      if (!pollReadable(fd, Math.ceil(left))) return undefined;
      const n = readSync(fd, reply), at = ((reply[0] as number) & 15) * 4;
      if (n >= at + 8 && reply[at] === ECHO_REPLY && ((reply[at + 4] as number) << 8 | (reply[at + 5] as number)) === id) return performance.now() - start;
    }
    return undefined;
  } finally { c.close(fd); }
}
