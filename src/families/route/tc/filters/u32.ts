/** Packets by four bytes at a time, and tables of filters by them. Source: net/sched/cls_u32.c, numbers: include/uapi/linux/pkt_cls.h. */
import { attrs, be16, be32, flags, indexed, list, pad, s16, s32, string, struct, tail, u16, u32, u64, u8 } from '../../../../codec/index.ts';
import { tcAction } from '../action.ts';
import { Police } from '../actions/police.ts';
import { clsFlags } from './common.ts';

/** The four bytes at `off` are `val` in the bits of `mask`. */
export class TcU32Key extends struct('tc_u32_key', {
  mask: be32,
  val: be32,
  /** Bytes from where the packet's next header begins; a multiple of four. */
  off: s32,
  /** -1: the offset that was found before is added. */
  offmask: s32,
}) {}
export class TcU32SelHdr extends struct('tc_u32_sel_hdr', {
  flags: flags(u8, { terminal: 1, offset: 2, varoffset: 4, eat: 8 }, 'TC_U32_'),
  offshift: u8,
  nkeys: u8,
  /** With `varoffset`, the next header begins `(two bytes at offoff & offmask) >> offshift` bytes further. */
  offmask: be16,
  /** Bytes to the next header, beside those. */
  off: u16,
  offoff: s16,
  /** The bucket of the next table is the four bytes at `hoff` in the bits of `hmask`. */
  hoff: s16,
  hmask: be32,
}) {}
export class TcU32Mark extends struct('tc_u32_mark', { val: u32, mask: u32, success: u32 }) {}

export class U32 extends attrs('TCA_U32_', {
  /** Handle of the class that packets go to. */
  classid: [1, u32],
  /** Handle of the table that the filter is in: 12 bits of table, 8 of bucket, 12 of filter. */
  hash: [2, u32],
  /** Handle of the table to go on in. */
  link: [3, u32],
  /** The filter is a table of so many buckets, a power of two up to 256. */
  divisor: [4, u32],
  sel: [5, tail(TcU32SelHdr, 'keys', list(TcU32Key))],
  police: [6, Police],
  act: [7, indexed(tcAction)],
  indev: [8, string],
  /** How often the filter was tried, and matched; `kcnts`, of each key. */
  pcnt: [9, tail(struct('tc_u32_pcnt', { rcnt: u64, rhit: u64 }), 'kcnts', list(u64))],
  mark: [10, TcU32Mark],
  flags: [11, clsFlags],
  pad: [12, pad],
}) {}
