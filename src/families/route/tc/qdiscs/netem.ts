/** Network emulator: delay, loss, duplicates, order, damage. Probabilities in parts of 2^32 - 1. Source: net/sched/sch_netem.c. */
import { attrs, list, message, pad, s16, s32, s64, struct, u32, u64 } from '../../../../codec/index.ts';

export class NetemQopt extends struct('tc_netem_qopt', {
  /** Ticks of 64 ns, where `latency64` is not there. */
  latency: u32,
  /** Most packets that wait. */
  limit: u32,
  loss: u32,
  /** Every so-manieth packet is sent at once; 0: none. */
  gap: u32,
  duplicate: u32,
  /** Ticks of 64 ns, where `jitter64` is not there. */
  jitter: u32,
}) {}
/** How strongly each packet's fate depends on the one before. */
export class NetemCorr extends struct('tc_netem_corr', { delayCorr: u32, lossCorr: u32, dupCorr: u32 }) {}
export class NetemReorder extends struct('tc_netem_reorder', { probability: u32, correlation: u32 }) {}
export class NetemCorrupt extends struct('tc_netem_corrupt', { probability: u32, correlation: u32 }) {}
/** Of four states: how likely one follows the other. */
export class NetemGimodel extends struct('tc_netem_gimodel', { p13: u32, p31: u32, p32: u32, p14: u32, p23: u32 }) {}
/** Of Gilbert and Elliot. */
export class NetemGemodel extends struct('tc_netem_gemodel', { p: u32, r: u32, h: u32, k1: u32 }) {}
export class NetemLoss extends attrs('NETEM_LOSS_', { gi: [1, NetemGimodel], ge: [2, NetemGemodel] }) {}
/** Bytes a second (0xffffffff: see `rate64`), and how much of it a packet takes. */
export class NetemRate extends struct('tc_netem_rate', { rate: u32, packetOverhead: s32, cellSize: u32, cellOverhead: s32 }) {}
/** Packets go in bursts; nanoseconds. */
export class NetemSlot extends struct('tc_netem_slot', { minDelay: s64, maxDelay: s64, maxPackets: s32, maxBytes: s32, distDelay: s64, distJitter: s64 }) {}

export class Netem extends message('netem', NetemQopt, attrs('TCA_NETEM_', {
  corr: [1, NetemCorr],
  /** Points of the distribution of delays, 8192 for each standard deviation. Never reported. */
  delayDist: [2, list(s16)],
  reorder: [3, NetemReorder],
  corrupt: [4, NetemCorrupt],
  lossModel: [5, NetemLoss, 'TCA_NETEM_LOSS'],
  rate: [6, NetemRate],
  /** 1: packets are marked rather than lost. */
  ecn: [7, u32],
  /** Bytes a second, where 32 bits are too few. */
  rate64: [8, u64],
  pad: [9, pad],
  /** Nanoseconds. */
  latency64: [10, s64],
  jitter64: [11, s64],
  slot: [12, NetemSlot],
  slotDist: [13, list(s16)],
  /** What chance begins with. */
  prngSeed: [14, u64],
})) {}
export class NetemXstats extends struct('tc_netem_xstats', {
  delayed: u64, dropped: u64, corrupted: u64, duplicated: u64, reordered: u64, ecnMarked: u64, allocationErrors: u64,
}) {}
