/**
 * Queueing disciplines, classes, filters, chains and actions, `tc`: what all kinds share; a kind's own options stay bytes.
 * Source: include/uapi/linux/rtnetlink.h, pkt_sched.h, pkt_cls.h, gen_stats.h.
 */
import {
  attrs, binary, bitfield32, flag, indexed, list, message, pad, s16, s32, s8, string, struct, u16, u32, u64, u8,
} from '../../codec/index.ts';
import { family } from './family.ts';

export class Tcmsg extends struct('tcmsg', {
  family, _pad1: u8, _pad2: u16,
  /** 0xffffffff: a shared block, whose number is then in `parent`. */
  ifindex: s32,
  /** Major and minor number, sixteen bits each. */
  handle: u32,
  /** 0xffffffff: the root; 0xfffffff1: ingress and clsact. */
  parent: u32,
  /** Of a filter: priority in the upper half, EtherType in network order in the lower. Of a qdisc: how often it is referred to. */
  info: u32,
}) {}
export class Tcamsg extends struct('tcamsg', { family, _pad1: u8, _pad2: u16 }) {}

export class TcStats extends struct('tc_stats', {
  bytes: u64, packets: u32, drops: u32, overlimits: u32, bps: u32, pps: u32, qlen: u32, backlog: u32,
}) {}
export class GnetEstimator extends struct('gnet_estimator', { interval: s8, ewmaLog: u8 }) {}
export class GnetStatsBasic extends struct('gnet_stats_basic', { bytes: u64, packets: u32 }) {}
/** Bytes and packets a second. */
export class GnetStatsRateEst extends struct('gnet_stats_rate_est', { bps: u32, pps: u32 }) {}
export class GnetStatsRateEst64 extends struct('gnet_stats_rate_est64', { bps: u64, pps: u64 }) {}
/** `backlog` is bytes. */
export class GnetStatsQueue extends struct('gnet_stats_queue', { qlen: u32, backlog: u32, drops: u32, requeues: u32, overlimits: u32 }) {}

export class TcaStats extends attrs('TCA_STATS_', {
  basic: [1, GnetStatsBasic],
  rateEst: [2, GnetStatsRateEst],
  queue: [3, GnetStatsQueue],
  /** The kind's own counters. */
  app: [4, binary],
  rateEst64: [5, GnetStatsRateEst64],
  pad: [6, pad],
  /** What hardware did, part of `basic`. */
  basicHw: [7, GnetStatsBasic],
  /** Packets, where 32 bits are too few. */
  pkt64: [8, u64],
}) {}

/** How the size of a packet on the wire follows from its length. */
export class TcSizespec extends struct('tc_sizespec', {
  cellLog: u8, sizeLog: u8, cellAlign: s16, overhead: s32, linklayer: u32, mpu: u32, mtu: u32, tsize: u32,
}) {}
export class TcaStab extends attrs('TCA_STAB_', {
  base: [1, TcSizespec],
  data: [2, list(u16)],
}) {}

export class TcAttrs extends attrs('TCA_', {
  kind: [1, string],
  options: [2, binary],
  stats: [3, TcStats],
  xstats: [4, binary],
  rate: [5, GnetEstimator],
  fcnt: [6, binary],
  stats2: [7, TcaStats],
  stab: [8, TcaStab],
  pad: [9, pad],
  /** Of a dump: qdiscs that the kernel made by itself, too. */
  dumpInvisible: [10, flag],
  chain: [11, u32],
  hwOffload: [12, u8],
  ingressBlock: [13, u32],
  egressBlock: [14, u32],
  dumpFlags: [15, bitfield32({ terse: 1 }, 'TCA_DUMP_FLAGS_')],
  /** A warning from the driver, in words. */
  extWarnMsg: [16, string],
}) {}

/** A qdisc, class, filter or chain: which one, the message's type says. */
export class Tc extends message('tc', Tcmsg, TcAttrs) {}

const hwStats = bitfield32({ immediate: 1, delayed: 2 }, 'TCA_ACT_HW_STATS_');
export class TcAction extends attrs('TCA_ACT_', {
  kind: [1, string],
  options: [2, binary],
  index: [3, u32],
  stats: [4, TcaStats],
  pad: [5, pad],
  /** User space's own mark, at most 16 bytes. */
  cookie: [6, binary],
  flags: [7, bitfield32({ noPercpuStats: 1, skipHw: 2, skipSw: 4 }, 'TCA_ACT_FLAGS_')],
  hwStats: [8, hwStats],
  usedHwStats: [9, hwStats],
  inHwCount: [10, u32],
}) {}

export class ActionAttrs extends attrs('TCA_ROOT_', {
  tab: [1, indexed(TcAction)],
  flags: [2, bitfield32({ largeDumpOn: 1, terseDump: 2 }, 'TCA_ACT_FLAG_')],
  /** Actions in this message of a dump. */
  count: [3, u32],
  /** Only actions used within so many milliseconds. */
  timeDelta: [4, u32],
  extWarnMsg: [5, string],
}) {}
export class Action extends message('action', Tcamsg, ActionAttrs) {}
