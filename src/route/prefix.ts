/** 'ADDRESS/LENGTH' text. */
import { ipv4Text, ipv6Text, parseIpv4, parseIpv6 } from '../codec/index.ts';

/** Address family, under the schema's names. */
export type Family = 'inet' | 'inet6';
/** An address and how many of its bits count. */
export interface Prefix { address: string; length: number }
const scratch = new Uint8Array(16);

/** @throws {TypeError} when it is no address. */
export function familyOf(address: string): Family {
  if (parseIpv4(address, scratch, 0)) return 'inet';
  if (parseIpv6(address, scratch, 0)) return 'inet6';
  throw new TypeError(`'${address}' is not an IP address`);
}
/** Without a length, the whole address. @throws {TypeError} */
export function parsePrefix(text: string): Prefix {
  if (typeof text !== 'string') throw new TypeError(`${String(text)} is not an IP address`);
  const slash = text.indexOf('/'), address = slash < 0 ? text : text.slice(0, slash), most = familyOf(address) === 'inet' ? 32 : 128;
  const length = slash < 0 ? most : Number(text.slice(slash + 1));
  if (slash >= 0 && !(/^\d+$/.test(text.slice(slash + 1)) && length <= most)) throw new TypeError(`'${text}': the prefix length goes from 0 to ${most}`);
  return { address, length };
}

/** An address's bytes; undefined where it is none. */
function bytesOf(address: string): Uint8Array | undefined {
  const bytes = new Uint8Array(16);
  return parseIpv4(address, bytes, 0) ? bytes.slice(0, 4) : parseIpv6(address, bytes, 0) ? bytes : undefined;
}
/** Whether addresses lie in a prefix; in none, all do. @throws {TypeError} when it is no address */
export function within(text: string | undefined): (address: string | undefined) => boolean {
  if (text === undefined) return () => true;
  const { address, length } = parsePrefix(text), wanted = bytesOf(address) as Uint8Array, whole = length >> 3, mask = 0xff00 >> (length & 7) & 0xff;
  return (other) => {
    const bytes = other === undefined ? undefined : bytesOf(other);
    return bytes?.length === wanted.length && wanted.every((byte, at) => (at < whole ? byte === bytes[at] : at > whole || ((byte ^ (bytes[at] as number)) & mask) === 0));
  };
}
/** The IPv4 address in the first bytes of what was read as an IPv6 address. */
export function ipv4Within(address: string): string {
  const bytes = new Uint8Array(16);
  return parseIpv6(address, bytes, 0) ? ipv4Text(bytes, 0) : address;
}
/** An address as IPv6 reads its bytes: an IPv4 address in the first four. */
export function asIpv6(address: string): string {
  const bytes = new Uint8Array(16);
  return parseIpv4(address, bytes, 0) ? ipv6Text(bytes, 0) : address;
}
