/** A line in the kernel's log for each packet. Source: net/sched/act_simple.c, numbers: include/uapi/linux/tc_act/tc_defact.h. */
import { attrs, pad, string, struct } from '../../../../codec/index.ts';
import { gen, TcfT } from './common.ts';

export class TcDefact extends struct('tc_defact', gen) {}

export class Simple extends attrs('TCA_DEF_', {
  tm: [1, TcfT],
  parms: [2, TcDefact],
  /** At most 31 bytes. */
  data: [3, string],
  pad: [4, pad],
}) {}
