/** Virtual routing and forwarding. Source: drivers/net/vrf.c. */
import { attrs, u32 } from '../../../codec/index.ts';

export class Vrf extends attrs('IFLA_VRF_', {
  /** Routing table. */
  table: [1, u32],
}) {}

export class VrfSlave extends attrs('IFLA_VRF_PORT_', {
  /** Routing table of the VRF that the link is in. */
  table: [1, u32],
}) {}
