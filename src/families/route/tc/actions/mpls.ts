/** MPLS labels put on, taken off, changed. Source: net/sched/act_mpls.c, numbers: include/uapi/linux/tc_act/tc_mpls.h. */
import { attrs, be16, enumeration, pad, s32, struct, u32, u8 } from '../../../../codec/index.ts';
import { gen, TcfT } from './common.ts';

export class TcMpls extends struct('tc_mpls', {
  ...gen,
  mAction: enumeration(s32, { pop: 1, push: 2, modify: 3, decTtl: 4, macPush: 5 }, 'TCA_MPLS_ACT_'),
}) {}

export class ActMpls extends attrs('TCA_MPLS_', {
  tm: [1, TcfT],
  parms: [2, TcMpls],
  pad: [3, pad],
  /** EtherType of what is pushed, or of what follows the last label. */
  proto: [4, be16],
  /** 20 bits. */
  label: [5, u32],
  /** Traffic class, 0 to 7. */
  tc: [6, u8],
  ttl: [7, u8],
  /** 1: the last label. */
  bos: [8, u8],
}) {}
