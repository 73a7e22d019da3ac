/** Settings of an address family on an interface, `ip netconf`. Source: include/uapi/linux/netconf.h. */
import { attrs, enumeration, message, s32, struct } from '../../codec/index.ts';
import { family } from './family.ts';

export class Netconfmsg extends struct('netconfmsg', { family }) {}

/** Switches are 0 or 1. */
export class NetconfAttrs extends attrs('NETCONFA_', {
  /** -1: all interfaces; -2: what new ones start with. */
  ifindex: [1, s32],
  forwarding: [2, s32],
  /** Source validation (RFC 3704): 0 off, 1 strict, 2 loose. */
  rpFilter: [3, enumeration(s32, { off: 0, strict: 1, loose: 2 })],
  mcForwarding: [4, s32],
  proxyNeigh: [5, s32],
  ignoreRoutesWithLinkdown: [6, s32],
  /** MPLS: packets are accepted from here. */
  input: [7, s32],
  bcForwarding: [8, s32],
  forceForwarding: [9, s32],
}) {}

export class Netconf extends message('netconf', Netconfmsg, NetconfAttrs) {}
