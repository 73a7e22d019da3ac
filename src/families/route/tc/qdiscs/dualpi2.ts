/** Dual-queue coupled AQM for L4S, RFC 9332. Source: net/sched/sch_dualpi2.c. */
import { attrs, enumeration, pad, s32, struct, u32, u8 } from '../../../../codec/index.ts';

export class Dualpi2 extends attrs('TCA_DUALPI2_', {
  /** Most packets that wait. */
  limit: [1, u32],
  /** Bytes. */
  memoryLimit: [2, u32],
  /** Microseconds that packets of the classic queue may wait. */
  target: [3, u32],
  /** Microseconds after which the probability is computed anew. */
  tupdate: [4, u32],
  /** Gains of the controller, in Hz scaled by 256. */
  alpha: [5, u32],
  beta: [6, u32],
  /** From where packets of the L4S queue are marked: packets, or microseconds. */
  stepThreshPkts: [7, u32],
  stepThreshUs: [8, u32],
  /** Packets below which the step does nothing. */
  minQlenStep: [9, u32],
  /** Factor between the queues' probabilities. */
  coupling: [10, u8],
  dropOverload: [11, enumeration(u8, { overflow: 0, drop: 1 }, 'TC_DUALPI2_DROP_OVERLOAD_')],
  dropEarly: [12, enumeration(u8, { dropDequeue: 0, dropEnqueue: 1 }, 'TC_DUALPI2_DROP_EARLY_')],
  /** Percent of the classic queue's share. */
  cProtection: [13, u8],
  ecnMask: [14, enumeration(u8, { l4sEct: 1, claEct: 2, anyEct: 3 }, 'TC_DUALPI2_ECN_MASK_')],
  splitGso: [15, enumeration(u8, { noSplitGso: 0, splitGso: 1 }, 'TC_DUALPI2_SPLIT_GSO_')],
  pad: [16, pad],
}) {}
/** Delays in microseconds, memory in bytes. */
export class Dualpi2Xstats extends struct('tc_dualpi2_xstats', {
  prob: u32, delayC: u32, delayL: u32, packetsInC: u32, packetsInL: u32, maxq: u32, ecnMark: u32, stepMarks: u32, credit: s32,
  memoryUsed: u32, maxMemoryUsed: u32, memoryLimit: u32,
}) {}
