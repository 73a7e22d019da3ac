/** struct mptcp_info, and what a subflow says of itself. Source: include/uapi/linux/mptcp.h, net/mptcp/sockopt.c, net/mptcp/diag.c. */
import { attrs, flags, pad, struct, u16, u32, u64, u8 } from '../../codec/index.ts';

/** Counts are of subflows and addresses; sizes bytes; `last...` milliseconds ago. An older, shorter one reads as far as it goes. */
export class MptcpInfo extends struct('mptcp_info', {
  /** Beside the first one. */
  subflows: u8,
  addAddrSignal: u8, addAddrAccepted: u8, subflowsMax: u8, addAddrSignalMax: u8, addAddrAcceptedMax: u8,
  flags: flags(u32, { fallback: 1, remoteKeyReceived: 2 }, 'MPTCP_INFO_FLAG_'),
  token: u32,
  writeSeq: u64, sndUna: u64, rcvNxt: u64,
  localAddrUsed: u8, localAddrMax: u8, csumEnabled: u8,
  retransmits: u32,
  bytesRetrans: u64, bytesSent: u64, bytesReceived: u64, bytesAcked: u64,
  subflowsTotal: u8, endpLaminarMax: u8, endpFullmeshMax: u8, _reserved: u8,
  lastDataSent: u32, lastDataRecv: u32, lastAckRecv: u32,
}) {}

/** A TCP connection that is part of one of MPTCP. */
export class MptcpSubflow extends attrs('MPTCP_SUBFLOW_ATTR_', {
  tokenRem: [1, u32],
  tokenLoc: [2, u32],
  relwriteSeq: [3, u32],
  mapSeq: [4, u64],
  mapSfseq: [5, u32],
  ssnOffset: [6, u32],
  mapDatalen: [7, u16],
  flags: [8, flags(u32, { mcapRem: 1, mcapLoc: 2, joinRem: 4, joinLoc: 8, bkupRem: 0x10, bkupLoc: 0x20, fullyEstablished: 0x40, connected: 0x80, mapvalid: 0x100 }, 'MPTCP_SUBFLOW_FLAG_')],
  idRem: [9, u8],
  idLoc: [10, u8],
  pad: [11, pad],
}) {}
