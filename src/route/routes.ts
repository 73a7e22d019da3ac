/** Routes by name: what `ip route` does. */
import { route, routeProtocol, scope as scopes, table as tables, type Route } from '../families/route/index.ts';
import { deviceIndex, numberOf, type Device } from './names.ts';
import type { Listed } from './objects.ts';
import { familyOf, parsePrefix, type Family } from './prefix.ts';
import { ask, type Plan } from './plan.ts';

export interface NexthopInput { gateway?: string; dev?: Device; /** 1 to 256. */ weight?: number; onlink?: boolean }
export interface RouteInput {
  /** 'ADDRESS/LENGTH', or 'default'. */
  dst: string;
  gateway?: string;
  dev?: Device;
  src?: string;
  metric?: number;
  /** Name or number: 'main', 'local', 100, one of rt_tables. */
  table?: string | number;
  protocol?: string | number;
  scope?: string | number;
  type?: Route['type'];
  /** Next hop object. */
  nhId?: number;
  nexthops?: readonly NexthopInput[];
  onlink?: boolean;
  /** Address family of 'default'. */
  family?: Family;
  metrics?: NonNullable<Route['metrics']>;
}
export interface RouteFilter { readonly family?: Family; readonly table?: string | number; readonly dev?: Device; readonly select?: readonly string[] }
type Body = Record<string, unknown>;

const isLocal = (type: unknown): boolean => type === 'local' || type === 'nat' || type === 'anycast' || type === 'broadcast' || type === 'multicast';

function* bodyOf(input: RouteInput): Plan<Body> {
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
    for (const hop of nexthops) hops.push({ flags: hop.onlink ? ['onlink'] : [], hops: (hop.weight ?? 1) - 1, ifindex: hop.dev === undefined ? 0 : yield* deviceIndex(hop.dev), ...(hop.gateway !== undefined && via(hop.gateway, family)) });
    body['multipath'] = hops;
  }
  return body;
}
/** A gateway of the other family goes by RTA_VIA (RFC 8950). */
const via = (gateway: string, family: Family): Body => (familyOf(gateway) === family ? { gateway } : { via: { family: familyOf(gateway), addr: gateway } });
function tableOf(name: string | number): Body {
  const number = numberOf('table', name, tables);
  return number < 256 ? { table: number } : { table: 'unspec', tableId: number };
}

/** @throws {NetlinkError} EEXIST; ENETUNREACH when the gateway cannot be reached. */
export function* add(input: RouteInput): Plan<void> { yield* ask({ message: route.messages.newroute, flags: ['create', 'excl'], body: yield* bodyOf(input) }); }
export function* replace(input: RouteInput): Plan<void> { yield* ask({ message: route.messages.newroute, flags: ['create', 'replace'], body: yield* bodyOf(input) }); }
/** Deletes the route that matches what is given. @throws {NetlinkError} ESRCH */
export function* remove(input: RouteInput): Plan<void> {
  const body = yield* bodyOf(input);
  if (input.scope === undefined) body['scope'] = 'nowhere';
  if (input.type === undefined) body['type'] = 'unspec';
  if (input.protocol === undefined) body['protocol'] = 'unspec';
  yield* ask({ message: route.messages.delroute, body });
}
/** The route that the kernel takes to a destination. @throws {NetlinkError} ENETUNREACH */
export function* get(dst: string, options: { from?: string; iif?: Device; oif?: Device; mark?: number } = {}): Plan<Route> {
  const family = familyOf(dst), bits = family === 'inet' ? 32 : 128;
  const body: Body = { family, dst, dstLen: bits, flags: ['lookupTable'] };
  if (options.from !== undefined) { body['src'] = options.from; body['srcLen'] = bits; }
  if (options.iif !== undefined) body['iif'] = yield* deviceIndex(options.iif);
  if (options.oif !== undefined) body['oif'] = yield* deviceIndex(options.oif);
  if (options.mark !== undefined) body['mark'] = options.mark;
  const [reply] = yield* ask({ message: route.messages.getroute, body });
  return reply?.body as Route;
}
/** Routes of every table and family, or of those that are asked for. A table that does not exist has none. */
export function* list(filter: RouteFilter = {}): Plan<Listed<Route>> {
  const body: Body = { family: filter.family ?? 'unspec' };
  if (filter.table !== undefined) body['tableId'] = numberOf('table', filter.table, tables);
  if (filter.dev !== undefined) body['oif'] = yield* deviceIndex(filter.dev);
  return { request: { message: route.messages.getroute, body }, keep: () => true, nothing: 'ENOENT', ...(filter.select && { select: filter.select }) };
}
