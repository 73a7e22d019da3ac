/** IPsec tunnel whose policies match by mark, over IPv4: net/ipv4/ip_vti.c. */
import { attrs, be32, ip, u32 } from '../../../codec/index.ts';

export class Vti extends attrs('IFLA_VTI_', {
  /** Index of the interface underneath. */
  link: [1, u32],
  /** Mark of the packets that come in. */
  ikey: [2, be32],
  okey: [3, be32],
  local: [4, ip],
  remote: [5, ip],
  fwmark: [6, u32],
}) {}
