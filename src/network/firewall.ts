/**
 * What networks want of the firewall: one nf_tables table of ours, as chains and rules. Pure. The rules are in words of our own, from
 * which nft's text and the kernel's messages are made.
 */
import { bridgeName, drivers } from './drivers/index.ts';
import { parseIp, parseSubnet, type Family } from './ipam/index.ts';
import { bare, markOf } from './names.ts';
import type { Publish } from './publish.ts';
import type { Attachment, Record } from './store.ts';

/** One network's part. */
export interface Filtered {
  readonly name: string;
  /** Its link in the host. */
  readonly bridge: string;
  readonly subnets: readonly { readonly family: Family; readonly subnet: string }[];
  readonly internal: boolean;
  readonly icc: boolean;
  readonly publish: readonly Published[];
}
/** A port of a container, at one of its addresses. */
export interface Published extends Publish { readonly container: string; readonly to: string; readonly family: Family }
/** All of them: the whole of our table. */
export type Ruleset = readonly Filtered[];

/** Of the networks that this host routes for. */
export function rulesetOf(records: Iterable<Record>): Ruleset {
  return [...records].filter(({ network }) => drivers[network.driver].routes).sort((a, b) => (a.network.name < b.network.name ? -1 : 1)).map(({ network, containers }) => ({
    name: network.name, bridge: bridgeName(network), internal: network.internal === true, icc: network.icc !== false,
    subnets: network.subnets.map(({ subnet }) => ({ family: parseSubnet(subnet).family, subnet })),
    publish: Object.keys(containers).sort().flatMap((container) => publishedBy(container, containers[container] as Attachment)),
  }));
}
/** Of one container: a port of each of its addresses, where that is of the family of the host's. */
export const publishedBy = (container: string, { publish, addresses }: Pick<Attachment, 'publish' | 'addresses'>): Published[] =>
  publish.flatMap((one) => addresses.map(bare).map((to) => ({ ...one, container, to, family: parseIp(to).family })).filter(({ family }) => one.hostAddress === undefined || parseIp(one.hostAddress).family === family));

export type Match =
  | { readonly on: 'iifname' | 'oifname'; readonly link: string; readonly not?: true }
  | { readonly on: 'saddr' | 'daddr'; readonly net: string; readonly not?: true }
  | { readonly on: 'family'; readonly family: Family }
  | { readonly on: 'dport'; readonly protocol: Publish['protocol']; readonly port: number }
  /** Of a connection that is known; of one whose destination was changed. */
  | { readonly on: 'known' | 'dnat' }
  /** To an address of this host. */
  | { readonly on: 'local' };
export type Verdict = 'accept' | 'drop' | 'masquerade' | { readonly jump: string } | { readonly dnat: string; readonly port: number; readonly family: Family } | { readonly dnatBy: FilterMap };
export interface FilterRule { readonly when: readonly Match[]; readonly verdict: Verdict; readonly comment: string }
export interface FilterChain {
  readonly name: string;
  /** Where in a packet's way it is called. Absent: others jump to it. */
  readonly base?: { readonly type: 'nat' | 'filter'; readonly hook: 'preRouting' | 'localOut' | 'postRouting' | 'forward'; readonly priority: number };
  readonly rules: readonly FilterRule[];
}

/** What leads published ports to containers: by transport and port, and by the host's address before them where it is `addressed`. So a port more is an element more, whatever is there. */
export interface FilterMap { readonly name: string; readonly family: Family; readonly addressed: boolean }
export const maps: readonly FilterMap[] = [
  { name: 'addresses_ip', family: 'inet', addressed: true }, { name: 'addresses_ip6', family: 'inet6', addressed: true },
  { name: 'ports_ip', family: 'inet', addressed: false }, { name: 'ports_ip6', family: 'inet6', addressed: false },
];
export interface MapElement { readonly map: FilterMap; readonly hostAddress?: string; readonly protocol: Publish['protocol']; readonly hostPort: number; readonly to: string; readonly containerPort: number; readonly comment: string }

export const TABLE = 'nlkit', TABLE_COMMENT = 'nlkit: networks of containers';
/** NF_IP_PRI_RAW, NF_IP_PRI_NAT_DST, NF_IP_PRI_FILTER, NF_IP_PRI_NAT_SRC (linux/netfilter_ipv4.h). */
const RAW = -300, DSTNAT = -100, FILTER = 0, SRCNAT = 100;
const LOOPBACK = { inet: '127.0.0.0/8', inet6: '::1/128' } as const;

const isAny = (address: string | undefined): boolean => address === undefined || parseIp(address).value === 0n;

/** The chains, in the order in which they can be made. */
export function chainsOf(networks: Ruleset): FilterChain[] {
  const enter: FilterRule = { when: [{ on: 'local' }], verdict: { jump: 'publish' }, comment: TABLE };
  return [
    // Bridges route loopback addresses, for the host's own: no container may send to them.
    { name: 'guard', base: { type: 'filter', hook: 'preRouting', priority: RAW }, rules: networks.flatMap(guarded) },
    { name: 'publish', rules: maps.map((map) => ({ when: [{ on: 'family', family: map.family }], verdict: { dnatBy: map }, comment: TABLE })) },
    { name: 'prerouting', base: { type: 'nat', hook: 'preRouting', priority: DSTNAT }, rules: [enter] },
    // What comes from IPv6's loopback address cannot leave the host.
    { name: 'output', base: { type: 'nat', hook: 'localOut', priority: DSTNAT }, rules: [{ ...enter, when: [{ on: 'family', family: 'inet' }, ...enter.when] }, { ...enter, when: [{ on: 'daddr', net: LOOPBACK.inet6, not: true }, ...enter.when] }] },
    { name: 'postrouting', base: { type: 'nat', hook: 'postRouting', priority: SRCNAT }, rules: networks.flatMap(masqueraded) },
    { name: 'forward', base: { type: 'filter', hook: 'forward', priority: FILTER }, rules: networks.flatMap(forwarded) },
  ];
}

/** What the maps hold: one element a port of the host; the first that is published there says where it leads. */
export function elementsOf(networks: readonly Pick<Filtered, 'name' | 'publish'>[]): MapElement[] {
  const all = new Map<string, MapElement>();
  for (const { name, publish } of networks) for (const { container, protocol, hostPort, hostAddress, containerPort, to, family } of publish) {
    const addressed = !isAny(hostAddress), map = maps.find((one) => one.family === family && one.addressed === addressed) as FilterMap, key = [map.name, addressed ? hostAddress : '', protocol, hostPort].join(' ');
    if (!all.has(key)) all.set(key, { map, ...(addressed && { hostAddress: hostAddress as string }), protocol, hostPort, to, containerPort, comment: markOf(name, container) });
  }
  return [...all.values()];
}
/** Whether each published port has its element. */
export const isExact = (networks: Ruleset): boolean => elementsOf(networks).length === networks.reduce((sum, { publish }) => sum + publish.length, 0);

/** One container's published ports, before and after. */
export interface PortChange { readonly network: string; readonly container: string; readonly was: readonly Published[]; readonly now: readonly Published[] }
/** Elements that go, and that come. */
export function elementChanges({ network, was, now }: PortChange): { gone: MapElement[]; made: MapElement[] } {
  const [before, after] = [was, now].map((publish) => elementsOf([{ name: network, publish }])) as [MapElement[], MapElement[]], without = (all: MapElement[], others: MapElement[]): MapElement[] => {
    const known = new Set(others.map((one) => JSON.stringify(one)));
    return all.filter((one) => !known.has(JSON.stringify(one)));
  };
  return { gone: without(before, after), made: without(after, before) };
}
/** All of the ruleset, with a container's ports as they shall be. */
export const withPorts = (networks: Ruleset, { network, container, now }: PortChange): Ruleset =>
  networks.map((one) => (one.name === network ? { ...one, publish: [...one.publish.filter((port) => port.container !== container), ...now] } : one));

const guarded = ({ name, bridge, subnets }: Filtered): FilterRule[] =>
  (subnets.some(({ family }) => family === 'inet') ? [{ when: [{ on: 'iifname', link: bridge }, { on: 'daddr', net: LOOPBACK.inet }], verdict: 'drop', comment: markOf(name) }] : []);

function masqueraded({ name, bridge, subnets, internal }: Filtered): FilterRule[] {
  const comment = markOf(name);
  return subnets.flatMap(({ subnet, family }): FilterRule[] => [
    ...(internal ? [] : [{ when: [{ on: 'saddr', net: subnet }, { on: 'oifname', link: bridge, not: true }], verdict: 'masquerade', comment } as const]),
    // A container that reaches a published port of its own network would be answered past the host; the host's loopback address, by itself.
    ...[subnet, ...(family === 'inet' ? [LOOPBACK.inet] : [])].map((net): FilterRule => ({ when: [{ on: 'saddr', net }, { on: 'oifname', link: bridge }, { on: 'dnat' }], verdict: 'masquerade', comment })),
  ]);
}

/** Into a network comes what it asked for, what is published, and, unless the containers are kept apart, what comes from it. */
function forwarded({ name, bridge, internal, icc }: Filtered): FilterRule[] {
  const comment = markOf(name), into: Match = { on: 'oifname', link: bridge }, from: Match = { on: 'iifname', link: bridge };
  if (internal) return [
    { when: [from, { ...into, not: true }], verdict: 'drop', comment },
    { when: [{ ...from, not: true }, into], verdict: 'drop', comment },
    ...(icc ? [] : [{ when: [from, into], verdict: 'drop', comment } as const]),
  ];
  return [
    { when: [into, { on: 'known' }], verdict: 'accept', comment },
    { when: [into, { on: 'dnat' }], verdict: 'accept', comment },
    ...(icc ? [{ when: [from, into], verdict: 'accept', comment } as const] : []),
    { when: [into], verdict: 'drop', comment },
  ];
}
