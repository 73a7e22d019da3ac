/** `ip address flush`: deletes what `show` would print. */
import type { Context } from '../context.ts';
import { exits, usage, CliError } from '../errors.ts';
import { parse, type Command } from '../grammar.ts';
import { addressMatches, addresses, filterOptions, type AddressFilter } from './address-show.ts';

export const flush: Command = {
  summary: 'take away all addresses that match',
  examples: ['ip address flush dev eth0', 'ip -6 address flush dev eth0 scope global'],
  options: filterOptions,
  run(context, words) {
    if (words.done && context.options.family === undefined) throw usage('flush needs something to go by', 'ip address flush dev DEVICE');
    const filter = parse(filterOptions, words, {}, context) as AddressFilter;
    const index = filter.dev === undefined ? undefined : context.links.index(filter.dev);
    // Deleting a primary address may delete or promote others: look again until none is left.
    for (let round = 0; round < context.options.loops; round++) {
      const left = addresses(context, index).filter((address) => addressMatches(address, filter, context));
      if (left.length === 0) return;
      for (const { family, prefixlen, scope, index: owner, local, address } of left) {
        remove(context, { family, prefixlen, scope, index: owner, ...(address !== undefined && { address }), ...(local !== undefined && { local }) });
      }
      if (context.options.dryRun) return;
    }
    throw new CliError(`addresses are still there after ${context.options.loops} rounds`, exits.refused);
  },
};

/** Gone already is as good as deleted. */
function remove(context: Context, body: Record<string, unknown>): void {
  try {
    context.kernel.request('deladdr', body);
  } catch (error) {
    if ((error as { code?: string }).code !== 'EADDRNOTAVAIL') throw error;
  }
}
