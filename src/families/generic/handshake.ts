/** handshake: sockets of the kernel that ask user space for a TLS handshake. Source: include/uapi/linux/handshake.h, net/handshake/netlink.c. */
import { attrs, enumeration, genericFamily, multi, s32, string, u32 } from '../../codec/index.ts';

/** Which daemon shakes hands. */
export const handshakeClass = enumeration(u32, { none: 0, tlshd: 1 }, 'HANDSHAKE_HANDLER_CLASS_');
/** Who speaks first. */
export const handshakeMessage = enumeration(u32, { unspec: 0, clienthello: 1, serverhello: 2 }, 'HANDSHAKE_MSG_TYPE_');
/** How an end proves who it is. */
export const handshakeAuth = enumeration(u32, { unspec: 0, unauth: 1, psk: 2, x509: 3 }, 'HANDSHAKE_AUTH_');
/** A certificate and its key, by serial numbers of the keyring. */
export class HandshakeX509 extends attrs('HANDSHAKE_A_X509_', { cert: [1, s32], privkey: [2, s32] }) {}

/** A socket that waits for its handshake. */
export class HandshakeAccept extends attrs('HANDSHAKE_A_ACCEPT_', {
  /** Descriptor, of who asks. */
  sockfd: [1, s32],
  handlerClass: [2, handshakeClass],
  messageType: [3, handshakeMessage],
  /** Milliseconds. */
  timeout: [4, u32],
  authMode: [5, handshakeAuth],
  /** Serial numbers of keys. */
  peerIdentity: [6, multi(u32)],
  certificate: [7, multi(HandshakeX509)],
  peername: [8, string],
  keyring: [9, u32],
}) {}

/** How it ended. */
export class HandshakeDone extends attrs('HANDSHAKE_A_DONE_', {
  /** An errno, positive; 0: it worked. */
  status: [1, u32],
  sockfd: [2, s32],
  /** Serial numbers of keys that the other end proved to have. */
  remoteAuth: [3, multi(u32)],
}) {}

/** handshake. */
export const handshake = genericFamily('handshake', 1, {
  prefix: 'HANDSHAKE_CMD_',
  commands: {
    ready: [1, HandshakeAccept],
    accept: [2, HandshakeAccept],
    done: [3, HandshakeDone],
  },
  groups: { none: 'none', tlshd: 'tlshd' },
  config: 'CONFIG_NET_HANDSHAKE',
});
