/** Internet sockets, `ss -t -u -w`: requests and replies. Source: include/uapi/linux/inet_diag.h, net/ipv4/inet_diag.c. */
import {
  array, attrs, be16, be32, binary, bits, blob, flags, ipv4, ipv6, list, message, pad, string, struct, u16, u32, u64, u8, union, type AnyCodec,
} from '../../codec/index.ts';
import { ipProtocol } from '../route/names.ts';
import { family, shutdown, SkMeminfo, state, stateMask } from './common.ts';
import { MptcpInfo } from './mptcp-info.ts';
import { SctpInfo, SockaddrStorage } from './sctp-info.ts';
import { TcpInfo } from './tcp-info.ts';
import { UlpInfo } from './ulp-info.ts';

const cookie = array(u32, 2);
/** IPv4 addresses fill the first word of four. */
const sockid4 = struct('inet_diag_sockid', { sport: be16, dport: be16, src: ipv4, _src: blob(12), dst: ipv4, _dst: blob(12), if: u32, cookie });
const sockid6 = struct('inet_diag_sockid', { sport: be16, dport: be16, src: ipv6, dst: ipv6, if: u32, cookie });
/** The socket's ends; `if` is the interface it is bound to. */
const id = union('family', { inet: sockid4 }, sockid6);

/** Bit n-1 asks for attribute n of the reply. */
const extensions = flags(u8, { meminfo: 1 << 0, info: 1 << 1, vegasinfo: 1 << 2, cong: 1 << 3, tos: 1 << 4, tclass: 1 << 5, skmeminfo: 1 << 6, shutdown: 1 << 7 });

export class InetDiagReqV2 extends struct('inet_diag_req_v2', {
  family, protocol: ipProtocol, ext: extensions,
  /** Of a raw socket that is to be closed: its own protocol (struct inet_diag_req_raw). */
  pad: u8,
  states: stateMask, id,
}) {}
/** The older request: TCPDIAG_GETSOCK. */
export class InetDiagReq extends struct('inet_diag_req', { family, srcLen: u8, dstLen: u8, ext: extensions, id, states: stateMask, dbs: u32 }) {}
export class InetDiagReqAttrs extends attrs('INET_DIAG_REQ_', {
  /** A filter: a program of {@link InetDiagBcOp}. */
  bytecode: [1, binary],
  skBpfStorages: [2, binary],
  /** Protocol numbers over 255: 262 is MPTCP. */
  protocolNumber: [3, u32, 'INET_DIAG_REQ_PROTOCOL'],
}) {}
/** Asks for one socket, or in a dump for all that match. SOCK_DESTROY closes it. */
export class InetDiagRequest extends message('inetDiagRequest', InetDiagReqV2, InetDiagReqAttrs) {}

/** As TCPDIAG_GETSOCK asks; the protocol is the message type. */
export class InetDiagOldRequest extends message('inetDiagOldRequest', InetDiagReq, attrs('INET_DIAG_REQ_', { bytecode: [1, binary] })) {}

export class InetDiagMsg extends struct('inet_diag_msg', {
  family,
  state,
  /** 0 none, 1 retransmission, 2 keepalive, 3 TIME-WAIT, 4 zero window probe, 5 delayed acknowledgement. */
  timer: u8,
  retrans: u8,
  id,
  /** Until the timer ends, in milliseconds. */
  expires: u32,
  /** Bytes not read yet; of a listening socket, connections not accepted yet. */
  rqueue: u32,
  /** Bytes not acknowledged yet; of a listening socket, how many connections may wait. */
  wqueue: u32,
  uid: u32,
  inode: u32,
}) {}

/** Bytes. */
export class InetDiagMeminfo extends struct('inet_diag_meminfo', { rmem: u32, wmem: u32, fmem: u32, tmem: u32 }) {}
/** Microseconds. */
export class TcpvegasInfo extends struct('tcpvegas_info', { enabled: u32, rttcnt: u32, rtt: u32, minrtt: u32 }) {}
export class TcpDctcpInfo extends struct('tcp_dctcp_info', { enabled: u16, ceState: u16, alpha: u32, abEcn: u32, abTot: u32 }) {}
/** Bandwidth is `bwHi` and `bwLo`, bytes a second; `minRtt` microseconds; gains are 256ths. */
export class TcpBbrInfo extends struct('tcp_bbr_info', { bwLo: u32, bwHi: u32, minRtt: u32, pacingGain: u32, cwndGain: u32 }) {}
export class InetDiagSockopt extends struct('inet_diag_sockopt', {
  first: bits(u8, { recverr: 1, isIcsk: 1, freebind: 1, hdrincl: 1, mcLoop: 1, transparent: 1, mcAll: 1, nodefrag: 1 }),
  second: bits(u8, { bindAddressNoPort: 1, recverrRfc4884: 1, deferConnect: 1, unused: 5 }),
}) {}
/** A key of TCP-MD5 (RFC 2385) for a peer or a prefix: `addr` holds an IPv4 address in its first four bytes. */
export class TcpDiagMd5sig extends struct('tcp_diag_md5sig', { family, prefixlen: u8, keylen: u16, addr: array(be32, 4), key: blob(80) }) {}

/** What INET_DIAG tells of a socket, with what its protocol has for `info`: nothing in the message says which one it is. */
const about = <const C extends AnyCodec>(info: C) => ({
  meminfo: [1, InetDiagMeminfo],
  info: [2, info],
  vegasinfo: [3, TcpvegasInfo],
  /** Congestion control by name. */
  cong: [4, string],
  tos: [5, u8],
  tclass: [6, u8],
  skmeminfo: [7, SkMeminfo],
  shutdown: [8, shutdown],
  dctcpinfo: [9, TcpDctcpInfo],
  protocol: [10, ipProtocol],
  skv6only: [11, u8],
  /** SCTP: all local addresses. */
  locals: [12, list(SockaddrStorage)],
  peers: [13, list(SockaddrStorage)],
  pad: [14, pad],
  mark: [15, u32],
  bbrinfo: [16, TcpBbrInfo],
  /** Of net_cls; where there is none, the socket's priority. */
  classId: [17, u32],
  md5sig: [18, list(TcpDiagMd5sig)],
  ulpInfo: [19, UlpInfo],
  skBpfStorages: [20, binary],
  cgroupId: [21, u64],
  sockopt: [22, InetDiagSockopt],
} as const);
export class InetDiagAttrs extends attrs('INET_DIAG_', about(TcpInfo)) {}
/** A socket of TCP; those of UDP and raw ones have no `info`. */
export class InetDiag extends message('inetDiag', InetDiagMsg, InetDiagAttrs) {}
export class MptcpDiagAttrs extends attrs('INET_DIAG_', about(MptcpInfo)) {}
/** A socket of MPTCP. */
export class MptcpDiag extends message('mptcpDiag', InetDiagMsg, MptcpDiagAttrs) {}
export class SctpDiagAttrs extends attrs('INET_DIAG_', about(SctpInfo)) {}
/** An endpoint of SCTP, or an association: those have the endpoint's inode. Their states are SCTP's own (`sctpStates`). */
export class SctpDiag extends message('sctpDiag', InetDiagMsg, SctpDiagAttrs) {}
