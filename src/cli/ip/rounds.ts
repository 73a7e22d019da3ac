/** What `-s` tells of a flush, as iproute2 does: its rounds; with `-s -s`, what goes, too. */
import type { Context } from '../context.ts';
import { exits, CliError } from '../errors.ts';
import { Printer, type Json } from '../print/printer.ts';

/**
 * Deletes what there is until nothing is left: deleting one may delete, or bring, others.
 * @param what 'addresses', 'entries' @param left what is to go @param print one of them
 */
export function flushAll(context: Context, what: string, left: () => readonly Json[], remove: (one: Json) => void, print: (printer: Printer, one: Json) => void): void {
  const { options, out } = context, tells = options.statistics > 0 && !options.dryRun && !options.json;
  for (let round = 0; round < options.loops; round++) {
    const all = left();
    if (all.length === 0) {
      if (tells) out.write(round === 0 ? 'Nothing to flush.\n' : `*** Flush is complete after ${round} round${round === 1 ? '' : 's'} ***\n`);
      return;
    }
    if (tells && options.statistics > 1) {
      const printer = new Printer(context);
      for (const one of all) print(printer, one);
      printer.finish();
    }
    if (tells) out.write(`\n*** Round ${round + 1}, deleting ${all.length} ${what} ***\n`);
    for (const one of all) remove(one);
    if (options.dryRun) return;
  }
  throw new CliError(`${what} are still there after ${options.loops} rounds`, exits.refused);
}
