/** Common applications kept enhanced: a shaper with fair queues, of one device queue or, `cake_mq`, of all. Source: net/sched/sch_cake.c. */
import { attrs, enumeration, indexed, pad, s32, u32, u64 } from '../../../../codec/index.ts';

export class Cake extends attrs('TCA_CAKE_', {
  pad: [1, pad],
  /** Bytes a second; 0: any. */
  baseRate64: [2, u64],
  diffservMode: [3, enumeration(u32, { diffserv3: 0, diffserv4: 1, diffserv8: 2, besteffort: 3, precedence: 4 }, 'CAKE_DIFFSERV_')],
  /** What frames a packet is cut into. */
  atm: [4, enumeration(u32, { none: 0, atm: 1, ptm: 2 }, 'CAKE_ATM_')],
  flowMode: [5, enumeration(u32, { none: 0, srcIp: 1, dstIp: 2, hosts: 3, flows: 4, dualSrc: 5, dualDst: 6, triple: 7 }, 'CAKE_FLOW_')],
  /** Bytes on the wire beside the packet's: -64 to 256. */
  overhead: [6, s32],
  /** Microseconds. */
  rtt: [7, u32],
  target: [8, u32],
  /** 1: the rate follows what comes in. */
  autorate: [9, u32],
  /** Bytes. */
  memory: [10, u32],
  /** 1: hosts are told apart behind NAT. */
  nat: [11, u32],
  /** No overhead at all is added; 0. */
  raw: [12, u32],
  /** 1: DS fields are cleared. */
  wash: [13, u32],
  /** Bytes that a packet takes at least. */
  mpu: [14, u32],
  /** 1: dropped packets count. */
  ingress: [15, u32],
  ackFilter: [16, enumeration(u32, { none: 0, filter: 1, aggressive: 2 }, 'CAKE_ACK_')],
  /** 1: large packets are split. */
  splitGso: [17, u32],
  /** Bits of the mark that name the tin. */
  fwmark: [18, u32],
}) {}

/** One class of traffic. */
export class CakeTinStats extends attrs('TCA_CAKE_TIN_STATS_', {
  pad: [1, pad],
  sentPackets: [2, u32],
  sentBytes64: [3, u64],
  droppedPackets: [4, u32],
  droppedBytes64: [5, u64],
  acksDroppedPackets: [6, u32],
  acksDroppedBytes64: [7, u64],
  ecnMarkedPackets: [8, u32],
  ecnMarkedBytes64: [9, u64],
  backlogPackets: [10, u32],
  backlogBytes: [11, u32],
  /** Bytes a second. */
  thresholdRate64: [12, u64],
  targetUs: [13, u32],
  intervalUs: [14, u32],
  wayIndirectHits: [15, u32],
  wayMisses: [16, u32],
  wayCollisions: [17, u32],
  peakDelayUs: [18, u32],
  avgDelayUs: [19, u32],
  baseDelayUs: [20, u32],
  sparseFlows: [21, u32],
  bulkFlows: [22, u32],
  unresponsiveFlows: [23, u32],
  maxSkblen: [24, u32],
  flowQuantum: [25, u32],
}) {}
export class CakeStats extends attrs('TCA_CAKE_STATS_', {
  pad: [1, pad],
  /** Bytes a second. */
  capacityEstimate64: [2, u64],
  memoryLimit: [3, u32],
  memoryUsed: [4, u32],
  avgNetoff: [5, u32],
  minNetlen: [6, u32],
  maxNetlen: [7, u32],
  minAdjlen: [8, u32],
  maxAdjlen: [9, u32],
  tinStats: [10, indexed(CakeTinStats)],
  deficit: [11, s32],
  cobaltCount: [12, u32],
  dropping: [13, u32],
  dropNextUs: [14, s32],
  pDrop: [15, u32],
  blueTimerUs: [16, s32],
  activeQueues: [17, u32],
}) {}
