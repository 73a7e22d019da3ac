/** What numbers of wireless mean. Source: include/uapi/linux/nl80211.h, net/wireless/nl80211.c; IEEE 802.11. */
import { enumeration, flags, u16, u32, u8 } from '../../../codec/index.ts';

/** What an interface is. */
export const nl80211Iftype = enumeration(u32, {
  unspecified: 0, adhoc: 1, station: 2, ap: 3, apVlan: 4, wds: 5, monitor: 6, meshPoint: 7, p2pClient: 8, p2pGo: 9, p2pDevice: 10, ocb: 11, nan: 12,
  nanData: 13, pd: 14,
}, 'NL80211_IFTYPE_');

/** What a station is or has: bits by NL80211_STA_FLAG_*. */
export const nl80211StationFlags = flags(u32, { authorized: 2, shortPreamble: 4, wme: 8, mfp: 0x10, authenticated: 0x20, tdlsPeer: 0x40, associated: 0x80, sppAmsdu: 0x100 });
/** Bands of frequencies. */
export const nl80211Band = enumeration(u32, { '2ghz': 0, '5ghz': 1, '60ghz': 2, '6ghz': 3, s1ghz: 4, lc: 5 }, 'NL80211_BAND_');
/** How wide a channel of 802.11n is. */
export const nl80211ChannelType = enumeration(u32, { noHt: 0, ht20: 1, ht40minus: 2, ht40plus: 3 }, 'NL80211_CHAN_');

/** MHz. */
export const nl80211ChannelWidth = enumeration(u32, {
  '20Noht': 0, '20': 1, '40': 2, '80': 3, '80p80': 4, '160': 5, '5': 6, '10': 7, '1': 8, '2': 9, '4': 10, '8': 11, '16': 12, '320': 13,
}, 'NL80211_CHAN_WIDTH_');

/** MHz of a network's control channel. */
export const nl80211BssWidth = enumeration(u32, { '20': 0, '10': 1, '5': 2, '1': 3, '2': 4 }, 'NL80211_BSS_CHAN_WIDTH_');
/** What this host is of a network. */
export const nl80211BssStatus = enumeration(u32, { authenticated: 0, associated: 1, ibssJoined: 2 }, 'NL80211_BSS_STATUS_');

/** How a station says who it is. */
export const nl80211AuthType = enumeration(u32, {
  openSystem: 0, sharedKey: 1, ft: 2, networkEap: 3, sae: 4, filsSk: 5, filsSkPfs: 6, filsPk: 7, eppke: 8, ieee8021x: 9,
}, 'NL80211_AUTHTYPE_');

/** Whose frames a key is for. */
export const nl80211KeyType = enumeration(u32, { group: 0, pairwise: 1, peerkey: 2 }, 'NL80211_KEYTYPE_');
/** Which way a key is used. */
export const nl80211KeyMode = enumeration(u8, { rxTx: 0, noTx: 1, setTx: 2 }, 'NL80211_KEY_');
/** Whether management frames are protected. */
export const nl80211Mfp = enumeration(u32, { no: 0, required: 1, optional: 2 }, 'NL80211_MFP_');
/** WPA, WPA2, WPA3. */
export const nl80211WpaVersions = flags(u32, { '1': 1, '2': 2, '3': 4 }, 'NL80211_WPA_VERSION_');
/** Whether a station sleeps between beacons. */
export const nl80211PowerSave = enumeration(u32, { disabled: 0, enabled: 1 }, 'NL80211_PS_');
/** Who chooses the power. */
export const nl80211TxPower = enumeration(u32, { automatic: 0, limited: 1, fixed: 2 }, 'NL80211_TX_POWER_');
/** A link to a mesh peer. */
export const nl80211PlinkState = enumeration(u8, { listen: 0, opnSnt: 1, opnRcvd: 2, cnfRcvd: 3, estab: 4, holding: 5, blocked: 6 }, 'NL80211_PLINK_');
/** What to do with a link to a mesh peer. */
export const nl80211PlinkAction = enumeration(u8, { noAction: 0, open: 1, block: 2 }, 'NL80211_PLINK_ACTION_');
/** Whether a mesh peer sleeps. */
export const nl80211MeshPower = enumeration(u32, { unknown: 0, active: 1, lightSleep: 2, deepSleep: 3 }, 'NL80211_MESH_POWER_');
/** Whether radar was looked for on a channel. */
export const nl80211DfsState = enumeration(u32, { usable: 0, unavailable: 1, available: 2 }, 'NL80211_DFS_');
/** By whose rules radar is avoided. */
export const nl80211DfsRegion = enumeration(u8, { unset: 0, fcc: 1, etsi: 2, jp: 3 }, 'NL80211_DFS_');
/** Who set the rules of the country. */
export const nl80211RegInitiator = enumeration(u8, { core: 0, user: 1, driver: 2, countryIe: 3 }, 'NL80211_REGDOM_SET_BY_');
/** What rules are of. */
export const nl80211RegType = enumeration(u8, { country: 0, world: 1, customWorld: 2, intersection: 3 }, 'NL80211_REGDOM_TYPE_');

/** What a rule of a country forbids or allows. */
export const nl80211RuleFlags = flags(u32, {
  noOfdm: 1, noCck: 2, noIndoor: 4, noOutdoor: 8, dfs: 0x10, ptpOnly: 0x20, ptmpOnly: 0x40, noIr: 0x80, autoBw: 0x800, irConcurrent: 0x1000,
  noHt40minus: 0x2000, noHt40plus: 0x4000, no_80mhz: 0x8000, no_160mhz: 0x10000, noHe: 0x20000, no_320mhz: 0x40000, noEht: 0x80000, psd: 0x100000,
  dfsConcurrent: 0x200000, no_6ghzVlpClient: 0x400000, no_6ghzAfcClient: 0x800000, allow_6ghzVlpAp: 0x1000000, allow_20mhzActivity: 0x2000000,
  noUhr: 0x4000000,
}, 'NL80211_RRF_');

/** What a radio can. */
export const nl80211Features = flags(u32, {
  skTxStatus: 1, htIbss: 2, inactivityTimer: 4, cellBaseRegHints: 8, p2pDeviceNeedsChannel: 0x10, sae: 0x20, lowPriorityScan: 0x40, scanFlush: 0x80,
  apScan: 0x100, vifTxpower: 0x200, needObssScan: 0x400, p2pGoCtwin: 0x800, p2pGoOppps: 0x1000, advertiseChanLimits: 0x4000,
  fullApClientState: 0x8000, userspaceMpm: 0x10000, activeMonitor: 0x20000, apModeChanWidthChange: 0x40000, dsParamSetIeInProbes: 0x80000,
  wfaTpcIeInProbes: 0x100000, quiet: 0x200000, txPowerInsertion: 0x400000, acktoEstimation: 0x800000, staticSmps: 0x1000000, dynamicSmps: 0x2000000,
  supportsWmmAdmission: 0x4000000, macOnCreate: 0x8000000, tdlsChannelSwitch: 0x10000000, scanRandomMacAddr: 0x20000000,
  schedScanRandomMacAddr: 0x40000000, ndRandomMacAddr: 0x80000000,
}, 'NL80211_FEATURE_');

/** How to look for networks. */
export const nl80211ScanFlags = flags(u32, {
  lowPriority: 1, flush: 2, ap: 4, randomAddr: 8, filsMaxChannelTime: 0x10, acceptBcastProbeResp: 0x20, oceProbeReqHighTxRate: 0x40,
  oceProbeReqDeferralSuppression: 0x80, lowSpan: 0x100, lowPower: 0x200, highAccuracy: 0x400, randomSn: 0x800, minPreqContent: 0x1000,
  freqKhz: 0x2000, colocated_6ghz: 0x4000,
}, 'NL80211_SCAN_FLAG_');

/** What a list of addresses means. */
export const nl80211AclPolicy = enumeration(u32, { acceptUnlessListed: 0, denyUnlessListed: 1 }, 'NL80211_ACL_POLICY_');
/** How a network's name is kept from beacons. */
export const nl80211HiddenSsid = enumeration(u32, { notInUse: 0, zeroLen: 1, zeroContents: 2 }, 'NL80211_HIDDEN_SSID_');
/** How antennas save power. */
export const nl80211Smps = enumeration(u8, { off: 0, static: 1, dynamic: 2 }, 'NL80211_SMPS_');
/** What became of listening for radar. */
export const nl80211RadarEvent = enumeration(u32, { detected: 0, cacFinished: 1, cacAborted: 2, nopFinished: 3, preCacExpired: 4, cacStarted: 5 }, 'NL80211_RADAR_');
/** What was not answered. */
export const nl80211Timeout = enumeration(u32, { unspecified: 0, scan: 1, auth: 2, assoc: 3 }, 'NL80211_TIMEOUT_');
/** Why a station was not let in. */
export const nl80211ConnectFailure = enumeration(u32, { maxClients: 0, blockedClient: 1 }, 'NL80211_CONN_FAIL_');
/** What is done with a direct link. */
export const nl80211TdlsOperation = enumeration(u8, { discoveryReq: 0, setup: 1, teardown: 2, enableLink: 3, disableLink: 4 }, 'NL80211_TDLS_');
/** Who says which country it is. */
export const nl80211UserHint = enumeration(u32, { user: 0, cellBase: 1, indoor: 2 }, 'NL80211_USER_REG_HINT_');
/** What must not be disturbed. */
export const nl80211CritProto = enumeration(u16, { unspec: 0, dhcp: 1, eapol: 2, apipa: 3 }, 'NL80211_CRIT_PROTO_');
/** What of the protocol itself a kernel knows. */
export const nl80211ProtocolFeatures = flags(u32, { splitWiphyDump: 1 }, 'NL80211_PROTOCOL_FEATURE_');
/** What user space is to do. */
export const nl80211ExternalAuth = enumeration(u32, { start: 0, abort: 1 }, 'NL80211_EXTERNAL_AUTH_');
/** Microseconds between symbols. */
export const nl80211HeGi = enumeration(u8, { '0_8': 0, '1_6': 1, '3_2': 2 }, 'NL80211_RATE_INFO_HE_GI_');
/** Tones. */
export const nl80211HeRu = enumeration(u8, { '26': 0, '52': 1, '106': 2, '242': 3, '484': 4, '996': 5, '2x996': 6 }, 'NL80211_RATE_INFO_HE_RU_ALLOC_');
/** Microseconds between symbols. */
export const nl80211EhtGi = enumeration(u8, { '0_8': 0, '1_6': 1, '3_2': 2 }, 'NL80211_RATE_INFO_EHT_GI_');

/** Tones. */
export const nl80211EhtRu = enumeration(u8, {
  '26': 0, '52': 1, '52p26': 2, '106': 3, '106p26': 4, '242': 5, '484': 6, '484p242': 7, '996': 8, '996p484': 9, '996p484p242': 10, '2x996': 11,
  '2x996p484': 12, '3x996': 13, '3x996p484': 14, '4x996': 15,
}, 'NL80211_RATE_INFO_EHT_RU_ALLOC_');

/** How frames begin. */
export const nl80211Preamble = enumeration(u32, { legacy: 0, ht: 1, vht: 2, dmg: 3, he: 4 }, 'NL80211_PREAMBLE_');

/** Suites of IEEE 802.11 by OUI and number (include/linux/ieee80211.h): what frames are encrypted with. */
export const nl80211Cipher = enumeration(u32, {
  wep40: 0xfac01, tkip: 0xfac02, ccmp: 0xfac04, wep104: 0xfac05, aesCmac: 0xfac06, gcmp: 0xfac08, gcmp256: 0xfac09, ccmp256: 0xfac0a, bipGmac128: 0xfac0b, bipGmac256: 0xfac0c,
  bipCmac256: 0xfac0d,
});
/** How keys are come by. */
export const nl80211AkmSuite = enumeration(u32, {
  ieee8021x: 0xfac01, psk: 0xfac02, ft8021x: 0xfac03, ftPsk: 0xfac04, ieee8021xSha256: 0xfac05, pskSha256: 0xfac06, tdls: 0xfac07, sae: 0xfac08, ftOverSae: 0xfac09,
  ieee8021xSuiteB: 0xfac0b, ieee8021xSuiteB192: 0xfac0c, filsSha256: 0xfac0e, filsSha384: 0xfac0f, ftFilsSha256: 0xfac10, ftFilsSha384: 0xfac11, owe: 0xfac12,
});
