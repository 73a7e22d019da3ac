/** `ip tunnel`: what was once an ioctl, by the link messages that make the same tunnels: net/ipv4/ip_tunnel.c, net/ipv6/ip6_tunnel.c. */
import type { Context } from '../context.ts';
import { CliError, exits, usage } from '../errors.ts';
import { at, parse, to, type Command, type Grammar } from '../grammar.ts';
import { Printer, type Json } from '../print/printer.ts';
import { printTunnel, type Aside } from '../print/tunnel.ts';
import { checkName, device, parseAddress, text, word } from '../values.ts';
import type { Words } from '../words.ts';
import { echo } from './echo.ts';
import { inside } from './inside.ts';
import { kinds } from './kinds/index.ts';
import { key } from './kinds/tunnel.ts';
import { familyOf, familyOfKind, look, modeByName, modeOf, readTunnel, tunnelOptions, type Family, type Line } from './tunnel-modes.ts';
import { prl, routersOf, sixRd, vtiHeader } from './tunnel-ioctl.ts';

const example = 'ip tunnel add gre1 mode gre remote 192.0.2.9 local 192.0.2.1';

const kindOf = (link: Json): string => String(at(link, 'linkinfo.kind'));
const dataOf = (link: Json): Json => (at(link, 'linkinfo.data') ?? {}) as Json;

function add(context: Context, words: Words): void {
  const line = look(words, context), family = familyOf(context, modeOf(line.mode));
  const mode = modeOf(line.mode) ?? modeByName(line.name, family);
  if (!mode) throw usage('which mode?', example);
  const { kind, data: fixed } = mode;
  const data = readTunnel(kind, line, { ...kinds[kind]!.start?.(undefined), ...fixed }, words, context, true);
  echo(context, 'newlink', { ...(line.name !== undefined && { ifname: checkName(line.name) }), linkinfo: { kind, data } }, ['create', 'excl']);
  context.links.forget();
}

/** All tunnels of a family. Those of external addresses have no type of their own over IPv4, and are not known to the tool. */
function tunnels(context: Context, family: Family): Json[] {
  const links = context.kernel.dump('getlink', { family: 'unspec', extMask: ['vf'] });
  context.links.learn(links);
  return links.filter((link) => familyOfKind(kindOf(link)) === family && link['type'] !== ARPHRD_NONE);
}
const ARPHRD_NONE = 0xfffe;

/** The tunnel that a line is about: by name, else by its mode and ends. */
function target(context: Context, line: Line, words: Words): Json {
  const mode = modeOf(line.mode);
  if (line.name !== undefined) {
    const index = context.links.index(line.name), link = context.links.object(index) ?? {};
    const kind = kindOf(link);
    if (context.options.dryRun) return { index, linkinfo: { kind: mode?.kind ?? modeByName(line.name, familyOf(context))?.kind ?? 'ipip' } };
    if (familyOfKind(kind) === undefined) throw usage(`"${line.name}" is not a tunnel`, kind === 'undefined' ? undefined : `it is of the kind ${kind}: ip link`);
    if (mode && mode.kind !== kind) throw usage(`"${line.name}" is a tunnel of the kind ${kind}, not ${mode.kind}`);
    return link;
  }
  if (!mode) throw usage('which tunnel?', 'its name, or its mode and ends');
  const start = words.at, wanted = readTunnel(mode.kind, line, {}, words, context, false);
  words.at = start;
  const same = (link: Json): boolean => ['remote', 'local', 'link', 'ikey'].every((path) => (wanted[path] ?? unset[path]?.(mode.kind)) === (dataOf(link)[path] ?? unset[path]?.(mode.kind)));
  const found = tunnels(context, familyOf(context, mode)).find((link) => kindOf(link) === mode.kind && same(link));
  if (!found) throw usage('there is no tunnel of that mode and those ends', 'ip tunnel show');
  return found;
}

const nowhere = (kind: string): string => (familyOfKind(kind) === 'inet6' ? '::' : '0.0.0.0');
/** What the kernel tells of ends that nobody gave. */
const unset: Readonly<Record<string, (kind: string) => unknown>> = { remote: nowhere, local: nowhere, link: () => 0, ikey: () => 0 };

function change(context: Context, words: Words): void {
  const line = look(words, context);
  familyOf(context, modeOf(line.mode));
  const link = target(context, line, words), kind = kindOf(link);
  const data = readTunnel(kind, line, { ...kinds[kind]!.start?.(dataOf(link)), ...modeOf(line.mode)?.data }, words, context, false);
  echo(context, 'newlink', { index: link['index'], linkinfo: { kind, data } }, []);
  context.links.forget();
}

function remove(context: Context, words: Words): void {
  const line = look(words, context);
  familyOf(context, modeOf(line.mode));
  const link = target(context, line, words), { index } = link;
  context.kernel.request('dellink', { index });
  context.links.forget();
  // The kernel is silent about the tunnels that it keeps for packets of no other.
  if (context.options.dryRun || context.options.atomic || context.links.object(Number(index)) === undefined) return;
  throw new CliError(`${String(link['ifname'])} is the kernel's own`, exits.refused, 'it goes with the module of its kind');
}

const showOptions: Grammar = {
  mode: tunnelOptions['mode']!,
  name: to('name', text('NAME')),
  ...Object.fromEntries(['remote', 'local'].map((end) => [end, to(end, word('ADDRESS', (given, context, after) => parseAddress(given, after, context.options.family).address))])),
  dev: to('link', device),
  'key|ikey': to('ikey', key),
  '': { ...to('name', text('NAME')), same: ['name'] },
};

async function show(context: Context, words: Words): Promise<void> {
  const line = look(words, context), mode = modeOf(line.mode);
  const { name, ...wanted } = parse(showOptions, words, {}, context);
  let family = familyOf(context, mode);
  if (name !== undefined && !context.options.dryRun) {
    const told = familyOfKind(kindOf(context.links.object(context.links.index(String(name))) ?? {}));
    if (told === undefined) throw usage(`"${String(name)}" is not a tunnel`, 'ip link show prints any link');
    if (context.options.family === undefined) family = told;
  }
  const found = tunnels(context, family);
  if (context.options.dryRun) return;
  const printer = new Printer(context);
  for (const link of found) {
    if (name !== undefined && link['ifname'] !== name) continue;
    if (mode && (kindOf(link) !== mode.kind || (mode.data?.['proto'] ?? dataOf(link)['proto']) !== dataOf(link)['proto'])) continue;
    if (Object.entries(wanted).every(([path, value]) => dataOf(link)[path] === value)) printTunnel(printer, link, await aside(context, link));
  }
  printer.finish();
}

/** What only ioctl tells. */
async function aside(context: Context, link: Json): Promise<Aside> {
  const ifname = String(link['ifname']), kind = kindOf(link);
  if (kind === 'vti') return { header: await inside(context, () => vtiHeader(ifname)) };
  const isatap = kind === 'sit' && ((dataOf(link)['flags'] ?? []) as unknown[]).includes('isatap');
  return isatap ? { routers: await inside(context, () => routersOf(ifname)) } : {};
}

export const tunnel: Command = {
  summary: 'tunnels over IP',
  examples: ['ip tunnel', example, 'ip -6 tunnel add t6 mode ip6ip6 remote 2001:db8::9', 'ip tunnel del gre1'],
  otherwise: 'show',
  commands: {
    add: { summary: 'make a tunnel', examples: [example, 'ip tunnel add sit1 mode sit remote any local 192.0.2.1 ttl 64'], usage: `[ name ] NAME mode { ${Object.values(tunnelOptions['mode']!.type!.choices!).join(' | ')} } [ OPTIONS ]`, options: tunnelOptions, run: add },
    change: { summary: 'change a tunnel', examples: ['ip tunnel change gre1 ttl 64'], usage: '[ name ] NAME [ OPTIONS ]', options: tunnelOptions, run: change },
    'delete|del': { summary: 'delete a tunnel', examples: ['ip tunnel del gre1'], usage: '{ [ name ] NAME | mode MODE [ remote ADDRESS ] [ local ADDRESS ] [ key KEY ] [ dev DEVICE ] }', options: tunnelOptions, run: remove },
    'show|list|lst': { summary: 'print tunnels', examples: ['ip -s tunnel show gre1', 'ip -j -6 tunnel', 'ip tunnel show remote 192.0.2.9'], options: showOptions, run: show },
    prl,
    '6rd': sixRd,
  },
};
