/** NLA_F_NESTED, which says nothing that a schema does not know. */
import { HOST_LITTLE_ENDIAN, NESTED } from '../../src/codec/index.ts';

/** The payload of a message of generic netlink, its outermost nests without NLA_F_NESTED: iproute2 does not set it on all of them. */
export function unflagged(payload: Uint8Array): Uint8Array {
  const view = new DataView(payload.buffer, payload.byteOffset), GENL_HDRLEN = 4;
  for (let at = GENL_HDRLEN; at + 4 <= payload.length; at += Math.max(4, (view.getUint16(at, HOST_LITTLE_ENDIAN) + 3) & ~3)) {
    view.setUint16(at + 2, view.getUint16(at + 2, HOST_LITTLE_ENDIAN) & ~NESTED, HOST_LITTLE_ENDIAN);
  }
  return payload;
}
