/** `tc qdisc`: net/sched/sch_api.c. */
import { places } from '../../route/handles.ts';
import type { Context } from '../context.ts';
import { usage } from '../errors.ts';
import { is, parse, to, type Command, type Draft, type Grammar } from '../grammar.ts';
import type { RequestFlag } from '../kernel.ts';
import { linkName } from '../print/formats.ts';
import { Printer, type Json } from '../print/printer.ts';
import { className, majorName, printCounters, printStab } from '../print/tc.ts';
import { device, u32 } from '../values.ts';
import type { Words } from '../words.ts';
import { qdiscKinds, qdiscNames } from './kinds/index.ts';
import { devRow, INGRESS_HANDLE, kindRows, parentRow, place, qdiscHandle, rootRow } from './place.ts';
import { estimatorRow, stabRow } from './stab.ts';

const incoming = ['ingress', 'clsact'];
const options: Grammar = {
  dev: devRow, handle: to('handle', qdiscHandle), root: rootRow, parent: parentRow,
  'estimator|est': estimatorRow, stab: stabRow,
  ingress_block: to('ingressBlock', u32('BLOCK'), 'filters of what comes in are those of a block'), egress_block: to('egressBlock', u32('BLOCK'), 'filters of what goes out are those of a block'),
  ...kindRows(qdiscKinds, qdiscNames, (draft, name) => {
    if (!incoming.includes(name)) return;
    if (draft['parent'] !== undefined && draft['parent'] !== places.clsact) throw usage(`a qdisc of kind ${name} has a place of its own`, `tc qdisc add dev DEVICE ${name}`);
    Object.assign(draft, { parent: places.clsact, handle: INGRESS_HANDLE });
  }),
};

function modify(context: Context, words: Words, flags: readonly RequestFlag[], message: 'newqdisc' | 'delqdisc' = 'newqdisc'): void {
  const { said, ...body } = parse(options, words, {}, context), { ifindex, kind } = body as { ifindex?: number; kind?: string };
  if (ifindex === undefined) throw usage('at which device?', `${context.path.join(' ')} dev DEVICE ...`);
  const known = kind === undefined ? undefined : qdiscKinds[kind], draft = (said ?? {}) as Draft;
  const made = known?.build ? known.build(draft, context, { creating: flags.includes('create'), ifindex }) : Object.keys(draft).length > 0 ? draft : undefined;
  context.kernel.request(message, { ...body, ...(made && { options: made }) }, flags);
}

/** One, in a listing; `named`: its device is. */
export function printQdisc(printer: Printer, one: Json, named: boolean): void {
  const kind = String(one['kind']), known = qdiscKinds[kind], parent = Number(one['parent']);
  printer.object(null, () => {
    printer.value('kind', 'qdisc %', kind);
    printer.value('handle', ' % ', majorName(Number(one['handle'])));
    if (named) printer.value('dev', 'dev % ', one['ifindex'], linkName);
    if (parent === places.root) printer.value('root', 'root ', true);
    else if (parent !== 0) printer.value('parent', 'parent % ', className(parent));
    if (one['info'] !== 1) printer.value('refcnt', 'refcnt % ', one['info']);
    if (one['hwOffload']) printer.value('offloaded', 'offloaded ', true);
    printer.value('ingress_block', 'ingress_block % ', one['ingressBlock']);
    printer.value('egress_block', 'egress_block % ', one['egressBlock']);
    printer.object('options', () => { if (one['options'] !== undefined) known?.print?.(printer, one['options'] as Json); });
    printer.newline();
    if (printer.details && one['stab']) {
      printStab(printer, one['stab'] as Json);
      printer.newline();
    }
    if (printer.statistics === 0) return;
    const stats = one['stats2'] as Json | undefined, own = (stats?.['app'] ?? one['xstats']) as Json | undefined;
    printCounters(printer, stats);
    if (stats) printer.newline();
    if (own && known?.printStats && !(own instanceof Uint8Array)) {
      known.printStats(printer, own);
      printer.newline();
    }
  });
}

const showOptions: Grammar = {
  dev: to('dev', device), root: rootRow, parent: parentRow, handle: to('handle', qdiscHandle),
  ingress: place(places.clsact, 'ingress'), clsact: place(places.clsact, 'clsact'), invisible: is('invisible', true, 'those that the kernel made by itself, too'),
};

function show(context: Context, words: Words): void {
  const { dev, parent, handle, invisible } = parse(showOptions, words, {}, context) as { dev?: number; parent?: number; handle?: number; invisible?: boolean };
  const found = context.kernel.dump('getqdisc', { family: 'unspec', ...(dev !== undefined && { ifindex: dev }), ...(invisible && { dumpInvisible: true }) });
  if (context.options.dryRun) return;
  const printer = new Printer(context);
  for (const one of found) {
    // The kernel tells of all devices.
    if ((dev !== undefined && one['ifindex'] !== dev) || (parent !== undefined && one['parent'] !== parent) || (handle !== undefined && one['handle'] !== handle)) continue;
    printQdisc(printer, one, dev === undefined);
    printer.spill();
  }
  printer.finish();
}

const command = (verb: string, summary: string, flags: readonly RequestFlag[], examples: readonly string[]): Command => ({
  summary, examples, usage: 'dev DEVICE { root | parent CLASSID | ingress | clsact } [ handle MAJOR: ] [ KIND [ OPTIONS ] ]', options,
  run: (context, words) => modify(context, words, flags, verb === 'del' ? 'delqdisc' : 'newqdisc'),
});

export const qdisc: Command = {
  summary: 'queueing disciplines',
  examples: ['tc qdisc show', 'tc qdisc replace dev eth0 root fq_codel', 'tc qdisc add dev eth0 root handle 1: htb default 10', 'tc qdisc add dev eth0 root netem delay 100ms 20ms', 'tc qdisc del dev eth0 root'],
  otherwise: 'show',
  topic: async (words) => {
    const name = words.peek(), known = name === undefined ? undefined : qdiscKinds[name];
    return known && name !== undefined ? (await import('../help.ts')).kindHelp(name, known.options, `tc qdisc add dev DEVICE root ${name}`) : undefined;
  },
  commands: {
    add: command('add', 'add one', ['create', 'excl'], ['tc qdisc add dev eth0 root tbf rate 10mbit burst 32kb latency 50ms', 'tc qdisc add dev eth0 clsact']),
    change: command('change', 'change the options that are given', [], ['tc qdisc change dev eth0 root netem delay 50ms']),
    replace: command('replace', 'add one, or put it in the place of the one that is there', ['create', 'replace'], ['tc qdisc replace dev eth0 root cake bandwidth 100mbit']),
    link: command('link', 'put one that is there in the place of another', ['replace'], ['tc qdisc link dev eth0 parent 1:2 handle 11:']),
    'delete|del': command('del', 'delete one, and what is below it', [], ['tc qdisc del dev eth0 root', 'tc qdisc del dev eth0 ingress']),
    'show|list|lst': {
      summary: 'print them', examples: ['tc qdisc show dev eth0', 'tc -s -d qdisc show', 'tc -j qdisc show'], usage: '[ dev DEVICE ] [ root | ingress | parent CLASSID | handle MAJOR: ] [ invisible ]', options: showOptions, run: show,
    },
  },
};
