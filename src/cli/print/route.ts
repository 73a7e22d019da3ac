/** A route. */
import { at } from '../grammar.ts';
import { addressBits } from '../values.ts';
import { address, addressPaint, constant, linkName, numberOf, protocolFormat } from './formats.ts';
import type { Format, Json, Printer, Sheet } from './printer.ts';
import { scopeNumber } from './address.ts';
import { printEncap } from './encap.ts';
import { nexthopFields } from './nexthop.ts';
import { routeProtocol, routeType, table as tableNames } from '../../families/route/names.ts';

/** What was asked for: fields that all routes then share are not printed. */
export interface RouteView {
  /** The table asked for: 0 for all. */
  readonly table: number;
  readonly dev?: number | undefined;
  readonly protocol?: number | undefined;
  readonly scope?: number | undefined;
  readonly via?: string | undefined;
  readonly metric?: number | undefined;
  /** `ip route get`. */
  readonly got?: boolean;
}

export function tableOf(route: Json): number {
  return (route['tableId'] as number | undefined) ?? numberOf(tableNames, route['table']);
}

function prefix(printer: Printer, key: string, route: Json, address: unknown, length: number, before: string): void {
  const bits = addressBits[route['family'] as 'inet'] ?? 20;
  const text = address === undefined ? (length === 0 ? 'default' : `0/${length}`) : length === bits ? String(address) : `${String(address)}/${length}`;
  printer.value(key, `${before}% `, text, { paint: () => addressPaint(address ?? (route['family'] === 'inet6' ? ':' : '')) });
}

function labels(value: unknown): string {
  return Array.isArray(value) ? value.map((label) => (label as { label: number }).label).join('/') : String(value);
}

function head(printer: Printer, route: Json): void {
  const type = route['type'];
  if (type !== 'unicast' || printer.details) printer.value('type', '% ', printer.context.names.numeric ? String(numberOf(routeType, type)) : type);
  const dst = route['dst'];
  prefix(printer, 'dst', route, Array.isArray(dst) ? labels(dst) : dst, route['dstLen'] as number, '');
  if (route['src'] !== undefined || route['srcLen']) prefix(printer, 'from', route, route['src'], route['srcLen'] as number, 'from ');
  if (route['newdst'] !== undefined) printer.value('to', 'as to % ', labels(route['newdst']));
  printEncap(printer, route);
  if (route['tos']) printer.value('tos', 'tos % ', tosName(printer, Number(route['tos'])));
}

/** A traffic class by name, else in hexadecimal. */
export function tosName(printer: Printer, tos: number): string {
  const name = printer.context.names.name('rt_dsfield', tos);
  return name === String(tos) ? `0x${tos.toString(16).padStart(2, '0')}` : name;
}

/** A next hop by its hardware address is of the family `link`. */
function familyWord(family: string): string {
  return family === 'packet' ? 'link' : family;
}

function gateway(printer: Printer, of: Json): void {
  const direct = of['gateway'];
  if (direct !== undefined) printer.value('gateway', 'via % ', Array.isArray(direct) ? labels(direct) : direct, address);
  const other = of['via'] as { family: string; addr: string } | undefined;
  if (!other) return;
  if (printer.json) printer.object('via', () => {
    printer.value('family', null, familyWord(other.family));
    printer.value('host', null, other.addr);
  });
  else {
    printer.value(null, 'via % ', familyWord(other.family));
    printer.value(null, '% ', other.addr, address);
  }
}

function device(printer: Printer, index: unknown): void {
  if (index !== undefined) printer.value('dev', 'dev % ', printer.context.links.name(Number(index)), { paint: 'ifname' });
}

/** Realms: source in the upper half. */
function realm(printer: Printer, flow: unknown): void {
  if (flow === undefined) return;
  const { names } = printer.context;
  const [from, to] = [Number(flow) >>> 16, Number(flow) & 0xffff];
  printer.text('realm ');
  printer.object('flow', () => {
    if (from) printer.value('from', '%/', names.name('rt_realms', from));
    printer.value('to', '% ', names.name('rt_realms', to));
  });
}

const metricNames: readonly (readonly [key: string, name: string, scale?: number])[] = [
  ['mtu', 'mtu'], ['window', 'window'], ['rtt', 'rtt', 8], ['rttvar', 'rttvar', 4], ['ssthresh', 'ssthresh'], ['cwnd', 'cwnd'],
  ['advmss', 'advmss'], ['reordering', 'reordering'], ['hoplimit', 'hoplimit'], ['initcwnd', 'initcwnd'], ['features', 'features'],
  ['rtoMin', 'rto_min', 1], ['initrwnd', 'initrwnd'], ['quickack', 'quickack'], ['ccAlgo', 'congctl'], ['fastopenNoCookie', 'fastopen_no_cookie'],
];

/** Each feature is a word of its own. */
function features(printer: Printer, set: readonly (string | number)[]): void {
  printer.text('features ');
  for (const feature of set) if (typeof feature === 'string') printer.value(constant(feature).toLowerCase(), `${constant(feature).toLowerCase()} `, null);
  for (const feature of set) if (typeof feature === 'number') printer.value('features', '% ', `0x${feature.toString(16)}`);
}

/** Milliseconds, as iproute2 prints them: `200ms`, `1.5s`. */
const period: Format = { text: (ms) => (Number(ms) < 1000 ? `${String(ms)}ms` : `${Number((Number(ms) / 1000).toPrecision(6))}s`) };

function metrics(printer: Printer, route: Json): void {
  const set = route['metrics'] as Json | undefined;
  if (!set) return;
  const locked = (set['lock'] ?? []) as string[];
  const body = (): void => {
    for (const [key, name, scale] of metricNames) {
      const value = set[key];
      if (value === undefined) continue;
      const lock = locked.includes(key) ? 'lock ' : '';
      if (key === 'features') features(printer, value as (string | number)[]);
      else if (scale !== undefined) printer.value(name, `${name} ${lock}% `, Math.floor(Number(value) / scale), period);
      // The one metric whose key in JSON is not its word.
      else printer.value(key === 'ccAlgo' ? 'congestion' : name, `${name} ${lock}% `, value);
    }
  };
  if (printer.json) printer.array('metrics', () => printer.object(null, body));
  else body();
}

/** State and options of a next hop, as words. */
const hopFlags = ['dead', 'onlink', 'pervasive', 'offload', 'trap', 'notify', 'linkdown', 'unresolved', 'rtOffload', 'rtTrap', 'rtOffloadFailed'];
const hopWords: Readonly<Record<string, string>> = { rtOffload: 'rt_offload', rtTrap: 'rt_trap', rtOffloadFailed: 'rt_offload_failed' };

function flagWords(printer: Printer, flags: unknown): void {
  const words = hopFlags.filter((flag) => (flags as string[]).includes(flag)).map((flag) => hopWords[flag] ?? flag);
  printer.list('flags', words, words.map((word) => `${word} `).join(''));
}

function tail(printer: Printer, route: Json, view: RouteView): void {
  const { details } = printer;
  const table = tableOf(route);
  const { names } = printer.context;
  const cloned = (route['flags'] as string[]).includes('cloned');
  if (view.via === undefined) gateway(printer, route);
  if (view.dev === undefined || route['oif'] !== view.dev) device(printer, route['oif']);
  if (table !== 0 && (view.table === 0 || view.got) && (details || table !== 254)) printer.value('table', 'table % ', names.name('rt_tables', table));
  if (!cloned) {
    const protocol = numberOf(routeProtocol, route['protocol']);
    if ((protocol !== 3 || details) && view.protocol === undefined) printer.value('protocol', 'proto % ', route['protocol'], protocolFormat);
    const scope = scopeNumber(route['scope']);
    if ((scope !== 0 || details) && view.scope === undefined) printer.value('scope', 'scope % ', names.name('rt_scopes', scope));
  }
  printer.value('prefsrc', 'src % ', route['prefsrc'], address);
  if (view.metric === undefined) printer.value('metric', 'metric % ', route['priority']);
  flagWords(printer, route['flags']);
  printer.value('mark', 'mark % ', route['mark'] || undefined);
  realm(printer, route['flow']);
  printer.value('uid', 'uid % ', route['uid']);
}

/** RTCF_* (include/uapi/linux/in_route.h), in iproute2's order. */
const cacheFlags: readonly (readonly [bit: number, word: string])[] = [
  [0x80000000, 'local'], [0x40000000, 'reject'], [0x20000000, 'mc'], [0x10000000, 'brd'], [0x8000000, 'dst-nat'], [0x800000, 'src-nat'], [0x400000, 'masq'],
  [0x20000, 'dst-direct'], [0x4000000, 'src-direct'], [0x40000, 'redirected'], [0x1000000, 'redirect'], [0x200000, 'fastroute'], [0x10000, 'notify'], [0x80000, 'proxy'],
];

/** What the kernel keeps with a looked-up IPv4 route. */
function cache(printer: Printer, route: Json): void {
  const info = at(route, 'cacheinfo') as { expires: number; error: number; clntref: number; used: number; lastuse: number } | undefined;
  const cloned = (route['flags'] as (string | number)[]).includes('cloned');
  if (cloned && route['family'] === 'inet') {
    printer.newline();
    printer.text('    cache ');
    const bits = (route['flags'] as (string | number)[]).reduce<number>((all, flag) => (typeof flag === 'number' ? all | flag : all), 0);
    const words = cacheFlags.filter(([bit]) => bits & bit).map(([, word]) => word);
    printer.list('cache', words, words.length > 0 ? `<${words.join(',')}> ` : '');
  }
  if (!info) return;
  if (info.expires) printer.value('expires', 'expires %sec ', Math.floor(info.expires / 100));
  if (info.error) printer.value('error', 'error % ', info.error | 0);
  if (printer.statistics === 0) return;
  if (info.clntref) printer.value('users', 'users % ', info.clntref);
  if (info.used) printer.value('used', 'used % ', info.used);
  if (info.lastuse || cloned) printer.value('age', 'age %sec ', Math.floor(info.lastuse / 100));
}

function multipath(printer: Printer, route: Json): void {
  const hops = route['multipath'] as Json[] | undefined;
  if (!hops) return;
  printer.array('nexthops', () => {
    for (const hop of hops) {
      printer.object(null, () => {
        printer.newline();
        printer.text('\tnexthop ');
        if (hop['newdst'] !== undefined) printer.value('to', 'as to % ', labels(hop['newdst']));
        printEncap(printer, hop);
        gateway(printer, hop);
        printer.value('dev', 'dev % ', hop['ifindex'], linkName);
        realm(printer, hop['flow']);
        // Labels have no weights.
        if (route['family'] !== 'mpls') printer.value('weight', 'weight % ', Number(hop['hops']) + 1);
        flagWords(printer, hop['flags']);
      });
    }
  });
}

/** The next hop objects that were asked for, by command. */
const known = new WeakMap<object, Map<number, Json | undefined>>();

/** `-d`: the object that the route goes by. */
function nexthopInfo(printer: Printer, id: number): void {
  const { context } = printer;
  let hops = known.get(context);
  if (!hops) known.set(context, (hops = new Map()));
  if (!hops.has(id)) hops.set(id, context.kernel.get('getnexthop', { id }));
  const hop = hops.get(id);
  if (!hop) return;
  printer.newline();
  printer.text('\tnh_info ');
  printer.object('nh_info', () => nexthopFields(printer, hop));
}

const endSheet: Sheet = [
  ['iif', 'iif % ', (route, printer) => (route['iif'] === undefined ? undefined : printer.context.links.name(Number(route['iif'])))],
];

export function printRoute(printer: Printer, route: Json, view: RouteView): void {
  printer.object(null, () => {
    head(printer, route);
    printer.value('nhid', 'nhid % ', route['nhId']);
    tail(printer, route, view);
    cache(printer, route);
    metrics(printer, route);
    printer.sheet(endSheet, route);
    printer.value('pref', 'pref %', route['pref']);
    if (route['ttlPropagate'] !== undefined) printer.value('ttl-propogate', ' ttl-propagate %', route['ttlPropagate'] ? 'enabled' : 'disabled', { json: (word) => word === 'enabled' });
    if (printer.details && route['nhId'] !== undefined) nexthopInfo(printer, Number(route['nhId']));
    multipath(printer, route);
  });
  printer.text('\n');
}
