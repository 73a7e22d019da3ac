/** nl802154: low-rate wireless personal networks (IEEE 802.15.4). Addresses and networks are in little endian, as on the air. Source: include/net/nl802154.h, net/ieee802154/nl802154.c. */
import { attrs, be32, binary, enumeration, flag, genericFamily, indexed, keyed, multi, pad, s32, s8, string, u16, u32, u64, u8 } from '../../codec/index.ts';

/** What an interface is. */
export const wpanIftype = enumeration(u32, { node: 0, monitor: 1, coord: 2 }, 'NL802154_IFTYPE_');
/** How a channel is found to be free. */
export const wpanCcaMode = enumeration(u32, { energy: 1, carrier: 2, energyCarrier: 3, aloha: 4, uwbShr: 5, uwbMultiplexed: 6 }, 'NL802154_CCA_');
/** Whether both must say so, or one. */
export const wpanCcaOption = enumeration(u32, { energyCarrierAnd: 0, energyCarrierOr: 1 }, 'NL802154_CCA_OPT_');
/** What is looked for. */
export const wpanScanType = enumeration(u8, { ed: 1, active: 2, passive: 3, orphan: 4, enhancedActive: 5, ritPassive: 6 }, 'NL802154_SCAN_');
/** Why looking ended. */
export const wpanScanDone = enumeration(u8, { finished: 1, aborted: 2 }, 'NL802154_SCAN_DONE_REASON_');
/** How long an address is. */
export const wpanAddressMode = enumeration(u32, { none: 0, short: 2, extended: 3 }, 'NL802154_DEV_ADDR_');
/** How a key is named. */
export const wpanKeyIdMode = enumeration(u32, { implicit: 0, index: 1, indexShort: 2, indexExtended: 3 }, 'NL802154_KEY_ID_MODE_');
/** What a frame is secured by. */
export const wpanSecurityLevel = enumeration(u32, { none: 0, mic32: 1, mic64: 2, mic128: 3, enc: 4, encMic32: 5, encMic64: 6, encMic128: 7 });
/** Which keys a device may use. */
export const wpanDeviceKeyMode = enumeration(u32, { ignore: 0, restrict: 1, record: 2 }, 'NL802154_DEVKEY_');

/** What a radio can. */
export class WpanCapabilities extends attrs('NL802154_CAP_ATTR_', {
  iftypes: [1, keyed(flag)],
  /** By page: bits. */
  channels: [2, keyed(u32)],
  /** Hundredths of dBm. */
  txPowers: [3, indexed(s32, 0)],
  /** Hundredths of dBm. */
  ccaEdLevels: [4, indexed(s32, 0)],
  ccaModes: [5, keyed(flag)],
  ccaOpts: [6, keyed(flag)],
  minMinbe: [7, u8],
  maxMinbe: [8, u8],
  minMaxbe: [9, u8],
  maxMaxbe: [10, u8],
  minCsmaBackoffs: [11, u8],
  maxCsmaBackoffs: [12, u8],
  minFrameRetries: [13, s8],
  maxFrameRetries: [14, s8],
  /** 0 off, 1 on, 3 either. */
  lbt: [15, u32],
}) {}

/** A coordinator that was heard. */
export class WpanCoordinator extends attrs('NL802154_COORD_', {
  panid: [1, u16],
  addr: [2, binary],
  channel: [3, u8],
  page: [4, u8],
  preambleCode: [5, u8],
  meanPrf: [6, u8],
  superframeSpec: [7, u16],
  linkQuality: [8, u8],
  gtsPermit: [9, flag],
  payloadData: [10, binary],
  pad: [11, pad],
}) {}

/** The address of a device. */
export class WpanDeviceAddress extends attrs('NL802154_DEV_ADDR_ATTR_', {
  panId: [1, u16],
  mode: [2, wpanAddressMode],
  short: [3, u16],
  extended: [4, u64],
  pad: [5, pad],
}) {}

/** Which key. */
export class WpanKeyId extends attrs('NL802154_KEY_ID_ATTR_', {
  mode: [1, wpanKeyIdMode],
  index: [2, u8],
  implicit: [3, WpanDeviceAddress],
  sourceShort: [4, u32],
  sourceExtended: [5, u64],
  pad: [6, pad],
}) {}

/** What frames of a kind must have. */
export class WpanSecurityLevel extends attrs('NL802154_SECLEVEL_ATTR_', { levels: [1, u32], frame: [2, u32], cmdFrame: [3, u32], devOverride: [4, u8] }) {}

/** Another device. */
export class WpanDevice extends attrs('NL802154_DEV_ATTR_', {
  frameCounter: [1, u32],
  panId: [2, u16],
  shortAddr: [3, u16],
  extendedAddr: [4, u64],
  seclevelExempt: [5, u8],
  keyMode: [6, wpanDeviceKeyMode],
  pad: [7, pad],
}) {}

/** A key of a device. */
export class WpanDeviceKey extends attrs('NL802154_DEVKEY_ATTR_', { frameCounter: [1, u32], extendedAddr: [2, u64], id: [3, WpanKeyId], pad: [4, pad] }) {}
/** A key. */
export class WpanKey extends attrs('NL802154_KEY_ATTR_', { id: [1, WpanKeyId], usageFrames: [2, u8], usageCmds: [3, binary], bytes: [4, binary] }) {}
/** The channels of a page: bits. */
export class WpanChannels extends attrs('NL802154_ATTR_', { supportedChannel: [22, multi(u32)] }) {}

/** A radio, an interface, or what it knows. */
export class WpanState extends attrs('NL802154_ATTR_', {
  wpanPhy: [1, u32],
  wpanPhyName: [2, string],
  ifindex: [3, u32],
  ifname: [4, string],
  iftype: [5, wpanIftype],
  wpanDev: [6, u64],
  page: [7, u8],
  channel: [8, u8],
  panId: [9, u16],
  shortAddr: [10, u16],
  /** Hundredths of dBm. */
  txPower: [11, s32],
  ccaMode: [12, wpanCcaMode],
  ccaOpt: [13, wpanCcaOption],
  /** Hundredths of dBm. */
  ccaEdLevel: [14, s32],
  maxFrameRetries: [15, s8],
  maxBe: [16, u8],
  minBe: [17, u8],
  maxCsmaBackoffs: [18, u8],
  lbtMode: [19, u8],
  generation: [20, u32],
  /** By page: bits. */
  channelsSupported: [21, WpanChannels],
  extendedAddr: [23, u64],
  wpanPhyCaps: [24, WpanCapabilities],
  supportedCommands: [25, indexed(u32)],
  ackreqDefault: [26, u8],
  pad: [27, pad],
  pid: [28, u32],
  netnsFd: [29, u32],
  coordinator: [30, WpanCoordinator],
  scanType: [31, wpanScanType],
  scanFlags: [32, u32],
  scanChannels: [33, u32],
  scanPreambleCodes: [34, u64],
  scanMeanPrf: [35, u8],
  scanDuration: [36, u8],
  scanDoneReason: [37, wpanScanDone],
  beaconInterval: [38, u8],
  secEnabled: [39, u8],
  secOutLevel: [40, wpanSecurityLevel],
  secOutKeyId: [41, WpanKeyId],
  secFrameCounter: [42, be32],
  secLevel: [43, WpanSecurityLevel],
  secDevice: [44, WpanDevice],
  secDevkey: [45, WpanDeviceKey],
  secKey: [46, WpanKey],
}) {}

/** nl802154. */
export const nl802154 = genericFamily('nl802154', 1, {
  prefix: 'NL802154_CMD_',
  commands: {
    getWpanPhy: [1, WpanState],
    setWpanPhy: [2, WpanState],
    newWpanPhy: [3, WpanState],
    delWpanPhy: [4, WpanState],
    getInterface: [5, WpanState],
    setInterface: [6, WpanState],
    newInterface: [7, WpanState],
    delInterface: [8, WpanState],
    setChannel: [9, WpanState],
    setPanId: [10, WpanState],
    setShortAddr: [11, WpanState],
    setTxPower: [12, WpanState],
    setCcaMode: [13, WpanState],
    setCcaEdLevel: [14, WpanState],
    setMaxFrameRetries: [15, WpanState],
    setBackoffExponent: [16, WpanState],
    setMaxCsmaBackoffs: [17, WpanState],
    setLbtMode: [18, WpanState],
    setAckreqDefault: [19, WpanState],
    setWpanPhyNetns: [20, WpanState],
    setSecParams: [21, WpanState],
    getSecKey: [22, WpanState],
    newSecKey: [23, WpanState],
    delSecKey: [24, WpanState],
    getSecDev: [25, WpanState],
    newSecDev: [26, WpanState],
    delSecDev: [27, WpanState],
    getSecDevkey: [28, WpanState],
    newSecDevkey: [29, WpanState],
    delSecDevkey: [30, WpanState],
    getSecLevel: [31, WpanState],
    newSecLevel: [32, WpanState],
    delSecLevel: [33, WpanState],
    scanEvent: [34, WpanState],
    triggerScan: [35, WpanState],
    abortScan: [36, WpanState],
    scanDone: [37, WpanState],
    sendBeacons: [38, WpanState],
    stopBeacons: [39, WpanState],
    associate: [40, WpanState],
  },
  groups: { config: 'config', scan: 'scan', mlme: 'mlme' },
  config: 'CONFIG_IEEE802154',
  module: 'ieee802154',
});
