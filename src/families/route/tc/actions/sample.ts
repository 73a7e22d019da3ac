/** One packet of so many, told to user space (psample). Source: net/sched/act_sample.c, numbers: include/uapi/linux/tc_act/tc_sample.h. */
import { attrs, pad, struct, u32 } from '../../../../codec/index.ts';
import { gen, TcfT } from './common.ts';

export class TcSample extends struct('tc_sample', gen) {}

export class Sample extends attrs('TCA_SAMPLE_', {
  tm: [1, TcfT],
  parms: [2, TcSample],
  /** One packet of so many. */
  rate: [3, u32],
  /** Most bytes of each. */
  truncSize: [4, u32],
  psampleGroup: [5, u32],
  pad: [6, pad],
}) {}
