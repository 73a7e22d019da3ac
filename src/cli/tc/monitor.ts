/** `tc monitor`: qdiscs, classes, filters, chains and actions as they change. */
import type { Context } from '../context.ts';
import { usage } from '../errors.ts';
import type { Command } from '../grammar.ts';
import type { Event } from '../kernel.ts';
import { toJson } from '../print/json.ts';
import { Printer, type Json } from '../print/printer.ts';
import { follow, heading, onlySaid, untilInterrupted } from '../watch.ts';
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

export const monitor: Command = {
  summary: 'changes as they happen',
  examples: ['tc monitor', 'tc -t monitor', 'tc -j monitor   # NDJSON, one event a line'],
  async run(context, words) {
    if (!words.done) throw usage(`"${words.peek()}" is not an option here`, 'it takes none');
    if (onlySaid(context, GROUPS)) return;
    const events = context.kernel.monitor(GROUPS, { signal: untilInterrupted() });
    // Names of links that go away cannot be asked for later.
    context.links.learn(context.kernel.dump('getlink', { family: 'unspec', extMask: ['vf'] }));
    await follow(context, events, (event) => one(context, event));
  },
};
