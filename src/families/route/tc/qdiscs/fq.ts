/** Fair queueing with pacing. Source: net/sched/sch_fq.c. */
import { array, attrs, list, s32, s64, struct, u32, u64, u8 } from '../../../../codec/index.ts';
import { Prio } from './prio.ts';

export class Fq extends attrs('TCA_FQ_', {
  /** Most packets that wait: in all, of a flow. */
  plimit: [1, u32],
  flowPlimit: [2, u32],
  /** Bytes a round; of a flow's first. */
  quantum: [3, u32],
  initialQuantum: [4, u32],
  /** 1: flows are paced. */
  rateEnable: [5, u32],
  /** No longer read. */
  flowDefaultRate: [6, u32],
  /** Bytes a second of a flow; 0xffffffff: any. */
  flowMaxRate: [7, u32],
  /** log2 of the number of buckets. */
  bucketsLog: [8, u32],
  /** Microseconds of rest after which a flow is new. */
  flowRefillDelay: [9, u32],
  /** Flows of packets without a socket are told apart by so many bits. */
  orphanMask: [10, u32],
  /** Bytes a second up to which packets go alone. */
  lowRateThreshold: [11, u32],
  /** Microseconds from which packets are marked. */
  ceThreshold: [12, u32],
  /** Nanoseconds. */
  timerSlack: [13, u32],
  /** Microseconds ahead that packets may be timed. */
  horizon: [14, u32],
  /** 1: packets beyond are dropped; 0: they go at the horizon. */
  horizonDrop: [15, u8],
  /** Priority of a packet -> one of three bands. */
  priomap: [16, Prio],
  /** Bytes a round of each band. */
  weights: [17, list(s32)],
  /** Microseconds ahead that packets may be left to the device. */
  offloadHorizon: [18, u32],
}) {}
export class FqQdStats extends struct('tc_fq_qd_stats', {
  gcFlows: u64, highprioPackets: u64, tcpRetrans: u64, throttled: u64, flowsPlimit: u64, pktsTooLong: u64, allocationErrors: u64,
  /** Nanoseconds. */
  timeNextDelayedFlow: s64,
  flows: u32, inactiveFlows: u32, throttledFlows: u32, unthrottleLatencyNs: u32,
  ceMark: u64, horizonDrops: u64, horizonCaps: u64, fastpathPackets: u64,
  bandDrops: array(u64, 3), bandPktCount: array(u32, 3), _pad: u32,
}) {}
