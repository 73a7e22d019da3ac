/** RED that drops packets of the flow that fills the queue. Source: net/sched/sch_choke.c. */
import { attrs, binary, struct, u32 } from '../../../../codec/index.ts';
import { redParms } from './red.ts';

/** Of packets, not bytes. */
export class ChokeParms extends redParms('tc_choke_qopt') {}
export class Choke extends attrs('TCA_CHOKE_', {
  parms: [1, ChokeParms],
  /** How the average decays while idle, 256 bytes. */
  stab: [2, binary],
  /** Largest probability, in parts of 2^32. */
  maxP: [3, u32, 'TCA_CHOKE_MAX_P'],
}) {}
/** As of RED; and dropped since they were of the flow of the packet that came. */
export class ChokeXstats extends struct('tc_choke_xstats', { early: u32, pdrop: u32, other: u32, marked: u32, matched: u32 }) {}
