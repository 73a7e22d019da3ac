/** Actions on the command line: `action KIND ...`, and how a list of them is printed. */
import { usage } from '../../errors.ts';
import type { Context } from '../../context.ts';
import { mindHelp, store, type Draft } from '../../grammar.ts';
import { bytes } from '../../print/formats.ts';
import type { Json, Printer } from '../../print/printer.ts';
import { didYouMean, type Words } from '../../words.ts';
import { hexBytes, isVerdict, readOwn, verdictWords } from '../filter-values.ts';
import { printCounters } from '../../print/tc.ts';
import { bpf } from './bpf.ts';
import { connmark } from './connmark.ts';
import { csum } from './csum.ts';
import { ct } from './ct.ts';
import { ctinfo } from './ctinfo.ts';
import { gact } from './gact.ts';
import { gate } from './gate.ts';
import { ife } from './ife.ts';
import type { ActionKind } from './kind.ts';
import { mirred } from './mirred.ts';
import { mpls } from './mpls.ts';
import { nat } from './nat.ts';
import { pedit } from './pedit.ts';
import { police } from './police.ts';
import { sample } from './sample.ts';
import { simple } from './simple.ts';
import { skbedit } from './skbedit.ts';
import { skbmod } from './skbmod.ts';
import { tunnelKey } from './tunnel-key.ts';
import { vlan } from './vlan.ts';

export const actionKinds: Readonly<Record<string, ActionKind>> = {
  bpf, connmark, csum, ct, ctinfo, gact, gate, ife, mirred, mpls, nat, pedit, police, sample, simple, skbedit, skbmod, tunnel_key: tunnelKey, vlan,
};
const hwStats = { any: { value: ['immediate', 'delayed'] }, disabled: { value: [] }, immediate: { value: ['immediate'] }, delayed: { value: ['delayed'] } } as const;

/** What may follow any action. */
const rest = {
  cookie: { path: 'cookie', type: hexBytes(16) },
  hw_stats: {
    path: 'hwStats',
    type: { name: `{ ${Object.keys(hwStats).join(' | ')} }`, choices: Object.keys(hwStats), read: (words: Words, _context: Context, after: string) => {
      const given = words.next(after), found = hwStats[given as keyof typeof hwStats];
      if (!found) throw usage(`"${given}" are no counters of hardware`, Object.keys(hwStats).join(', '));
      return { ...found, selector: found.value };
    } },
  },
  no_percpu: { apply: (draft: Draft) => flag(draft, 'noPercpuStats') },
  skip_sw: { apply: (draft: Draft) => flag(draft, 'skipSw') },
  skip_hw: { apply: (draft: Draft) => flag(draft, 'skipHw') },
};
/** For completion: what may follow `action`, and what follows that. */
export const actionWords = { choices: [...Object.keys(actionKinds), ...verdictWords], grammars: Object.fromEntries(Object.entries(actionKinds).map(([name, kind]) => [name, { ...kind.options, ...rest }])) };
function flag(draft: Draft, name: string): void {
  const flags = [...(((draft['flags'] as { value?: string[] } | undefined)?.value) ?? []), name];
  draft['flags'] = { value: flags, selector: flags };
}

/** Actions from the cursor on: to the end of the line, or to words of the filter. */
export function readActions(words: Words, context: Context): Draft[] {
  const actions: Draft[] = [];
  while (!words.done && !['flowid', 'classid'].includes(words.peek() as string)) {
    if (words.take('action')) { if (words.done) throw usage('which action?', 'action drop'); }
    actions.push(readAction(words, context));
  }
  if (actions.length === 0) throw usage('which action?', 'action drop');
  if (actions.length > most) throw usage(`${actions.length} actions`, `at most ${most}`);
  return actions;
}
/** TCA_ACT_MAX_PRIO. */
const most = 32;

function readAction(words: Words, context: Context): Draft {
  mindHelp(rest, words, 0);
  // A verdict alone is an action of kind gact.
  const name = isVerdict(words.peek()) ? 'gact' : words.next('action'), kind = actionKinds[name];
  if (!kind) throw usage(`"${name}" is not an action`, didYouMean(name, Object.keys(actionKinds)));
  const options: Draft = {}, parms = kind.parms ?? 'parms';
  if (kind.read) kind.read(words, context, options);
  else readOwn(kind.options, words, options, context);
  kind.complete?.(options, context);
  if (kind.verdict !== '' && (options[parms] as Draft | undefined)?.['action'] === undefined) store(options, `${parms}.action`, kind.verdict);
  return { kind: name, options, ...readOwn(rest, words, {}, context) };
}

/** The actions of a filter, or of a message. @param first The number of the first. @param bound They are a filter's. */
export function printActions(printer: Printer, actions: unknown, first: number, bound = true): void {
  if (actions === undefined) return;
  printer.array('actions', () => {
    for (const [i, action] of (actions as Json[]).entries()) {
      printer.object(null, () => {
        printer.newline();
        printer.value('order', '\taction order %: ', i + first);
        printAction(printer, action, bound);
      });
    }
  });
}

function printAction(printer: Printer, action: Json, bound: boolean): void {
  const name = String(action['kind']), kind = actionKinds[name], terse = action['options'] === undefined;
  const [key, text] = kind?.head ?? ['kind', '% '];
  printer.value(key, text, name);
  if (kind && !terse) kind.print(printer, action['options'] as Json);
  else printer.newline();
  const stats = action['stats'] as Json | undefined;
  if (printer.statistics > 0 && stats) {
    printer.text('\tAction statistics:');
    printer.newline();
    printer.object('stats', () => printCounters(printer, stats, '\t'));
    printer.newline();
  }
  if (action['cookie'] !== undefined) {
    printer.value('cookie', '\tcookie %', bytes(action['cookie']));
    printer.newline();
  }
  printFlags(printer, action, bound);
  printHwStats(printer, 'hw_stats', action['hwStats']);
  printHwStats(printer, 'used_hw_stats', action['usedHwStats']);
}

/** Where it works; of a filter's, the filter says it. */
function printFlags(printer: Printer, action: Json, bound: boolean): void {
  const { value: set = [] } = (action['flags'] ?? {}) as { value?: string[] }, count = action['inHwCount'] as number | undefined;
  let any = false;
  const say = (key: string): void => {
    printer.value(key, `\t${key}`, true);
    any = true;
  };
  if (set.includes('noPercpuStats')) say('no_percpu');
  if (!bound) {
    if (set.includes('skipHw')) say('skip_hw');
    if (set.includes('skipSw')) say('skip_sw');
    if (count !== undefined && !set.includes('skipHw')) say(count > 0 ? 'in_hw' : 'not_in_hw');
    if (count) printer.value('in_hw_count', ' in_hw_count %', count);
  }
  if (any) printer.newline();
}

function printHwStats(printer: Printer, key: string, given: unknown): void {
  if (given === undefined) return;
  const { value = [], selector = [] } = given as { value?: string[]; selector?: string[] };
  if (selector.length === 0) return;
  const words = value.length === 0 ? ['disabled'] : value;
  printer.text(`\t${key}`);
  printer.list(key, words, words.map((word) => ` ${word}`).join(','));
  printer.newline();
}
