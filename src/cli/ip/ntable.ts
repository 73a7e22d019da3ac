/** `ip ntable`: neighbour tables, their limits and timers (net/core/neighbour.c). */
import type { Context } from '../context.ts';
import { usage } from '../errors.ts';
import { act, at, parse, store, to, type Command, type Grammar, type Row } from '../grammar.ts';
import { printNtable } from '../print/ntable.ts';
import { Printer } from '../print/printer.ts';
import { device, text, u32, u64 } from '../values.ts';

/** The kernel keeps them in 64 bits. */
const milliseconds = u64('MILLISECONDS');

const time = (key: string): Row => act((draft, value) => {
  store(draft, `parms.${key}`, value);
  draft['changed'] = true;
}, milliseconds);

const count = (path: string): Row => act((draft, value) => {
  store(draft, path, value);
  draft['changed'] = true;
}, u32());

const changeOptions: Grammar = {
  name: to('name', text('NAME')),
  dev: to('parms.ifindex', device),
  thresh1: count('thresh1'),
  thresh2: count('thresh2'),
  thresh3: count('thresh3'),
  gc_int: act((draft, value) => {
    draft['gcInterval'] = value;
    draft['changed'] = true;
  }, milliseconds),
  base_reachable: time('baseReachableTime'),
  retrans: time('retransTime'),
  gc_stale: time('gcStaletime'),
  delay_probe: time('delayProbeTime'),
  queue: count('parms.queueLen'),
  app_probes: count('parms.appProbes'),
  ucast_probes: count('parms.ucastProbes'),
  mcast_probes: count('parms.mcastProbes'),
  mcast_reprobes: count('parms.mcastReprobes'),
  anycast_delay: time('anycastDelay'),
  proxy_delay: time('proxyDelay'),
  proxy_queue: count('parms.proxyQlen'),
  locktime: time('locktime'),
};

const showOptions: Grammar = { dev: to('dev', device), name: to('name', text('NAME')) };

/**
 * One table at a time: where one ends with a full datagram, kernels (6.1 is one) begin the next as many entries too late as the first had
 * (`neigh_skip` in neightbl_dump_info, net/core/neighbour.c).
 */
const families = ({ options: { family } }: Context): readonly string[] => (family === undefined || family === 'unspec' ? ['inet', 'inet6'] : [family]);

export const ntable: Command = {
  summary: 'neighbour tables: limits and timers',
  examples: ['ip ntable show name arp_cache', 'ip ntable change name arp_cache dev eth0 queue 8'],
  otherwise: 'show',
  commands: {
    'show|list|lst': {
      summary: 'print tables',
      examples: ['ip ntable show dev eth0', 'ip -s -j ntable show name ndisc_cache'],
      options: showOptions,
      run(context, words) {
        const { dev, name } = parse(showOptions, words, {}, context);
        const tables = families(context).flatMap((family) => context.kernel.dump('getneightbl', { family }));
        if (context.options.dryRun) return;
        const printer = new Printer(context);
        // A table that does not fit into one datagram is begun again in the next (net/core/neighbour.c).
        const told = new Set<string>();
        for (const table of tables) {
          const own = `${String(table['family'])} ${String(table['name'])} ${String(at(table, 'parms.ifindex'))}`;
          if (told.has(own)) continue;
          told.add(own);
          if (dev !== undefined && at(table, 'parms.ifindex') !== dev) continue;
          if (name !== undefined && table['name'] !== name) continue;
          printNtable(printer, table);
        }
        printer.finish();
      },
    },
    'change|chg': {
      summary: 'change limits or timers',
      examples: ['ip ntable change name arp_cache dev eth0 base_reachable 25000 queue 8'],
      usage: 'name NAME [ dev DEVICE ] OPTIONS',
      options: changeOptions,
      run(context, words) {
        const { changed, ...body } = parse(changeOptions, words, {}, context);
        if (body['name'] === undefined) throw usage('which table?', 'ip ntable change name { arp_cache | ndisc_cache } ...');
        if (changed === undefined) throw usage('what is to be changed?', 'ip ntable change name NAME [ dev DEVICE ] queue 8');
        context.kernel.request('setneightbl', { family: context.options.family ?? 'unspec', ...body }, ['replace']);
      },
    },
  },
};
