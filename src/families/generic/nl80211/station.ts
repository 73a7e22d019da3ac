/** Stations, mesh paths, surveys: what was measured. Source: include/uapi/linux/nl80211.h, net/wireless/nl80211.c. */
import { attrs, flag, flags, keyed, pad, s64, s8, struct, u16, u32, u64, u8 } from '../../../codec/index.ts';
import { nl80211EhtGi, nl80211EhtRu, nl80211HeGi, nl80211HeRu, nl80211MeshPower, nl80211PlinkState, nl80211StationFlags } from './values.ts';

/** A rate, and how it comes about. */
export class Nl80211Rate extends attrs('NL80211_RATE_INFO_', {
  /** 100 kbit/s. */
  bitrate: [1, u16],
  mcs: [2, u8],
  width40: [3, flag, 'NL80211_RATE_INFO_40_MHZ_WIDTH'],
  shortGi: [4, flag],
  /** 100 kbit/s. */
  bitrate32: [5, u32],
  vhtMcs: [6, u8],
  vhtNss: [7, u8],
  width80: [8, flag, 'NL80211_RATE_INFO_80_MHZ_WIDTH'],
  width80p80: [9, flag, 'NL80211_RATE_INFO_80P80_MHZ_WIDTH'],
  width160: [10, flag, 'NL80211_RATE_INFO_160_MHZ_WIDTH'],
  width10: [11, flag, 'NL80211_RATE_INFO_10_MHZ_WIDTH'],
  width5: [12, flag, 'NL80211_RATE_INFO_5_MHZ_WIDTH'],
  heMcs: [13, u8],
  heNss: [14, u8],
  heGi: [15, nl80211HeGi],
  heDcm: [16, u8],
  heRuAlloc: [17, nl80211HeRu],
  width320: [18, flag, 'NL80211_RATE_INFO_320_MHZ_WIDTH'],
  ehtMcs: [19, u8],
  ehtNss: [20, u8],
  ehtGi: [21, nl80211EhtGi],
  ehtRuAlloc: [22, nl80211EhtRu],
  s1gMcs: [23, u8],
  s1gNss: [24, u8],
  width1: [25, flag, 'NL80211_RATE_INFO_1_MHZ_WIDTH'],
  width2: [26, flag, 'NL80211_RATE_INFO_2_MHZ_WIDTH'],
  width4: [27, flag, 'NL80211_RATE_INFO_4_MHZ_WIDTH'],
  width8: [28, flag, 'NL80211_RATE_INFO_8_MHZ_WIDTH'],
  width16: [29, flag, 'NL80211_RATE_INFO_16_MHZ_WIDTH'],
  uhrMcs: [30, u8],
  uhrElr: [31, flag],
  uhrIm: [32, flag],
}) {}

/** What a network asks of its stations. */
export class Nl80211BssParameters extends attrs('NL80211_STA_BSS_PARAM_', {
  ctsProt: [1, flag],
  shortPreamble: [2, flag],
  shortSlotTime: [3, flag],
  dtimPeriod: [4, u8],
  /** 1.024 milliseconds. */
  beaconInterval: [5, u16],
}) {}

/** Packets that wait to be sent. */
export class Nl80211QueueStats extends attrs('NL80211_TXQ_STATS_', {
  backlogBytes: [1, u32],
  backlogPackets: [2, u32],
  flows: [3, u32],
  drops: [4, u32],
  ecnMarks: [5, u32],
  overlimit: [6, u32],
  overmemory: [7, u32],
  collisions: [8, u32],
  txBytes: [9, u32],
  txPackets: [10, u32],
  maxFlows: [11, u32],
}) {}

/** Packets of one traffic identifier. */
export class Nl80211TidStats extends attrs('NL80211_TID_STATS_', {
  rxMsdu: [1, u64],
  txMsdu: [2, u64],
  txMsduRetries: [3, u64],
  txMsduFailed: [4, u64],
  pad: [5, pad],
  txqStats: [6, Nl80211QueueStats],
}) {}

/** Which flags are told, and which of them are set. */
export class Nl80211StationFlagUpdate extends struct('nl80211_sta_flag_update', { mask: nl80211StationFlags, set: nl80211StationFlags }) {}

/** A station. */
export class Nl80211StationInfo extends attrs('NL80211_STA_INFO_', {
  /** Milliseconds. */
  inactiveTime: [1, u32],
  rxBytes: [2, u32],
  txBytes: [3, u32],
  llid: [4, u16],
  plid: [5, u16],
  plinkState: [6, nl80211PlinkState],
  /** dBm. */
  signal: [7, s8],
  txBitrate: [8, Nl80211Rate],
  rxPackets: [9, u32],
  txPackets: [10, u32],
  txRetries: [11, u32],
  txFailed: [12, u32],
  signalAvg: [13, s8],
  rxBitrate: [14, Nl80211Rate],
  bssParam: [15, Nl80211BssParameters],
  /** Seconds. */
  connectedTime: [16, u32],
  staFlags: [17, Nl80211StationFlagUpdate],
  beaconLoss: [18, u32],
  tOffset: [19, s64],
  localPm: [20, nl80211MeshPower],
  peerPm: [21, nl80211MeshPower],
  nonpeerPm: [22, nl80211MeshPower],
  rxBytes64: [23, u64],
  txBytes64: [24, u64],
  /** dBm, by antenna. */
  chainSignal: [25, keyed(s8)],
  chainSignalAvg: [26, keyed(s8)],
  /** kbit/s. */
  expectedThroughput: [27, u32],
  rxDropMisc: [28, u64],
  beaconRx: [29, u64],
  beaconSignalAvg: [30, s8],
  /** By traffic identifier, plus 1. */
  tidStats: [31, keyed(Nl80211TidStats)],
  /** Microseconds. */
  rxDuration: [32, u64],
  pad: [33, pad],
  ackSignal: [34, s8],
  ackSignalAvg: [35, s8],
  rxMpdus: [36, u32],
  fcsErrorCount: [37, u32],
  connectedToGate: [38, u8],
  /** Microseconds. */
  txDuration: [39, u64],
  airtimeWeight: [40, u16],
  airtimeLinkMetric: [41, u32],
  /** Nanoseconds since boot. */
  assocAtBoottime: [42, u64],
  connectedToAs: [43, u8],
}) {}

/** What is known of a path. */
export const nl80211MeshPathFlags = flags(u8, { active: 1, resolving: 2, snValid: 4, fixed: 8, resolved: 0x10 }, 'NL80211_MPATH_FLAG_');

/** A path through the mesh. */
export class Nl80211MeshPath extends attrs('NL80211_MPATH_INFO_', {
  frameQlen: [1, u32],
  sn: [2, u32],
  metric: [3, u32],
  /** Milliseconds. */
  exptime: [4, u32],
  flags: [5, nl80211MeshPathFlags],
  /** Milliseconds. */
  discoveryTimeout: [6, u32],
  discoveryRetries: [7, u8],
  hopCount: [8, u8],
  pathChange: [9, u32],
}) {}

/** How busy a channel is. Times are milliseconds. */
export class Nl80211Survey extends attrs('NL80211_SURVEY_INFO_', {
  /** MHz. */
  frequency: [1, u32],
  /** dBm. */
  noise: [2, s8],
  inUse: [3, flag],
  time: [4, u64],
  timeBusy: [5, u64],
  timeExtBusy: [6, u64],
  timeRx: [7, u64],
  timeTx: [8, u64],
  timeScan: [9, u64],
  pad: [10, pad],
  timeBssRx: [11, u64],
  /** kHz beside it. */
  frequencyOffset: [12, u32],
}) {}
