/** Changes as they happen, with what changed from what to what. */
import { didYouMean, VERB_FLAGS } from '../codec/index.ts';
import { route, type Address, type Link, type Neighbour, type Route, type Rule } from '../families/route/index.ts';
import type { Client, Monitor, MonitorEvent, Request } from '../socket/index.ts';
import { assertOpen } from './objects.ts';
import { stream, type Stream } from './stream.ts';

interface Watched { link: Link; port: Link; address: Address; route: Route; neighbour: Neighbour; fdb: Neighbour; rule: Rule }
/**
 * What can be watched. `port`: links as ports of a bridge, with their state and VLANs; one that is deleted has left
 * its bridge. `fdb`: forwarding entries of bridges and VXLANs.
 */
export type WatchedKind = keyof Watched;

type Groups = keyof typeof route.groups;
interface Subject {
  /** Which groups tell of an object. */
  readonly groups: readonly Groups[];
  /** Which messages carry it. */
  readonly added: string;
  readonly deleted: string;
  readonly dump: { readonly message: keyof typeof route.messages; readonly body: object };
  /** By which keys it is known. */
  readonly identity: readonly string[];
  /** Of the messages of these types, those of family `bridge`, or the others. */
  readonly bridge?: boolean;
  /** The keys that a replacement has in common with what it replaces: the kernel does not say that the old one is gone. */
  readonly place?: readonly string[];
}
const linkMessages = { groups: ['link'], added: 'newlink', deleted: 'dellink', identity: ['index'] } as const;
const neighbourMessages = { groups: ['neigh'], added: 'newneigh', deleted: 'delneigh' } as const;
const routePlace = ['family', 'dst', 'dstLen', 'tos', 'table', 'tableId', 'priority'] as const;
const WATCHED: { readonly [K in WatchedKind]: Subject } = {
  link: { ...linkMessages, bridge: false, dump: { message: 'getlink', body: { extMask: ['skipStats'] } } },
  port: { ...linkMessages, bridge: true, dump: { message: 'getlink', body: { family: 'bridge', extMask: ['brvlanCompressed'] } } },
  address: { groups: ['ipv4Ifaddr', 'ipv6Ifaddr'], added: 'newaddr', deleted: 'deladdr', dump: { message: 'getaddr', body: {} }, identity: ['family', 'index', 'prefixlen', 'local', 'address'] },
  route: { groups: ['ipv4Route', 'ipv6Route'], added: 'newroute', deleted: 'delroute', dump: { message: 'getroute', body: {} }, identity: [...routePlace, 'oif', 'gateway'], place: routePlace },
  neighbour: { ...neighbourMessages, bridge: false, dump: { message: 'getneigh', body: {} }, identity: ['family', 'ifindex', 'dst'] },
  fdb: { ...neighbourMessages, bridge: true, dump: { message: 'getneigh', body: { family: 'bridge' } }, identity: ['ifindex', 'lladdr', 'vlan', 'dst', 'vni', 'port', 'master'] },
  rule: { groups: ['ipv4Rule', 'ipv6Rule'], added: 'newrule', deleted: 'delrule', dump: { message: 'getrule', body: {} }, identity: ['family', 'priority', 'table', 'tableId', 'src', 'srcLen', 'dst', 'dstLen', 'fwmark', 'iifname', 'oifname'] },
};

/** What happened to an object. */
export type WatchEvent<K extends WatchedKind = WatchedKind> =
  | { [P in K]: {
      readonly kind: P;
      readonly change: 'add' | 'change' | 'delete';
      /** As it is now; of a deletion, as the kernel last told it. */
      readonly object: Watched[P];
      /** The namespace that it is from, by the id that it has here; absent: the socket's own. */
      readonly nsid?: number;
      /** Of a change: key -> [before, after]. Empty when only counters, clocks or nothing at all changed. */
      readonly changed?: Record<string, [unknown, unknown]>;
    } }[K]
  /** The kernel dropped events. What is known has been read anew; the differences follow as events. */
  | { readonly change: 'overrun' };
/** Events as they come, until `return()`. */
export type Watch<K extends WatchedKind = WatchedKind> = Stream<WatchEvent<K>>;
/** How to watch. */
export interface WatchOptions {
  /** Ends it quietly. */
  readonly signal?: AbortSignal;
  /** Namespaces that have an id here, too. What they hold is not read first: the first news of an object there is an `add`. */
  readonly allNsid?: boolean;
}

/**
 * Watches objects from the call on. The present state is read on the spot, so that a change can be told from an addition
 * and nothing falls between the two; what is there already is no event. Leaving the loop, `return()`, the signal or
 * closing the client ends it.
 */
export function watch<const K extends WatchedKind>(client: Client, kinds: readonly K[], options: WatchOptions = {}): Watch<K> {
  assertOpen(client);
  const given: unknown = kinds;
  if (!Array.isArray(given) || given.length === 0) throw new TypeError(`watch takes a list of what to watch: ${Object.keys(WATCHED).join(', ')}`);
  const stray = kinds.find((kind) => !Object.hasOwn(WATCHED, kind));
  if (stray !== undefined) throw new TypeError(`nothing called '${stray}' can be watched${didYouMean(stray, Object.keys(WATCHED))}`);
  if (options.signal?.aborted) return (async function* () {})() as Watch<K>;
  const groups = new Set(kinds.flatMap((kind) => WATCHED[kind].groups.map((group) => route.groups[group][0])));
  const monitor = client.monitor([...groups], options), known = new Map<string, object>();
  try { for (const kind of kinds) keep(kind, client.dumpSync(everything(kind)), known); } catch (error) { monitor.close(); throw error; }
  return stream(monitor, follow(client, kinds, monitor, known, options.signal)) as Watch<K>;
}

async function* follow(client: Client, kinds: readonly WatchedKind[], monitor: Monitor, known: Map<string, object>, signal: AbortSignal | undefined): AsyncGenerator<WatchEvent, void, undefined> {
  try {
    for await (const event of monitor) {
      if (event.overrun) {
        yield { change: 'overrun' };
        yield* resync(kinds, known, await present(client, kinds, signal));
        continue;
      }
      const told = tell(kinds, known, event);
      if (told) yield told;
    }
  } catch (error) {
    if (!signal?.aborted) throw error;
  } finally { monitor.close(); }
}

function tell(kinds: readonly WatchedKind[], known: Map<string, object>, event: MonitorEvent & { overrun?: undefined }): WatchEvent | undefined {
  const key = event.message?.key, kind = kinds.find((k) => (key === WATCHED[k].added || key === WATCHED[k].deleted) && mine(k, event.body));
  if (!kind) return undefined;
  if (event.error !== undefined) throw event.error;
  const object = event.body as Watched[WatchedKind], id = identity(kind, object, event.nsid);
  const base = { kind, object, ...(event.nsid !== undefined && { nsid: event.nsid }) };
  if (key === WATCHED[kind].deleted) { known.delete(id); return { ...base, change: 'delete' } as WatchEvent; }
  const before = known.get(id) ?? (event.flags & VERB_FLAGS.new.replace ? replaced(kind, known, object, event.nsid) : undefined);
  known.set(id, object);
  if (!before) return { ...base, change: 'add' } as WatchEvent;
  return { ...base, change: 'change', changed: differences(before, object) } as WatchEvent;
}

/** What `object` took the place of; forgotten from now on. */
function replaced(kind: WatchedKind, known: Map<string, object>, object: object, nsid: number | undefined): object | undefined {
  const { place } = WATCHED[kind];
  if (!place) return undefined;
  const prefix = `${kind} ${nsid ?? -1} `, there = values(place, object);
  for (const [id, other] of known) if (id.startsWith(prefix) && values(place, other) === there) { known.delete(id); return other; }
  return undefined;
}

/** What is known of this namespace becomes `now`; the differences are told. */
function* resync(kinds: readonly WatchedKind[], known: Map<string, object>, now: Map<string, object>): Generator<WatchEvent> {
  for (const kind of kinds) {
    const prefix = `${kind} -1 `;
    for (const [id, object] of known) if (id.startsWith(prefix) && !now.has(id)) { known.delete(id); yield { kind, change: 'delete', object } as WatchEvent; }
    for (const [id, object] of now) {
      if (!id.startsWith(prefix)) continue;
      const before = known.get(id), changed = before && differences(before, object);
      known.set(id, object);
      if (!changed) yield { kind, change: 'add', object } as WatchEvent;
      else if (Object.keys(changed).length) yield { kind, change: 'change', object, changed } as WatchEvent;
    }
  }
}

/** The objects of this namespace, by identity. */
async function present(client: Client, kinds: readonly WatchedKind[], signal: AbortSignal | undefined): Promise<Map<string, object>> {
  const all = new Map<string, object>();
  for (const kind of kinds) for await (const chunk of client.dumpChunks(everything(kind), signal ? { signal } : {})) keep(kind, chunk, all);
  return all;
}
const everything = (kind: WatchedKind): Request => ({ message: route.messages[WATCHED[kind].dump.message], body: WATCHED[kind].dump.body });
function keep(kind: WatchedKind, objects: readonly object[], into: Map<string, object>): void {
  for (const object of objects) if (mine(kind, object)) into.set(identity(kind, object, undefined), object);
}

const mine = (kind: WatchedKind, object: object): boolean => WATCHED[kind].bridge === undefined || ((object as { family?: unknown }).family === 'bridge') === WATCHED[kind].bridge;
const values = (keys: readonly string[], object: object): string => keys.map((key) => String((object as Record<string, unknown>)[key] ?? '')).join(' ');
const identity = (kind: WatchedKind, object: object, nsid: number | undefined): string => `${kind} ${nsid ?? -1} ${values(WATCHED[kind].identity, object)}`;

/** Counters and clocks change all the time and say nothing; nor does what a message is about. */
const NOISE = new Set(['stats', 'stats64', 'cacheinfo', 'event', 'change']);
const CLOCK = /Timer$/;
/** A link's per-protocol settings come with counters; a bridge port's are its VLANs. */
const isNoise = (key: string, object: Record<string, unknown>): boolean => NOISE.has(key) || (key === 'afSpec' && object['family'] !== 'bridge');

/** Keys whose values differ: key -> [before, after]. Counters and clocks are left out. */
export function differences(before: object, after: object): Record<string, [unknown, unknown]> {
  const a = before as Record<string, unknown>, b = after as Record<string, unknown>, out: Record<string, [unknown, unknown]> = {};
  for (const key of new Set([...Object.keys(a), ...Object.keys(b)])) if (!isNoise(key, b) && text(a[key]) !== text(b[key])) out[key] = [a[key], b[key]];
  return out;
}
const text = (value: unknown): string => JSON.stringify(value, (key, v: unknown) => (CLOCK.test(key) ? undefined : typeof v === 'bigint' ? `${v}n` : v)) ?? '';
