/** Multicast routing: tables, virtual interfaces, and packets that the kernel asks about. Source: include/uapi/linux/mroute.h, mroute6.h. */
import { attrs, binary, enumeration, flags, ip, ipv4, message, multi, pad, u16, u32, u64, u8 } from '../../codec/index.ts';
import { Rtgenmsg } from './nsid.ts';

export class IpmrVif extends attrs('IPMRA_VIFA_', {
  ifindex: [1, u32],
  vifId: [2, u32],
  flags: [3, flags(u16, { tunnel: 1, srcrt: 2, register: 4, useIfindex: 8 }, 'VIFF_')],
  bytesIn: [4, u64],
  bytesOut: [5, u64],
  packetsIn: [6, u64],
  packetsOut: [7, u64],
  localAddr: [8, ipv4],
  remoteAddr: [9, ipv4],
  pad: [10, pad],
}) {}
export class IpmrVifs extends attrs('IPMRA_', { vif: [1, multi(IpmrVif)] }) {}

/** IFLA_AF_SPEC of a link message whose family is `ipmr`: one IPv4 multicast routing table. */
export class IpmrTable extends attrs('IPMRA_TABLE_', {
  id: [1, u32],
  /** Packets that wait for user space to make a route. */
  cacheResQueueLen: [2, u32],
  mrouteRegVifNum: [3, u32],
  mrouteDoAssert: [4, u8],
  mrouteDoPim: [5, u8],
  vifs: [6, IpmrVifs],
  mrouteDoWrvifwhole: [7, u8],
}) {}

/** The IPv6 set (IP6MRA_CREPORT_*) has the same numbers. */
export class CachereportAttrs extends attrs('IPMRA_CREPORT_', {
  msgtype: [1, enumeration(u8, { nocache: 1, wrongvif: 2, wholepkt: 3, wrvifwhole: 4 }, 'IGMPMSG_')],
  vifId: [2, u32],
  srcAddr: [3, ip],
  dstAddr: [4, ip],
  /** The packet, from its network header on. */
  pkt: [5, binary],
  table: [6, u32],
}) {}

export class Cachereport extends message('cachereport', Rtgenmsg, CachereportAttrs) {}
