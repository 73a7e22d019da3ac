/** Address families as rtnetlink headers carry them. Numbers: include/linux/socket.h (AF_*) and rtnetlink.h (RTNL_FAMILY_*). */
import { enumeration, u16, u8 } from '../../codec/index.ts';

/** AF_* by name; `ipmr` and `ip6mr` are rtnetlink's own families for the multicast routing tables. */
export const addressFamilies = {
  unspec: 0, unix: 1, inet: 2, bridge: 7, inet6: 10, netlink: 16, packet: 17, mpls: 28, can: 29,
  tipc: 30, vsock: 40, smc: 43, xdp: 44, mctp: 45, ipmr: 128, ip6mr: 129,
} as const;

/** The family byte that starts nearly every rtnetlink header. */
export const family = enumeration(u8, addressFamilies);
/** The same names where the kernel keeps a whole sa_family_t (host order). */
export const family16 = enumeration(u16, addressFamilies);
