/** Generic RED: up to 16 virtual queues. Source: net/sched/sch_gred.c. */
import { attrs, binary, flags, list, multi, pad, struct, u32, u64, u8 } from '../../../../codec/index.ts';
import { redFlags } from './red.ts';

const gredFlags = flags(u32, redFlags, 'TC_RED_');
/** One virtual queue, `DP`; reported of all, as they are numbered. */
export class GredParms extends struct('tc_gred_qopt', {
  /** Bytes. */
  limit: u32, qthMin: u32, qthMax: u32,
  /** Number of the queue; of a report, 16 and more is none. */
  DP: u32,
  backlog: u32, qave: u32, forced: u32, early: u32, other: u32, pdrop: u32,
  Wlog: u8, Plog: u8, ScellLog: u8, prio: u8,
  packets: u32, bytesin: u32,
}) {}
/** How many queues, and the one for what has no number. */
export class GredSopt extends struct('tc_gred_sopt', { DPs: u32, defDP: u32, grio: u8, flags: flags(u8, redFlags, 'TC_RED_'), _pad1: u8, _pad2: u8 }) {}
export class GredVq extends attrs('TCA_GRED_VQ_', {
  pad: [1, pad],
  dp: [2, u32],
  statBytes: [3, u64],
  statPackets: [4, u32],
  statBacklog: [5, u32],
  statProbDrop: [6, u32],
  statProbMark: [7, u32],
  statForcedDrop: [8, u32],
  statForcedMark: [9, u32],
  statPdrop: [10, u32],
  statOther: [11, u32],
  flags: [12, gredFlags],
}) {}
export class GredVqList extends attrs('TCA_GRED_VQ_', { entry: [1, multi(GredVq)] }) {}
export class Gred extends attrs('TCA_GRED_', {
  /** One in a request; 16 in a report. */
  parms: [1, list(GredParms)],
  /** How the average decays while idle, 256 bytes. */
  stab: [2, binary],
  dps: [3, GredSopt],
  /** Largest probabilities, in parts of 2^32: one in a request, 16 in a report. */
  maxP: [4, list(u32), 'TCA_GRED_MAX_P'],
  /** Bytes that wait in all queues together. */
  limit: [5, u32],
  vqList: [6, GredVqList],
}) {}
