/** Neighbour tables and their timers, `ip ntable`. Source: include/uapi/linux/neighbour.h, net/core/neighbour.c. */
import { attrs, message, pad, string, struct, u16, u32, u64, u8 } from '../../codec/index.ts';
import { family } from './family.ts';

export class Ndtmsg extends struct('ndtmsg', { family, _pad1: u8, _pad2: u16 }) {}

/** Lengths are bytes, `lastFlush` and `lastRand` milliseconds ago. */
export class NdtConfig extends struct('ndt_config', {
  keyLen: u16, entrySize: u16, entries: u32, lastFlush: u32, lastRand: u32, hashRnd: u32, hashMask: u32, hashChainGc: u32, proxyQlen: u32,
}) {}

export class NdtStats extends struct('ndt_stats', {
  allocs: u64, destroys: u64, hashGrows: u64, resFailed: u64, lookups: u64, hits: u64, rcvProbesMcast: u64, rcvProbesUcast: u64,
  periodicGcRuns: u64, forcedGcRuns: u64, tableFulls: u64,
}) {}

/** Times are milliseconds. */
export class NeightblParms extends attrs('NDTPA_', {
  /** 0 or absent: the defaults of the table. */
  ifindex: [1, u32],
  refcnt: [2, u32],
  /** The base time as randomised now. */
  reachableTime: [3, u64],
  baseReachableTime: [4, u64],
  retransTime: [5, u64],
  gcStaletime: [6, u64],
  delayProbeTime: [7, u64],
  /** Packets kept while an address is looked up. */
  queueLen: [8, u32],
  appProbes: [9, u32],
  ucastProbes: [10, u32],
  mcastProbes: [11, u32],
  anycastDelay: [12, u64],
  proxyDelay: [13, u64],
  proxyQlen: [14, u32],
  locktime: [15, u64],
  /** `queueLen` in bytes. */
  queueLenbytes: [16, u32],
  mcastReprobes: [17, u32],
  pad: [18, pad],
  intervalProbeTimeMs: [19, u64],
}) {}

export class NeightblAttrs extends attrs('NDTA_', {
  /** "arp_cache", "ndisc_cache". */
  name: [1, string],
  /** Entries below which nothing is collected. */
  thresh1: [2, u32],
  thresh2: [3, u32],
  /** Most entries the table may have. */
  thresh3: [4, u32],
  config: [5, NdtConfig],
  parms: [6, NeightblParms],
  stats: [7, NdtStats],
  /** Milliseconds. */
  gcInterval: [8, u64],
  pad: [9, pad],
}) {}

export class Neightbl extends message('neightbl', Ndtmsg, NeightblAttrs) {}
