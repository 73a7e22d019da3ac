/**
 * Many links plugged into one: a grid below the rest of their namespace, where layers would make one tall column. All lines of a row's
 * begin as one, as a bus does; those to the namespaces beside run in lanes, and never cross: the first of a row leads to the last.
 */
import type { TopologyEdge } from './graph.ts';
import type { Layout, Part, Point, Rect } from './layout.ts';
import { page } from './shelves.ts';

/** What hangs on a hub: a link beside it, one in a namespace that hangs on nothing else, or both. */
export interface Spoke {
  readonly port?: string;
  readonly end?: string;
  /** From the hub outwards. */
  readonly edges: readonly TopologyEdge[];
}
export interface Fan { readonly hub: string; readonly spokes: readonly Spoke[] }
/** Fewer than this stand one below the other. */
const BIG = 20;

/** The namespace with the most links in big fans, those fans, and what else there is; undefined where there is none. */
export function fansOf({ namespaces, links, edges }: Part): { home: string; fans: Fan[]; rest: Part } | undefined {
  const home = new Map(links.map(({ id, namespace }) => [id, namespace])), near = new Map<string, TopologyEdge[]>(), far = new Map<string, TopologyEdge[]>(), out = new Map<string, number>();
  const other = ({ from, to }: TopologyEdge, id: string): string => (from === id ? to : from);
  for (const edge of edges) {
    const [one, two] = [home.get(edge.from) as string, home.get(edge.to) as string], known = one === two ? near : far;
    for (const id of [edge.from, edge.to]) known.set(id, [...(known.get(id) ?? []), edge]);
    if (one !== two) for (const id of [one, two]) out.set(id, (out.get(id) ?? 0) + 1);
  }
  const found = new Map<string, { hub: string; spokes: Spoke[] }>(), ends = (id: string): boolean => out.get(home.get(id) as string) === 1;
  const add = (hub: string, spoke: Spoke): void => {
    const key = `${spoke.port === undefined ? 1 : 0} ${spoke.end === undefined ? 1 : 0} ${hub}`, own = found.get(key);
    if (own) own.spokes.push(spoke);
    else found.set(key, { hub, spokes: [spoke] });
  };
  for (const { id } of links) {
    const [beside, ...more] = near.get(id) ?? [], [away, ...others] = far.get(id) ?? [];
    if (away && ends(id)) add(other(away, id), { end: id, edges: [away] });
    if (!beside || more.length > 0 || others.length > 0) continue;
    if (!away) add(other(beside, id), { port: id, edges: [beside] });
    else if (ends(other(away, id))) add(other(beside, id), { port: id, end: other(away, id), edges: [beside, away] });
  }
  // Those within the frame come first.
  const big = [...found].filter(([, { spokes }]) => spokes.length >= BIG).sort(([a], [b]) => Number(a.startsWith('1')) - Number(b.startsWith('1'))).map(([, fan]) => fan);
  const [first] = namespaces.map(({ id }) => ({ id, fans: big.filter(({ hub }) => home.get(hub) === id) })).map((one) => ({ ...one, count: one.fans.reduce((sum, { spokes }) => sum + spokes.length, 0) })).sort((a, b) => b.count - a.count);
  if (!first || first.count === 0) return undefined;
  const spokes = first.fans.flatMap((fan) => fan.spokes), ports = new Set(spokes.map(({ port }) => port)), gone = new Set(spokes.flatMap(({ end }) => (end === undefined ? [] : [home.get(end)])));
  const stays = (id: string): boolean => !ports.has(id) && !gone.has(home.get(id));
  return { home: first.id, fans: first.fans, rest: { namespaces: namespaces.filter(({ id }) => !gone.has(id)), links: links.filter(({ id }) => stays(id)), edges: edges.filter(({ from, to }) => stays(from) && stays(to)) } };
}

/** What is drawn, before it is in whole pixels. */
export type Made = { -readonly [K in 'frames' | 'boxes' | 'lines']: Layout[K] };
/** A spoke with its parts laid out, each by itself, and the words at its edges. */
export interface Cell {
  readonly spoke: Spoke;
  readonly port?: Layout['boxes'][number];
  readonly away?: Made & { readonly corner: Point; readonly width: number; readonly height: number };
  readonly words: readonly (Rect & { readonly text: string } | undefined)[];
}

/** Pixels: between lanes, around what stands in the grid, and what a line needs to turn. */
const LANE = 6, PAD = 12, TURN = 10;

interface Grid { readonly width: number; readonly height: number; readonly tops: readonly number[]; readonly heights: readonly number[]; readonly ports: readonly number[]; readonly aways: readonly number[]; readonly inside: number }
const most = (values: readonly number[]): number => Math.max(0, ...values);

/** Cells in so many columns; from its upper left corner. @param room what is within the frame is at least as wide @param left room for trunks */
function gridOf(cells: readonly Cell[], columns: number, room: number, left: number): Grid {
  const rows = Array.from({ length: Math.ceil(cells.length / columns) }, (_, row) => cells.slice(row * columns, (row + 1) * columns)), both = cells[0]?.port !== undefined && cells[0].away !== undefined;
  const tops: number[] = [], heights: number[] = [], column = (k: number): Cell[] => rows.flatMap((row) => row.slice(k, k + 1)), label = (all: readonly Cell[], n: number): number => most(all.map(({ words }) => words[n]?.width ?? 0));
  let y = TURN;
  for (const row of rows) {
    const high = most(row.flatMap(({ port, away }) => [port?.height ?? 0, away?.height ?? 0]));
    tops.push(y);
    heights.push(high);
    y += high + (both ? (columns + 1) * LANE : 0) + 2 * TURN;
  }
  let x = left;
  const place = (order: readonly number[], what: 'port' | 'away', n: number): number[] => {
    const at: number[] = [];
    for (const k of order) {
      x += label(column(k), n) + 2 * PAD;
      at[k] = x;
      x += most(column(k).map((cell) => cell[what]?.width ?? 0)) + TURN;
    }
    return at;
  };
  const order = Array.from({ length: columns }, (_, k) => k), ports = cells[0]?.port ? place(order, 'port', 0) : [], inside = ports.length > 0 ? Math.max(x + PAD, room) : 0;
  x = Math.max(x, inside);
  const aways = cells[0]?.away ? place(both ? order.toReversed() : order, 'away', cells[0].words.length - 1) : [];
  return { width: x, height: y, tops, heights, ports, aways, inside };
}
/** As many columns as bring the whole closest to the shape of a page. */
function best(cells: readonly Cell[], room: number, of: number): { grid: Grid; columns: number } {
  const all = Array.from({ length: cells.length }, (_, n) => ({ columns: n + 1, grid: gridOf(cells, n + 1, room, of * LANE) }));
  return all.reduce((a, b) => (page(b.grid, of) < page(a.grid, of) ? b : a));
}

/** Which fan of the frame's, of how many, and where the frame ended before. */
export interface Turn { readonly nth: number; readonly of: number; readonly cut: number }

/** Puts a fan below the frame of its hub, and moves apart what was there. */
export function spread(made: Made, home: string, hubId: string, cells: readonly Cell[], { nth, of, cut }: Turn): Made {
  const frame = made.frames.find(({ namespace }) => namespace.id === home) as Layout['frames'][number], hub = made.boxes.find(({ link }) => link.id === hubId) as Layout['boxes'][number];
  const middle = (one: Rect): number => one.y + one.height / 2, right = frame.x + frame.width, bottom = frame.y + frame.height;
  // Down from the hub, past what stands below it.
  let down = hub.x + hub.width + TURN;
  const own = made.boxes.filter(({ link }) => link.namespace === home);
  for (let hit: Rect | undefined; (hit = own.find((one) => one.x - 2 < down && one.x + one.width + 2 > down && one.y + one.height > middle(hub) && one.y < cut && one !== hub)); down = hit.x + hit.width + TURN);
  const { grid, columns } = best(cells, Math.max(right, down + PAD) - frame.x, of), within = grid.inside > 0;
  const wider = Math.max(0, frame.x + grid.inside - right), top = bottom + (within ? 0 : PAD) + (nth === 0 ? of * LANE : 0), deep = top - bottom + grid.height + PAD;
  // What is beside it makes room, each frame as a whole: also for what of it is above.
  const deeper = deep + most(made.frames.map((one) => (one !== frame && one.y + one.height > bottom ? bottom - one.y : 0)));
  const shift = new Map(made.frames.map((one) => [one.namespace.id, one === frame ? { x: 0, y: 0 } : { x: one.x + one.width > right ? wider : 0, y: one.y + one.height > bottom ? deeper : 0 }]));
  const by = <T extends Point>(one: T, { x, y }: Point): T => ({ ...one, x: one.x + x, y: one.y + y }), known = new Map(made.boxes.map((one) => [one.link.id, one]));
  const loose = ({ x, y, width = 0, height = 0 }: Point & Partial<Rect>): Point => ({ x: x + width > right ? wider : 0, y: y + height > bottom ? deeper : 0 });
  const lines = made.lines.map((line) => {
    const [one, two] = [line.edge.from, line.edge.to].map((id) => known.get(id)?.link.namespace) as [string, string], unit = one === two ? shift.get(one) as Point : undefined;
    // An end stays at its box: whose is which, only the place tells.
    const [near, off] = touches(known.get(line.edge.from) as Rect, line.points[0] as Point) ? [one, two] : [two, one];
    const points = line.points.map((point, i) => by(point, unit ?? (i === 0 ? shift.get(near) as Point : i === line.points.length - 1 ? shift.get(off) as Point : loose(point))));
    return { ...line, points, ...(line.label && { label: by(line.label, unit ?? loose(line.label)) }) };
  });
  const frames = made.frames.map((one) => (one === frame ? { ...one, width: one.width + (within ? wider : 0), height: one.height + (within ? deep : 0) } : by(one, shift.get(one.namespace.id) as Point)));
  const boxes = made.boxes.map((one) => by(one, shift.get(one.link.namespace) as Point));
  // The first one's trunk is the innermost: none crosses another's rows.
  const origin = { x: frame.x, y: top }, trunk = frame.x + (of - nth) * LANE, turn = cut + nth * LANE;
  cells.forEach(({ spoke, port, away, words }, i) => {
    const k = i % columns, row = Math.floor(i / columns), y = origin.y + (grid.tops[row] as number), bus = y - TURN / 2;
    let from: Point[] = [{ x: hub.x + hub.width, y: middle(hub) }, { x: down, y: middle(hub) }, { x: down, y: turn }, { x: trunk, y: turn }, { x: trunk, y: bus }];
    const draw = (n: number, to: Rect, start: number): void => {
      const label = words[n], rise = start - PAD - (label ? label.width + PAD : 0), at = from.at(-1) as Point;
      lines.push({ edge: spoke.edges[n] as TopologyEdge, points: [...from, { x: rise, y: at.y }, { x: rise, y: middle(to) }, { x: to.x, y: middle(to) }], ...(label && { label: { ...label, x: rise + PAD / 2, y: middle(to) - label.height / 2 } }) });
    };
    if (port) {
      const x = origin.x + (grid.ports[k] as number), box = { ...port, x, y };
      boxes.push(box);
      draw(0, box, x);
      const exit = x + port.width + TURN / 2, lane = y + (grid.heights[row] as number) + (columns - k) * LANE;
      from = [{ x: x + port.width, y: middle(box) }, { x: exit, y: middle(box) }, { x: exit, y: lane }];
    }
    if (!away) return;
    const x = origin.x + (grid.aways[k] as number), moved = { x: x - away.corner.x, y: y - away.corner.y }, placed = away.boxes.map((one) => by(one, moved));
    frames.push(...away.frames.map((one) => by(one, moved)));
    boxes.push(...placed);
    lines.push(...away.lines.map((line) => ({ ...line, points: line.points.map((point) => by(point, moved)), ...(line.label && { label: by(line.label, moved) }) })));
    draw(spoke.edges.length - 1, placed.find(({ link }) => link.id === spoke.end) as Rect, x);
  });
  return { frames, boxes, lines };
}
const touches = (box: Rect, { x, y }: Point): boolean => (x === box.x || x === box.x + box.width) && y >= box.y && y <= box.y + box.height;
