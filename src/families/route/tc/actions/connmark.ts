/** The mark of a packet from its connection's. Source: net/sched/act_connmark.c, numbers: include/uapi/linux/tc_act/tc_connmark.h. */
import { attrs, pad, struct, u16 } from '../../../../codec/index.ts';
import { gen, TcfT } from './common.ts';

export class TcConnmark extends struct('tc_connmark', { ...gen, zone: u16 }) {}

export class Connmark extends attrs('TCA_CONNMARK_', {
  parms: [1, TcConnmark],
  tm: [2, TcfT],
  pad: [3, pad],
}) {}
