/** Addresses and subnets as numbers. */
import { ipv4Text, ipv6Text, parseIpv4, parseIpv6 } from '../../codec/index.ts';

export type Family = 'inet' | 'inet6';
export const BITS = { inet: 32, inet6: 128 } as const;

/** An address as a number, which sorts and counts. */
export interface Ip { readonly family: Family; readonly value: bigint }
/** A block of addresses: its first one, and how many leading bits they share. */
export interface Subnet { readonly family: Family; readonly base: bigint; readonly length: number }

const bytes = new Uint8Array(16);

/** @throws {TypeError} when it is no address. */
export function parseIp(text: string): Ip {
  const family = parseIpv4(text, bytes, 0) ? 'inet' : !text.includes('%') && parseIpv6(text, bytes, 0) ? 'inet6' : undefined;
  if (family === undefined) throw new TypeError(`'${text}' is not an IP address`);
  let value = 0n;
  for (let i = 0; i < BITS[family] / 8; i++) value = value << 8n | BigInt(bytes[i] as number);
  return { family, value };
}
export function ipText(family: Family, value: bigint): string {
  for (let i = BITS[family] / 8 - 1, rest = value; i >= 0; i--, rest >>= 8n) bytes[i] = Number(rest & 255n);
  return family === 'inet' ? ipv4Text(bytes, 0) : ipv6Text(bytes, 0);
}
/** One spelling for one address (RFC 5952). @throws {TypeError} */
export const canonical = (text: string): string => { const { family, value } = parseIp(text); return ipText(family, value); };

/** Takes 'ADDRESS/LENGTH' whose bits behind the length are zero. @throws {TypeError} */
export function parseSubnet(text: string): Subnet {
  const [address = '', length = '', more] = text.split('/'), { family, value } = parseIp(address), bits = BITS[family];
  if (!/^\d{1,3}$/.test(length) || Number(length) > bits || more !== undefined) throw new TypeError(`'${text}' is not ADDRESS/LENGTH, with a length of 0 to ${bits}`);
  const base = value >> BigInt(bits - Number(length)) << BigInt(bits - Number(length));
  if (base !== value) throw new TypeError(`'${text}' has bits behind its length: ${ipText(family, base)}/${length} is meant?`);
  return { family, base, length: Number(length) };
}
export const subnetText = ({ family, base, length }: Subnet): string => `${ipText(family, base)}/${length}`;
/** How many addresses. */
export const sizeOf = ({ family, length }: Subnet): bigint => 1n << BigInt(BITS[family] - length);
export const lastOf = (subnet: Subnet): bigint => subnet.base + sizeOf(subnet) - 1n;
export const contains = (subnet: Subnet, ip: Ip): boolean => subnet.family === ip.family && ip.value >= subnet.base && ip.value <= lastOf(subnet);
/** Blocks overlap when one contains the other. */
export const overlap = (a: Subnet, b: Subnet): boolean => a.family === b.family && a.base <= lastOf(b) && b.base <= lastOf(a);
