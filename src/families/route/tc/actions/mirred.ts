/** Packets, or copies of them, to another device. Source: net/sched/act_mirred.c, numbers: include/uapi/linux/tc_act/tc_mirred.h. */
import { attrs, enumeration, pad, s32, struct, u32 } from '../../../../codec/index.ts';
import { gen, TcfT } from './common.ts';

export class TcMirred extends struct('tc_mirred', {
  ...gen,
  eaction: enumeration(s32, { egressRedir: 1, egressMirror: 2, ingressRedir: 3, ingressMirror: 4 }, 'TCA_'),
  /** Index of the device; 0 where a block is named, or where the device has gone. */
  ifindex: u32,
}) {}

export class Mirred extends attrs('TCA_MIRRED_', {
  tm: [1, TcfT],
  parms: [2, TcMirred],
  pad: [3, pad],
  /** To all devices that share this block. */
  blockid: [4, u32],
}) {}
