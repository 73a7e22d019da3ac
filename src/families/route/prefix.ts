/** Prefixes and other options learnt from IPv6 router advertisements (RFC 4861). Source: include/uapi/linux/rtnetlink.h. */
import { attrs, flags, ipv6, message, s32, struct, u16, u32, u8 } from '../../codec/index.ts';
import { family } from './family.ts';

export class Prefixmsg extends struct('prefixmsg', {
  family, _pad1: u8, _pad2: u16, ifindex: s32,
  /** ICMPv6 option type: 3, prefix information. */
  type: u8,
  len: u8,
  flags: flags(u8, { onlink: 1, autoconf: 2 }),
  _pad3: u8,
}) {}

/** Seconds. */
export class PrefixCacheinfo extends struct('prefix_cacheinfo', { preferredTime: u32, validTime: u32 }) {}

export class PrefixAttrs extends attrs('PREFIX_', {
  address: [1, ipv6],
  cacheinfo: [2, PrefixCacheinfo],
}) {}

export class Prefix extends message('prefix', Prefixmsg, PrefixAttrs) {}
