/** Neighbours and bridge or VXLAN forwarding entries, `ip neigh` and `bridge fdb`. Source: include/uapi/linux/neighbour.h. */
import { attrs, be16, flag, flags, ip, mac, message, s32, struct, u16, u32, u8 } from '../../codec/index.ts';
import { family } from './family.ts';
import { routeProtocol, routeType } from './names.ts';

/** NUD_*: what is known about the neighbour; no bit set is "none". */
const state = { incomplete: 1, reachable: 2, stale: 4, delay: 8, probe: 0x10, failed: 0x20, noarp: 0x40, permanent: 0x80 } as const;
const neighbourFlags = { use: 1, self: 2, master: 4, proxy: 8, extLearned: 0x10, offloaded: 0x20, sticky: 0x40, router: 0x80 } as const;

export class Ndmsg extends struct('ndmsg', {
  /** `bridge` makes it a forwarding entry. */
  family,
  _pad1: u8,
  _pad2: u16,
  ifindex: s32,
  state: flags(u16, state, 'NUD_'),
  flags: flags(u8, neighbourFlags, 'NTF_'),
  type: routeType,
}) {}

/** Age of each event in clock ticks (1/100 s). */
export class NdaCacheinfo extends struct('nda_cacheinfo', { confirmed: u32, used: u32, updated: u32, refcnt: u32 }) {}

export class FdbExtAttrs extends attrs('NFEA_', {
  /** Report when the entry falls idle, and when it is used again. */
  activityNotify: [1, flags(u8, { bit: 1, inactiveBit: 2 })],
  /** Update the entry without counting it as used. */
  dontRefresh: [2, flag],
}) {}

export class NeighbourAttrs extends attrs('NDA_', {
  /** The neighbour's address; of a VXLAN forwarding entry, the remote tunnel end. */
  dst: [1, ip],
  lladdr: [2, mac],
  cacheinfo: [3, NdaCacheinfo],
  probes: [4, u32],
  vlan: [5, u16],
  /** UDP port of the remote tunnel end. */
  port: [6, be16],
  vni: [7, u32],
  /** Interface that the tunnel leaves by. */
  viaIfindex: [8, u32, 'NDA_IFINDEX'],
  /** Index of the bridge or VRF. */
  master: [9, u32],
  linkNetnsid: [10, s32],
  srcVni: [11, u32],
  protocol: [12, routeProtocol],
  /** Next hop object that stands for a group of tunnel ends. */
  nhId: [13, u32],
  fdbExtAttrs: [14, FdbExtAttrs],
  flagsExt: [15, flags(u32, { managed: 1, locked: 2, extValidated: 4 }, 'NTF_EXT_')],
  /** Of a flush: which bits of `state` must match. */
  ndmStateMask: [16, flags(u16, state, 'NUD_')],
  ndmFlagsMask: [17, flags(u8, neighbourFlags, 'NTF_')],
}) {}

export class Neighbour extends message('neighbour', Ndmsg, NeighbourAttrs) {}
