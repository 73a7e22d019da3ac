/** What changed between two states of an object. */
import type { Json } from './printer.ts';

/** What tells objects of a kind apart. */
const identities: Readonly<Record<string, readonly string[]>> = {
  link: ['family', 'index'],
  address: ['family', 'index', 'local', 'address', 'prefixlen'],
  route: ['family', 'table', 'tableId', 'dst', 'dstLen', 'src', 'srcLen', 'tos', 'priority', 'type'],
  mroute: ['family', 'table', 'tableId', 'src', 'dst'],
  neighbour: ['family', 'ifindex', 'dst', 'lladdr', 'vlan'],
  rule: ['family', 'priority', 'src', 'srcLen', 'dst', 'dstLen', 'table', 'tableId', 'iifname', 'oifname', 'fwmark'],
  nsid: ['nsid'],
  fdb: ['family', 'ifindex', 'lladdr', 'vlan', 'dst', 'vni'],
  mdb: ['ifindex', 'mdb'],
  vlan: ['ifindex', 'entry', 'globalOptions'],
  vni: ['ifindex', 'entry'],
  maddress: ['family', 'index', 'multicast'],
  acaddress: ['family', 'index', 'anycast'],
  netconf: ['family', 'ifindex'],
  nexthop: ['id'],
  bucket: ['id', 'resBucket'],
  prefix: ['ifindex', 'address', 'len'],
  stats: ['ifindex'],
};

/** A neighbour's link layer address is its state, but a forwarding entry's is its name. */
function identity(object: string, body: Json): string {
  const keys = (identities[object] ?? []).filter((key) => key !== 'lladdr' || body['family'] === 'bridge');
  return JSON.stringify([object, ...keys.map((key) => (object === 'link' && key === 'family' ? body[key] === 'bridge' : (body[key] ?? null)))]);
}

/** The last known state of every object. */
export class Seen {
  readonly #states = new Map<string, Json>();

  /** @returns the state before */
  see(object: string, body: Json): Json | undefined {
    const key = identity(object, body);
    const before = this.#states.get(key);
    // Some events tell only a part.
    this.#states.set(key, before ? { ...before, ...body } : body);
    return before;
  }

  forget(object: string, body: Json): Json | undefined {
    const key = identity(object, body);
    const before = this.#states.get(key);
    this.#states.delete(key);
    return before;
  }
}

/** Counters and clocks change all the time and say nothing. */
const noise = new Set(['stats', 'stats64', 'change', 'cacheinfo', 'helloTimer', 'tcnTimer', 'topologyChangeTimer', 'gcTimer', 'messageAgeTimer', 'forwardDelayTimer', 'holdTimer', 'event', 'map', 'inet6', 'xstats', 'mfcStats', 'expires']);

/** Key -> [before, after], nested as the object is. Keys that the later state does not tell are as they were. */
export function changes(before: Json, after: Json): Json {
  const changed: Json = {};
  for (const [key, now] of Object.entries(after)) {
    if (noise.has(key)) continue;
    const was = before[key];
    if (isObject(was) && isObject(now)) {
      const inner = changes(was, now);
      if (Object.keys(inner).length > 0) changed[key] = inner;
    } else if (text(was) !== text(now)) changed[key] = [was ?? null, now];
  }
  return changed;
}

function isObject(value: unknown): value is Json {
  return value !== null && typeof value === 'object' && !Array.isArray(value) && !(value instanceof Uint8Array);
}

function text(value: unknown): string | undefined {
  return JSON.stringify(value, (_, item: unknown) => (typeof item === 'bigint' ? String(item) : item));
}
