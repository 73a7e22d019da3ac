/** Interface counters: in a link, and alone in RTM_*STATS (`ip stats`). Source: net/core/rtnetlink.c, include/uapi/linux/if_link.h. */
import { array, attrs, flags, keyed, message, multi, pad, struct, u16, u32, u64, u8, type AnyCodec } from '../../codec/index.ts';
import { family } from './family.ts';
import { bridgeVlanFlags } from './link-bridge.ts';

/** The counters that 32-bit and 64-bit statistics share, in the kernel's order. */
const counters = <C extends AnyCodec>(word: C) => ({
  rxPackets: word, txPackets: word, rxBytes: word, txBytes: word, rxErrors: word, txErrors: word, rxDropped: word, txDropped: word,
  multicast: word, collisions: word,
  rxLengthErrors: word, rxOverErrors: word, rxCrcErrors: word, rxFrameErrors: word, rxFifoErrors: word, rxMissedErrors: word,
  txAbortedErrors: word, txCarrierErrors: word, txFifoErrors: word, txHeartbeatErrors: word, txWindowErrors: word,
  rxCompressed: word, txCompressed: word, rxNohandler: word,
});

/** Counters that wrap at 32 bits. */
export class LinkStats extends struct('rtnl_link_stats', counters(u32)) {}
/** The same in 64 bits; `rxOtherhostDropped`: packets to another host's MAC address, absent before Linux 5.19. */
export class LinkStats64 extends struct('rtnl_link_stats64', { ...counters(u64), rxOtherhostDropped: u64 }) {}
/** Counters of a hardware datapath. */
export class HwStats64 extends struct('rtnl_hw_stats64', {
  rxPackets: u64, txPackets: u64, rxBytes: u64, txBytes: u64, rxErrors: u64, txErrors: u64, rxDropped: u64, txDropped: u64, multicast: u64,
}) {}

/** struct br_mcast_stats counts received and sent apart. */
const both = array(u64, 2);
/** Multicast snooping; pairs are [received, sent]. */
export class BridgeMcastStats extends struct('br_mcast_stats', {
  igmpV1queries: both, igmpV2queries: both, igmpV3queries: both, igmpLeaves: both, igmpV1reports: both, igmpV2reports: both, igmpV3reports: both, igmpParseErrors: u64,
  mldV1queries: both, mldV2queries: both, mldLeaves: both, mldV1reports: both, mldV2reports: both, mldParseErrors: u64,
  mcastBytes: both, mcastPackets: both,
}) {}
export class BridgeVlanXstats extends struct('bridge_vlan_xstats', {
  rxBytes: u64, rxPackets: u64, txBytes: u64, txPackets: u64, vid: u16, flags: bridgeVlanFlags, _pad2: u32,
}) {}
/** Spanning tree: changes of state, and protocol frames. */
export class BridgeStpXstats extends struct('bridge_stp_xstats', {
  transitionBlk: u64, transitionFwd: u64, rxBpdu: u64, txBpdu: u64, rxTcn: u64, txTcn: u64,
}) {}
export class BridgeXstats extends attrs('BRIDGE_XSTATS_', {
  vlan: [1, multi(BridgeVlanXstats)],
  mcast: [2, BridgeMcastStats],
  pad: [3, pad],
  stp: [4, BridgeStpXstats],
}) {}

/** 802.3ad frames by kind. */
export class Bond3adStats extends attrs('BOND_3AD_STAT_', {
  lacpduRx: [0, u64], lacpduTx: [1, u64], lacpduUnknownRx: [2, u64], lacpduIllegalRx: [3, u64],
  markerRx: [4, u64], markerTx: [5, u64], markerRespRx: [6, u64], markerRespTx: [7, u64], markerUnknownRx: [8, u64],
  pad: [9, pad],
}) {}
export class BondXstats extends attrs('BOND_XSTATS_', { '3ad': [1, Bond3adStats] }) {}

/** Counters that only one kind of link has, by that kind. */
export class LinkXstats extends attrs('LINK_XSTATS_TYPE_', { bridge: [1, BridgeXstats], bond: [2, BondXstats] }) {}

/** Whether a hardware counter was asked for, and whether a driver counts. */
export class HwStatsInfo extends attrs('IFLA_OFFLOAD_XSTATS_HW_S_INFO_', { request: [1, u8], used: [2, u8] }) {}
export class OffloadXstats extends attrs('IFLA_OFFLOAD_XSTATS_', {
  /** Of the packets, those that the CPU handled. */
  cpuHit: [1, LinkStats64],
  /** By the number of the counter: 3 is `l3Stats`. */
  hwSInfo: [2, keyed(HwStatsInfo)],
  l3Stats: [3, HwStats64],
}) {}

export class MplsLinkStats extends struct('mpls_link_stats', {
  rxPackets: u64, txPackets: u64, rxBytes: u64, txBytes: u64, rxErrors: u64, txErrors: u64, rxDropped: u64, txDropped: u64, rxNoroute: u64,
}) {}
export class MplsStats extends attrs('MPLS_STATS_', { unspec: [0, pad], link: [1, MplsLinkStats] }) {}
export class StatsAfSpec extends attrs('AF_', { mpls: [28, MplsStats] }) {}

/** Which of the statistics are asked for, or told: bit n-1 for attribute n of the set `IFLA_STATS_`. */
const statsFilter = flags(u32, { link64: 0x1, linkXstats: 0x2, linkXstatsSlave: 0x4, linkOffloadXstats: 0x8, afSpec: 0x10 });
/** `filterMask` must not be zero in a request. */
export class IfStatsMsg extends struct('if_stats_msg', { family, _pad1: u8, _pad2: u16, ifindex: u32, filterMask: statsFilter }) {}

export class StatsAttrs extends attrs('IFLA_STATS_', {
  link64: [1, LinkStats64, 'IFLA_STATS_LINK_64'],
  linkXstats: [2, LinkXstats],
  /** What the link's master counts for it as a port. */
  linkXstatsSlave: [3, LinkXstats],
  linkOffloadXstats: [4, OffloadXstats],
  afSpec: [5, StatsAfSpec],
}) {}
/** Statistics of one link: RTM_NEWSTATS. */
export class Stats extends message('stats', IfStatsMsg, StatsAttrs) {}

/** Finer filters: bit n-1 for attribute n of the nest that the key names. */
export class StatsFilters extends attrs('IFLA_STATS_', { linkOffloadXstats: [4, flags(u32, { cpuHit: 0x1, hwSInfo: 0x2, l3Stats: 0x4 })] }) {}
export class StatsRequestAttrs extends attrs('IFLA_STATS_', {
  getFilters: [1, StatsFilters],
  /** 1: have the hardware count; 0: stop. */
  setOffloadXstatsL3Stats: [2, u8],
}) {}
/** RTM_GETSTATS and RTM_SETSTATS. */
export class StatsRequest extends message('statsRequest', IfStatsMsg, StatsRequestAttrs) {}
