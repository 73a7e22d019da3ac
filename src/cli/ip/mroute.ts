/** `ip mroute`: routes of multicast packets, which a routing daemon makes: net/ipv4/ipmr.c, net/ipv6/ip6mr.c. */
import type { Context } from '../context.ts';
import { usage } from '../errors.ts';
import { act, parse, to, type Command, type Grammar } from '../grammar.ts';
import { printMroute } from '../print/mroute.ts';
import { Printer, type Json } from '../print/printer.ts';
import { tableOf } from '../print/route.ts';
import { addressLike, device, parsePrefix, tableId, word, type Prefix } from '../values.ts';
import type { Words } from '../words.ts';
import { inPrefix } from './prefix.ts';

/** rtnetlink's own families for multicast, by that of the packets. */
export const multicastFamilies = { inet: 'ipmr', inet6: 'ip6mr' } as const;

/** The family that `-4` or `-6` asks for. */
export function multicastFamily(context: Context): 'inet' | 'inet6' {
  const { family = 'inet' } = context.options;
  if (family !== 'inet' && family !== 'inet6') throw usage('multicast is routed for IPv4 and IPv6 only');
  return family;
}

/** What is shown when no table is named: the tables that a daemon has unless it asks for another. */
const tables = { inet: 253, inet6: 254 } as const;

const prefixWord = word('PREFIX', (given, context, after) => parsePrefix(given, after, multicastFamily(context)), { fits: addressLike });

const options: Grammar = {
  table: act((draft, value) => { draft['table'] = value; }, { ...tableId, choices: ['all'], read: (words, context, after) => (words.take('all') ? 0 : tableId.read(words, context, after)) }),
  iif: to('iif', device),
  from: to('src', prefixWord),
  to: to('dst', prefixWord),
  '': { ...to('dst', prefixWord), same: ['to'] },
};

function show(context: Context, words: Words): void {
  const filter = parse(options, words, {}, context) as { table?: number; iif?: number; src?: Prefix; dst?: Prefix };
  const family = multicastFamily(context), { table = tables[family], iif } = filter;
  const inside = (route: Json, side: 'src' | 'dst'): boolean => filter[side] === undefined || route[side] === undefined || inPrefix(String(route[side]), filter[side]);
  const routes = context.kernel.dump('getroute', { family: multicastFamilies[family] });
  if (context.options.dryRun) return;
  const printer = new Printer(context);
  for (const route of routes) {
    if (table !== 0 && tableOf(route) !== table) continue;
    if ((iif === undefined || route['iif'] === iif) && inside(route, 'src') && inside(route, 'dst')) printMroute(printer, route, table);
  }
  printer.finish();
}

export const mroute: Command = {
  summary: 'routes of multicast packets',
  examples: ['ip mroute', 'ip -s -6 mroute show iif eth0', 'ip -j mroute show 239.1.1.1 table all'],
  otherwise: 'show',
  commands: {
    'show|list|lst': { summary: 'print routes; with -s what was forwarded', examples: ['ip -s mroute show from 10.0.0.0/24'], usage: '[ [ to ] PREFIX ] [ from PREFIX ] [ iif DEVICE ] [ table TABLE ]', options, run: show },
  },
};
