/** Tunnel metadata for devices of mode "external". Source: net/sched/act_tunnel_key.c, numbers: include/uapi/linux/tc_act/tc_tunnel_key.h. */
import { attrs, be16, be32, binary, enumeration, flag, groups, ipv4, ipv6, pad, s32, struct, u32, u8 } from '../../../../codec/index.ts';
import { gen, TcfT } from './common.ts';

export class TcTunnelKey extends struct('tc_tunnel_key', {
  ...gen,
  tAction: enumeration(s32, { set: 1, release: 2 }, 'TCA_TUNNEL_KEY_ACT_'),
}) {}

export class TunnelKeyGeneve extends attrs('TCA_TUNNEL_KEY_ENC_OPT_GENEVE_', {
  class: [1, be16],
  type: [2, u8],
  /** A multiple of four bytes. */
  data: [3, binary],
}) {}
export class TunnelKeyVxlan extends attrs('TCA_TUNNEL_KEY_ENC_OPT_VXLAN_', {
  /** Group policy. */
  gbp: [1, u32],
}) {}
export class TunnelKeyErspan extends attrs('TCA_TUNNEL_KEY_ENC_OPT_ERSPAN_', {
  /** 1 or 2. */
  ver: [1, u8],
  /** Version 1. */
  index: [2, be32],
  /** Version 2: 0 ingress, 1 egress. */
  dir: [3, u8],
  /** Version 2. */
  hwid: [4, u8],
}) {}
export class TunnelKeyOpts extends attrs('TCA_TUNNEL_KEY_ENC_OPTS_', {
  geneve: [1, groups(TunnelKeyGeneve)],
  vxlan: [2, TunnelKeyVxlan],
  erspan: [3, TunnelKeyErspan],
}) {}

export class TunnelKey extends attrs('TCA_TUNNEL_KEY_', {
  tm: [1, TcfT],
  parms: [2, TcTunnelKey],
  encIpv4Src: [3, ipv4],
  encIpv4Dst: [4, ipv4],
  encIpv6Src: [5, ipv6],
  encIpv6Dst: [6, ipv6],
  /** A VNI, a GRE key. */
  encKeyId: [7, be32],
  pad: [8, pad],
  encDstPort: [9, be16],
  /** 1: no outer checksum. */
  noCsum: [10, u8],
  encOpts: [11, TunnelKeyOpts],
  encTos: [12, u8],
  encTtl: [13, u8],
  noFrag: [14, flag],
}) {}
