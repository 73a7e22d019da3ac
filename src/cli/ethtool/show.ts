/** Commands that ask one question and print the answer, and those that change what it tells. */
import { printAll } from '../generic.ts';
import { parse, type Command, type Grammar } from '../grammar.ts';
import type { Json, Printer } from '../print/printer.ts';
import { ask, decoded, device, parameters, type Asked } from './ask.ts';

/** How an answer is printed. `alone`: it is the answer to a question about one link, and no event. */
export type Print = (printer: Printer, body: Json, asked: Asked, alone: boolean) => void;

/** What is asked for and how it looks. */
export interface Shown {
  readonly message: string;
  readonly flags?: readonly string[];
  /** Counters come along with -I. */
  readonly statistics?: true;
  /** It is text only in ethtool: JSON is what was decoded. */
  readonly plain?: true;
  /** In a dump there is no empty line before each. */
  readonly joined?: true;
  readonly print: Print;
}

export function printOne(shown: Shown, asked: Asked, alone: boolean): (printer: Printer, body: Json) => void {
  return (printer, body) => {
    if (!alone && !shown.joined) printer.text('\n');
    if (printer.json && shown.plain) decoded(printer, body);
    else printer.object(null, () => { shown.print(printer, body, asked, alone); });
  };
}

/** A command that prints what there is. */
export function show(summary: string, example: string, shown: Shown): Command {
  return {
    summary, usage: 'DEVNAME | *', options: device, examples: [`ethtool ${example}`],
    async run(context, words) {
      const asked = await ask(context, words, true);
      parse({}, words, {}, context);
      // Bits by name, where the answer itself is printed.
      const flags = [...(shown.plain && context.options.json ? [] : shown.flags ?? []), ...(shown.statistics && context.options.statistics > 0 ? ['stats'] : [])];
      printAll(context, asked.answers(shown.message, flags), printOne(shown, asked, !asked.all));
    },
  };
}

/** A command that changes what `show` shows. */
export function set(summary: string, example: string, message: string, options: Grammar): Command {
  return {
    summary, examples: [`ethtool ${example}`], usage: 'DEVNAME OPTIONS', options: { ...device, ...options }, unlogged: true,
    async run(context, words) {
      const asked = await ask(context, words);
      asked.change(message, parameters(options, words, context));
    },
  };
}
