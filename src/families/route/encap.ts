/**
 * Lightweight tunnels: what a route or a next hop wraps packets in, `ip route ... encap`.
 * Source: include/uapi/linux/lwtunnel.h, mpls_iptunnel.h, ila.h, rpl_iptunnel.h; segment routing and IOAM are in encap-seg6.ts.
 */
import { attrs, be16, be32, be64, binary, enumeration, flags, groups, ipv4, ipv6, pad, string, u16, u32, u8 } from '../../codec/index.ts';
import { IoamEncap, RplEncap, Seg6Encap, Seg6LocalEncap } from './encap-seg6.ts';
import { mplsLabels } from './mpls.ts';

export const encapType = enumeration(u16, {
  none: 0, mpls: 1, ip: 2, ila: 3, ip6: 4, seg6: 5, bpf: 6, seg6Local: 7, rpl: 8, ioam6: 9, xfrm: 10,
}, 'LWTUNNEL_ENCAP_');

/** Labels to push. */
export class MplsEncap extends attrs('MPLS_IPTUNNEL_', {
  dst: [1, mplsLabels],
  ttl: [2, u8],
}) {}

/** IP_TUNNEL_*_BIT: what the tunnel header holds. */
const tunnelFlags = flags(be16, {
  csum: 1, routing: 2, key: 4, seq: 8, strict: 0x10, rec: 0x20, version: 0x40, noKey: 0x80, dontFragment: 0x100, oam: 0x200,
  critOpt: 0x400, geneveOpt: 0x800, vxlanOpt: 0x1000, nocache: 0x2000, erspanOpt: 0x4000, gtpOpt: 0x8000,
});

export class GeneveOpt extends attrs('LWTUNNEL_IP_OPT_GENEVE_', {
  class: [1, be16],
  type: [2, u8],
  /** A multiple of four bytes. */
  data: [3, binary],
}) {}
export class VxlanOpt extends attrs('LWTUNNEL_IP_OPT_VXLAN_', {
  /** Group policy. */
  gbp: [1, u32],
}) {}
export class ErspanOpt extends attrs('LWTUNNEL_IP_OPT_ERSPAN_', {
  /** 1 or 2. */
  ver: [1, u8],
  /** Version 1. */
  index: [2, be32],
  /** Version 2: 0 ingress, 1 egress. */
  dir: [3, u8],
  /** Version 2. */
  hwid: [4, u8],
}) {}
export class TunnelOpts extends attrs('LWTUNNEL_IP_OPTS_', {
  /** The kernel tells them all in one nest, and takes each in a nest of its own. */
  geneve: [1, groups(GeneveOpt)],
  vxlan: [2, VxlanOpt],
  erspan: [3, ErspanOpt],
}) {}

export class IpEncap extends attrs('LWTUNNEL_IP_', {
  /** Tunnel key: a VNI, a GRE key. */
  id: [1, be64],
  dst: [2, ipv4],
  src: [3, ipv4],
  ttl: [4, u8],
  tos: [5, u8],
  flags: [6, tunnelFlags],
  pad: [7, pad],
  opts: [8, TunnelOpts],
}) {}

export class Ip6Encap extends attrs('LWTUNNEL_IP6_', {
  /** Tunnel key: a VNI, a GRE key. */
  id: [1, be64],
  dst: [2, ipv6],
  src: [3, ipv6],
  hoplimit: [4, u8],
  /** Traffic class. */
  tc: [5, u8],
  flags: [6, tunnelFlags],
  pad: [7, pad],
  opts: [8, TunnelOpts],
}) {}

/** Identifier-locator addressing. */
export class IlaEncap extends attrs('ILA_ATTR_', {
  /** The upper 64 bits of the address. */
  locator: [1, be64],
  identifier: [2, be64],
  locatorMatch: [3, be64],
  ifindex: [4, u32],
  dir: [5, u32],
  pad: [6, pad],
  csumMode: [7, enumeration(u8, { adjustTransport: 0, neutralMap: 1, noAction: 2, neutralMapAuto: 3 }, 'ILA_CSUM_')],
  identType: [8, enumeration(u8, {
    iid: 0, luid: 1, virtV4: 2, virtUniV6: 3, virtMultiV6: 4, nonlocalAddr: 5, rsvd1: 6, rsvd2: 7, useFormat: 32,
  })],
  hookType: [9, enumeration(u8, { output: 0, input: 1 }, 'ILA_HOOK_ROUTE_')],
}) {}

export class BpfProg extends attrs('LWT_BPF_PROG_', {
  fd: [1, u32],
  name: [2, string],
}) {}
export class BpfEncap extends attrs('LWT_BPF_', {
  in: [1, BpfProg],
  out: [2, BpfProg],
  xmit: [3, BpfProg],
  /** Bytes to keep free before the packet, at most 256. */
  xmitHeadroom: [4, u32],
}) {}

export class XfrmEncap extends attrs('LWT_XFRM_', {
  ifId: [1, u32],
  /** Index of the interface underneath. */
  link: [2, u32],
}) {}

/** Data of RTA_ENCAP and NHA_ENCAP, by its type. */
export const encapKinds = {
  mpls: MplsEncap,
  ip: IpEncap,
  ila: IlaEncap,
  ip6: Ip6Encap,
  seg6: Seg6Encap,
  bpf: BpfEncap,
  seg6Local: Seg6LocalEncap,
  rpl: RplEncap,
  ioam6: IoamEncap,
  xfrm: XfrmEncap,
} as const;
