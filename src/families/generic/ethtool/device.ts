/** A link's switches, queues and rings. Source: include/uapi/linux/ethtool_netlink.h, net/ethtool/features.c, privflags.c, rings.c, channels.c, coalesce.c, pause.c. */
import { attrs, enumeration, multi, pad, u32, u64, u8 } from '../../../codec/index.ts';
import { EthtoolBitset, EthtoolHeader } from './bitset.ts';

/** Offloads: bits of the string set `features`. */
export class EthtoolFeatures extends attrs('ETHTOOL_A_FEATURES_', {
  header: [1, EthtoolHeader],
  /** Those that can be changed. */
  hw: [2, EthtoolBitset],
  /** Those that were asked for. In the answer to a change: what was asked for and is not so, under the mask of such. */
  wanted: [3, EthtoolBitset],
  /** Those that are on. In the answer to a change: what has changed. */
  active: [4, EthtoolBitset],
  /** Those that never change. */
  nochange: [5, EthtoolBitset],
}) {}

/** A driver's own switches. */
export class EthtoolPrivFlags extends attrs('ETHTOOL_A_PRIVFLAGS_', { header: [1, EthtoolHeader], flags: [2, EthtoolBitset] }) {}

/** Whether headers and payload of TCP go into buffers of their own. */
export const ethtoolDataSplit = enumeration(u8, { unknown: 0, disabled: 1, enabled: 2 }, 'ETHTOOL_TCP_DATA_SPLIT_');

/** Sizes of rings, in descriptors. */
export class EthtoolRings extends attrs('ETHTOOL_A_RINGS_', {
  header: [1, EthtoolHeader],
  rxMax: [2, u32],
  rxMiniMax: [3, u32],
  rxJumboMax: [4, u32],
  txMax: [5, u32],
  rx: [6, u32],
  rxMini: [7, u32],
  rxJumbo: [8, u32],
  tx: [9, u32],
  /** Bytes. */
  rxBufLen: [10, u32],
  tcpDataSplit: [11, ethtoolDataSplit],
  /** Bytes of a completion. */
  cqeSize: [12, u32],
  /** 0 or 1: whether descriptors are written into the device. */
  txPush: [13, u8],
  rxPush: [14, u8],
  /** Bytes of a packet that are. */
  txPushBufLen: [15, u32],
  txPushBufLenMax: [16, u32],
  /** Bytes from which on a packet is split into header and payload. */
  hdsThresh: [17, u32],
  hdsThreshMax: [18, u32],
}) {}

/** Numbers of queues. */
export class EthtoolChannels extends attrs('ETHTOOL_A_CHANNELS_', {
  header: [1, EthtoolHeader],
  rxMax: [2, u32],
  txMax: [3, u32],
  otherMax: [4, u32],
  combinedMax: [5, u32],
  rxCount: [6, u32],
  txCount: [7, u32],
  otherCount: [8, u32],
  combinedCount: [9, u32],
}) {}

/** When to interrupt, at one level of a profile. */
export class EthtoolIrqModeration extends attrs('ETHTOOL_A_IRQ_MODERATION_', { usec: [1, u32], pkts: [2, u32], comps: [3, u32] }) {}
/** Levels between which a link moves by itself. */
export class EthtoolProfile extends attrs('ETHTOOL_A_PROFILE_', { irqModeration: [1, multi(EthtoolIrqModeration)] }) {}

/** After how many microseconds or packets to interrupt. What a device cannot is left out. */
export class EthtoolCoalesce extends attrs('ETHTOOL_A_COALESCE_', {
  header: [1, EthtoolHeader],
  rxUsecs: [2, u32],
  rxMaxFrames: [3, u32],
  rxUsecsIrq: [4, u32],
  rxMaxFramesIrq: [5, u32],
  txUsecs: [6, u32],
  txMaxFrames: [7, u32],
  txUsecsIrq: [8, u32],
  txMaxFramesIrq: [9, u32],
  statsBlockUsecs: [10, u32],
  useAdaptiveRx: [11, u8],
  useAdaptiveTx: [12, u8],
  /** Packets a second below which the low values hold. */
  pktRateLow: [13, u32],
  rxUsecsLow: [14, u32],
  rxMaxFramesLow: [15, u32],
  txUsecsLow: [16, u32],
  txMaxFramesLow: [17, u32],
  pktRateHigh: [18, u32],
  rxUsecsHigh: [19, u32],
  rxMaxFramesHigh: [20, u32],
  txUsecsHigh: [21, u32],
  txMaxFramesHigh: [22, u32],
  /** Seconds. */
  rateSampleInterval: [23, u32],
  useCqeModeTx: [24, u8],
  useCqeModeRx: [25, u8],
  txAggrMaxBytes: [26, u32],
  txAggrMaxFrames: [27, u32],
  txAggrTimeUsecs: [28, u32],
  rxProfile: [29, EthtoolProfile],
  txProfile: [30, EthtoolProfile],
  rxCqeFrames: [31, u32],
  rxCqeNsecs: [32, u32],
}) {}

/** Which of a port's two MACs counted (IEEE 802.3br). */
export const ethtoolStatsSource = enumeration(u32, { aggregate: 0, emac: 1, pmac: 2 }, 'ETHTOOL_MAC_STATS_SRC_');
/** Pause frames that were sent and received. */
export class EthtoolPauseStat extends attrs('ETHTOOL_A_PAUSE_STAT_', { pad: [1, pad], txFrames: [2, u64], rxFrames: [3, u64], txPauseStormEvents: [4, u64] }) {}
/** Flow control by pause frames (IEEE 802.3x). */
export class EthtoolPause extends attrs('ETHTOOL_A_PAUSE_', {
  header: [1, EthtoolHeader],
  autoneg: [2, u8],
  rx: [3, u8],
  tx: [4, u8],
  stats: [5, EthtoolPauseStat],
  statsSrc: [6, ethtoolStatsSource],
}) {}
