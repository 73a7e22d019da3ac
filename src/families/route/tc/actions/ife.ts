/** What the kernel knows of a packet, sent along in a header before it. Source: net/sched/act_ife.c, numbers: include/uapi/linux/tc_act/tc_ife.h, ife.h. */
import { attrs, enumeration, list, macAddress, pad, struct, u16, u32 } from '../../../../codec/index.ts';
import { gen, TcfT } from './common.ts';

export class TcIfe extends struct('tc_ife', { ...gen, flags: enumeration(u16, { decode: 0, encode: 1 }, 'IFE_') }) {}

/** `[value]`: this one is sent; `[]`: the packet's own. */
export class IfeMeta extends attrs('IFE_META_', {
  skbmark: [1, list(u32)],
  hashid: [2, list(u32)],
  prio: [3, list(u32)],
  qmap: [4, list(u16)],
  tcindex: [5, list(u16)],
}) {}

export class Ife extends attrs('TCA_IFE_', {
  parms: [1, TcIfe],
  tm: [2, TcfT],
  dmac: [3, macAddress],
  smac: [4, macAddress],
  /** EtherType, in host order. */
  type: [5, u16],
  metalst: [6, IfeMeta],
  pad: [7, pad],
}) {}
