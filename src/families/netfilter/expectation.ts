/** Connections that are expected after one: a data connection of FTP. Source: include/uapi/linux/netfilter/nfnetlink_conntrack.h, net/netfilter/nf_conntrack_netlink.c. */
import { attrs, be16, be32, enumeration, flags, message, string } from '../../codec/index.ts';
import { ctDirections } from './expressions/state.ts';
import { Tuple } from './conntrack.ts';
import { Nfgenmsg } from './header.ts';

/** To what an expected connection is translated when it comes. */
export class ExpectNat extends attrs('CTA_EXPECT_NAT_', {
  dir: [1, enumeration(be32, ctDirections, 'IP_CT_DIR_')],
  tuple: [2, Tuple],
}) {}
export class ExpectationAttrs extends attrs('CTA_EXPECT_', {
  /** The connection that made it be expected: its original direction. */
  master: [1, Tuple],
  /** What is expected, and which bits of it count. */
  tuple: [2, Tuple],
  mask: [3, Tuple],
  /** Seconds. */
  timeout: [4, be32],
  id: [5, be32],
  helpName: [6, string],
  zone: [7, be16],
  flags: [8, flags(be32, { permanent: 1, inactive: 2, userspace: 4 }, 'NF_CT_EXPECT_')],
  /** Of the helper's classes: which. */
  class: [9, be32],
  nat: [10, ExpectNat],
  /** The function of the kernel that sees to it: "nat-follow-master". */
  fn: [11, string],
}) {}
export class Expectation extends message('expectation', Nfgenmsg, ExpectationAttrs) {}

export class ExpectationStatsAttrs extends attrs('CTA_STATS_EXP_', { new: [1, be32], create: [2, be32], delete: [3, be32] }) {}
/** What one processor counted: `resId` is its number. */
export class ExpectationStats extends message('expectationStats', Nfgenmsg, ExpectationStatsAttrs) {}
