/** struct sctp_info. Source: include/uapi/linux/sctp.h, net/sctp/socket.c (sctp_get_sctp_info), net/sctp/diag.c. */
import { blob, enumeration, s32, struct, u16, u32, u64, u8 } from '../../codec/index.ts';
import { family16 } from '../route/family.ts';

/** Room for an address of any family: behind the family as struct sockaddr_in or sockaddr_in6 have it. */
export class SockaddrStorage extends struct('__kernel_sockaddr_storage', { family: family16, data: blob(126) }) {}

/** States of an association; in `state` of the message, too. */
export const sctpStates = { closed: 0, cookieWait: 1, cookieEchoed: 2, established: 3, shutdownPending: 4, shutdownSent: 5, shutdownReceived: 6, shutdownAckSent: 7 } as const;
const sctpState = enumeration(u32, sctpStates);

/** Of an association, and (`s...`) of its endpoint; `p...` is the primary path, its times milliseconds. */
export class SctpInfo extends struct('sctp_info', {
  tag: u32, state: sctpState, rwnd: u32, unackdata: u16, penddata: u16, instrms: u16, outstrms: u16, fragmentationPoint: u32, inqueue: u32,
  outqueue: u32, overallError: u32, maxBurst: u32, maxseg: u32, peerRwnd: u32, peerTag: u32, peerCapable: u8, peerSack: u8, _reserved1: u16,
  isacks: u64, osacks: u64, opackets: u64, ipackets: u64, rtxchunks: u64, outofseqtsns: u64, idupchunks: u64, gapcnt: u64, ouodchunks: u64,
  iuodchunks: u64, oodchunks: u64, iodchunks: u64, octrlchunks: u64, ictrlchunks: u64, pAddress: SockaddrStorage, pState: s32, pCwnd: u32,
  pSrtt: u32, pRto: u32, pHbinterval: u32, pPathmaxrxt: u32, pSackdelay: u32, pSackfreq: u32, pSsthresh: u32, pPartialBytesAcked: u32,
  pFlightSize: u32, pError: u16, _reserved2: u16, sAutoclose: u32, sAdaptationInd: u32, sPdPoint: u32, sNodelay: u8, sDisableFragments: u8,
  sV4mapped: u8, sFragInterleave: u8, sType: u32, _reserved3: u32,
}) {}
