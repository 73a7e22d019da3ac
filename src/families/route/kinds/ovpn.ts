/** OpenVPN data channel offload. Source: drivers/net/ovpn/main.c. */
import { attrs, enumeration, u8 } from '../../../codec/index.ts';

export class Ovpn extends attrs('IFLA_OVPN_', {
  /** One peer, or many. */
  mode: [1, enumeration(u8, { p2p: 0, mp: 1 }, 'OVPN_MODE_')],
}) {}
