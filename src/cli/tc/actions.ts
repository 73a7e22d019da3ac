/** `tc actions`: actions that stand by themselves, for filters to share (net/sched/act_api.c). */
import type { Context } from '../context.ts';
import { usage } from '../errors.ts';
import type { Command, Draft, Grammar } from '../grammar.ts';
import type { RequestFlag } from '../kernel.ts';
import { Printer, type Json } from '../print/printer.ts';
import { text, u32 } from '../values.ts';
import { didYouMean, type Words } from '../words.ts';
import { actionKinds, actionWords, printActions, readActions } from './actions/index.ts';

/** For help and completion: of what there is, an action is named by kind and number. */
const kindRow: Grammar = { action: { type: text('KIND', { choices: Object.keys(actionKinds) }), repeat: true } };
const one: Grammar = { ...kindRow, index: { type: u32(), repeat: true } }, since: Grammar = { ...kindRow, since: { type: u32('MILLISECONDS'), help: 'used since then' } };
const made: Grammar = { action: { type: text('KIND ...', actionWords), repeat: true } };

const change = (summary: string, flags: readonly RequestFlag[], examples: readonly string[]): Command => ({
  summary,
  examples,
  usage: '{ action KIND ... [ cookie HEX ] [ hw_stats { any | disabled | immediate | delayed } ] [ no_percpu | skip_sw | skip_hw ] } ...',
  options: made,
  run(context, words) { context.kernel.change('newaction', { tab: readActions(words, context) }, flags); },
});

function kind(words: Words, example: string): string {
  words.take('action');
  if (words.done) throw usage('actions of which kind?', example);
  const name = words.next();
  if (!(name in actionKinds)) throw usage(`"${name}" is not an action`, didYouMean(name, Object.keys(actionKinds)));
  return name;
}
/** All that fit into a message, not 32. */
const large = { value: ['largeDumpOn'], selector: ['largeDumpOn'] }, both = ['largeDumpOn', 'terseDump'], terse = { value: both, selector: both };

/** `action KIND index NUMBER`, many times. */
function which(context: Context, words: Words, example: string): Draft[] {
  const all: Draft[] = [];
  do {
    const name = kind(words, example);
    if (!words.take('index')) throw usage('which one?', example);
    all.push({ kind: name, index: u32().read(words, context, 'index') });
  } while (!words.done);
  return all;
}
/** A message with actions; how many, their list, whose numbers begin with `first`. */
export function printMessage(printer: Printer, body: Json, first: number, what?: string): void {
  printer.object(null, () => printer.value('total acts', 'total acts %', body['count'] ?? 0));
  printer.newline();
  if (what !== undefined) printer.text(`${what[0]!.toUpperCase()}${what.slice(1)} action `);
  printer.object(null, () => printActions(printer, body['tab'] ?? [], first, false));
}

export const actions: Command = {
  summary: 'actions for filters to share',
  examples: ['tc actions show action gact', 'tc actions add action police rate 1mbit burst 10kb index 5', 'tc actions del action police index 5'],
  topic: async (words) => {
    const name = words.peek() ?? '', kind = actionKinds[name];
    return kind && (await import('../help.ts')).help({ summary: `the action ${name}`, usage: kind.usage, options: kind.options }, ['tc', 'actions', 'add', 'action', name]);
  },
  commands: {
    add: change('make actions', ['create', 'excl'], ['tc actions add action drop index 5', 'tc actions add action mirred egress mirror dev eth1 cookie 00ff']),
    'change|replace': change('make actions, or change them', ['create', 'replace'], ['tc actions replace action pass index 5']),
    get: {
      summary: 'print one action',
      examples: ['tc actions get action gact index 5'],
      usage: 'action KIND index NUMBER',
      options: one,
      run(context, words) {
        const found = context.kernel.get('getaction', { tab: which(context, words, 'tc actions get action KIND index NUMBER') });
        if (!found) return;
        const printer = new Printer(context);
        printMessage(printer, found, 1);
        printer.finish();
      },
    },
    'delete|del': {
      summary: 'delete actions that no filter uses',
      examples: ['tc actions del action gact index 5'],
      usage: '{ action KIND index NUMBER } ...',
      options: one,
      run(context, words) { context.kernel.change('delaction', { tab: which(context, words, 'tc actions del action KIND index NUMBER') }); },
    },
    flush: {
      summary: 'delete all of a kind that no filter uses',
      examples: ['tc actions flush action gact'],
      usage: 'action KIND',
      options: kindRow,
      // NLM_F_ROOT: in a deletion the bit has the name of another meaning.
      run(context, words) { context.kernel.change('delaction', { tab: [{ kind: kind(words, 'tc actions flush action KIND') }], flags: large }, ['nonrec']); },
    },
    'show|list|ls|lst': {
      summary: 'print actions of a kind, those of filters too',
      examples: ['tc -s actions show action gact', 'tc actions show action police since 1000'],
      usage: 'action KIND [ since MILLISECONDS ]',
      options: since,
      run(context, words) {
        const name = kind(words, 'tc actions show action KIND'), stale = words.take('since') ? { timeDelta: u32('MILLISECONDS').read(words, context, 'since') } : {};
        if (!words.done) throw usage(`"${words.peek()}" is one word too many`);
        const found = context.kernel.dump('getaction', { tab: [{ kind: name }], flags: context.options.brief ? terse : large, ...stale });
        if (context.options.dryRun) return;
        const printer = new Printer(context);
        for (const body of found) printMessage(printer, body, 0);
        printer.finish();
      },
    },
  },
};
