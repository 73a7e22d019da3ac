/** Expressions that load something into a register: of the packet, of where it came from, made up. Source: include/uapi/linux/netfilter/nf_tables.h, net/netfilter/nft_{meta,payload,exthdr,fib,rt,socket,osf,xfrm,tunnel,numgen,hash}.c. */
import { attrs, be32, enumeration, flags, string, u8 } from '../../../codec/index.ts';
import { register } from '../data.ts';

/** What the kernel knows of a packet beside its bytes. */
export class MetaExpr extends attrs('NFTA_META_', {
  dreg: [1, register],
  key: [2, enumeration(be32, {
    len: 0, protocol: 1, priority: 2, mark: 3, iif: 4, oif: 5, iifname: 6, oifname: 7, iiftype: 8, oiftype: 9, skuid: 10, skgid: 11, nftrace: 12,
    rtclassid: 13, secmark: 14, nfproto: 15, l4proto: 16, briIifname: 17, briOifname: 18, pkttype: 19, cpu: 20, iifgroup: 21, oifgroup: 22,
    cgroup: 23, prandom: 24, secpath: 25, iifkind: 26, oifkind: 27, briIifpvid: 28, briIifvproto: 29, timeNs: 30, timeDay: 31, timeHour: 32,
    sdif: 33, sdifname: 34, briBroute: 35, briIifhwaddr: 37,
  }, 'NFT_META_')],
  /** Sets it instead. */
  sreg: [3, register],
}) {}

export const payloadBase = enumeration(be32, { llHeader: 0, networkHeader: 1, transportHeader: 2, innerHeader: 3, tunHeader: 4 }, 'NFT_PAYLOAD_');
/** Bytes of the packet. */
export class PayloadExpr extends attrs('NFTA_PAYLOAD_', {
  dreg: [1, register],
  base: [2, payloadBase],
  /** Bytes. */
  offset: [3, be32],
  /** Bytes. */
  len: [4, be32],
  /** Writes them instead. */
  sreg: [5, register],
  /** The checksum to correct when bytes are written. */
  csumType: [6, enumeration(be32, { none: 0, inet: 1, sctp: 2 }, 'NFT_PAYLOAD_CSUM_')],
  csumOffset: [7, be32],
  /** The transport header's checksum, too: what is written is part of its pseudo header. */
  csumFlags: [8, flags(be32, { l4csumPseudohdr: 1 }, 'NFT_PAYLOAD_')],
}) {}

/** An IPv6 extension header, or an option of IPv4, TCP or another. */
export class ExthdrExpr extends attrs('NFTA_EXTHDR_', {
  dreg: [1, register],
  /** Of the header, option or chunk. */
  type: [2, u8],
  offset: [3, be32],
  len: [4, be32],
  /** `present`: loads 1 when it is there, else 0. */
  flags: [5, flags(be32, { present: 1 }, 'NFT_EXTHDR_F_')],
  op: [6, enumeration(be32, { ipv6: 0, tcpopt: 1, ipv4: 2, sctp: 3, dccp: 4 }, 'NFT_EXTHDR_OP_')],
  /** Writes it; without `dreg` and `sreg` it is taken away. */
  sreg: [7, register],
}) {}

/** What a look-up of routes gives. */
export class FibExpr extends attrs('NFTA_FIB_', {
  dreg: [1, register],
  result: [2, enumeration(be32, { unspec: 0, oif: 1, oifname: 2, addrtype: 3 }, 'NFT_FIB_RESULT_')],
  /** What to look up with; `present`: only whether there is a route. */
  flags: [3, flags(be32, { saddr: 1, daddr: 2, mark: 4, iif: 8, oif: 0x10, present: 0x20 }, 'NFTA_FIB_F_')],
}) {}

/** Of the packet's route. */
export class RtExpr extends attrs('NFTA_RT_', {
  dreg: [1, register],
  key: [2, enumeration(be32, { classid: 0, nexthop4: 1, nexthop6: 2, tcpmss: 3, xfrm: 4 }, 'NFT_RT_')],
}) {}

/** Of the socket that the packet is for. */
export class SocketExpr extends attrs('NFTA_SOCKET_', {
  key: [1, enumeration(be32, { transparent: 0, mark: 1, wildcard: 2, cgroupv2: 3 }, 'NFT_SOCKET_')],
  dreg: [2, register],
  /** Of `cgroupv2`: how far below the root. */
  level: [3, be32],
}) {}

/** The operating system that made a SYN, by its fingerprint. */
export class OsfExpr extends attrs('NFTA_OSF_', {
  dreg: [1, register],
  /** 0: the TTL must match; 1: may be lower; 2: does not matter. */
  ttl: [2, u8],
  /** With its version. */
  flags: [3, flags(be32, { version: 1 }, 'NFT_OSF_F_')],
}) {}

/** Of the IPsec state that the packet came by, or will leave by. */
export class XfrmExpr extends attrs('NFTA_XFRM_', {
  dreg: [1, register],
  key: [2, enumeration(be32, { unspec: 0, daddrIp4: 1, daddrIp6: 2, saddrIp4: 3, saddrIp6: 4, reqid: 5, spi: 6 }, 'NFT_XFRM_KEY_')],
  /** XFRM_POLICY_*. */
  dir: [3, enumeration(u8, { in: 0, out: 1, fwd: 2 }, 'XFRM_POLICY_')],
  /** Which of several states. */
  spnum: [4, be32],
}) {}

/** Of the tunnel that the packet came by. */
export class TunnelExpr extends attrs('NFTA_TUNNEL_', {
  /** `path`: whether it has one. */
  key: [1, enumeration(be32, { path: 0, id: 1 }, 'NFT_TUNNEL_')],
  dreg: [2, register],
  mode: [3, enumeration(be32, { none: 0, rx: 1, tx: 2 }, 'NFT_TUNNEL_MODE_')],
}) {}

/** The next number, or any. */
export class NumgenExpr extends attrs('NFTA_NG_', {
  dreg: [1, register],
  modulus: [2, be32],
  type: [3, enumeration(be32, { incremental: 0, random: 1 }, 'NFT_NG_')],
  /** Added to it. */
  offset: [4, be32],
  /** No longer used. */
  setName: [5, string],
  setId: [6, be32],
}) {}

/** A hash of a register (`jenkins`), or of the packet's addresses and ports, the same in both directions (`sym`). */
export class HashExpr extends attrs('NFTA_HASH_', {
  sreg: [1, register],
  dreg: [2, register],
  /** Bytes. */
  len: [3, be32],
  modulus: [4, be32],
  seed: [5, be32],
  /** Added to it. */
  offset: [6, be32],
  type: [7, enumeration(be32, { jenkins: 0, sym: 1 }, 'NFT_HASH_')],
  /** No longer used. */
  setName: [8, string],
  setId: [9, be32],
}) {}
