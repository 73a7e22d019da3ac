/** Proportional integral controller, enhanced. Source: net/sched/sch_pie.c. */
import { attrs, struct, u32, u64 } from '../../../../codec/index.ts';

export class Pie extends attrs('TCA_PIE_', {
  /** Microseconds that packets may wait. */
  target: [1, u32],
  /** Most packets that wait. */
  limit: [2, u32],
  /** Microseconds after which the probability is computed anew. */
  tupdate: [3, u32],
  /** How strongly the delay, and its change, count: 0 to 32. */
  alpha: [4, u32],
  beta: [5, u32],
  /** 1: packets are marked rather than dropped. */
  ecn: [6, u32],
  /** 1: large packets are more likely dropped. */
  bytemode: [7, u32],
  /** 1: the delay is estimated by the rate; 0: measured. */
  dqRateEstimator: [8, u32],
}) {}
export class PieXstats extends struct('tc_pie_xstats', {
  /** In parts of 2^64. */
  prob: u64,
  /** Microseconds. */
  delay: u32,
  avgDqRate: u32, dqRateEstimating: u32, packetsIn: u32, dropped: u32, overlimit: u32, maxq: u32, ecnMark: u32,
}) {}
