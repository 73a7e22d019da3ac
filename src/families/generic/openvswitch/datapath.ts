/** ovs_datapath: switches in the kernel. Source: include/uapi/linux/openvswitch.h, net/openvswitch/datapath.c. */
import { attrs, flags, genericFamily, list, pad, string, struct, u32, u64 } from '../../../codec/index.ts';
import { openvswitch } from './header.ts';

/** What whoever uses a datapath can do. */
export const ovsUserFeatures = flags(u32, { unaligned: 1, vportPids: 2, tcRecircSharing: 4, dispatchUpcallPerCpu: 8 }, 'OVS_DP_F_');

/** Packets by whether a flow was found for them, and how many flows there are. */
export class OvsDpStats extends struct('ovs_dp_stats', {
  hit: u64,
  /** Packets without a flow. */
  missed: u64,
  /** Of these: those that could not be told to anybody. */
  lost: u64,
  /** Flows there are. */
  flows: u64,
}) {}

/** How much looking it took to find flows. */
export class OvsDpMegaflowStats extends struct('ovs_dp_megaflow_stats', {
  /** Masks that were tried. */
  maskHit: u64,
  /** Masks there are. */
  masks: u32,
  _pad0: u32,
  /** Masks that were found at once. */
  cacheHit: u64,
  _pad1: u64,
}) {}

/** A datapath. */
export class OvsDatapath extends attrs('OVS_DP_ATTR_', {
  /** Of the link that is its local port. */
  name: [1, string],
  /** The netlink port that is told of packets without a flow; 0: nobody is. */
  upcallPid: [2, u32],
  stats: [3, OvsDpStats],
  megaflowStats: [4, OvsDpMegaflowStats],
  userFeatures: [5, ovsUserFeatures],
  pad: [6, pad],
  /** Entries; 0: no cache. */
  masksCacheSize: [7, u32],
  /** With `dispatchUpcallPerCpu`: whom each processor tells. */
  perCpuPids: [8, list(u32)],
  /** The index that its link is to have. */
  ifindex: [9, u32],
}) {}

/** ovs_datapath. */
export const ovsDatapath = genericFamily('ovs_datapath', 2, {
  ...openvswitch,
  prefix: 'OVS_DP_CMD_',
  commands: { new: [1, OvsDatapath], del: [2, OvsDatapath], get: [3, OvsDatapath], set: [4, OvsDatapath] },
  groups: { datapath: 'ovs_datapath' },
});
