/** All packets. Source: net/sched/cls_matchall.c, numbers: include/uapi/linux/pkt_cls.h. */
import { attrs, indexed, pad, struct, u32, u64 } from '../../../../codec/index.ts';
import { tcAction } from '../action.ts';
import { clsFlags } from './common.ts';

export class TcMatchallPcnt extends struct('tc_matchall_pcnt', { rhit: u64 }) {}

export class Matchall extends attrs('TCA_MATCHALL_', {
  classid: [1, u32],
  act: [2, indexed(tcAction)],
  flags: [3, clsFlags],
  /** How many packets came by. */
  pcnt: [4, TcMatchallPcnt],
  pad: [5, pad],
}) {}
