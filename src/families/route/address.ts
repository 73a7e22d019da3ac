/** Addresses, `ip address`, and the multicast and anycast addresses of an interface. Source: include/uapi/linux/if_addr.h. */
import { attrs, enumeration, flags, ip, message, string, struct, s32, u32, u8 } from '../../codec/index.ts';
import { family } from './family.ts';
import { scope } from './names.ts';

/** For IPv6, `secondary` means a temporary address (RFC 8981). */
const lowFlags = {
  secondary: 0x01, nodad: 0x02, optimistic: 0x04, dadfailed: 0x08, homeaddress: 0x10, deprecated: 0x20, tentative: 0x40, permanent: 0x80,
} as const;
const allFlags = { ...lowFlags, managetempaddr: 0x100, noprefixroute: 0x200, mcautojoin: 0x400, stablePrivacy: 0x800 } as const;

export class Ifaddrmsg extends struct('ifaddrmsg', {
  family,
  prefixlen: u8,
  /** The low eight bits of `allFlags`. */
  flags: flags(u8, lowFlags, 'IFA_F_'),
  scope,
  index: u32,
}) {}

/** Lifetimes in seconds, 0xffffffff for ever; the stamps are centiseconds since boot. */
export class IfaCacheinfo extends struct('ifa_cacheinfo', { prefered: u32, valid: u32, cstamp: u32, tstamp: u32 }) {}

export class AddressAttrs extends attrs('IFA_', {
  /** The interface's own address, but on a point-to-point link the far end's. */
  address: [1, ip],
  /** The interface's own address, IPv4 always, IPv6 only beside a peer. */
  local: [2, ip],
  /** IPv4 alias label, "eth0" or "eth0:1". */
  label: [3, string],
  broadcast: [4, ip],
  anycast: [5, ip],
  cacheinfo: [6, IfaCacheinfo],
  multicast: [7, ip],
  /** All 32 flag bits; wins over the header's eight. */
  allFlags: [8, flags(u32, allFlags, 'IFA_F_'), 'IFA_FLAGS'],
  /** Metric of the prefix route that comes with the address. */
  rtPriority: [9, u32],
  /** Ask or say which namespace, by id, the address is in. */
  targetNetnsid: [10, s32],
  /** Who made the address. */
  proto: [11, enumeration(u8, { unspec: 0, kernelLo: 1, kernelRa: 2, kernelLl: 3 }, 'IFAPROT_')],
  /** Of a multicast address: how many joined it (Linux 7.3). */
  mcUsers: [12, u32],
}) {}

export class Address extends message('address', Ifaddrmsg, AddressAttrs) {}
