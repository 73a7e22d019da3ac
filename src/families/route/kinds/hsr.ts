/** High-availability Seamless Redundancy and PRP. Source: net/hsr/hsr_netlink.c. */
import { attrs, enumeration, mac, u16, u32, u8 } from '../../../codec/index.ts';

export class Hsr extends attrs('IFLA_HSR_', {
  /** Index of the first ring port. */
  slave1: [1, u32],
  /** Index of the second ring port. */
  slave2: [2, u32],
  /** Last byte of the multicast address of supervision frames. */
  multicastSpec: [3, u8],
  supervisionAddr: [4, mac],
  /** Sequence number of the next frame. */
  seqNr: [5, u16],
  /** HSR version, 0 or 1. */
  version: [6, u8],
  protocol: [7, enumeration(u8, { hsr: 0, prp: 1 }, 'HSR_PROTOCOL_')],
  /** Index of the port to another ring. */
  interlink: [8, u32],
}) {}
