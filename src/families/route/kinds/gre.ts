/** GRE over IPv4 (RFC 2784), and the attributes of all GRE kinds: net/ipv4/ip_gre.c, net/ipv6/ip6_gre.c. */
import { attrs, be16, be32, flag, flags, ip, u16, u32, u8 } from '../../../codec/index.ts';
import { encapFlags, encapType, greFlags, ip6TunnelFlags } from './tunnel-flags.ts';

export class Gre extends attrs('IFLA_GRE_', {
  /** Index of the interface underneath. */
  link: [1, u32],
  iflags: [2, greFlags],
  oflags: [3, greFlags],
  ikey: [4, be32],
  okey: [5, be32],
  /** All zeros: any. */
  local: [6, ip],
  remote: [7, ip],
  /** 0: as the inner packet. */
  ttl: [8, u8],
  /** 1: as the inner packet. */
  tos: [9, u8],
  pmtudisc: [10, u8],
  /** Nesting allowed inside IPv6 (RFC 2473). */
  encapLimit: [11, u8],
  /** Traffic class and flow label. */
  flowinfo: [12, be32],
  /** Over IPv6 only. */
  flags: [13, flags(u32, ip6TunnelFlags, 'IP6_TNL_F_')],
  encapType: [14, encapType],
  encapFlags: [15, encapFlags],
  encapSport: [16, be16],
  encapDport: [17, be16],
  /** Addresses and keys come with each packet, "external". */
  collectMetadata: [18, flag],
  ignoreDf: [19, u8],
  fwmark: [20, u32],
  /** ERSPAN version 1: number of the mirrored port, 20 bits. */
  erspanIndex: [21, u32],
  /** 0: plain ERSPAN without its own header; 1 or 2: the versions. */
  erspanVer: [22, u8],
  /** ERSPAN version 2: 0 ingress, 1 egress. */
  erspanDir: [23, u8],
  /** ERSPAN version 2: number of the mirroring engine. */
  erspanHwid: [24, u16],
}) {}
