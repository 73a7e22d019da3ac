/** IPv4 or IPv6 in IPv6 (RFC 2473): net/ipv6/ip6_tunnel.c. */
import { attrs, be32, flags, u32 } from '../../../codec/index.ts';
import { iptunShape } from './ipip.ts';
import { ip6TunnelFlags } from './tunnel-flags.ts';

export class Ip6tnl extends attrs('IFLA_IPTUN_', {
  ...iptunShape,
  /** Traffic class and flow label. */
  flowinfo: [7, be32],
  flags: [8, flags(u32, ip6TunnelFlags, 'IP6_TNL_F_')],
}) {}
