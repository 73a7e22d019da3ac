/** What each protocol keeps per link. Source: net/ipv4/devinet.c, net/ipv6/addrconf.c, net/mctp/device.c. */
import { attrs, binary, encode, enumeration, flags, ipv6, list, s32, struct, u32, u64, u8 } from '../../codec/index.ts';

/** Settings in /proc/sys/net/ipv4/conf, by their names there (`arpfilter` is arp_filter, `noxfrm` disable_xfrm, `nopolicy` disable_policy). */
export class InetConf extends attrs('IPV4_DEVCONF_', {
  forwarding: [1, s32], mcForwarding: [2, s32], proxyArp: [3, s32], acceptRedirects: [4, s32], secureRedirects: [5, s32], sendRedirects: [6, s32],
  sharedMedia: [7, s32], rpFilter: [8, s32], acceptSourceRoute: [9, s32], bootpRelay: [10, s32], logMartians: [11, s32], tag: [12, s32], arpfilter: [13, s32],
  mediumId: [14, s32], noxfrm: [15, s32], nopolicy: [16, s32], forceIgmpVersion: [17, s32], arpAnnounce: [18, s32], arpIgnore: [19, s32],
  promoteSecondaries: [20, s32], arpAccept: [21, s32], arpNotify: [22, s32], acceptLocal: [23, s32], srcVmark: [24, s32], proxyArpPvlan: [25, s32],
  routeLocalnet: [26, s32],
  /** Milliseconds. */
  igmpv2UnsolicitedReportInterval: [27, s32], igmpv3UnsolicitedReportInterval: [28, s32],
  ignoreRoutesWithLinkdown: [29, s32], dropUnicastInL2Multicast: [30, s32], dropGratuitousArp: [31, s32], bcForwarding: [32, s32], arpEvictNocarrier: [33, s32],
}) {}
/** `Inet.conf` of a request: where the kernel tells all settings in order, it takes a set of those that change (inet_set_link_af). */
export const inetConf = (settings: InetConf): number[] => Array.from(new Int32Array(encode(InetConf, settings).slice().buffer));

export class Inet extends attrs('IFLA_INET_', {
  /** Settings in /proc/sys/net/ipv4/conf; place n-1 is IPV4_DEVCONF number n. Later kernels append. In a request: `inetConf` of those to be set. */
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
