/** netdev: queues, NAPI, page pools and memory of network devices. Source: include/uapi/linux/netdev.h, net/core/netdev-genl.c. */
import { attrs, enumeration, genericFamily, multi, pad, s32, u32, u64, uint } from '../../codec/index.ts';

/** Which way packets go. */
export const netdevQueueType = enumeration(u32, { rx: 0, tx: 1 }, 'NETDEV_QUEUE_TYPE_');
/** Whether packets are polled by a thread of their own; `busyPoll`: by one that never rests. */
export const netdevNapiThreaded = enumeration(u32, { disabled: 0, enabled: 1, busyPoll: 2 }, 'NETDEV_NAPI_THREADED_');

/** A device, and what it can of XDP and AF_XDP. */
export class NetdevDevice extends attrs('NETDEV_A_DEV_', {
  ifindex: [1, u32],
  pad: [2, pad],
  /** Bits NETDEV_XDP_ACT_*: 1 basic, 2 redirect, 4 ndo-xmit, 8 xsk-zerocopy, 16 hw-offload, 32 rx-sg, 64 ndo-xmit-sg. */
  xdpFeatures: [3, u64],
  /** Fragments of a packet without copies, at most. */
  xdpZcMaxSegs: [4, u32],
  /** Bits NETDEV_XDP_RX_METADATA_*: 1 timestamp, 2 hash, 4 vlan-tag. */
  xdpRxMetadataFeatures: [5, u64],
  /** Bits NETDEV_XSK_FLAGS_*: 1 tx-timestamp, 2 tx-checksum, 4 tx-launch-time-fifo. */
  xskFeatures: [6, u64],
}) {}

/** Memory that an io_uring gave. */
export class NetdevIoUring extends attrs('NETDEV_A_IO_URING_PROVIDER_INFO_', {
  /** Bytes of a buffer. */
  rxBufLen: [1, uint],
}) {}

/** A pool of pages that a driver receives into. */
export class NetdevPagePool extends attrs('NETDEV_A_PAGE_POOL_', {
  id: [1, uint],
  /** Left out when the device is gone. */
  ifindex: [2, u32],
  napiId: [3, uint],
  /** Pages that are out. */
  inflight: [4, uint],
  /** Their bytes. */
  inflightMem: [5, uint],
  /** Seconds since boot when the driver let go of it; left out while it has it. */
  detachTime: [6, uint],
  dmabuf: [7, u32],
  ioUring: [8, NetdevIoUring],
}) {}

/** Which pool. */
export class NetdevPagePoolRef extends attrs('NETDEV_A_PAGE_POOL_', { id: [1, uint], ifindex: [2, u32] }) {}

/** Where a pool's pages came from and went. */
export class NetdevPagePoolStats extends attrs('NETDEV_A_PAGE_POOL_STATS_', {
  info: [1, NetdevPagePoolRef],
  allocFast: [8, uint],
  allocSlow: [9, uint],
  allocSlowHighOrder: [10, uint],
  allocEmpty: [11, uint],
  allocRefill: [12, uint],
  allocWaive: [13, uint],
  recycleCached: [14, uint],
  recycleCacheFull: [15, uint],
  recycleRing: [16, uint],
  recycleRingFull: [17, uint],
  recycleReleasedRefcnt: [18, uint],
}) {}

/** A context that polls queues. */
export class NetdevNapi extends attrs('NETDEV_A_NAPI_', {
  ifindex: [1, u32],
  id: [2, u32],
  irq: [3, u32],
  /** Its thread, where it has one. */
  pid: [4, u32],
  /** Empty polls before interrupts are let in again. */
  deferHardIrqs: [5, u32],
  /** Nanoseconds. */
  groFlushTimeout: [6, uint],
  /** Nanoseconds. */
  irqSuspendTimeout: [7, uint],
  threaded: [8, netdevNapiThreaded],
}) {}

/** A queue is bound to a socket of AF_XDP: nothing more is said. */
export class NetdevXsk extends attrs('NETDEV_A_XSK_INFO_', {}) {}
/** Which queue of a device. */
export class NetdevQueueRef extends attrs('NETDEV_A_QUEUE_', { id: [1, u32], type: [3, netdevQueueType] }) {}
/** The queue of another device that stands behind one. */
export class NetdevLease extends attrs('NETDEV_A_LEASE_', { ifindex: [1, u32], queue: [2, NetdevQueueRef], netnsId: [3, s32] }) {}

/** A queue. */
export class NetdevQueue extends attrs('NETDEV_A_QUEUE_', {
  id: [1, u32],
  ifindex: [2, u32],
  type: [3, netdevQueueType],
  napiId: [4, u32],
  dmabuf: [5, u32],
  ioUring: [6, NetdevIoUring],
  xsk: [7, NetdevXsk],
  lease: [8, NetdevLease],
}) {}

/** Counters of a device, or of each of its queues. */
export class NetdevQueueStats extends attrs('NETDEV_A_QSTATS_', {
  ifindex: [1, u32],
  queueType: [2, netdevQueueType],
  queueId: [3, u32],
  /** 1: of each queue. */
  scope: [4, uint],
  rxPackets: [8, uint],
  rxBytes: [9, uint],
  txPackets: [10, uint],
  txBytes: [11, uint],
  rxAllocFail: [12, uint],
  rxHwDrops: [13, uint],
  rxHwDropOverruns: [14, uint],
  rxCsumComplete: [15, uint],
  rxCsumUnnecessary: [16, uint],
  rxCsumNone: [17, uint],
  rxCsumBad: [18, uint],
  rxHwGroPackets: [19, uint],
  rxHwGroBytes: [20, uint],
  rxHwGroWirePackets: [21, uint],
  rxHwGroWireBytes: [22, uint],
  rxHwDropRatelimits: [23, uint],
  txHwDrops: [24, uint],
  txHwDropErrors: [25, uint],
  txCsumNone: [26, uint],
  txNeedsCsum: [27, uint],
  txHwGsoPackets: [28, uint],
  txHwGsoBytes: [29, uint],
  txHwGsoWirePackets: [30, uint],
  txHwGsoWireBytes: [31, uint],
  txHwDropRatelimits: [32, uint],
  txStop: [33, uint],
  txWake: [34, uint],
}) {}

/** Memory of another device that queues receive into or send from. */
export class NetdevDmabuf extends attrs('NETDEV_A_DMABUF_', {
  ifindex: [1, u32],
  queues: [2, multi(NetdevQueueRef)],
  fd: [3, u32],
  id: [4, u32],
  /** Bytes. */
  rxPageSize: [5, u32],
}) {}

/** netdev. */
export const netdev = genericFamily('netdev', 1, {
  prefix: 'NETDEV_CMD_',
  commands: {
    devGet: [1, NetdevDevice],
    devAddNtf: [2, NetdevDevice],
    devDelNtf: [3, NetdevDevice],
    devChangeNtf: [4, NetdevDevice],
    pagePoolGet: [5, NetdevPagePool],
    pagePoolAddNtf: [6, NetdevPagePool],
    pagePoolDelNtf: [7, NetdevPagePool],
    pagePoolChangeNtf: [8, NetdevPagePool],
    pagePoolStatsGet: [9, NetdevPagePoolStats],
    queueGet: [10, NetdevQueue],
    napiGet: [11, NetdevNapi],
    qstatsGet: [12, NetdevQueueStats],
    bindRx: [13, NetdevDmabuf],
    napiSet: [14, NetdevNapi],
    bindTx: [15, NetdevDmabuf],
    queueCreate: [16, NetdevQueue],
  },
  groups: { mgmt: 'mgmt', pagePool: 'page-pool' },
});
