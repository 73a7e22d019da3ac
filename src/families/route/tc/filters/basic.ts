/** Packets by an expression of extended matches. Source: net/sched/cls_basic.c, numbers: include/uapi/linux/pkt_cls.h. */
import { attrs, indexed, pad, struct, u32, u64 } from '../../../../codec/index.ts';
import { tcAction } from '../action.ts';
import { Police } from '../actions/police.ts';
import { EmatchTree } from './ematch.ts';

/** How often the filter was tried, and matched. */
export class TcBasicPcnt extends struct('tc_basic_pcnt', { rcnt: u64, rhit: u64 }) {}

export class Basic extends attrs('TCA_BASIC_', {
  classid: [1, u32],
  ematches: [2, EmatchTree],
  act: [3, indexed(tcAction)],
  police: [4, Police],
  pcnt: [5, TcBasicPcnt],
  pad: [6, pad],
}) {}
