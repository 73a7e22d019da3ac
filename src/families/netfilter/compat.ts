/** Which revisions of x_tables' extensions the kernel has: iptables-nft asks. Source: include/uapi/linux/netfilter/nf_tables_compat.h, net/netfilter/nft_compat.c. */
import { attrs, be32, enumeration, message, string } from '../../codec/index.ts';
import { Nfgenmsg } from './header.ts';

export class CompatAttrs extends attrs('NFTA_COMPAT_', {
  name: [1, string],
  rev: [2, be32],
  type: [3, enumeration(be32, { match: 0, target: 1 })],
}) {}
export class Compat extends message('compat', Nfgenmsg, CompatAttrs) {}
