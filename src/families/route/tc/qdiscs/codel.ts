/** Controlled delay. Source: net/sched/sch_codel.c. */
import { attrs, s32, struct, u32 } from '../../../../codec/index.ts';

export class Codel extends attrs('TCA_CODEL_', {
  /** Microseconds that packets may wait. */
  target: [1, u32],
  /** Most packets that wait. */
  limit: [2, u32],
  /** Microseconds over which that is judged. */
  interval: [3, u32],
  /** 1: packets are marked rather than dropped. */
  ecn: [4, u32],
  /** Microseconds from which packets are marked. */
  ceThreshold: [5, u32],
}) {}
/** Times in microseconds. */
export class CodelXstats extends struct('tc_codel_xstats', {
  maxpacket: u32, count: u32, lastcount: u32, ldelay: u32, dropNext: s32, dropOverlimit: u32, ecnMark: u32, dropping: u32, ceMark: u32,
}) {}
