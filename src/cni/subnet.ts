/** Prefixes of addresses. */
import { BITS, ipText, parseIp } from '../network/ipam/index.ts';

interface Parts { family: keyof typeof BITS; value: bigint; length: number; base: bigint }
function parts(address: string): Parts {
  const [text = '', given] = address.split('/'), { family, value } = parseIp(text), length = given === undefined ? BITS[family] : Number(given), rest = BigInt(BITS[family] - length);
  return { family, value, length, base: value >> rest << rest };
}
/** '10.1.2.3/16' is in '10.1.0.0/16'. */
export const subnetOf = (address: string): string => { const { family, base, length } = parts(address); return `${ipText(family, base)}/${length}`; };
/** The first address of the subnet that an address is in. */
export const firstOf = (address: string): string => { const { family, base } = parts(address); return ipText(family, base + 1n); };
/** An address as a prefix of its own. */
export const wholeOf = (address: string): string => `${address}/${parts(address).length}`;
/** Whether one of two prefixes contains the other. */
export function overlapping(one: string, other: string): boolean {
  const a = parts(one), b = parts(other), rest = BigInt(BITS[a.family] - Math.min(a.length, b.length));
  return a.family === b.family && a.value >> rest === b.value >> rest;
}
