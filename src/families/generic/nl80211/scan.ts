/** Networks that were found, and what is looked for. Source: include/uapi/linux/nl80211.h, net/wireless/nl80211.c. */
import { attrs, binary, flag, flags, keyed, macAddress, packed, pad, s32, s8, u16, u32, u64, u8 } from '../../../codec/index.ts';
import { nl80211Band, nl80211BssStatus, nl80211BssWidth } from './values.ts';

/** What a network may be used for. */
export const nl80211BssUse = flags(u32, { normal: 1, mldLink: 2 }, 'NL80211_BSS_USE_FOR_');

/** A network. */
export class Nl80211Bss extends attrs('NL80211_BSS_', {
  bssid: [1, macAddress],
  /** MHz. */
  frequency: [2, u32],
  /** Microseconds of the network's own clock. */
  tsf: [3, u64],
  /** 1.024 milliseconds. */
  beaconInterval: [4, u16],
  capability: [5, u16],
  /** Of the latest probe response, or else of the beacon: elements of 802.11. */
  informationElements: [6, binary],
  /** Hundredths of dBm. */
  signalMbm: [7, s32],
  /** 0 to 100. */
  signalUnspec: [8, u8],
  status: [9, nl80211BssStatus],
  seenMsAgo: [10, u32],
  beaconIes: [11, binary],
  chanWidth: [12, nl80211BssWidth],
  beaconTsf: [13, u64],
  prespData: [14, flag],
  /** Nanoseconds since boot. */
  lastSeenBoottime: [15, u64],
  pad: [16, pad],
  parentTsf: [17, u64],
  parentBssid: [18, macAddress],
  /** dBm, by antenna. */
  chainSignal: [19, keyed(s8)],
  frequencyOffset: [20, u32],
  mloLinkId: [21, u8],
  mldAddr: [22, macAddress],
  useFor: [23, nl80211BssUse],
  cannotUseReasons: [24, u64],
}) {}

/** How much better a band counts. */
export class Nl80211RssiAdjust extends packed('nl80211_bss_select_rssi_adjust', { band: u8, delta: s8 }) {}
/** How a network is chosen. */
export class Nl80211BssSelect extends attrs('NL80211_BSS_SELECT_ATTR_', { rssi: [1, flag], bandPref: [2, nl80211Band], rssiAdjust: [3, Nl80211RssiAdjust] }) {}

/** dBm, by band. */
export class Nl80211BandRssi extends attrs('NL80211_BAND_', {
  ghz2: [0, s32, 'NL80211_BAND_2GHZ'],
  ghz5: [1, s32, 'NL80211_BAND_5GHZ'],
  ghz60: [2, s32, 'NL80211_BAND_60GHZ'],
  ghz6: [3, s32, 'NL80211_BAND_6GHZ'],
  s1ghz: [4, s32],
  lc: [5, s32],
}) {}

/** What a network must be like. */
export class Nl80211Match extends attrs('NL80211_SCHED_SCAN_MATCH_ATTR_', {
  ssid: [1, binary],
  rssi: [2, s32],
  relativeRssi: [3, flag],
  rssiAdjust: [4, binary],
  bssid: [5, macAddress],
  perBandRssi: [6, Nl80211BandRssi, 'NL80211_SCHED_SCAN_MATCH_PER_BAND_RSSI'],
}) {}

/** How often to look, and how many times. */
export class Nl80211ScanPlan extends attrs('NL80211_SCHED_SCAN_PLAN_', {
  /** Seconds. */
  interval: [1, u32],
  iterations: [2, u32],
}) {}
