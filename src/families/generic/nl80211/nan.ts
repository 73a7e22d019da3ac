/** Neighbour awareness networking. Source: include/uapi/linux/nl80211.h, net/wireless/nl80211.c. */
import { attrs, binary, blob, enumeration, flag, indexed, macAddress, s8, u16, u32, u8 } from '../../../codec/index.ts';

/** Whether something is offered, looked for, or answered. */
export const nl80211NanFunctionType = enumeration(u8, { publish: 0, subscribe: 1, followUp: 2 }, 'NL80211_NAN_FUNC_');
/** Why a function ended. */
export const nl80211NanTermReason = enumeration(u8, { userRequest: 0, ttlExpired: 1, error: 2 }, 'NL80211_NAN_FUNC_TERM_REASON_');
/** Whom a function is for. */
export class Nl80211NanFilter extends attrs('NL80211_NAN_SRF_', { include: [1, flag], bf: [2, binary], bfIdx: [3, u8], macAddrs: [4, indexed(macAddress)] }) {}

/** What is offered or looked for. */
export class Nl80211NanFunction extends attrs('NL80211_NAN_FUNC_', {
  type: [1, nl80211NanFunctionType],
  serviceId: [2, blob(6)],
  publishType: [3, u8],
  publishBcast: [4, flag],
  subscribeActive: [5, flag],
  followUpId: [6, u8],
  followUpReqId: [7, u8],
  followUpDest: [8, macAddress],
  closeRange: [9, flag],
  ttl: [10, u32],
  serviceInfo: [11, binary],
  srf: [12, Nl80211NanFilter],
  rxMatchFilter: [13, indexed(binary)],
  txMatchFilter: [14, indexed(binary)],
  instanceId: [15, u8],
  termReason: [16, nl80211NanTermReason],
}) {}

/** The two that found each other. */
export class Nl80211NanMatch extends attrs('NL80211_NAN_MATCH_', { funcLocal: [1, Nl80211NanFunction], funcPeer: [2, Nl80211NanFunction] }) {}

/** A band. */
export class Nl80211NanBand extends attrs('NL80211_NAN_BAND_CONF_', {
  band: [1, u8],
  freq: [2, u16],
  rssiClose: [3, s8],
  rssiMiddle: [4, s8],
  wakeDw: [5, u8],
  disableScan: [6, flag],
}) {}

/** The cluster. */
export class Nl80211NanConfig extends attrs('NL80211_NAN_CONF_', {
  clusterId: [1, macAddress],
  extraAttrs: [2, binary],
  vendorElems: [3, binary],
  bandConfigs: [4, indexed(Nl80211NanBand)],
  scanPeriod: [5, u16],
  scanDwellTime: [6, u16],
  discoveryBeaconInterval: [7, u8],
  notifyDw: [8, flag],
}) {}

/** What is the same on every band. */
export class Nl80211NanPhy extends attrs('NL80211_NAN_PHY_CAP_ATTR_', {
  htMcsSet: [1, blob(16)],
  htCapa: [2, u16],
  htAmpduFactor: [3, u8],
  htAmpduDensity: [4, u8],
  vhtMcsSet: [5, blob(8)],
  vhtCapa: [6, u32],
  heMac: [7, binary],
  hePhy: [8, binary],
  heMcsSet: [9, binary],
  hePpe: [10, binary],
}) {}

/** What a device can. */
export class Nl80211NanCapabilities extends attrs('NL80211_NAN_CAPA_', {
  configurableSync: [1, flag], userspaceDe: [2, flag], opMode: [3, u8], numAntennas: [4, u8], maxChannelSwitchTime: [5, u16], capabilities: [6, u8], phy: [7, Nl80211NanPhy],
}) {}

/** When a peer is on which channel. */
export class Nl80211NanMap extends attrs('NL80211_NAN_PEER_MAP_ATTR_', { mapId: [1, u8], timeSlots: [2, binary] }) {}
