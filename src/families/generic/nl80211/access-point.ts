/** Settings of access points. Source: include/uapi/linux/nl80211.h, net/wireless/nl80211.c. */
import { attrs, binary, blob, enumeration, flag, indexed, pad, s32, u32, u64, u8 } from '../../../codec/index.ts';

/** Whether distances are measured for others. */
export class Nl80211FtmResponder extends attrs('NL80211_FTM_RESP_ATTR_', { enabled: [1, flag], lci: [2, binary], civicloc: [3, binary] }) {}

/** How often they were. */
export class Nl80211FtmStats extends attrs('NL80211_FTM_STATS_', {
  successNum: [1, u32],
  partialNum: [2, u32],
  failedNum: [3, u32],
  asapNum: [4, u32],
  nonAsapNum: [5, u32],
  /** Milliseconds. */
  totalDurationMsec: [6, u64],
  unknownTriggersNum: [7, u32],
  rescheduleRequestsNum: [8, u32],
  outOfWindowTriggersNum: [9, u32],
  pad: [10, pad],
}) {}

/** When other networks are heard as silence. */
export class Nl80211ObssPd extends attrs('NL80211_HE_OBSS_PD_ATTR_', {
  minOffset: [1, u8],
  maxOffset: [2, u8],
  nonSrgMaxOffset: [3, u8],
  bssColorBitmap: [4, blob(8)],
  partialBssidBitmap: [5, blob(8)],
  srCtrl: [6, u8],
}) {}

/** A network's colour. */
export class Nl80211BssColor extends attrs('NL80211_HE_BSS_COLOR_ATTR_', { color: [1, u8], disabled: [2, flag], partial: [3, flag] }) {}
/** Frames by which stations find it fast. */
export class Nl80211FilsDiscovery extends attrs('NL80211_FILS_DISCOVERY_ATTR_', { intMin: [1, u32], intMax: [2, u32], tmpl: [3, binary] }) {}
/** Probe responses that nobody asked for. */
export class Nl80211ProbeResponses extends attrs('NL80211_UNSOL_BCAST_PROBE_RESP_ATTR_', { int: [1, u32], tmpl: [2, binary] }) {}

/** The power on a range of frequencies. */
export class Nl80211SarSpec extends attrs('NL80211_SAR_ATTR_SPECS_', {
  /** Quarters of dBm. */
  power: [1, s32],
  rangeIndex: [2, u32],
  startFreq: [3, u32],
  endFreq: [4, u32],
}) {}

/** What is limited. */
export const nl80211SarType = enumeration(u32, { power: 0 }, 'NL80211_SAR_TYPE_');
/** How much power a body may be exposed to. */
export class Nl80211Sar extends attrs('NL80211_SAR_ATTR_', { type: [1, nl80211SarType], specs: [2, indexed(Nl80211SarSpec)] }) {}

/** Networks that share a beacon. */
export class Nl80211Mbssid extends attrs('NL80211_MBSSID_CONFIG_ATTR_', {
  maxInterfaces: [1, u8],
  maxEmaProfilePeriodicity: [2, u8],
  index: [3, u8],
  txIfindex: [4, u32],
  ema: [5, flag],
  txLinkId: [6, u8],
}) {}

/** The short beacon of 802.11ah. */
export class Nl80211ShortBeacon extends attrs('NL80211_S1G_SHORT_BEACON_ATTR_', { head: [1, binary], tail: [2, binary] }) {}
