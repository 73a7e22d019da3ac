/** What the pictures say, and which end of an edge comes first: the same in every format. */
import type { DefaultRoute, Topology, TopologyEdge, TopologyLink, TopologyNamespace, Vlan } from './graph.ts';

/** Names may hold anything; control characters are no text for terminals, nor in XML. */
export const printable = (text: string): string => text.replace(/[\p{Cc}\p{Cs}\ufffe\uffff]/gu, '\ufffd');

/** `macvlan bridge`, `vlan 10`, `vxlan 42 to 10.0.0.9`; empty for a physical link. */
export function kindWords({ kind, mode, vlan, vni, table, remote }: TopologyLink): string {
  if (kind === undefined) return '';
  return [kind, mode, vlan ?? vni, table !== undefined && `table ${table}`, remote !== undefined && `to ${remote}`].filter((word) => word !== undefined && word !== false).join(' ');
}

/** Empty where all is well. */
export function stateWords({ up, state, seen }: TopologyLink): string {
  if (!seen) return 'not seen';
  return !up ? 'DOWN' : state === 'up' || state === 'unknown' ? '' : state === 'down' || state === 'lowerlayerdown' ? 'no carrier' : state;
}

/** Addresses that reach beyond the link. */
export function addressWords({ addresses }: TopologyLink): string[] {
  return addresses.filter(({ scope }) => scope !== 'link' && scope !== 'host').map(({ address, peer, prefix }) => (peer === undefined ? `${address}/${prefix}` : `${address} peer ${peer}/${prefix}`));
}

/** `1 pvid untagged, 10-20` */
export function vlanWords(vlans: readonly Vlan[]): string {
  return vlans.map(({ first, last, pvid, untagged }) => `${first}${last === undefined ? '' : `-${last}`}${pvid ? ' pvid' : ''}${untagged ? ' untagged' : ''}`).join(', ');
}

/** `default via 10.0.0.1` */
export function routeWords({ gateway, metric, table }: DefaultRoute): string {
  return ['default', gateway !== undefined && `via ${gateway}`, metric !== undefined && metric !== IPV6_METRIC && `metric ${metric}`, table !== undefined && `table ${table}`].filter(Boolean).join(' ');
}
/** What IPv6 routes have when none is given (IP6_RT_PRIO_USER). */
const IPV6_METRIC = 1024;

/** The name, and what it is the name of. */
export function placeWords({ name, kind, container, current, seen }: TopologyNamespace): string {
  const sort = kind === 'container' ? `${container?.engine ?? ''} container`.trim() : current && name !== 'here' ? 'here' : '';
  return [name, sort && `(${sort})`, !seen && 'not seen'].filter(Boolean).join(' ');
}

/** `vlan 1 pvid untagged`; empty where the line says all. */
export function edgeWords({ vlans, byAddress }: TopologyEdge): string {
  return vlans ? `vlan ${vlanWords(vlans)}` : byAddress ? 'by address' : '';
}

/** Who belongs to whom. */
export interface Relations {
  readonly links: ReadonlyMap<string, TopologyLink>;
  readonly namespaces: ReadonlyMap<string, TopologyNamespace>;
  /** The edge to a link's master, or else to what carries it. */
  readonly above: ReadonlyMap<string, TopologyEdge>;
  /** The edge to what carries a link. */
  readonly lower: ReadonlyMap<string, TopologyEdge>;
  /** The other end of a pair, from both. */
  readonly peer: ReadonlyMap<string, string>;
  /** Ends of pairs that belong to nothing else: they are shown beside the other end. */
  readonly far: ReadonlySet<string>;
  /** Default routes by the link that they leave by. */
  readonly routes: ReadonlyMap<string, readonly DefaultRoute[]>;
}

export function relations({ namespaces, links, edges }: Topology): Relations {
  const lower = new Map<string, TopologyEdge>(), above = new Map<string, TopologyEdge>(), peer = new Map<string, string>();
  for (const edge of edges) {
    if (edge.kind === 'pair') peer.set(edge.from, edge.to).set(edge.to, edge.from);
    else (edge.kind === 'lower' ? lower : above).set(edge.from, edge);
  }
  for (const [id, edge] of lower) if (!above.has(id)) above.set(id, edge);
  const far = new Set<string>();
  for (const { kind, from, to } of edges) if (kind === 'pair' && !(above.has(from) && above.has(to))) far.add(above.has(to) ? from : to);
  const routes = new Map<string, DefaultRoute[]>();
  for (const { id, defaultRoutes } of namespaces) for (const route of defaultRoutes) {
    const link = `${id}/${route.link}`;
    routes.set(link, [...(routes.get(link) ?? []), route]);
  }
  return { links: new Map(links.map((link) => [link.id, link])), namespaces: new Map(namespaces.map((one) => [one.id, one])), lower, above, peer, far, routes };
}

/** An edge in reading direction: bridge -> port -> container -> what is stacked on it; slaves -> bond. */
export function reading({ kind, from, to }: TopologyEdge, { far }: Relations): [string, string] {
  return kind === 'slave' || (kind === 'pair' && !far.has(from)) ? [from, to] : [to, from];
}
