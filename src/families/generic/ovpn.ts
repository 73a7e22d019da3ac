/** ovpn: peers and keys of links of kind ovpn. Source: include/uapi/linux/ovpn.h, drivers/net/ovpn/netlink.c. */
import { attrs, be16, binary, blob, enumeration, genericFamily, ipv4, ipv6, s32, u32, uint } from '../../codec/index.ts';

/** Ciphers. */
export const ovpnCipher = enumeration(u32, { none: 0, aesGcm: 1, chacha20Poly1305: 2 }, 'OVPN_CIPHER_ALG_');
/** Why a peer went. */
export const ovpnDelReason = enumeration(u32, { teardown: 0, userspace: 1, expired: 2, transportError: 3, transportDisconnect: 4 }, 'OVPN_DEL_PEER_REASON_');
/** The key that is used, and the next one. */
export const ovpnKeySlot = enumeration(u32, { primary: 0, secondary: 1 }, 'OVPN_KEY_SLOT_');

/** Another end. */
export class OvpnPeer extends attrs('OVPN_A_PEER_', {
  id: [1, u32],
  remoteIpv4: [2, ipv4],
  remoteIpv6: [3, ipv6],
  remoteIpv6ScopeId: [4, u32],
  remotePort: [5, be16],
  /** Descriptor of the socket that carries it. */
  socket: [6, u32],
  socketNetnsid: [7, s32],
  /** Within the tunnel. */
  vpnIpv4: [8, ipv4],
  vpnIpv6: [9, ipv6],
  localIpv4: [10, ipv4],
  localIpv6: [11, ipv6],
  localPort: [12, be16],
  /** Seconds. */
  keepaliveInterval: [13, u32],
  /** Seconds. */
  keepaliveTimeout: [14, u32],
  delReason: [15, ovpnDelReason],
  vpnRxBytes: [16, uint],
  vpnTxBytes: [17, uint],
  vpnRxPackets: [18, uint],
  vpnTxPackets: [19, uint],
  linkRxBytes: [20, uint],
  linkTxBytes: [21, uint],
  linkRxPackets: [22, uint],
  linkTxPackets: [23, uint],
  txId: [24, u32],
}) {}

/** A key of one direction. */
export class OvpnKeyDirection extends attrs('OVPN_A_KEYDIR_', { cipherKey: [1, binary], nonceTail: [2, blob(8)] }) {}

/** A peer's keys. Those that were set are never told. */
export class OvpnKey extends attrs('OVPN_A_KEYCONF_', {
  peerId: [1, u32],
  slot: [2, ovpnKeySlot],
  keyId: [3, u32],
  cipherAlg: [4, ovpnCipher],
  encryptDir: [5, OvpnKeyDirection],
  decryptDir: [6, OvpnKeyDirection],
}) {}

/** A link, and a peer or a key of it. */
export class OvpnLink extends attrs('OVPN_A_', { ifindex: [1, u32], peer: [2, OvpnPeer], keyconf: [3, OvpnKey] }) {}

/** ovpn. */
export const ovpn = genericFamily('ovpn', 1, {
  prefix: 'OVPN_CMD_',
  commands: {
    peerNew: [1, OvpnLink],
    peerSet: [2, OvpnLink],
    peerGet: [3, OvpnLink],
    peerDel: [4, OvpnLink],
    peerDelNtf: [5, OvpnLink],
    keyNew: [6, OvpnLink],
    keyGet: [7, OvpnLink],
    keySwap: [8, OvpnLink],
    keySwapNtf: [9, OvpnLink],
    keyDel: [10, OvpnLink],
    peerFloatNtf: [11, OvpnLink],
  },
  groups: { peers: 'peers' },
  config: 'CONFIG_OVPN',
  module: 'ovpn',
});
