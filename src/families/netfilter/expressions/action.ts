/** Expressions that do something with the packet. Source: include/uapi/linux/netfilter/nf_tables.h, net/netfilter/nft_{nat,masq,redir,reject,log,queue,dup_netdev,fwd_netdev,tproxy,synproxy,objref,flow_offload}.c. */
import { attrs, be16, be32, enumeration, flags, string, u8 } from '../../../codec/index.ts';
import { register } from '../data.ts';
import { family32 } from '../header.ts';
import { objectType } from '../object-type.ts';

/** NF_NAT_RANGE_*. `mapIps` and `protoSpecified` are the kernel's own: they say which registers were given. */
export const natFlags = flags(be32, {
  mapIps: 1, protoSpecified: 2, protoRandom: 4, persistent: 8, protoRandomFully: 0x10, protoOffset: 0x20, netmap: 0x40,
}, 'NF_NAT_RANGE_');

/** Another source or destination; one that goes from `Min` to `Max` where `Max` is given. */
export class NatExpr extends attrs('NFTA_NAT_', {
  type: [1, enumeration(be32, { snat: 0, dnat: 1 }, 'NFT_NAT_')],
  /** Of the addresses in the registers. */
  family: [2, family32],
  regAddrMin: [3, register],
  regAddrMax: [4, register],
  regProtoMin: [5, register],
  regProtoMax: [6, register],
  flags: [7, natFlags],
}) {}
/** The address of the link that the packet leaves by as its source. */
export class MasqExpr extends attrs('NFTA_MASQ_', { flags: [1, natFlags], regProtoMin: [2, register], regProtoMax: [3, register] }) {}
/** This machine as the destination. */
export class RedirExpr extends attrs('NFTA_REDIR_', { regProtoMin: [1, register], regProtoMax: [2, register], flags: [3, natFlags] }) {}

/** Drops the packet and tells its sender. */
export class RejectExpr extends attrs('NFTA_REJECT_', {
  /** `icmpxUnreach`: ICMP or ICMPv6, as the packet is. */
  type: [1, enumeration(be32, { icmpUnreach: 0, tcpRst: 1, icmpxUnreach: 2 }, 'NFT_REJECT_')],
  /** Of ICMP or ICMPv6; with `icmpxUnreach`, NFT_REJECT_ICMPX_*: 0 no route, 1 port, 2 host, 3 prohibited. */
  icmpCode: [2, u8],
}) {}

/** To the kernel's log, or with `group` to who listens there. */
export class LogExpr extends attrs('NFTA_LOG_', {
  group: [1, be16],
  /** At most 127 bytes. */
  prefix: [2, string],
  /** Bytes of the packet to hand over. */
  snaplen: [3, be32],
  /** Packets to gather first. */
  qthreshold: [4, be16],
  level: [5, enumeration(be32, { emerg: 0, alert: 1, crit: 2, err: 3, warning: 4, notice: 5, info: 6, debug: 7, audit: 8 }, 'NFT_LOGLEVEL_')],
  flags: [6, flags(be32, { tcpseq: 1, tcpopt: 2, ipopt: 4, uid: 8, nflog: 0x10, macdecode: 0x20 }, 'NF_LOG_')],
}) {}

/** To a program that decides. */
export class QueueExpr extends attrs('NFTA_QUEUE_', {
  num: [1, be16],
  /** So many queues from `num` on share the packets. */
  total: [2, be16],
  /** `bypass`: on with the rules when nobody listens. */
  flags: [3, flags(be16, { bypass: 1, cpuFanout: 2 }, 'NFT_QUEUE_FLAG_')],
  /** The queue's number. */
  sregQnum: [4, register],
}) {}

/** A copy to another machine, or out of another link. */
export class DupExpr extends attrs('NFTA_DUP_', { sregAddr: [1, register], sregDev: [2, register] }) {}
/** Out of another link: family `netdev`. */
export class FwdExpr extends attrs('NFTA_FWD_', { sregDev: [1, register], sregAddr: [2, register], nfproto: [3, family32] }) {}
/** To a socket of this machine, the packet as it is. */
export class TproxyExpr extends attrs('NFTA_TPROXY_', { family: [1, family32], regAddr: [2, register], regPort: [3, register] }) {}

/** Answers SYNs in a server's place. */
export class SynproxyExpr extends attrs('NFTA_SYNPROXY_', {
  mss: [1, be16],
  wscale: [2, u8],
  flags: [3, flags(be32, { mss: 1, wscale: 2, sackPerm: 4, timestamp: 8, ecn: 0x10 }, 'NF_SYNPROXY_OPT_')],
}) {}

/** Uses a named object: by its name, or the one that a map gives. */
export class ObjrefExpr extends attrs('NFTA_OBJREF_', {
  immType: [1, objectType],
  immName: [2, string],
  setSreg: [3, register],
  setName: [4, string],
  setId: [5, be32],
}) {}

/** Puts the connection into a flow table. */
export class FlowOffloadExpr extends attrs('NFTA_FLOW_', { tableName: [1, string] }) {}
