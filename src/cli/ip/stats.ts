/** `ip stats`: counters of links by group, and hardware counters (net/core/rtnetlink.c, rtnl_stats_*). */
import type { Context } from '../context.ts';
import { usage } from '../errors.ts';
import { act, parse, to, type Command, type Draft, type Grammar } from '../grammar.ts';
import { Printer } from '../print/printer.ts';
import { leafs, printStats, type Leaf } from '../print/xstats.ts';
import { device, onOff, word } from '../values.ts';
import { didYouMean, type Words } from '../words.ts';

/** `group xstats subgroup bridge suite stp suite mcast`: a subgroup without suites is all of it, a group without subgroups too. */
interface Chosen { group: string; subgroups: { name: string; suites: string[] }[] }

const distinct = (names: readonly (string | undefined)[]): string[] => [...new Set(names.filter((name) => name !== undefined))];

function known(given: string, names: readonly string[], what: string, where: string): string {
  if (!names.includes(given)) throw usage(`there is no ${what} "${given}" in ${where}`, names.length > 0 ? didYouMean(given, names) : undefined);
  return given;
}

const chosen = (draft: Draft): Chosen[] => (draft['chosen'] ??= []) as Chosen[];
const groups = distinct(leafs.map(({ group }) => group));

const showOptions: Grammar = {
  dev: to('dev', device),
  group: act((draft, value) => {
    chosen(draft).push({ group: known(String(value), groups, 'group', 'the statistics'), subgroups: [] });
  }, word(`{ ${groups.join(' | ')} }`, (given) => given, { choices: groups }), { repeat: true }),
  subgroup: act((draft, value) => {
    const last = chosen(draft).at(-1);
    if (!last) throw usage(`of which group is the subgroup "${String(value)}"?`, 'group GROUP subgroup SUBGROUP');
    const names = distinct(leafs.filter(({ group }) => group === last.group).map(({ subgroup }) => subgroup));
    last.subgroups.push({ name: known(String(value), names, 'subgroup', `group "${last.group}"`), suites: [] });
  }, word('SUBGROUP', (given) => given, { choices: distinct(leafs.map(({ subgroup }) => subgroup)) }), { repeat: true }),
  suite: act((draft, value) => {
    const last = chosen(draft).at(-1);
    const subgroup = last?.subgroups.at(-1);
    if (!last || !subgroup) throw usage(`of which subgroup is the suite "${String(value)}"?`, 'group GROUP subgroup SUBGROUP suite SUITE');
    const names = distinct(leafs.filter((leaf) => leaf.group === last.group && leaf.subgroup === subgroup.name).map(({ suite }) => suite));
    subgroup.suites.push(known(String(value), names, 'suite', `subgroup "${subgroup.name}"`));
  }, word('SUITE', (given) => given, { choices: distinct(leafs.map(({ suite }) => suite)) }), { repeat: true }),
};

function matches(leaf: Leaf, { group, subgroups }: Chosen): boolean {
  if (leaf.group !== group) return false;
  return subgroups.length === 0 || subgroups.some(({ name, suites }) => name === leaf.subgroup && (suites.length === 0 || suites.includes(leaf.suite as string)));
}

function show(context: Context, words: Words): void {
  const { dev, chosen: given = [] } = parse(showOptions, words, {}, context) as { dev?: number; chosen?: Chosen[] };
  const wanted = given.length === 0 ? leafs : leafs.filter((leaf) => given.some((one) => matches(leaf, one)));
  const offload = distinct(wanted.flatMap((leaf) => leaf.offload ?? []));
  const all = distinct(leafs.flatMap((leaf) => leaf.offload ?? []));
  const body: Draft = {
    family: 'unspec',
    ifindex: dev ?? 0,
    filterMask: distinct(wanted.map(({ mask }) => mask)),
    ...(offload.length > 0 && offload.length < all.length && { getFilters: { linkOffloadXstats: offload } }),
  };
  const found = dev === undefined ? context.kernel.dump('getstats', body) : [context.kernel.get('getstats', body)];
  if (context.options.dryRun) return;
  const printer = new Printer(context);
  for (const stats of found) {
    if (!stats) continue;
    printStats(printer, stats, wanted);
    if (dev === undefined) printer.newline();
    printer.spill();
  }
  printer.finish();
}

const setOptions: Grammar = { dev: to('ifindex', device), l3_stats: to('setOffloadXstatsL3Stats', onOff) };

export const stats: Command = {
  summary: 'counters of links by group',
  examples: ['ip stats show dev eth0', 'ip -j stats show group xstats subgroup bridge suite stp', 'ip stats set dev eth0 l3_stats on'],
  otherwise: 'show',
  commands: {
    'show|list|lst': {
      summary: 'print counters',
      examples: ['ip stats show dev eth0 group link', 'ip stats show dev br0 group xstats subgroup bridge'],
      usage: '[ dev DEVICE ] [ group GROUP [ subgroup SUBGROUP [ suite SUITE ] ... ] ... ] ...',
      options: showOptions,
      run: show,
    },
    set: {
      summary: 'have the hardware count, or stop',
      examples: ['ip stats set dev eth0 l3_stats on'],
      usage: 'dev DEVICE l3_stats { on | off }',
      options: setOptions,
      run(context, words) {
        const body = parse(setOptions, words, {}, context);
        if (body['ifindex'] === undefined) throw usage('which link?', 'ip stats set dev DEVICE l3_stats { on | off }');
        if (body['setOffloadXstatsL3Stats'] === undefined) throw usage('which statistics?', 'ip stats set dev DEVICE l3_stats { on | off }');
        context.kernel.request('setstats', { family: 'unspec', ...body });
      },
    },
  },
};
