/** Which subnets are free. Pure. */
import type { Address, Route } from '../families/route/index.ts';
import { NetworkError } from './error.ts';
import { BITS, overlap, parseIp, parseSubnet, subnetText, type Family, type Subnet } from './ipam/index.ts';
import { uniqueLocal } from './names.ts';
import type { Network } from './spec.ts';

/** A subnet that is in use, and by what. */
export interface Busy { readonly subnet: Subnet; readonly by: string }

const block = (address: string, length: number): Subnet => {
  const { family, value } = parseIp(address), rest = BigInt(BITS[family] - length);
  return { family, base: value >> rest << rest, length };
};
const isIp = (family: unknown): family is Family => family === 'inet' || family === 'inet6';

/** What the host's addresses and routes occupy. */
export function busyHost(addresses: readonly Address[], routes: readonly Route[]): Busy[] {
  const busy: Busy[] = [];
  for (const { family, address, local, prefixlen } of addresses) if (isIp(family) && address !== undefined) busy.push({ subnet: block(address, prefixlen), by: `the address ${local ?? address}/${prefixlen}` });
  for (const { family, dst, dstLen } of routes) if (isIp(family) && typeof dst === 'string' && dstLen > 0) busy.push({ subnet: block(dst, dstLen), by: `the route to ${dst}/${dstLen}` });
  return busy;
}
export const busyNetworks = (networks: Iterable<Network>): Busy[] =>
  [...networks].flatMap(({ name, subnets }) => subnets.map(({ subnet }) => ({ subnet: parseSubnet(subnet), by: `network ${name}` })));

/** @throws {NetworkError} CONFLICT */
export function assertFree(subnet: string, busy: readonly Busy[]): void {
  const wanted = parseSubnet(subnet), other = busy.find((one) => overlap(one.subnet, wanted));
  if (other) throw new NetworkError('CONFLICT', `${subnet} overlaps ${subnetText(other.subnet)}, in use by ${other.by}`, 'take another subnet, or leave it out: a free one is picked');
}

/** Private IPv4 space (RFC 1918), cut into pieces of this length. */
const PRIVATE = ['172.16.0.0/12', '192.168.0.0/16', '10.0.0.0/8'], PIECE = 24;
/** Tries at a random-looking prefix of 40 bits. */
const TRIES = 64;

/** A free subnet. @throws {NetworkError} EXHAUSTED */
export function pick(family: Family, network: string, busy: readonly Busy[]): string {
  for (const candidate of family === 'inet' ? pieces() : Array.from({ length: TRIES }, (_, n) => parseSubnet(uniqueLocal(network, n)))) {
    if (!busy.some((one) => overlap(one.subnet, candidate))) return subnetText(candidate);
  }
  throw new NetworkError('EXHAUSTED', `no free ${family === 'inet' ? 'IPv4' : 'IPv6'} subnet is left in private space`, 'name one: --subnet');
}
function* pieces(): Generator<Subnet> {
  for (const all of PRIVATE.map(parseSubnet)) for (let n = 0n; n < 1n << BigInt(PIECE - all.length); n++) yield { family: 'inet', base: all.base + (n << BigInt(BITS.inet - PIECE)), length: PIECE };
}
