/** `ip token`: lower halves of the addresses that router advertisements make (net/ipv6/addrconf.c). */
import type { Context } from '../context.ts';
import { usage } from '../errors.ts';
import { at, parse, to, type Command, type Grammar } from '../grammar.ts';
import { link as linkFormat } from '../print/formats.ts';
import { Printer, type Json, type Sheet } from '../print/printer.ts';
import { device, parseAddress, word } from '../values.ts';
import type { Words } from '../words.ts';

const showOptions: Grammar = { dev: to('dev', device) };

const setOptions: Grammar = {
  dev: to('dev', device),
  '': to('token', word('TOKEN', (given, _context, after) => parseAddress(given, after, 'inet6').address)),
};

const sheet: Sheet = [
  ['token', 'token % ', 'token', { paint: 'inet6' }],
  ['ifname', 'dev %', 'index', linkFormat],
];

/** A link's token, where it can have one: loopbacks and links without ARP ask no routers. */
export function tokenOf(link: Json): string | undefined {
  const flags = link['flags'] as unknown[];
  if (flags.includes('loopback') || flags.includes('noarp')) return undefined;
  return at(link, 'protinfo.token') as string | undefined;
}

function show(context: Context, dev: number | undefined): void {
  const links = context.kernel.dump('getlink', { family: 'inet6' });
  if (context.options.dryRun) return;
  const printer = new Printer(context);
  for (const link of links) {
    const token = tokenOf(link);
    if (token === undefined || (dev !== undefined && link['index'] !== dev)) continue;
    printer.object(null, () => printer.sheet(sheet, { ...link, token }));
    printer.text('\n');
  }
  printer.finish();
}

function set(context: Context, words: Words, token?: string): void {
  const { dev, token: given = token } = parse(token === undefined ? setOptions : { dev: setOptions['dev']! }, words, {}, context) as { dev?: number; token?: string };
  if (given === undefined) throw usage('which token?', 'ip token set ::5 dev DEVICE');
  if (dev === undefined) throw usage('which link?', `ip token ${token === undefined ? 'set TOKEN' : 'del'} dev DEVICE`);
  context.kernel.request('setlink', { family: 'inet6', index: dev, afSpec: { inet6: { token: given } } });
}

export const token: Command = {
  summary: 'lower halves of addresses that router advertisements make',
  examples: ['ip token', 'ip token set ::5 dev eth0'],
  otherwise: 'list',
  commands: {
    'list|show|lst': {
      summary: 'print tokens',
      examples: ['ip -j token list'],
      usage: '[ dev DEVICE ]',
      options: showOptions,
      run: (context, words) => show(context, parse(showOptions, words, {}, context)['dev'] as number | undefined),
    },
    set: { summary: 'give a link a token', examples: ['ip token set ::5 dev eth0'], usage: 'TOKEN dev DEVICE', options: setOptions, run: (context, words) => set(context, words) },
    'delete|del': { summary: "take a link's token away", examples: ['ip token del dev eth0'], usage: 'dev DEVICE', options: { dev: setOptions['dev']! }, run: (context, words) => set(context, words, '::') },
    get: {
      summary: "print a link's token",
      examples: ['ip token get dev eth0'],
      usage: '[ dev DEVICE ]',
      options: showOptions,
      run: (context, words) => show(context, parse(showOptions, words, {}, context)['dev'] as number | undefined),
    },
  },
};
