/** `ip address flush`: deletes what `show` would print. */
import type { Context } from '../context.ts';
import { usage } from '../errors.ts';
import { parse, type Command } from '../grammar.ts';
import { printAddress } from '../print/address.ts';
import { addressMatches, addresses, filterOptions, type AddressFilter } from './address-show.ts';
import { flushAll } from './rounds.ts';

export const flush: Command = {
  summary: 'take away all addresses that match',
  examples: ['ip address flush dev eth0', 'ip -6 address flush dev eth0 scope global'],
  options: filterOptions,
  run(context, words) {
    if (words.done && context.options.family === undefined) throw usage('flush needs something to go by', 'ip address flush dev DEVICE');
    const filter = parse(filterOptions, words, {}, context) as AddressFilter;
    const index = filter.dev === undefined ? undefined : context.links.index(filter.dev);
    flushAll(context, 'addresses', () => addresses(context, index).filter((address) => addressMatches(address, filter, context)), ({ family, prefixlen, scope, index: owner, local, address }) => {
      remove(context, { family, prefixlen, scope, index: owner, ...(address !== undefined && { address }), ...(local !== undefined && { local }) });
    }, (printer, address) => {
      printer.text(`${String(address['index'])}: ${context.links.name(Number(address['index']))}`);
      printAddress(printer, address);
      printer.text('\n');
    });
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
