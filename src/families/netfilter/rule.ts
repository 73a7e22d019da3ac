/** Rules: expressions, one after the other. Source: include/uapi/linux/netfilter/nf_tables.h, net/netfilter/nf_tables_api.c. */
import { attrs, be32, be64, binary, flags, message, pad, string } from '../../codec/index.ts';
import { Expressions } from './expressions/index.ts';
import { Nfgenmsg } from './header.ts';

/** What x_tables' extensions want to know of a rule. */
export class RuleCompat extends attrs('NFTA_RULE_COMPAT_', {
  /** IPPROTO_*. */
  proto: [1, be32],
  /** `inv`: all protocols but this one. */
  flags: [2, flags(be32, { unused: 1, inv: 2 }, 'NFT_RULE_COMPAT_F_')],
}) {}

export class RuleAttrs extends attrs('NFTA_RULE_', {
  table: [1, string],
  chain: [2, string],
  handle: [3, be64],
  expressions: [4, Expressions],
  compat: [5, RuleCompat],
  /** Handle of the rule that it stands behind; with NLM_F_APPEND missing: before. */
  position: [6, be64],
  /** User space's own, at most 256 bytes: nft keeps comments in it. */
  userdata: [7, binary],
  pad: [8, pad],
  /** A number to refer to it by within a transaction. */
  id: [9, be32],
  /** `position` by `id`. */
  positionId: [10, be32],
  /** The chain by its `id`. */
  chainId: [11, be32],
}) {}
export class Rule extends message('rule', Nfgenmsg, RuleAttrs) {}
