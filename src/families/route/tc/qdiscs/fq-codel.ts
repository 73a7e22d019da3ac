/** Fair queueing with controlled delay. Source: net/sched/sch_fq_codel.c. */
import { attrs, blob, enumeration, s32, struct, u32, u8, union } from '../../../../codec/index.ts';

export class FqCodel extends attrs('TCA_FQ_CODEL_', {
  /** Microseconds that packets may wait. */
  target: [1, u32],
  /** Most packets that wait. */
  limit: [2, u32],
  /** Microseconds over which that is judged. */
  interval: [3, u32],
  /** 1: packets are marked rather than dropped. */
  ecn: [4, u32],
  /** Queues; fixed when it is made. */
  flows: [5, u32],
  /** Bytes a round. */
  quantum: [6, u32],
  /** Microseconds from which packets are marked. */
  ceThreshold: [7, u32],
  /** Most packets dropped at once. */
  dropBatchSize: [8, u32],
  /** Bytes. */
  memoryLimit: [9, u32],
  /** `ceThreshold` is only for packets whose DS field masked is this. */
  ceThresholdSelector: [10, u8],
  ceThresholdMask: [11, u8],
}) {}
export class FqCodelQdStats extends struct('tc_fq_codel_qd_stats', {
  maxpacket: u32, dropOverlimit: u32, ecnMark: u32, newFlowCount: u32, newFlowsLen: u32, oldFlowsLen: u32, ceMark: u32, memoryUsage: u32, dropOvermemory: u32,
}) {}
/** Of a flow; times in microseconds. */
export class FqCodelClStats extends struct('tc_fq_codel_cl_stats', { deficit: s32, ldelay: u32, count: u32, lastcount: u32, dropping: u32, dropNext: s32 }) {}
export class FqCodelXstats extends struct('tc_fq_codel_xstats', {
  type: enumeration(u32, { qdisc: 0, class: 1 }, 'TCA_FQ_CODEL_XSTATS_'),
  stats: union('type', { qdisc: FqCodelQdStats, class: FqCodelClStats }, blob(36)),
}) {}
