/** Quick fair queueing. Source: net/sched/sch_qfq.c. */
import { attrs, struct, u32 } from '../../../../codec/index.ts';

export class QfqClass extends attrs('TCA_QFQ_', {
  weight: [1, u32],
  /** Largest packet, in bytes. */
  lmax: [2, u32],
}) {}
export class QfqStats extends struct('tc_qfq_stats', { weight: u32, lmax: u32 }) {}
