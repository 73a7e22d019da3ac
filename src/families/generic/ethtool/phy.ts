/** What PHYs do: energy, errors corrected, frames preempted, buses shared, power fed. Source: include/uapi/linux/ethtool_netlink.h, net/ethtool/eee.c, fec.c, mm.c, plca.c, pse-pd.c, phy.c, mse.c. */
import { attrs, enumeration, list, multi, pad, string, u16, u32, u64, u8, uint } from '../../../codec/index.ts';
import { EthtoolBitset, EthtoolHeader } from './bitset.ts';

/** Energy-Efficient Ethernet (IEEE 802.3az). */
export class EthtoolEee extends attrs('ETHTOOL_A_EEE_', {
  header: [1, EthtoolHeader],
  /** In the mask: what the link can; among those, what it offers. */
  modesOurs: [2, EthtoolBitset],
  modesPeer: [3, EthtoolBitset],
  active: [4, u8],
  enabled: [5, u8],
  txLpiEnabled: [6, u8],
  /** Microseconds of rest before it sleeps. */
  txLpiTimer: [7, u32],
}) {}

/** How many blocks had so many errors. */
export class EthtoolFecHistogram extends attrs('ETHTOOL_A_FEC_HIST_', { pad: [1, pad], binLow: [2, u32], binHigh: [3, u32], binVal: [4, uint], binValPerLane: [5, list(u64)] }) {}
/** Counters: of the port first, then of each lane. */
export class EthtoolFecStat extends attrs('ETHTOOL_A_FEC_STAT_', {
  pad: [1, pad],
  corrected: [2, list(u64)],
  uncorr: [3, list(u64)],
  corrBits: [4, list(u64)],
  hist: [5, multi(EthtoolFecHistogram)],
}) {}
/** Forward error correction. */
export class EthtoolFec extends attrs('ETHTOOL_A_FEC_', {
  header: [1, EthtoolHeader],
  /** Bits of the string set `linkModes`. */
  modes: [2, EthtoolBitset],
  auto: [3, u8],
  /** The bit of the one that is on. */
  active: [4, u32],
  stats: [5, EthtoolFecStat],
}) {}

/** Counters of frames in parts. */
export class EthtoolMmStat extends attrs('ETHTOOL_A_MM_STAT_', {
  pad: [1, pad],
  reassemblyErrors: [2, u64],
  smdErrors: [3, u64],
  reassemblyOk: [4, u64],
  rxFragCount: [5, u64],
  txFragCount: [6, u64],
  holdCount: [7, u64],
}) {}
export const ethtoolMmVerifyStatus = enumeration(u8, { unknown: 0, initial: 1, verifying: 2, succeeded: 3, failed: 4, disabled: 5 }, 'ETHTOOL_MM_VERIFY_STATUS_');
/** The MAC merge layer: frames that give way to others (IEEE 802.3br, 802.1Qbu). */
export class EthtoolMm extends attrs('ETHTOOL_A_MM_', {
  header: [1, EthtoolHeader],
  pmacEnabled: [2, u8],
  txEnabled: [3, u8],
  txActive: [4, u8],
  /** Bytes. */
  txMinFragSize: [5, u32],
  rxMinFragSize: [6, u32],
  verifyEnabled: [7, u8],
  verifyStatus: [8, ethtoolMmVerifyStatus],
  /** Milliseconds. */
  verifyTime: [9, u32],
  maxVerifyTime: [10, u32],
  stats: [11, EthtoolMmStat],
}) {}

/** Turns on a bus of several PHYs (10BASE-T1S, IEEE 802.3cg clause 148). */
export class EthtoolPlca extends attrs('ETHTOOL_A_PLCA_', {
  header: [1, EthtoolHeader],
  /** Of the memory map (OPEN Alliance): 0x0A01 and the like. */
  plcaVersion: [2, u16, 'ETHTOOL_A_PLCA_VERSION'],
  enabled: [3, u8],
  status: [4, u8],
  nodeCnt: [5, u32],
  nodeId: [6, u32],
  /** Bit times. */
  toTmr: [7, u32],
  burstCnt: [8, u32],
  burstTmr: [9, u32],
}) {}

/** Between which powers a limit may be, in mW. */
export class EthtoolPsePowerLimit extends attrs('ETHTOOL_A_C33_PSE_PW_LIMIT_', { min: [1, u32], max: [2, u32] }) {}
const podlAdmin = enumeration(u32, { unknown: 1, disabled: 2, enabled: 3 }, 'ETHTOOL_PODL_PSE_ADMIN_STATE_');
const podlStatus = enumeration(u32, { unknown: 1, disabled: 2, searching: 3, delivering: 4, sleep: 5, idle: 6, error: 7 }, 'ETHTOOL_PODL_PSE_PW_D_STATUS_');
const c33Admin = enumeration(u32, { unknown: 1, disabled: 2, enabled: 3 }, 'ETHTOOL_C33_PSE_ADMIN_STATE_');
const c33Status = enumeration(u32, { unknown: 1, disabled: 2, searching: 3, delivering: 4, test: 5, fault: 6, otherfault: 7 }, 'ETHTOOL_C33_PSE_PW_D_STATUS_');
const c33Extended = enumeration(u32, {
  errorCondition: 1, mrMpsValid: 2, mrPseEnable: 3, optionDetectTed: 4, optionVportLim: 5, ovldDetected: 6, pdDllPowerType: 7, powerNotAvailable: 8, shortDetected: 9,
}, 'ETHTOOL_C33_PSE_EXT_STATE_');
/** Power over Ethernet that a port feeds: over one pair (PoDL), or IEEE 802.3 clause 33. */
export class EthtoolPse extends attrs('ETHTOOL_A_', {
  header: [1, EthtoolHeader, 'ETHTOOL_A_PSE_HEADER'],
  podlPseAdminState: [2, podlAdmin],
  podlPseAdminControl: [3, podlAdmin],
  podlPsePwDStatus: [4, podlStatus],
  c33PseAdminState: [5, c33Admin],
  c33PseAdminControl: [6, c33Admin],
  c33PsePwDStatus: [7, c33Status],
  c33PsePwClass: [8, u32],
  /** mW. */
  c33PseActualPw: [9, u32],
  c33PseExtState: [10, c33Extended],
  /** More of it: ETHTOOL_C33_PSE_EXT_SUBSTATE_*, numbered for each state anew. */
  c33PseExtSubstate: [11, u32],
  /** mW. */
  c33PseAvailPwLimit: [12, u32],
  c33PsePwLimitRanges: [13, multi(EthtoolPsePowerLimit)],
  /** The domain whose power it draws from. */
  psePwDId: [14, u32],
  psePrioMax: [15, u32],
  psePrio: [16, u32],
}) {}
/** What happened to it: bits ETHTOOL_PSE_EVENT_* and ETHTOOL_C33_PSE_EVENT_*. */
export class EthtoolPseEvent extends attrs('ETHTOOL_A_PSE_NTF_', { header: [1, EthtoolHeader], events: [2, uint] }) {}

const upstream = enumeration(u32, { mac: 0, phy: 1 }, 'PHY_UPSTREAM_');
/** A PHY, and what it is on. */
export class EthtoolPhy extends attrs('ETHTOOL_A_PHY_', {
  header: [1, EthtoolHeader],
  index: [2, u32],
  drvname: [3, string],
  name: [4, string],
  upstreamType: [5, upstream],
  upstreamIndex: [6, u32],
  upstreamSfpName: [7, string],
  downstreamSfpName: [8, string],
}) {}

/** How the error of a signal is measured. */
export class EthtoolMseCapabilities extends attrs('ETHTOOL_A_MSE_CAPABILITIES_', { maxAverageMse: [1, uint], maxPeakMse: [2, uint], refreshRatePs: [3, uint], numSymbols: [4, uint] }) {}
/** The mean square error of a signal. */
export class EthtoolMseSnapshot extends attrs('ETHTOOL_A_MSE_SNAPSHOT_', { averageMse: [1, uint], peakMse: [2, uint], worstPeakMse: [3, uint] }) {}
/** The mean square errors of a link's pairs. */
export class EthtoolMse extends attrs('ETHTOOL_A_MSE_', {
  header: [1, EthtoolHeader],
  capabilities: [2, EthtoolMseCapabilities],
  channelA: [3, EthtoolMseSnapshot],
  channelB: [4, EthtoolMseSnapshot],
  channelC: [5, EthtoolMseSnapshot],
  channelD: [6, EthtoolMseSnapshot],
  worstChannel: [7, EthtoolMseSnapshot],
  link: [8, EthtoolMseSnapshot],
}) {}
