/** What connection tracking knows of TCP, DCCP and SCTP connections. Source: include/uapi/linux/netfilter/nf_conntrack_{tcp,sctp}.h, net/netfilter/nf_conntrack_proto_{tcp,dccp,sctp}.c. */
import { attrs, be32, be64, enumeration, flags, pad, struct, u8 } from '../../codec/index.ts';
import { ctDirection } from './expressions/state.ts';

const tcpFlags = flags(u8, { windowScale: 1, sackPerm: 2, closeInit: 4, beLiberal: 8, dataUnacknowledged: 0x10, maxackSet: 0x20, challengeAck: 0x40, simultaneousOpen: 0x80 });
/** Flags, and which of them count. */
export class CtTcpFlags extends struct('nf_ct_tcp_flags', { flags: tcpFlags, mask: tcpFlags }) {}
export class ProtoInfoTcp extends attrs('CTA_PROTOINFO_TCP_', {
  state: [1, enumeration(u8, {
    none: 0, synSent: 1, synRecv: 2, established: 3, finWait: 4, closeWait: 5, lastAck: 6, timeWait: 7, close: 8, synSent2: 9, ignore: 11, retrans: 12, unack: 13,
  }, 'TCP_CONNTRACK_')],
  /** Window scaling, as powers of 2. */
  wscaleOriginal: [2, u8],
  wscaleReply: [3, u8],
  flagsOriginal: [4, CtTcpFlags],
  flagsReply: [5, CtTcpFlags],
}) {}
/** Kernels before 6.16. */
export class ProtoInfoDccp extends attrs('CTA_PROTOINFO_DCCP_', {
  state: [1, enumeration(u8, { none: 0, request: 1, respond: 2, partopen: 3, open: 4, closereq: 5, closing: 6, timewait: 7, ignore: 8, invalid: 9 })],
  /** The direction that is the client's. */
  role: [2, ctDirection],
  handshakeSeq: [3, be64],
  pad: [4, pad],
}) {}
export class ProtoInfoSctp extends attrs('CTA_PROTOINFO_SCTP_', {
  state: [1, enumeration(u8, {
    none: 0, closed: 1, cookieWait: 2, cookieEchoed: 3, established: 4, shutdownSent: 5, shutdownRecd: 6, shutdownAckSent: 7, heartbeatSent: 8, heartbeatAcked: 9,
  }, 'SCTP_CONNTRACK_')],
  /** Verification tags. */
  vtagOriginal: [2, be32],
  vtagReply: [3, be32],
}) {}
export class ProtoInfo extends attrs('CTA_PROTOINFO_', { tcp: [1, ProtoInfoTcp], dccp: [2, ProtoInfoDccp], sctp: [3, ProtoInfoSctp] }) {}
