/** Words of `ip route add` and its kin: net/ipv4/fib_frontend.c, net/ipv6/route.c. */
import type { Context } from '../context.ts';
import { usage } from '../errors.ts';
import { act, to, type Draft, type Grammar, type Row } from '../grammar.ts';
import { addressLike, choice, device, integer, parseAddress, parseInteger, parsePrefix, prefix, protocol, scope, tableId, text, u32, u8, word, type Prefix } from '../values.ts';
import type { Words } from '../words.ts';
import { encapsulation, mplsStack } from './route-encap.ts';

/** RTN_*: what the route does. */
export const routeTypes = ['unicast', 'local', 'broadcast', 'anycast', 'multicast', 'blackhole', 'unreachable', 'prohibit', 'throw', 'nat', 'xresolve'] as const;

/** What the words say before it becomes a message. */
export interface RouteDraft {
  type?: string;
  dst?: Prefix;
  srcLen?: number;
  /** With -M: the label that packets come with. */
  label?: Draft[];
  family?: string;
  table?: number;
  protocol?: number;
  scope?: number;
  tos?: number;
  nexthopFlags?: string[];
  /** Attributes of the route itself, as the schema names them. */
  attributes: Draft;
  metrics: Draft;
  locked: string[];
  hops: Draft[];
}

/** The draft being filled; grammar rows get it as a plain object. */
function of(draft: Draft): RouteDraft {
  return draft as unknown as RouteDraft;
}

export function newRoute(context: Context): RouteDraft {
  return { attributes: {}, metrics: {}, locked: [], hops: [], ...(context.options.family && { family: context.options.family }) };
}

function attribute(key: string, type: Parameters<typeof to>[1]): Row {
  return act((draft, value) => { of(draft).attributes[key] = value; }, type);
}

/** A gateway of the route's family, or with `via inet6 ADDRESS` of another. */
const gateway = {
  name: '[ inet | inet6 ] ADDRESS',
  read(words: Words, _context: Context, after: string): { family: string; address: string; explicit: boolean } {
    const first = words.next(after);
    const explicit = first === 'inet' || first === 'inet6';
    const given = explicit ? words.next(first) : first;
    return { ...parseAddress(given, after, explicit ? first : undefined), explicit };
  },
};

/** Sets the gateway where it belongs: of another family than the destination it goes in RTA_VIA. */
function via(into: Draft, family: string | undefined, value: unknown): void {
  const { family: own, address } = value as { family: string; address: string };
  if (family !== undefined && family !== own) into['via'] = { family: own, addr: address };
  else into['gateway'] = address;
}

/** Metrics: word -> key and how the value is written. `lock` before the value keeps path discovery off it. */
const milliseconds = (factor: number) => word('NUMBER[s|ms]', (given, _context, after) => {
  const time = /^(\d+(?:\.\d+)?)(s|sec|secs|ms|msec|msecs)?$/.exec(given);
  if (!time) throw usage(`"${given}" is not a time for "${after}"`, '300ms, 2s');
  if (time[2] === undefined) return Number(time[1]);
  return Math.round(Number(time[1]) * (time[2].startsWith('s') ? 1000 : 1) * factor);
});

const metricTypes = {
  mtu: ['mtu', u32('BYTES')], advmss: ['advmss', u32('BYTES')], hoplimit: ['hoplimit', u8()], reordering: ['reordering', u32()],
  rtt: ['rtt', milliseconds(8)], rttvar: ['rttvar', milliseconds(4)], rto_min: ['rtoMin', milliseconds(1)], window: ['window', u32('BYTES')],
  cwnd: ['cwnd', u32('SEGMENTS')], initcwnd: ['initcwnd', u32('SEGMENTS')], initrwnd: ['initrwnd', u32('SEGMENTS')],
  ssthresh: ['ssthresh', u32('SEGMENTS')], quickack: ['quickack', integer('{ 0 | 1 }', 0, 1)], congctl: ['ccAlgo', text('NAME')],
  fastopen_no_cookie: ['fastopenNoCookie', integer('{ 0 | 1 }', 0, 1)],
} as const;

/** `hoplimit` may be locked or not; the rest never say so. */
const lockable = new Set(['mtu', 'advmss', 'hoplimit', 'reordering', 'rtt', 'rttvar', 'rto_min', 'window', 'cwnd', 'initcwnd', 'initrwnd', 'ssthresh', 'congctl']);

const metricRows: Grammar = Object.fromEntries(Object.entries(metricTypes).map(([name, [key, type]]): [string, Row] => [
  name,
  act((draft, value) => {
    const { lock, value: setting } = value as { lock: boolean; value: unknown };
    of(draft).metrics[key] = setting;
    // The kernel heeds a least timeout only when it is locked.
    if (lock || key === 'rtoMin') of(draft).locked.push(key);
  }, {
    name: `${lockable.has(name) ? '[ lock ] ' : ''}${type.name}`,
    read: (words, context, after) => ({ lock: lockable.has(name) && words.take('lock'), value: type.read(words, context, after) }),
  }),
]));

/** `SRC/DST` or `DST` realms in one number. */
export const realms = word('[ SRC/ ]DST', (given, context) => {
  const numbers = given.split('/').map((name) => context.names.require('rt_realms', name, 'realm'));
  return numbers.length === 2 ? (((numbers[0] as number) << 16) | (numbers[1] as number)) >>> 0 : numbers[0];
});

const nexthopFlagRow = (name: string): Row => act((draft) => { (of(draft).nexthopFlags ??= []).push(name); });

/** Words of one next hop of a multipath route. */
function nexthop(words: Words, context: Context, family: string | undefined): Draft {
  const hop: Draft = { flags: [], hops: 0, ifindex: 0 };
  if (words.done || words.peek() === 'nexthop') throw usage('which next hop?', 'nexthop [ via ADDRESS ] [ dev DEVICE ] [ weight NUMBER ]');
  for (let key = words.peek(); key !== undefined && key !== 'nexthop'; key = words.peek()) {
    words.next();
    if (key === 'via') via(hop, family, gateway.read(words, context, key));
    else if (key === 'dev' || key === 'oif') hop['ifindex'] = device.read(words, context, key);
    else if (key === 'weight') hop['hops'] = Number(integer('WEIGHT', 1, 256).read(words, context, key)) - 1;
    else if (key === 'onlink') hop['flags'] = ['onlink'];
    else if (key === 'pervasive') hop['flags'] = ['pervasive'];
    else if (key === 'realm' || key === 'realms') hop['flow'] = realms.read(words, context, key);
    else if (key === 'as') hop['newdst'] = labels.read(words, context, key);
    else if (key === 'encap') Object.assign(hop, encapsulation.read(words, context, key));
    else throw usage(`"${key}" is not an option of a nexthop`, 'nexthop [ via ADDRESS ] [ dev DEVICE ] [ weight NUMBER ]');
  }
  return hop;
}

const typeRows: Grammar = Object.fromEntries(routeTypes.map((type) => [type, act((draft) => { of(draft).type = type; })]));

function destination(draft: Draft, value: unknown, context: Context): void {
  const route = of(draft);
  if (context.options.family === 'mpls') {
    route.label = mplsStack(String(value));
    if (route.label.length !== 1) throw usage(`a route is for one label, not "${String(value)}"`);
    return;
  }
  const dst = value as Prefix;
  route.dst = dst;
  route.family ??= dst.family;
}

function readDestination(words: Words, context: Context, after: string): unknown {
  const given = words.next(after);
  return context.options.family === 'mpls' ? given : parsePrefix(given, after, context.options.family);
}

/** Labels that replace the one a packet came with. */
const labels = {
  name: '[ to ] LABEL[/LABEL ...]',
  read(words: Words, _context: Context, after: string): Draft[] {
    words.take('to');
    return mplsStack(words.next(after));
  },
};

export const routeOptions: Grammar = {
  ...typeRows,
  to: act(destination, { ...prefix, read: readDestination }),
  as: act((draft, value) => { of(draft).attributes['newdst'] = value; }, labels),
  via: act((draft, value, context) => {
    const route = of(draft);
    const { family, explicit } = value as { family: string; explicit: boolean };
    // `default via fd00::1` says the family that "default" does not.
    if (!explicit && (route.dst === undefined || isDefault(route.dst)) && context.options.family === undefined) route.family = family;
    via(route.attributes, route.family, value);
  }, gateway),
  src: act((draft, value) => {
    const { address, family } = value as { address: string; family: string };
    of(draft).attributes['prefsrc'] = address;
    of(draft).family ??= family;
  }, word('ADDRESS', (given, context, after) => parseAddress(given, after, context.options.family))),
  from: act((draft, value) => {
    const { address, length } = value as Prefix;
    of(draft).attributes['src'] = address;
    of(draft).srcLen = length;
  }, prefix),
  'dev|oif': attribute('oif', device),
  iif: attribute('iif', device),
  'metric|priority|preference': attribute('priority', u32('METRIC')),
  table: act((draft, value) => { of(draft).table = value as number; }, tableId),
  vrf: act((draft, value, context) => {
    const table = vrfTable(Number(value), context);
    of(draft).table = table;
  }, device),
  'protocol|proto': act((draft, value) => { of(draft).protocol = value as number; }, protocol),
  scope: act((draft, value) => { of(draft).scope = value as number; }, scope),
  'tos|dsfield': act((draft, value) => { of(draft).tos = value as number; }, word('TOS', (given, context, after) => {
    const named = context.names.number('rt_dsfield', given);
    const number = named ?? (/^(0x)?[0-9a-f]{1,2}$/i.test(given) ? Number.parseInt(given.replace(/^0x/i, ''), 16) : undefined);
    if (number === undefined || number > 255) throw usage(`"${given}" is not a TOS for "${after}"`);
    return number;
  }, { completes: 'rt_dsfield' })),
  onlink: nexthopFlagRow('onlink'),
  pervasive: nexthopFlagRow('pervasive'),
  nhid: attribute('nhId', u32('ID')),
  pref: attribute('pref', choice({ low: 'low', medium: 'medium', high: 'high' })),
  expires: attribute('expires', u32('SECONDS')),
  'realms|realm': attribute('flow', realms),
  'ttl-propagate': attribute('ttlPropagate', choice({ enabled: 1, disabled: 0 })),
  features: act((draft, value) => { of(draft).metrics['features'] = value; }, choice({ ecn: ['ecn'] })),
  encap: act((draft, value) => { Object.assign(of(draft).attributes, value); }, encapsulation),
  nexthop: act((draft, _value, context, words) => {
    const route = of(draft);
    route.hops.push(nexthop(words, context, route.family));
  }, undefined, { repeat: true }),
  ...metricRows,
  '': act(destination, { name: '[ TYPE ] PREFIX', choices: ['default'], fits: addressLike, read: (words, context) => readDestination(words, context, 'destination') }),
};

export function isDefault(dst: Prefix): boolean {
  return dst.length === 0;
}

/** The routing table of a VRF device. */
export function vrfTable(index: number, context: Context): number {
  const link = context.links.object(index) as { linkinfo?: { data?: { table?: number } } } | undefined;
  const table = link?.linkinfo?.data?.table;
  if (table === undefined && !context.options.dryRun) throw usage(`${context.links.name(index)} is not a vrf`);
  return table ?? 0;
}

/** `vrf NAME`, where it is a link's master. */
export const vrfMaster: Row = act((draft, value, context) => { vrfTable(Number(value), context); draft['master'] = value; }, device);

export function parseMark(given: string, after: string): number {
  const mark = parseInteger(given);
  if (mark === undefined || mark < 0n || mark > 0xffffffffn) throw usage(`"${given}" is not a number for "${after}"`);
  return Number(mark);
}
