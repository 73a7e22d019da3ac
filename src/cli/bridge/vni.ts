/** `bridge vni`: network identifiers that a VXLAN device with `vnifilter` listens to (drivers/net/vxlan/vxlan_vnifilter.c). */
import type { Context } from '../context.ts';
import { usage } from '../errors.ts';
import { act, parse, to, type Command, type Draft, type Grammar, type Row } from '../grammar.ts';
import { counter } from '../print/formats.ts';
import { Printer, type Json } from '../print/printer.ts';
import { nameColumn, nameWidth } from '../print/vlandb.ts';
import { device, parseAddress, word } from '../values.ts';
import type { Words } from '../words.ts';

const maxVni = 0xffffff;

interface Range { start: number; end?: number }

/** `1000,2000-2005`. */
const ranges = word('VNI[-VNI][,...]', (given, _context, after): Range[] => given.split(',').map((range) => {
  const ends = /^(\d+)(?:-(\d+))?$/.exec(range);
  const [start, end] = [Number(ends?.[1]), ends?.[2] === undefined ? undefined : Number(ends[2])];
  if (!ends || start > maxVni || (end !== undefined && (end > maxVni || end < start))) throw usage(`"${range}" is not a network identifier for "${after}"`, `0 to ${maxVni}, or a range 2000-2005, with commas between`);
  return end === undefined ? { start } : { start, end };
}));

function isMulticast(address: string): boolean {
  return address.includes(':') ? address.startsWith('ff') : (Number.parseInt(address, 10) & 0xf0) === 0xe0;
}

/** Where packets go whose far end is not known: a multicast group, or one host. */
function endpoint(multicast: boolean): Row {
  return act((draft, value) => {
    const { family, address } = value as { family: string; address: string };
    if (isMulticast(address) !== multicast) throw usage(`${address} is ${multicast ? 'not ' : ''}a multicast address`, `that is "${multicast ? 'remote' : 'group'}"`);
    if (draft['endpoint'] !== undefined) throw usage('group and remote exclude each other');
    draft['endpoint'] = family === 'inet6' ? { group6: address } : { group: address };
  }, word('ADDRESS', (given, _context, after) => parseAddress(given, after)));
}

const changeOptions: Grammar = { dev: to('ifindex', device), vni: to('vnis', ranges), group: endpoint(true), remote: endpoint(false) };

function change(context: Context, words: Words, message: 'newtunnel' | 'deltunnel'): void {
  const { ifindex, vnis, endpoint: far } = parse(changeOptions, words, {}, context) as { ifindex?: number; vnis?: Range[]; endpoint?: Draft };
  if (ifindex === undefined || vnis === undefined) throw usage('which device and which identifiers?', `bridge vni ${message === 'newtunnel' ? 'add' : 'del'} dev DEVICE vni VNI`);
  context.kernel.request(message, { family: 'bridge', ifindex, entry: vnis.map((range) => ({ ...range, ...far })) });
}

/** Columns: the device's name, then identifiers, then where they go. */
const vniWidth = 17, indent = nameWidth + 4;

const directions = ['rx', 'tx'] as const;
const counters = ['bytes', 'pkts', 'drops', 'errors'] as const;

function statistics(printer: Printer, counted: Json): void {
  printer.object('stats', () => {
    for (const direction of directions) {
      printer.text(`${' '.repeat(indent)}${direction.toUpperCase()}: `);
      for (const what of counters) printer.value(`${direction}_${what}`, `${what} % `, counted[`${direction}${what[0]?.toUpperCase()}${what.slice(1)}`], counter);
      printer.newline();
    }
  });
}

/** Entries of one message, as `bridge monitor` prints them, too. */
export function printVnis(printer: Printer, tunnel: Json): void {
  const entries = (tunnel['entry'] ?? []) as Json[];
  const name = printer.context.links.name(Number(tunnel['ifindex']));
  printer.object(null, () => {
    printer.value('ifname', null, name);
    printer.array('vnis', () => entries.forEach((entry, i) => printEntry(printer, entry, i === 0 ? name : '')));
  });
}

function printEntry(printer: Printer, entry: Json, name: string): void {
  const { start, end } = entry as { start: number; end?: number };
  const far = (entry['group'] ?? entry['group6']) as string | undefined;
  printer.object(null, () => {
    nameColumn(printer, name);
    printer.text(`${(end === undefined ? String(start) : `${start}-${end}`).padEnd(vniWidth)}  `);
    printer.value('vni', null, start);
    printer.value('vniEnd', null, end);
    if (far !== undefined && far !== '0.0.0.0' && far !== '::') printer.value(isMulticast(far) ? 'group' : 'remote', '%', far);
    printer.newline();
    const counted = entry['stats'] as Json | undefined;
    if (counted && printer.statistics > 0) statistics(printer, counted);
  });
}

const showOptions: Grammar = { dev: to('dev', device) };

function show(context: Context, words: Words): void {
  const { dev } = parse(showOptions, words, {}, context);
  const found = context.kernel.dump('gettunnel', { family: 'bridge', ...(context.options.statistics > 0 && { flags: ['stats'] }), ...(dev !== undefined && { ifindex: dev }) });
  if (context.options.dryRun) return;
  const printer = new Printer(context);
  printer.text(`${'dev'.padEnd(nameWidth)}  ${'vni'.padEnd(vniWidth)}  group/remote\n`);
  for (const tunnel of found) printVnis(printer, tunnel);
  printer.finish();
}

const command = (summary: string, example: string, message: 'newtunnel' | 'deltunnel'): Command => ({
  summary,
  examples: [example],
  usage: 'dev DEVICE vni VNI[-VNI][,...] [ { group | remote } ADDRESS ]',
  options: changeOptions,
  run: (context, words) => change(context, words, message),
});

export const vni: Command = {
  summary: 'network identifiers that a VXLAN device listens to',
  examples: ['bridge vni show', 'bridge vni add dev vx0 vni 1000', 'bridge vni add dev vx0 vni 2000-2005 remote 10.0.0.9'],
  otherwise: 'show',
  commands: {
    add: command('listen to identifiers', 'bridge vni add dev vx0 vni 2000-2005 remote 10.0.0.9', 'newtunnel'),
    'delete|del': command('listen to identifiers no more', 'bridge vni del dev vx0 vni 2000-2005', 'deltunnel'),
    'show|list|lst': { summary: 'print identifiers', examples: ['bridge -s vni show dev vx0'], usage: '[ dev DEVICE ]', options: showOptions, run: show },
  },
};
