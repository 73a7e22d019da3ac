/** Parts of messages that are made of the same attributes as the whole. Source: include/uapi/linux/nl80211.h, net/wireless/nl80211.c. */
import { attrs, binary, flag, list, macAddress, s32, struct, u16, u32, u8 } from '../../../codec/index.ts';
import { Nl80211StationInfo } from './station.ts';
import { nl80211ChannelType, nl80211ChannelWidth, nl80211Iftype } from './values.ts';

/** What a station is or has. */
export class Nl80211StationFlagNest extends attrs('NL80211_STA_FLAG_', {
  authorized: [1, flag],
  shortPreamble: [2, flag],
  wme: [3, flag],
  mfp: [4, flag],
  authenticated: [5, flag],
  tdlsPeer: [6, flag],
  associated: [7, flag],
  sppAmsdu: [8, flag],
}) {}

/** What a monitor sees. */
export class Nl80211MonitorFlags extends attrs('NL80211_MNTR_FLAG_', {
  fcsfail: [1, flag],
  plcpfail: [2, flag],
  control: [3, flag],
  otherBss: [4, flag],
  cookFrames: [5, flag],
  active: [6, flag],
  skipTx: [7, flag],
}) {}

/** The beacon from then on. */
export class Nl80211Beacon extends attrs('NL80211_ATTR_', {
  beaconHead: [14, binary],
  beaconTail: [15, binary],
  ie: [42, binary],
  ieProbeResp: [127, binary],
  ieAssocResp: [128, binary],
  probeResp: [145, binary],
  /** Where in the beacon it counts down. */
  cntdwnOffsBeacon: [186, list(u16)],
  cntdwnOffsPresp: [187, list(u16)],
}) {}

/** What a kind of interface can, too: bits of 802.11. */
export class Nl80211ExtCapabilities extends attrs('NL80211_ATTR_', {
  iftype: [5, nl80211Iftype],
  extCapa: [169, binary],
  extCapaMask: [170, binary],
  emlCapability: [317, u16],
  mldCapaAndOps: [318, u16],
}) {}

/** A link of several that are one connection. */
export class Nl80211Link extends attrs('NL80211_ATTR_', {
  mac: [6, macAddress],
  staInfo: [21, Nl80211StationInfo],
  wiphyFreq: [38, u32],
  wiphyChannelType: [39, nl80211ChannelType],
  ie: [42, binary],
  ssid: [52, binary],
  statusCode: [72, u16],
  wiphyTxPowerLevel: [98, s32],
  channelWidth: [159, nl80211ChannelWidth],
  centerFreq1: [160, u32],
  centerFreq2: [161, u32],
  bssid: [245, macAddress],
  wiphyFreqOffset: [290, u32],
  mloLinkId: [313, u8],
  punctBitmap: [322, u32],
  mloLinkDisabled: [326, flag],
}) {}

/** A channel of a schedule. */
export class Nl80211NanChannel extends attrs('NL80211_ATTR_', {
  wiphyFreq: [38, u32],
  channelWidth: [159, nl80211ChannelWidth],
  centerFreq1: [160, u32],
  centerFreq2: [161, u32],
  nanChannelEntry: [352, binary],
  nanRxNss: [354, u8],
}) {}

/** A vendor's own command or event. */
export class Nl80211Vendor extends struct('nl80211_vendor_cmd_info', { vendorId: u32, subcmd: u32 }) {}

/** Rates by band. */
export class Nl80211BandRates extends attrs('NL80211_BAND_', {
  ghz2: [0, binary, 'NL80211_BAND_2GHZ'],
  ghz5: [1, binary, 'NL80211_BAND_5GHZ'],
  ghz60: [2, binary, 'NL80211_BAND_60GHZ'],
  ghz6: [3, binary, 'NL80211_BAND_6GHZ'],
  s1ghz: [4, binary],
  lc: [5, binary],
}) {}
