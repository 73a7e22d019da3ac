/** Where everything goes in the picture: dagre's layered layout, from left to right, with a frame around each namespace. */
import { createRequire } from 'node:module';
import { boxLines } from './charts.ts';
import type { Topology, TopologyEdge, TopologyLink, TopologyNamespace } from './graph.ts';
import { fansOf, spread, type Cell, type Made } from './fans.ts';
import { shelve, type Size } from './shelves.ts';
import { edgeWords, placeWords, reading, relations, type Relations } from './words.ts';

/** The package that lays graphs out. Optional: everything but the picture works without. */
export const LAYOUT_PACKAGE = '@dagrejs/dagre';

export interface Point { x: number; y: number }
/** `x`, `y`: the upper left corner. */
export interface Rect extends Point { width: number; height: number }
export interface Layout {
  readonly width: number;
  readonly height: number;
  readonly frames: readonly (Rect & { readonly namespace: TopologyNamespace; readonly title: string })[];
  readonly boxes: readonly (Rect & { readonly link: TopologyLink; readonly lines: readonly string[] })[];
  readonly lines: readonly { readonly edge: TopologyEdge; readonly points: readonly Point[]; readonly label?: Rect & { readonly text: string } }[];
}

/** Pixels. The letters of a monospace font are at most 0.61 of their size wide. */
export const font = { size: 12, line: 16, letter: 12 * 0.61, small: 10, smallLetter: 10 * 0.61 } as const;
const space = { box: 8, frame: 14, title: 24, between: 22, ranks: 56, margin: 12 } as const;

// Of dagre, what is used here.
interface Dagre { Graph: new (options: object) => Graph; layout(graph: Graph, options: { disableOptimalOrderHeuristic: boolean }): void }
interface Graph {
  setGraph(settings: object): void; setNode(id: string, value: object): void; setParent(id: string, parent: string): void;
  setEdge(edge: { v: string; w: string; name: string }, value: object): void;
  node(id: string): Point & { width: number; height: number }; edge(edge: { v: string; w: string; name: string }): { points: Point[]; x?: number; y?: number };
}

/** @throws {TypeError} when the package is not installed; the message says what to install */
export function loadDagre(): Dagre {
  try {
    return createRequire(import.meta.url)(LAYOUT_PACKAGE) as Dagre;
  } catch (error) {
    if ((error as { code?: string }).code !== 'MODULE_NOT_FOUND') throw error;
    throw Object.assign(new TypeError(`a picture needs the package ${LAYOUT_PACKAGE}, which is not installed`, { cause: error }), { code: 'ERR_NLKIT_NO_LAYOUT' });
  }
}

/** Wide letters (CJK, emoji) take two columns. */
const columns = (text: string): number => [...text].reduce((sum, c) => sum + (/[\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\p{Extended_Pictographic}]/u.test(c) ? 2 : 1), 0);
export const textWidth = (text: string, letter: number = font.letter): number => Math.ceil(columns(text) * letter);

/** Lays the graph out. Equal graphs are laid out equally. What is not connected stands side by side. */
export function layout(topology: Topology): Layout {
  const dagre = loadDagre(), known = relations(topology);
  const parts = partsOf(topology).map((part) => fanned(dagre, part, known) ?? layoutPart(dagre, part, known));
  const { corners, width, height } = shelve(parts, space.between);
  const moved = parts.map((part, i) => part.moved(corners[i] as Point));
  return {
    width: width + 2 * space.margin, height: height + 2 * space.margin,
    frames: moved.flatMap(({ frames }) => frames), boxes: moved.flatMap(({ boxes }) => boxes), lines: moved.flatMap(({ lines }) => lines),
  };
}

/** Some namespaces of a graph with all that is in them. */
export type Part = Pick<Topology, 'namespaces' | 'links' | 'edges'>;

/** Namespaces that are joined by edges, in the order of the first of each. */
function partsOf({ namespaces, links, edges }: Topology): Part[] {
  const home = new Map(links.map((link) => [link.id, link.namespace])), of = (id: string): string => home.get(id) as string;
  const part = joined(namespaces.map(({ id }) => id), edges.map(({ from, to }) => [of(from), of(to)]));
  const parts = new Map<string, { namespaces: TopologyNamespace[]; links: TopologyLink[]; edges: TopologyEdge[] }>();
  for (const namespace of namespaces) {
    const name = part(namespace.id), own = parts.get(name);
    if (own) own.namespaces.push(namespace);
    else parts.set(name, { namespaces: [namespace], links: [], edges: [] });
  }
  for (const link of links) parts.get(part(link.namespace))?.links.push(link);
  for (const edge of edges) parts.get(part(of(edge.from)))?.edges.push(edge);
  return [...parts.values()];
}

/** @returns for each of `all` the same one for all that are connected with it */
function joined(all: readonly string[], pairs: readonly (readonly [string, string])[]): (id: string) => string {
  const up = new Map(all.map((id) => [id, id]));
  const root = (id: string): string => {
    let at = id;
    for (let next = up.get(at) as string; next !== at; next = up.get(at) as string) { up.set(at, up.get(next) as string); at = next; }
    return at;
  };
  for (const [a, b] of pairs) up.set(root(a), root(b));
  return root;
}

/** With big fans, if there are any: the rest is laid out first, and they are put below it. */
function fanned(dagre: Dagre, part: Part, known: Relations): Placed | undefined {
  const found = fansOf(part);
  if (!found) return undefined;
  const { home, fans, rest } = found, links = new Map(part.links.map((link) => [link.id, link])), away = new Map<string, { links: TopologyLink[]; edges: TopologyEdge[] }>();
  const inside = (namespace: string): { links: TopologyLink[]; edges: TopologyEdge[] } => {
    const own = away.get(namespace) ?? { links: [], edges: [] };
    away.set(namespace, own);
    return own;
  };
  for (const link of part.links) inside(link.namespace).links.push(link);
  for (const edge of part.edges) { const [from, to] = [edge.from, edge.to].map((id) => (links.get(id) as TopologyLink).namespace) as [string, string]; if (from === to) inside(from).edges.push(edge); }
  const spaces = new Map(part.namespaces.map((namespace) => [namespace.id, namespace])), words = (edge: TopologyEdge): (Rect & { text: string }) | undefined => {
    const text = edgeWords(edge);
    return text === '' ? undefined : { text, x: 0, y: 0, width: textWidth(text, font.smallLetter) + 8, height: font.line };
  };
  let made: Made = layoutPart(dagre, rest, known).made;
  const ends = made.frames.find(({ namespace }) => namespace.id === home) as Rect, cut = ends.y + ends.height;
  for (const [nth, { hub, spokes }] of fans.entries()) made = spread(made, home, hub, spokes.map((spoke): Cell => {
    const port = spoke.port === undefined ? undefined : box(links.get(spoke.port) as TopologyLink, known), namespace = spoke.end === undefined ? undefined : (links.get(spoke.end) as TopologyLink).namespace;
    const own = namespace === undefined ? undefined : layoutPart(dagre, { namespaces: [spaces.get(namespace) as TopologyNamespace], ...inside(namespace) }, known);
    return { spoke, words: spoke.edges.map(words), ...(port && { port }), ...(own && { away: { ...own.made, corner: own.corner, width: own.width, height: own.height } }) };
  }), { nth, of: fans.length, cut });
  return new Placed(made.frames, made.boxes, made.lines);
}

/** @param flat leaves it to luck that one frame is apart from what is plugged into it: twice as fast, and mostly so */
function layoutPart(dagre: Dagre, part: Part, known: Relations, flat = true): Placed {
  const boxes = new Map(part.links.map((link) => [link.id, box(link, known)]));
  const frames = new Map(part.namespaces.map((namespace) => [namespace.id, { namespace, title: placeWords(namespace), x: 0, y: 0, width: 0, height: 0 }]));
  for (const [id, frame] of frames) widen(frame.title, part.links.filter(({ namespace }) => namespace === id).map((link) => boxes.get(link.id) as Box));
  const home = (id: string): string => (boxes.get(id) as Box).link.namespace;
  const leaves = leafNamespaces(part, home), trays = traysOf(part, home);

  const quick = part.namespaces.length > MANY, alone = flat && leaves.size === part.namespaces.length - 1, outer = new Sketch(dagre, !alone, quick);
  const inner = new Map([...leaves].map((id) => [id, new Sketch(dagre, false, quick)])), groups = new Map<string, Sketch>();
  /** The sketch that a link is in. */
  const sketchOf = (id: string): Sketch => groups.get(id) ?? inner.get(home(id)) ?? outer;
  for (const [id] of frames) if (!leaves.has(id)) outer.frame(id);
  for (const tray of trays.values()) for (const ids of tray) {
    const sketch = new Sketch(dagre, false, quick);
    for (const id of ids) groups.set(id, sketch);
  }
  for (const [id, own] of boxes) sketchOf(id).box(id, own, sketchOf(id) === outer ? home(id) : undefined);
  for (const edge of part.edges) {
    const [from, to] = reading(edge, known), same = home(from) === home(to);
    (same ? sketchOf(from) : outer).line(edge, ...[from, to].map((id) => (!same && leaves.has(home(id)) ? frameId(home(id)) : id)) as [string, string]);
  }
  // What is plugged into one place only, or into none, is laid out first, and then moved as a whole: far faster than frames within frames.
  const shelves = new Map([...trays].map(([id, tray]) => {
    const sketches = tray.map(([first]) => groups.get(first as string) as Sketch), own = shelve(sketches.map((sketch) => sketch.arrange()), space.between);
    (inner.get(id) ?? outer).box(trayId(id), { x: 0, y: 0, ...own }, leaves.has(id) ? undefined : id);
    return [id, { sketches, ...own }];
  }));
  for (const [id, sketch] of inner) {
    const frame = frames.get(id) as Rect & { title: string }, size = sketch.arrange();
    frame.width = Math.max(size.width, textWidth(frame.title)) + 2 * space.frame;
    frame.height = size.height + space.title + space.frame;
    outer.box(frameId(id), frame);
  }
  outer.arrange();
  for (const [id, frame] of frames) {
    const sketch = inner.get(id);
    if (sketch) {
      Object.assign(frame, outer.rect(frameId(id)));
      sketch.moveTo(frame.x + space.frame, frame.y + space.title);
    } else Object.assign(frame, outer.around(id));
    const tray = shelves.get(id), { x, y } = tray ? (sketch ?? outer).rect(trayId(id)) : frame;
    tray?.sketches.forEach((one, i) => { const corner = tray.corners[i] as Point; one.moveTo(x + corner.x, y + corner.y); });
  }
  const [main] = [...frames].filter(([id]) => alone && !leaves.has(id));
  if (main && [...frames].some(([id, frame]) => leaves.has(id) && !apart(main[1], frame))) return layoutPart(dagre, part, known, false);
  for (const [id, own] of boxes) Object.assign(own, sketchOf(id).rect(id));
  const lines = part.edges.map((edge) => {
    const [from, to] = reading(edge, known).map((id) => boxes.get(id) as Box) as [Box, Box];
    return (from.link.namespace === to.link.namespace ? sketchOf(from.link.id) : outer).path(edge, from, to);
  });
  return new Placed([...frames.values()], [...boxes.values()], lines);
}

/** Links that are connected with each other alone, and with nothing in another namespace: namespace -> such groups. */
function traysOf({ links, edges }: Part, home: (id: string) => string): Map<string, string[][]> {
  const group = joined(links.map(({ id }) => id), edges.map(({ from, to }) => [from, to]));
  const away = new Set(edges.flatMap(({ from, to }) => (home(from) === home(to) ? [] : [group(from)])));
  const groups = new Map<string, string[]>(), trays = new Map<string, string[][]>();
  for (const { id, namespace } of links) {
    const name = group(id), own = groups.get(name);
    if (away.has(name)) continue;
    if (own) own.push(id);
    else {
      const ids = [id];
      groups.set(name, ids);
      trays.set(namespace, [...(trays.get(namespace) ?? []), ids]);
    }
  }
  return trays;
}

type Box = Rect & { link: TopologyLink; lines: string[] };
function box(link: TopologyLink, known: Relations): Box {
  const lines = boxLines(link, known);
  return { link, lines, x: 0, y: 0, width: Math.max(...lines.map((text) => textWidth(text))) + 2 * space.box, height: lines.length * font.line + 2 * space.box - 4 };
}
/** The first box makes room for the title of its frame. */
function widen(title: string, [first]: readonly Box[]): void {
  if (first) first.width = Math.max(first.width, textWidth(title));
}

const apart = (a: Rect, b: Rect): boolean => a.x + a.width <= b.x || b.x + b.width <= a.x || a.y + a.height <= b.y || b.y + b.height <= a.y;
const frameId = (namespace: string): string => `frame ${namespace}`;
const trayId = (namespace: string): string => `tray ${namespace}`;

/** With more namespaces than this, speed comes before lines that do not cross. */
const MANY = 50;

/** Namespaces that are plugged into one other at most, by one edge unless there are many of them. Of two that know only each other, the later. */
function leafNamespaces({ namespaces, edges }: Part, home: (id: string) => string): Set<string> {
  const beside = new Map<string, string[]>(namespaces.map(({ id }) => [id, []]));
  for (const { from, to } of edges) {
    if (home(from) === home(to)) continue;
    beside.get(home(from))?.push(home(to));
    beside.get(home(to))?.push(home(from));
  }
  const leaves = new Set<string>();
  for (const { id } of namespaces.toReversed()) {
    const [only, ...more] = beside.get(id) ?? [];
    if (more.every((other) => other === only && namespaces.length > MANY) && (only === undefined || !leaves.has(only))) leaves.add(id);
  }
  return leaves;
}

/** One graph of dagre's, in corners instead of centres. */
class Sketch {
  readonly #dagre: Dagre;
  readonly #graph: Graph;
  readonly #within = new Map<string, string[]>();
  readonly #edges = new Map<TopologyEdge, { v: string; w: string; name: string; text: string }>();
  readonly #boxes: string[] = [];
  readonly #quick: boolean;
  readonly #compound: boolean;
  /** What stands one below the other, by its middle. */
  readonly #columns = new Map<number, string[]>();
  #offset: Point = { x: 0, y: 0 };

  /** @param compound has frames; @param quick leaves out a second look at which lines cross */
  constructor(dagre: Dagre, compound: boolean, quick: boolean) {
    this.#dagre = dagre;
    this.#quick = quick;
    this.#compound = compound;
    this.#graph = new dagre.Graph({ compound, multigraph: true });
    // Other rankers take several times as long, for the same picture: these graphs are nearly trees.
    this.#graph.setGraph({ rankdir: 'LR', ranker: 'tight-tree', nodesep: space.between, ranksep: space.ranks });
  }

  frame(id: string): void {
    this.#within.set(id, []);
    if (this.#compound) this.#graph.setNode(frameId(id), {});
  }
  box(id: string, { width, height }: Rect, frame?: string): void {
    this.#boxes.push(id);
    this.#graph.setNode(id, { width, height });
    if (frame === undefined) return;
    if (this.#compound) this.#graph.setParent(id, frameId(frame));
    this.#within.get(frame)?.push(id);
  }
  line(edge: TopologyEdge, v: string, w: string): void {
    const text = edgeWords(edge), own = { v, w, name: `${this.#edges.size}`, text };
    this.#edges.set(edge, own);
    this.#graph.setEdge(own, text ? { width: textWidth(text, font.smallLetter) + 8, height: font.line, labelpos: 'c' } : {});
  }
  /** @returns how much room it takes */
  arrange(): { width: number; height: number } {
    const [only, ...more] = this.#boxes.map((id) => this.#graph.node(id));
    // Most containers have one link.
    if (only && more.length === 0 && this.#edges.size === 0) Object.assign(only, { x: only.width / 2, y: only.height / 2 });
    else this.#dagre.layout(this.#graph, { disableOptimalOrderHeuristic: this.#quick });
    for (const id of this.#boxes) {
      const { x } = this.#graph.node(id), column = this.#columns.get(x);
      if (column) column.push(id);
      else this.#columns.set(x, [id]);
    }
    const rects = this.#boxes.map((id) => this.rect(id));
    return { width: Math.max(0, ...rects.map(({ x, width }) => x + width)), height: Math.max(0, ...rects.map(({ y, height }) => y + height)) };
  }
  moveTo(x: number, y: number): void { this.#offset = { x, y }; }

  rect(id: string): Rect {
    const { x, y, width, height } = this.#graph.node(id);
    return { x: x - width / 2 + this.#offset.x, y: y - height / 2 + this.#offset.y, width, height };
  }
  /** The frame around what is in a namespace. */
  around(frame: string): Rect {
    const rects = (this.#within.get(frame) ?? []).map((id) => this.rect(id));
    const x = Math.min(...rects.map((one) => one.x)) - space.frame, y = Math.min(...rects.map((one) => one.y)) - space.title;
    return { x, y, width: Math.max(...rects.map((one) => one.x + one.width)) + space.frame - x, height: Math.max(...rects.map((one) => one.y + one.height)) + space.frame - y };
  }
  path(edge: TopologyEdge, from: Rect, to: Rect): Layout['lines'][number] {
    const own = this.#edges.get(edge) as { v: string; w: string; name: string; text: string }, { points, x, y } = this.#graph.edge(own);
    const forth = to.x >= from.x;
    const side = ({ x: left, y: top, width, height }: Rect, right: boolean): Point => ({ x: right ? left + width : left, y: top + height / 2 });
    const between = points.slice(1, -1).map((point) => ({ x: point.x + this.#offset.x, y: point.y + this.#offset.y }));
    /** Past what is wider and would be in the way, before it turns. */
    const past = (id: string, start: Point, turn: Point, right: boolean): Point => {
      const { x: middle } = this.#graph.node(id), high = Math.min(start.y, turn.y), low = Math.max(start.y, turn.y);
      const edges = (this.#columns.get(middle) ?? []).map((one) => this.rect(one)).flatMap((one) => (one.y <= low && one.y + one.height >= high ? [side(one, right).x] : []));
      return { x: right ? Math.max(start.x, ...edges) : Math.min(start.x, ...edges), y: start.y };
    };
    const start = side(from, forth), end = side(to, !forth);
    const way = [start, past(own.v, start, between[0] ?? end, forth), ...between, past(own.w, end, between.at(-1) ?? start, !forth), end];
    if (!own.text || x === undefined || y === undefined) return { edge, points: way };
    const width = textWidth(own.text, font.smallLetter) + 8;
    return { edge, points: way, label: { text: own.text, x: x + this.#offset.x - width / 2, y: y + this.#offset.y - font.line / 2, width, height: font.line } };
  }
}

/** A part in whole pixels, from its upper left corner. */
class Placed implements Size {
  readonly width: number;
  readonly height: number;
  readonly made: Pick<Layout, 'frames' | 'boxes' | 'lines'>;
  /** The upper left one. */
  readonly corner: Point;

  constructor(frames: Layout['frames'], boxes: Layout['boxes'], lines: Layout['lines']) {
    this.made = { frames, boxes, lines };
    const labels = lines.flatMap(({ label }) => (label ? [label] : [])), points = lines.flatMap((line) => line.points.map((point) => ({ ...point, width: 0, height: 0 })));
    const all: readonly Rect[] = [...frames, ...labels, ...points];
    this.corner = { x: Math.min(...all.map(({ x }) => x)), y: Math.min(...all.map(({ y }) => y)) };
    this.width = Math.ceil(Math.max(...all.map(({ x, width }) => x + width)) - this.corner.x);
    this.height = Math.ceil(Math.max(...all.map(({ y, height }) => y + height)) - this.corner.y);
  }

  moved(to: Point): Pick<Layout, 'frames' | 'boxes' | 'lines'> {
    const { frames, boxes, lines } = this.made, left = Math.round(to.x) + space.margin - this.corner.x, top = Math.round(to.y) + space.margin - this.corner.y;
    const moved = <T extends Point>(one: T): T => ({ ...one, x: Math.round(one.x + left), y: Math.round(one.y + top) });
    const rect = <T extends Rect>(one: T): T => ({ ...moved(one), width: Math.round(one.width), height: Math.round(one.height) });
    return { frames: frames.map(rect), boxes: boxes.map(rect), lines: lines.map(({ points, label, ...line }) => ({ ...line, points: points.map(moved), ...(label && { label: rect(label) }) })) };
  }
}
