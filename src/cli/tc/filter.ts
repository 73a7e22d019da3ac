/** `tc filter`: filters, which send packets to classes or do something to them (net/sched/cls_api.c). */
import { filterInfo } from '../../route/filters.ts';
import type { Context } from '../context.ts';
import { usage } from '../errors.ts';
import { act, parse, to, type Command, type Draft, type Grammar } from '../grammar.ts';
import type { RequestFlag } from '../kernel.ts';
import { Printer } from '../print/printer.ts';
import { text } from '../values.ts';
import { didYouMean, keysOf, type Words } from '../words.ts';
import { headerOf, isIncoming, keyRows, type Said } from './filter-place.ts';
import { printFilter } from './filter-print.ts';
import { filterKinds } from './filters/index.ts';
import { estimatorRow } from './stab.ts';
import type { FilterKind } from './filters/kind.ts';

const ETH_ALL = 3;

const rows: Grammar = {
  ...keyRows,
  handle: to('handle', text('HANDLE'), 'which one; how it is written, the kind says'),
  'estimator|est': estimatorRow,
  '': act((draft, value) => { draft['kind'] = value; }, { name: 'KIND ...', choices: Object.keys(filterKinds), grammars: Object.fromEntries(Object.entries(filterKinds).map(([name, kind]) => [name, kind.options])), read: (words, _context, after) => words.next(after) }, { last: true }),
};
const example = 'tc filter add dev eth0 ingress protocol ip flower dst_ip 192.0.2.0/24 action drop';

/** The words up to the kind, and the kind's own. */
function message(context: Context, words: Words, adding: boolean): Draft {
  const said: Said = parse(rows, words, {}, context), { priority = 0, kind: name } = said, protocol = said.protocol ?? (adding ? ETH_ALL : 0);
  const header = { ...headerOf(said, true, example), info: filterInfo(priority, protocol), ...(said.rate !== undefined && { rate: said.rate }) };
  if (name === undefined) {
    if (said.handle !== undefined) throw usage('a handle is of which kind?', 'handle HANDLE KIND');
    if (adding) throw usage('which kind of filter?', `${Object.keys(filterKinds).join(', ')}: ${example}`);
    return header;
  }
  const kind = kindOf(name), { handle, options } = kind.read(words, context, { handle: said.handle, protocol, incoming: isIncoming(said) });
  return { ...header, handle, kind: name, ...(options && { options }) };
}
function kindOf(name: string): FilterKind {
  const kind = filterKinds[name];
  if (!kind) throw usage(`"${name}" is neither an option here nor a kind of filter`, didYouMean(name, [...keysOf(rows), ...Object.keys(filterKinds)]));
  return kind;
}

function change(summary: string, message_: 'newtfilter' | 'deltfilter', flags: readonly RequestFlag[], examples: readonly string[]): Command {
  return {
    summary,
    examples,
    usage: '{ dev DEVICE [ ingress | egress | root | parent CLASSID ] | block NUMBER } [ chain NUMBER ] [ pref NUMBER ] [ protocol PROTOCOL ] [ handle HANDLE ] [ KIND ... ]',
    options: rows,
    run(context, words) { context.kernel.change(message_, message(context, words, message_ === 'newtfilter'), flags); },
  };
}

function show(context: Context, words: Words): void {
  const asked: Said = parse(keyRows, words, {}, context);
  const header = headerOf(asked, false, '');
  // Without a place there is nothing: filters of all links at once are not told.
  const found = asked.dev === undefined && asked.block === undefined ? [] : context.kernel.dump('gettfilter', { ...header, info: filterInfo(asked.priority ?? 0, asked.protocol ?? 0), ...(context.options.brief && { dumpFlags: { value: ['terse'], selector: ['terse'] } }) });
  if (context.options.dryRun) return;
  const printer = new Printer(context);
  for (const one of found) {
    printFilter(printer, one, asked);
    printer.spill();
  }
  printer.finish();
}

export const filter: Command = {
  summary: 'filters of packets',
  examples: ['tc filter show dev eth0 ingress', example, 'tc filter add dev eth0 parent 1: protocol ip u32 match ip dst 10.0.0.0/8 flowid 1:10', 'tc filter del dev eth0 ingress pref 10'],
  otherwise: 'show',
  topic: async (words) => {
    const name = words.peek() ?? '', kind = filterKinds[name];
    return kind && (await import('../help.ts')).help({ summary: `filters of kind ${name}`, usage: kind.usage, options: kind.options }, ['tc', 'filter', 'add', '...', name]);
  },
  commands: {
    add: change('add a filter', 'newtfilter', ['create', 'excl'], [example, 'tc filter add dev eth0 egress matchall action mirred egress mirror dev eth1']),
    change: change('change a filter', 'newtfilter', [], ['tc filter change dev eth0 ingress protocol ip pref 10 handle 1 flower dst_ip 192.0.2.0/25 action drop']),
    replace: change('add a filter, or change it', 'newtfilter', ['create'], ['tc filter replace dev eth0 ingress protocol ip pref 10 handle 1 flower dst_ip 192.0.2.0/25 action drop']),
    'delete|del': change('delete filters: one, those of a priority, of a chain, of a place', 'deltfilter', [], ['tc filter del dev eth0 ingress', 'tc filter del dev eth0 ingress pref 10', 'tc filter del dev eth0 parent 1: protocol ip pref 1 handle 800::800 u32']),
    get: {
      summary: 'print one filter',
      examples: ['tc filter get dev eth0 ingress protocol ip pref 10 handle 1 flower'],
      usage: '{ dev DEVICE PLACE | block NUMBER } protocol PROTOCOL pref NUMBER handle HANDLE KIND',
      options: rows,
      run(context, words) {
        const asked = message(context, words, false);
        if (asked['kind'] === undefined || asked['handle'] === 0 || (asked['info'] as number) >>> 16 === 0) throw usage('which filter?', 'tc filter get dev DEVICE ingress protocol ip pref NUMBER handle HANDLE KIND');
        const { options: _options, ...key } = asked, found = context.kernel.get('gettfilter', key);
        if (!found) return;
        const printer = new Printer(context);
        printFilter(printer, found, { dev: asked['ifindex'] as number, block: asked['parent'] as number });
        printer.finish();
      },
    },
    'show|list|ls|lst': {
      summary: 'print filters',
      examples: ['tc filter show dev eth0 ingress', 'tc -s filter show dev eth0 parent 1:', 'tc -j filter show block 5'],
      usage: '{ dev DEVICE [ ingress | egress | root | parent CLASSID ] | block NUMBER } [ chain NUMBER ] [ pref NUMBER ] [ protocol PROTOCOL ]',
      options: keyRows,
      run: show,
    },
  },
};
