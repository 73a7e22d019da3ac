/** What queueing disciplines, classes, filters and actions have in common: counters, rates, sizes. Source: include/uapi/linux/gen_stats.h, pkt_sched.h. */
import { attrs, enumeration, list, pad, s16, s32, s8, struct, u16, u32, u64, u8, type AnyCodec } from '../../../codec/index.ts';

export class TcStats extends struct('tc_stats', {
  bytes: u64, packets: u32, drops: u32, overlimits: u32, bps: u32, pps: u32, qlen: u32, backlog: u32,
}) {}
/** An estimator of rates: measures every 2^(interval + 2) s, averages over 2^ewmaLog measurements. */
export class GnetEstimator extends struct('gnet_estimator', { interval: s8, ewmaLog: u8 }) {}
export class GnetStatsBasic extends struct('gnet_stats_basic', { bytes: u64, packets: u32 }) {}
/** Bytes and packets a second. */
export class GnetStatsRateEst extends struct('gnet_stats_rate_est', { bps: u32, pps: u32 }) {}
export class GnetStatsRateEst64 extends struct('gnet_stats_rate_est64', { bps: u64, pps: u64 }) {}
/** `backlog` is bytes. */
export class GnetStatsQueue extends struct('gnet_stats_queue', { qlen: u32, backlog: u32, drops: u32, requeues: u32, overlimits: u32 }) {}

/** The attributes of statistics; `app` is a kind's own counters. */
export const statsShape = <C extends AnyCodec>(app: C) => ({
  basic: [1, GnetStatsBasic],
  rateEst: [2, GnetStatsRateEst],
  queue: [3, GnetStatsQueue],
  app: [4, app],
  rateEst64: [5, GnetStatsRateEst64],
  pad: [6, pad],
  /** What hardware did, part of `basic`. */
  basicHw: [7, GnetStatsBasic],
  /** Packets, where 32 bits are too few. */
  pkt64: [8, u64],
} as const);

export const linklayer = { unaware: 0, ethernet: 1, atm: 2 } as const;
/** How the size of a packet on the wire follows from its length. */
export class TcSizespec extends struct('tc_sizespec', {
  cellLog: u8, sizeLog: u8, cellAlign: s16, overhead: s32, linklayer: enumeration(u32, linklayer, 'TC_LINKLAYER_'), mpu: u32, mtu: u32, tsize: u32,
}) {}
export class TcaStab extends attrs('TCA_STAB_', {
  base: [1, TcSizespec],
  data: [2, list(u16)],
}) {}

/** A rate in bytes a second (0xffffffff: 64 bits of it are in an attribute beside), and how much of it a packet takes. */
export class TcRatespec extends struct('tc_ratespec', {
  /** log2 of the size of packet that one cell of the rate table is for. */
  cellLog: u8,
  linklayer: enumeration(u8, linklayer, 'TC_LINKLAYER_'),
  /** Bytes on the wire beside the packet's. */
  overhead: u16,
  cellAlign: s16,
  /** Bytes that a packet takes at least. */
  mpu: u16,
  rate: u32,
}) {}
