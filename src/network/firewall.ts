/**
 * What networks want of the firewall: one nf_tables table of ours, as chains and rules. Pure. The rules are in words of our own, from
 * which nft's text and the kernel's messages are made.
 */
import { bridgeName, drivers } from './drivers/index.ts';
import { parseIp, parseSubnet, type Family } from './ipam/index.ts';
import { bare, markOf } from './names.ts';
import type { Publish } from './publish.ts';
import type { Record } from './store.ts';

/** One network's part. */
export interface Filtered {
  readonly name: string;
  /** Its link in the host. */
  readonly bridge: string;
  readonly subnets: readonly { readonly family: Family; readonly subnet: string }[];
  readonly internal: boolean;
  readonly icc: boolean;
  readonly publish: readonly (Publish & { readonly container: string; readonly to: string; readonly family: Family })[];
}
/** All of them: the whole of our table. */
export type Ruleset = readonly Filtered[];

/** Of the networks that this host routes for. */
export function rulesetOf(records: Iterable<Record>): Ruleset {
  return [...records].filter(({ network }) => drivers[network.driver].routes).sort((a, b) => (a.network.name < b.network.name ? -1 : 1)).map(({ network, containers }) => ({
    name: network.name, bridge: bridgeName(network), internal: network.internal === true, icc: network.icc !== false,
    subnets: network.subnets.map(({ subnet }) => ({ family: parseSubnet(subnet).family, subnet })),
    publish: Object.keys(containers).sort().flatMap((container) => {
      const { publish = [], addresses = [] } = containers[container] ?? {};
      return publish.flatMap((one) => addresses.map(bare).map((to) => ({ ...one, container, to, family: parseIp(to).family }))
        .filter(({ family }) => one.hostAddress === undefined || parseIp(one.hostAddress).family === family));
    }),
  }));
}

export type Match =
  | { readonly on: 'iifname' | 'oifname'; readonly link: string; readonly not?: true }
  | { readonly on: 'saddr' | 'daddr'; readonly net: string; readonly not?: true }
  | { readonly on: 'family'; readonly family: Family }
  | { readonly on: 'dport'; readonly protocol: Publish['protocol']; readonly port: number }
  /** Of a connection that is known; of one whose destination was changed. */
  | { readonly on: 'known' | 'dnat' }
  /** To an address of this host. */
  | { readonly on: 'local' };
export type Verdict = 'accept' | 'drop' | 'masquerade' | { readonly jump: string } | { readonly dnat: string; readonly port: number; readonly family: Family };
export interface FilterRule { readonly when: readonly Match[]; readonly verdict: Verdict; readonly comment: string }
export interface FilterChain {
  readonly name: string;
  /** Where in a packet's way it is called. Absent: others jump to it. */
  readonly base?: { readonly type: 'nat' | 'filter'; readonly hook: 'preRouting' | 'localOut' | 'postRouting' | 'forward'; readonly priority: number };
  readonly rules: readonly FilterRule[];
}

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
    { name: 'publish', rules: networks.flatMap(published) },
    { name: 'prerouting', base: { type: 'nat', hook: 'preRouting', priority: DSTNAT }, rules: [enter] },
    // What comes from IPv6's loopback address cannot leave the host.
    { name: 'output', base: { type: 'nat', hook: 'localOut', priority: DSTNAT }, rules: [{ ...enter, when: [{ on: 'family', family: 'inet' }, ...enter.when] }, { ...enter, when: [{ on: 'daddr', net: LOOPBACK.inet6, not: true }, ...enter.when] }] },
    { name: 'postrouting', base: { type: 'nat', hook: 'postRouting', priority: SRCNAT }, rules: networks.flatMap(masqueraded) },
    { name: 'forward', base: { type: 'filter', hook: 'forward', priority: FILTER }, rules: networks.flatMap(forwarded) },
  ];
}

const published = ({ name, publish }: Filtered): FilterRule[] => publish.map(({ container, protocol, hostPort, hostAddress, containerPort, to, family }) => ({
  when: [isAny(hostAddress) ? { on: 'family', family } : { on: 'daddr', net: hostAddress as string }, { on: 'dport', protocol, port: hostPort }],
  verdict: { dnat: to, port: containerPort, family }, comment: markOf(name, container),
}));

const guarded = ({ name, bridge, subnets }: Filtered): FilterRule[] =>
  (subnets.some(({ family }) => family === 'inet') ? [{ when: [{ on: 'iifname', link: bridge }, { on: 'daddr', net: LOOPBACK.inet }], verdict: 'drop', comment: markOf(name) }] : []);

function masqueraded({ name, bridge, subnets, internal, publish }: Filtered): FilterRule[] {
  const comment = markOf(name);
  return subnets.flatMap(({ subnet, family }): FilterRule[] => [
    ...(internal ? [] : [{ when: [{ on: 'saddr', net: subnet }, { on: 'oifname', link: bridge, not: true }], verdict: 'masquerade', comment } as const]),
    // A container that reaches a published port of its own network would be answered past the host; the host's loopback address, by itself.
    ...(publish.some((one) => one.family === family) ? [subnet, ...(family === 'inet' ? [LOOPBACK.inet] : [])] : []).map((net): FilterRule => ({ when: [{ on: 'saddr', net }, { on: 'oifname', link: bridge }, { on: 'dnat' }], verdict: 'masquerade', comment })),
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
