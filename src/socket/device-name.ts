/**
 * Whether an index still has a name, by one ioctl(2): it waits for nobody, where RTM_GETLINK waits for whoever changes links, and tells all of one.
 * (SIOCGIFINDEX would need no index, but makes the kernel look for a module for each name that there is not.)
 */
import { libc } from './libc.ts';
import { memory, type Libc, type Size } from './signatures.ts';

/** struct ifreq: a name of 16 bytes, then a union of 24. */
const nameLength = 16, requestLength = 40, SIOCGIFNAME = 0x8910;

interface Own { readonly c: Libc; readonly bytes: Uint8Array<ArrayBuffer>; readonly ints: Int32Array; readonly request: Size; readonly address: Size }
let own: Own | undefined;
function make(): Own {
  const c = libc(), bytes = memory(requestLength);
  return own = { c, bytes, ints: new Int32Array(bytes.buffer), request: c.size(SIOCGIFNAME), address: c.size(Number(c.address(bytes))) };
}

/** Whether the interface of that index, in the network namespace that a socket is of, has that name. False, too, for altnames and what is not ASCII. */
export function isNamed(fd: number, index: number, name: string): boolean {
  const { c, bytes, ints, request, address } = own ?? make(), { length } = name;
  if (length >= nameLength) return false;
  ints[nameLength >> 2] = index;
  if (c.ioctl(fd, request, address) < 0 || bytes[length] !== 0) return false;
  for (let i = 0; i < length; i++) if (bytes[i] !== name.charCodeAt(i)) return false;
  return true;
}
