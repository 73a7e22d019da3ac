/** SEG6: segment routing over IPv6 (RFC 8754): the source of its tunnels, and the keys that sign segment lists. Source: include/uapi/linux/seg6_genl.h, net/ipv6/seg6.c. */
import { attrs, binary, enumeration, genericFamily, ipv6, s32, u32, u8 } from '../../codec/index.ts';

/** How a segment list is signed. */
export const seg6HmacAlgorithm = enumeration(u8, { sha1: 1, sha256: 2 }, 'SEG6_HMAC_ALGO_');

/** A key, or the source of tunnels. */
export class Seg6 extends attrs('SEG6_ATTR_', {
  /** Source address of tunnels; ::, when the outgoing link's is taken. */
  dst: [1, ipv6],
  dstlen: [2, s32],
  hmackeyid: [3, u32],
  secret: [4, binary],
  /** Bytes of the secret; 0 deletes the key. */
  secretlen: [5, u8],
  algid: [6, seg6HmacAlgorithm],
  hmacinfo: [7, binary],
}) {}

/** SEG6. */
export const seg6 = genericFamily('SEG6', 1, {
  prefix: 'SEG6_CMD_',
  commands: { sethmac: [1, Seg6], dumphmac: [2, Seg6], setTunsrc: [3, Seg6], getTunsrc: [4, Seg6] },
  config: 'CONFIG_IPV6',
});
