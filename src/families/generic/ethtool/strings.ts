/** Names of the bits, counters and switches that other messages number. Source: include/uapi/linux/ethtool_netlink.h, net/ethtool/strset.c. */
import { attrs, enumeration, flag, multi, string, u32 } from '../../../codec/index.ts';
import { EthtoolHeader } from './bitset.ts';

/** What is named. The first eight are a driver's own, but for features, hash functions and tunables. */
export const ethtoolStringset = enumeration(u32, {
  test: 0, stats: 1, privFlags: 2, ntupleFilters: 3, features: 4, rssHashFuncs: 5, tunables: 6, phyStats: 7, phyTunables: 8, linkModes: 9, msgClasses: 10, wolModes: 11,
  sofTimestamping: 12, tsTxTypes: 13, tsRxFilters: 14, udpTunnelTypes: 15, statsStd: 16, statsEthPhy: 17, statsEthMac: 18, statsEthCtrl: 19, statsRmon: 20, statsPhy: 21, tsFlags: 22,
}, 'ETH_SS_');

/** A name and its number. */
export class EthtoolString extends attrs('ETHTOOL_A_STRING_', { index: [1, u32], value: [2, string] }) {}
/** Names, in order of their numbers. */
export class EthtoolStrings extends attrs('ETHTOOL_A_STRINGS_', { string: [1, multi(EthtoolString)] }) {}
/** A set of names; what asks has the id alone. */
export class EthtoolStringSet extends attrs('ETHTOOL_A_STRINGSET_', { id: [1, ethtoolStringset], count: [2, u32], strings: [3, EthtoolStrings] }) {}
/** Sets of names. */
export class EthtoolStringSets extends attrs('ETHTOOL_A_STRINGSETS_', { stringset: [1, multi(EthtoolStringSet)] }) {}

/** Sets of names: those of the kernel where the header has no link, of a driver where it does. */
export class EthtoolStrset extends attrs('ETHTOOL_A_STRSET_', {
  header: [1, EthtoolHeader],
  stringsets: [2, EthtoolStringSets],
  /** How many, without the names. */
  countsOnly: [3, flag],
}) {}
