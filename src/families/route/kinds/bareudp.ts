/** Layer 3 packets (IP, MPLS) in UDP without a header of their own: drivers/net/bareudp.c. */
import { attrs, be16, flag, u16 } from '../../../codec/index.ts';

export class Bareudp extends attrs('IFLA_BAREUDP_', {
  /** UDP port to receive on and to send to. */
  port: [1, be16],
  /** EtherType of what is inside. */
  ethertype: [2, be16],
  /** Lowest source port. */
  srcportMin: [3, u16],
  /** IPv4 as well as IPv6, MPLS multicast as well as unicast. */
  multiprotoMode: [4, flag],
}) {}
