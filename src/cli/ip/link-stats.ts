/** `ip link xstats`: counters that only one kind of link has (net/core/rtnetlink.c, rtnl_stats_*). */
import type { Context } from '../context.ts';
import { usage } from '../errors.ts';
import { act, parse, to, type Command, type Grammar } from '../grammar.ts';
import { Printer } from '../print/printer.ts';
import { printXstats, type XstatsKind } from '../print/xstats.ts';
import { choice, device } from '../values.ts';
import type { Words } from '../words.ts';

const types = { bridge: { kind: 'bridge' }, bridge_slave: { kind: 'bridge', slave: true }, bond: { kind: 'bond' }, bond_slave: { kind: 'bond', slave: true } } as const;

const options: Grammar = {
  type: to('type', choice(types)),
  dev: to('dev', device),
  igmp: act((draft) => { draft['suite'] = 'mcast'; }),
  stp: act((draft) => { draft['suite'] = 'stp'; }),
  lacp: act((draft) => { draft['suite'] = '802.3ad'; }),
};

function show(context: Context, words: Words): void {
  const { type, dev, suite } = parse(options, words, {}, context) as { type?: { kind: XstatsKind; slave?: true }; dev?: number; suite?: string };
  if (!type) throw usage('of which type?', 'ip link xstats type { bridge | bridge_slave | bond | bond_slave }');
  const found = context.kernel.dump('getstats', { family: 'unspec', ifindex: 0, filterMask: [type.slave ? 'linkXstatsSlave' : 'linkXstats'] });
  if (context.options.dryRun) return;
  const printer = new Printer(context);
  for (const stats of found) if (dev === undefined || stats['ifindex'] === dev) printXstats(printer, stats, type.kind, type.slave ?? false, suite);
  printer.finish();
}

export const xstats: Command = {
  summary: 'counters that only one kind of link has',
  examples: ['ip link xstats type bridge dev br0', 'ip link xstats type bridge_slave'],
  usage: 'type { bridge | bridge_slave | bond | bond_slave } [ igmp | stp | lacp ] [ dev DEVICE ]',
  options,
  run: show,
};
