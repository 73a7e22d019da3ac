/** The graph as a tree for a terminal. */
import type { Topology, TopologyLink } from './graph.ts';
import { addressWords, edgeWords, kindWords, placeWords, printable, relations, routeWords, stateWords, vlanWords, type Relations } from './words.ts';

export interface TreeOptions {
  /** Also MAC addresses and MTUs. */
  readonly details?: boolean;
}

interface Branch { text: string; below: Branch[] }

/**
 * Each namespace with its links: under a bridge its ports, beside a port what is at the other end of its pair, under that what is
 * stacked on it. A link stands in one place only.
 */
export function toTree(topology: Topology, options: TreeOptions = {}): string {
  const known = relations(topology), below = new Map<string, TopologyLink[]>(), shown = new Set<string>();
  for (const link of topology.links) {
    const above = known.above.get(link.id)?.to;
    if (above !== undefined) below.set(above, [...(below.get(above) ?? []), link]);
  }
  /** A link, what is at its other end, and what hangs on either. Graphs of the kernel have no circles; others end where they close. */
  const grow = (link: TopologyLink): Branch => {
    shown.add(link.id);
    const peer = known.links.get(known.peer.get(link.id) ?? '');
    const beside = peer && known.far.has(peer.id) && !shown.has(peer.id) ? peer : undefined;
    if (beside) shown.add(beside.id);
    const children = [link, ...(beside ? [beside] : [])].flatMap(({ id }) => below.get(id) ?? []);
    return { text: line(known, link, peer, beside, options), below: children.flatMap((child) => (shown.has(child.id) ? [] : [grow(child)])) };
  };
  const roots = new Map<string, Branch[]>(topology.namespaces.map(({ id }) => [id, []]));
  const plant = (link: TopologyLink): void => { if (!shown.has(link.id)) roots.get(link.namespace)?.push(grow(link)); };
  for (const link of topology.links) if (!known.above.has(link.id) && !known.far.has(link.id)) plant(link);
  for (const link of topology.links) plant(link);

  const filled = new Set(topology.links.map(({ namespace }) => namespace)), lines: string[] = [];
  for (const namespace of topology.namespaces) {
    const own = roots.get(namespace.id) ?? [];
    // What is shown beside the other ends needs no place of its own.
    if (own.length === 0 && filled.has(namespace.id)) continue;
    lines.push(placeWords(namespace), ...draw(own));
  }
  return lines.map((text) => `${printable(text)}\n`).join('');
}

function draw(branches: readonly Branch[]): string[] {
  return branches.flatMap(({ text, below }, i) => {
    const last = i === branches.length - 1;
    return [`${last ? '└─' : '├─'} ${text}`, ...draw(below).map((line) => `${last ? '  ' : '│ '} ${line}`)];
  });
}

function line(known: Relations, link: TopologyLink, peer: TopologyLink | undefined, beside: TopologyLink | undefined, options: TreeOptions): string {
  const above = known.above.get(link.id), lower = known.lower.get(link.id);
  const elsewhere = above && known.links.get(above.to)?.namespace !== link.namespace ? `${place(known, link)}: ` : '';
  const carrier = lower && lower !== above ? known.links.get(lower.to) : undefined;
  return [
    `${elsewhere}${describe(known, link, options)}`,
    above && edgeWords(above),
    carrier && `on ${named(known, carrier, link)}`,
    peer && `⇄ ${beside ? named(known, beside, link, describe(known, beside, options)) : named(known, peer, link)}`,
  ].filter(Boolean).join(' ');
}

const place = (known: Relations, { namespace }: TopologyLink): string => known.namespaces.get(namespace)?.name ?? namespace;
/** With its namespace before it, where it is another one. */
const named = (known: Relations, link: TopologyLink, from: TopologyLink, text = link.name): string => (link.namespace === from.namespace ? text : `${place(known, link)}: ${text}`);

function describe(known: Relations, link: TopologyLink, { details }: TreeOptions): string {
  const kind = kindWords(link), routes = known.routes.get(link.id) ?? [];
  return [
    link.name,
    kind && kind !== 'veth' && `[${kind}]`,
    ...addressWords(link),
    link.vlans && `vlan ${vlanWords(link.vlans)}`,
    ...(details ? [link.mac, link.mtu !== undefined && `mtu ${link.mtu}`] : []),
    stateWords(link),
    routes.length > 0 && `(${routes.map(routeWords).join(', ')})`,
  ].filter(Boolean).join(' ');
}
