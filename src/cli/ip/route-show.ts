/** `ip route show` and `flush`. */
import type { Context } from '../context.ts';
import { usage } from '../errors.ts';
import { act, parse, type Command, type Draft, type Grammar } from '../grammar.ts';
import { scopeNumber } from '../print/address.ts';
import { numberOf } from '../print/formats.ts';
import { Printer, type Json } from '../print/printer.ts';
import { printRoute, tableOf, type RouteView } from '../print/route.ts';
import { addressLike, device, parsePrefix, protocol, scope, text, u32, word, type Prefix } from '../values.ts';
import { routeProtocol } from '../../families/route/names.ts';
import { addressNumber, inPrefix } from './prefix.ts';
import { flushAll } from './rounds.ts';
import { routeTypes, vrfTable } from './route-options.ts';
import { inOrder, load, restore, save, savedRoutes } from './saved.ts';

interface RouteFilter {
  table?: number;
  cached?: boolean;
  vrf?: boolean;
  family?: string;
  dev?: number;
  protocol?: number;
  scope?: number;
  type?: string;
  src?: string;
  via?: string;
  metric?: number;
  tos?: number;
  root?: Prefix;
  match?: Prefix;
  exact?: Prefix;
}

/** The table that `show` means when none is named. */
const mainTable = 254;

function set<K extends keyof RouteFilter>(key: K, value?: RouteFilter[K]) {
  return (draft: Draft, given: unknown): void => { draft[key] = value ?? given; };
}

const prefixWord = word('PREFIX', (given, context) => parsePrefix(given, 'prefix', context.options.family), { fits: addressLike });

/** A prefix alone is meant exactly; `root` is everything inside it, `match` everything that holds it. */
function within(key: 'root' | 'match' | 'exact') {
  return act((draft: Draft, value: unknown): void => {
    const prefix = value as Prefix;
    draft[key] = prefix;
    draft['family'] ??= prefix.family;
  }, prefixWord);
}

const filterOptions: Grammar = {
  table: act((draft, value, context) => {
    if (value === 'all') draft['table'] = 0;
    else if (value === 'cache') draft['cached'] = true;
    else draft['table'] = context.names.require('rt_tables', String(value), 'routing table');
  }, text('TABLE', { completes: 'rt_tables', choices: ['all', 'cache'] })),
  // The host's own addresses in a VRF's table are left out, as they are in the main one.
  vrf: act((draft, value, context) => {
    draft['table'] = vrfTable(Number(value), context);
    draft['vrf'] = true;
  }, device),
  cached: act(set('cached', true)),
  'dev|oif': act(set('dev'), device),
  'protocol|proto': act((draft, value) => { draft['protocol'] = value; }, { ...protocol, choices: ['all'], read: (words, context, after) => (words.take('all') ? undefined : protocol.read(words, context, after)) }),
  scope: act((draft, value) => { draft['scope'] = value; }, { ...scope, choices: ['all'], read: (words, context, after) => (words.take('all') ? undefined : scope.read(words, context, after)) }),
  type: act(set('type'), word(`{ ${routeTypes.join(' | ')} }`, (given) => {
    if (!(routeTypes as readonly string[]).includes(given)) throw usage(`"${given}" is not a type of route`);
    return given;
  }, { choices: routeTypes })),
  src: act(set('src'), text('ADDRESS')),
  via: act(set('via'), text('ADDRESS')),
  'metric|priority|preference': act(set('metric'), u32('METRIC')),
  'tos|dsfield': act(set('tos'), u32('TOS')),
  root: within('root'),
  match: within('match'),
  exact: within('exact'),
  to: act((draft, value) => {
    const { how, prefix } = value as { how: 'root' | 'match' | 'exact'; prefix: Prefix };
    draft[how] = prefix;
    draft['family'] ??= prefix.family;
  }, {
    name: '[ root | match | exact ] PREFIX',
    read(words, context, after) {
      const how = words.take('root') ? 'root' : words.take('match') ? 'match' : 'exact';
      if (how === 'exact') words.take('exact');
      return { how, prefix: parsePrefix(words.next(after), after, context.options.family) };
    },
  }),
  '': within('exact'),
};

/** By one of its next hops. */
function leavesBy(route: Json, dev: number): boolean {
  return route['oif'] === dev || ((route['multipath'] ?? []) as Json[]).some((hop) => hop['ifindex'] === dev);
}

function matches(route: Json, filter: RouteFilter, context: Context): boolean {
  const { family } = context.options;
  if (family !== undefined && route['family'] !== family) return false;
  if (filter.family !== undefined && route['family'] !== filter.family) return false;
  // IPv6 keeps cached routes in the same dump.
  if ((route['flags'] as string[]).includes('cloned') !== (filter.cached ?? false)) return false;
  const table = filter.table ?? mainTable;
  if (table !== 0 && tableOf(route) !== table) return false;
  if (filter.dev !== undefined && !leavesBy(route, filter.dev)) return false;
  if (filter.protocol !== undefined && numberOf(routeProtocol, route['protocol']) !== filter.protocol) return false;
  if (filter.scope !== undefined && scopeNumber(route['scope']) !== filter.scope) return false;
  if (filter.type !== undefined && route['type'] !== filter.type) return false;
  if (filter.vrf && (route['type'] === 'local' || route['type'] === 'broadcast')) return false;
  if (filter.src !== undefined && route['prefsrc'] !== filter.src) return false;
  if (filter.via !== undefined && route['gateway'] !== filter.via) return false;
  if (filter.metric !== undefined && route['priority'] !== filter.metric) return false;
  if (filter.tos !== undefined && route['tos'] !== filter.tos) return false;
  const dst: Prefix = { family: route['family'] as 'inet', address: (route['dst'] as string | undefined) ?? (route['family'] === 'inet6' ? '::' : '0.0.0.0'), length: route['dstLen'] as number, explicit: true };
  if (filter.root && !(dst.length >= filter.root.length && inPrefix(dst.address, filter.root))) return false;
  if (filter.match && !(dst.length <= filter.match.length && inPrefix(filter.match.address, dst))) return false;
  if (filter.exact && !(dst.length === filter.exact.length && addressNumber(dst.address) === addressNumber(filter.exact.address))) return false;
  return true;
}

function dump(context: Context, filter: RouteFilter, exact = false): Json[] {
  const table = filter.table ?? mainTable;
  // Everything, of every family, when all tables are meant; else IPv4 unless -6.
  const family = context.options.family ?? filter.family ?? (table === 0 ? 'unspec' : 'inet');
  const routes = context.kernel.dump('getroute', {
    family,
    ...(table !== 0 && { tableId: table }),
    ...(filter.dev !== undefined && { oif: filter.dev }),
    ...(filter.cached && { flags: ['cloned'] }),
  }, { exact });
  return routes.filter((route) => matches(route, filter, context));
}

export const show: Command = {
  summary: 'print routes',
  examples: ['ip route', 'ip route show table all', 'ip -6 route', 'ip route show match 10.1.2.3', 'ip -j route show dev eth0'],
  options: filterOptions,
  run(context, words) {
    const filter = parse(filterOptions, words, {}, context) as RouteFilter;
    const routes = dump(context, filter);
    if (context.options.dryRun) return;
    const view: RouteView = { table: filter.table ?? mainTable, dev: filter.dev, protocol: filter.protocol, scope: filter.scope, via: filter.via, metric: filter.metric };
    const printer = new Printer(context);
    for (const route of routes) {
      printRoute(printer, route, view);
      printer.spill();
    }
    printer.finish();
  },
};

export const saveRoutes: Command = {
  summary: 'write routes to standard output, for restore',
  examples: ['ip route save table all > FILE'],
  options: filterOptions,
  run(context, words) {
    const found = dump(context, parse(filterOptions, words, {}, context) as RouteFilter, true);
    if (!context.options.dryRun) save(context, savedRoutes, found);
  },
};

export const restoreRoutes: Command = {
  summary: 'add the routes that standard input holds',
  examples: ['ip route restore < FILE'],
  run: (context) => restore(context, savedRoutes, inOrder(load(savedRoutes))),
};

export const showSavedRoutes: Command = {
  summary: 'print the routes that standard input holds',
  examples: ['ip route showdump < FILE'],
  run(context) {
    const printer = new Printer(context);
    for (const route of load(savedRoutes)) printRoute(printer, route, { table: 0 });
    printer.finish();
  },
};

export const flush: Command = {
  summary: 'delete all routes that match',
  examples: ['ip route flush 10.7.0.0/16', 'ip route flush table 100', 'ip route flush cache'],
  options: filterOptions,
  run(context, words) {
    if (words.done) throw usage('flush needs something to go by', 'ip route flush { PREFIX | table TABLE | dev DEVICE | proto PROTOCOL }');
    if (words.peek() === 'cache') return;
    const filter = parse(filterOptions, words, {}, context) as RouteFilter;
    // A route that leaves by other links too stays.
    flushAll(context, 'entries', () => dump(context, filter).filter((route) => filter.dev === undefined || route['oif'] === filter.dev), (route) => remove(context, route), (printer, route) => printRoute(printer, route, { table: mainTable }));
  },
};

/** Back as it came: that names it exactly. Gone already is as good as deleted. */
function remove(context: Context, route: Json): void {
  const { cacheinfo: _cacheinfo, ...body } = route;
  try {
    context.kernel.request('delroute', { ...body, flags: [] });
  } catch (error) {
    if ((error as { code?: string }).code !== 'ESRCH') throw error;
  }
}
