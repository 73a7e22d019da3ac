/** Keys, rates that may be used, limits. Source: include/uapi/linux/nl80211.h, net/wireless/nl80211.c. */
import { array, attrs, binary, enumeration, flag, list, macAddress, pad, s32, s8, struct, u16, u32, u64, u8 } from '../../../codec/index.ts';
import { nl80211Cipher, nl80211KeyMode, nl80211KeyType, nl80211RuleFlags } from './values.ts';

/** For which frames a key is the default. */
export class Nl80211KeyDefaults extends attrs('NL80211_KEY_DEFAULT_TYPE_', { unicast: [1, flag], multicast: [2, flag] }) {}

/** A key. */
export class Nl80211Key extends attrs('NL80211_KEY_', {
  data: [1, binary],
  idx: [2, u8],
  cipher: [3, nl80211Cipher],
  seq: [4, binary],
  default: [5, flag],
  defaultMgmt: [6, flag],
  type: [7, nl80211KeyType],
  defaultTypes: [8, Nl80211KeyDefaults],
  mode: [9, nl80211KeyMode],
  defaultBeacon: [10, flag],
  ltfSeed: [11, binary],
}) {}

/** What it takes to renew group keys while the host sleeps. */
export class Nl80211Rekey extends attrs('NL80211_REKEY_DATA_', { kek: [1, binary], kck: [2, binary], replayCtr: [3, binary], akm: [4, u32] }) {}
/** A network that keys might be made with beforehand. */
export class Nl80211PmksaCandidate extends attrs('NL80211_PMKSA_CANDIDATE_', { index: [1, u32], bssid: [2, macAddress], preauth: [3, flag] }) {}
/** Streams' rates, by the number of streams, less 1: bits. */
export class Nl80211StreamRates extends struct('nl80211_txrate_vht', { mcs: array(u16, 8) }) {}
/** The same, of 802.11be. */
export class Nl80211WideRates extends struct('nl80211_txrate_eht', { mcs: array(u16, 16) }) {}
/** The same, of 802.11ax. */
export class Nl80211EfficientRates extends struct('nl80211_txrate_he', { mcs: array(u16, 8) }) {}

/** Rates that may be used on a band. */
export class Nl80211TxRates extends attrs('NL80211_TXRATE_', {
  /** 500 kbit/s each. */
  legacy: [1, binary],
  /** Numbers of rates of 802.11n. */
  ht: [2, binary],
  vht: [3, Nl80211StreamRates],
  gi: [4, u8],
  he: [5, Nl80211EfficientRates],
  heGi: [6, u8],
  heLtf: [7, u8],
  eht: [8, Nl80211WideRates],
  ehtGi: [9, u8],
  ehtLtf: [10, u8],
}) {}

/** By band. */
export class Nl80211TxRateBands extends attrs('NL80211_BAND_', {
  ghz2: [0, Nl80211TxRates, 'NL80211_BAND_2GHZ'],
  ghz5: [1, Nl80211TxRates, 'NL80211_BAND_5GHZ'],
  ghz60: [2, Nl80211TxRates, 'NL80211_BAND_60GHZ'],
  ghz6: [3, Nl80211TxRates, 'NL80211_BAND_6GHZ'],
  s1ghz: [4, Nl80211TxRates],
  lc: [5, Nl80211TxRates],
}) {}

/** Which way a limit was passed. */
export const nl80211CqmEvent = enumeration(u32, { thresholdEventLow: 0, thresholdEventHigh: 1, beaconLossEvent: 2 }, 'NL80211_CQM_RSSI_');

/** When to tell that a connection gets worse. */
export class Nl80211Cqm extends attrs('NL80211_ATTR_CQM_', {
  /** dBm. */
  rssiThold: [1, list(s32)],
  rssiHyst: [2, u32],
  rssiThresholdEvent: [3, nl80211CqmEvent],
  pktLossEvent: [4, u32],
  txeRate: [5, u32],
  txePkts: [6, u32],
  /** Seconds. */
  txeIntvl: [7, u32],
  beaconLossEvent: [8, flag],
  rssiLevel: [9, s32],
}) {}

/** What holds for some traffic identifiers. */
export class Nl80211TidConfig extends attrs('NL80211_TID_CONFIG_ATTR_', {
  pad: [1, pad],
  vifSupp: [2, u64],
  peerSupp: [3, u64],
  override: [4, flag],
  /** Bits. */
  tids: [5, u16],
  noack: [6, u8],
  retryShort: [7, u8],
  retryLong: [8, u8],
  ampduCtrl: [9, u8],
  rtsctsCtrl: [10, u8],
  amsduCtrl: [11, u8],
  txRateType: [12, u8],
  txRate: [13, Nl80211TxRateBands],
}) {}

/** A station that saves power by queue. */
export class Nl80211StationWme extends attrs('NL80211_STA_WME_', { uapsdQueues: [1, u8], maxSp: [2, u8] }) {}
/** How long a queue waits for the medium. */
export class Nl80211TxqParameters extends attrs('NL80211_TXQ_ATTR_', { ac: [1, u8], txop: [2, u16], cwmin: [3, u16], cwmax: [4, u16], aifs: [5, u8] }) {}

/** A rule of a country: what may be sent where. */
export class Nl80211Rule extends attrs('NL80211_ATTR_', {
  regRuleFlags: [1, nl80211RuleFlags],
  /** kHz. */
  freqRangeStart: [2, u32],
  /** kHz. */
  freqRangeEnd: [3, u32],
  /** kHz. */
  freqRangeMaxBw: [4, u32],
  /** Hundredths of dBi. */
  powerRuleMaxAntGain: [5, u32],
  /** Hundredths of dBm. */
  powerRuleMaxEirp: [6, u32],
  /** Milliseconds. */
  dfsCacTime: [7, u32],
  /** dBm a MHz. */
  powerRulePsd: [8, s8],
}) {}
