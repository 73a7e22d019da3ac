/** Next hop objects and their resilient buckets, `ip nexthop`. Source: include/uapi/linux/nexthop.h. */
import {
  attrs, be16, enumeration, flag, flags, ip, list, message, multi, pad, select, struct, u16, u32, u64, u8, uint, type Value,
} from '../../codec/index.ts';
import { encapKinds, encapType } from './encap.ts';
import { family } from './family.ts';
import { nexthopFlags, routeProtocol, scope } from './names.ts';

export class Nhmsg extends struct('nhmsg', {
  family, scope, protocol: routeProtocol, _resvd: u8, flags: flags(u32, nexthopFlags, 'RTNH_F_'),
}) {}

/** A member of a group; the weight is `weight + 256 * weightHigh + 1`. */
export class NexthopGrp extends struct('nexthop_grp', { id: u32, weight: u8, weightHigh: u8, _resvd2: u16 }) {}

/** Timers are clock ticks (1/100 s). */
export class NexthopResGroup extends attrs('NHA_RES_GROUP_', {
  pad: [0, pad],
  buckets: [1, u16],
  /** How long a bucket must be unused before it may move. */
  idleTimer: [2, u32],
  /** How long the group may stay out of balance; 0 is for ever. */
  unbalancedTimer: [3, u32],
  /** For how long it has been out of balance. */
  unbalancedTime: [4, u64],
}) {}

export class NexthopResBucket extends attrs('NHA_RES_BUCKET_', {
  pad: [0, pad],
  index: [1, u16],
  /** Clock ticks (1/100 s). */
  idleTime: [2, u64],
  nhId: [3, u32],
}) {}

export class NexthopGroupStatsEntry extends attrs('NHA_GROUP_STATS_ENTRY_', {
  id: [1, u32],
  /** Forwarded by software and hardware together. */
  packets: [2, uint],
  packetsHw: [3, uint],
}) {}
export class NexthopGroupStats extends attrs('NHA_GROUP_STATS_', { entry: [1, multi(NexthopGroupStatsEntry)] }) {}

export const nexthopAttrs = attrs('NHA_', {
  id: [1, u32],
  group: [2, list(NexthopGrp)],
  groupType: [3, enumeration(u16, { mpath: 0, res: 1 }, 'NEXTHOP_GRP_TYPE_')],
  blackhole: [4, flag],
  /** Index of the interface that packets leave by. */
  oif: [5, u32],
  gateway: [6, ip],
  encapType: [7, encapType],
  encap: [8, select('encapType', encapKinds)],
  /** Of a dump: groups only. */
  groups: [9, flag],
  /** Of a dump: only next hops whose interface is a port of this one. */
  master: [10, u32],
  /** The next hop is for VXLAN forwarding entries, not for routes. */
  fdb: [11, flag],
  resGroup: [12, NexthopResGroup],
  resBucket: [13, NexthopResBucket],
  opFlags: [14, flags(u32, { dumpStats: 1, dumpHwStats: 2, respGrpResvd0: 0x8000_0000 })],
  groupStats: [15, NexthopGroupStats],
  hwStatsEnable: [16, u32],
  hwStatsUsed: [17, u32],
  /** UDP port of a VXLAN forwarding entry (Linux 7.3). */
  dstPort: [18, be16],
});

export const nexthopMessage = message('nexthop', Nhmsg, nexthopAttrs);
export type Nexthop = Value<typeof nexthopMessage>;
