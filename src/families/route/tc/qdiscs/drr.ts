/** Deficit round robin. Source: net/sched/sch_drr.c. */
import { attrs, struct, u32 } from '../../../../codec/index.ts';

export class DrrClass extends attrs('TCA_DRR_', {
  /** Bytes a round. */
  quantum: [1, u32],
}) {}
export class DrrStats extends struct('tc_drr_stats', { deficit: u32 }) {}
