/** Counters by name, with quotas: what the match `nfacct` of iptables counts. Source: include/uapi/linux/netfilter/nfnetlink_acct.h, net/netfilter/nfnetlink_acct.c. */
import { attrs, be32, be64, flags, message, pad, string } from '../../codec/index.ts';
import { Nfgenmsg } from './header.ts';

const acctFlags = flags(be32, { quotaPkts: 1, quotaBytes: 2, overquota: 4 }, 'NFACCT_F_');
/** Of dumps: which of `flags` count, and how they must be. */
export class AcctFilter extends attrs('NFACCT_FILTER_', { mask: [1, acctFlags], value: [2, acctFlags] }) {}
export class AcctAttrs extends attrs('NFACCT_', {
  /** At most 31 bytes. */
  name: [1, string],
  pkts: [2, be64],
  bytes: [3, be64],
  /** One more than the rules that count by it. */
  use: [4, be32],
  /** What the quota is of; whether it is used up. */
  flags: [5, acctFlags],
  quota: [6, be64],
  filter: [7, AcctFilter],
  pad: [8, pad],
}) {}
export class Acct extends message('acct', Nfgenmsg, AcctAttrs) {}
