/** Stochastic fairness queueing. Source: net/sched/sch_sfq.c. */
import { flags, s32, struct, u32, u8 } from '../../../../codec/index.ts';
import { redFlags } from './red.ts';

export class SfqQopt extends struct('tc_sfq_qopt', {
  /** Bytes a round. */
  quantum: u32,
  /** Seconds after which flows are hashed anew; 0: never. */
  perturbPeriod: s32,
  /** Most packets that wait. */
  limit: u32,
  /** Size of the hash table. */
  divisor: u32,
  flows: u32,
}) {}
export class SfqredStats extends struct('tc_sfqred_stats', { probDrop: u32, forcedDrop: u32, probMark: u32, forcedMark: u32, probMarkHead: u32, forcedMarkHead: u32 }) {}
/** The first struct alone is accepted, too. */
export class Sfq extends struct('tc_sfq_qopt_v1', {
  v0: SfqQopt,
  /** Most packets of a flow. */
  depth: u32,
  /** 1: the oldest packet of a flow is dropped. */
  headdrop: u32,
  /** RED within each flow, bytes; all zero: none. */
  limit: u32, qthMin: u32, qthMax: u32, Wlog: u8, Plog: u8, ScellLog: u8,
  flags: flags(u8, redFlags, 'TC_RED_'),
  /** Largest probability, in parts of 2^32. */
  maxP: u32,
  stats: SfqredStats,
}) {}
/** Of a flow: bytes it may still send this round. */
export class SfqXstats extends struct('tc_sfq_xstats', { allot: s32 }) {}
