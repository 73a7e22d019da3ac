/** `tc monitor`: qdiscs, classes, filters, chains and actions as they change. */
import type { Context } from '../context.ts';
import { parse, to, type Command, type Grammar } from '../grammar.ts';
import type { Event } from '../kernel.ts';
import { toJson } from '../print/json.ts';
import { Printer, type Json } from '../print/printer.ts';
import { fileName } from '../values.ts';
import { follow, heading, onlySaid, replay, untilInterrupted } from '../watch.ts';
import { printMessage } from './actions.ts';
import { printClass } from './class.ts';
import { printChain, printFilter } from './filter-print.ts';
import { printQdisc } from './qdisc.ts';

const GROUPS = ['tc'];

/** Of qdiscs and classes the kernel does not say whether they are new, or changed. */
const words: Readonly<Record<string, string>> = { deleted: 'del', added: 'add', replaced: 'change', '': 'new' };

type Print = (printer: Printer, body: Json, what: string | undefined) => void;
const before = (printer: Printer, what: string | undefined): void => { if (what !== undefined) printer.text(`${what} `); };
/** What messages are called after `new` and `del` -> the object, and how it is printed. */
const objects: Readonly<Record<string, readonly [name: string, print: Print]>> = {
  qdisc: ['qdisc', (printer, body, what) => { before(printer, what); printQdisc(printer, body, true); }],
  tclass: ['class', (printer, body, what) => { before(printer, what); printClass(printer, body, true); }],
  tfilter: ['filter', (printer, body, what) => printFilter(printer, body, {}, printer.json ? undefined : what)],
  chain: ['chain', (printer, body, what) => printChain(printer, body, {}, printer.json ? undefined : what)],
  action: ['action', (printer, body, what) => printMessage(printer, body, 1, printer.json ? undefined : what)],
};

function one(context: Context, event: Event): void {
  const [, verb, message = ''] = /^(new|del)(.+)$/.exec(event.message) ?? [], known = objects[message];
  if (!known) return;
  const [object, print] = known, { body, created, exclusive, replaced } = event, printer = new Printer(context);
  const what = verb === 'del' ? 'deleted' : created ? (exclusive || (message === 'action' && !replaced) ? 'added' : 'replaced') : undefined;
  print(printer, body, what);
  if (!context.options.json) {
    heading(context, event, false);
    printer.spill();
    return;
  }
  const value = object === 'action' ? (printer.results.at(-1) as unknown) : printer.take();
  context.out.write(`${toJson({ ts: new Date().toISOString(), event: words[what ?? ''], object, value }, false)}\n`);
}

/** Times in it are passed over, as tc does; names are those that links have here, or had there. */
async function recorded(context: Context, file: string): Promise<void> {
  replay(context, (await import('../recording.ts')).recording(file), (event) => {
    if (event.message === 'newlink') context.links.learn([event.body]);
    else one(context, event);
  }, false);
}

const options: Grammar = { file: to('file', fileName, 'what rtmon recorded') };

export const monitor: Command = {
  summary: 'changes as they happen, or as they were recorded',
  examples: ['tc monitor', 'tc -t monitor', 'tc monitor file night.rec   # what rtmon recorded', 'tc -j monitor   # NDJSON, one event a line'],
  options,
  async run(context, words) {
    const { file } = parse(options, words, {}, context) as { file?: string };
    if (onlySaid(context, GROUPS)) return;
    // It listens before it asks: names of links that go away cannot be asked for later.
    const events = file === undefined && context.kernel.monitor(GROUPS, { signal: untilInterrupted() });
    context.links.learn(context.kernel.dump('getlink', { family: 'unspec', extMask: ['vf'] }));
    if (events) await follow(context, events, (event) => one(context, event));
    else await recorded(context, String(file));
  },
};
