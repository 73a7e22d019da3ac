/** Numbers of the commands. Source: include/uapi/linux/nl80211.h, net/wireless/nl80211.c. */
import { enumeration, u32 } from '../../../codec/index.ts';

/** NL80211_CMD_*: all take and give the same attributes. */
export const nl80211Commands = {
  getWiphy: 1, setWiphy: 2, newWiphy: 3, delWiphy: 4, getInterface: 5, setInterface: 6, newInterface: 7, delInterface: 8, getKey: 9, setKey: 10,
  newKey: 11, delKey: 12, getBeacon: 13, setBeacon: 14, startAp: 15, stopAp: 16, getStation: 17, setStation: 18, newStation: 19, delStation: 20,
  getMpath: 21, setMpath: 22, newMpath: 23, delMpath: 24, setBss: 25, setReg: 26, reqSetReg: 27, getMeshConfig: 28, setMeshConfig: 29,
  setMgmtExtraIe: 30, getReg: 31, getScan: 32, triggerScan: 33, newScanResults: 34, scanAborted: 35, regChange: 36, authenticate: 37, associate: 38,
  deauthenticate: 39, disassociate: 40, michaelMicFailure: 41, regBeaconHint: 42, joinIbss: 43, leaveIbss: 44, testmode: 45, connect: 46, roam: 47,
  disconnect: 48, setWiphyNetns: 49, getSurvey: 50, newSurveyResults: 51, setPmksa: 52, delPmksa: 53, flushPmksa: 54, remainOnChannel: 55,
  cancelRemainOnChannel: 56, setTxBitrateMask: 57, registerFrame: 58, frame: 59, frameTxStatus: 60, setPowerSave: 61, getPowerSave: 62, setCqm: 63,
  notifyCqm: 64, setChannel: 65, setWdsPeer: 66, frameWaitCancel: 67, joinMesh: 68, leaveMesh: 69, unprotDeauthenticate: 70, unprotDisassociate: 71,
  newPeerCandidate: 72, getWowlan: 73, setWowlan: 74, startSchedScan: 75, stopSchedScan: 76, schedScanResults: 77, schedScanStopped: 78,
  setRekeyOffload: 79, pmksaCandidate: 80, tdlsOper: 81, tdlsMgmt: 82, unexpectedFrame: 83, probePeer: 84, registerBeacons: 85,
  unexpected_4addrFrame: 86, setNoackMap: 87, chSwitchNotify: 88, startP2pDevice: 89, stopP2pDevice: 90, connFailed: 91, setMcastRate: 92,
  setMacAcl: 93, radarDetect: 94, getProtocolFeatures: 95, updateFtIes: 96, ftEvent: 97, critProtocolStart: 98, critProtocolStop: 99,
  getCoalesce: 100, setCoalesce: 101, channelSwitch: 102, vendor: 103, setQosMap: 104, addTxTs: 105, delTxTs: 106, getMpp: 107, joinOcb: 108,
  leaveOcb: 109, chSwitchStartedNotify: 110, tdlsChannelSwitch: 111, tdlsCancelChannelSwitch: 112, wiphyRegChange: 113, abortScan: 114,
  startNan: 115, stopNan: 116, addNanFunction: 117, delNanFunction: 118, changeNanConfig: 119, nanMatch: 120, setMulticastToUnicast: 121,
  updateConnectParams: 122, setPmk: 123, delPmk: 124, portAuthorized: 125, reloadRegdb: 126, externalAuth: 127, staOpmodeChanged: 128,
  controlPortFrame: 129, getFtmResponderStats: 130, peerMeasurementStart: 131, peerMeasurementResult: 132, peerMeasurementComplete: 133,
  notifyRadar: 134, updateOweInfo: 135, probeMeshLink: 136, setTidConfig: 137, unprotBeacon: 138, controlPortFrameTxStatus: 139, setSarSpecs: 140,
  obssColorCollision: 141, colorChangeRequest: 142, colorChangeStarted: 143, colorChangeAborted: 144, colorChangeCompleted: 145, setFilsAad: 146,
  assocComeback: 147, addLink: 148, removeLink: 149, addLinkSta: 150, modifyLinkSta: 151, removeLinkSta: 152, setHwTimestamp: 153, linksRemoved: 154,
  setTidToLinkMapping: 155, assocMloReconf: 156, epcsCfg: 157, nanNextDwNotification: 158, nanClusterJoined: 159, incumbentSignalDetect: 160,
  nanSetLocalSched: 161, nanSchedUpdateDone: 162, nanSetPeerSched: 163, nanUlwUpdate: 164, nanChannelEvac: 165, startPd: 166, stopPd: 167,
} as const;
/** The same as a value: which commands a radio has. */
export const nl80211Command = enumeration(u32, nl80211Commands, 'NL80211_CMD_');
