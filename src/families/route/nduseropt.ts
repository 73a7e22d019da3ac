/** Options of router advertisements that are user space's business, such as DNS servers (RFC 8106). Source: include/uapi/linux/rtnetlink.h, net/ipv6/ndisc.c. */
import { attrs, blob, ipv6, message, s32, struct, u16, u32, u8, variant } from '../../codec/index.ts';
import { family } from './family.ts';

const shape = {
  family,
  _pad1: u8,
  /** Bytes of `opts`. */
  optsLen: u16,
  ifindex: s32,
  icmpType: u8,
  icmpCode: u8,
  _pad2: u16,
  _pad3: u32,
} as const;
export class Nduseroptmsg extends struct('nduseroptmsg', shape) {}

export class NduseroptAttrs extends attrs('NDUSEROPT_', {
  /** The router. */
  srcaddr: [1, ipv6],
}) {}

/** The option, as the router sent it, stands between the header and the attributes. Its length is a multiple of eight. */
const withOpts = (length: number) => message('nduseropt', struct('nduseroptmsg', { ...shape, opts: blob(length) }), NduseroptAttrs);
const lengths = Array.from({ length: 32 }, (_, n) => 8 * (n + 1));

export const nduseropt = variant(Nduseroptmsg, 'optsLen', Object.fromEntries(lengths.map((length) => [length, withOpts(length)])));
