/** `ip xfrm monitor`: what happens to states and policies, and what they need. */
import type { Context } from '../../context.ts';
import { usage } from '../../errors.ts';
import { bare, type Command } from '../../grammar.ts';
import type { Event } from '../../kernel.ts';
import { toJson } from '../../print/json.ts';
import { Printer } from '../../print/printer.ts';
import { events } from '../../print/xfrm-event.ts';
import { follow, heading, onlySaid, replay, untilInterrupted } from '../../watch.ts';
import { fileName } from '../../values.ts';
import { didYouMean, find, type Words } from '../../words.ts';
import { xfrm } from '../../../families/xfrm/index.ts';
import { ipsec } from './values.ts';

/** Words -> groups. */
const objects: Readonly<Record<string, string>> = { acquire: 'acquire', expire: 'expire', SA: 'sa', aevent: 'aevents', policy: 'policy', report: 'report' };
const words = ['nokeys', 'all', 'all-nsid', 'file', ...Object.keys(objects)];

interface Wanted { readonly groups: readonly string[]; readonly nokeys: boolean; readonly allNamespaces: boolean; readonly file: string | undefined }

/** What is told to a group (net/xfrm/xfrm_user.c). */
const told: Readonly<Record<string, readonly string[]>> = {
  sa: ['newsa', 'updsa', 'delsa', 'flushsa'], policy: ['newpolicy', 'updpolicy', 'delpolicy', 'flushpolicy'], acquire: ['acquire'], expire: ['expire', 'polexpire'], aevents: ['newae'],
  report: ['report'], migrate: ['migrate', 'migrateState'], mapping: ['mapping'],
};

function read(given: Words): Wanted {
  const groups = new Set<string>();
  let nokeys = false, allNamespaces = false, file: string | undefined;
  while (!given.done) {
    const word = given.next(), key = find(word, words);
    if (key === undefined) throw usage(`"${word}" is not something to watch`, didYouMean(word, words));
    if (key === 'file') file = given.next(word);
    else if (key === 'nokeys') nokeys = true;
    else if (key === 'all-nsid') allNamespaces = true;
    else if (key !== 'all') groups.add(objects[key] as string);
  }
  return { groups: groups.size > 0 ? [...groups] : Object.keys(xfrm.groups), nokeys, allNamespaces, file };
}

function one(context: Context, { nokeys, allNamespaces }: Wanted, event: Event): void {
  const { message, body, nsid } = event;
  const print = events[message], printer = new Printer(context), { options, out } = context;
  if (options.json) {
    print?.(printer, body, message, nokeys);
    out.write(`${toJson({ ts: new Date().toISOString(), ...(nsid !== undefined && { nsid }), event: message, value: printer.take() }, false)}\n`);
    return;
  }
  heading(context, event, allNamespaces);
  if (print) print(printer, body, message, nokeys);
  else printer.text(`Unknown message: ${message}\n`);
  printer.spill();
}

export const monitor: Command = {
  summary: 'changes, limits that are reached, and states that are wanted, as they happen',
  examples: ['ip xfrm monitor', 'ip xfrm monitor file ipsec.rec   # messages as the kernel sent them', 'ip xfrm monitor nokeys SA policy', 'ip -j xfrm monitor acquire expire   # one JSON object a line'],
  usage: `[ nokeys ] [ all-nsid ] [ file FILE ] [ all | OBJECT ... ]   OBJECT: ${Object.keys(objects).join(' | ')}`,
  options: { ...bare(words), file: { type: fileName } },
  async run(context, given) {
    const wanted = read(given);
    if (onlySaid(context, wanted.groups)) return;
    if (wanted.file !== undefined) {
      return replay(context, (await import('../../recording.ts')).recording(wanted.file, xfrm), (event) => { if (wanted.groups.some((group) => told[group]?.includes(event.message))) one(context, wanted, event); });
    }
    await follow(context, ipsec(context).monitor(wanted.groups, { allNamespaces: wanted.allNamespaces, signal: untilInterrupted() }), (event) => one(context, wanted, event));
  },
};
