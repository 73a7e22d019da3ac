/** Values, verdicts and registers, as expressions and set elements hold them. Source: include/uapi/linux/netfilter/nf_tables.h, net/netfilter/nf_tables_api.c. */
import { attrs, be32, binary, enumeration, string } from '../../codec/index.ts';

/** What happens to a packet: netfilter's verdicts, and from 0xfffffffb on those within a ruleset. */
export const verdictCode = enumeration(be32, {
  drop: 0, accept: 1, stolen: 2, queue: 3, repeat: 4, return: 0xfffffffb, goto: 0xfffffffc, jump: 0xfffffffd, break: 0xfffffffe, continue: 0xffffffff,
}, 'NFT_');

/** A register: 0 takes a verdict, 1 to 4 hold 16 bytes each; 8 to 23 are the same room, 4 bytes each. */
export const register = be32;

export class Verdict extends attrs('NFTA_VERDICT_', {
  code: [1, verdictCode],
  /** Where `jump` and `goto` lead. */
  chain: [2, string],
  /** The same by the chain's `id`, for a chain of the same transaction. */
  chainId: [3, be32],
}) {}

/** A value, or a verdict. */
export class Data extends attrs('NFTA_DATA_', {
  /** At most 64 bytes, as packets have them: addresses and ports in network order, marks and the like in the machine's. */
  value: [1, binary],
  verdict: [2, Verdict],
}) {}
