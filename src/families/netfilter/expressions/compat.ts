/** Extensions of x_tables in rules, as iptables-nft writes them. Source: include/uapi/linux/netfilter/nf_tables_compat.h, net/netfilter/nft_compat.c. */
import { attrs, be32, binary, string } from '../../../codec/index.ts';

export class MatchExpr extends attrs('NFTA_MATCH_', {
  name: [1, string],
  rev: [2, be32],
  /** The extension's own struct. */
  info: [3, binary],
}) {}
export class TargetExpr extends attrs('NFTA_TARGET_', {
  name: [1, string],
  rev: [2, be32],
  /** The extension's own struct. */
  info: [3, binary],
}) {}
