/** How operating systems begin connections: what `osf` of nft compares. Source: include/uapi/linux/netfilter/nfnetlink_osf.h, net/netfilter/nfnetlink_osf.c. */
import { array, attrs, chars, enumeration, message, struct, u16, u32, u8 } from '../../codec/index.ts';
import { Nfgenmsg } from './header.ts';

/** A window's size, or what it is a multiple of. */
export class OsfWc extends struct('nf_osf_wc', { wc: enumeration(u32, { plain: 0, mss: 1, mtu: 2, modulo: 3 }, 'OSF_WSS_'), val: u32 }) {}
/** An option of TCP. */
export class OsfOpt extends struct('nf_osf_opt', {
  kind: enumeration(u16, { eol: 0, nop: 1, mss: 2, wso: 3, sackp: 4, sack: 5, echo: 6, echoreply: 7, ts: 8, pocp: 9, posp: 10, empty: 255 }, 'OSFOPT_'),
  length: u16,
  wc: OsfWc,
}) {}
export class OsfFinger extends struct('nf_osf_user_finger', {
  wss: OsfWc,
  ttl: u8,
  /** Whether packets may not be taken apart. */
  df: u8,
  /** Bytes of a packet that asks for a connection. */
  ss: u16,
  mss: u16,
  /** How many of `opt` there are. */
  optNum: u16,
  /** "Linux", "3.11", "new" ... */
  genre: chars(32),
  version: chars(32),
  subtype: chars(32),
  opt: array(OsfOpt, 40),
}) {}
export class OsfAttrs extends attrs('OSF_ATTR_', { finger: [1, OsfFinger] }) {}
/** Makes a fingerprint known, or forgotten. */
export class Osf extends message('osf', Nfgenmsg, OsfAttrs) {}
