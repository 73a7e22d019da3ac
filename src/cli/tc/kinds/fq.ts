/** `fq`. */
import { act, is, to } from '../../grammar.ts';
import { usage } from '../../errors.ts';
import { counter } from '../../print/formats.ts';
import type { Json, Printer } from '../../print/printer.ts';
import { integer, u32, word } from '../../values.ts';
import type { TcKind } from '../kind.ts';
import { rate32, rateFormat, size, sizeFormat, time, timeFormat, time64, time64Format } from '../units.ts';
import { bandMap } from './prio.ts';

const unlimited = 0xffffffff, bands = 3;
const buckets = word('NUMBER', (given, _context, after) => {
  const log = Math.log2(Number(given));
  if (!Number.isInteger(log) || log < 1 || log > 18) throw usage(`"${given}" is not a number for "${after}"`, 'a power of two, 2 to 262144');
  return log;
});
const weights = {
  name: 'WEIGHT WEIGHT WEIGHT',
  read: (words: Parameters<typeof buckets.read>[0], context: Parameters<typeof buckets.read>[1], after: string): unknown => Array.from({ length: bands }, () => u32('WEIGHT').read(words, context, after)),
};
/** Nanoseconds that 32 bits hold. */
const nanoseconds = { ...time64, read: (...args: Parameters<typeof time64.read>): number => {
  const ns = time64.read(...args) as bigint;
  if (ns > 0xffffffffn) throw usage(`"${args[2]}" is at most 4.29s`);
  return Number(ns);
} };

function print(printer: Printer, o: Json): void {
  const rateOf = (key: string, name: string): void => { if (o[key] !== undefined && o[key] !== unlimited && o[key] !== 0) printer.value(name, `${name} % `, o[key], rateFormat); };
  printer.value('limit', 'limit %p ', o['plimit']);
  printer.value('flow_limit', 'flow_limit %p ', o['flowPlimit']);
  printer.value('buckets', 'buckets % ', o['bucketsLog'] === undefined ? undefined : 2 ** Number(o['bucketsLog']));
  printer.value('orphan_mask', 'orphan_mask % ', o['orphanMask']);
  if (o['rateEnable'] === 0) printer.value('pacing', 'nopacing ', false);
  const map = o['priomap'] as { bands: number; priomap: number[] } | undefined;
  if (map) {
    printer.value('bands', 'bands % ', map.bands);
    printer.list('priomap', map.priomap, `priomap ${map.priomap.join(' ')} `);
  }
  if (Array.isArray(o['weights'])) printer.list('weights', o['weights'], `weights ${o['weights'].join(' ')} `);
  printer.value('quantum', 'quantum % ', o['quantum'], sizeFormat);
  printer.value('initial_quantum', 'initial_quantum % ', o['initialQuantum'], sizeFormat);
  rateOf('flowMaxRate', 'maxrate');
  rateOf('flowDefaultRate', 'defrate');
  rateOf('lowRateThreshold', 'low_rate_threshold');
  printer.value('refill_delay', 'refill_delay % ', o['flowRefillDelay'], timeFormat);
  if (o['ceThreshold'] !== unlimited) printer.value('ce_threshold', 'ce_threshold % ', o['ceThreshold'], timeFormat);
  printer.value('timer_slack', 'timer_slack % ', o['timerSlack'], time64Format);
  printer.value('horizon', 'horizon % ', o['horizon'], timeFormat);
  if (o['horizonDrop'] !== undefined) printer.value(o['horizonDrop'] ? 'horizon_drop' : 'horizon_cap', o['horizonDrop'] ? 'horizon_drop ' : 'horizon_cap ', null);
  printer.value('offload_horizon', 'offload_horizon % ', o['offloadHorizon'], timeFormat);
}

function printStats(printer: Printer, s: Json): void {
  const all = Array.from({ length: bands }, (_, i) => i), of = (key: string, i: number): number | bigint => (s[key] as (number | bigint)[] | undefined)?.[i] ?? 0;
  /** Reports of older kernels end before some. */
  const count = (key: string, name: string, text = ` ${name} %`, always = false): void => { if (s[key] || always) printer.value(name, text, s[key] ?? 0n, counter); };
  printer.value('flows', '  flows %', s['flows']);
  printer.value('inactive', ' (inactive %', s['inactiveFlows']);
  printer.value('throttled', ' throttled %)', s['throttledFlows']);
  for (const i of all) printer.value(`band${i}_pkts`, ` band${i}_pkts %`, of('bandPktCount', i));
  if (Number(s['timeNextDelayedFlow'] ?? 0) > 0) printer.value('next_packet_delay', ' next_packet_delay %', s['timeNextDelayedFlow'], time64Format);
  printer.newline();
  count('gcFlows', 'gc', '  gc %', true);
  count('highprioPackets', 'highprio', ' highprio %', true);
  count('fastpathPackets', 'fastpath');
  count('tcpRetrans', 'retrans');
  printer.value(null, ' throttled %', s['throttled'], counter);
  if (s['unthrottleLatencyNs']) printer.value('latency', ' latency %', s['unthrottleLatencyNs'], time64Format);
  count('ceMark', 'ce_mark');
  count('flowsPlimit', 'flows_plimit');
  if (s['pktsTooLong'] || s['allocationErrors']) {
    count('pktsTooLong', 'pkts_too_long', undefined, true);
    count('allocationErrors', 'alloc_errors', undefined, true);
  }
  if (s['horizonDrops'] || s['horizonCaps']) {
    count('horizonDrops', 'horizon_drops', undefined, true);
    count('horizonCaps', 'horizon_caps', undefined, true);
  }
  for (const i of all) if (of('bandDrops', i)) printer.value(`band${i}_drops`, ` band${i}_drops %`, of('bandDrops', i), counter);
}

export const fq: TcKind = {
  options: {
    limit: to('plimit', u32('PACKETS'), 'most that wait'), flow_limit: to('flowPlimit', u32('PACKETS'), 'most of a flow'),
    quantum: to('quantum', size, 'bytes a round'), initial_quantum: to('initialQuantum', size, 'of a flow\'s first round'),
    maxrate: to('flowMaxRate', rate32, 'of a flow'), defrate: to('flowDefaultRate', rate32), low_rate_threshold: to('lowRateThreshold', rate32, 'up to which packets go alone'),
    buckets: to('bucketsLog', buckets, 'of the hash table'), orphan_mask: to('orphanMask', u32('MASK'), 'bits that flows without a socket are told apart by'),
    pacing: is('rateEnable', 1), nopacing: is('rateEnable', 0, 'flows are not paced'),
    refill_delay: to('flowRefillDelay', time, 'rest after which a flow is new'), ce_threshold: to('ceThreshold', time, 'from which packets are marked'), timer_slack: to('timerSlack', nanoseconds),
    horizon: to('horizon', time, 'how far ahead packets may be timed'), horizon_drop: is('horizonDrop', 1, 'what is beyond is dropped'), horizon_cap: is('horizonDrop', 0, 'what is beyond goes at the horizon'),
    bands: act(() => {}, integer('3', bands, bands), { help: 'how many there are' }),
    priomap: act((draft, value) => { draft['priomap'] = { bands, priomap: value }; }, bandMap((given) => Array.from({ length: 16 }, (_, i) => given[i] ?? 1)), { help: 'one of three bands for each of 16 priorities' }),
    weights: to('weights', weights, 'bytes a round of each band'), offload_horizon: to('offloadHorizon', time, 'how far ahead packets are left to the device'),
  },
  build: (draft) => draft,
  print,
  printStats,
};
