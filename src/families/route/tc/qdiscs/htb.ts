/** Hierarchical token buckets: classes with a rate of their own that borrow from their parent. Source: net/sched/sch_htb.c. */
import { attrs, flag, list, pad, s32, struct, u32, u64 } from '../../../../codec/index.ts';
import { TcRatespec } from '../stats.ts';

export class HtbGlob extends struct('tc_htb_glob', {
  /** 3; reports have 0x30011. */
  version: u32,
  /** A class's quantum is its rate divided by this. */
  rate2quantum: u32,
  /** Minor number of the class for what no filter takes. */
  defcls: u32,
  debug: u32,
  /** Packets that went past all classes. */
  directPkts: u32,
}) {}
export class Htb extends attrs('TCA_HTB_', {
  init: [2, HtbGlob],
  /** Packets that wait for no class. */
  directQlen: [5, u32],
  pad: [8, pad],
  offload: [9, flag],
}) {}

export class HtbParms extends struct('tc_htb_opt', {
  rate: TcRatespec,
  /** With what it borrows. */
  ceil: TcRatespec,
  /** Size of the bucket, as the time in ticks of 64 ns that it takes at `rate`. */
  buffer: u32,
  /** The same at `ceil`. */
  cbuffer: u32,
  /** Bytes sent before the next class of the priority has its turn; 0: by `rate2quantum`. */
  quantum: u32,
  /** Reported: 0 of a leaf. */
  level: u32,
  prio: u32,
}) {}
export class HtbClass extends attrs('TCA_HTB_', {
  parms: [1, HtbParms],
  /** Ticks that packets take by cell of their size, 256 numbers, at `ceil`. Kernels since 3.10 check them and compute. */
  ctab: [3, list(u32)],
  rtab: [4, list(u32)],
  /** Bytes a second, where 32 bits are too few. */
  rate64: [6, u64],
  ceil64: [7, u64],
  pad: [8, pad],
  offload: [9, flag],
}) {}
/** `tokens` and `ctokens`: what is in the buckets, in ticks of 64 ns. */
export class HtbXstats extends struct('tc_htb_xstats', { lends: u32, borrows: u32, giants: u32, tokens: s32, ctokens: s32 }) {}
