/** `tc chain`: chains of filters, and templates for those in them (net/sched/cls_api.c). */
import { filterInfo } from '../../route/filters.ts';
import type { Context } from '../context.ts';
import { usage } from '../errors.ts';
import { act, parse, to, type Command, type Draft, type Grammar } from '../grammar.ts';
import type { RequestFlag } from '../kernel.ts';
import { Printer, type Json } from '../print/printer.ts';
import { didYouMean, type Words } from '../words.ts';
import { etherType } from './ether-type.ts';
import { headerOf, isIncoming, placeRows, type Said } from './filter-place.ts';
import { printChain } from './filter-print.ts';
import { filterKinds } from './filters/index.ts';

const ETH_ALL = 3;
const rows: Grammar = {
  ...placeRows,
  protocol: to('protocol', etherType),
  '': act((draft, value) => { draft['kind'] = value; }, { name: 'KIND ...', choices: ['flower'], grammars: { flower: filterKinds['flower']!.options }, read: (words, _context, after) => words.next(after) }, { last: true }),
};

function message(context: Context, words: Words): Draft {
  const said: Said = parse(rows, words, {}, context), protocol = said.protocol ?? ETH_ALL, header = { ...headerOf(said, true, 'tc chain add dev eth0 ingress chain 5'), info: filterInfo(0, said.protocol ?? 0) };
  if (said.kind === undefined) return header;
  const kind = filterKinds[said.kind];
  if (!kind) throw usage(`"${said.kind}" is neither an option here nor a kind of filter`, didYouMean(said.kind, Object.keys(filterKinds)));
  const { options } = kind.read(words, context, { handle: undefined, protocol, incoming: isIncoming(said) });
  return { ...header, kind: said.kind, ...(options && { options }) };
}
function print(context: Context, found: readonly Json[], asked: Said): void {
  if (context.options.dryRun) return;
  const printer = new Printer(context);
  for (const one of found) printChain(printer, one, asked);
  printer.finish();
}
const change = (summary: string, message_: 'newchain' | 'delchain', flags: readonly RequestFlag[], examples: readonly string[]): Command => ({
  summary,
  examples,
  usage: '{ dev DEVICE [ ingress | egress | root | parent CLASSID ] | block NUMBER } chain NUMBER [ protocol PROTOCOL ] [ KIND TEMPLATE ]',
  options: rows,
  run(context, words) { context.kernel.change(message_, message(context, words), flags); },
});

export const chain: Command = {
  summary: 'chains of filters',
  examples: ['tc chain show dev eth0 ingress', 'tc chain add dev eth0 ingress chain 5 protocol ip flower dst_ip 0.0.0.0/24'],
  otherwise: 'show',
  commands: {
    add: change('make a chain, with a template for its filters', 'newchain', ['create', 'excl'], ['tc chain add dev eth0 ingress chain 5', 'tc chain add block 5 chain 6 protocol ip flower dst_ip 0.0.0.0/24']),
    'delete|del': change('delete a chain, with the filters in it', 'delchain', [], ['tc chain del dev eth0 ingress chain 5']),
    get: {
      summary: 'print one chain',
      examples: ['tc chain get dev eth0 ingress chain 5'],
      usage: '{ dev DEVICE PLACE | block NUMBER } chain NUMBER',
      options: placeRows,
      run(context, words) {
        const { chain: number, ...asked }: Said = parse(placeRows, words, {}, context), found = context.kernel.get('getchain', headerOf({ ...asked, ...(number !== undefined && { chain: number }) }, true, 'tc chain get dev eth0 ingress chain 5'));
        if (found) print(context, [found], asked);
      },
    },
    'show|list|ls|lst': {
      summary: 'print chains',
      examples: ['tc chain show dev eth0 ingress', 'tc -j chain show block 5'],
      usage: '{ dev DEVICE [ ingress | egress | root | parent CLASSID ] | block NUMBER } [ chain NUMBER ]',
      options: placeRows,
      run(context, words) {
        const asked: Said = parse(placeRows, words, {}, context);
        print(context, asked.dev === undefined && asked.block === undefined ? [] : context.kernel.dump('getchain', headerOf(asked, false, '')), asked);
      },
    },
  },
};
