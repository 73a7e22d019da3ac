/** A limit of rate. Filters of old kinds carry it without an action around it. Source: net/sched/act_police.c, numbers: include/uapi/linux/pkt_cls.h. */
import { attrs, list, pad, s32, struct, u32, u64 } from '../../../../codec/index.ts';
import { TcRatespec } from '../stats.ts';
import { TcfT, verdict } from './common.ts';

export class TcPolice extends struct('tc_police', {
  index: u32,
  /** What becomes of packets over the limit. */
  action: verdict,
  limit: u32,
  /** Time that the burst takes at that rate, in ticks of 64 nanoseconds. */
  burst: u32,
  /** Largest packet, in bytes; 0: any. */
  mtu: u32,
  rate: TcRatespec,
  peakrate: TcRatespec,
  refcnt: s32,
  bindcnt: s32,
  capab: u32,
}) {}

export class Police extends attrs('TCA_POLICE_', {
  tbf: [1, TcPolice],
  /** Ticks that packets take, by their size: 256 numbers. The kernel wants it, and does not read it. */
  rate: [2, list(u32)],
  peakrate: [3, list(u32)],
  /** Measured rate that is the limit, in bytes a second. */
  avrate: [4, u32],
  /** What becomes of packets within the limit. */
  result: [5, verdict],
  tm: [6, TcfT],
  pad: [7, pad],
  /** Bytes a second, where 32 bits are too few. */
  rate64: [8, u64],
  peakrate64: [9, u64],
  /** Packets a second. */
  pktrate64: [10, u64],
  /** Time that the burst takes at that rate, in ticks of 64 nanoseconds. */
  pktburst64: [11, u64],
}) {}
