/** What a radio can: bands, channels, rates, and which interfaces at once. Source: include/uapi/linux/nl80211.h, net/wireless/nl80211.c. */
import { attrs, binary, blob, flag, indexed, list, multi, pad, s8, u16, u32, u64, u8 } from '../../../codec/index.ts';
import { nl80211AkmSuite, nl80211DfsState } from './values.ts';

/** Kinds of interface. */
export class Nl80211Iftypes extends attrs('NL80211_IFTYPE_', {
  unspecified: [0, flag],
  adhoc: [1, flag],
  station: [2, flag],
  ap: [3, flag],
  apVlan: [4, flag],
  wds: [5, flag],
  monitor: [6, flag],
  meshPoint: [7, flag],
  p2pClient: [8, flag],
  p2pGo: [9, flag],
  p2pDevice: [10, flag],
  ocb: [11, flag],
  nan: [12, flag],
  nanData: [13, flag],
  pd: [14, flag],
}) {}

/** Kinds of management frames, by type and subtype as they stand in a frame. */
export class Nl80211Frames extends attrs('NL80211_ATTR_', { frameType: [101, multi(u16)] }) {}

/** The same, by kind of interface. */
export class Nl80211FrameTypes extends attrs('NL80211_IFTYPE_', {
  unspecified: [0, Nl80211Frames],
  adhoc: [1, Nl80211Frames],
  station: [2, Nl80211Frames],
  ap: [3, Nl80211Frames],
  apVlan: [4, Nl80211Frames],
  wds: [5, Nl80211Frames],
  monitor: [6, Nl80211Frames],
  meshPoint: [7, Nl80211Frames],
  p2pClient: [8, Nl80211Frames],
  p2pGo: [9, Nl80211Frames],
  p2pDevice: [10, Nl80211Frames],
  ocb: [11, Nl80211Frames],
  nan: [12, Nl80211Frames],
  nanData: [13, Nl80211Frames],
  pd: [14, Nl80211Frames],
}) {}

/** How long a queue waits for the medium. */
export class Nl80211Wmm extends attrs('NL80211_WMMR_', {
  cwMin: [1, u16],
  cwMax: [2, u16],
  aifsn: [3, u8],
  /** 32 microseconds. */
  txop: [4, u16],
}) {}

/** A channel, and what is not allowed on it. */
export class Nl80211Frequency extends attrs('NL80211_FREQUENCY_ATTR_', {
  /** MHz. */
  freq: [1, u32],
  disabled: [2, flag],
  noIr: [3, flag],
  /** Said with `noIr`, for programs that know it by its old name. */
  noIbss: [4, flag, '__NL80211_FREQUENCY_ATTR_NO_IBSS'],
  radar: [5, flag],
  /** Hundredths of dBm. */
  maxTxPower: [6, u32],
  dfsState: [7, nl80211DfsState],
  /** Milliseconds in that state. */
  dfsTime: [8, u32],
  noHt40Minus: [9, flag],
  noHt40Plus: [10, flag],
  no80mhz: [11, flag, 'NL80211_FREQUENCY_ATTR_NO_80MHZ'],
  no160mhz: [12, flag, 'NL80211_FREQUENCY_ATTR_NO_160MHZ'],
  /** Milliseconds to listen for radar. */
  dfsCacTime: [13, u32],
  indoorOnly: [14, flag],
  irConcurrent: [15, flag],
  no20mhz: [16, flag, 'NL80211_FREQUENCY_ATTR_NO_20MHZ'],
  no10mhz: [17, flag, 'NL80211_FREQUENCY_ATTR_NO_10MHZ'],
  /** By access class: voice, video, best effort, background. */
  wmm: [18, indexed(Nl80211Wmm, 0)],
  noHe: [19, flag],
  /** kHz beside it. */
  offset: [20, u32],
  width1mhz: [21, flag, 'NL80211_FREQUENCY_ATTR_1MHZ'],
  width2mhz: [22, flag, 'NL80211_FREQUENCY_ATTR_2MHZ'],
  width4mhz: [23, flag, 'NL80211_FREQUENCY_ATTR_4MHZ'],
  width8mhz: [24, flag, 'NL80211_FREQUENCY_ATTR_8MHZ'],
  width16mhz: [25, flag, 'NL80211_FREQUENCY_ATTR_16MHZ'],
  no320mhz: [26, flag, 'NL80211_FREQUENCY_ATTR_NO_320MHZ'],
  noEht: [27, flag],
  psd: [28, s8],
  dfsConcurrent: [29, flag],
  no6ghzVlpClient: [30, flag, 'NL80211_FREQUENCY_ATTR_NO_6GHZ_VLP_CLIENT'],
  no6ghzAfcClient: [31, flag, 'NL80211_FREQUENCY_ATTR_NO_6GHZ_AFC_CLIENT'],
  canMonitor: [32, flag],
  allow6ghzVlpAp: [33, flag, 'NL80211_FREQUENCY_ATTR_ALLOW_6GHZ_VLP_AP'],
  allow20mhzActivity: [34, flag, 'NL80211_FREQUENCY_ATTR_ALLOW_20MHZ_ACTIVITY'],
  no4mhz: [35, flag, 'NL80211_FREQUENCY_ATTR_NO_4MHZ'],
  no8mhz: [36, flag, 'NL80211_FREQUENCY_ATTR_NO_8MHZ'],
  no16mhz: [37, flag, 'NL80211_FREQUENCY_ATTR_NO_16MHZ'],
  s1gNoPrimary: [38, flag],
  noUhr: [39, flag],
  cacStartTime: [40, u64],
  pad: [41, pad],
}) {}

/** A rate. */
export class Nl80211Bitrate extends attrs('NL80211_BITRATE_ATTR_', {
  /** 100 kbit/s. */
  rate: [1, u32],
  shortPreamble: [2, flag, 'NL80211_BITRATE_ATTR_2GHZ_SHORTPREAMBLE'],
}) {}

/** What kinds of interface can on a band, as the elements of 802.11 say it. */
export class Nl80211BandIftype extends attrs('NL80211_BAND_IFTYPE_ATTR_', {
  iftypes: [1, Nl80211Iftypes],
  heCapMac: [2, binary],
  heCapPhy: [3, binary],
  heCapMcsSet: [4, binary],
  heCapPpe: [5, binary],
  he6ghzCapa: [6, u16, 'NL80211_BAND_IFTYPE_ATTR_HE_6GHZ_CAPA'],
  vendorElems: [7, binary],
  ehtCapMac: [8, binary],
  ehtCapPhy: [9, binary],
  ehtCapMcsSet: [10, binary],
  ehtCapPpe: [11, binary],
  uhrCapMac: [12, binary],
  uhrCapPhy: [13, binary],
}) {}

/** A band. */
export class Nl80211BandState extends attrs('NL80211_BAND_ATTR_', {
  freqs: [1, indexed(Nl80211Frequency, 0)],
  rates: [2, indexed(Nl80211Bitrate, 0)],
  htMcsSet: [3, blob(16)],
  htCapa: [4, u16],
  htAmpduFactor: [5, u8],
  htAmpduDensity: [6, u8],
  vhtMcsSet: [7, blob(8)],
  vhtCapa: [8, u32],
  iftypeData: [9, indexed(Nl80211BandIftype)],
  edmgChannels: [10, binary],
  edmgBwConfig: [11, u8],
  s1gMcsNssSet: [12, binary],
  s1gCapa: [13, binary],
}) {}

/** Bands. */
export class Nl80211Bands extends attrs('NL80211_BAND_', {
  ghz2: [0, Nl80211BandState, 'NL80211_BAND_2GHZ'],
  ghz5: [1, Nl80211BandState, 'NL80211_BAND_5GHZ'],
  ghz60: [2, Nl80211BandState, 'NL80211_BAND_60GHZ'],
  ghz6: [3, Nl80211BandState, 'NL80211_BAND_6GHZ'],
  s1ghz: [4, Nl80211BandState],
  lc: [5, Nl80211BandState],
}) {}

/** So many interfaces of some kinds, at most. */
export class Nl80211Limit extends attrs('NL80211_IFACE_LIMIT_', { max: [1, u32], types: [2, Nl80211Iftypes] }) {}

/** Interfaces that there may be at once. */
export class Nl80211Combination extends attrs('NL80211_IFACE_COMB_', {
  limits: [1, indexed(Nl80211Limit)],
  /** Altogether. */
  maxnum: [2, u32],
  staApBiMatch: [3, flag],
  numChannels: [4, u32],
  /** Bit N: channel width N. */
  radarDetectWidths: [5, u32],
  /** Bit N: region N. */
  radarDetectRegions: [6, u32],
  biMinGcd: [7, u32],
}) {}

/** kHz, from and to. */
export class Nl80211RadioRange extends attrs('NL80211_WIPHY_RADIO_FREQ_ATTR_', { start: [1, u32], end: [2, u32] }) {}

/** A radio of several that are one device. */
export class Nl80211Radio extends attrs('NL80211_WIPHY_RADIO_ATTR_', {
  index: [1, u32],
  freqRange: [2, multi(Nl80211RadioRange)],
  interfaceCombination: [3, multi(Nl80211Combination)],
  antennaMask: [4, u32],
  rtsThreshold: [5, u32],
}) {}

/** Ways to manage keys, of some kinds of interface. */
export class Nl80211Akm extends attrs('NL80211_IFTYPE_AKM_ATTR_', { iftypes: [1, Nl80211Iftypes], suites: [2, list(nl80211AkmSuite)] }) {}
