/** fou: UDP ports whose packets hold others of IP, foo over UDP and generic UDP encapsulation. Source: include/uapi/linux/fou.h, net/ipv4/fou_core.c, net/ipv6/fou6.c. */
import { attrs, be16, enumeration, flag, genericFamily, ipv4, ipv6, s32, u8 } from '../../codec/index.ts';
import { family } from '../route/family.ts';

/** What follows the UDP header: a packet of `ipproto`, or a header of GUE that says what. */
export const fouEncapType = enumeration(u8, { unspec: 0, direct: 1, gue: 2 }, 'FOU_ENCAP_');

/** A port that is listened on: those of its packets with these addresses and from this peer. What is zero is any. */
export class Fou extends attrs('FOU_ATTR_', {
  port: [1, be16],
  af: [2, family],
  /** Of what is inside: an IPPROTO_*. */
  ipproto: [3, u8],
  type: [4, fouEncapType],
  /** No remote checksum offload in place: the whole checksum is made anew. */
  remcsumNopartial: [5, flag],
  localV4: [6, ipv4],
  localV6: [7, ipv6],
  peerV4: [8, ipv4],
  peerV6: [9, ipv6],
  peerPort: [10, be16],
  ifindex: [11, s32],
}) {}

/** fou. */
export const fou = genericFamily('fou', 1, { prefix: 'FOU_CMD_', commands: { add: [1, Fou], del: [2, Fou], get: [3, Fou] }, config: 'CONFIG_NET_FOU', module: 'fou' });
