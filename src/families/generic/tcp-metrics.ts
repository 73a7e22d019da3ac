/** tcp_metrics: what TCP remembers of each host it talked to. Source: include/uapi/linux/tcp_metrics.h, net/ipv4/tcp_metrics.c. */
import { attrs, binary, genericFamily, ipv4, ipv6, pad, s32, u16, u32, u64 } from '../../codec/index.ts';

/** What is remembered of a path. */
export class TcpMetricValues extends attrs('TCP_METRICS_A_METRICS_', {
  /** Eighths of a millisecond. */
  rtt: [1, u32],
  /** Quarters of a millisecond. */
  rttvar: [2, u32],
  ssthresh: [3, u32],
  cwnd: [4, u32],
  reordering: [5, u32, 'TCP_METRICS_A_METRICS_REODERING'],
  /** Eighths of a microsecond. */
  rttUs: [6, u32],
  /** Quarters of a microsecond. */
  rttvarUs: [7, u32],
}) {}

/** What TCP remembers of a destination, by its address and the source's. */
export class TcpMetrics extends attrs('TCP_METRICS_ATTR_', {
  addrIpv4: [1, ipv4],
  addrIpv6: [2, ipv6],
  /** Milliseconds since it was written down. */
  age: [3, u64],
  twTsval: [4, u32],
  twTsStamp: [5, s32],
  vals: [6, TcpMetricValues],
  /** Of TCP Fast Open (RFC 7413), as what follows. */
  fopenMss: [7, u16],
  fopenSynDrops: [8, u16],
  /** Milliseconds ago. */
  fopenSynDropTs: [9, u64],
  fopenCookie: [10, binary],
  saddrIpv4: [11, ipv4],
  saddrIpv6: [12, ipv6],
  pad: [13, pad],
}) {}

/** tcp_metrics. */
export const tcpMetrics = genericFamily('tcp_metrics', 1, { prefix: 'TCP_METRICS_CMD_', commands: { get: [1, TcpMetrics], del: [2, TcpMetrics] }, config: 'CONFIG_INET' });
