/** `tc class`: net/sched/sch_api.c. */
import { places } from '../../route/handles.ts';
import type { Context } from '../context.ts';
import { usage } from '../errors.ts';
import { parse, to, type Command, type Draft, type Grammar } from '../grammar.ts';
import type { RequestFlag } from '../kernel.ts';
import { linkName } from '../print/formats.ts';
import { Printer, type Json } from '../print/printer.ts';
import { className, printCounters } from '../print/tc.ts';
import { device } from '../values.ts';
import type { Words } from '../words.ts';
import { classKinds, classNames } from './kinds/index.ts';
import { classid, devRow, kindRows, parentRow, qdiscHandle, rootRow } from './place.ts';
import { estimatorRow } from './stab.ts';

const options: Grammar = { dev: devRow, 'classid|handle': to('handle', classid, 'its own'), root: rootRow, parent: parentRow, 'estimator|est': estimatorRow, ...kindRows(classKinds, classNames) };

function modify(context: Context, words: Words, flags: readonly RequestFlag[], message: 'newtclass' | 'deltclass' = 'newtclass'): void {
  const { said, ...body } = parse(options, words, {}, context), { ifindex, kind } = body as { ifindex?: number; kind?: string };
  if (ifindex === undefined) throw usage('at which device?', `${context.path.join(' ')} dev DEVICE ...`);
  const known = kind === undefined ? undefined : classKinds[kind], draft = (said ?? {}) as Draft;
  const made = known?.build && message === 'newtclass' ? known.build(draft, context, { creating: flags.includes('create'), ifindex }) : Object.keys(draft).length > 0 ? draft : undefined;
  context.kernel.request(message, { ...body, ...(made && { options: made }) }, flags);
}

/** One, in a listing; `named`: its device is; `within`: its qdisc goes without saying. */
export function printClass(printer: Printer, one: Json, named: boolean, within = false): void {
  const nameOf = (handle: number): string => (within ? `:${(handle & 0xffff).toString(16)}` : className(handle));
  const kind = String(one['kind']), known = classKinds[kind], parent = Number(one['parent']);
  printer.object(null, () => {
    printer.value('class', 'class % ', kind);
    if (one['handle']) printer.value('handle', '% ', nameOf(Number(one['handle'])));
    if (named) printer.value('dev', 'dev % ', one['ifindex'], linkName);
    if (parent === places.root) printer.value('root', 'root ', true);
    else printer.value('parent', 'parent % ', nameOf(parent));
    if (one['info']) printer.value('leaf', 'leaf %: ', (Number(one['info']) >>> 16).toString(16), { json: () => `0x${(Number(one['info']) >>> 16).toString(16)}` });
    if (one['options'] !== undefined && !(one['options'] instanceof Uint8Array)) known?.print?.(printer, one['options'] as Json);
    printer.newline();
    if (printer.statistics === 0) return;
    const stats = one['stats2'] as Json | undefined, own = (stats?.['app'] ?? one['xstats']) as Json | undefined;
    printer.object('stats', () => {
      printCounters(printer, stats);
      if (stats) printer.newline();
      if (own && known?.printStats && !(own instanceof Uint8Array)) {
        known.printStats(printer, own);
        printer.newline();
      }
    });
  });
}

const showOptions: Grammar = { dev: to('dev', device), 'classid|handle': to('classid', classid), root: rootRow, parent: parentRow, qdisc: to('qdisc', qdiscHandle, 'that they are of') };

function show(context: Context, words: Words): void {
  const { dev, parent, classid: only, qdisc = 0 } = parse(showOptions, words, {}, context) as { dev?: number; parent?: number; classid?: number; qdisc?: number };
  if (dev === undefined) throw usage('of which device?', 'tc class show dev DEVICE');
  const found = context.kernel.dump('gettclass', { family: 'unspec', ifindex: dev, parent: parent ?? qdisc });
  if (context.options.dryRun) return;
  const printer = new Printer(context);
  for (const one of found) {
    const handle = Number(one['handle']);
    if ((only !== undefined && handle !== only) || (qdisc !== 0 && (handle & 0xffff0000) >>> 0 !== qdisc)) continue;
    printClass(printer, one, false, qdisc !== 0);
    printer.spill();
  }
  printer.finish();
}

const command = (verb: string, summary: string, flags: readonly RequestFlag[], examples: readonly string[]): Command => ({
  summary, examples, usage: 'dev DEVICE parent CLASSID classid CLASSID KIND [ OPTIONS ]', options,
  run: (context, words) => modify(context, words, flags, verb === 'del' ? 'deltclass' : 'newtclass'),
});

export const tcClass: Command = {
  summary: 'classes of queueing disciplines',
  examples: ['tc class show dev eth0', 'tc class add dev eth0 parent 1: classid 1:10 htb rate 10mbit ceil 20mbit', 'tc class del dev eth0 classid 1:10'],
  otherwise: 'show',
  topic: async (words) => {
    const name = words.peek(), known = name === undefined ? undefined : classKinds[name];
    return known && name !== undefined ? (await import('../help.ts')).kindHelp(name, known.options, `tc class add dev DEVICE parent CLASSID classid CLASSID ${name}`) : undefined;
  },
  commands: {
    add: command('add', 'add one', ['create', 'excl'], ['tc class add dev eth0 parent 1: classid 1:10 htb rate 10mbit']),
    change: command('change', 'change the options that are given', [], ['tc class change dev eth0 classid 1:10 htb rate 20mbit']),
    replace: command('replace', 'add one, or change the one that is there', ['create'], ['tc class replace dev eth0 parent 1: classid 1:10 htb rate 10mbit']),
    'delete|del': command('del', 'delete one', [], ['tc class del dev eth0 classid 1:10']),
    'show|list|lst': { summary: 'print them', examples: ['tc -s class show dev eth0', 'tc -j class show dev eth0'], usage: 'dev DEVICE [ root | parent CLASSID | classid CLASSID | qdisc MAJOR: ]', options: showOptions, run: show },
  },
};
