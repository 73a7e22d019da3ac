/** Labels that choose among IPv6 source addresses (RFC 6724), `ip addrlabel`. Source: include/uapi/linux/if_addrlabel.h. */
import { attrs, ipv6, message, struct, u32, u8 } from '../../codec/index.ts';
import { family } from './family.ts';

export class Ifaddrlblmsg extends struct('ifaddrlblmsg', { family, _reserved: u8, prefixlen: u8, flags: u8, index: u32, seq: u32 }) {}

export class AddrlabelAttrs extends attrs('IFAL_', {
  address: [1, ipv6],
  label: [2, u32],
}) {}

export class Addrlabel extends message('addrlabel', Ifaddrlblmsg, AddrlabelAttrs) {}
