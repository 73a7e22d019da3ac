/** `ip link show`. */
import type { Context } from '../context.ts';
import { act, at, parse, type Command, type Draft, type Grammar } from '../grammar.ts';
import { Ifinfomsg, LinkAttrs } from '../../families/route/link.ts';
import type { Body } from '../kernel.ts';
import { byName, nobody } from '../links.ts';
import { printBrief, printLink } from '../print/link.ts';
import { Printer, type Json } from '../print/printer.ts';
import { deviceName, group, text } from '../values.ts';
import { usage } from '../errors.ts';
import { vrfTable } from './route-options.ts';

/** What may be asked for. Keys are ours, not the kernel's. */
export interface LinkFilter {
  dev?: string;
  up?: boolean;
  /** Virtual functions are not told. */
  novf?: boolean;
  type?: string;
  master?: string;
  nomaster?: boolean;
  group?: number;
  vrf?: string;
}

function set<K extends keyof LinkFilter>(key: K, value?: LinkFilter[K]) {
  return (draft: Draft, given: unknown): void => { draft[key] = value ?? given; };
}

const kindWord = { ...text('TYPE'), completes: 'kind' as const };

export const filterOptions: Grammar = {
  dev: act(set('dev'), deviceName),
  up: act(set('up', true)),
  down: act(set('up', false)),
  novf: act(set('novf', true)),
  type: act(set('type'), kindWord),
  master: act(set('master'), deviceName),
  vrf: act((draft, given, context) => { vrfTable(context.links.index(String(given)), context); draft['master'] = given; }, deviceName),
  nomaster: act(set('nomaster', true)),
  group: act(set('group'), group),
  '': act(set('dev'), deviceName, { same: ['dev'] }),
};

/** The dump that answers a filter, as iproute2 asks for it: the kernel filters by kind and master. */
export function linkRequest(filter: LinkFilter, context: Context, family = 'packet'): Body {
  // IPv6 answers with its own side of links, and refuses any attribute.
  if (family === 'inet6') return { family };
  const body: Body = { family, ...(!filter.novf && { extMask: ['vf'] }) };
  if (filter.master !== undefined) body['master'] = context.links.index(filter.master);
  if (filter.type !== undefined && !filter.type.endsWith('_slave')) body['linkinfo'] = { kind: filter.type };
  return body;
}

/** What the kernel does not filter, or only newer kernels do. */
export function matches(link: Json, filter: LinkFilter, context: Context): boolean {
  if (filter.up !== undefined && (link['flags'] as string[]).includes('up') !== filter.up) return false;
  if (filter.group !== undefined && link['group'] !== filter.group) return false;
  if (filter.nomaster && link['master']) return false;
  if (filter.master !== undefined && link['master'] !== context.links.index(filter.master)) return false;
  if (filter.type !== undefined) {
    const slave = filter.type.endsWith('_slave');
    const kind = at(link, slave ? 'linkinfo.slaveKind' : 'linkinfo.kind');
    if (kind !== (slave ? filter.type.slice(0, -'_slave'.length) : filter.type)) return false;
  }
  return true;
}

/** One link by name. */
export function oneLink(name: string, context: Context, extra: Body = {}): Json {
  let link: Body | undefined;
  try {
    link = context.kernel.get('getlink', { family: 'packet', ...byName(name), extMask: ['vf'], ...extra });
  } catch (error) {
    if (!nobody.has((error as { code?: string }).code)) throw error;
  }
  if (!link) {
    if (context.options.dryRun) return {};
    throw usage(`there is no link "${name}"`, similar(context));
  }
  context.links.learn([link]);
  return link;
}

/** The links there are, when they are few. */
function similar(context: Context): string | undefined {
  try {
    const names = context.kernel.dump('getlink', { family: 'packet', extMask: ['skipStats'] }).map((link) => String(link['ifname']));
    return names.length > 0 && names.length < 20 ? `there are ${names.join(', ')}` : undefined;
  } catch {
    return undefined;
  }
}

/** Keys whose decoding takes long, and that are not printed: counters, unless they are asked for, and what the protocols keep of a link, but for one thing. */
function printed({ options }: Context): string[] {
  const never = new Set(['afSpec', 'map', ...(options.statistics > 0 ? [] : ['stats', 'stats64'])]);
  return [...Object.keys(Ifinfomsg.fields), ...LinkAttrs.byKey.keys()].filter((key) => !never.has(key)).concat('afSpec.inet6.addrGenMode');
}

export const show: Command = {
  summary: 'print links',
  examples: ['ip link show', 'ip -d link show dev br0', 'ip -br link show up', 'ip -j link show type bridge', 'ip link show master br0'],
  options: filterOptions,
  run(context, words) {
    const filter = parse(filterOptions, words, {}, context) as LinkFilter;
    // Addresses have families, links have not: -4 and -6 change nothing here.
    context.options.family = 'packet';
    const printer = new Printer(context);
    const links = filter.dev === undefined ? context.kernel.dump('getlink', linkRequest(filter, context), { select: printed(context) }) : [oneLink(filter.dev, context)];
    context.links.learn(links);
    if (context.options.dryRun) return;
    for (const link of links) {
      if (!matches(link, filter, context)) continue;
      if (context.options.brief) printBrief(printer, link);
      else printLink(printer, link, { own: true });
      printer.spill();
    }
    printer.finish();
  },
};
