/** Network interfaces, `ip link`. Source: net/core/rtnetlink.c, numbers: include/uapi/linux/if_link.h. */
import { attrs, binary, enumeration, flags, mac, message, multi, pad, s32, select, string, struct, u16, u32, u64, u8, uint, type Codec, type Value } from '../../codec/index.ts';
import { family } from './family.ts';
import { BridgePort } from './kinds/bridge.ts';
import { CanDeviceStats } from './kinds/can.ts';
import { kinds, slaveKinds } from './kinds/index.ts';
import { None } from './kinds/none.ts';
import { AfSpec, Inet6 } from './link-afspec.ts';
import { BridgeAfSpec } from './link-bridge.ts';
import { LinkStats, LinkStats64 } from './link-stats.ts';
import { PortProfile, VfInfoList, VfPorts } from './link-vf.ts';
import { Xdp } from './link-xdp.ts';

export { kinds, slaveKinds };

const linkFlags = flags(u32, {
  up: 0x1, broadcast: 0x2, debug: 0x4, loopback: 0x8, pointopoint: 0x10, notrailers: 0x20, running: 0x40, noarp: 0x80, promisc: 0x100, allmulti: 0x200,
  master: 0x400, slave: 0x800, multicast: 0x1000, portsel: 0x2000, automedia: 0x4000, dynamic: 0x8000, lowerUp: 0x10000, dormant: 0x20000, echo: 0x40000,
}, 'IFF_');

export class Ifinfomsg extends struct('ifinfomsg', {
  family,
  _pad: u8,
  /** Hardware type, ARPHRD_*: 1 Ethernet, 772 loopback, 65534 none. */
  type: u16,
  index: s32,
  flags: linkFlags,
  /** In a request: the bits of `flags` to change. In a notification: those that changed. */
  change: linkFlags,
}) {}

/** struct rtnl_link_ifmap; zero on all but ancient hardware. */
export class LinkMap extends struct('rtnl_link_ifmap', { memStart: u64, memEnd: u64, baseAddr: u64, irq: u16, dma: u8, port: u8 }) {}

/** Counters of one kind's own. A type that does not speak of `kind`: a second selection by it would leave no kind possible. */
const xstats: Codec<CanDeviceStats | Uint8Array> = select('kind', { can: CanDeviceStats });

/** A link's kind and its settings. One more kind is one more line in kinds/index.ts. */
export const linkinfo = attrs('IFLA_INFO_', {
  /** "veth", "bridge", ...; physical devices have none. */
  kind: [1, string],
  data: [2, select('kind', kinds)],
  xstats: [3, xstats],
  /** Kind of the link that this one is a port of. The kernel does not read it in a request: it looks at the master. */
  slaveKind: [4, string],
  /** Settings as a port: bytes in requests of iproute2, which leaves `slaveKind` out. */
  slaveData: [5, select('slaveKind', slaveKinds)],
});

/** Other names of a link, of up to 127 bytes. */
export class PropList extends attrs('IFLA_', { altIfname: [53, multi(string)] }) {}
/** Only the bits in `mask` change. */
export class ProtoDownReason extends attrs('IFLA_PROTO_DOWN_REASON_', { mask: [1, u32], value: [2, u32] }) {}
/** The devlink port that the link belongs to. */
export class DevlinkPort extends attrs('DEVLINK_ATTR_', { busName: [1, string], devName: [2, string], portIndex: [3, u32], index: [184, uint] }) {}
/** The clock pin that the link can feed. */
export class DpllPin extends attrs('DPLL_A_PIN_', { id: [1, u32] }) {}

/** Families differ in what they put in these two; since no key means two things, the value's type is all of them together. */
export interface LinkAfSpec extends AfSpec, BridgeAfSpec {}
export interface LinkProtinfo extends BridgePort, Inet6 {}
const afSpec: Codec<LinkAfSpec> = select('family', { bridge: BridgeAfSpec }, AfSpec);
const protinfo: Codec<LinkProtinfo> = select('family', { bridge: BridgePort, inet6: Inet6 }, None);

export class LinkAttrs extends attrs('IFLA_', {
  /** Hardware address. */
  address: [1, mac],
  /** Hardware broadcast address; of a tunnel, the other end. */
  broadcast: [2, mac],
  /** Name, at most 15 bytes. */
  ifname: [3, string],
  /** Largest packet, in bytes, link header excluded. */
  mtu: [4, u32],
  /** Index of the lower device, or of the other end of a pair; in another namespace when `linkNetnsid` is there. */
  link: [5, u32],
  /** Kind of the root queueing discipline. */
  qdisc: [6, string],
  stats: [7, LinkStats],
  cost: [8, u32],
  priority: [9, u32],
  /** Index of the bridge, bond, team or VRF that the link is a port of; 0 frees it. */
  master: [10, u32],
  /** Wireless extensions event, struct iw_event. */
  wireless: [11, binary],
  /** Of family `bridge`, the bridge port; of family `inet6`, IPv6 settings. */
  protinfo: [12, protinfo],
  /** Packets that may wait to be sent. */
  txqlen: [13, u32],
  map: [14, LinkMap],
  weight: [15, u32],
  /** State by RFC 2863. */
  operstate: [16, enumeration(u8, { unknown: 0, notpresent: 1, down: 2, lowerlayerdown: 3, testing: 4, dormant: 5, up: 6 }, 'IF_OPER_')],
  /** Who decides about `operstate`: the driver, or user space (`dormant`). */
  linkmode: [17, enumeration(u8, { default: 0, dormant: 1, testing: 2 }, 'IF_LINK_MODE_')],
  linkinfo: [18, linkinfo],
  /** Process whose namespace the link moves to. Sent only. */
  netNsPid: [19, u32],
  /** Free text, at most 255 bytes. */
  ifalias: [20, string],
  numVf: [21, u32],
  vfinfoList: [22, VfInfoList],
  stats64: [23, LinkStats64],
  vfPorts: [24, VfPorts],
  portSelf: [25, PortProfile],
  /** Settings by protocol; in messages of family `bridge`, VLANs and the like. */
  afSpec: [26, afSpec],
  /** Group number: requests may go to all links of a group. */
  group: [27, u32],
  /** File descriptor of the namespace to move the link to. Sent only. */
  netNsFd: [28, u32],
  /** What more, or less, an answer should hold. Sent only. */
  extMask: [29, flags(u32, {
    vf: 0x1, brvlan: 0x2, brvlanCompressed: 0x4, skipStats: 0x8, mrp: 0x10, cfmConfig: 0x20, cfmStatus: 0x40, mst: 0x80, nameOnly: 0x100,
  }, 'RTEXT_FILTER_')],
  /** How many users want all packets, whatever their address. */
  promiscuity: [30, u32],
  numTxQueues: [31, u32],
  numRxQueues: [32, u32],
  /** 1: something answers at the other end. */
  carrier: [33, u8],
  physPortId: [34, binary],
  carrierChanges: [35, u32],
  physSwitchId: [36, binary],
  /** Namespace, by id, that `link` is in. */
  linkNetnsid: [37, s32],
  physPortName: [38, string],
  /** 1: kept without carrier. */
  protoDown: [39, u8],
  /** Segments in the largest packet left for the device to split. */
  gsoMaxSegs: [40, u32],
  /** Bytes in the largest packet left for the device to split. */
  gsoMaxSize: [41, u32],
  pad: [42, pad],
  xdp: [43, Xdp],
  /** What a notification is about. */
  event: [44, enumeration(u32, { none: 0, reboot: 1, features: 2, bondingFailover: 3, notifyPeers: 4, igmpResend: 5, bondingOptions: 6 }, 'IFLA_EVENT_')],
  /** Namespace, by id, that the link moved to. */
  newNetnsid: [45, s32],
  /** Namespace, by id, that the request is about, or that the link is in. */
  targetNetnsid: [46, s32],
  carrierUpCount: [47, u32],
  carrierDownCount: [48, u32],
  /** Index to have after a move to another namespace, or had after it. */
  newIfindex: [49, s32],
  /** Least MTU that the device accepts. */
  minMtu: [50, u32],
  /** Largest MTU that the device accepts; 0: not known. */
  maxMtu: [51, u32],
  propList: [52, PropList],
  /** One other name, to ask for a link by. */
  altIfname: [53, string],
  /** Address that the hardware came with. */
  permAddress: [54, mac],
  protoDownReason: [55, ProtoDownReason],
  /** The device on a bus behind the link, "0000:00:03.0". */
  parentDevName: [56, string],
  /** That bus, "pci". */
  parentDevBusName: [57, string],
  /** Bytes in the largest packet put together on receive. */
  groMaxSize: [58, u32],
  /** Bytes in the largest packet that the device can split. */
  tsoMaxSize: [59, u32],
  /** Segments in the largest packet that the device can split. */
  tsoMaxSegs: [60, u32],
  /** How many users want all multicast. */
  allmulti: [61, u32],
  devlinkPort: [62, DevlinkPort],
  gsoIpv4MaxSize: [63, u32],
  groIpv4MaxSize: [64, u32],
  dpllPin: [65, DpllPin],
  /** Nanoseconds ahead that the device can time its sending. */
  maxPacingOffloadHorizon: [66, uint],
  /** 1: the link cannot leave its namespace. */
  netnsImmutable: [67, u8],
  /** Bytes that the device wants free before each packet. */
  headroom: [68, u16],
  /** Bytes that the device wants free after each packet. */
  tailroom: [69, u16],
}) {}

/** A link as the kernel reports it: RTM_*LINK and RTM_*LINKPROP. */
export class Link extends message('link', Ifinfomsg, LinkAttrs) {}
/** A link as described to the kernel: header fields may be left out. */
export interface LinkInit extends Value<typeof Link.init> {}

/** Keys that hold what skipStats leaves out. Source: rtnl_fill_ifinfo and rtnl_fill_vf of net/core/rtnetlink.c, inet6_fill_ifla6_attrs. */
const counting: ReadonlySet<string> = new Set(['stats', 'stats64', 'vfinfoList', 'afSpec']);
/** A dump of links that nobody wants counters of is sent without them: they are most of a link's bytes. */
export const sparingLinks = (select: readonly string[]): LinkInit => (select.some((key) => counting.has(key.split('.', 1)[0] as string)) ? {} : { extMask: ['skipStats'] });
