/** `ip tcp_metrics`: what TCP remembers of the hosts it talked to (net/ipv4/tcp_metrics.c). */
import { tcpMetrics } from '../../families/generic/tcp-metrics.ts';
import type { Context } from '../context.ts';
import { usage } from '../errors.ts';
import { printAll } from '../generic.ts';
import { parse, to, type Command, type Draft, type Grammar } from '../grammar.ts';
import type { Kernel } from '../kernel.ts';
import type { Json } from '../print/printer.ts';
import { destination, printTcpMetrics } from '../print/tcp-metrics.ts';
import { address, addressBits, prefix, type Prefix } from '../values.ts';
import type { Words } from '../words.ts';
import { inPrefix } from './prefix.ts';

const selector: Grammar = { 'address|addr': to('prefix', prefix), '': { ...to('prefix', prefix), same: ['address|addr'] } };
const one: Grammar = { 'address|addr': to('address', address), '': { ...to('address', address), same: ['address|addr'] } };

const key = (family: string): string => (family === 'inet' ? 'addrIpv4' : 'addrIpv6');

/** Which there are, of a family and of a prefix. */
function matching(context: Context, kernel: Kernel, wanted: Prefix | undefined): Json[] {
  const family = wanted?.family ?? context.options.family;
  return kernel.dump('get', {}).filter((body) => (family === undefined || body[key(family)] !== undefined) && (wanted === undefined || inPrefix(destination(body) as string, wanted)));
}
/** One address, not a range of them. */
const single = ({ family, length }: Prefix): boolean => length === addressBits[family];

function checkFamily({ options: { family } }: Context): void {
  if (family !== undefined && family !== 'inet' && family !== 'inet6') throw usage(`TCP has no metrics of "${family}"`, '-4 or -6');
}
/** What is asked for, and whom to ask. */
async function select(context: Context, words: Words): Promise<{ wanted: Prefix | undefined; kernel: Kernel }> {
  checkFamily(context);
  const { prefix: wanted } = parse(selector, words, {}, context) as { prefix?: Prefix };
  return { wanted, kernel: await context.kernel.generic(tcpMetrics) };
}

export const tcpMetricsCommand: Command = {
  summary: 'what TCP remembers of other hosts',
  examples: ['ip tcp_metrics', 'ip tcp_metrics show 192.0.2.0/24', 'ip tcp_metrics delete 192.0.2.7', 'ip tcp_metrics flush'],
  otherwise: 'list',
  commands: {
    'list|lst|show': {
      summary: 'print what is remembered',
      examples: ['ip -j tcp_metrics show 192.0.2.0/24'],
      usage: '[ [ address ] PREFIX ]',
      options: selector,
      async run(context, words) {
        const { wanted, kernel } = await select(context, words);
        const found = wanted && single(wanted) ? [kernel.get('get', { [key(wanted.family)]: wanted.address })] : matching(context, kernel, wanted);
        printAll(context, found, printTcpMetrics);
      },
    },
    'delete|remove': {
      summary: 'forget a host',
      unlogged: true,
      examples: ['ip tcp_metrics delete 192.0.2.7'],
      usage: '[ address ] ADDRESS',
      options: one,
      async run(context, words) {
        checkFamily(context);
        const { address: given } = parse(one, words, {}, context) as Draft & { address?: { family: string; address: string } };
        if (!given) throw usage('which address?', 'ip tcp_metrics delete ADDRESS');
        (await context.kernel.generic(tcpMetrics)).request('del', { [key(given.family)]: given.address });
      },
    },
    flush: {
      summary: 'forget all hosts that match',
      unlogged: true,
      examples: ['ip tcp_metrics flush', 'ip -6 tcp_metrics flush', 'ip tcp_metrics flush 192.0.2.0/24'],
      usage: '[ [ address ] PREFIX ]',
      options: selector,
      async run(context, words) {
        const { wanted, kernel } = await select(context, words);
        if (wanted ? single(wanted) : context.options.family === undefined) {
          kernel.request('del', wanted ? { [key(wanted.family)]: wanted.address } : {});
          return;
        }
        // Of all sources, with one request a host.
        const found = new Map(matching(context, kernel, wanted).map((body) => [destination(body), body]));
        for (const { addrIpv4, addrIpv6 } of found.values()) kernel.request('del', { addrIpv4, addrIpv6 });
        if (found.size === 0 && !context.options.dryRun) context.out.error('Nothing to flush.');
      },
    },
  },
};
