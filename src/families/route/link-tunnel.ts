/** RTM_*TUNNEL: the network identifiers that a VXLAN device listens to, `bridge vni`. Source: drivers/net/vxlan/vxlan_vnifilter.c. */
import { attrs, flags, ipv4, ipv6, message, multi, pad, struct, u16, u32, u64, u8 } from '../../codec/index.ts';
import { family } from './family.ts';

/** `stats` asks for counters in a dump. */
export class TunnelMsg extends struct('tunnel_msg', { family, flags: flags(u8, { stats: 1 }, 'TUNNEL_MSG_FLAG_'), _reserved2: u16, ifindex: u32 }) {}

export class VnifilterStats extends attrs('VNIFILTER_ENTRY_STATS_', {
  rxBytes: [1, u64], rxPkts: [2, u64], rxDrops: [3, u64], rxErrors: [4, u64],
  txBytes: [5, u64], txPkts: [6, u64], txDrops: [7, u64], txErrors: [8, u64],
  pad: [9, pad],
}) {}
export class VnifilterEntry extends attrs('VXLAN_VNIFILTER_ENTRY_', {
  /** First identifier, or the only one. */
  start: [1, u32],
  /** Last identifier, included. */
  end: [2, u32],
  /** Multicast group or other end for these identifiers. */
  group: [3, ipv4],
  group6: [4, ipv6],
  stats: [5, VnifilterStats],
}) {}
export class TunnelAttrs extends attrs('VXLAN_VNIFILTER_', { entry: [1, multi(VnifilterEntry)] }) {}

export class Tunnel extends message('tunnel', TunnelMsg, TunnelAttrs) {}
