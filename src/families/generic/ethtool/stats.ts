/** Counters that standards name, in groups. Source: include/uapi/linux/ethtool_netlink.h, net/ethtool/stats.c; IEEE 802.3 clause 30, RFC 2819. */
import { attrs, enumeration, keyed, multi, pad, select, u32, u64 } from '../../../codec/index.ts';
import { EthtoolBitset, EthtoolHeader } from './bitset.ts';
import { ethtoolStatsSource } from './device.ts';
import { ethtoolStringset } from './strings.ts';

/** Groups of counters, which the string set `statsStd` names. */
export const ethtoolStatsGroup = enumeration(u32, { ethPhy: 0, ethMac: 1, ethCtrl: 2, rmon: 3, phy: 4 }, 'ETHTOOL_STATS_');

/** IEEE 802.3, 30.3.2. */
export class EthtoolStatsEthPhy extends attrs('ETHTOOL_A_STATS_ETH_PHY_', { symErr: [0, u64, 'ETHTOOL_A_STATS_ETH_PHY_5_SYM_ERR'] }) {}
/** IEEE 802.3, 30.3.1. */
export class EthtoolStatsEthMac extends attrs('ETHTOOL_A_STATS_ETH_MAC_', {
  txPkt: [0, u64, 'ETHTOOL_A_STATS_ETH_MAC_2_TX_PKT'],
  singleCol: [1, u64, 'ETHTOOL_A_STATS_ETH_MAC_3_SINGLE_COL'],
  multiCol: [2, u64, 'ETHTOOL_A_STATS_ETH_MAC_4_MULTI_COL'],
  rxPkt: [3, u64, 'ETHTOOL_A_STATS_ETH_MAC_5_RX_PKT'],
  fcsErr: [4, u64, 'ETHTOOL_A_STATS_ETH_MAC_6_FCS_ERR'],
  alignErr: [5, u64, 'ETHTOOL_A_STATS_ETH_MAC_7_ALIGN_ERR'],
  txBytes: [6, u64, 'ETHTOOL_A_STATS_ETH_MAC_8_TX_BYTES'],
  txDefer: [7, u64, 'ETHTOOL_A_STATS_ETH_MAC_9_TX_DEFER'],
  lateCol: [8, u64, 'ETHTOOL_A_STATS_ETH_MAC_10_LATE_COL'],
  xsCol: [9, u64, 'ETHTOOL_A_STATS_ETH_MAC_11_XS_COL'],
  txIntErr: [10, u64, 'ETHTOOL_A_STATS_ETH_MAC_12_TX_INT_ERR'],
  csErr: [11, u64, 'ETHTOOL_A_STATS_ETH_MAC_13_CS_ERR'],
  rxBytes: [12, u64, 'ETHTOOL_A_STATS_ETH_MAC_14_RX_BYTES'],
  rxIntErr: [13, u64, 'ETHTOOL_A_STATS_ETH_MAC_15_RX_INT_ERR'],
  txMcast: [14, u64, 'ETHTOOL_A_STATS_ETH_MAC_18_TX_MCAST'],
  txBcast: [15, u64, 'ETHTOOL_A_STATS_ETH_MAC_19_TX_BCAST'],
  xsDefer: [16, u64, 'ETHTOOL_A_STATS_ETH_MAC_20_XS_DEFER'],
  rxMcast: [17, u64, 'ETHTOOL_A_STATS_ETH_MAC_21_RX_MCAST'],
  rxBcast: [18, u64, 'ETHTOOL_A_STATS_ETH_MAC_22_RX_BCAST'],
  irLenErr: [19, u64, 'ETHTOOL_A_STATS_ETH_MAC_23_IR_LEN_ERR'],
  oorLen: [20, u64, 'ETHTOOL_A_STATS_ETH_MAC_24_OOR_LEN'],
  tooLongErr: [21, u64, 'ETHTOOL_A_STATS_ETH_MAC_25_TOO_LONG_ERR'],
}) {}
/** IEEE 802.3, 30.3.3. */
export class EthtoolStatsEthCtrl extends attrs('ETHTOOL_A_STATS_ETH_CTRL_', {
  tx: [0, u64, 'ETHTOOL_A_STATS_ETH_CTRL_3_TX'],
  rx: [1, u64, 'ETHTOOL_A_STATS_ETH_CTRL_4_RX'],
  rxUnsup: [2, u64, 'ETHTOOL_A_STATS_ETH_CTRL_5_RX_UNSUP'],
}) {}
/** RFC 2819. */
export class EthtoolStatsRmon extends attrs('ETHTOOL_A_STATS_RMON_', { undersize: [0, u64], oversize: [1, u64], frag: [2, u64], jabber: [3, u64] }) {}
/** What a PHY counts. */
export class EthtoolStatsPhy extends attrs('ETHTOOL_A_STATS_PHY_', { rxPkts: [0, u64], rxBytes: [1, u64], rxErrors: [2, u64], txPkts: [3, u64], txBytes: [4, u64], txErrors: [5, u64] }) {}

/** Packets of so many bytes. */
export class EthtoolStatsHistogram extends attrs('ETHTOOL_A_STATS_GRP_', { histBktLow: [7, u32], histBktHi: [8, u32], histVal: [9, u64] }) {}
/** A group: each counter is in a nest of its own. */
export class EthtoolStatsGroup extends attrs('ETHTOOL_A_STATS_GRP_', {
  pad: [1, pad],
  id: [2, ethtoolStatsGroup],
  /** The string set that names its counters. */
  ssId: [3, ethtoolStringset],
  stat: [4, multi(select('id', { ethPhy: EthtoolStatsEthPhy, ethMac: EthtoolStatsEthMac, ethCtrl: EthtoolStatsEthCtrl, rmon: EthtoolStatsRmon, phy: EthtoolStatsPhy }, keyed(u64)))],
  histRx: [5, multi(EthtoolStatsHistogram)],
  histTx: [6, multi(EthtoolStatsHistogram)],
}) {}

/** Counters of a link, in the groups that were asked for. */
export class EthtoolStats extends attrs('ETHTOOL_A_STATS_', {
  pad: [1, pad],
  header: [2, EthtoolHeader],
  groups: [3, EthtoolBitset],
  grp: [4, multi(EthtoolStatsGroup)],
  src: [5, ethtoolStatsSource],
}) {}
