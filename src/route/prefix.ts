/** 'ADDRESS/LENGTH' text. */
import { parseIpv4, parseIpv6 } from '../codec/index.ts';

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
