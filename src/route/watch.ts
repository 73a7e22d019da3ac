/** Changes as they happen, with what changed from what to what. */
import { route, type Address, type Link, type Neighbour, type Route, type Rule } from '../families/route/index.ts';
import type { Client, MonitorEvent } from '../socket/index.ts';

interface Watched { link: Link; address: Address; route: Route; neighbour: Neighbour; rule: Rule }
export type WatchedKind = keyof Watched;

type Groups = keyof typeof route.groups;
/** Which groups tell of an object, which messages carry it, and by which keys it is known. */
const WATCHED: { readonly [K in WatchedKind]: { groups: readonly Groups[]; added: string; deleted: string; dump: keyof typeof route.messages; identity: readonly string[] } } = {
  link: { groups: ['link'], added: 'newlink', deleted: 'dellink', dump: 'getlink', identity: ['family', 'index'] },
  address: { groups: ['ipv4Ifaddr', 'ipv6Ifaddr'], added: 'newaddr', deleted: 'deladdr', dump: 'getaddr', identity: ['family', 'index', 'prefixlen', 'local', 'address'] },
  route: { groups: ['ipv4Route', 'ipv6Route'], added: 'newroute', deleted: 'delroute', dump: 'getroute', identity: ['family', 'dst', 'dstLen', 'tos', 'table', 'tableId', 'priority', 'oif', 'gateway'] },
  neighbour: { groups: ['neigh'], added: 'newneigh', deleted: 'delneigh', dump: 'getneigh', identity: ['family', 'ifindex', 'dst', 'lladdr', 'vlan'] },
  rule: { groups: ['ipv4Rule', 'ipv6Rule'], added: 'newrule', deleted: 'delrule', dump: 'getrule', identity: ['family', 'priority', 'table', 'src', 'dst', 'fwmark'] },
};

export type WatchEvent<K extends WatchedKind = WatchedKind> =
  | { [P in K]: { readonly kind: P; readonly change: 'add' | 'change' | 'delete'; readonly object: Watched[P]; readonly nsid?: number; /** key -> [before, after] */ readonly changed?: Record<string, [unknown, unknown]> } }[K]
  /** The kernel dropped events. What is known has been read anew; the differences follow as events. */
  | { readonly change: 'overrun' };
export interface WatchOptions { readonly signal?: AbortSignal; /** Namespaces that have an id here, too. */ readonly allNsid?: boolean }

/** Watches objects. The present state is read first, so that a change can be told from an addition. */
export async function* watch<const K extends WatchedKind>(client: Client, kinds: readonly K[], options: WatchOptions = {}): AsyncGenerator<WatchEvent<K>> {
  const monitor = client.monitor(kinds.flatMap((k) => WATCHED[k].groups.map((g) => route.groups[g][0])), options);
  const known = new Map<string, object>();
  const iterator = monitor[Symbol.asyncIterator]();
  try {
    for (const kind of kinds) for (const object of await all(client, kind, options.signal)) known.set(identity(kind, object, undefined), object);
    for (;;) {
      const next = await iterator.next();
      if (next.done) return;
      const event: MonitorEvent = next.value;
      if ('overrun' in event && event.overrun) {
        yield { change: 'overrun' };
        yield* resync(client, kinds, known, options.signal) as AsyncGenerator<WatchEvent<K>>;
        continue;
      }
      const told = tell(kinds, known, event);
      if (told) yield told as WatchEvent<K>;
    }
  } finally { await iterator.return?.(undefined); }
}

function tell(kinds: readonly WatchedKind[], known: Map<string, object>, event: MonitorEvent): WatchEvent | undefined {
  const kind = kinds.find((k) => event.message?.key === WATCHED[k].added || event.message?.key === WATCHED[k].deleted);
  if (!kind) return undefined;
  const object = event.body as Watched[WatchedKind], id = identity(kind, object, event.nsid), before = known.get(id);
  const base = { kind, object, ...(event.nsid !== undefined && { nsid: event.nsid }) };
  if (event.message?.key === WATCHED[kind].deleted) { known.delete(id); return { ...base, change: 'delete' } as WatchEvent; }
  known.set(id, object);
  if (!before) return { ...base, change: 'add' } as WatchEvent;
  return { ...base, change: 'change', changed: differences(before, object) } as WatchEvent;
}

async function* resync(client: Client, kinds: readonly WatchedKind[], known: Map<string, object>, signal: AbortSignal | undefined): AsyncGenerator<WatchEvent> {
  for (const kind of kinds) {
    const now = new Map((await all(client, kind, signal)).map((object) => [identity(kind, object, undefined), object]));
    for (const [id, object] of known) if (id.startsWith(`${kind} `) && !now.has(id)) { known.delete(id); yield { kind, change: 'delete', object } as WatchEvent; }
    for (const [id, object] of now) {
      const before = known.get(id);
      known.set(id, object);
      if (!before) yield { kind, change: 'add', object } as WatchEvent;
      else { const changed = differences(before, object); if (Object.keys(changed).length) yield { kind, change: 'change', object, changed } as WatchEvent; }
    }
  }
}
async function all(client: Client, kind: WatchedKind, signal: AbortSignal | undefined): Promise<object[]> {
  const out: object[] = [];
  for await (const chunk of client.dumpChunks({ message: route.messages[WATCHED[kind].dump], body: {} }, signal ? { signal } : {})) out.push(...chunk);
  return out;
}
const identity = (kind: WatchedKind, object: object, nsid: number | undefined): string => `${kind} ${nsid ?? -1} ${WATCHED[kind].identity.map((key) => String((object as Record<string, unknown>)[key] ?? '')).join(' ')}`;

/** Counters and clocks change all the time and say nothing. */
const NOISE = new Set(['stats', 'stats64', 'cacheinfo', 'afSpec', 'event', 'change']);
/** Keys whose values differ: key -> [before, after]. */
export function differences(before: object, after: object): Record<string, [unknown, unknown]> {
  const a = before as Record<string, unknown>, b = after as Record<string, unknown>, out: Record<string, [unknown, unknown]> = {};
  for (const key of new Set([...Object.keys(a), ...Object.keys(b)])) if (!NOISE.has(key) && text(a[key]) !== text(b[key])) out[key] = [a[key], b[key]];
  return out;
}
const text = (value: unknown): string => JSON.stringify(value, (_key, v: unknown) => (typeof v === 'bigint' ? `${v}n` : v)) ?? '';
