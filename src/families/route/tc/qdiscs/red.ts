/** Random early detection. Source: net/sched/sch_red.c, include/net/red.h. */
import { attrs, binary, bitfield32, flags, struct, u32, u8 } from '../../../../codec/index.ts';

export const redFlags = { ecn: 1, harddrop: 2, adaptative: 4, nodrop: 8 } as const;
/** What RED and its relatives compute with. */
export const redParms = <const T extends string>(type: T) => struct(type, {
  /** Most bytes that wait. */
  limit: u32,
  /** Bytes of average length at which dropping begins, and from which all is dropped. */
  qthMin: u32, qthMax: u32,
  /** log2 of the weight of a packet in the average, of the probability a byte, of the idle time a cell. */
  Wlog: u8, Plog: u8, ScellLog: u8,
  flags: flags(u8, redFlags, 'TC_RED_'),
});
export class RedParms extends redParms('tc_red_qopt') {}
export class Red extends attrs('TCA_RED_', {
  parms: [1, RedParms],
  /** How the average decays while idle, 256 bytes. */
  stab: [2, binary],
  /** Largest probability, in parts of 2^32. */
  maxP: [3, u32, 'TCA_RED_MAX_P'],
  flags: [4, bitfield32(redFlags, 'TC_RED_')],
  /** Block of filters that see what is dropped early. */
  earlyDropBlock: [5, u32],
  /** Block of filters that see what is marked. */
  markBlock: [6, u32],
}) {}
/** Packets dropped early, for want of room, otherwise; marked. */
export class RedXstats extends struct('tc_red_xstats', { early: u32, pdrop: u32, other: u32, marked: u32 }) {}
