/** nfc: near field communication. Source: include/uapi/linux/nfc.h, net/nfc/netlink.c. */
import { attrs, binary, enumeration, flags, genericFamily, indexed, string, u16, u32, u8 } from '../../codec/index.ts';

/** Protocols of targets: bits NFC_PROTO_*_MASK. */
export const nfcProtocols = flags(u32, { jewel: 2, mifare: 4, felica: 8, iso14443: 0x10, nfcDep: 0x20, iso14443B: 0x40, iso15693: 0x80 });
/** Who makes the field while both ends talk. */
export const nfcCommMode = enumeration(u8, { active: 0, passive: 1 }, 'NFC_COMM_');
/** Which end a device is. */
export const nfcRfMode = enumeration(u8, { initiator: 0, target: 1, none: 2 }, 'NFC_RF_');

/** A service of the other end, and its address. */
export class NfcService extends attrs('NFC_SDP_ATTR_', { uri: [1, string], sap: [2, u8] }) {}

/** A device, a target, or a secure element. */
export class NfcState extends attrs('NFC_ATTR_', {
  deviceIndex: [1, u32],
  deviceName: [2, string],
  protocols: [3, nfcProtocols],
  targetIndex: [4, u32],
  targetSensRes: [5, u16],
  targetSelRes: [6, u8],
  targetNfcid1: [7, binary],
  targetSensbRes: [8, binary],
  targetSensfRes: [9, binary],
  commMode: [10, nfcCommMode],
  rfMode: [11, nfcRfMode],
  devicePowered: [12, u8],
  /** Polled for. */
  imProtocols: [13, nfcProtocols],
  /** Listened for. */
  tmProtocols: [14, nfcProtocols],
  /** 10 milliseconds. */
  llcParamLto: [15, u8],
  llcParamRw: [16, u8],
  llcParamMiux: [17, u16],
  se: [18, binary],
  llcSdp: [19, indexed(NfcService)],
  firmwareName: [20, string],
  seIndex: [21, u32],
  seType: [22, u8],
  seAid: [23, binary],
  firmwareDownloadStatus: [24, u32],
  seApdu: [25, binary],
  targetIso15693Dsfid: [26, u8],
  targetIso15693Uid: [27, binary],
  seParams: [28, binary],
  vendorId: [29, u32],
  vendorSubcmd: [30, u32],
  vendorData: [31, binary],
  targetAts: [32, binary],
}) {}

/** nfc. */
export const nfc = genericFamily('nfc', 1, {
  prefix: 'NFC_CMD_',
  commands: {
    getDevice: [1, NfcState],
    devUp: [2, NfcState],
    devDown: [3, NfcState],
    depLinkUp: [4, NfcState],
    depLinkDown: [5, NfcState],
    startPoll: [6, NfcState],
    stopPoll: [7, NfcState],
    getTarget: [8, NfcState],
    targetsFound: [9, NfcState, 'NFC_EVENT_TARGETS_FOUND'],
    deviceAdded: [10, NfcState, 'NFC_EVENT_DEVICE_ADDED'],
    deviceRemoved: [11, NfcState, 'NFC_EVENT_DEVICE_REMOVED'],
    targetLost: [12, NfcState, 'NFC_EVENT_TARGET_LOST'],
    tmActivated: [13, NfcState, 'NFC_EVENT_TM_ACTIVATED'],
    tmDeactivated: [14, NfcState, 'NFC_EVENT_TM_DEACTIVATED'],
    llcGetParams: [15, NfcState],
    llcSetParams: [16, NfcState],
    enableSe: [17, NfcState],
    disableSe: [18, NfcState],
    llcSdreq: [19, NfcState],
    llcSdres: [20, NfcState, 'NFC_EVENT_LLC_SDRES'],
    fwDownload: [21, NfcState],
    seAdded: [22, NfcState, 'NFC_EVENT_SE_ADDED'],
    seRemoved: [23, NfcState, 'NFC_EVENT_SE_REMOVED'],
    seConnectivity: [24, NfcState, 'NFC_EVENT_SE_CONNECTIVITY'],
    seTransaction: [25, NfcState, 'NFC_EVENT_SE_TRANSACTION'],
    getSe: [26, NfcState],
    seIo: [27, NfcState],
    activateTarget: [28, NfcState],
    vendor: [29, NfcState],
    deactivateTarget: [30, NfcState],
  },
  groups: { events: 'events' },
  config: 'CONFIG_NFC',
  module: 'nfc',
});
