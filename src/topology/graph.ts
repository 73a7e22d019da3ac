/** The graph: what is plugged into what. Made from facts alone, so that it can be made and tested anywhere. */
import type { Address, Link, Route } from '../families/route/index.ts';
import { vlanRanges } from '../route/vlans.ts';
import type { Container, Facts, NamespaceFacts } from './facts.ts';

/** Network namespaces, the links in them, and the edges between links. Plain JSON; equal facts give equal graphs, in the same order. */
export interface Topology {
  /** The one that the picture is taken from first, then named ones, containers, processes, the rest; each sort by name. */
  readonly namespaces: readonly TopologyNamespace[];
  /** By namespace, then by index. */
  readonly links: readonly TopologyLink[];
  /** By the place of `from`, then of `to`. */
  readonly edges: readonly TopologyEdge[];
  /** What could not be looked at, and which capability it takes: one sentence each. */
  readonly unseen: readonly string[];
}

/** How a namespace was found; `unknown`: a link leads there, but it was not found. */
export type NamespaceKind = 'named' | 'container' | 'process' | 'mounted' | 'unknown';

export interface TopologyNamespace {
  /** The name; where two are the same, the later has `~2` behind it. */
  readonly id: string;
  /** In /run/netns, or of the container; else `nginx[123]` after a process, or `here`. */
  readonly name: string;
  readonly kind: NamespaceKind;
  /** The picture is taken from here. */
  readonly current: boolean;
  /** Its links are known. */
  readonly seen: boolean;
  /** Inode of its file, as in `net:[4026531840]`. */
  readonly inode?: number;
  /** All names in /run/netns. */
  readonly names: readonly string[];
  readonly container?: Container;
  /** The oldest process in it. */
  readonly process?: { readonly pid: number; readonly name: string };
  readonly defaultRoutes: readonly DefaultRoute[];
}

export interface DefaultRoute {
  readonly family: 'inet' | 'inet6';
  readonly gateway?: string;
  /** Name of the link that packets leave by. */
  readonly link?: string;
  readonly metric?: number;
  /** Number of the routing table; absent for the main one. */
  readonly table?: number;
}

export interface TopologyLink {
  /** `namespace/name` */
  readonly id: string;
  /** Id of its namespace. */
  readonly namespace: string;
  readonly index: number;
  /** `#7` where only the index is known. */
  readonly name: string;
  /** False: another link leads to it, but its namespace could not be looked into. */
  readonly seen: boolean;
  /** `veth`, `bridge` ...; physical links have none. */
  readonly kind?: string;
  readonly loopback: boolean;
  /** Switched on (IFF_UP). */
  readonly up: boolean;
  /** IFLA_OPERSTATE, RFC 2863; `unknown` of links that do not tell. */
  readonly state: string;
  readonly mac?: string;
  /** Bytes. */
  readonly mtu?: number;
  readonly addresses: readonly TopologyAddress[];
  /** Of macvlan, ipvlan, netkit and bond. */
  readonly mode?: string;
  /** VLAN id of a vlan link. */
  readonly vlan?: number;
  /** Network identifier of a vxlan or geneve link. */
  readonly vni?: number;
  /** Ends of a tunnel. */
  readonly local?: string;
  readonly remote?: string;
  /** Routing table of a vrf. */
  readonly table?: number;
  /** Of a bridge that filters: the VLANs of the bridge itself. */
  readonly vlans?: readonly Vlan[];
}

export interface TopologyAddress {
  readonly family: 'inet' | 'inet6';
  readonly address: string;
  /** Bits. */
  readonly prefix: number;
  /** `universe`, `site`, `link`, `host`, or a number. */
  readonly scope: string | number;
  /** The other end of a point-to-point link. */
  readonly peer?: string;
}

/** VLANs that do not differ: `first` alone, or up to and with `last`. */
export interface Vlan {
  readonly first: number;
  readonly last?: number;
  /** Untagged packets that come in belong to it. */
  readonly pvid?: true;
  /** Packets go out without tag. */
  readonly untagged?: true;
}

/**
 * What an edge means, from -> to: `pair` one end of a veth, netkit or vxcan pair -> the other; `port` -> its bridge (or another master);
 * `slave` -> its bond or team; `member` -> its VRF; `lower` an upper link (macvlan, ipvlan, vlan, vxlan, tunnel ...) -> the link that carries it.
 */
export type EdgeKind = 'pair' | 'port' | 'slave' | 'member' | 'lower';

export interface TopologyEdge {
  readonly kind: EdgeKind;
  /** Id of a link. */
  readonly from: string;
  readonly to: string;
  /** Of a port of a bridge that filters. */
  readonly vlans?: readonly Vlan[];
  /** A tunnel that is bound to no link: the one that has its local address. */
  readonly byAddress?: true;
}

export interface BuildOptions {
  /** Also loopbacks, links that are switched off and plugged into nothing, and namespaces with nothing else in them. */
  readonly all?: boolean;
}

const pairKinds = new Set(['veth', 'netkit', 'vxcan']);
const masterEdges: Readonly<Record<string, EdgeKind>> = { bond: 'slave', team: 'slave', vrf: 'member' };
const RT_TABLE_MAIN = 254, ARPHRD_LOOPBACK = 772;

/** A namespace while the graph is being made. */
interface Place { readonly facts: NamespaceFacts; readonly id: string; readonly name: string; readonly kind: NamespaceKind; readonly nodes: Map<number, Node> }
interface Node { readonly place: Place; readonly link: Link | undefined; readonly value: TopologyLink }
interface Edge { readonly kind: EdgeKind; readonly from: Node; readonly to: Node; readonly more?: Partial<TopologyEdge> }
/** The settings of whatever kind, by the schema's keys. */
type Data = Readonly<Record<string, unknown>>;

/** Works out the graph. Pure. */
export function build(facts: Facts, { all = false }: BuildOptions = {}): Topology {
  const places = placesOf(facts);
  /** In the order of the facts, which is what ids point into. */
  const inFacts = facts.namespaces.map((own) => places.find((place) => place.facts === own) as Place);
  const edges = edgesOf(places, inFacts);
  const plugged = new Set(edges.flatMap(({ from, to }) => [from, to]));
  const shown = (node: Node): boolean => all || plugged.has(node) || (!idle(node) && !(node.value.loopback && node.value.addresses.every(({ scope }) => scope === 'host')));
  const nodes = new Map(places.map((place) => [place, [...place.nodes.values()].filter(shown).sort((a, b) => a.value.index - b.value.index)]));
  const kept = places.filter((place) => all || place.facts.current || nodes.get(place)?.length);
  const order = new Map(kept.flatMap((place) => nodes.get(place) ?? []).map((node, i) => [node, i]));
  const at = (node: Node): number => order.get(node) as number;
  return {
    namespaces: kept.map(namespaceOf),
    links: [...order.keys()].map(({ value }) => value),
    edges: edges.map((edge) => (edge.kind === 'pair' && at(edge.to) < at(edge.from) ? { ...edge, from: edge.to, to: edge.from } : edge))
      .sort((a, b) => at(a.from) - at(b.from) || at(a.to) - at(b.to) || compare(a.kind, b.kind))
      .map(({ kind, from, to, more }) => ({ kind, from: from.value.id, to: to.value.id, ...more })),
    unseen: facts.unseen ?? [],
  };
}

/** Off, and of no use. */
const idle = ({ value }: Node): boolean => !value.up && value.addresses.length === 0;
/** By code units: the same on every machine. */
const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

// Namespaces.

const sorts: readonly NamespaceKind[] = ['named', 'container', 'process', 'mounted', 'unknown'];

function placesOf(facts: Facts): Place[] {
  const all = facts.namespaces.map((own) => ({ facts: own, kind: kindOf(own), name: nameOf(own) }));
  all.sort((a, b) => Number(b.facts.current ?? false) - Number(a.facts.current ?? false) || sorts.indexOf(a.kind) - sorts.indexOf(b.kind)
    || compare(a.name, b.name) || (a.facts.inode ?? 0) - (b.facts.inode ?? 0));
  const taken = new Set<string>();
  return all.map((one) => {
    const place: Place = { ...one, id: unique(one.name, taken), nodes: new Map() };
    for (const link of one.facts.links ?? []) place.nodes.set(link.index, { place, link, value: linkOf(place, link) });
    return place;
  });
}

const kindOf = ({ names, container, process, mount }: NamespaceFacts): NamespaceKind => (names?.length ? 'named' : container ? 'container' : process ? 'process' : mount ? 'mounted' : 'unknown');

function nameOf({ names, current, container, process, mount, inode }: NamespaceFacts): string {
  if (names?.length) return names.toSorted()[0] as string;
  if (current) return 'here';
  if (container) return container.name ?? container.id.slice(0, 12);
  return process ? `${process.name}[${process.pid}]` : mount?.replace(/.*\//, '') ?? `net:[${inode ?? '?'}]`;
}

function unique(name: string, taken: Set<string>): string {
  let id = name;
  for (let n = 2; taken.has(id); n++) id = `${name}~${n}`;
  taken.add(id);
  return id;
}

function namespaceOf({ facts, id, name, kind, nodes }: Place): TopologyNamespace {
  const { inode, container, process, routes = [] } = facts;
  return {
    id, name, kind, current: facts.current ?? false, seen: facts.links !== undefined,
    ...(inode !== undefined && { inode }), names: [...(facts.names ?? [])].sort(), ...(container && { container }), ...(process && { process }),
    defaultRoutes: routes.flatMap((route) => defaultRoutes(route, (index) => nodes.get(index)?.value.name)),
  };
}

/** One a next hop. */
function defaultRoutes(route: Route, name: (index: number) => string | undefined): DefaultRoute[] {
  if (route.type !== 'unicast' || (route.family !== 'inet' && route.family !== 'inet6')) return [];
  const { family, priority, tableId = route.table } = route as Route & { family: 'inet' | 'inet6'; tableId?: string | number };
  const table = tableId === 'main' ? RT_TABLE_MAIN : Number(tableId);
  const hops = route.multipath ?? [{ gateway: route.gateway, via: route.via, ifindex: route.oif }];
  return hops.map(({ gateway, via, ifindex }) => {
    const to = gateway ?? via?.addr, link = ifindex === undefined ? undefined : name(ifindex);
    return { family, ...(typeof to === 'string' && { gateway: to }), ...(link !== undefined && { link }), ...(priority !== undefined && { metric: priority }), ...(table !== RT_TABLE_MAIN && { table }) };
  });
}

// Links.

const data = (link: Link | undefined): Data => (link?.linkinfo?.data instanceof Uint8Array ? {} : link?.linkinfo?.data ?? {}) as Data;
const text = (value: unknown): string | undefined => (typeof value === 'string' && value !== '0.0.0.0' && value !== '::' ? value : undefined);
const defined = <T extends object>(values: T): { [K in keyof T]?: Exclude<T[K], undefined> } => Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined)) as never;

function linkOf({ id, facts }: Place, link: Link): TopologyLink {
  const name = link.ifname ?? `#${link.index}`, own = data(link), kind = link.linkinfo?.kind;
  return {
    id: `${id}/${name}`, namespace: id, index: link.index, name, seen: true,
    loopback: link.type === ARPHRD_LOOPBACK, up: link.flags.includes('up'), state: String(link.operstate ?? 'unknown'),
    addresses: (facts.addresses ?? []).filter(({ index }) => index === link.index).flatMap(addressOf),
    ...defined({
      kind,
      mac: link.type === ARPHRD_LOOPBACK ? undefined : link.address,
      mtu: link.mtu,
      mode: own['mode'] === undefined ? undefined : String(own['mode']),
      vlan: kind === 'vlan' ? own['id'] as number : undefined,
      vni: kind === 'vxlan' || kind === 'geneve' ? own['id'] as number : undefined,
      table: kind === 'vrf' ? own['table'] as number : undefined,
      local: text(own['local']) ?? text(own['local6']),
      remote: text(own['remote']) ?? text(own['remote6']) ?? text(own['group']) ?? text(own['group6']),
      vlans: filters(link) ? vlansOf(facts, link.index) : undefined,
    }),
  };
}

function addressOf({ family, local, address, prefixlen, scope }: Address): TopologyAddress[] {
  const own = local ?? address;
  if ((family !== 'inet' && family !== 'inet6') || own === undefined) return [];
  return [{ family, address: own, prefix: prefixlen, scope, ...(address !== undefined && address !== own && { peer: address }) }];
}

const filters = (bridge: Link | undefined): boolean => bridge?.linkinfo?.kind === 'bridge' && bridge.linkinfo.data?.vlanFiltering === 1;

function vlansOf(facts: NamespaceFacts, index: number): Vlan[] | undefined {
  const info = facts.ports?.find((port) => port.index === index)?.afSpec?.vlanInfo;
  return info && vlanRanges(info).map(({ first, last, flags }) => ({
    first, ...(last !== first && { last }), ...(flags.includes('pvid') && { pvid: true as const }), ...(flags.includes('untagged') && { untagged: true as const }),
  }));
}

// Edges.

function edgesOf(places: Place[], inFacts: readonly Place[]): Edge[] {
  const edges: Edge[] = [], paired = new Set<Node>(), lost: [Node, number][] = [];
  const nodes = places.flatMap((place) => [...place.nodes.values()]);
  for (const node of nodes) {
    const master = masterEdge(node);
    if (master) edges.push(master);
    const { index, kind } = other(node);
    if (index === undefined) { const tunnel = addressEdge(node, inFacts); if (tunnel) edges.push(tunnel); continue; }
    const to = otherPlace(node, inFacts)?.nodes.get(index);
    if (to === node) continue;
    if (!to) lost.push([node, index]);
    else if (kind === 'lower') edges.push({ kind, from: node, to });
    else if (!paired.has(node) && !paired.has(to)) { edges.push({ kind, from: node, to }); paired.add(node).add(to); }
  }
  // A pair that could be resolved from one end need not be from the other.
  for (const [node, index] of lost) {
    const { kind } = other(node);
    const place = paired.has(node) ? undefined : elsewhere(places, node, otherPlace(node, inFacts));
    if (place) edges.push({ kind, from: node, to: ghost(place, index) });
  }
  return edges;
}

function masterEdge(node: Node): Edge | undefined {
  const { link, place } = node, to = link?.master ? place.nodes.get(link.master) : undefined;
  if (!to || to === node) return undefined;
  const vlans = filters(to.link) ? vlansOf(place.facts, node.value.index) : undefined;
  return { kind: masterEdges[to.value.kind ?? ''] ?? 'port', from: node, to, ...(vlans && { more: { vlans } }) };
}

/** The link that a link names as its other end, or as what carries it. */
function other({ link, value }: Node): { index?: number; kind: EdgeKind } {
  const kind = pairKinds.has(value.kind ?? '') ? 'pair' : 'lower';
  // A few kinds of tunnel say it among their settings only.
  const index = link?.link || data(link)['link'];
  return typeof index === 'number' && index > 0 ? { index, kind } : { kind };
}

/** @returns undefined for a namespace that was not found */
function otherPlace({ link, place }: Node, inFacts: readonly Place[]): Place | undefined {
  const id = link?.linkNetnsid;
  return id === undefined ? place : inFacts[place.facts.ids?.[id] ?? -1];
}

/** Where a link is of which no more than the index is known. A link that is gone by now is nowhere. */
function elsewhere(places: Place[], { link, place }: Node, known: Place | undefined): Place | undefined {
  if (known) return known.facts.links === undefined ? known : undefined;
  const name = `nsid ${link?.linkNetnsid} of ${place.name}`;
  const found = places.find((one) => one.kind === 'unknown' && one.name === name);
  if (found) return found;
  const made: Place = { facts: {}, kind: 'unknown', name, id: unique(name, new Set(places.map(({ id }) => id))), nodes: new Map() };
  places.push(made);
  return made;
}

function ghost(place: Place, index: number): Node {
  const known = place.nodes.get(index);
  if (known) return known;
  const name = `#${index}`;
  const node: Node = { place, link: undefined, value: { id: `${place.id}/${name}`, namespace: place.id, index, name, seen: false, loopback: false, up: true, state: 'unknown', addresses: [] } };
  place.nodes.set(index, node);
  return node;
}

/** A tunnel without a link of its own leaves by the one that has its local address. */
function addressEdge(node: Node, inFacts: readonly Place[]): Edge | undefined {
  const { local } = node.value;
  if (local === undefined) return undefined;
  const to = [...(otherPlace(node, inFacts)?.nodes.values() ?? [])].find((one) => one !== node && one.value.addresses.some(({ address }) => address === local));
  return to && { kind: 'lower', from: node, to, more: { byAddress: true } };
}
