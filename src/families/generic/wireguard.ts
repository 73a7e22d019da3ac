/** wireguard: keys, peers and what they may send, of links of kind wireguard. Source: include/uapi/linux/wireguard.h, drivers/net/wireguard/netlink.c. */
import { attrs, blob, flags, genericFamily, ip, s64, string, struct, u16, u32, u64, u8, unnumbered } from '../../codec/index.ts';
import { family16 } from '../route/family.ts';
import { sockaddr } from '../sockaddr.ts';

/** WG_KEY_LEN: the bytes of a key, be it private, public or shared. */
export const WIREGUARD_KEY_LENGTH = 32;
const key = blob(WIREGUARD_KEY_LENGTH);

/** All peers that there are go, before those that are named come. */
export const wireguardDeviceFlags = flags(u32, { replacePeers: 1 }, 'WGDEVICE_F_');
/** The peer goes; its prefixes go, before those that are named come; only if it is there already. */
export const wireguardPeerFlags = flags(u32, { removeMe: 1, replaceAllowedips: 2, updateOnly: 4 }, 'WGPEER_F_');
/** The prefix goes. Kernels from 6.16 on. */
export const wireguardAllowedIpFlags = flags(u32, { removeMe: 1 }, 'WGALLOWEDIP_F_');

/** When something was, since 1970. */
export class KernelTimespec extends struct('__kernel_timespec', { sec: s64, nsec: s64 }) {}

/** A prefix that is routed to a peer, and that the peer may send from. */
export class WireguardAllowedIp extends attrs('WGALLOWEDIP_A_', {
  family: [1, family16],
  ipaddr: [2, ip],
  /** The prefix's length. */
  cidrMask: [3, u8],
  flags: [4, wireguardAllowedIpFlags],
}) {}

/** Another end of a tunnel. */
export class WireguardPeer extends attrs('WGPEER_A_', {
  publicKey: [1, key],
  /** All zeros: none. */
  presharedKey: [2, key],
  flags: [3, wireguardPeerFlags],
  /** Where it is, as far as is known. */
  endpoint: [4, sockaddr],
  /** Seconds; 0: off. */
  persistentKeepaliveInterval: [5, u16],
  /** Zero: never. */
  lastHandshakeTime: [6, KernelTimespec],
  rxBytes: [7, u64],
  txBytes: [8, u64],
  allowedips: [9, unnumbered(WireguardAllowedIp)],
  /** Left out, or 1. */
  protocolVersion: [10, u32],
}) {}

/** A link of kind wireguard, or a part of it: a dump of many peers comes in several messages. */
export class WireguardDevice extends attrs('WGDEVICE_A_', {
  ifindex: [1, u32],
  ifname: [2, string],
  /** Told to who may administer the network only. All zeros: none. */
  privateKey: [3, key],
  publicKey: [4, key],
  flags: [5, wireguardDeviceFlags],
  /** Host byte order; 0: any that is free. */
  listenPort: [6, u16],
  /** 0: none. */
  fwmark: [7, u32],
  peers: [8, unnumbered(WireguardPeer)],
}) {}

/** wireguard. */
export const wireguard = genericFamily('wireguard', 1, {
  prefix: 'WG_CMD_',
  commands: { getDevice: [0, WireguardDevice], setDevice: [1, WireguardDevice] },
  config: 'CONFIG_WIREGUARD',
  module: 'wireguard',
});
