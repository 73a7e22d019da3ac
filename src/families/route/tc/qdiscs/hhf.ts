/** Heavy-hitter filter. Source: net/sched/sch_hhf.c. */
import { attrs, struct, u32 } from '../../../../codec/index.ts';

export class Hhf extends attrs('TCA_HHF_', {
  /** Most packets that wait. */
  backlogLimit: [1, u32],
  /** Bytes a round. */
  quantum: [2, u32],
  hhFlowsLimit: [3, u32],
  /** Microseconds. */
  resetTimeout: [4, u32],
  /** Bytes after which a flow is a heavy hitter. */
  admitBytes: [5, u32],
  /** Microseconds. */
  evictTimeout: [6, u32],
  nonHhWeight: [7, u32],
}) {}
export class HhfXstats extends struct('tc_hhf_xstats', { dropOverlimit: u32, hhOverlimit: u32, hhTotCount: u32, hhCurCount: u32 }) {}
