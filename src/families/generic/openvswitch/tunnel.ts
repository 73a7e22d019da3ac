/** OVS_KEY_ATTR_TUNNEL: what a tunnel says of a packet, and is told of it. Source: include/uapi/linux/openvswitch.h, net/openvswitch/flow_netlink.c. */
import { attrs, be16, be32, be64, binary, bits, blob, flag, ipv4, ipv6, pad, s32, struct, u32, u8, union } from '../../../codec/index.ts';

/** What VXLAN carries beside its number. */
export class OvsVxlanOptions extends attrs('OVS_VXLAN_EXT_', {
  /** Of the group policy: its id in the lower 16 bits, its flags above. */
  gbp: [1, u32],
}) {}

/** ERSPAN's header, version 2. */
export class ErspanMd2 extends struct('erspan_md2', {
  timestamp: be32,
  sgt: be16,
  /** Bit-fields of two bytes, as the kernel has them on a little-endian machine. */
  frame: bits(u8, { hwidUpper: 2, ft: 5, p: 1 }),
  port: bits(u8, { o: 1, gra: 2, dir: 1, hwid: 4 }),
}) {}

/** What ERSPAN carries. */
export class ErspanMetadata extends struct('erspan_metadata', {
  version: s32,
  u: union('version', { 1: be32, 2: ErspanMd2 }, blob(8)),
}) {}

/** A tunnel's side of a packet. */
export class OvsTunnelKey extends attrs('OVS_TUNNEL_KEY_ATTR_', {
  /** The network's number: VNI, key. */
  id: [0, be64],
  ipv4Src: [1, ipv4],
  ipv4Dst: [2, ipv4],
  tos: [3, u8],
  ttl: [4, u8],
  dontFragment: [5, flag],
  csum: [6, flag],
  oam: [7, flag],
  /** struct geneve_opt, one after the other. */
  geneveOpts: [8, binary],
  tpSrc: [9, be16],
  tpDst: [10, be16],
  vxlanOpts: [11, OvsVxlanOptions],
  ipv6Src: [12, ipv6],
  ipv6Dst: [13, ipv6],
  pad: [14, pad],
  erspanOpts: [15, ErspanMetadata],
  ipv4InfoBridge: [16, flag],
}) {}
