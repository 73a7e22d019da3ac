/** Whether addresses lie in prefixes. */
import { addressBits, familyOf, type Prefix } from '../values.ts';
import { parseIpv4, parseIpv6 } from '../../codec/index.ts';

/** An address as one integer, or undefined. */
export function addressNumber(address: string): bigint | undefined {
  const family = familyOf(address);
  if (!family) return undefined;
  const bytes = new Uint8Array(16);
  if (!(family === 'inet' ? parseIpv4 : parseIpv6)(address, bytes, 0)) return undefined;
  return bytes.subarray(0, addressBits[family] / 8).reduce((sum, byte) => (sum << 8n) | BigInt(byte), 0n);
}

export function inPrefix(address: string, prefix: Prefix): boolean {
  if (familyOf(address) !== prefix.family) return false;
  const shift = BigInt(addressBits[prefix.family] - prefix.length);
  const [a, b] = [addressNumber(address), addressNumber(prefix.address)];
  return a !== undefined && b !== undefined && a >> shift === b >> shift;
}
