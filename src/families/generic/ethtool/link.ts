/** A link's port, speed and carrier, what it logs, and what wakes it. Source: include/uapi/linux/ethtool_netlink.h, net/ethtool/linkinfo.c, linkmodes.c, linkstate.c, debug.c, wol.c. */
import { attrs, binary, enumeration, u32, u8 } from '../../../codec/index.ts';
import { EthtoolBitset, EthtoolHeader } from './bitset.ts';

/** Connector. */
export const ethtoolPort = enumeration(u8, { tp: 0, aui: 1, mii: 2, fibre: 3, bnc: 4, da: 5, none: 0xef, other: 0xff }, 'PORT_');
/** Whether pairs are crossed: told, or asked for. */
export const ethtoolMdix = enumeration(u8, { mdiInvalid: 0, mdi: 1, mdiX: 2, mdiAuto: 3 }, 'ETH_TP_');
const transceiver = enumeration(u8, { internal: 0, external: 1 }, 'XCVR_');
export const ethtoolDuplex = enumeration(u8, { half: 0, full: 1, unknown: 0xff }, 'DUPLEX_');
/** Who keeps time on a pair, as it was asked for. */
export const ethtoolMasterSlaveConfig = enumeration(u8, { unsupported: 0, unknown: 1, masterPreferred: 2, slavePreferred: 3, masterForce: 4, slaveForce: 5 }, 'MASTER_SLAVE_CFG_');
/** Who does. */
export const ethtoolMasterSlaveState = enumeration(u8, { unsupported: 0, unknown: 1, master: 2, slave: 3, err: 4 }, 'MASTER_SLAVE_STATE_');
const rateMatching = enumeration(u8, { none: 0, pause: 1, crs: 2, openLoop: 3 }, 'RATE_MATCH_');
/** Why there is no carrier. */
export const ethtoolExtState = enumeration(u8, {
  autoneg: 0, linkTrainingFailure: 1, linkLogicalMismatch: 2, badSignalIntegrity: 3, noCable: 4, cableIssue: 5, eepromIssue: 6, calibrationFailure: 7, powerBudgetExceeded: 8, overheat: 9,
  module: 10, otpSpeedViolation: 11, bmcRequestDown: 12,
}, 'ETHTOOL_LINK_EXT_STATE_');

/** Port and transceiver. */
export class EthtoolLinkInfo extends attrs('ETHTOOL_A_LINKINFO_', {
  header: [1, EthtoolHeader],
  port: [2, ethtoolPort],
  phyaddr: [3, u8],
  tpMdix: [4, ethtoolMdix],
  tpMdixCtrl: [5, ethtoolMdix],
  transceiver: [6, transceiver],
}) {}

/** Speed, and what was negotiated of which modes. */
export class EthtoolLinkModes extends attrs('ETHTOOL_A_LINKMODES_', {
  header: [1, EthtoolHeader],
  autoneg: [2, u8],
  /** In the mask: what the link can; among those, what it offers. */
  ours: [3, EthtoolBitset],
  /** What the other side offers. */
  peer: [4, EthtoolBitset],
  /** Mbit/s; 0xffffffff: not known. */
  speed: [5, u32],
  duplex: [6, ethtoolDuplex],
  masterSlaveCfg: [7, ethtoolMasterSlaveConfig],
  masterSlaveState: [8, ethtoolMasterSlaveState],
  lanes: [9, u32],
  rateMatching: [10, rateMatching],
}) {}

/** Carrier. */
export class EthtoolLinkState extends attrs('ETHTOOL_A_LINKSTATE_', {
  header: [1, EthtoolHeader],
  link: [2, u8],
  /** How good the signal is, of at most `sqiMax`. */
  sqi: [3, u32],
  sqiMax: [4, u32],
  extState: [5, ethtoolExtState],
  /** More of it: ETHTOOL_LINK_EXT_SUBSTATE_*, numbered for each state anew. */
  extSubstate: [6, u8],
  /** How often the carrier went since the link exists. */
  extDownCnt: [7, u32],
}) {}

/** What a driver logs. */
export class EthtoolDebug extends attrs('ETHTOOL_A_DEBUG_', { header: [1, EthtoolHeader], msgmask: [2, EthtoolBitset] }) {}

/** What wakes the machine. */
export class EthtoolWol extends attrs('ETHTOOL_A_WOL_', {
  header: [1, EthtoolHeader],
  /** In the mask: what the link can. */
  modes: [2, EthtoolBitset],
  /** Six bytes that a magic packet must have. */
  sopass: [3, binary],
}) {}
