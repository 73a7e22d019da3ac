/** `ip neighbour`: net/core/neighbour.c. */
import type { Context } from '../context.ts';
import { usage } from '../errors.ts';
import { act, parse, type Command, type Draft, type Grammar, type Row } from '../grammar.ts';
import type { RequestFlag } from '../kernel.ts';
import { printNeighbour } from '../print/neighbour.ts';
import { Printer, type Json } from '../print/printer.ts';
import { device, mac, parseAddress, parsePrefix, protocol, word, type Prefix } from '../values.ts';
import { didYouMean, type Words } from '../words.ts';
import { inPrefix } from './prefix.ts';
import { flushAll } from './rounds.ts';
import { vrfMaster } from './route-options.ts';

/** NUD_*: words of the states. `all` and `none` only filter. */
const states = ['incomplete', 'reachable', 'stale', 'delay', 'probe', 'failed', 'noarp', 'permanent'];

const nud = word(`{ ${states.join(' | ')} }`, (given) => {
  if (given !== 'none' && given !== 'all' && !states.includes(given)) throw usage(`"${given}" is not a state`, didYouMean(given, [...states, 'none', 'all']));
  return given;
}, { choices: [...states, 'none', 'all'] });

const addressWord = word('ADDRESS', (given, context, after) => parseAddress(given, after, context.options.family));

function set(key: string): Row['apply'] {
  return (draft, value) => { draft[key] = value; };
}

function addFlag(key: 'flags' | 'flagsExt', name: string): Row {
  return act((draft) => { ((draft[key] ??= []) as string[]).push(name); });
}

const changeOptions: Grammar = {
  lladdr: act(set('lladdr')!, mac),
  nud: act(set('nud')!, nud),
  proxy: act((draft, value) => {
    draft['dst'] = value;
    ((draft['flags'] ??= []) as string[]).push('proxy');
  }, addressWord),
  router: addFlag('flags', 'router'),
  use: addFlag('flags', 'use'),
  managed: addFlag('flagsExt', 'managed'),
  extern_valid: addFlag('flagsExt', 'extValidated'),
  extern_learn: addFlag('flags', 'extLearned'),
  dev: act(set('dev')!, device),
  protocol: act(set('protocol')!, protocol),
  to: act(set('dst')!, addressWord),
  '': act(set('dst')!, addressWord),
};

function message(context: Context, words: Words, state: string | undefined): Draft {
  const { dst, dev, lladdr, nud: given, flags, flagsExt, protocol: proto } = parse(changeOptions, words, {}, context) as {
    dst?: { family: string; address: string }; dev?: number; lladdr?: string; nud?: string; flags?: string[]; flagsExt?: string[]; protocol?: number;
  };
  const example = `ip neigh ${context.path.at(-1)} ADDRESS ${context.path.at(-1) === 'get' ? '' : 'lladdr LLADDR '}dev DEVICE`;
  if (!dst) throw usage('which neighbour?', example);
  // A proxy without a link answers on all of them.
  if (dev === undefined && !flags?.includes('proxy')) throw usage('which link is it on?', example);
  // What the kernel keeps resolved begins unresolved: it refuses a permanent one without an address.
  const wanted = given ?? (state !== undefined && flagsExt?.includes('managed') ? 'none' : state);
  return {
    family: dst.family,
    ifindex: dev ?? 0,
    state: wanted === undefined || wanted === 'none' ? [] : [wanted],
    ...(flags && { flags }),
    dst: dst.address,
    ...(lladdr !== undefined && lladdr !== 'null' && { lladdr }),
    ...(flagsExt && { flagsExt }),
    ...(proto !== undefined && { protocol: proto }),
  };
}

function change(summary: string, flags: readonly RequestFlag[], examples: readonly string[]): Command {
  return {
    summary,
    examples,
    usage: '{ ADDRESS | proxy ADDRESS } [ lladdr LLADDR ] dev DEVICE [ OPTIONS ]',
    options: changeOptions,
    run(context, words) {
      context.kernel.change('newneigh', message(context, words, 'permanent'), flags);
    },
  };
}

interface Filter { dev?: number; to?: Prefix; nud?: string[]; proxy?: boolean; master?: number; nomaster?: boolean; unused?: boolean }

const filterOptions: Grammar = {
  dev: act(set('dev')!, device),
  master: act(set('master')!, device),
  vrf: vrfMaster,
  nomaster: act((draft) => { draft['nomaster'] = true; }),
  unused: act((draft) => { draft['unused'] = true; }),
  nud: act((draft, value) => { ((draft['nud'] ??= []) as unknown[]).push(value); }, nud, { repeat: true }),
  proxy: act((draft) => { draft['proxy'] = true; }),
  to: act(set('to')!, word('PREFIX', (given, context, after) => parsePrefix(given, after, context.options.family))),
  '': act(set('to')!, word('PREFIX', (given, context, after) => parsePrefix(given, after, context.options.family))),
};

/** Without a state asked for: what may be used, so neither unresolved nor no-ARP entries. */
function stateMatches(state: readonly string[], filter: Filter): boolean {
  if (filter.nud?.includes('all')) return true;
  if (filter.nud) return state.length === 0 ? filter.nud.includes('none') : state.some((one) => filter.nud?.includes(one));
  return state.some((one) => one !== 'noarp');
}

function dump(context: Context, filter: Filter): Json[] {
  const family = context.options.family ?? filter.to?.family ?? 'unspec';
  const body: Draft = {
    family,
    ...(filter.proxy && { flags: ['proxy'] }),
    ...(filter.dev !== undefined && { viaIfindex: filter.dev }),
    ...(filter.master !== undefined && { master: filter.master }),
    ...(filter.nomaster && { master: 0xffffffff }),
  };
  return context.kernel.dump('getneigh', body).filter((entry) => {
    if (filter.dev !== undefined && entry['ifindex'] !== filter.dev) return false;
    if (filter.to && !inPrefix(String(entry['dst']), filter.to)) return false;
    return filter.proxy === true || stateMatches(entry['state'] as string[], filter);
  });
}

export const neighbour: Command = {
  summary: 'neighbours: ARP and NDP entries',
  examples: ['ip neigh', 'ip neigh add 10.0.0.9 lladdr 02:00:00:00:00:09 dev eth0', 'ip neigh flush dev eth0'],
  otherwise: 'show',
  commands: {
    add: change('add an entry', ['create', 'excl'], ['ip neigh add 10.0.0.9 lladdr 02:00:00:00:00:09 dev eth0']),
    'change|chg': change('change an entry', ['replace'], ['ip neigh change 10.0.0.9 lladdr 02:00:00:00:00:0a dev eth0']),
    replace: change('add an entry, or change it', ['create', 'replace'], ['ip neigh replace 10.0.0.9 lladdr 02:00:00:00:00:09 dev eth0']),
    'delete|del': {
      summary: 'delete an entry',
      examples: ['ip neigh del 10.0.0.9 dev eth0'],
      options: changeOptions,
      run(context, words) {
        context.kernel.change('delneigh', message(context, words, 'permanent'));
      },
    },
    get: {
      summary: 'print one entry',
      examples: ['ip neigh get 10.0.0.9 dev eth0'],
      options: changeOptions,
      run(context, words) {
        const { state: _state, ...body } = message(context, words, undefined);
        const answer = context.kernel.get('getneigh', body);
        if (answer) print(context, [answer], {});
      },
    },
    'show|list|lst': {
      summary: 'print entries',
      examples: ['ip neigh', 'ip -s neigh show dev eth0', 'ip -j neigh show nud reachable'],
      options: filterOptions,
      run(context, words) {
        const filter = parse(filterOptions, words, {}, context) as Filter;
        print(context, dump(context, filter), filter);
      },
    },
    flush: {
      summary: 'delete all entries that match',
      examples: ['ip neigh flush dev eth0'],
      options: filterOptions,
      run(context, words) {
        if (words.done && context.options.family === undefined) throw usage('flush needs something to go by', 'ip neigh flush dev DEVICE');
        const filter = parse(filterOptions, words, {}, context) as Filter;
        // As iproute2: entries that someone made on purpose stay unless they are asked for.
        const goes = ({ state }: Json): boolean => filter.nud !== undefined || !['permanent', 'noarp'].some((one) => (state as string[]).includes(one));
        // What somebody holds stays for a while, as failed.
        const gone = new Set<string>(), key = ({ ifindex, dst }: Json): string => `${String(ifindex)} ${String(dst)}`;
        flushAll(context, 'entries', () => dump(context, filter).filter((entry) => goes(entry) && !gone.has(key(entry))), (entry) => {
          gone.add(key(entry));
          context.kernel.request('delneigh', { family: entry['family'], ifindex: entry['ifindex'], state: [], dst: entry['dst'] });
        }, (printer, entry) => printNeighbour(printer, entry, filter.dev !== undefined));
      },
    },
  },
};

function print(context: Context, entries: readonly Json[], filter: Filter): void {
  if (context.options.dryRun) return;
  const printer = new Printer(context);
  for (const entry of entries) printNeighbour(printer, entry, filter.dev !== undefined);
  printer.finish();
}
