/** `ip netconf`: settings of IPv4, IPv6 and MPLS on interfaces (net/ipv4/devinet.c, net/ipv6/addrconf.c). */
import { parse, to, type Command, type Grammar } from '../grammar.ts';
import { printNetconf } from '../print/netconf.ts';
import { Printer, type Json } from '../print/printer.ts';
import { device } from '../values.ts';

const options: Grammar = { dev: to('dev', device) };

export const netconf: Command = {
  summary: 'settings of address families on interfaces',
  examples: ['ip netconf', 'ip -4 netconf show dev eth0', 'ip -j -6 netconf'],
  otherwise: 'show',
  commands: {
    'show|list|lst': {
      summary: 'print settings',
      examples: ['ip -4 netconf show dev eth0'],
      options,
      run(context, words) {
        const { dev } = parse(options, words, {}, context) as { dev?: number };
        const { kernel, options: { family, dryRun } } = context;
        // One interface of one family is a question of its own; more are a dump, in which a kernel without the family tells of all.
        const found: readonly Json[] = dev !== undefined && family !== undefined
          ? kernel.request('getnetconf', { family, ifindex: dev }).map(({ body }) => body)
          : kernel.dump('getnetconf', { family: family ?? 'unspec' }).filter((one) => (dev === undefined || one['ifindex'] === dev) && (family === undefined || one['family'] === family));
        if (dryRun) return;
        const printer = new Printer(context);
        for (const settings of found) printNetconf(printer, settings);
        printer.finish();
      },
    },
  },
};
