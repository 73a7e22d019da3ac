/** The ruleset's generation, and what happens to packets that are traced. Source: include/uapi/linux/netfilter/nf_tables.h, net/netfilter/nf_tables_trace.c. */
import { attrs, be16, be32, be64, binary, enumeration, message, pad, string } from '../../codec/index.ts';
import { Verdict, verdictCode } from './data.ts';
import { ctDirection } from './expressions/state.ts';
import { family32, Nfgenmsg } from './header.ts';

export class GenAttrs extends attrs('NFTA_GEN_', {
  /** Counts transactions. */
  id: [1, be32],
  /** Process that made this one. */
  procPid: [2, be32],
  procName: [3, string],
}) {}
/** Ends the notifications of a transaction; and the answer to who asks for the generation. */
export class Gen extends message('gen', Nfgenmsg, GenAttrs) {}

export class TraceAttrs extends attrs('NFTA_TRACE_', {
  table: [1, string],
  chain: [2, string],
  /** Of a rule. */
  ruleHandle: [3, be64],
  /** Who decided: a rule, the end of a chain, a chain's policy. */
  type: [4, enumeration(be32, { policy: 1, return: 2, rule: 3 }, 'NFT_TRACETYPE_')],
  verdict: [5, Verdict],
  /** The same for all that is told of one packet. */
  id: [6, be32],
  /** The packet's beginnings: at most 20 bytes of link layer, 40 of network, 20 of transport header. */
  llHeader: [7, binary],
  networkHeader: [8, binary],
  transportHeader: [9, binary],
  /** Index of the link that it came in by. */
  iif: [10, be32],
  /** ARPHRD_*. */
  iiftype: [11, be16],
  /** Index of the link that it leaves by. */
  oif: [12, be32],
  oiftype: [13, be16],
  mark: [14, be32],
  nfproto: [15, family32],
  policy: [16, verdictCode],
  pad: [17, pad],
  ctId: [18, be32],
  ctDirection: [19, ctDirection],
  /** IPS_*. */
  ctStatus: [20, be32],
  /** NF_CT_STATE_*. */
  ctState: [21, be32],
}) {}
export class Trace extends message('trace', Nfgenmsg, TraceAttrs) {}
