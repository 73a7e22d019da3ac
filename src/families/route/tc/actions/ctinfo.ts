/** DSCP and mark of a packet from its connection's mark. Source: net/sched/act_ctinfo.c, numbers: include/uapi/linux/tc_act/tc_ctinfo.h. */
import { attrs, pad, struct, u16, u32, u64 } from '../../../../codec/index.ts';
import { gen, TcfT } from './common.ts';

export class TcCtinfo extends struct('tc_ctinfo', gen) {}

export class Ctinfo extends attrs('TCA_CTINFO_', {
  pad: [1, pad],
  tm: [2, TcfT],
  act: [3, TcCtinfo],
  zone: [4, u16],
  /** Six bits in a row. */
  parmsDscpMask: [5, u32],
  /** The DSCP is restored where one of these bits is set. */
  parmsDscpStatemask: [6, u32],
  parmsCpmarkMask: [7, u32],
  statsDscpSet: [8, u64],
  statsDscpError: [9, u64],
  statsCpmarkSet: [10, u64],
}) {}
