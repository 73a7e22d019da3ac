/** Chains, and the hooks that base chains are called by. Source: include/uapi/linux/netfilter/nf_tables.h, include/uapi/linux/netfilter.h, netfilter_bridge.h, netfilter_arp.h. */
import { attrs, be32, be64, binary, enumeration, flags, message, multi, pad, sbe32, select, string } from '../../codec/index.ts';
import { verdictCode } from './data.ts';
import { CounterExpr } from './expressions/state.ts';
import { Nfgenmsg } from './header.ts';

/** Links by name, or by how their names begin. */
export class Devices extends attrs('NFTA_DEVICE_', {
  name: [1, multi(string)],
  prefix: [2, multi(string)],
}) {}

/** Where in a packet's way: the numbers depend on the family. */
export const hooknum = select('family', {
  netdev: enumeration(be32, { ingress: 0, egress: 1 }, 'NF_NETDEV_'),
  arp: enumeration(be32, { in: 0, out: 1, forward: 2 }, 'NF_ARP_'),
  bridge: enumeration(be32, { preRouting: 0, localIn: 1, forward: 2, localOut: 3, postRouting: 4, brouting: 5 }, 'NF_BR_'),
}, enumeration(be32, { preRouting: 0, localIn: 1, forward: 2, localOut: 3, postRouting: 4, ingress: 5 }, 'NF_INET_'));

export class Hook extends attrs('NFTA_HOOK_', {
  hooknum: [1, hooknum],
  /** Chains of a hook are called from the lowest number upwards. */
  priority: [2, sbe32],
  /** The one link that it is for. */
  dev: [3, string],
  devs: [4, Devices],
}) {}

export class ChainAttrs extends attrs('NFTA_CHAIN_', {
  table: [1, string],
  handle: [2, be64],
  name: [3, string],
  /** Of a base chain. */
  hook: [4, Hook],
  /** Of a base chain: what happens to packets that reach its end. */
  policy: [5, verdictCode],
  /** Rules in it, and references to it. */
  use: [6, be32],
  /** Of a base chain: "filter", "nat", "route". */
  type: [7, string],
  /** Of a base chain: packets that its policy decided on. */
  counters: [8, CounterExpr],
  pad: [9, pad],
  /** `binding`: without a name of its own, goes away with the rule that jumps to it. */
  flags: [10, flags(be32, { base: 1, hwOffload: 2, binding: 4 }, 'NFT_CHAIN_')],
  /** A number to refer to it by within a transaction. */
  id: [11, be32],
  userdata: [12, binary],
}) {}
export class Chain extends message('chain', Nfgenmsg, ChainAttrs) {}
