/** Counters that standards name: `ethtool -S DEVNAME --all-groups` (net/ethtool/stats.c). */
import { ethtoolStatsGroup, EthtoolStatsGroup, ethtoolStringset } from '../../families/generic/ethtool/index.ts';
import { caseOf, type Attrs, type Shape } from '../../codec/index.ts';
import { usage } from '../errors.ts';
import { printAll } from '../generic.ts';
import type { Command } from '../grammar.ts';
import type { Json, Printer } from '../print/printer.ts';
import { didYouMean } from '../words.ts';
import { ask, device, nameOf, onlyBits, type Asked } from './ask.ts';
import { printOne } from './show.ts';

interface Bucket { readonly histBktLow: number; readonly histBktHi: number; readonly histVal: bigint }
interface Group { readonly id: string | number; readonly ssId: string | number; readonly stat?: readonly Readonly<Record<string, bigint>>[]; readonly histRx?: readonly Bucket[]; readonly histTx?: readonly Bucket[] }

/** Numbers of a group's counters, by the schema's keys; a group that is not declared has numbers as keys. */
function numberIn(group: Group, key: string): number {
  const { element } = EthtoolStatsGroup.shape.stat[1], set = caseOf(element, group.id) as Attrs<Shape>;
  return set.byKey?.get(key)?.number ?? Number(key);
}
const idOf = (names: Readonly<Record<string, number>>, value: string | number): number => (typeof value === 'number' ? value : names[value] as number);

function print(printer: Printer, body: Json, asked: Asked): void {
  const groups = asked.names('statsStd');
  printer.value('ifname', 'Standard stats for %:\n', nameOf(body));
  if (body['src'] !== undefined && body['src'] !== 'aggregate') printer.value('src', 'Source: %\n', body['src']);
  for (const group of (body['grp'] ?? []) as Group[]) {
    const number = idOf(ethtoolStatsGroup.names, group.id), name = groups[number] ?? String(number), names = asked.names(ethtoolStringset.byNumber.get(idOf(ethtoolStringset.names, group.ssId)) ?? '');
    printer.object(name, () => {
      for (const one of group.stat ?? []) for (const [key, value] of Object.entries(one)) {
        const own = names[numberIn(group, key)] ?? key;
        printer.value(own, `${name}-${own}: %\n`, value);
      }
      for (const [way, buckets] of [['rx', group.histRx], ['tx', group.histTx]] as const) if (buckets) histogram(printer, way, name, buckets);
    });
  }
}

function histogram(printer: Printer, way: string, group: string, buckets: readonly Bucket[]): void {
  printer.list(`${way}-pktsNtoM`, buckets.map(({ histBktLow: low, histBktHi: high, histVal: val }) => ({ low, high, val })), buckets.map(({ histBktLow: low, histBktHi: high, histVal: val }) => `${way}-${group}-etherStatsPkts${low}to${high === 0 ? 'Max' : high}Octets: ${val}\n`).join(''));
}

export const showStats: Command = {
  summary: 'print counters that standards name',
  options: device,
  usage: 'DEVNAME { --all-groups | --groups GROUP ... }',
  examples: ['ethtool -S eth0 --all-groups', 'ethtool -S eth0 --groups eth-mac rmon'],
  async run(context, words) {
    const asked = await ask(context, words, true), known = asked.names('statsStd');
    if (!words.take('--all-groups') && !words.take('--groups')) throw usage('which groups? The counters of drivers are not told over netlink', `ethtool -S ${asked.device} --all-groups`);
    const every = words.all[words.at - 1] === '--all-groups', given = words.rest();
    if (every && given.length > 0) throw usage(`"${given[0]}" is one word too many`);
    if (!every && given.length === 0) throw usage('which groups?', known.join(', '));
    for (const one of given) if (known.length > 0 && !known.includes(one)) throw usage(`"${one}" is no group`, didYouMean(one, known));
    const shown = { message: 'statsGet', print };
    printAll(context, asked.answers(shown.message, ['compactBitsets'], { groups: onlyBits(every ? known : given) }), printOne(shown, asked, !asked.all));
  },
};
