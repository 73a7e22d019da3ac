/** Names and structs that states and policies share. Source: include/uapi/linux/xfrm.h. */
import { be16, be32, blob, enumeration, flags, ipv4, ipv6, s32, struct, u32, u64, u8, union } from '../../codec/index.ts';
import { family16 as family } from '../route/family.ts';

export { family };

/** What transforms packets; `comp` is IPComp, `routing` and `dstopts` are Mobile IPv6's. 255: any of the first three. */
export const xfrmProtocol = enumeration(u8, { routing: 43, esp: 50, ah: 51, dstopts: 60, comp: 108 }, 'IPPROTO_');
export const mode = enumeration(u8, { transport: 0, tunnel: 1, routeoptimization: 2, inTrigger: 3, beet: 4, iptfs: 5 }, 'XFRM_MODE_');
/** Which flows may share a state. */
export const share = enumeration(u8, { any: 0, session: 1, user: 2, unique: 3 }, 'XFRM_SHARE_');

/** xfrm_address_t: 16 bytes, of which an IPv4 address takes the first 4. `by` tells the family. */
export const addressBy = <const By extends string>(by: By) => union(by, { inet: ipv4 }, ipv6);
export const address = addressBy('family');

const id4 = struct('xfrm_id', { daddr: ipv4, _daddr: blob(12), spi: be32, proto: xfrmProtocol });
const id6 = struct('xfrm_id', { daddr: ipv6, spi: be32, proto: xfrmProtocol });
/** What a state is found by: destination, SPI, protocol. The family is told elsewhere. */
export const idBy = <const By extends string>(by: By) => union(by, { inet: id4 }, id6);

/** Which packets. */
export class XfrmSelector extends struct('xfrm_selector', {
  daddr: address, saddr: address,
  /** Ports; of ICMP `sport` is the type and `dport` the code, of GRE they are the halves of the key. Mask 0: any. */
  dport: be16, dportMask: be16, sport: be16, sportMask: be16,
  family, prefixlenD: u8, prefixlenS: u8,
  /** IPPROTO_*; 0: any. */
  proto: u8,
  /** 0: any. */
  ifindex: s32,
  user: u32,
}) {}

/** No limit. */
export const XFRM_INF = 0xffffffffffffffffn;
/** At a soft limit a new state is asked for, at a hard one this one ends. Bytes and packets (XFRM_INF: no limit), seconds (0: no limit). */
export class XfrmLifetimeCfg extends struct('xfrm_lifetime_cfg', {
  softByteLimit: u64, hardByteLimit: u64, softPacketLimit: u64, hardPacketLimit: u64,
  softAddExpiresSeconds: u64, hardAddExpiresSeconds: u64, softUseExpiresSeconds: u64, hardUseExpiresSeconds: u64,
}) {}
/** What there was so far; times in seconds since 1970, 0: never. */
export class XfrmLifetimeCur extends struct('xfrm_lifetime_cur', { bytes: u64, packets: u64, addTime: u64, useTime: u64 }) {}

/** `v` value, `m` mask. */
export class XfrmMark extends struct('xfrm_mark', { v: u32, m: u32 }) {}

/** Bit n allows the algorithm that PF_KEY numbers n. */
export const algorithms = { aalgos: u32, ealgos: u32, calgos: u32 } as const;
export const offloadFlags = flags(u8, { ipv6: 1, inbound: 2, packet: 4 }, 'XFRM_OFFLOAD_');
