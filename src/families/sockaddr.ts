/** Socket addresses as the C library and the kernel keep them. Source: include/uapi/linux/in.h (sockaddr_in), include/uapi/linux/in6.h (sockaddr_in6). */
import { be16, be32, blob, ipv4, ipv6, struct, u32, variant } from '../codec/index.ts';
import { family16 } from './route/family.ts';

const Sockaddr = struct('sockaddr', { family: family16 });

/** An address of IPv4 with a port. */
export class SockaddrIn extends struct('sockaddr_in', { family: family16, port: be16, addr: ipv4, _pad: blob(8) }) {}
/** An address of IPv6 with a port; `scopeId` is the link of a link-local one, by its index. */
export class SockaddrIn6 extends struct('sockaddr_in6', { family: family16, port: be16, flowinfo: be32, addr: ipv6, scopeId: u32 }) {}
/** Either of them: `family` says which; bytes, where it is of another family. */
export const sockaddr = variant(Sockaddr, 'family', { inet: SockaddrIn, inet6: SockaddrIn6 });
