/** `ip address show`: links with their addresses. */
import type { Context } from '../context.ts';
import { act, parse, type Command, type Draft, type Grammar } from '../grammar.ts';
import { addressFlags, printAddress, printBriefAddress, scopeNumber } from '../print/address.ts';
import { printBrief, printLink } from '../print/link.ts';
import { Printer, type Json } from '../print/printer.ts';
import { inPrefix } from './prefix.ts';
import { filterOptions as linkOptions, linkRequest, matches, oneLink, type LinkFilter } from './link-show.ts';
import { parsePrefix, scope, text, word, type Prefix } from '../values.ts';

export interface AddressFilter extends LinkFilter {
  scope?: number;
  to?: Prefix;
  label?: string;
  /** Flags that must be there (true) or must not. */
  flags?: Record<string, boolean>;
}

function flag(name: string, wanted = true) {
  return act((draft: Draft) => { ((draft['flags'] ??= {}) as Record<string, boolean>)[name] = wanted; });
}

export const filterOptions: Grammar = {
  ...linkOptions,
  scope: act((draft, value) => { draft['scope'] = value; }, scope),
  to: act((draft, value) => { draft['to'] = value; }, word('PREFIX', (given, context, after) => parsePrefix(given, after, context.options.family))),
  label: act((draft, value) => { draft['label'] = value; }, text('LABEL')),
  permanent: flag('permanent'),
  dynamic: flag('permanent', false),
  'secondary|temporary': flag('secondary'),
  primary: flag('secondary', false),
  tentative: flag('tentative'),
  '-tentative': flag('tentative', false),
  deprecated: flag('deprecated'),
  '-deprecated': flag('deprecated', false),
  dadfailed: flag('dadfailed'),
  '-dadfailed': flag('dadfailed', false),
  home: flag('homeaddress'),
  nodad: flag('nodad'),
  mngtmpaddr: flag('managetempaddr'),
  noprefixroute: flag('noprefixroute'),
  autojoin: flag('mcautojoin'),
};

export function addressMatches(address: Json, filter: AddressFilter, context: Context): boolean {
  const { family } = context.options;
  if (family !== undefined && address['family'] !== family) return false;
  if (filter.scope !== undefined && scopeNumber(address['scope']) !== filter.scope) return false;
  if (filter.to && !inPrefix(String(address['local'] ?? address['address']), filter.to)) return false;
  if (filter.label !== undefined) {
    const label = (address['label'] as string | undefined) ?? context.links.name(Number(address['index']));
    if (!glob(filter.label).test(label)) return false;
  }
  const set = addressFlags(address);
  return Object.entries(filter.flags ?? {}).every(([name, wanted]) => set.includes(name) === wanted);
}

/** fnmatch's stars and question marks. */
function glob(pattern: string): RegExp {
  return new RegExp(`^${pattern.replace(/[.+^${}()|\\[\]]/g, '\\$&').replaceAll('*', '.*').replaceAll('?', '.')}$`);
}

/** Addresses of one link, or of all. */
export function addresses(context: Context, index: number | undefined, exact = false): Json[] {
  const family = context.options.family ?? 'unspec';
  if (family === 'packet') return [];
  const all = context.kernel.dump('getaddr', { family, ...(index !== undefined && { index }) }, { exact });
  return index === undefined ? all : all.filter((address) => address['index'] === index);
}

export const show: Command = {
  summary: 'print addresses',
  examples: ['ip address', 'ip -br address show up', 'ip -j address show dev eth0', 'ip -4 address show scope global'],
  options: filterOptions,
  run(context, words) {
    const filter = parse(filterOptions, words, {}, context) as AddressFilter;
    if (filter.to) context.options.family ??= filter.to.family;
    const printer = new Printer(context);
    // The kernel answers another family's dump with that family's links only.
    const family = context.options.family ?? 'unspec';
    const links = filter.dev === undefined ? context.kernel.dump('getlink', linkRequest(filter, context, family)) : [oneLink(filter.dev, context, { family: 'unspec' })];
    const index = filter.dev === undefined ? undefined : (links[0]?.['index'] as number | undefined);
    const byLink = new Map<number, Json[]>();
    const withAny = new Set<number>();
    for (const address of addresses(context, index)) {
      withAny.add(address['index'] as number);
      if (!addressMatches(address, filter, context)) continue;
      const list = byLink.get(address['index'] as number);
      if (list) list.push(address);
      else byLink.set(address['index'] as number, [address]);
    }
    // IPv6's answers about links lack much.
    if (family !== 'inet6') context.links.learn(links);
    if (context.options.dryRun) return;
    for (const link of links) {
      if (!matches(link, filter, context)) continue;
      const own = byLink.get(link['index'] as number) ?? [];
      // A link none of whose addresses match is left out; one that has none is shown unless a family was asked for.
      const bare = !withAny.has(link['index'] as number) && (family === 'unspec' || family === 'packet') && filter.label === undefined;
      if (own.length === 0 && !bare) continue;
      printOne(printer, link, own, filter);
      printer.spill();
    }
    printer.finish();
  },
};

function printOne(printer: Printer, link: Json, own: readonly Json[], filter: AddressFilter): void {
  const { options } = printer.context;
  const list = (): void => printer.array('addr_info', () => own.forEach((address) => {
    printAddress(printer, address);
    printer.text('\n');
  }));
  if (options.brief) {
    printBrief(printer, link, () => printer.array('addr_info', () => own.forEach((address) => printBriefAddress(printer, address))));
  } else if (options.oneline && !printer.json) {
    for (const address of own) {
      printer.text(`${String(link['index'])}: ${String(link['ifname'])}`);
      printAddress(printer, address);
      printer.text('\n');
    }
    // A label is about addresses alone.
  } else if (filter.label !== undefined) printer.object(null, list);
  else if (options.family === 'packet') printLink(printer, link, { own: false }, () => {});
  else printLink(printer, link, { own: false }, list);
}
