/** Multicast groups of a bridge or a VXLAN interface, `bridge mdb`. Source: include/uapi/linux/if_bridge.h, net/bridge/br_mdb.c. */
import {
  attrs, be16, enumeration, flags, ip, ipv4, ipv6, macAddress, message, multi, struct, u16, u32, u8, union,
} from '../../codec/index.ts';
import { family } from './family.ts';
import { routeProtocol } from './names.ts';

export class BrPortMsg extends struct('br_port_msg', { family, ifindex: u32 }) {}

/** A group and the port it is wanted at. */
export class BrMdbEntry extends struct('br_mdb_entry', {
  /** Of the port. */
  ifindex: u32,
  state: enumeration(u8, { temporary: 0, permanent: 1 }, 'MDB_'),
  flags: flags(u8, { offload: 1, fastLeave: 2, starExcl: 4, blocked: 8, offloadFailed: 0x10 }, 'MDB_FLAGS_'),
  /** 0: no VLAN. */
  vid: u16,
  addr: union('proto', { ip: ipv4, ipv6 }, macAddress),
  /** EtherType of `addr`; `none` makes it a MAC address. */
  proto: enumeration(be16, { none: 0, ip: 0x0800, ipv6: 0x86dd }),
}) {}

const groupMode = enumeration(u8, { exclude: 0, include: 1 }, 'MCAST_');

export class MdbSource extends attrs('MDBA_MDB_SRCATTR_', {
  address: [1, ip],
  /** Centiseconds. */
  timer: [2, u32],
}) {}
export class MdbSources extends attrs('MDBA_MDB_SRCLIST_', { entry: [1, multi(MdbSource)] }) {}
export class MdbEntryAttrs extends attrs('MDBA_MDB_EATTR_', {
  /** Until the entry expires, in centiseconds. */
  timer: [1, u32],
  srcList: [2, MdbSources],
  /** Whether `srcList` names the senders that are wanted or those that are not. */
  groupMode: [3, groupMode],
  /** The sender of an (S, G) entry. */
  source: [4, ip],
  rtprot: [5, routeProtocol],
  /** VXLAN: the remote tunnel end. */
  dst: [6, ip],
  /** VXLAN: its UDP port. */
  dstPort: [7, u16],
  vni: [8, u32],
  /** VXLAN: the interface that the tunnel leaves by. */
  viaIfindex: [9, u32, 'MDBA_MDB_EATTR_IFINDEX'],
  srcVni: [10, u32],
}) {}
/** One port of a group: the entry, then its attributes. */
export class MdbEntryInfo extends message('mdbEntry', BrMdbEntry, MdbEntryAttrs) {}
export class MdbEntry extends attrs('MDBA_MDB_ENTRY_', { info: [1, multi(MdbEntryInfo)] }) {}
export class MdbEntries extends attrs('MDBA_MDB_', { entry: [1, multi(MdbEntry)] }) {}

export class MdbRouterPortAttrs extends attrs('MDBA_ROUTER_PATTR_', {
  /** Until the port is no longer taken for a router's, in centiseconds. */
  timer: [1, u32],
  type: [2, enumeration(u8, { disabled: 0, tempQuery: 1, perm: 2, temp: 3 }, 'MDB_RTR_TYPE_')],
  inetTimer: [3, u32],
  inet6Timer: [4, u32],
  vid: [5, u16],
}) {}
export class MdbRouterPort extends message('mdbRouterPort', struct('mdb_router_port', { ifindex: u32 }), MdbRouterPortAttrs) {}
export class MdbRouter extends attrs('MDBA_ROUTER_', { port: [1, multi(MdbRouterPort)] }) {}

/** What the kernel reports. */
export class MdbAttrs extends attrs('MDBA_', {
  mdb: [1, MdbEntries],
  /** Ports behind which there is a multicast router. */
  router: [2, MdbRouter],
}) {}
export class Mdb extends message('mdb', BrPortMsg, MdbAttrs) {}

export class MdbeSource extends attrs('MDBE_SRCATTR_', { address: [1, ip] }) {}
export class MdbeSources extends attrs('MDBE_SRC_LIST_', { entry: [1, multi(MdbeSource)] }) {}
export class MdbeAttrs extends attrs('MDBE_ATTR_', {
  source: [1, ip],
  srcList: [2, MdbeSources],
  groupMode: [3, groupMode],
  rtprot: [4, routeProtocol],
  dst: [5, ip],
  dstPort: [6, u16],
  vni: [7, u32],
  ifindex: [8, u32],
  srcVni: [9, u32],
  /** Of a flush: which bits of `state` must match. */
  stateMask: [10, u8],
}) {}

/** What is sent to add, remove, look up or flush. */
export class MdbSetAttrs extends attrs('MDBA_SET_', {
  entry: [1, BrMdbEntry],
  entryAttrs: [2, MdbeAttrs],
}) {}
export class MdbSet extends message('mdbSet', BrPortMsg, MdbSetAttrs) {}
