/** IP sets: addresses, networks, ports and links by the thousand, which rules look up. Source: include/uapi/linux/netfilter/ipset/ip_set.h, net/netfilter/ipset/ip_set_core.c. */
import { attrs, be16, be32, be64, flags, ipv4, ipv6, message, macAddress, multi, netOrder, pad, string, u8 } from '../../codec/index.ts';
import { ipProtocol } from '../route/names.ts';
import { family, Nfgenmsg } from './header.ts';

/** IPSET_PROTOCOL: the versions of the protocol that are spoken here. The kernel refuses what it does not speak. */
export const IPSET_PROTOCOL = 7, IPSET_PROTOCOL_MIN = 6;
/** IPSET_MAXNAMELEN, without the NUL: the letters of a name. */
export const IPSET_NAME_LENGTH = 31;

const net16 = netOrder(be16), net32 = netOrder(be32), net64 = netOrder(be64);

/** An address, or the first of several. */
export class IpsetAddress extends attrs('IPSET_ATTR_IPADDR_', { ipv4: [1, netOrder(ipv4)], ipv6: [2, netOrder(ipv6)] }) {}

/** What a request is to do: not to mind what is there already, or is not; of a listing, to tell names or headers only. */
export const ipsetFlags = flags(net32, {
  exist: 1, listSetname: 2, listHeader: 4, skipCounterUpdate: 8, skipSubcounterUpdate: 0x10, matchCounters: 0x20, returnNomatch: 0x80, mapSkbmark: 0x100, mapSkbprio: 0x200, mapSkbqueue: 0x400,
}, 'IPSET_FLAG_');
/** What a set keeps of its entries, and what an entry is: those of `before` to `nomatch` and `ifaceWildcard` are an entry's. */
export const ipsetEntryFlags = flags(net32, {
  before: 1, physdev: 2, nomatch: 4, withCounters: 8, withComment: 0x10, withForceadd: 0x20, withSkbinfo: 0x40, ifaceWildcard: 0x80,
}, 'IPSET_FLAG_');

/** The attributes that sets and entries share. */
const shared = {
  ip: [1, IpsetAddress],
  /** The last of several. */
  ipTo: [2, IpsetAddress],
  /** The prefix's length. */
  cidr: [3, u8],
  port: [4, net16],
  portTo: [5, net16],
  /** Seconds; 0: for ever. */
  timeout: [6, net32],
  proto: [7, ipProtocol],
  cadtFlags: [8, ipsetEntryFlags],
  /** The line that an entry is from: with a refusal the request comes back, and this in it. */
  lineno: [9, net32, 'IPSET_ATTR_CADT_LINENO'],
  mark: [10, net32],
  /** Asked for in network byte order; told in that of the host, as a type without the flag says. */
  markmask: [11, net32],
  bitmask: [12, IpsetAddress],
} as const;

/** What a set is made with, and what is told of it. */
export class IpsetHeader extends attrs('IPSET_ATTR_', {
  ...shared,
  /** Where the hash begins. */
  initval: [17, net32],
  /** Buckets. */
  hashsize: [18, net32],
  /** Entries at the most. */
  maxelem: [19, net32],
  /** A prefix's length: entries that it makes the same are one. */
  netmask: [20, u8],
  /** Entries of a bucket at the most. */
  bucketsize: [21, u8],
  resize: [22, u8],
  /** Of a list: entries at the most. */
  size: [23, net32],
  elements: [24, net32],
  references: [25, net32],
  /** Bytes. */
  memsize: [26, net32],
}) {}

/** An entry. */
export class IpsetEntry extends attrs('IPSET_ATTR_', {
  ...shared,
  ether: [17, macAddress],
  /** Of a list: the set that is in it, and the one that it is before or behind. */
  name: [18, string],
  nameref: [19, string],
  ip2: [20, IpsetAddress, 'IPSET_ATTR_IP2'],
  cidr2: [21, u8, 'IPSET_ATTR_CIDR2'],
  ip2To: [22, IpsetAddress, 'IPSET_ATTR_IP2_TO'],
  iface: [23, string],
  bytes: [24, net64],
  packets: [25, net64],
  comment: [26, string],
  /** What a rule may give to packets: a mark (upper half) and which of its bits, a class, a queue. */
  skbmark: [27, net64],
  skbprio: [28, net32],
  skbqueue: [29, net16],
  pad: [30, pad],
}) {}

/** The attributes of every command. */
const command = {
  protocol: [1, u8],
  setname: [2, string],
  typename: [3, string],
  /** What a kernel knows of a type grows: its revision. */
  revision: [4, u8],
  setFamily: [5, family, 'IPSET_ATTR_FAMILY'],
  flags: [6, ipsetFlags],
  lineno: [9, net32],
  revisionMin: [10, u8],
  index: [11, net16],
} as const;
const entries = attrs('IPSET_ATTR_', { data: [7, multi(IpsetEntry)] });

export class IpsetAttrs extends attrs('IPSET_ATTR_', { ...command, data: [7, IpsetHeader], adt: [8, entries] }) {}
/** A set, to be made, or as it is told: entries come in as many messages as it takes. */
export class Ipset extends message('ipset', Nfgenmsg, IpsetAttrs) {}

export class IpsetChangeAttrs extends attrs('IPSET_ATTR_', { ...command, data: [7, IpsetEntry], adt: [8, entries] }) {}
/** An entry, or several, that come, go or are looked for. */
export class IpsetChange extends message('ipsetChange', Nfgenmsg, IpsetChangeAttrs) {}

export class IpsetPairAttrs extends attrs('IPSET_ATTR_', { protocol: [1, u8], setname: [2, string], setname2: [3, string, 'IPSET_ATTR_SETNAME2'] }) {}
/** Two names: of a set that is given another, or of two that change places. */
export class IpsetPair extends message('ipsetPair', Nfgenmsg, IpsetPairAttrs) {}

export class IpsetProtocolAttrs extends attrs('IPSET_ATTR_', { protocol: [1, u8], protocolMin: [10, u8] }) {}
/** Which versions of the protocol a kernel speaks. */
export class IpsetProtocol extends message('ipsetProtocol', Nfgenmsg, IpsetProtocolAttrs) {}
