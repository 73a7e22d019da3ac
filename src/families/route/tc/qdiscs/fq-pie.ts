/** Fair queueing with PIE. Source: net/sched/sch_fq_pie.c. */
import { attrs, struct, u32 } from '../../../../codec/index.ts';

export class FqPie extends attrs('TCA_FQ_PIE_', {
  /** Most packets that wait. */
  limit: [1, u32],
  /** Queues; fixed when it is made. */
  flows: [2, u32],
  /** Microseconds that packets may wait. */
  target: [3, u32],
  /** Microseconds after which the probability is computed anew. */
  tupdate: [4, u32],
  /** How strongly the delay, and its change, count. */
  alpha: [5, u32],
  beta: [6, u32],
  /** Bytes a round. */
  quantum: [7, u32],
  /** Bytes. */
  memoryLimit: [8, u32],
  /** Percent up to which packets are marked rather than dropped. */
  ecnProb: [9, u32],
  ecn: [10, u32],
  bytemode: [11, u32],
  dqRateEstimator: [12, u32],
}) {}
export class FqPieXstats extends struct('tc_fq_pie_xstats', {
  packetsIn: u32, dropped: u32, overlimit: u32, overmemory: u32, ecnMark: u32, newFlowCount: u32, newFlowsLen: u32, oldFlowsLen: u32, memoryUsage: u32,
}) {}
