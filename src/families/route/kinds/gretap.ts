/** Ethernet over GRE over IPv4: net/ipv4/ip_gre.c. The attributes are those of `gre`. */
import { Gre } from './gre.ts';

export class Gretap extends Gre {}
