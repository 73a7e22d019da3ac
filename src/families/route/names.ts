/** Names that routes, rules, addresses, neighbours and next hops share. Source: include/uapi/linux/rtnetlink.h. */
import { enumeration, u8 } from '../../codec/index.ts';

/** How far a destination is; `universe` is iproute2's "global". */
export const scope = enumeration(u8, { universe: 0, site: 200, link: 253, host: 254, nowhere: 255 }, 'RT_SCOPE_');

/** Who installed a route, rule, neighbour or next hop. */
export const routeProtocol = enumeration(u8, {
  unspec: 0, redirect: 1, kernel: 2, boot: 3, static: 4, gated: 8, ra: 9, mrt: 10, zebra: 11, bird: 12, dnrouted: 13, xorp: 14, ntk: 15,
  dhcp: 16, mrouted: 17, keepalived: 18, babel: 42, ovn: 84, openr: 99, bgp: 186, isis: 187, ospf: 188, rip: 189, eigrp: 192,
}, 'RTPROT_');

/** Routing table in the header's one byte; `compat` means that the number follows as an attribute. */
export const table = enumeration(u8, { unspec: 0, compat: 252, default: 253, main: 254, local: 255 }, 'RT_TABLE_');

/** RTN_*: what a route does with a packet, and what kind an address is. */
export const routeType = enumeration(u8, {
  unspec: 0, unicast: 1, local: 2, broadcast: 3, anycast: 4, multicast: 5, blackhole: 6, unreachable: 7, prohibit: 8, throw: 9, nat: 10,
  xresolve: 11,
}, 'RTN_');

/** RTNH_F_*: state and options of one next hop. */
export const nexthopFlags = { dead: 1, pervasive: 2, onlink: 4, offload: 8, linkdown: 0x10, unresolved: 0x20, trap: 0x40 } as const;

/** Transport protocols that rules and sockets select on. Source: include/uapi/linux/in.h. */
export const ipProtocol = enumeration(u8, {
  ip: 0, icmp: 1, igmp: 2, ipip: 4, tcp: 6, udp: 17, dccp: 33, ipv6: 41, gre: 47, esp: 50, ah: 51, icmpv6: 58, pim: 103, l2tp: 115,
  sctp: 132, udplite: 136, mpls: 137, raw: 255,
}, 'IPPROTO_');
