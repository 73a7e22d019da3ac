/** Earliest time first. Source: net/sched/sch_etf.c. */
import { attrs, flags, s32, struct, u32 } from '../../../../codec/index.ts';

export class EtfParms extends struct('tc_etf_qopt', {
  /** Nanoseconds ahead of its time that a packet is given to the device. */
  delta: s32,
  /** CLOCK_* of time.h. */
  clockid: s32,
  flags: flags(u32, { deadlineModeOn: 1, offloadOn: 2, skipSockCheck: 4 }, 'TC_ETF_'),
}) {}
export class Etf extends attrs('TCA_ETF_', { parms: [1, EtfParms] }) {}
