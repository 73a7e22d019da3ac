/** What each protocol keeps per link. Source: net/ipv4/devinet.c, net/ipv6/addrconf.c, net/mctp/device.c. */
import { attrs, binary, enumeration, flags, ipv6, list, s32, struct, u32, u64, u8 } from '../../codec/index.ts';

export class Inet extends attrs('IFLA_INET_', {
  /** Settings in /proc/sys/net/ipv4/conf; place n-1 is IPV4_DEVCONF number n. Later kernels append. */
  conf: [1, list(s32)],
}) {}

/** `tstamp` in hundredths of a second since boot, the times in milliseconds. */
export class Inet6Cacheinfo extends struct('ifla_cacheinfo', { maxReasmLen: u32, tstamp: u32, reachableTime: u32, retransTime: u32 }) {}
export class Inet6 extends attrs('IFLA_INET6_', {
  /** What routers said, and whether the link is ready (kernel-internal IF_* bits). */
  flags: [1, flags(u32, { rsSent: 0x10, raRcvd: 0x20, raManaged: 0x40, raOtherconf: 0x80, ready: 0x80000000 })],
  /** Settings in /proc/sys/net/ipv6/conf; place n is DEVCONF number n. Later kernels append. */
  conf: [2, list(s32)],
  /** Counters; the first says how many places there are. Kernels renumber them: their names belong to one kernel version. */
  stats: [3, list(u64)],
  mcast: [4, binary],
  cacheinfo: [5, Inet6Cacheinfo],
  /** ICMPv6 counters; as `stats`. */
  icmp6stats: [6, list(u64)],
  /** Lower half of addresses made from router advertisements; "::": none. */
  token: [7, ipv6],
  /** How the link-local address is made. */
  addrGenMode: [8, enumeration(u8, { eui64: 0, none: 1, stablePrivacy: 2, random: 3 }, 'IN6_ADDR_GEN_MODE_')],
  /** MTU that routers announce; 0: none. */
  raMtu: [9, u32],
}) {}

export class Mctp extends attrs('IFLA_MCTP_', {
  /** Network that the link's endpoints are in. */
  net: [1, u32],
  /** Physical transport binding (DSP0239): 1 SMBus, 4 serial, ... */
  physBinding: [2, u8],
}) {}

/** IFLA_AF_SPEC of every link message but the bridge's own. */
export class AfSpec extends attrs('AF_', { inet: [2, Inet], inet6: [10, Inet6], mctp: [45, Mctp] }) {}
