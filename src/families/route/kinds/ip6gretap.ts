/** Ethernet over GRE over IPv6: net/ipv6/ip6_gre.c. The attributes are those of `gre`. */
import { Gre } from './gre.ts';

export class Ip6gretap extends Gre {}
