/** struct tcp_info, which grows with the kernel: 232 bytes in Linux 5.4, 280 in 7.2. Source: include/uapi/linux/tcp.h, net/ipv4/tcp.c. */
import { bits, enumeration, flags, struct, u16, u32, u64, u8 } from '../../codec/index.ts';
import { state } from './common.ts';

/** Times are microseconds where nothing else is said, sizes bytes, `snd` and `rcv` from this end's view. */
export class TcpInfo extends struct('tcp_info', {
  state,
  caState: enumeration(u8, { open: 0, disorder: 1, cwr: 2, recovery: 3, loss: 4 }),
  retransmits: u8,
  probes: u8,
  backoff: u8,
  options: flags(u8, { timestamps: 1, sack: 2, wscale: 4, ecn: 8, ecnSeen: 0x10, synData: 0x20, usecTs: 0x40, tfoChild: 0x80 }, 'TCPI_OPT_'),
  wscale: bits(u8, { snd: 4, rcv: 4 }),
  limits: bits(u8, { deliveryRateAppLimited: 1, fastopenClientFail: 2 }),
  rto: u32,
  ato: u32,
  sndMss: u32,
  rcvMss: u32,
  /** Segments. */
  unacked: u32,
  /** Segments. */
  sacked: u32,
  /** Segments. */
  lost: u32,
  /** Segments. */
  retrans: u32,
  /** Segments. */
  fackets: u32,
  /** Milliseconds ago. */
  lastDataSent: u32,
  /** Milliseconds ago. */
  lastAckSent: u32,
  /** Milliseconds ago. */
  lastDataRecv: u32,
  /** Milliseconds ago. */
  lastAckRecv: u32,
  pmtu: u32,
  rcvSsthresh: u32,
  rtt: u32,
  rttvar: u32,
  /** Segments. */
  sndSsthresh: u32,
  /** Segments. */
  sndCwnd: u32,
  advmss: u32,
  reordering: u32,
  rcvRtt: u32,
  rcvSpace: u32,
  totalRetrans: u32,
  /** Bytes a second. */
  pacingRate: u64,
  maxPacingRate: u64,
  bytesAcked: u64,
  bytesReceived: u64,
  segsOut: u32,
  segsIn: u32,
  notsentBytes: u32,
  minRtt: u32,
  dataSegsIn: u32,
  dataSegsOut: u32,
  /** Bytes a second. */
  deliveryRate: u64,
  busyTime: u64,
  rwndLimited: u64,
  sndbufLimited: u64,
  delivered: u32,
  deliveredCe: u32,
  bytesSent: u64,
  bytesRetrans: u64,
  dsackDups: u32,
  reordSeen: u32,
  rcvOoopack: u32,
  sndWnd: u32,
  rcvWnd: u32,
  rehash: u32,
  totalRto: u16,
  totalRtoRecoveries: u16,
  /** Milliseconds. */
  totalRtoTime: u32,
  receivedCe: u32,
  deliveredE1Bytes: u32,
  deliveredE0Bytes: u32,
  deliveredCeBytes: u32,
  receivedE1Bytes: u32,
  receivedE0Bytes: u32,
  receivedCeBytes: u32,
  accecn: bits(u32, { ecnMode: 2, optSeen: 2, failMode: 4, options2: 24 }),
}) {}
