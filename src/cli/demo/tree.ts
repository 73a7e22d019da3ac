/** Who is plugged into whom, as a tree for a terminal. */
import type { Address, Link } from '../../families/route/index.ts';

export interface Place { readonly namespace: string; readonly links: readonly Link[]; readonly addresses: readonly Address[]; /** Namespace ids as seen from here. */ readonly ids: ReadonlyMap<number, string> }

/** Lines of text: each bridge with its ports, what is at the other end of each, and what hangs below that. */
export function drawTree(places: readonly Place[], root: string): string[] {
  const home = places.find((p) => p.namespace === root);
  if (!home) throw new TypeError(`no namespace '${root}'`);
  const lines: string[] = [];
  for (const bridge of home.links.filter((l) => l.linkinfo?.kind === 'bridge')) {
    lines.push(describe(home, bridge));
    const ports = home.links.filter((l) => l.master === bridge.index);
    ports.forEach((port, i) => branch(lines, '', i === ports.length - 1, portText(places, home, port), children(places, home, port)));
  }
  return lines;
}

interface Node { text: string; below: Node[] }
function branch(lines: string[], indent: string, last: boolean, text: string, below: readonly Node[]): void {
  lines.push(`${indent}${last ? '└─ ' : '├─ '}${text}`);
  below.forEach((node, i) => branch(lines, `${indent}${last ? '   ' : '│  '}`, i === below.length - 1, node.text, node.below));
}

function describe(place: Place, link: Link): string {
  const own = place.addresses.filter((a) => a.index === link.index && a.scope === 'universe').map((a) => `${a.local ?? a.address}/${a.prefixlen}`);
  const kind = link.linkinfo?.kind;
  const mode = kind === 'macvlan' && link.linkinfo?.kind === 'macvlan' ? ` ${String(link.linkinfo.data?.mode ?? '')}` : '';
  return [link.ifname, kind && `[${kind}${mode}]`, ...own, link.flags.includes('up') ? '' : 'DOWN'].filter(Boolean).join(' ');
}
/** The other end of a veth is the link whose index it names, in the namespace whose id it names. */
function peer(places: readonly Place[], place: Place, link: Link): { place: Place; link: Link } | undefined {
  if (link.link === undefined || link.linkinfo?.kind !== 'veth') return undefined;
  const there = link.linkNetnsid === undefined ? place : places.find((p) => p.namespace === place.ids.get(link.linkNetnsid as number));
  const other = there?.links.find((l) => l.index === link.link);
  return there && other && { place: there, link: other };
}
function portText(places: readonly Place[], place: Place, port: Link): string {
  const end = peer(places, place, port);
  return end ? `${port.ifname} ⇄ ${end.place.namespace}: ${describe(end.place, end.link)}` : describe(place, port);
}
/** What is stacked on the far end: macvlans, VLANs. */
function children(places: readonly Place[], place: Place, port: Link): Node[] {
  const end = peer(places, place, port) ?? { place, link: port };
  return end.place.links.filter((l) => l.link === end.link.index && l.index !== end.link.index && l.linkinfo?.kind !== 'veth')
    .map((l) => ({ text: describe(end.place, l), below: [] }));
}
