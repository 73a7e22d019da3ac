/** Tables: what holds chains, sets and objects of one family. Source: include/uapi/linux/netfilter/nf_tables.h, net/netfilter/nf_tables_api.c. */
import { attrs, be32, be64, binary, flags, message, pad, string } from '../../codec/index.ts';
import { Nfgenmsg } from './header.ts';

export class TableAttrs extends attrs('NFTA_TABLE_', {
  /** At most 255 bytes. */
  name: [1, string],
  /** `owner`: goes away with the socket that made it, but for `persist`. */
  flags: [2, flags(be32, { dormant: 1, owner: 2, persist: 4 }, 'NFT_TABLE_F_')],
  /** Chains, sets, objects and flow tables in it. */
  use: [3, be32],
  handle: [4, be64],
  pad: [5, pad],
  /** User space's own, at most 256 bytes: nft keeps comments in it. */
  userdata: [6, binary],
  /** Netlink port of the owner. */
  owner: [7, be32],
}) {}
export class Table extends message('table', Nfgenmsg, TableAttrs) {}
