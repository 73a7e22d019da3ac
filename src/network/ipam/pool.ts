/** Which address is next: pure. The rules are those of CNI's `host-local`, so that both can hand out of one pool. */
import { BITS, contains, ipText, lastOf, parseIp, parseSubnet, sizeOf, subnetText, type Family, type Subnet } from './address.ts';

/** A range as it is described. */
export interface RangeInput {
  /** 'ADDRESS/LENGTH'. */
  readonly subnet: string;
  /** The first address to hand out. Default: the first of the subnet after its own. */
  readonly start?: string;
  /** The last. Default: the last of the subnet, without IPv4's broadcast address. */
  readonly end?: string;
  /** Never handed out. Default: the first address; null: there is none. */
  readonly gateway?: string | null;
}
/** Addresses that may be handed out. */
export interface Range {
  readonly family: Family;
  readonly subnet: Subnet;
  readonly start: bigint;
  readonly end: bigint;
  readonly gateway: bigint | undefined;
}

const firstHost = (subnet: Subnet): bigint => subnet.base + 1n;
const lastHost = (subnet: Subnet): bigint => lastOf(subnet) - (subnet.family === 'inet' ? 1n : 0n);

/** @throws {TypeError} for a subnet that is too small, and addresses that are not in it. */
export function rangeOf(input: RangeInput): Range {
  const subnet = parseSubnet(input.subnet), { family } = subnet;
  if (BITS[family] - subnet.length < 2) throw new TypeError(`${input.subnet} is too small for a network: at most /${BITS[family] - 2}`);
  const inside = (text: string, what: string): bigint => {
    const ip = parseIp(text);
    if (!contains(subnet, ip)) throw new TypeError(`${what} ${text} is not in ${subnetText(subnet)}`);
    return ip.value;
  };
  const start = input.start === undefined ? firstHost(subnet) : inside(input.start, 'the start'), end = input.end === undefined ? lastHost(subnet) : inside(input.end, 'the end');
  if (start > end) throw new TypeError(`a range from ${ipText(family, start)} to ${ipText(family, end)} is empty`);
  const gateway = input.gateway === null ? undefined : input.gateway === undefined ? firstHost(subnet) : inside(input.gateway, 'the gateway');
  return { family, subnet, start, end, gateway };
}

/** The start and the end that an inner block means: without the addresses that name a subnet or all of it. @throws {TypeError} */
export function within(subnetGiven: string, rangeGiven: string): { start: string; end: string } {
  const subnet = parseSubnet(subnetGiven), range = parseSubnet(rangeGiven);
  if (!contains(subnet, { family: range.family, value: range.base }) || range.length < subnet.length) throw new TypeError(`the range ${rangeGiven} is not in ${subnetGiven}`);
  const start = range.base === subnet.base ? firstHost(subnet) : range.base, end = lastOf(range) === lastOf(subnet) ? lastHost(subnet) : lastOf(range);
  return { start: ipText(range.family, start), end: ipText(range.family, end) };
}

/** How many addresses a set of ranges has to hand out. */
export const capacity = (ranges: readonly Range[]): bigint =>
  ranges.reduce((sum, { start, end, gateway }) => sum + end - start + 1n - (gateway !== undefined && gateway >= start && gateway <= end ? 1n : 0n), 0n);

/**
 * The next free address after the one handed out last, round and round; undefined when there is none.
 * @param taken in one spelling
 */
export function choose(ranges: readonly Range[], taken: Pick<ReadonlySet<string>, 'has'>, last?: string): string | undefined {
  const after = last === undefined ? undefined : parseIp(last);
  const at = after === undefined ? -1 : ranges.findIndex((range) => range.family === after.family && after.value >= range.start && after.value <= range.end);
  // The range of the last one comes twice: what is behind it first, what is before it at the end.
  const rounds = at < 0 ? [...ranges] : [...ranges.slice(at), ...ranges.slice(0, at + 1)];
  for (const [n, { family, start, end, gateway }] of rounds.entries()) {
    for (let value = at >= 0 && n === 0 ? (after as { value: bigint }).value + 1n : start; value <= end; value++) {
      const text = ipText(family, value);
      if (value !== gateway && !taken.has(text)) return text;
    }
  }
  return undefined;
}

/** Whether an address may be asked for by name: in one of the subnets, and not one that means the subnet or all of it. @throws {TypeError} */
export function permitted(ranges: readonly Range[], address: string): string {
  const ip = parseIp(address), range = ranges.find(({ subnet }) => contains(subnet, ip));
  if (!range) throw new TypeError(`${address} is in none of ${ranges.map(({ subnet }) => subnetText(subnet)).join(', ')}`);
  const text = ipText(ip.family, ip.value);
  if (ip.value === range.gateway) throw new TypeError(`${text} is the gateway`);
  if (sizeOf(range.subnet) > 2n && (ip.value < firstHost(range.subnet) || ip.value > lastHost(range.subnet))) throw new TypeError(`${text} names all of ${subnetText(range.subnet)}, it cannot be one host's`);
  return text;
}
