/** IPv4 in IPv4 (RFC 2003), and MPLS in IPv4: net/ipv4/ipip.c. */
import { attrs, be16, enumeration, flag, ip, ipv4, ipv6, u16, u32, u8 } from '../../../codec/index.ts';
import { encapFlags, encapType } from './tunnel-flags.ts';

/** The attributes that `ipip`, `sit` and `ip6tnl` share; only the type of `flags` differs. */
export const iptunShape = {
  /** Index of the interface underneath. */
  link: [1, u32],
  /** All zeros: any. */
  local: [2, ip],
  remote: [3, ip],
  /** 0: as the inner packet. */
  ttl: [4, u8],
  /** 1: as the inner packet. */
  tos: [5, u8],
  /** Nesting allowed inside IPv6 (RFC 2473). */
  encapLimit: [6, u8],
  /** What is inside; `ip` (0) is anything. */
  proto: [9, enumeration(u8, { ip: 0, ipip: 4, ipv6: 41, mpls: 137 }, 'IPPROTO_')],
  pmtudisc: [10, u8],
  '6rdPrefix': [11, ipv6],
  '6rdRelayPrefix': [12, ipv4],
  '6rdPrefixlen': [13, u16],
  '6rdRelayPrefixlen': [14, u16],
  encapType: [15, encapType],
  encapFlags: [16, encapFlags],
  encapSport: [17, be16],
  encapDport: [18, be16],
  /** Addresses come with each packet, "external". */
  collectMetadata: [19, flag],
  fwmark: [20, u32],
} as const;

export class Ipip extends attrs('IFLA_IPTUN_', iptunShape) {}
