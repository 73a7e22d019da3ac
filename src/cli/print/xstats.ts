/** Statistics of one link by group: a line that says which, then what was counted. */
import { at } from '../grammar.ts';
import { counter } from './formats.ts';
import type { Format, Json, Printer } from './printer.ts';
import { statistics } from './statistics.ts';
import { printCounted, type Counted } from './vlandb.ts';

/** One thing that can be asked for. */
export interface Leaf {
  readonly group: string;
  readonly subgroup?: string;
  readonly suite?: string;
  /** Bit of the question's mask. */
  readonly mask: string;
  /** Bits of the finer mask of hardware statistics. */
  readonly offload?: readonly string[];
  /** Begins after the line's words and ends with them, or at the start of a line. */
  readonly print: (printer: Printer, stats: Json) => void;
}

type Column = readonly [heading: string, key: string, json?: string];

const onOff: Format = { text: (value) => (value ? 'on' : 'off'), json: Boolean };

/** Least widths of a small table's columns. */
const least = [9, 7, 6, 7, 7];

const common: readonly Column[] = [['bytes', 'Bytes'], ['packets', 'Packets'], ['errors', 'Errors'], ['dropped', 'Dropped']];

/** Counters of the kind that hardware and MPLS keep: two rows of few columns. */
function smallTable(printer: Printer, key: string, counted: Json, more: Column): void {
  const rows = [['rx', [...common, more]], ['tx', common]] as const;
  const value = (direction: string, [, name]: Column): unknown => counted[/^[A-Z]/.test(name) ? `${direction}${name}` : name];
  if (printer.json) {
    printer.object(key, () => {
      for (const [direction, columns] of rows) printer.object(direction, () => {
        for (const column of columns) printer.value(column[2] ?? column[0], null, value(direction, column), counter);
      });
    });
    return;
  }
  const widths = least.map((width, i) => Math.max(width, ...rows.map(([direction, columns]) => String((columns[i] && value(direction, columns[i])) ?? '').length)));
  rows.forEach(([direction, columns], row) => {
    if (row > 0) printer.newline();
    printer.text(`    ${direction.toUpperCase()}: ${columns.map(([heading], i) => heading.padStart((widths[i] as number) - (i === 0 ? 4 : 0))).join(' ')}`);
    printer.newline();
    printer.text(`    ${columns.map((column, i) => `${String(value(direction, column)).padStart(widths[i] as number)} `).join('')}`);
  });
}

function link(printer: Printer, stats: Json): void {
  printer.newline();
  if (stats['link64'] !== undefined) statistics(printer, { stats64: stats['link64'] }, printer.statistics > 0);
}

function cpuHit(printer: Printer, stats: Json): void {
  printer.newline();
  const counted = at(stats, 'linkOffloadXstats.cpuHit');
  if (counted !== undefined) statistics(printer, { stats64: counted }, printer.statistics > 0);
}

/** IFLA_OFFLOAD_XSTATS_L3_STATS: the number by which the counter's state is told. */
const l3 = 3;

/** Whether a counter was asked for and whether a driver counts. */
function state(printer: Printer, info: { request?: number; used?: number }): void {
  printer.value('request', ' %', info.request, onOff);
  printer.value('used', ' used %', info.used, onOff);
}

function l3Stats(printer: Printer, stats: Json): void {
  const info = at(stats, `linkOffloadXstats.hwSInfo.${l3}`) as Json | undefined;
  if (info) printer.object('info', () => state(printer, info));
  const counted = at(stats, 'linkOffloadXstats.l3Stats') as Json | undefined;
  if (!counted) return;
  printer.newline();
  smallTable(printer, 'stats64', counted, ['mcast', 'multicast', 'multicast']);
}

function hwStatsInfo(printer: Printer, stats: Json): void {
  const all = at(stats, 'linkOffloadXstats.hwSInfo') as Readonly<Record<string, Json>> | undefined;
  if (!all) return;
  printer.object('info', () => {
    for (const [number, info] of Object.entries(all)) {
      const name = Number(number) === l3 ? 'l3_stats' : `<${number}>`;
      printer.newline();
      printer.text(`    ${name}`);
      printer.object(name, () => state(printer, info));
    }
  });
}

function mpls(printer: Printer, stats: Json): void {
  const counted = at(stats, 'afSpec.mpls.link') as Json | undefined;
  if (!counted) return;
  printer.newline();
  smallTable(printer, 'mpls_stats', counted, ['noroute', 'rxNoroute', 'noroute']);
}

/** The lines of extended counters stand under the words of their line, and are lines even with -o. */
const indent = ' '.repeat(20);

const bondWords: readonly (readonly [key: string, json: string, text: string])[] = [
  ['lacpduRx', 'lacpdu_rx', 'LACPDU Rx'], ['lacpduTx', 'lacpdu_tx', 'LACPDU Tx'], ['lacpduUnknownRx', 'lacpdu_unknown_rx', 'LACPDU Unknown type Rx'],
  ['lacpduIllegalRx', 'lacpdu_illegal_rx', 'LACPDU Illegal Rx'], ['markerRx', 'marker_rx', 'Marker Rx'], ['markerTx', 'marker_tx', 'Marker Tx'],
  ['markerRespRx', 'marker_response_rx', 'Marker response Rx'], ['markerRespTx', 'marker_response_tx', 'Marker response Tx'],
  ['markerUnknownRx', 'marker_unknown_rx', 'Marker unknown type Rx'],
];

function bond(printer: Printer, frames: Json): void {
  printer.object('802.3ad', () => {
    for (const [key, json, text] of bondWords) {
      printer.value(json, `${indent}${text} %`, frames[key], counter);
      if (frames[key] !== undefined) printer.text('\n');
    }
  });
}

type Pair = readonly [received: bigint, sent: bigint];

/** Queries or reports by the protocol's version. */
function versions(printer: Printer, json: string, text: string, pairs: readonly Pair[]): void {
  printer.text(`${indent}${text}:`);
  printer.text('\n');
  printer.object(json, () => {
    (['rx', 'tx'] as const).forEach((direction, i) => {
      printer.text(`${indent}  ${direction.toUpperCase()}:`);
      pairs.forEach((pair, version) => printer.value(`${direction}_v${version + 1}`, ` v${version + 1} %`, pair[i], counter));
      printer.text('\n');
    });
  });
}

function leaves(printer: Printer, json: string, text: string, pair: Pair): void {
  printer.object(json, () => {
    printer.value('rx', `${indent}${text}: RX: %`, pair[0], counter);
    printer.value('tx', ' TX: %', pair[1], counter);
  });
  printer.text('\n');
}

function bridgeMulticast(printer: Printer, counted: Json): void {
  const mcast = counted as Record<string, Pair>;
  const pairs = (...keys: string[]): Pair[] => keys.map((key) => mcast[key] as Pair);
  printer.object('multicast', () => {
    versions(printer, 'igmp_queries', 'IGMP queries', pairs('igmpV1queries', 'igmpV2queries', 'igmpV3queries'));
    versions(printer, 'igmp_reports', 'IGMP reports', pairs('igmpV1reports', 'igmpV2reports', 'igmpV3reports'));
    leaves(printer, 'igmp_leaves', 'IGMP leaves', mcast['igmpLeaves'] as Pair);
    printer.value('igmp_parse_errors', `${indent}IGMP parse errors: %`, mcast['igmpParseErrors'], counter);
    printer.text('\n');
    versions(printer, 'mld_queries', 'MLD queries', pairs('mldV1queries', 'mldV2queries'));
    versions(printer, 'mld_reports', 'MLD reports', pairs('mldV1reports', 'mldV2reports'));
    leaves(printer, 'mld_leaves', 'MLD leaves', mcast['mldLeaves'] as Pair);
    printer.value('mld_parse_errors', `${indent}MLD parse errors: %`, mcast['mldParseErrors'], counter);
    printer.text('\n');
  });
}

const stpLines: readonly (readonly [text: string, first: readonly [string, string], between: string, second: readonly [string, string]])[] = [
  ['STP BPDU:  RX: ', ['rx_bpdu', 'rxBpdu'], ' TX: ', ['tx_bpdu', 'txBpdu']],
  ['STP TCN:   RX: ', ['rx_tcn', 'rxTcn'], ' TX: ', ['tx_tcn', 'txTcn']],
  ['STP Transitions: Blocked: ', ['transition_blk', 'transitionBlk'], ' Forwarding: ', ['transition_fwd', 'transitionFwd']],
];

function bridgeStp(printer: Printer, stp: Json): void {
  printer.object('stp', () => {
    for (const [text, [first, firstKey], between, [second, secondKey]] of stpLines) {
      printer.value(first, `${indent}${text}%`, stp[firstKey], counter);
      printer.value(second, `${between}%`, stp[secondKey], counter);
      printer.text('\n');
    }
  });
}

function bridgeVlans(printer: Printer, counted: Json): void {
  printer.array('vlans', () => (counted as unknown as readonly Counted[]).forEach((one, i) => {
    if (i > 0) printer.text('\n');
    printCounted(printer, one, '');
  }));
}

interface Suite {
  readonly key: string;
  readonly print: (printer: Printer, counted: Json) => void;
  /** Not of `ip link xstats`. */
  readonly stats?: true;
}
/** The suites of each kind's extended counters: whole lines. */
const suites: Readonly<Record<'bond' | 'bridge', Readonly<Record<string, Suite>>>> = {
  bond: { '802.3ad': { key: '3ad', print: bond } },
  bridge: { vlan: { key: 'vlan', print: bridgeVlans, stats: true }, mcast: { key: 'mcast', print: bridgeMulticast }, stp: { key: 'stp', print: bridgeStp } },
};
export type XstatsKind = keyof typeof suites;

/** A port's counters are those that its master has for it. */
const maskOf = (slave: boolean): 'linkXstats' | 'linkXstatsSlave' => (slave ? 'linkXstatsSlave' : 'linkXstats');

/** One suite of a kind's counters, of the link itself or as a port of its master. */
function extended(group: 'xstats' | 'xstats_slave', kind: XstatsKind, suite: string): Leaf {
  const mask = maskOf(group === 'xstats_slave'), { key, print } = suites[kind][suite] as Suite;
  return {
    group, subgroup: kind, suite, mask,
    print(printer, stats) {
      const counted = at(stats, `${mask}.${kind}.${key}`) as Json | undefined;
      if (!counted) return;
      printer.newline();
      print(printer, counted);
    },
  };
}

/** `ip link xstats`: all suites of a link, or one, below its name. */
export function printXstats(printer: Printer, stats: Json, kind: XstatsKind, slave: boolean, suite?: string): void {
  const counted = at(stats, `${maskOf(slave)}.${kind}`) as Json | undefined;
  if (!counted) return;
  printer.object(null, () => {
    printer.value('ifname', '%16\n', printer.context.links.name(Number(stats['ifindex'])));
    for (const [name, { key, print, stats: only }] of Object.entries(suites[kind])) {
      if (!only && counted[key] !== undefined && (suite === undefined || suite === name)) print(printer, counted[key] as Json);
    }
  });
}

/** In the order they are printed. */
export const leafs: readonly Leaf[] = [
  { group: 'afstats', subgroup: 'mpls', mask: 'afSpec', print: mpls },
  { group: 'link', mask: 'link64', print: link },
  { group: 'offload', subgroup: 'l3_stats', mask: 'linkOffloadXstats', offload: ['hwSInfo', 'l3Stats'], print: l3Stats },
  { group: 'offload', subgroup: 'hw_stats_info', mask: 'linkOffloadXstats', offload: ['hwSInfo'], print: hwStatsInfo },
  { group: 'offload', subgroup: 'cpu_hit', mask: 'linkOffloadXstats', offload: ['cpuHit'], print: cpuHit },
  extended('xstats_slave', 'bond', '802.3ad'),
  extended('xstats', 'bond', '802.3ad'),
  extended('xstats_slave', 'bridge', 'vlan'),
  extended('xstats_slave', 'bridge', 'mcast'),
  extended('xstats_slave', 'bridge', 'stp'),
  extended('xstats', 'bridge', 'vlan'),
  extended('xstats', 'bridge', 'mcast'),
  extended('xstats', 'bridge', 'stp'),
];

export function printStats(printer: Printer, stats: Json, wanted: readonly Leaf[]): void {
  for (const leaf of wanted) {
    printer.object(null, () => {
      printer.value('ifindex', '%:', stats['ifindex']);
      printer.value('ifname', ' %:', printer.context.links.name(Number(stats['ifindex'])), { paint: 'ifname' });
      printer.value('group', ' group %', leaf.group);
      printer.value('subgroup', ' subgroup %', leaf.subgroup);
      printer.value('suite', ' suite %', leaf.suite);
      leaf.print(printer, stats);
    });
    printer.newline();
  }
}

/** RTM_NEWSTATS as an event: the kernel tells of a hardware counter that was switched. */
export function printStatsEvent(printer: Printer, stats: Json): void {
  printer.object(null, () => {
    printer.value('ifindex', '%:', stats['ifindex']);
    printer.value('ifname', ' %:', printer.context.links.name(Number(stats['ifindex'])), { paint: 'ifname' });
    hwStatsInfo(printer, stats);
  });
  printer.newline();
}
