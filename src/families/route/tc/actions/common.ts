/** What all actions have in common. Source: include/uapi/linux/pkt_cls.h. */
import { enumeration, s32, struct, u32, u64 } from '../../../../codec/index.ts';

/**
 * What becomes of a packet. Two more carry a number in their lower 28 bits: 0x10000000, leave out so many actions; 0x20000000, go on
 * in the chain of that number.
 */
export const verdict = enumeration(s32, { unspec: -1, ok: 0, reclassify: 1, shot: 2, pipe: 3, stolen: 4, queued: 5, repeat: 6, redirect: 7, trap: 8 }, 'TC_ACT_');

/** `tc_gen`: what the parameters of every action begin with. */
export const gen = {
  /** Number among the actions of its kind; 0 in a request: the kernel chooses. */
  index: u32,
  capab: u32,
  /** What becomes of the packet next. */
  action: verdict,
  /** Only told. */
  refcnt: s32,
  /** How many filters use it. Only told. */
  bindcnt: s32,
} as const;

/** Times in hundredths of a second, counted back from now; `expires` is 0. */
export class TcfT extends struct('tcf_t', { install: u64, lastuse: u64, expires: u64, firstuse: u64 }) {}
