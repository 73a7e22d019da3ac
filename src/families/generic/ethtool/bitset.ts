/** What all messages of ethtool are made of: whose they are, and sets of bits. Source: include/uapi/linux/ethtool_netlink.h, net/ethtool/netlink.c, net/ethtool/bitset.c. */
import { attrs, bitmap, flag, flags, multi, string, u32 } from '../../../codec/index.ts';

/** How to answer: bits as bitmaps and not by name, no answer to a change, counters too. */
export const ethtoolFlags = flags(u32, { compactBitsets: 1, omitReply: 2, stats: 4 }, 'ETHTOOL_FLAG_');

/** Whose: a link by number or name, both in what the kernel sends. Dumps are of all links and have neither. */
export class EthtoolHeader extends attrs('ETHTOOL_A_HEADER_', {
  devIndex: [1, u32],
  devName: [2, string],
  flags: [3, ethtoolFlags],
  /** Which PHY of the link, where it has several. */
  phyIndex: [4, u32],
}) {}

/** A bit by number or name. */
export class EthtoolBit extends attrs('ETHTOOL_A_BITSET_BIT_', {
  index: [1, u32],
  name: [2, string],
  /** Whether it is set: not said in a set without a mask, whose bits are set. */
  value: [3, flag],
}) {}
/** Bits, one by one. */
export class EthtoolBits extends attrs('ETHTOOL_A_BITSET_BITS_', { bit: [1, multi(EthtoolBit)] }) {}

/** Some bits of a set, and which of those are set: one by one in `bits`, or `value` under `mask`. */
export class EthtoolBitset extends attrs('ETHTOOL_A_BITSET_', {
  /** It is the whole set: bits that are not listed are not set. */
  nomask: [1, flag],
  /** Bits that there are. */
  size: [2, u32],
  bits: [3, EthtoolBits],
  value: [4, bitmap],
  mask: [5, bitmap],
}) {}
