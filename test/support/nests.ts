/** What says nothing in a message's bytes: NLA_F_NESTED, which no schema needs, and padding. */
import { HOST_LITTLE_ENDIAN, NESTED } from '../../src/codec/index.ts';

/** The payload of a message of generic netlink, its outermost nests without NLA_F_NESTED: iproute2 does not set it on all of them. */
export function unflagged(payload: Uint8Array): Uint8Array {
  const view = new DataView(payload.buffer, payload.byteOffset), GENL_HDRLEN = 4;
  for (let at = GENL_HDRLEN; at + 4 <= payload.length; at += Math.max(4, (view.getUint16(at, HOST_LITTLE_ENDIAN) + 3) & ~3)) {
    view.setUint16(at + 2, view.getUint16(at + 2, HOST_LITTLE_ENDIAN) & ~NESTED, HOST_LITTLE_ENDIAN);
  }
  return payload;
}

/** A command of generic netlink and its attributes, in hex, without padding, where libmnl leaves what was in memory (in a nest, too: behind an address, behind a byte). */
export function attributeParts(hex: string): string[] {
  const attributes: string[] = [], HEADER = 8;
  for (let at = HEADER; at < hex.length;) {
    const length = Number.parseInt(hex.slice(at + 2, at + 4) + hex.slice(at, at + 2), 16);
    attributes.push(hex.slice(at, at + 2 * length).replace(/(0a000100.{12})..../, '$10000').replace(/(05000200..)....../, '$1000000'));
    at += 8 * Math.ceil(length / 4);
  }
  return [hex.slice(0, HEADER), ...attributes];
}
