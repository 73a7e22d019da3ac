/** The graph for Graphviz, and for Mermaid, which Markdown pages draw. */
import type { EdgeKind, Topology, TopologyLink } from './graph.ts';
import { addressWords, edgeWords, kindWords, placeWords, printable, reading, relations, routeWords, stateWords, vlanWords, type Relations } from './words.ts';

/** Lines of text for the box of a link; the first is its name. */
export function boxLines(link: TopologyLink, known: Relations): string[] {
  return [
    link.name,
    [kindWords(link), stateWords(link)].filter(Boolean).join(' '),
    ...addressWords(link),
    link.vlans ? `vlan ${vlanWords(link.vlans)}` : '',
    ...(known.routes.get(link.id) ?? []).map(routeWords),
  ].filter(Boolean);
}

/** How the line of an edge is drawn. */
const dotStyles: Readonly<Record<EdgeKind, string>> = { pair: 'penwidth=2', port: '', slave: '', member: 'style=dotted', lower: 'style=dashed' };
const mermaidLines: Readonly<Record<EdgeKind, string>> = { pair: '===', port: '---', slave: '---', member: '-.-', lower: '-.-' };

/** Text in the DOT language: https://graphviz.org/doc/info/lang.html */
export function toDot(topology: Topology): string {
  const known = relations(topology);
  const quote = (text: string): string => `"${printable(text).replace(/[\\"]/g, '\\$&')}"`;
  const label = (parts: readonly string[]): string => `"${parts.map((part) => quote(part).slice(1, -1)).join('\\n')}"`;
  const lines = ['graph topology {', '  rankdir=LR; node [shape=box, style=rounded, fontname="monospace", fontsize=10]; edge [fontname="monospace", fontsize=9];'];
  for (const [i, namespace] of topology.namespaces.entries()) {
    lines.push(`  subgraph cluster_${i} {`, `    label=${quote(placeWords(namespace))}; style=rounded; fontname="monospace";`);
    const own = topology.links.filter((link) => link.namespace === namespace.id);
    for (const link of own) lines.push(`    ${quote(link.id)} [label=${label(boxLines(link, known))}${link.mac === undefined ? '' : `, tooltip=${quote(link.mac)}`}];`);
    lines.push('  }');
  }
  for (const edge of topology.edges) {
    const [from, to] = reading(edge, known), words = edgeWords(edge);
    const settings = [dotStyles[edge.kind], words && `label=${quote(words)}`].filter(Boolean).join(', ');
    lines.push(`  ${quote(from)} -- ${quote(to)}${settings && ` [${settings}]`};`);
  }
  return `${lines.join('\n')}\n}\n`;
}

/** A Mermaid flowchart: https://mermaid.js.org/syntax/flowchart.html */
export function toMermaid(topology: Topology): string {
  const known = relations(topology);
  // Entities by number: there is no other way to write these.
  const quote = (parts: readonly string[]): string => `"${parts.map((part) => printable(part).replace(/[^ -!$-%'-;=?-~\u00a1-\uffff]|[`\\]/gu, (c) => `#${c.codePointAt(0)};`)).join('<br/>')}"`;
  const place = new Map(topology.links.map((link, i) => [link.id, `l${i}`]));
  const lines = ['flowchart LR'];
  for (const [i, namespace] of topology.namespaces.entries()) {
    lines.push(`  subgraph n${i} [${quote([placeWords(namespace)])}]`);
    for (const link of topology.links) if (link.namespace === namespace.id) lines.push(`    ${place.get(link.id)}[${quote(boxLines(link, known))}]`);
    lines.push('  end');
  }
  for (const edge of topology.edges) {
    const [from, to] = reading(edge, known), words = edgeWords(edge);
    lines.push(`  ${place.get(from)} ${mermaidLines[edge.kind]}${words && `|${quote([words])}|`} ${place.get(to)}`);
  }
  return `${lines.join('\n')}\n`;
}
