/** Named objects: counters, quotas and the like, that several rules share. Source: include/uapi/linux/netfilter/nf_tables.h, net/netfilter/nft_ct.c, nft_tunnel.c, nft_synproxy.c. */
import { attrs, be16, be32, be64, binary, enumeration, flags, ipv4, ipv6, message, multi, pad, select, string, u32, u8, type Value } from '../../codec/index.ts';
import { ipProtocol } from '../route/names.ts';
import { ctTimeouts } from './ct-timeout.ts';
import { SynproxyExpr } from './expressions/action.ts';
import { ConnlimitExpr, CounterExpr, LimitExpr, QuotaExpr } from './expressions/state.ts';
import { families, Nfgenmsg } from './header.ts';
import { objectType } from './object-type.ts';

const l3proto = enumeration(be16, families, 'NFPROTO_');

/** A helper of connection tracking. */
export class CtHelper extends attrs('NFTA_CT_HELPER_', {
  /** "ftp", "sip" ... */
  name: [1, string],
  l3proto: [2, l3proto],
  l4proto: [3, ipProtocol],
}) {}
/** How long connections are remembered. */
export const ctTimeout = attrs('NFTA_CT_TIMEOUT_', {
  l3proto: [1, l3proto],
  l4proto: [2, ipProtocol],
  data: [3, select('l4proto', ctTimeouts)],
});
/** Connections that are to be expected after one. */
export class CtExpect extends attrs('NFTA_CT_EXPECT_', {
  l3proto: [1, l3proto],
  l4proto: [2, ipProtocol],
  dport: [3, be16],
  /** Milliseconds, in the machine's byte order. */
  timeout: [4, u32],
  /** How many at once. */
  size: [5, u8],
}) {}
export class Secmark extends attrs('NFTA_SECMARK_', {
  /** Security context, at most 4096 bytes. */
  ctx: [1, string],
}) {}

export class TunnelKeyIp extends attrs('NFTA_TUNNEL_KEY_IP_', { src: [1, ipv4], dst: [2, ipv4] }) {}
export class TunnelKeyIp6 extends attrs('NFTA_TUNNEL_KEY_IP6_', { src: [1, ipv6], dst: [2, ipv6], flowlabel: [3, be32] }) {}
export class TunnelKeyVxlan extends attrs('NFTA_TUNNEL_KEY_VXLAN_', {
  /** Group policy. */
  gbp: [1, be32],
}) {}
export class TunnelKeyErspan extends attrs('NFTA_TUNNEL_KEY_ERSPAN_', { version: [1, be32], v1Index: [2, be32], v2Hwid: [3, u8], v2Dir: [4, u8] }) {}
export class TunnelKeyGeneve extends attrs('NFTA_TUNNEL_KEY_GENEVE_', { class: [1, be16], type: [2, u8], data: [3, binary] }) {}
export class TunnelKeyOpts extends attrs('NFTA_TUNNEL_KEY_OPTS_', {
  vxlan: [1, TunnelKeyVxlan],
  erspan: [2, TunnelKeyErspan],
  geneve: [3, multi(TunnelKeyGeneve)],
}) {}
/** What a tunnel device should wrap a packet in. */
export class TunnelKey extends attrs('NFTA_TUNNEL_KEY_', {
  id: [1, be32],
  ip: [2, TunnelKeyIp],
  ip6: [3, TunnelKeyIp6],
  flags: [4, flags(be32, { zeroCsumTx: 1, dontFragment: 2, seqNumber: 4 }, 'NFT_TUNNEL_F_')],
  tos: [5, u8],
  ttl: [6, u8],
  sport: [7, be16],
  dport: [8, be16],
  opts: [9, TunnelKeyOpts],
}) {}

/** The data of an object, by its type. */
export const objects = {
  counter: CounterExpr, quota: QuotaExpr, ctHelper: CtHelper, limit: LimitExpr, connlimit: ConnlimitExpr, tunnel: TunnelKey,
  ctTimeout, secmark: Secmark, ctExpect: CtExpect, synproxy: SynproxyExpr,
} as const;

export const objectAttrs = attrs('NFTA_OBJ_', {
  table: [1, string],
  name: [2, string],
  type: [3, objectType],
  data: [4, select('type', objects)],
  /** Rules and elements that refer to it. */
  use: [5, be32],
  handle: [6, be64],
  pad: [7, pad],
  userdata: [8, binary],
});
/** An object of whatever type. */
export const nftObject = message('object', Nfgenmsg, objectAttrs);
export type NftObject = Value<typeof nftObject>;
