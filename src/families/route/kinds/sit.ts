/** IPv6 in IPv4 (RFC 4213), 6rd (RFC 5969) and ISATAP (RFC 5214): net/ipv6/sit.c. */
import { attrs, flags, u16 } from '../../../codec/index.ts';
import { iptunShape } from './ipip.ts';

export class Sit extends attrs('IFLA_IPTUN_', {
  ...iptunShape,
  /** In host order, unlike the flags of GRE. */
  flags: [8, flags(u16, { isatap: 1 })],
}) {}
