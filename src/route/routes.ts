/** Routes by name: what `ip route` does. */
import { checkKeys, type Keys } from '../codec/index.ts';
import { route, routeProtocol, scope as scopes, table as tables, type Route } from '../families/route/index.ts';
import { checkObject, deviceIndex, inTable, numberOf, retabled, type Device } from './names.ts';
import type { Listed, Selectable } from './objects.ts';
import { familyOf, parsePrefix, type Family } from './prefix.ts';
import { ask, type Plan } from './plan.ts';

/** One of several next hops. */
export interface NexthopInput {
  gateway?: string;
  dev?: Device;
  /** Share of the flows, 1 to 256. Default 1. */
  weight?: number;
  /** Take the gateway for reachable, whatever the addresses of the interface. */
  onlink?: boolean;
}
/** A route as you describe it: names, prefixes as text, and defaults as `ip route` has them. */
export interface RouteInput {
  /** 'ADDRESS/LENGTH', an address, or 'default'. IPv4 wants the bits behind the prefix to be zero. */
  dst: string;
  /** Address of the next hop. An IPv4 route may go by an IPv6 gateway (RFC 8950), with `dev`. */
  gateway?: string;
  /** The interface to leave by; a gateway mostly tells it. */
  dev?: Device;
  /** Preferred source address. */
  src?: string;
  /** The lower is preferred. */
  metric?: number;
  /** Name or number: 'main' (the default), 'local', 100, one of rt_tables. */
  table?: string | number;
  /** Who made it, by name or number. Default 'boot'. */
  protocol?: string | number;
  /** IPv4: how far the destination is. Default 'link' without a gateway, else 'universe'. */
  scope?: string | number;
  /** Default 'unicast'; 'blackhole', 'unreachable' ... */
  type?: Route['type'];
  /** Number of a next hop object. */
  nhId?: number;
  /** Several next hops, used in turn by flow. */
  nexthops?: readonly NexthopInput[];
  /** Take the gateway for reachable, whatever the addresses of the interface. */
  onlink?: boolean;
  /** Address family of 'default' where no gateway tells it. Default 'inet'. */
  family?: Family;
  /** MTU, window and the like: RTA_METRICS. */
  metrics?: NonNullable<Route['metrics']>;
}
/** Which routes; the kernel filters. */
export interface RouteFilter {
  readonly family?: Family;
  /** Name or number. Default: all tables. */
  readonly table?: string | number;
  /** Routes that leave by it. */
  readonly dev?: Device;
  /** Decode only these keys. */
  readonly select?: readonly Selectable<Route>[];
}
/** What the lookup of a route depends on. */
export interface RouteQuery {
  /** Source address. */
  from?: string;
  /** The interface that the packet came in by: how it is forwarded. */
  iif?: Device;
  oif?: Device;
  /** Firewall mark. */
  mark?: number;
}
type Body = Record<string, unknown>;
const inputKeys: Keys<RouteInput> = { dst: 1, gateway: 1, dev: 1, src: 1, metric: 1, table: 1, protocol: 1, scope: 1, type: 1, nhId: 1, nexthops: 1, onlink: 1, family: 1, metrics: 1 };
const hopKeys: Keys<NexthopInput> = { gateway: 1, dev: 1, weight: 1, onlink: 1 };
const filterKeys: Keys<RouteFilter> = { family: 1, table: 1, dev: 1, select: 1 };
const queryKeys: Keys<RouteQuery> = { from: 1, iif: 1, oif: 1, mark: 1 };

const isLocal = (type: unknown): boolean => type === 'local' || type === 'nat' || type === 'anycast' || type === 'broadcast' || type === 'multicast';

/** What a listing gave, for a request: what only the kernel says is left out. */
export function again(listed: Route): Body {
  const { cacheinfo: _cacheinfo, flags, multipath, ...body } = listed;
  return { ...body, flags: settable(flags), ...(multipath && { multipath: multipath.map((hop) => ({ ...hop, flags: settable(hop.flags) })) }) };
}
/** Another table may have been put in place of the one that the listing told. */
function elsewhere(listed: Route): Body {
  const { table, tableId } = listed;
  return again(retabled(table, tableId) ? moved(listed, numberOf('table', table, tables)) : listed);
}
const settable = (flags: readonly unknown[]): unknown[] => flags.filter((flag) => flag === 'onlink');
const isListed = (input: RouteInput | Route): input is Route => 'dstLen' in input;

function* bodyOf(input: RouteInput | Route): Plan<Body> {
  checkObject(input, "a route is described by an object, { dst: '10.1.0.0/16', gateway: '10.0.0.2' }");
  if (isListed(input)) return elsewhere(input);
  checkKeys(input, inputKeys, 'a route');
  const { dst, gateway, dev, src, metric, nexthops, nhId, onlink, metrics, type = 'unicast' } = input;
  const hint = gateway ?? nexthops?.find((n) => n.gateway)?.gateway;
  const family = dst === 'default' ? input.family ?? (hint ? familyOf(hint) : 'inet') : familyOf(parsePrefix(dst).address);
  const body: Body = { family, type, protocol: numberOf('protocol', input.protocol ?? 'boot', routeProtocol) };
  if (dst !== 'default') { const prefix = parsePrefix(dst); body['dst'] = prefix.address; body['dstLen'] = prefix.length; }
  Object.assign(body, tableOf(input.table ?? (isLocal(type) && type !== 'multicast' ? 'local' : 'main')));
  // IPv6 ignores scopes; IPv4 wants a link scope where packets need no gateway.
  const near = family === 'inet' && !hint && nhId === undefined && type === 'unicast';
  body['scope'] = input.scope !== undefined ? numberOf('scope', input.scope, scopes) : family === 'inet' && type === 'local' ? 'host' : near || (family === 'inet' && isLocal(type)) ? 'link' : 'universe';
  if (gateway !== undefined) Object.assign(body, via(gateway, family));
  if (dev !== undefined) body['oif'] = yield* deviceIndex(dev);
  if (src !== undefined) body['prefsrc'] = src;
  if (metric !== undefined) body['priority'] = metric;
  if (nhId !== undefined) body['nhId'] = nhId;
  if (metrics !== undefined) body['metrics'] = metrics;
  if (onlink) body['flags'] = ['onlink'];
  if (nexthops) {
    const hops: Body[] = [];
    for (const hop of nexthops) hops.push({ flags: hop.onlink ? ['onlink'] : [], hops: shares(hop), ifindex: hop.dev === undefined ? 0 : yield* deviceIndex(hop.dev), ...(hop.gateway !== undefined && via(hop.gateway, family)) });
    body['multipath'] = hops;
  }
  return body;
}
function shares(hop: NexthopInput): number {
  checkKeys(hop, hopKeys, 'a next hop');
  const { weight = 1 } = hop;
  if (!Number.isInteger(weight) || weight < 1 || weight > 256) throw new TypeError(`the weight of a next hop goes from 1 to 256, not ${weight}`);
  return weight - 1;
}
/** A gateway of the other family goes by RTA_VIA (RFC 8950). */
const via = (gateway: string, family: Family): Body => (familyOf(gateway) === family ? { gateway } : { via: { family: familyOf(gateway), addr: gateway } });
const tableOf = (name: string | number): Body => inTable(numberOf('table', name, tables));

/** A route that a listing gave, for another table. */
export function moved({ tableId: _tableId, ...route }: Route, table: number): Route { return { ...route, ...inTable(table) } as Route; }

/** Adds a route, described or as a listing gave it. @throws {NetlinkError} EEXIST; ENETUNREACH when the gateway cannot be reached */
export function* add(input: RouteInput | Route): Plan<void> {
  yield* ask({ message: route.messages.newroute, flags: ['create', 'excl'], body: yield* bodyOf(input) });
}
/** Adds it beside those that have its prefix and metric: IPv6 has `fe80::/64` once a link. @throws {NetlinkError} EEXIST where the same is there */
export function* append(input: RouteInput | Route): Plan<void> {
  yield* ask({ message: route.messages.newroute, flags: ['create', 'append'], body: yield* bodyOf(input) });
}
/** Adds it, or puts it in the place of the route with that prefix, metric and table. @throws {NetlinkError} */
export function* replace(input: RouteInput | Route): Plan<void> {
  yield* ask({ message: route.messages.newroute, flags: ['create', 'replace'], body: yield* bodyOf(input) });
}
/** Deletes the first route that matches what is given. @throws {NetlinkError} ESRCH */
export function* remove(input: RouteInput | Route): Plan<void> {
  const body = yield* bodyOf(input);
  if (!isListed(input)) {
    if (input.scope === undefined) body['scope'] = 'nowhere';
    if (input.type === undefined) body['type'] = 'unspec';
    if (input.protocol === undefined) body['protocol'] = 'unspec';
  }
  yield* ask({ message: route.messages.delroute, body });
}
/** The route that the kernel takes to an address. @throws {NetlinkError} ENETUNREACH */
export function* get(dst: string, options: RouteQuery = {}): Plan<Route> {
  checkKeys(options, queryKeys, 'the query of a route');
  const family = familyOf(dst), bits = family === 'inet' ? 32 : 128;
  const body: Body = { family, dst, dstLen: bits };
  // The table that the route is in, not always the main one; IPv6 says so unasked, and refuses to be asked.
  if (family === 'inet') body['flags'] = ['lookupTable'];
  if (options.from !== undefined) { body['src'] = options.from; body['srcLen'] = bits; }
  if (options.iif !== undefined) body['iif'] = yield* deviceIndex(options.iif);
  if (options.oif !== undefined) body['oif'] = yield* deviceIndex(options.oif);
  if (options.mark !== undefined) body['mark'] = options.mark;
  const [reply] = yield* ask({ message: route.messages.getroute, body });
  return reply?.body as Route;
}
/** Routes of every table and family, or of those that are asked for. A table that does not exist has none. */
export function* list(filter: RouteFilter = {}): Plan<Listed<Route>> {
  checkKeys(filter, filterKeys, 'a filter of routes');
  const body: Body = { family: filter.family ?? 'unspec' };
  if (filter.table !== undefined) body['tableId'] = numberOf('table', filter.table, tables);
  if (filter.dev !== undefined) body['oif'] = yield* deviceIndex(filter.dev);
  return { request: { message: route.messages.getroute, body }, keep: () => true, nothing: 'ENOENT', ...(filter.select && { select: filter.select }) };
}
