/** Names and hardware addresses that follow from names: the same everywhere, every time. */
import { ipText, parseIp } from './ipam/index.ts';

/** The first digits of SHA-256, hexadecimal. node:crypto is read when it is needed: most short names need no hash. */
export const hash = (text: string, digits: number): string => process.getBuiltinModule('node:crypto').createHash('sha256').update(text).digest('hex').slice(0, digits);
const IFNAME_BYTES = 15;

/** The name of a network's own link: readable where it fits. */
export function linkName(prefix: string, network: string): string {
  const plain = `${prefix}-${network}`;
  return plain.length <= IFNAME_BYTES ? plain : `${prefix}-${hash(network, IFNAME_BYTES - prefix.length - 1)}`;
}
/** The host's end of a container's cable. */
export const portName = (network: string, container: string): string => `nl${hash(`${network}:${container}`, 12)}`;
/** The container's end of it, before somebody else takes it into the container; no container is called so. */
export const lentName = (network: string, container: string): string => portName(network, `${container}:lent`);
const macText = (tail: string): string => ['02', '42', ...(tail.match(/../g) as string[])].join(':');
/** 'ADDRESS/LENGTH' without the length. */
export const bare = (address: string): string => address.split('/')[0] as string;
/** Two bytes that mean "given here, to one host" (IEEE 802, locally administered), and the end of the address: who knows the address knows the MAC. */
export const macOf = (address: string): string => macText((parseIp(address).value & 0xffffffffn).toString(16).padStart(8, '0'));
/** For links without an address. */
export const macFor = (text: string): string => macText(hash(text, 8));

/** How objects are marked as ours: the alias of links, the comment of rules. */
export const markOf = (network: string, container?: string): string => `nlkit:${network}${container === undefined ? '' : `:${container}`}`;
/** What a mark says; undefined for others' aliases. */
export function readMark(alias: string | undefined): { network: string; container?: string } | undefined {
  const [head, network, container, more] = alias?.split(':') ?? [];
  return head === 'nlkit' && network && more === undefined ? { network, ...(container !== undefined && { container }) } : undefined;
}
/** The interface group in which links are deleted together: a number that nobody picks by hand. */
export const groupOf = (what: string): number => 0x4000_0000 + Number.parseInt(hash(`gone:${what}`, 7), 16);
/** The n-th try at a private IPv6 subnet for a network (RFC 4193: 40 bits that nobody else has picked). */
export const uniqueLocal = (network: string, n: number): string => `${ipText('inet6', BigInt(`0xfd${hash(`${network}:${n}`, 10)}`) << 80n)}/64`;
