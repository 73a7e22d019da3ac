/** Classes by what packets of a flow have in common: a number, or a hash of several. Source: net/sched/cls_flow.c, numbers: include/uapi/linux/pkt_cls.h. */
import { attrs, enumeration, flags, indexed, u32 } from '../../../../codec/index.ts';
import { tcAction } from '../action.ts';
import { Police } from '../actions/police.ts';
import { EmatchTree } from './ematch.ts';

/** Bits by FLOW_KEY_*. */
const keys = flags(u32, {
  src: 1, dst: 2, proto: 4, protoSrc: 8, protoDst: 0x10, iif: 0x20, priority: 0x40, mark: 0x80, nfct: 0x100, nfctSrc: 0x200, nfctDst: 0x400,
  nfctProtoSrc: 0x800, nfctProtoDst: 0x1000, rtclassid: 0x2000, skuid: 0x4000, skgid: 0x8000, vlanTag: 0x10000, rxhash: 0x20000,
});

export class Flow extends attrs('TCA_FLOW_', {
  keys: [1, keys],
  mode: [2, enumeration(u32, { map: 0, hash: 1 }, 'FLOW_MODE_')],
  /** Handle of the class that 0 means. */
  baseclass: [3, u32],
  /** A mapped key becomes `(((key & mask) ^ xor) >> rshift) + addend`. */
  rshift: [4, u32],
  addend: [5, u32],
  mask: [6, u32],
  xor: [7, u32],
  /** The rest of the division by it is the class. */
  divisor: [8, u32],
  act: [9, indexed(tcAction)],
  police: [10, Police],
  ematches: [11, EmatchTree],
  /** Seconds between changes of the hash. */
  perturb: [12, u32],
}) {}
