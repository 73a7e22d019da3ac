/** IP-VLAN: links that share the lower device's MAC address. Source: drivers/net/ipvlan/ipvlan_main.c. */
import { attrs, enumeration, flags, u16 } from '../../../codec/index.ts';

export class Ipvlan extends attrs('IFLA_IPVLAN_', {
  /** `l2` bridges, `l3` routes, `l3s` routes through the host's netfilter. */
  mode: [1, enumeration(u16, { l2: 0, l3: 1, l3s: 2 }, 'IPVLAN_MODE_')],
  /** No flag means "bridge": siblings reach each other. */
  flags: [2, flags(u16, { private: 1, vepa: 2 }, 'IPVLAN_F_')],
}) {}
