/**
 * IPv6 source routes and telemetry as route encapsulation: segment routing (RFC 8754, 8986), RPL (RFC 6554), IOAM (RFC 9197).
 * Source: include/uapi/linux/seg6_iptunnel.h, seg6_local.h, rpl_iptunnel.h, ioam6_iptunnel.h.
 */
import { attrs, be16, be32, binary, bits, enumeration, flags, ipv4, ipv6, list, pad, s32, select, string, struct, tail, u32, u64, u8 } from '../../codec/index.ts';

/** A routing header as long as its segments alone has an even number of eights; what else it holds (an HMAC) leaves it bytes. */
const segments = select('hdrlen', Object.fromEntries(Array.from({ length: 127 }, (_, n) => [2 * n, list(ipv6)])), binary);

/** `segments` are in wire order: the last to be visited comes first. */
export class Ipv6SrHdr extends struct('ipv6_sr_hdr', {
  nexthdr: u8,
  /** Length in eights of bytes, without the first eight. */
  hdrlen: u8,
  /** 4: segment routing. */
  type: u8,
  segmentsLeft: u8,
  firstSegment: u8,
  flags: flags(u8, { hmac: 8, alert: 0x10, oam: 0x20, protected: 0x40 }, 'SR6_FLAG1_'),
  tag: be16,
}) {}
const srh = tail(Ipv6SrHdr, 'segments', segments);
export class Seg6IptunnelEncap extends struct('seg6_iptunnel_encap', {
  mode: enumeration(s32, { inline: 0, encap: 1, l2encap: 2, encapRed: 3, l2encapRed: 4 }, 'SEG6_IPTUN_MODE_'),
}) {}

/** `cmpri` and `cmpre` say how many leading bytes the segments leave out, which is why these stay bytes. */
export class Ipv6RplSrHdr extends struct('ipv6_rpl_sr_hdr', {
  nexthdr: u8, hdrlen: u8, type: u8, segmentsLeft: u8, lengths: bits(be32, { reserved: 20, pad: 4, cmpre: 4, cmpri: 4 }),
}) {}

/** `typeBe32`: which data every node adds, the first in the highest bit. Lengths are in fours of bytes. */
export class Ioam6TraceHdr extends struct('ioam6_trace_hdr', {
  namespaceId: be16, lengths: bits(be16, { remlen: 7, unused: 3, overflow: 1, nodelen: 5 }), typeBe32: be32,
}) {}

export class Seg6Encap extends attrs('SEG6_IPTUNNEL_', {
  srh: [1, tail(Seg6IptunnelEncap, 'srh', srh)],
  /** Source address of the outer header. */
  src: [2, ipv6],
  /** Where the first segment is looked up (Linux 7.3). */
  table: [3, u32],
}) {}

export class Seg6LocalBpf extends attrs('SEG6_LOCAL_BPF_', {
  prog: [1, u32],
  progName: [2, string],
}) {}
export class Seg6LocalCounters extends attrs('SEG6_LOCAL_CNT_', {
  pad: [1, pad],
  packets: [2, u64],
  bytes: [3, u64],
  errors: [4, u64],
}) {}
export class Seg6LocalFlavors extends attrs('SEG6_LOCAL_FLV_', {
  operation: [1, flags(u32, { psp: 1 << 1, usp: 1 << 2, usd: 1 << 3, nextCsid: 1 << 4 })],
  /** Bits of the locator block of a compressed list. */
  lcblockBits: [2, u8],
  lcnodeFnBits: [3, u8],
}) {}

/** What this node does with a packet whose current segment is the route's destination. */
export class Seg6LocalEncap extends attrs('SEG6_LOCAL_', {
  action: [1, enumeration(u32, {
    unspec: 0, end: 1, endX: 2, endT: 3, endDx2: 4, endDx6: 5, endDx4: 6, endDt6: 7, endDt4: 8, endB6: 9, endB6Encap: 10, endBm: 11,
    endS: 12, endAs: 13, endAm: 14, endBpf: 15, endDt46: 16,
  }, 'SEG6_LOCAL_ACTION_')],
  srh: [2, srh],
  table: [3, u32],
  nh4: [4, ipv4],
  nh6: [5, ipv6],
  iif: [6, u32],
  oif: [7, u32],
  bpf: [8, Seg6LocalBpf],
  vrftable: [9, u32],
  counters: [10, Seg6LocalCounters],
  flavors: [11, Seg6LocalFlavors],
}) {}

export class RplEncap extends attrs('RPL_IPTUNNEL_', {
  srh: [1, tail(Ipv6RplSrHdr, 'segments', binary)],
}) {}

export class IoamEncap extends attrs('IOAM6_IPTUNNEL_', {
  mode: [1, enumeration(u8, { inline: 1, encap: 2, auto: 3 }, 'IOAM6_IPTUNNEL_MODE_')],
  /** Of the outer header. */
  dst: [2, ipv6],
  trace: [3, tail(Ioam6TraceHdr, 'data', binary)],
  /** Trace `freqK` packets out of every `freqN`. */
  freqK: [4, u32],
  freqN: [5, u32],
  src: [6, ipv6],
}) {}
