/** Timestamps of packets, and clocks. Source: include/uapi/linux/ethtool_netlink.h, net/ethtool/tsinfo.c, tsconfig.c, phc_vclocks.c. */
import { attrs, enumeration, list, s32, u32, uint } from '../../../codec/index.ts';
import { EthtoolBitset, EthtoolHeader } from './bitset.ts';

/** Packets with timestamps. */
export class EthtoolTimestampStat extends attrs('ETHTOOL_A_TS_STAT_', { txPkts: [1, uint], txLost: [2, uint], txErr: [3, uint], txOnestepPktsUnconfirmed: [4, uint] }) {}
/** Which clock, of those that a link has. */
export class EthtoolTimestampProvider extends attrs('ETHTOOL_A_TS_HWTSTAMP_PROVIDER_', { /** N of /dev/ptpN. */ index: [1, u32], qualifier: [2, u32] }) {}
const source = enumeration(u32, { netdev: 1, phylib: 2 }, 'HWTSTAMP_SOURCE_');

/** What timestamps a link can give. */
export class EthtoolTimestamps extends attrs('ETHTOOL_A_TSINFO_', {
  header: [1, EthtoolHeader],
  timestamping: [2, EthtoolBitset],
  txTypes: [3, EthtoolBitset],
  rxFilters: [4, EthtoolBitset],
  /** N of /dev/ptpN; absent where there is no clock. */
  phcIndex: [5, u32],
  stats: [6, EthtoolTimestampStat],
  hwtstampProvider: [7, EthtoolTimestampProvider],
  hwtstampSource: [8, source],
  hwtstampPhyindex: [9, u32],
}) {}

/** What timestamps it gives. */
export class EthtoolTimestampConfig extends attrs('ETHTOOL_A_TSCONFIG_', {
  header: [1, EthtoolHeader],
  hwtstampProvider: [2, EthtoolTimestampProvider],
  txTypes: [3, EthtoolBitset],
  rxFilters: [4, EthtoolBitset],
  hwtstampFlags: [5, EthtoolBitset],
}) {}

/** Virtual clocks that stand on a link's. */
export class EthtoolVirtualClocks extends attrs('ETHTOOL_A_PHC_VCLOCKS_', { header: [1, EthtoolHeader], num: [2, u32], index: [3, list(s32)] }) {}
