/** Connection tracking: what the kernel knows of each connection. Source: include/uapi/linux/netfilter/nfnetlink_conntrack.h, net/netfilter/nf_conntrack_netlink.c. */
import { attrs, be16, be32, be64, binary, bitmapOf, flags, ipv4, ipv6, message, pad, sbe32, string, u32, u8 } from '../../codec/index.ts';
import { ipProtocol } from '../route/names.ts';
import { ProtoInfo } from './conntrack-protocols.ts';
import { Nfgenmsg } from './header.ts';

export class TupleIp extends attrs('CTA_IP_', { v4Src: [1, ipv4], v4Dst: [2, ipv4], v6Src: [3, ipv6], v6Dst: [4, ipv6] }) {}
/** The transport protocol, and what tells its connections apart: two ports; of ICMP, the identifier, and type and code of the request. */
export class TupleProto extends attrs('CTA_PROTO_', {
  num: [1, ipProtocol],
  /** Of GRE, the key. */
  srcPort: [2, be16],
  dstPort: [3, be16],
  icmpId: [4, be16],
  icmpType: [5, u8],
  icmpCode: [6, u8],
  icmpv6Id: [7, be16, 'CTA_PROTO_ICMPV6_ID'],
  icmpv6Type: [8, u8, 'CTA_PROTO_ICMPV6_TYPE'],
  icmpv6Code: [9, u8, 'CTA_PROTO_ICMPV6_CODE'],
}) {}
/** From where to where packets of one direction go. */
export class Tuple extends attrs('CTA_TUPLE_', {
  ip: [1, TupleIp],
  proto: [2, TupleProto],
  /** Where the two directions are of different zones. */
  zone: [3, be16],
}) {}

/** IPS_*. Those that end in `Done` are set when NAT has been decided, for or against. */
export const ctStatus = flags(be32, {
  expected: 1, seenReply: 2, assured: 4, confirmed: 8, srcNat: 0x10, dstNat: 0x20, seqAdjust: 0x40, srcNatDone: 0x80, dstNatDone: 0x100,
  dying: 0x200, fixedTimeout: 0x400, template: 0x800, untracked: 0x1000, helper: 0x2000, offload: 0x4000, hwOffload: 0x8000,
}, 'IPS_');

export class CtHelp extends attrs('CTA_HELP_', {
  /** "ftp", "sip" ... */
  name: [1, string],
  /** What the helper keeps. */
  info: [2, binary],
}) {}
export class NatProto extends attrs('CTA_PROTONAT_', { portMin: [1, be16], portMax: [2, be16] }) {}
/** What an address should be translated to, of a connection that is made by request. */
export class NatRange extends attrs('CTA_NAT_', {
  v4Minip: [1, ipv4],
  v4Maxip: [2, ipv4],
  proto: [3, NatProto],
  v6Minip: [4, ipv6],
  v6Maxip: [5, ipv6],
}) {}
/** Of one direction; `nf_conntrack_acct` must be on. */
export class CtCounters extends attrs('CTA_COUNTERS_', {
  packets: [1, be64],
  bytes: [2, be64],
  packets32: [3, be32, 'CTA_COUNTERS32_PACKETS'],
  bytes32: [4, be32, 'CTA_COUNTERS32_BYTES'],
  pad: [5, pad],
}) {}
/** Nanoseconds since 1970; `nf_conntrack_timestamp` must be on. */
export class CtTimestamp extends attrs('CTA_TIMESTAMP_', { start: [1, be64], stop: [2, be64], pad: [3, pad] }) {}
/** By how much sequence numbers were moved, before and after a place. */
export class SeqAdj extends attrs('CTA_SEQADJ_', { correctionPos: [1, be32], offsetBefore: [2, sbe32], offsetAfter: [3, sbe32] }) {}
export class CtSecctx extends attrs('CTA_SECCTX_', { name: [1, string] }) {}
/** Initial sequence number, initial timestamp, offset of timestamps. */
export class CtSynproxy extends attrs('CTA_SYNPROXY_', { isn: [1, be32], its: [2, be32], tsoff: [3, be32] }) {}

/** Which members of a tuple a dump is filtered by: kernel 5.8. Source: net/netfilter/nf_internals.h (CTA_FILTER_F_*). */
const filterFlags = flags(u32, {
  ipSrc: 1, ipDst: 2, tupleZone: 4, protoNum: 8, protoSrcPort: 0x10, protoDstPort: 0x20, protoIcmpType: 0x40, protoIcmpCode: 0x80, protoIcmpId: 0x100,
  protoIcmpv6Type: 0x200, protoIcmpv6Code: 0x400, protoIcmpv6Id: 0x800,
});
export class CtFilter extends attrs('CTA_FILTER_', { origFlags: [1, filterFlags], replyFlags: [2, filterFlags] }) {}

/** NF_CT_LABELS_MAX_SIZE. */
const labels = bitmapOf(16);

export class ConntrackAttrs extends attrs('CTA_', {
  /** As the first packet went, before any translation. */
  tupleOrig: [1, Tuple],
  /** As answers come, before they are translated back: its source is where the connection leads. */
  tupleReply: [2, Tuple],
  status: [3, ctStatus],
  protoinfo: [4, ProtoInfo],
  help: [5, CtHelp],
  natSrc: [6, NatRange],
  /** Seconds until it is forgotten. */
  timeout: [7, be32],
  mark: [8, be32],
  countersOrig: [9, CtCounters],
  countersReply: [10, CtCounters],
  /** How many refer to it in the kernel. */
  use: [11, be32],
  id: [12, be32],
  natDst: [13, NatRange],
  /** Of the connection that made this one be expected. */
  tupleMaster: [14, Tuple],
  seqAdjOrig: [15, SeqAdj],
  seqAdjReply: [16, SeqAdj],
  /** Kernels before 2.6.37; now `secctx`. */
  secmark: [17, be32],
  zone: [18, be16],
  secctx: [19, CtSecctx],
  timestamp: [20, CtTimestamp],
  /** Of requests: the bits of `mark` that count. */
  markMask: [21, be32],
  labels: [22, labels],
  labelsMask: [23, labels],
  synproxy: [24, CtSynproxy],
  filter: [25, CtFilter],
  /** Of requests: the bits of `status` that count. */
  statusMask: [26, ctStatus],
  /** Of events, when it happened: nanoseconds since 1970. */
  timestampEvent: [27, be64],
}) {}
/** A connection. In a request with NLM_F_DUMP: what to look for; without a tuple, to delete: all that match. */
export class Conntrack extends message('conntrack', Nfgenmsg, ConntrackAttrs) {}

export class StatsCpuAttrs extends attrs('CTA_STATS_', {
  searched: [1, be32], found: [2, be32], new: [3, be32], invalid: [4, be32], ignore: [5, be32], delete: [6, be32], deleteList: [7, be32], insert: [8, be32],
  insertFailed: [9, be32], drop: [10, be32], earlyDrop: [11, be32], error: [12, be32], searchRestart: [13, be32], clashResolve: [14, be32], chainToolong: [15, be32],
}) {}
/** What one processor counted: `resId` is its number. Counters that a kernel has given up are not sent. */
export class ConntrackStatsCpu extends message('conntrackStatsCpu', Nfgenmsg, StatsCpuAttrs) {}
export class StatsGlobalAttrs extends attrs('CTA_STATS_GLOBAL_', {
  entries: [1, be32],
  maxEntries: [2, be32],
}) {}
/** How many connections are known, and how many may be. */
export class ConntrackStats extends message('conntrackStats', Nfgenmsg, StatsGlobalAttrs) {}
