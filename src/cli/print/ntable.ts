/** A neighbour table: its limits and counters, or the timers of one interface. */
import { counter, link, via } from './formats.ts';
import type { Json, Printer, Sheet, Special } from './printer.ts';

/** How long ago, in milliseconds, as a local date. */
const moment = via((ago) => {
  const time = new Date(Date.now() - Number(ago));
  const two = (number: number): string => String(number).padStart(2, '0');
  return `${time.getFullYear()}-${two(time.getMonth() + 1)}-${two(time.getDate())} ${two(time.getHours())}:${two(time.getMinutes())}:${two(time.getSeconds())}`;
});

const mask = { text: (value: unknown) => Number(value).toString(16).padStart(8, '0'), json: (value: unknown) => `0x${Number(value).toString(16)}` };

/** Several fields on a line of their own, where there are any. */
function line(test: string, sheet: Sheet): Special {
  return (printer, table) => {
    if (table[test] === undefined) return;
    printer.text('    ');
    printer.sheet(sheet, table);
    printer.newline();
  };
}

/** Words that are the same in text and JSON. */
const plain = (...words: readonly (readonly [word: string, key: string])[]): Sheet => words.map(([word, key]) => [word, `${word} % `, key, counter]);

const limits: Special = line('thresh1', [
  ...plain(['thresh1', 'thresh1'], ['thresh2', 'thresh2'], ['thresh3', 'thresh3']),
  ['gc_interval', 'gc_int % ', 'gcInterval', counter],
]);

const configLines: readonly Special[] = [
  line('keyLen', [['key_length', 'config key_len % ', 'keyLen'], ['entry_size', 'entry_size % ', 'entrySize'], ['entries', 'entries % ', 'entries']]),
  line('lastFlush', [['last_flush', '    last_flush % ', 'lastFlush', moment], ['last_rand', 'last_rand % ', 'lastRand', moment]]),
  line('hashRnd', [
    ['hash_rnd', '    hash_rnd % ', 'hashRnd'],
    ['hash_mask', 'hash_mask % ', 'hashMask', mask],
    ['hash_chain_gc', 'hash_chain_gc % ', 'hashChainGc'],
    ['proxy_qlen', 'proxy_qlen % ', 'proxyQlen'],
  ]),
];

const parameterLines: readonly Special[] = [
  line('ifindex', [['dev', 'dev % ', 'ifindex', link]]),
  line('refcnt', plain(['refcnt', 'refcnt'], ['reachable', 'reachableTime'], ['base_reachable', 'baseReachableTime'], ['retrans', 'retransTime'])),
  line('gcStaletime', plain(['gc_stale', 'gcStaletime'], ['delay_probe', 'delayProbeTime'], ['queue', 'queueLen'])),
  line('appProbes', plain(['app_probes', 'appProbes'], ['ucast_probes', 'ucastProbes'], ['mcast_probes', 'mcastProbes'], ['mcast_reprobes', 'mcastReprobes'])),
  line('anycastDelay', plain(['anycast_delay', 'anycastDelay'], ['proxy_delay', 'proxyDelay'], ['proxy_queue', 'proxyQlen'], ['locktime', 'locktime'])),
];

const counterLines: readonly Special[] = [
  line('allocs', [['allocs', 'stats allocs % ', 'allocs', counter], ...plain(['destroys', 'destroys'], ['hash_grows', 'hashGrows'])]),
  line('resFailed', plain(['res_failed', 'resFailed'], ['lookups', 'lookups'], ['hits', 'hits'])),
  line('rcvProbesMcast', plain(['rcv_probes_mcast', 'rcvProbesMcast'], ['rcv_probes_ucast', 'rcvProbesUcast'])),
  line('periodicGcRuns', plain(['periodic_gc_runs', 'periodicGcRuns'], ['forced_gc_runs', 'forcedGcRuns'])),
  line('tableFulls', plain(['table_fulls', 'tableFulls'])),
];

export function printNtable(printer: Printer, table: Json): void {
  printer.object(null, () => {
    printer.value('family', '% ', table['family']);
    printer.value('name', '% ', table['name']);
    printer.newline();
    limits(printer, table);
    const config = table['config'] as Json | undefined;
    if (config && printer.statistics > 0) printer.sheet(configLines, config);
    const parameters = table['parms'] as Json | undefined;
    if (parameters) printer.sheet(parameterLines, { ...parameters, ifindex: parameters['ifindex'] || undefined });
    const counted = table['stats'] as Json | undefined;
    if (counted && printer.statistics > 0) printer.sheet(counterLines, counted);
  });
  printer.text('\n');
}
