/** `cake`. */
import { usage } from '../../errors.ts';
import { act, is, to, type Draft, type Grammar } from '../../grammar.ts';
import { hex } from '../../print/formats.ts';
import { integer, u32 } from '../../values.ts';
import type { Json, Printer } from '../../print/printer.ts';
import type { TcKind } from '../kind.ts';
import { rate, rateFormat, rateText, size, sizeFormat, sizeText, time, timeFormat, timeText } from '../units.ts';

const diffservs = ['diffserv3', 'diffserv4', 'diffserv8', 'besteffort', 'precedence'] as const;
/** Words for what flows are -> the schema's. */
const flowModes = { flowblind: 'none', srchost: 'srcIp', dsthost: 'dstIp', hosts: 'hosts', flows: 'flows', 'dual-srchost': 'dualSrc', 'dual-dsthost': 'dualDst', 'triple-isolate': 'triple' } as const;
const ackFilters = { 'no-ack-filter': 'none', 'ack-filter': 'filter', 'ack-filter-aggressive': 'aggressive' } as const;
const frames = { noatm: 'none', atm: 'atm', ptm: 'ptm' } as const;
/** Round trips of some kinds of network, in microseconds. */
const roundTrips = { datacentre: 100, lan: 1000, metro: 10_000, regional: 30_000, internet: 100_000, oceanic: 300_000, satellite: 1_000_000, interplanetary: 1_000_000_000 } as const;
/** What links put around packets: bytes, cells, and the least that a frame takes. */
const links: Readonly<Record<string, { overhead: number; atm?: string; mpu?: number; adds?: boolean }>> = {
  conservative: { atm: 'atm', overhead: 48 },
  'ipoa-vcmux': { atm: 'atm', overhead: 8 }, 'ipoa-llcsnap': { atm: 'atm', overhead: 16 }, 'bridged-vcmux': { atm: 'atm', overhead: 24 }, 'bridged-llcsnap': { atm: 'atm', overhead: 32 },
  'pppoa-vcmux': { atm: 'atm', overhead: 10 }, 'pppoa-llc': { atm: 'atm', overhead: 14 }, 'pppoe-vcmux': { atm: 'atm', overhead: 32 }, 'pppoe-llcsnap': { atm: 'atm', overhead: 40 },
  'pppoe-ptm': { atm: 'ptm', overhead: 30 }, 'bridged-ptm': { atm: 'ptm', overhead: 22 }, 'via-ethernet': { overhead: 0 },
  ethernet: { overhead: 38, mpu: 84, adds: true }, docsis: { overhead: 18, mpu: 64 }, 'ether-vlan': { overhead: 4, adds: true },
};

const words = <T extends Readonly<Record<string, unknown>>>(path: string, table: T): Grammar => Object.fromEntries(Object.entries(table).map(([word, value]) => [word, is(path, value)]));
const grammar: Grammar = {
  bandwidth: to('baseRate64', rate, 'of the link'),
  unlimited: is('baseRate64', 0n),
  'autorate-ingress': is('autorate', 1, 'the rate follows what comes in'),
  rtt: to('rtt', time, 'round trip'),
  ...words('rtt', roundTrips),
  ...Object.fromEntries(diffservs.map((name) => [name, is('diffservMode', name)])),
  ...words('flowMode', flowModes),
  nat: is('nat', 1, 'hosts behind NAT are told apart'), nonat: is('nat', 0),
  wash: is('wash', 1, 'DS fields are cleared'), nowash: is('wash', 0),
  ingress: is('ingress', 1, 'dropped packets count'), egress: is('ingress', 0),
  ...words('ackFilter', ackFilters),
  'split-gso': is('splitGso', 1, 'large packets are split'), 'no-split-gso': is('splitGso', 0),
  memlimit: to('memory', size, 'most bytes of memory'),
  fwmark: to('fwmark', u32('MASK'), 'bits of the mark that name the tin'),
  raw: act((draft) => { Object.assign(draft, { atm: 'none', overhead: 0, raw: 0 }); }, undefined, { help: 'nothing is added' }),
  ...words('atm', frames),
  overhead: act((draft, value) => { draft['overhead'] = Number(draft['overhead'] ?? 0) + Number(value); }, integer('BYTES', -64, 256), { help: 'that a packet takes more' }),
  mpu: to('mpu', integer('BYTES', 0, 256), 'that a packet takes at least'),
  ...Object.fromEntries(Object.entries(links).map(([word, { overhead, atm, mpu, adds }]) => [word, act((draft: Draft) => {
    draft['overhead'] = Number(draft['overhead'] ?? 0) + overhead;
    if (!adds) draft['atm'] = atm ?? draft['atm'] ?? 'none';
    if (mpu !== undefined) draft['mpu'] = mpu;
  })])),
};

const wordOf = <T extends Readonly<Record<string, string>>>(table: T, value: unknown): string | undefined => Object.keys(table).find((word) => table[word] === value);

function print(printer: Printer, o: Json): void {
  const text = (word: string | undefined): void => { if (word !== undefined) printer.text(`${word} `); };
  const toggle = (key: string, value: unknown, on: string, off: string): void => {
    if (value === undefined) return;
    text(value ? on : off);
    printer.value(key, null, Boolean(value));
  };
  const base = o['baseRate64'] as bigint | undefined;
  if (base) printer.value('bandwidth', 'bandwidth % ', base, rateFormat);
  else if (base !== undefined) printer.value('bandwidth', 'bandwidth % ', 'unlimited');
  if (o['autorate'] === 1) printer.value('autorate', '% ', 'autorate-ingress');
  printer.value('diffserv', '% ', o['diffservMode']);
  printer.value('flowmode', '% ', wordOf(flowModes, o['flowMode']));
  toggle('nat', o['nat'], 'nat', 'nonat');
  toggle('wash', o['wash'], 'wash', 'nowash');
  if (o['ingress'] !== undefined) {
    if (o['ingress']) text('ingress');
    printer.value('ingress', null, Boolean(o['ingress']));
  }
  if (o['ackFilter'] !== undefined) {
    text(wordOf(ackFilters, o['ackFilter']));
    printer.value('ack-filter', null, { none: 'disabled', filter: 'enabled', aggressive: 'aggressive' }[o['ackFilter'] as string]);
  }
  toggle('split_gso', o['splitGso'], 'split-gso', 'no-split-gso');
  printer.value('rtt', 'rtt % ', o['rtt'], timeFormat);
  const raw = o['raw'] !== undefined;
  if (raw) text('raw');
  printer.value('raw', null, raw);
  if (!raw || o['atm'] !== 'none') printer.value('atm', '% ', wordOf(frames, o['atm']));
  printer.value('overhead', 'overhead % ', o['overhead']);
  if (o['mpu']) printer.value('mpu', 'mpu % ', o['mpu']);
  if (o['memory']) printer.value('memlimit', 'memlimit % ', o['memory'], sizeFormat);
  if (o['fwmark'] || printer.json) printer.value('fwmark', 'fwmark % ', o['fwmark'], hex);
}

/** Rows of the table of tins: word, schema's key, JSON's key, how it is written; some only in JSON's order. */
const rows: readonly (readonly [name: string, key: string, json: string, write: (value: never) => string])[] = [
  ['thresh', 'thresholdRate64', 'threshold_rate', String], ['target', 'targetUs', 'target_us', timeText], ['interval', 'intervalUs', 'interval_us', timeText],
  ['pk_delay', 'peakDelayUs', 'peak_delay_us', timeText], ['av_delay', 'avgDelayUs', 'avg_delay_us', timeText], ['sp_delay', 'baseDelayUs', 'base_delay_us', timeText],
  ['backlog', 'backlogBytes', 'backlog_bytes', sizeText], ['pkts', 'sentPackets', 'sent_packets', String], ['bytes', 'sentBytes64', 'sent_bytes', String],
  ['way_inds', 'wayIndirectHits', 'way_indirect_hits', String], ['way_miss', 'wayMisses', 'way_misses', String], ['way_cols', 'wayCollisions', 'way_collisions', String],
  ['drops', 'droppedPackets', 'drops', String], ['marks', 'ecnMarkedPackets', 'ecn_mark', String], ['ack_drop', 'acksDroppedPackets', 'ack_drops', String],
  ['sp_flows', 'sparseFlows', 'sparse_flows', String], ['bk_flows', 'bulkFlows', 'bulk_flows', String], ['un_flows', 'unresponsiveFlows', 'unresponsive_flows', String],
  ['max_len', 'maxSkblen', 'max_pkt_len', String], ['quantum', 'flowQuantum', 'flow_quantum', String],
];
const jsonOrder = ['threshold_rate', 'sent_bytes', 'backlog_bytes', 'target_us', 'interval_us', 'peak_delay_us', 'avg_delay_us', 'base_delay_us', 'sent_packets'];
/** Names of tins by their number, where all of them have one. */
const tinNames: Readonly<Record<number, readonly string[]>> = { 3: ['Bulk', 'Best Effort', 'Voice'], 4: ['Bulk', 'Best Effort', 'Video', 'Voice'] };
const column = 13;

function printStats(printer: Printer, s: Json): void {
  const pair = (name: string, low: string, high: string, keys: readonly [string, string]): void => {
    if (s[low] === undefined) return;
    printer.value(keys[0], ` min/max ${name}:%`, String(s[low]).padStart(31 - name.length), { json: () => s[low] });
    printer.value(keys[1], ' /%\n', String(s[high]).padStart(8), { json: () => s[high] });
  };
  if (s['deficit'] !== undefined) return flow(printer, s);
  if (s['memoryUsed'] !== undefined) {
    printer.value('memory_used', ' memory used: %', s['memoryUsed'], sizeFormat);
    printer.value('memory_limit', ' of %', s['memoryLimit'], sizeFormat);
    printer.newline();
  }
  if (s['capacityEstimate64'] !== undefined) {
    printer.value('capacity_estimate', ' capacity estimate: %', s['capacityEstimate64'], rateFormat);
    printer.newline();
  }
  pair('network layer size', 'minNetlen', 'maxNetlen', ['min_network_size', 'max_network_size']);
  pair('overhead-adjusted size', 'minAdjlen', 'maxAdjlen', ['min_adj_size', 'max_adj_size']);
  printer.value('avg_hdr_offset', ' average network hdr offset: %\n\n', String(s['avgNetoff']).padStart(12), { json: () => s['avgNetoff'] });
  const tins = (s['tinStats'] ?? []) as Json[];
  if (printer.json) {
    const by = (key: string): number => (jsonOrder.includes(key) ? jsonOrder.indexOf(key) : jsonOrder.length);
    const ordered = [...rows].sort((a, b) => by(a[2]) - by(b[2]));
    printer.array('tins', () => { for (const tin of tins) printer.object(null, () => { for (const [, key, json] of ordered) printer.value(json, null, tin[key], rateFormat); }); });
    return;
  }
  const line = (first: string, cells: readonly string[]): void => printer.text(`${first}${cells.map((cell) => cell.padStart(column)).join('')}\n`);
  line('          ', tins.map((_, i) => tinNames[tins.length]?.[i] ?? `Tin ${i}`));
  for (const [name, key, , write] of rows) {
    line(`  ${name.padEnd(8)}`, tins.map((tin) => (name === 'thresh' ? rateText(tin[key] as bigint, printer.context.options) : write(tin[key] as never))));
  }
}
/** Of one flow. */
function flow(printer: Printer, s: Json): void {
  printer.value('deficit', '  deficit %', s['deficit']);
  printer.value('count', ' count %', s['cobaltCount']);
  if (s['dropping']) printer.value('dropping', ' dropping', true);
  if (s['pDrop']) printer.value('blue_prob', ' blue_prob %', s['pDrop']);
}

export const cake: TcKind = {
  options: grammar,
  build(draft) {
    const overhead = draft['overhead'] as number | undefined;
    if (overhead !== undefined && (overhead < -64 || overhead > 256)) throw usage(`an overhead of ${overhead} bytes in all`, 'between -64 and 256');
    const { rtt, baseRate64 } = draft as { rtt?: number; baseRate64?: bigint };
    // A target goes with each round trip, and a given rate is not followed.
    return { ...(baseRate64 !== undefined && { autorate: 0 }), ...(rtt !== undefined && { target: Math.max(1, Math.trunc(rtt / 20)) }), ...draft };
  },
  print,
  printStats,
};
