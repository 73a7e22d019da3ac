/** IPsec tunnel whose policies match by mark, over IPv6: net/ipv6/ip6_vti.c. The attributes are those of `vti`. */
import { Vti } from './vti.ts';

export class Vti6 extends Vti {}
