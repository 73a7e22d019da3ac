/** The graph as a picture. The layout is dagre's, the drawing is ours. */
import type { EdgeKind, Topology, TopologyLink } from './graph.ts';
import { font, layout, textWidth, type Layout } from './layout.ts';
import { printable } from './words.ts';

/** What is painted: on light, on dark. Rules of their own, not variables: not every reader of SVG knows these. */
const paints: readonly (readonly [selector: string, property: 'fill' | 'stroke', light: string, dark: string])[] = [
  ['.back, .label rect', 'fill', '#ffffff', '#0d1117'],
  ['.frame rect', 'fill', '#f6f8fa', '#151b23'],
  ['.link rect', 'fill', '#ffffff', '#0d1117'],
  ['.frame rect, .link rect', 'stroke', '#d0d7de', '#3d444d'],
  ['text', 'fill', '#59636e', '#9198a1'],
  ['.name', 'fill', '#1f2328', '#f0f6fc'],
  ['.bad', 'fill', '#b3261e', '#ff7b72'],
  ['.title', 'stroke', '#f6f8fa', '#151b23'],
  ['.edge', 'stroke', '#59636e', '#9198a1'],
  ['.pair', 'stroke', '#0969da', '#58a6ff'],
  ['.lower', 'stroke', '#9a6700', '#d29922'],
  ['.member', 'stroke', '#8250df', '#bc8cff'],
];
const painted = (which: 2 | 3): string => paints.map((row) => `${row[0]} { ${row[1]}: ${row[which]}; }`).join('\n');
const style = `
text { font: ${font.size}px ui-monospace, "DejaVu Sans Mono", Menlo, Consolas, monospace; white-space: pre; }
.name { font-weight: 600; }
/* Lines may pass below a title. */
.title { paint-order: stroke; stroke-width: 4px; stroke-linejoin: round; }
.label text, .legend text { font-size: ${font.small}px; }
.edge { fill: none; stroke-width: 1.5; }
.pair { stroke-width: 2.5; }
.lower { stroke-dasharray: 6 3; }
.member { stroke-dasharray: 2 3; }
.unseen rect { stroke-dasharray: 4 3; }
${painted(2)}
@media (prefers-color-scheme: dark) {
${painted(3)}
}
`;

/** What the lines mean, for those that are there. */
const legend: Readonly<Record<EdgeKind, string>> = { pair: 'pair', port: 'bridge port', slave: 'bond or team', member: 'VRF member', lower: 'carried by' };
const LEGEND_HEIGHT = 28, SAMPLE = 26;

const escaped = (text: string): string => printable(text).replace(/[&<>"']/g, (c) => `&#${c.charCodeAt(0)};`);
const count = (n: number, what: string): string => `${n} ${what}${n === 1 ? '' : 's'}`;

/**
 * A standalone SVG document, light or dark as the reader's system is. Equal graphs give equal pictures.
 * @throws {TypeError} `code` ERR_NLKIT_NO_LAYOUT when the optional package `@dagrejs/dagre` is not installed
 */
export function toSvg(topology: Topology): string {
  const placed = layout(topology), kinds = Object.keys(legend).filter((kind) => topology.edges.some((edge) => edge.kind === kind)) as EdgeKind[];
  const samples = legendOf(kinds, placed.height);
  const width = Math.max(placed.width, samples.width), height = placed.height + (kinds.length ? LEGEND_HEIGHT : 0);
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" role="img" aria-labelledby="title desc">`,
    '<title id="title">Network topology</title>',
    `<desc id="desc">${escaped(summary(topology))}</desc>`,
    `<style>${style}</style>`,
    `<rect class="back" width="${width}" height="${height}"/>`,
    ...placed.frames.map((frame) => `<g class="frame${frame.namespace.seen ? '' : ' unseen'}">${rectangle(frame, 8)}</g>`),
    ...placed.lines.map(({ edge, points }) => `<path class="edge ${edge.kind}" d="${curve(points)}"><title>${escaped(`${edge.from} ${legend[edge.kind]} ${edge.to}`)}</title></path>`),
    ...placed.lines.flatMap(({ label }) => (label ? [`<g class="label">${rectangle(label, 3)}${text(label.text, label.x + 4, label.y + font.line - 5)}</g>`] : [])),
    ...placed.frames.map(({ title, x, y }) => text(title, x + 10, y + font.line, 'name title')),
    ...placed.boxes.map(linkBox),
    ...samples.parts,
    '</svg>\n',
  ].join('\n');
}

const summary = ({ namespaces, links, edges }: Topology): string =>
  `${count(namespaces.length, 'network namespace')}, ${count(links.length, 'link')}, ${count(edges.length, 'connection')}: ${namespaces.map(({ name }) => name).join(', ')}`;

const rectangle = ({ x, y, width, height }: { x: number; y: number; width: number; height: number }, round: number): string => `<rect x="${x}" y="${y}" width="${width}" height="${height}" rx="${round}"/>`;
const text = (words: string, x: number, y: number, kind = ''): string => `<text x="${x}" y="${y}"${kind && ` class="${kind}"`}>${escaped(words)}</text>`;

function linkBox({ link, lines, ...rect }: Layout['boxes'][number]): string {
  const bad = (i: number): string => (i === 1 && link.seen && !healthy(link) ? 'bad' : '');
  const more = [link.id, link.mac, link.mtu !== undefined && `mtu ${link.mtu}`].filter(Boolean).map((part) => escaped(part as string)).join('\n');
  return `<g class="link${link.seen ? '' : ' unseen'}"><title>${more}</title>${rectangle(rect, 4)}${lines.map((line, i) => text(line, rect.x + 8, rect.y + 4 + (i + 1) * font.line - 2, i === 0 ? 'name' : bad(i))).join('')}</g>`;
}
const healthy = ({ up, state }: TopologyLink): boolean => up && (state === 'up' || state === 'unknown');

/** Through the points, level at each. */
function curve([first, ...rest]: readonly { x: number; y: number }[]): string {
  if (!first) return '';
  let { x, y } = first, path = `M${x} ${y}`;
  for (const to of rest) {
    const middle = Math.round((x + to.x) / 2);
    path += to.y === y ? `H${to.x}` : `C${middle} ${y} ${middle} ${to.y} ${to.x} ${to.y}`;
    ({ x, y } = to);
  }
  return path;
}

function legendOf(kinds: readonly EdgeKind[], top: number): { parts: string[]; width: number } {
  let x = 14;
  const parts = kinds.map((kind) => {
    const from = x, y = top + LEGEND_HEIGHT / 2 - 6;
    x += SAMPLE + 6 + textWidth(legend[kind], font.smallLetter) + 18;
    return `<g class="legend"><path class="edge ${kind}" d="M${from} ${y}h${SAMPLE}"/>${text(legend[kind], from + SAMPLE + 6, y + 3)}</g>`;
  });
  return { parts, width: x };
}
