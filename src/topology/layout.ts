/** Where everything goes in the picture: dagre's layered layout, from left to right, with a frame around each namespace. */
import { createRequire } from 'node:module';
import { boxLines } from './charts.ts';
import type { Topology, TopologyEdge, TopologyLink, TopologyNamespace } from './graph.ts';
import { edgeWords, placeWords, reading, relations, type Relations } from './words.ts';

/** The package that lays graphs out. Optional: everything but the picture works without. */
export const LAYOUT_PACKAGE = '@dagrejs/dagre';

interface Point { x: number; y: number }
/** `x`, `y`: the upper left corner. */
interface Rect extends Point { width: number; height: number }
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

/** Lays the graph out. Equal graphs are laid out equally. */
export function layout(topology: Topology): Layout {
  const dagre = loadDagre(), known = relations(topology);
  const boxes = new Map(topology.links.map((link) => [link.id, box(link, known)]));
  const frames = new Map(topology.namespaces.map((namespace) => [namespace.id, { namespace, title: placeWords(namespace), x: 0, y: 0, width: 0, height: 0 }]));
  for (const [id, frame] of frames) widen(frame.title, topology.links.filter(({ namespace }) => namespace === id).map((link) => boxes.get(link.id) as Box));
  const home = (id: string): string => (boxes.get(id) as Box).link.namespace;
  const leaves = leafNamespaces(topology, home);

  const quick = topology.namespaces.length > MANY, outer = new Sketch(dagre, true, quick);
  const inner = new Map([...leaves].map((id) => [id, new Sketch(dagre, false, quick)]));
  for (const [id] of frames) if (!leaves.has(id)) outer.frame(id);
  for (const [id, own] of boxes) (inner.get(home(id)) ?? outer).box(id, own, leaves.has(home(id)) ? undefined : home(id));
  for (const edge of topology.edges) {
    const [from, to] = reading(edge, known), same = home(from) === home(to);
    (same ? inner.get(home(from)) ?? outer : outer).line(edge, ...[from, to].map((id) => (!same && leaves.has(home(id)) ? frameId(home(id)) : id)) as [string, string]);
  }
  // What is plugged into one place only is laid out first, and then moved as a whole: far faster than frames within frames.
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
  }
  for (const [id, own] of boxes) Object.assign(own, (inner.get(home(id)) ?? outer).rect(id));
  const lines = topology.edges.map((edge) => {
    const [from, to] = reading(edge, known).map((id) => boxes.get(id) as Box) as [Box, Box];
    return (from.link.namespace === to.link.namespace ? inner.get(from.link.namespace) ?? outer : outer).path(edge, from, to);
  });
  return normalized({ frames: [...frames.values()], boxes: [...boxes.values()], lines });
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

const frameId = (namespace: string): string => `frame ${namespace}`;

/** With more namespaces than this, speed comes before lines that do not cross. */
const MANY = 50;

/** Namespaces that are plugged into one other at most, by one edge unless there are many of them. Of two that know only each other, the later. */
function leafNamespaces({ namespaces, edges }: Topology, home: (id: string) => string): Set<string> {
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
  #offset: Point = { x: 0, y: 0 };

  /** @param compound has frames; @param quick leaves out a second look at which lines cross */
  constructor(dagre: Dagre, compound: boolean, quick: boolean) {
    this.#dagre = dagre;
    this.#quick = quick;
    this.#graph = new dagre.Graph({ compound, multigraph: true });
    // Other rankers take several times as long, for the same picture: these graphs are nearly trees.
    this.#graph.setGraph({ rankdir: 'LR', ranker: 'tight-tree', nodesep: space.between, ranksep: space.ranks });
  }

  frame(id: string): void {
    this.#within.set(id, []);
    this.#graph.setNode(frameId(id), {});
  }
  box(id: string, { width, height }: Rect, frame?: string): void {
    this.#boxes.push(id);
    this.#graph.setNode(id, { width, height });
    if (frame === undefined) return;
    this.#graph.setParent(id, frameId(frame));
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
    if (only && more.length === 0) Object.assign(only, { x: only.width / 2, y: only.height / 2 });
    else this.#dagre.layout(this.#graph, { disableOptimalOrderHeuristic: this.#quick });
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
    const way = [side(from, forth), ...points.slice(1, -1).map((point) => ({ x: point.x + this.#offset.x, y: point.y + this.#offset.y })), side(to, !forth)];
    if (!own.text || x === undefined || y === undefined) return { edge, points: way };
    const width = textWidth(own.text, font.smallLetter) + 8;
    return { edge, points: way, label: { text: own.text, x: x + this.#offset.x - width / 2, y: y + this.#offset.y - font.line / 2, width, height: font.line } };
  }
}

/** Whole pixels, from the upper left corner. */
function normalized({ frames, boxes, lines }: Pick<Layout, 'frames' | 'boxes' | 'lines'>): Layout {
  const labels = lines.flatMap(({ label }) => (label ? [label] : [])), all: readonly Rect[] = [...frames, ...labels];
  const points = lines.flatMap((line) => line.points);
  const left = Math.min(0, ...all.map(({ x }) => x), ...points.map(({ x }) => x)) - space.margin, top = Math.min(0, ...all.map(({ y }) => y), ...points.map(({ y }) => y)) - space.margin;
  const moved = <T extends Point>(one: T): T => ({ ...one, x: Math.round(one.x - left), y: Math.round(one.y - top) });
  const rect = <T extends Rect>(one: T): T => ({ ...moved(one), width: Math.round(one.width), height: Math.round(one.height) });
  return {
    width: Math.ceil(Math.max(0, ...all.map(({ x, width }) => x + width), ...points.map(({ x }) => x)) - left + space.margin),
    height: Math.ceil(Math.max(0, ...all.map(({ y, height }) => y + height), ...points.map(({ y }) => y)) - top + space.margin),
    frames: frames.map(rect), boxes: boxes.map(rect),
    lines: lines.map(({ points: way, label, ...line }) => ({ ...line, points: way.map(moved), ...(label && { label: rect(label) }) })),
  };
}
