/** Stochastic fair blue. Source: net/sched/sch_sfb.c. */
import { attrs, struct, u32 } from '../../../../codec/index.ts';

export class SfbParms extends struct('tc_sfb_qopt', {
  /** Milliseconds. */
  rehashInterval: u32, warmupTime: u32,
  /** Packets of a flow: most that wait, and most before its probability grows. */
  max: u32, binSize: u32,
  /** Of a probability, in parts of 2^16. */
  increment: u32, decrement: u32,
  /** Most packets that wait. */
  limit: u32,
  /** Packets a second that flows may send which do not yield. */
  penaltyRate: u32, penaltyBurst: u32,
}) {}
export class Sfb extends attrs('TCA_SFB_', { parms: [1, SfbParms] }) {}
/** `maxprob`, `avgprob`: in parts of 65535. */
export class SfbXstats extends struct('tc_sfb_xstats', {
  earlydrop: u32, penaltydrop: u32, bucketdrop: u32, queuedrop: u32, childdrop: u32, marked: u32, maxqlen: u32, maxprob: u32, avgprob: u32,
}) {}
