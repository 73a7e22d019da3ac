/** IPv6 in IPv4 (RFC 4213), 6rd (RFC 5969) and ISATAP (RFC 5214): net/ipv6/sit.c. */
import { attrs, be16, flags } from '../../../codec/index.ts';
import { iptunShape } from './ipip.ts';

export class Sit extends attrs('IFLA_IPTUN_', {
  ...iptunShape,
  flags: [8, flags(be16, { isatap: 1 })],
}) {}
