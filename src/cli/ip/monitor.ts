/** `ip monitor`: changes as they happen; with -j one JSON object a line that says what changed. */
import type { Command } from '../grammar.ts';
import { printAddress } from '../print/address.ts';
import { printLink } from '../print/link.ts';
import { printMroute } from '../print/mroute.ts';
import { printNeighbour } from '../print/neighbour.ts';
import { printNetconf } from '../print/netconf.ts';
import { printBucket, printNexthop } from '../print/nexthop.ts';
import { printPrefix } from '../print/prefix.ts';
import type { Json, Printer } from '../print/printer.ts';
import { printRoute } from '../print/route.ts';
import { printRule } from '../print/rule.ts';
import { printStatsEvent } from '../print/xstats.ts';
import { watcher, watchOptions, type WatchTable } from '../watch.ts';

function address(printer: Printer, body: Json): void {
  printer.text(`${String(body['index'])}: ${printer.context.links.name(Number(body['index']))}`);
  printAddress(printer, body);
  printer.text('\n');
}

function nsid(printer: Printer, body: Json): void {
  const { namespaceName } = printer.context;
  printer.object(null, () => {
    printer.value('nsid', 'nsid % ', body['nsid']);
    printer.value('name', '(iproute2 netns name: %)', namespaceName?.(Number(body['nsid'])));
  });
  printer.text('\n');
}

const everything = { family: 'unspec' };

/** Routes of multicast packets are told by the same messages. */
const isMulticast = (body: Json): boolean => body['family'] === 'ipmr' || body['family'] === 'ip6mr';

/** In the order that abbreviations go by. */
const table: WatchTable = {
  link: {
    groups: { any: ['link'] }, messages: ['link'], label: 'LINK', dump: ['getlink', everything],
    // Bridges tell of their ports in the same group: a second event about the same change, which in JSON only -f bridge asks for.
    accepts: (body, { options: { family, json } }) => !json || body['family'] !== 'bridge' || family === 'bridge',
    print: (printer, body) => printLink(printer, body, { own: true, event: true }),
  },
  address: { groups: { inet: ['ipv4Ifaddr'], inet6: ['ipv6Ifaddr'] }, messages: ['addr'], label: 'ADDR', dump: ['getaddr', everything], print: address },
  route: {
    groups: { inet: ['ipv4Route'], inet6: ['ipv6Route'], mpls: ['mplsRoute'] }, messages: ['route'], label: 'ROUTE', dump: ['getroute', everything],
    accepts: (body) => !isMulticast(body), print: (printer, body) => printRoute(printer, body, { table: 0 }),
  },
  mroute: { groups: { inet: ['ipv4Mroute'], inet6: ['ipv6Mroute'] }, messages: ['route'], label: 'MROUTE', dump: ['getroute', everything], accepts: isMulticast, print: (printer, body) => printMroute(printer, body, 0) },
  'neigh|neighbour|neighbor': { groups: { any: ['neigh'] }, messages: ['neigh'], label: 'NEIGH', object: 'neighbour', dump: ['getneigh', everything], print: (printer, body) => printNeighbour(printer, body, false) },
  rule: { groups: { inet: ['ipv4Rule'], inet6: ['ipv6Rule'] }, messages: ['rule'], label: 'RULE', dump: ['getrule', everything], print: (printer, body) => printRule(printer, body) },
  nsid: { groups: { any: ['nsid'] }, messages: ['nsid'], label: 'NSID', print: nsid },
  maddress: { groups: { inet: ['ipv4Mcaddr'], inet6: ['ipv6Mcaddr'] }, messages: ['multicast'], label: 'ADDR', print: address },
  acaddress: { groups: { inet6: ['ipv6Acaddr'] }, messages: ['anycast'], label: 'ADDR', print: address },
  netconf: {
    groups: { inet: ['ipv4Netconf'], inet6: ['ipv6Netconf'], mpls: ['mplsNetconf'] }, messages: ['netconf'], label: 'NETCONF', dump: ['getnetconf', everything],
    print: (printer, body) => printNetconf(printer, body),
  },
  nexthop: {
    groups: { any: ['nexthop'] }, messages: ['nexthop', 'nexthopbucket'], label: 'NEXTHOP', dump: ['getnexthop', everything],
    other: { nexthopbucket: { label: 'NEXTHOPBUCKET', object: 'bucket' } },
    print: (printer, body, message) => (message === 'nexthop' ? printNexthop : printBucket)(printer, body),
  },
  prefix: { groups: { inet6: ['ipv6Prefix'] }, messages: ['prefix'], label: 'PREFIX', print: (printer, body) => printPrefix(printer, body) },
  stats: { groups: { any: ['stats'] }, messages: ['stats'], label: 'STATS', print: printStatsEvent },
};

export const monitor: Command = {
  summary: 'changes as they happen',
  examples: ['ip monitor', 'ip monitor link route', 'ip -ts monitor label all-nsid', 'ip -j monitor link   # NDJSON: {"event":"change","changed":{"mtu":[1500,1400]},...}'],
  usage: `[ all | OBJECT ... ] [ file FILE ] [ label ] [ all-nsid ] [ dev DEVICE ]   OBJECT: ${Object.keys(table).join(' | ').replaceAll('|', ' | ')}`,
  options: watchOptions(table),
  run: watcher(table),
};
