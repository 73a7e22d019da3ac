/** What EPERM can mean: whether this thread has what requests need. */
import { closeSync, openSync, readFileSync, readlinkSync } from 'node:fs';
import { EPERM } from './errno.ts';
import { libc } from './libc.ts';

const CAP_NET_ADMIN = 12n, NS_GET_USERNS = 0xb701;
/** The inode of the machine's first user namespace (PROC_USER_INIT_INO, include/uapi/linux/nsfs.h). */
const FIRST = 'user:[4026531837]';
const self = '/proc/thread-self';

/**
 * Where this thread's CAP_NET_ADMIN counts: for its network namespace, or in the machine's first user namespace, for all. Undefined: it has
 * none, or its network namespace belongs to a user namespace that is not below its own, or /proc does not tell.
 */
export function networkAdmin(): 'namespace' | 'machine' | undefined {
  try {
    const [, effective = '0'] = /^CapEff:\s*([0-9a-f]+)/m.exec(readFileSync(`${self}/status`, 'latin1')) ?? [];
    if (!(BigInt(`0x${effective}`) >> CAP_NET_ADMIN & 1n)) return undefined;
    if (readlinkSync(`${self}/ns/user`) === FIRST) return 'machine';
    return isOurs(`${self}/ns/net`) ? 'namespace' : undefined;
  } catch { return undefined; }
}
/** Whether a namespace belongs to the thread's user namespace, or to one below. */
function isOurs(path: string): boolean {
  const c = libc(), fd = openSync(path, 'r');
  try {
    const owner = c.ioctl(fd, c.size(NS_GET_USERNS), c.size(0));
    if (owner < 0) return c.errno() !== EPERM;
    c.close(owner);
    return true;
  } finally { closeSync(fd); }
}
