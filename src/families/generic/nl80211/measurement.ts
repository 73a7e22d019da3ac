/** Distances to peers. Source: include/uapi/linux/nl80211.h, net/wireless/nl80211.c. */
import { attrs, binary, enumeration, flag, indexed, macAddress, pad, s32, s64, u16, u32, u64, u8 } from '../../../codec/index.ts';
import { Nl80211Rate } from './station.ts';
import { nl80211ChannelType, nl80211ChannelWidth, nl80211Preamble } from './values.ts';

/** With whom. */
export class Nl80211FtmTypes extends attrs('NL80211_PMSR_FTM_TYPE_CAPA_ATTR_', { infraSupport: [1, flag], pdSupport: [2, flag] }) {}
/** How, in one role. */
export class Nl80211FtmRole extends attrs('NL80211_PMSR_FTM_CAPA_ATTR_', { supportNtb: [21, flag], supportTb: [22, flag], supportEdca: [23, flag] }) {}

/** What a device can measure. */
export class Nl80211FtmCapabilities extends attrs('NL80211_PMSR_FTM_CAPA_ATTR_', {
  asap: [1, flag],
  nonAsap: [2, flag],
  reqLci: [3, flag],
  reqCivicloc: [4, flag],
  preambles: [5, u32],
  bandwidths: [6, u32],
  maxBurstsExponent: [7, u32],
  maxFtmsPerBurst: [8, u32],
  triggerBased: [9, flag],
  nonTriggerBased: [10, flag],
  support6ghz: [11, flag, 'NL80211_PMSR_FTM_CAPA_ATTR_6GHZ_SUPPORT'],
  maxTxLtfRep: [12, u32],
  maxRxLtfRep: [13, u32],
  maxTxSts: [14, u32],
  maxRxSts: [15, u32],
  maxTotalLtfTx: [16, u32],
  maxTotalLtfRx: [17, u32],
  rstaSupport: [18, flag],
  istaCaps: [19, Nl80211FtmRole],
  rstaCaps: [20, Nl80211FtmRole],
  typeCaps: [24, Nl80211FtmTypes],
  concurrentIstaRstaSupport: [25, flag],
  maxNumTxAntennas: [26, u32],
  maxNumRxAntennas: [27, u32],
  minIntervalEdca: [28, u32],
  minIntervalNtb: [29, u32],
  pdPreambles: [30, u32],
  pdBandwidths: [31, u32],
}) {}

/** How to measure. */
export class Nl80211FtmRequest extends attrs('NL80211_PMSR_FTM_REQ_ATTR_', {
  asap: [1, flag],
  preamble: [2, nl80211Preamble],
  numBurstsExp: [3, u8],
  burstPeriod: [4, u16],
  burstDuration: [5, u8],
  ftmsPerBurst: [6, u8],
  numFtmrRetries: [7, u8],
  requestLci: [8, flag],
  requestCivicloc: [9, flag],
  triggerBased: [10, flag],
  nonTriggerBased: [11, flag],
  lmrFeedback: [12, flag],
  bssColor: [13, u8],
  rsta: [14, flag],
  minTimeBetweenMeasurements: [15, u32],
  maxTimeBetweenMeasurements: [16, u32],
  nominalTime: [17, u32],
  awDuration: [18, u32],
  numMeasurements: [19, u32],
  pad: [20, pad],
  ingress: [21, u64],
  egress: [22, u64],
  pdSuppressResults: [23, flag],
}) {}

/** Why nothing was measured. */
export const nl80211FtmFailure = enumeration(u32, {
  unspecified: 0, noResponse: 1, rejected: 2, wrongChannel: 3, peerNotCapable: 4, invalidTimestamp: 5, peerBusy: 6, badChangedParams: 7,
}, 'NL80211_PMSR_FTM_FAILURE_');

/** What was measured. Times are picoseconds, distances millimetres. */
export class Nl80211FtmResult extends attrs('NL80211_PMSR_FTM_RESP_ATTR_', {
  failReason: [1, nl80211FtmFailure],
  burstIndex: [2, u32],
  numFtmrAttempts: [3, u32],
  numFtmrSuccesses: [4, u32],
  busyRetryTime: [5, u32],
  numBurstsExp: [6, u8],
  burstDuration: [7, u8],
  ftmsPerBurst: [8, u8],
  rssiAvg: [9, s32],
  rssiSpread: [10, s32],
  txRate: [11, Nl80211Rate],
  rxRate: [12, Nl80211Rate],
  rttAvg: [13, s64],
  rttVariance: [14, u64],
  rttSpread: [15, u64],
  distAvg: [16, s64],
  distVariance: [17, u64],
  distSpread: [18, u64],
  lci: [19, binary],
  civicloc: [20, binary],
  pad: [21, pad],
  burstPeriod: [22, u16],
  txLtfRepetitionCount: [23, u32],
  rxLtfRepetitionCount: [24, u32],
  maxTimeBetweenMeasurements: [25, u32],
  minTimeBetweenMeasurements: [26, u32],
  numTxSpatialStreams: [27, u32],
  numRxSpatialStreams: [28, u32],
  nominalTime: [29, u32],
  availabilityWindow: [30, u32],
  channelWidth: [31, nl80211ChannelWidth],
  preamble: [32, nl80211Preamble],
  isDelayedLmr: [33, flag],
}) {}

/** By the kind of measurement, of which there is one. */
export class Nl80211MeasureCapabilities extends attrs('NL80211_PMSR_TYPE_', { ftm: [1, Nl80211FtmCapabilities] }) {}
/** By the kind of measurement. */
export class Nl80211MeasureRequests extends attrs('NL80211_PMSR_TYPE_', { ftm: [1, Nl80211FtmRequest] }) {}
/** By the kind of measurement. */
export class Nl80211MeasureResults extends attrs('NL80211_PMSR_TYPE_', { ftm: [1, Nl80211FtmResult] }) {}

/** How a measurement ended. */
export const nl80211MeasureStatus = enumeration(u32, { success: 0, refused: 1, timeout: 2, failure: 3 }, 'NL80211_PMSR_STATUS_');
/** What to measure. */
export class Nl80211Ask extends attrs('NL80211_PMSR_REQ_ATTR_', { data: [1, Nl80211MeasureRequests], getApTsf: [2, flag] }) {}

/** What was measured. */
export class Nl80211Measured extends attrs('NL80211_PMSR_RESP_ATTR_', {
  data: [1, Nl80211MeasureResults],
  status: [2, nl80211MeasureStatus],
  /** Nanoseconds since boot. */
  hostTime: [3, u64],
  /** Microseconds of the network's own clock. */
  apTsf: [4, u64],
  final: [5, flag],
  pad: [6, pad],
}) {}

/** The channel that a peer is on. */
export class Nl80211Channel extends attrs('NL80211_ATTR_', {
  wiphyFreq: [38, u32], wiphyChannelType: [39, nl80211ChannelType], channelWidth: [159, nl80211ChannelWidth], centerFreq1: [160, u32],
  centerFreq2: [161, u32], wiphyFreqOffset: [290, u32], centerFreq1Offset: [291, u32],
}) {}

/** A peer. */
export class Nl80211Peer extends attrs('NL80211_PMSR_PEER_ATTR_', {
  addr: [1, macAddress],
  chan: [2, Nl80211Channel],
  req: [3, Nl80211Ask],
  resp: [4, Nl80211Measured],
  reqType: [5, u32],
}) {}

/** A measurement, or what a device can of it. */
export class Nl80211Measurement extends attrs('NL80211_PMSR_ATTR_', {
  maxPeers: [1, u32],
  reportApTsf: [2, flag],
  randomizeMacAddr: [3, flag],
  typeCapa: [4, Nl80211MeasureCapabilities],
  peers: [5, indexed(Nl80211Peer)],
  maxPeerIstaRole: [6, u32],
  maxPeerRstaRole: [7, u32],
}) {}
