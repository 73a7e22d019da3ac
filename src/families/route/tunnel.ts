/** VNIs that a VXLAN interface filters on, `bridge vni`. Source: include/uapi/linux/if_link.h, drivers/net/vxlan/vxlan_vnifilter.c. */
import { attrs, flags, ipv4, ipv6, message, multi, pad, struct, u16, u32, u64, u8 } from '../../codec/index.ts';
import { family } from './family.ts';

export class TunnelMsg extends struct('tunnel_msg', { family, flags: flags(u8, { stats: 1 }, 'TUNNEL_MSG_FLAG_'), _reserved2: u16, ifindex: u32 }) {}

export class VnifilterStats extends attrs('VNIFILTER_ENTRY_STATS_', {
  rxBytes: [1, u64],
  rxPkts: [2, u64],
  rxDrops: [3, u64],
  rxErrors: [4, u64],
  txBytes: [5, u64],
  txPkts: [6, u64],
  txDrops: [7, u64],
  txErrors: [8, u64],
  pad: [9, pad],
}) {}

export class VnifilterEntry extends attrs('VXLAN_VNIFILTER_ENTRY_', {
  /** The first VNI of the range. */
  start: [1, u32],
  /** The last VNI of the range; absent for a single one. */
  end: [2, u32],
  /** Where unknown destinations go: a multicast group or a remote tunnel end. */
  group: [3, ipv4],
  group6: [4, ipv6],
  stats: [5, VnifilterStats],
}) {}

export class TunnelAttrs extends attrs('VXLAN_VNIFILTER_', { entry: [1, multi(VnifilterEntry)] }) {}

export class Tunnel extends message('tunnel', TunnelMsg, TunnelAttrs) {}
