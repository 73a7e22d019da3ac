/** `ip ila`: which locators of addresses are written anew when packets arrive (net/ipv6/ila/ila_xlat.c). */
import { ila } from '../../families/generic/ila.ts';
import { usage } from '../errors.ts';
import { printAll } from '../generic.ts';
import { only, parse, to, type Command, type Grammar } from '../grammar.ts';
import { printMapping } from '../print/ila.ts';
import { device, word } from '../values.ts';
import { ila as encap, locator as read } from './route-encap-ioam.ts';

const locator = word('LOCATOR', read);
const key: Grammar = { loc_match: to('locatorMatch', locator), loc: to('locator', locator), dev: to('ifindex', device) };
const rows: Grammar = { ...key, ...only(encap, ['csum-mode', 'ident-type']) };

const change = (summary: string, example: string, usageLine: string, options: Grammar, message: string, needed: readonly string[]): Command => ({
  summary, examples: [example], usage: usageLine, options, unlogged: true,
  async run(context, words) {
    const { locatorMatch, locator: to, ...rest } = parse(options, words, {}, context);
    if (locatorMatch === undefined) throw usage('which locator?', example);
    if (needed.includes('loc') && to === undefined) throw usage('which locator takes its place?', example);
    (await context.kernel.generic(ila)).request(message, { locatorMatch, ...(to !== undefined && { locator: to }), ...rest });
  },
});

export const ilaCommand: Command = {
  summary: 'locators of addresses that are written anew',
  examples: ['ip ila list', 'ip ila add loc_match 2001:db8:0:1 loc fd00:0:0:1', 'ip ila del loc_match 2001:db8:0:1'],
  commands: {
    add: change('write a locator anew', 'ip ila add loc_match 2001:db8:0:1 loc fd00:0:0:1 csum-mode no-action', 'loc_match LOCATOR loc LOCATOR [ dev DEVICE ] [ csum-mode MODE ] [ ident-type TYPE ]', rows, 'add', ['loc']),
    'delete|del': change('leave a locator as it is', 'ip ila del loc_match 2001:db8:0:1', 'loc_match LOCATOR [ loc LOCATOR ] [ dev DEVICE ]', key, 'del', []),
    list: {
      summary: 'print locators',
      examples: ['ip -j ila list'],
      options: {},
      async run(context, words) {
        parse({}, words, {}, context);
        printAll(context, (await context.kernel.generic(ila)).dump('get', {}), printMapping);
      },
    },
  },
};
