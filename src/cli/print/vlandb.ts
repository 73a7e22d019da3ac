/** VLANs of a port or bridge from the VLAN database, with their options: rows under the link's name. */
import { portStateName } from '../ip/kinds/bridge-slave.ts';
import { at } from '../grammar.ts';
import { counter, linkName, onOff, via } from './formats.ts';
import type { Json, Printer, Sheet } from './printer.ts';
import { routerTimer } from './router-port.ts';

/** Columns: the link's name, then the VLAN; options stand two further. */
export const nameWidth = 16;
const indent = ' '.repeat(nameWidth + 4);

/** The first column; empty below a link's first row. With its blanks it is one colour. */
export function nameColumn(printer: Printer, name: string): void {
  const column = `${name.padEnd(nameWidth)}  `;
  printer.text(name === '' ? column : printer.paint('ifname', column));
}

/** A VLAN or a range, after the name on the first row. */
function row(printer: Printer, name: string, first: unknown, last: unknown): void {
  nameColumn(printer, name);
  printer.value('vlan', '%', first);
  if (last !== undefined && last !== first) printer.value('vlanEnd', '-%', last);
}

/** What a VLAN is at a port; in JSON a list as soon as there is any flag, though not every flag has a word. */
export function vlanFlags(printer: Printer, flags: readonly string[]): void {
  const words = [...(flags.includes('pvid') ? ['PVID'] : []), ...(flags.includes('untagged') ? ['Egress Untagged'] : [])];
  if (flags.length > 0) printer.list('flags', words, words.map((word) => ` ${word}`).join(''));
}

const optionSheet: Sheet = [
  ['state', 'state % ', 'state', via(portStateName)],
  ['mcast_router', 'mcast_router % ', 'mcastRouter'],
  ['mcast_n_groups', 'mcast_n_groups % ', 'mcastNGroups'],
  ['mcast_max_groups', 'mcast_max_groups % ', 'mcastMaxGroups'],
  ['neigh_suppress', 'neigh_suppress % ', 'neighSuppress', onOff],
  ['neigh_forward_grat', 'neigh_forward_grat % ', 'neighForwardGrat', onOff],
];

const plain = (...words: readonly (readonly [word: string, key: string])[]): Sheet => words.map(([word, key]) => [word, `${word} % `, key, counter]);

const globalSheet: Sheet = [
  ...plain(
    ['mcast_snooping', 'mcastSnooping'], ['mcast_querier', 'mcastQuerier'], ['mcast_igmp_version', 'mcastIgmpVersion'], ['mcast_mld_version', 'mcastMldVersion'],
    ['mcast_last_member_count', 'mcastLastMemberCnt'], ['mcast_last_member_interval', 'mcastLastMemberIntvl'],
    ['mcast_startup_query_count', 'mcastStartupQueryCnt'], ['mcast_startup_query_interval', 'mcastStartupQueryIntvl'],
    ['mcast_membership_interval', 'mcastMembershipIntvl'], ['mcast_querier_interval', 'mcastQuerierIntvl'],
    ['mcast_query_interval', 'mcastQueryIntvl'], ['mcast_query_response_interval', 'mcastQueryResponseIntvl'], ['msti', 'msti'],
  ),
];

function options(printer: Printer, sheet: Sheet, of: Json): void {
  printer.newline();
  printer.text(indent);
  printer.sheet(sheet, of);
}

function counters(printer: Printer, counted: Json): void {
  for (const [direction, name] of [['rx', 'RX'], ['tx', 'TX']] as const) {
    printer.newline();
    printer.value(`${direction}_bytes`, `${indent}${name}: % bytes`, counted[`${direction}Bytes`], counter);
    printer.value(`${direction}_packets`, ' % packets', counted[`${direction}Packets`], counter);
  }
}

function entry(printer: Printer, one: Json, name: string): void {
  const { vid, flags } = one['info'] as { vid: number; flags: string[] };
  printer.object(null, () => {
    row(printer, name, vid, one['range']);
    vlanFlags(printer, flags);
    options(printer, optionSheet, one);
    const counted = one['stats'] as Json | undefined;
    if (counted && printer.statistics > 0) counters(printer, counted);
  });
  printer.newline();
}

function globals(printer: Printer, one: Json, name: string): void {
  printer.object(null, () => {
    row(printer, name, one['id'], one['range']);
    options(printer, globalSheet, one);
    const ports = at(one, 'mcastRouterPorts.router.port') as Json[] | undefined;
    if (!ports) return;
    printer.newline();
    printer.text(`${indent}router ports: `);
    printer.array('router_ports', () => ports.forEach((port) => printer.object(null, () => {
      printer.value('port', '% ', port['ifindex'], linkName);
      if (printer.statistics > 0) routerTimer(printer, port);
    })));
  });
  printer.newline();
}

/** One message of the database: VLANs of a link, or what holds for VLANs of the whole bridge. */
export function printVlandb(printer: Printer, message: Json): void {
  const name = printer.context.links.name(Number(message['ifindex']));
  const rows: (readonly [print: typeof entry, one: Json])[] = [
    ...((message['entry'] ?? []) as Json[]).map((one) => [entry, one] as const),
    ...((message['globalOptions'] ?? []) as Json[]).map((one) => [globals, one] as const),
  ];
  printer.object(null, () => {
    printer.value('ifname', null, name);
    printer.array('vlans', () => rows.forEach(([print, one], i) => print(printer, one, i === 0 ? name : '')));
  });
}

/** struct bridge_vlan_xstats. */
export interface Counted { vid: number; flags: string[]; rxBytes: bigint; rxPackets: bigint; txBytes: bigint; txPackets: bigint }

/** What went through a VLAN: on lines below its number. */
export function printCounted(printer: Printer, { vid, flags, rxBytes, rxPackets, txBytes, txPackets }: Counted, port: string): void {
  printer.object(null, () => {
    nameColumn(printer, port);
    printer.value('vid', '%', vid);
    vlanFlags(printer, flags);
    printer.newline();
    printer.value('rx_bytes', `${indent}RX: % bytes`, rxBytes, counter);
    printer.value('rx_packets', ' % packets\n', rxPackets, counter);
    printer.value('tx_bytes', `${indent}TX: % bytes`, txBytes, counter);
    printer.value('tx_packets', ' % packets\n', txPackets, counter);
  });
}
