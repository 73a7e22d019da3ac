/** IPVS: the load balancer of the transport layer: virtual services, the servers behind them, what they carried. Source: include/uapi/linux/ip_vs.h, net/netfilter/ipvs/ip_vs_ctl.c. */
import { attrs, be16, blob, enumeration, flags, genericFamily, ipv4, ipv6, pad, s32, select, string, struct, u16, u32, u64, u8, union, type Value } from '../../codec/index.ts';
import { family16 } from '../route/family.ts';
import { ipProtocol } from '../route/names.ts';

/** Room for an address of either family; the first 4 bytes hold one of IPv4. */
const ADDRESS = 16;

/** IP_VS_SVC_F_*. What the three flags of a scheduler mean is its own: of `sh` and `mh`, the first is to fall back, the second to look at ports. */
export const ipvsServiceFlags = flags(u32, { persistent: 1, hashed: 2, onepacket: 4, sched1: 8, sched2: 0x10, sched3: 0x20 }, 'IP_VS_SVC_F_');
/** Which flags a service has, and which of them are meant. */
export class IpvsFlags extends struct('ip_vs_flags', { flags: ipvsServiceFlags, mask: u32 }) {}

/** How packets get to a server: IP_VS_CONN_F_*, the lowest three bits. */
export const ipvsForward = enumeration(u32, { masq: 0, localnode: 1, tunnel: 2, droute: 3, bypass: 4 }, 'IP_VS_CONN_F_');
export const ipvsTunnel = enumeration(u8, { ipip: 0, gue: 1, gre: 2 }, 'IP_VS_CONN_F_TUNNEL_TYPE_');
/** Checksums of what is tunnelled: none, whole, or left to the receiver. */
export const ipvsTunnelFlags = flags(u16, { csum: 1, remcsum: 2 }, 'IP_VS_TUNNEL_ENCAP_FLAG_');
/** Which side of the synchronization of connections. */
export const ipvsSync = flags(u32, { master: 1, backup: 2 }, 'IP_VS_STATE_');

/** Counters, and rates a second: those that take 4 bytes wrap. */
export class IpvsStats extends attrs('IPVS_STATS_ATTR_', {
  /** Connections that were scheduled. */
  conns: [1, u32],
  inpkts: [2, u32],
  outpkts: [3, u32],
  inbytes: [4, u64],
  outbytes: [5, u64],
  /** Connections a second; packets; bytes. */
  cps: [6, u32],
  inpps: [7, u32],
  outpps: [8, u32],
  inbps: [9, u32],
  outbps: [10, u32],
  pad: [11, pad],
}) {}
/** The same in 8 bytes each. */
export class IpvsStats64 extends attrs('IPVS_STATS_ATTR_', {
  conns: [1, u64],
  inpkts: [2, u64],
  outpkts: [3, u64],
  inbytes: [4, u64],
  outbytes: [5, u64],
  cps: [6, u64],
  inpps: [7, u64],
  outpps: [8, u64],
  inbps: [9, u64],
  outbps: [10, u64],
  pad: [11, pad],
}) {}

/** A virtual service: by protocol, address and port, or by the mark that the firewall gave its packets. */
export const ipvsService = attrs('IPVS_SVC_ATTR_', {
  af: [1, family16],
  /** Two bytes: tcp, udp, sctp. */
  protocol: [2, enumeration(u16, ipProtocol.names, 'IPPROTO_')],
  addr: [3, union('af', { inet: ipv4, inet6: ipv6 }, blob(ADDRESS))],
  /** 0: every port, of a service that is persistent. */
  port: [4, be16],
  fwmark: [5, u32],
  /** "rr", "wlc" ... The kernel loads its module. */
  schedName: [6, string],
  flags: [7, IpvsFlags],
  /** Seconds that a client stays with its server, where the service is persistent. */
  timeout: [8, u32],
  /** Which clients count as one, where the service is persistent: a mask of IPv4, a prefix's length of IPv6. */
  netmask: [9, select('af', { inet: ipv4, inet6: u32 })],
  stats: [10, IpvsStats],
  /** "sip": what persistence goes by, where it is not addresses. */
  peName: [11, string],
  stats64: [12, IpvsStats64],
});
export type IpvsService = Value<typeof ipvsService>;

/** A real server of a virtual service. */
export const ipvsDestination = attrs('IPVS_DEST_ATTR_', {
  addr: [1, union('addrFamily', { inet: ipv4, inet6: ipv6 }, blob(ADDRESS))],
  port: [2, be16],
  fwdMethod: [3, ipvsForward],
  /** Its share; 0: no new connections. */
  weight: [4, s32],
  /** How many connections it gets at the most, and at how few it gets new ones again; 0: no bounds. */
  uThresh: [5, u32],
  lThresh: [6, u32],
  activeConns: [7, u32],
  inactConns: [8, u32],
  persistConns: [9, u32],
  stats: [10, IpvsStats],
  /** The family of `addr`; tunnels may lead to another than the service's. Left out, the service's. */
  addrFamily: [11, family16],
  stats64: [12, IpvsStats64],
  /** Of a tunnel: its kind, the UDP port of GUE, checksums. */
  tunType: [13, ipvsTunnel],
  tunPort: [14, be16],
  tunFlags: [15, ipvsTunnelFlags],
});
export type IpvsDestination = Value<typeof ipvsDestination>;

/** A thread that tells other machines of connections, or hears of theirs. */
export class IpvsDaemon extends attrs('IPVS_DAEMON_ATTR_', {
  state: [1, ipvsSync],
  /** The link whose multicast it is. */
  mcastIfn: [2, string],
  /** Which messages are meant; of a backup, 0 for all. */
  syncId: [3, u32],
  /** Bytes of a message. */
  syncMaxlen: [4, u16],
  mcastGroup: [5, ipv4],
  mcastGroup6: [6, ipv6, 'IPVS_DAEMON_ATTR_MCAST_GROUP6'],
  /** Host byte order. */
  mcastPort: [7, u16],
  mcastTtl: [8, u8],
}) {}

/** What every command is about: a service, a server of it, a daemon; or timeouts. */
export class Ipvs extends attrs('IPVS_CMD_ATTR_', {
  service: [1, ipvsService],
  dest: [2, ipvsDestination],
  daemon: [3, IpvsDaemon],
  /** Seconds that a connection is remembered: established ones of TCP, those after a FIN, UDP. */
  timeoutTcp: [4, u32],
  timeoutTcpFin: [5, u32],
  timeoutUdp: [6, u32],
}) {}

/** What there is to know of IPVS itself. */
export class IpvsInfo extends attrs('IPVS_INFO_ATTR_', {
  /** A byte each: 0x010201 is 1.2.1. */
  ipvsVersion: [1, u32, 'IPVS_INFO_ATTR_VERSION'],
  /** Buckets of the table of connections. */
  connTabSize: [2, u32],
}) {}

/** IPVS. */
export const ipvs = genericFamily('IPVS', 1, {
  prefix: 'IPVS_CMD_',
  commands: {
    newService: [1, Ipvs], setService: [2, Ipvs], delService: [3, Ipvs], getService: [4, Ipvs],
    newDest: [5, Ipvs], setDest: [6, Ipvs], delDest: [7, Ipvs], getDest: [8, Ipvs],
    newDaemon: [9, Ipvs], delDaemon: [10, Ipvs], getDaemon: [11, Ipvs],
    setConfig: [12, Ipvs], getConfig: [13, Ipvs],
    setInfo: [14, IpvsInfo], getInfo: [15, IpvsInfo],
    zero: [16, Ipvs], flush: [17, Ipvs],
  },
  config: 'CONFIG_IP_VS',
  module: 'ip_vs',
});
