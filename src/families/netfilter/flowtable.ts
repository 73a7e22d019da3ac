/** Flow tables: connections that pass by the ruleset. Source: include/uapi/linux/netfilter/nf_tables.h, net/netfilter/nf_tables_api.c. */
import { attrs, be32, be64, flags, message, pad, sbe32, string } from '../../codec/index.ts';
import { Devices } from './chain.ts';
import { Nfgenmsg } from './header.ts';

export class FlowtableHook extends attrs('NFTA_FLOWTABLE_HOOK_', {
  /** 0: ingress, the only one. */
  num: [1, be32],
  priority: [2, sbe32],
  devs: [3, Devices],
}) {}
export class FlowtableAttrs extends attrs('NFTA_FLOWTABLE_', {
  table: [1, string],
  name: [2, string],
  hook: [3, FlowtableHook],
  /** Rules that refer to it. */
  use: [4, be32],
  handle: [5, be64],
  pad: [6, pad],
  flags: [7, flags(be32, { hwOffload: 1, counter: 2 }, 'NFT_FLOWTABLE_')],
}) {}
export class Flowtable extends message('flowtable', Nfgenmsg, FlowtableAttrs) {}
