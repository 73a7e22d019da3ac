/** Routes, `ip route`. Source: include/uapi/linux/rtnetlink.h, net/ipv4/fib_semantics.c, net/ipv6/route.c, net/mpls/af_mpls.c. */
import {
  attrs, be16, be32, binary, enumeration, flags, ip, late, mac, message, pad, records, s32, select, string, struct, tail, u16, u32, u64, u8, type Value,
} from '../../codec/index.ts';
import { encapKinds, encapType } from './encap.ts';
import { family, family16 } from './family.ts';
import { mplsLabels } from './mpls.ts';
import { ipProtocol, nexthopFlags, routeProtocol, routeType, scope, table } from './names.ts';

/** The low byte is the state of a lone next hop; the `rt` names are about the route as a whole. */
const routeFlags = flags(u32, {
  ...nexthopFlags,
  notify: 0x100, cloned: 0x200, equalize: 0x400, prefix: 0x800, lookupTable: 0x1000, fibMatch: 0x2000,
  rtOffload: 0x4000, rtTrap: 0x8000, rtOffloadFailed: 0x2000_0000,
});

export class Rtmsg extends struct('rtmsg', {
  family,
  /** Prefix length of `dst`, in bits (an MPLS label has 20). */
  dstLen: u8,
  srcLen: u8,
  /** DSCP and ECN bits. */
  tos: u8,
  /** See `tableId` for numbers over 255. */
  table,
  protocol: routeProtocol,
  scope,
  type: routeType,
  flags: routeFlags,
}) {}

/** A next hop of another family than the route; family `packet` makes it a MAC address. */
export const rtvia = tail(struct('rtvia', { family: family16 }), 'addr', select('family', { packet: mac }, ip));

/** `hops` is the weight less one; for multicast routes a TTL threshold. */
export class RtNexthop extends struct('rtnexthop', { len: u16, flags: flags(u8, nexthopFlags, 'RTNH_F_'), hops: u8, ifindex: s32 }) {}

const nexthopShape = {
  gateway: [5, select('family', { mpls: mplsLabels }, ip)],
  /** Realms, source in the upper sixteen bits. */
  flow: [11, u32],
  via: [18, rtvia],
  /** Labels that replace the one a packet came with. */
  newdst: [19, select('family', { mpls: mplsLabels }, binary)],
  encapType: [21, encapType],
  encap: [22, select('encapType', encapKinds)],
} as const;

export const rtNexthopAttrs = attrs('RTA_', nexthopShape);

const metricBits = {
  mtu: 1 << 2, window: 1 << 3, rtt: 1 << 4, rttvar: 1 << 5, ssthresh: 1 << 6, cwnd: 1 << 7, advmss: 1 << 8, reordering: 1 << 9,
  hoplimit: 1 << 10, initcwnd: 1 << 11, features: 1 << 12, rtoMin: 1 << 13, initrwnd: 1 << 14, quickack: 1 << 15, ccAlgo: 1 << 16,
} as const;

export class RouteMetrics extends attrs('RTAX_', {
  /** Metrics that path discovery may not change. */
  lock: [1, flags(u32, metricBits)],
  /** Bytes. */
  mtu: [2, u32],
  /** Bytes. */
  window: [3, u32],
  /** Eighths of a millisecond. */
  rtt: [4, u32],
  /** Quarters of a millisecond. */
  rttvar: [5, u32],
  /** Segments. */
  ssthresh: [6, u32],
  /** Segments. */
  cwnd: [7, u32],
  /** Bytes. */
  advmss: [8, u32],
  reordering: [9, u32],
  hoplimit: [10, u32],
  /** Segments. */
  initcwnd: [11, u32],
  features: [12, flags(u32, { ecn: 1, sack: 2, timestamp: 4, allfrag: 8, tcpUsecTs: 16 }, 'RTAX_FEATURE_')],
  /** Milliseconds. */
  rtoMin: [13, u32],
  /** Segments. */
  initrwnd: [14, u32],
  quickack: [15, u32],
  /** Congestion control by name, "cubic". */
  ccAlgo: [16, string],
  fastopenNoCookie: [17, u32],
}) {}

/** Times are clock ticks (1/100 s); `error` is a negative errno seen as unsigned. */
export class RtaCacheinfo extends struct('rta_cacheinfo', {
  clntref: u32, lastuse: u32, expires: s32, error: u32, used: u32, id: u32, ts: u32, tsage: u32,
}) {}
export class RtaMfcStats extends struct('rta_mfc_stats', { packets: u64, bytes: u64, wrongIf: u64 }) {}

export const routeAttrs = attrs('RTA_', {
  ...nexthopShape,
  /** Absent for a default route. */
  dst: [1, select('family', { mpls: mplsLabels }, ip)],
  src: [2, ip],
  /** Index of the interface that packets come in by. */
  iif: [3, u32],
  /** Index of the interface that packets leave by. */
  oif: [4, u32],
  /** Metric: the lower is preferred. */
  priority: [6, u32],
  /** Preferred source address. */
  prefsrc: [7, ip],
  metrics: [8, RouteMetrics],
  multipath: [9, records(RtNexthop, 'len', late(() => rtNexthopAttrs))],
  protoinfo: [10, binary],
  cacheinfo: [12, RtaCacheinfo],
  session: [13, binary],
  mpAlgo: [14, u32],
  /** The table's whole number; the header's `table` holds only a byte. */
  tableId: [15, u32, 'RTA_TABLE'],
  /** Firewall mark to look up with. */
  mark: [16, u32],
  mfcStats: [17, RtaMfcStats],
  /** Preference of an IPv6 router (RFC 4191). */
  pref: [20, enumeration(u8, { medium: 0, high: 1, invalid: 2, low: 3 })],
  /** Seconds; of a multicast route hundredths of a second since its last use. */
  expires: [23, select('family', { ipmr: u64, ip6mr: u64 }, u32)],
  pad: [24, pad],
  uid: [25, u32],
  /** Copy the TTL into the MPLS label: 1 on, 0 off. */
  ttlPropagate: [26, u8],
  ipProto: [27, ipProtocol],
  sport: [28, be16],
  dport: [29, be16],
  /** Next hop object, `ip nexthop`. */
  nhId: [30, u32],
  flowlabel: [31, be32],
  /** Why the kernel deleted the route by itself (Linux 7.3). */
  delReason: [32, enumeration(u32, { unspec: 0, expired: 1, raWithdrawn: 2 }, 'RT_DEL_REASON_')],
});

export const routeMessage = message('route', Rtmsg, routeAttrs);
export type Route = Value<typeof routeMessage>;
