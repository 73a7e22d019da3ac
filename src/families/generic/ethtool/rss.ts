/** Which packet goes to which queue, and which tunnels a device knows. Source: include/uapi/linux/ethtool_netlink.h, net/ethtool/rss.c, tunnels.c. */
import { attrs, be16, binary, enumeration, flags, list, multi, u32, uint } from '../../../codec/index.ts';
import { EthtoolBitset, EthtoolHeader } from './bitset.ts';

/** What of a packet is hashed: bits RXH_*. */
export class EthtoolFlowHash extends attrs('ETHTOOL_A_FLOW_', {
  ether: [1, uint], ip4: [2, uint], ip6: [3, uint], tcp4: [4, uint], tcp6: [5, uint], udp4: [6, uint], udp6: [7, uint], sctp4: [8, uint], sctp6: [9, uint],
  ah4: [10, uint], ah6: [11, uint], esp4: [12, uint], esp6: [13, uint], ahEsp4: [14, uint], ahEsp6: [15, uint],
  gtpu4: [16, uint], gtpu6: [17, uint], gtpc4: [18, uint], gtpc6: [19, uint], gtpcTeid4: [20, uint], gtpcTeid6: [21, uint],
  gtpuEh4: [22, uint], gtpuEh6: [23, uint], gtpuUl4: [24, uint], gtpuUl6: [25, uint], gtpuDl4: [26, uint], gtpuDl6: [27, uint],
}) {}

/** Receive side scaling: a hash of the packet, a table of queues. */
export class EthtoolRss extends attrs('ETHTOOL_A_RSS_', {
  header: [1, EthtoolHeader],
  /** Which table, where a link has several; absent: the one that all packets begin with. */
  context: [2, u32],
  /** A bit of the string set `rssHashFuncs`, as a mask. */
  hfunc: [3, u32],
  /** Queues. */
  indir: [4, list(u32)],
  hkey: [5, binary],
  /** Both directions of a connection to one queue. */
  inputXfrm: [6, flags(u32, { symXor: 1, symOrXor: 2 }, 'RXH_XFRM_')],
  /** Of a dump: which context to begin with. */
  startContext: [7, u32],
  flowHash: [8, EthtoolFlowHash],
}) {}

/** A UDP port whose packets the device takes apart. */
export class EthtoolTunnelEntry extends attrs('ETHTOOL_A_TUNNEL_UDP_ENTRY_', {
  port: [1, be16],
  type: [2, enumeration(u32, { vxlan: 0, geneve: 1, vxlanGpe: 2 }, 'ETHTOOL_UDP_TUNNEL_TYPE_')],
}) {}
/** Room for ports of some types. */
export class EthtoolTunnelTable extends attrs('ETHTOOL_A_TUNNEL_UDP_TABLE_', { size: [1, u32], types: [2, EthtoolBitset], entry: [3, multi(EthtoolTunnelEntry)] }) {}
/** All tables of a device. */
export class EthtoolTunnelPorts extends attrs('ETHTOOL_A_TUNNEL_UDP_', { table: [1, multi(EthtoolTunnelTable)] }) {}
/** Tunnels that a device takes apart. */
export class EthtoolTunnels extends attrs('ETHTOOL_A_TUNNEL_INFO_', { header: [1, EthtoolHeader], udpPorts: [2, EthtoolTunnelPorts] }) {}
