/** `type ipip`, `sit` and `ip6tnl`: net/ipv4/ipip.c, net/ipv6/sit.c, net/ipv6/ip6_tunnel.c. */
import { act, is, to, type Draft, type Grammar, type Row, type ValueType } from '../../grammar.ts';
import { usage } from '../../errors.ts';
import { words } from '../../print/formats.ts';
import type { Cell, Json, Printer, Sheet } from '../../print/printer.ts';
import { choice, device, parsePrefix, u32, word } from '../../values.ts';
import { has, mark, when, type Kind } from './kind.ts';
import {
  deviceCell, encapCell, encapDefaults, encapOptions, endpointCells, endpoints, fwmarkCell, ip6Cells, ip6Defaults, ip6MarkCells, ip6Options,
  keep, nowhere, settle, starting, tos, tosCell, ttl, ttlCell,
} from './tunnel.ts';

/** What is inside: iproute2's words for the schema's names; the first word is the one that is printed. */
const modes = {
  ipip: { ipip: 'ipip', 'ipv4/ipv4': 'ipip', ip4ip4: 'ipip', mplsip: 'mpls', 'mpls/ipv4': 'mpls', any: 'ip', 'any/ipv4': 'ip' },
  sit: { ip6ip: 'ipv6', 'ipv6/ipv4': 'ipv6', ipip: 'ipip', 'ipv4/ipv4': 'ipip', ip4ip4: 'ipip', mplsip: 'mpls', 'mpls/ipv4': 'mpls', any: 'ip', 'any/ipv4': 'ip' },
  ip6tnl: { ip6ip6: 'ipv6', 'ipv6/ipv6': 'ipv6', ipip6: 'ipip', 'ip/ipv6': 'ipip', 'ipv4/ipv6': 'ipip', ip4ip6: 'ipip', any: 'ip', 'any/ipv6': 'ip' },
} as const;

function mode(kind: keyof typeof modes): ValueType {
  const short = Object.keys(modes[kind]).filter((name) => !name.includes('/') && !name.startsWith('ip4'));
  return { ...choice(modes[kind]), name: `{ ${short.join(' | ')} }`, choices: short };
}

/** A protocol that has no word is not printed. */
function modeCell(kind: keyof typeof modes): Cell {
  const back: Record<string, string> = {};
  for (const [name, proto] of Object.entries(modes[kind])) back[proto] ??= name;
  return ['proto', '% ', (data) => (back[data['proto'] as string] ? data['proto'] : undefined), words(back)];
}

const options: Grammar = {
  ...endpoints('inet'),
  'ttl|hoplimit|hlim': to('ttl', ttl),
  'tos|tclass|dsfield': to('tos', tos),
  pmtudisc: is('pmtudisc', 1),
  nopmtudisc: is('pmtudisc', 0),
  dev: to('link', device),
  fwmark: to('fwmark', u32('MARK')),
  external: is('collectMetadata', true),
  ...encapOptions,
};

/** A prefix of 6rd: address and length have keys of their own. */
function rdPrefix(path: '6rdPrefix' | '6rdRelayPrefix', family: 'inet' | 'inet6'): Row {
  return act((draft, value) => Object.assign(draft, value), word('PREFIX', (given, _context, after) => {
    const { address, length } = parsePrefix(given, after, family);
    return { [path]: address, [`${path}len`]: length };
  }));
}

const rdOptions: Grammar = {
  '6rd-prefix': rdPrefix('6rdPrefix', 'inet6'),
  '6rd-relay_prefix': rdPrefix('6rdRelayPrefix', 'inet'),
  '6rd-reset': act((draft) => {
    Object.assign(draft, { '6rdPrefix': '2002::', '6rdPrefixlen': 16 });
    delete draft['6rdRelayPrefix'];
    delete draft['6rdRelayPrefixlen'];
  }),
};

function finish(data: Draft): void {
  if (data['ttl'] && data['pmtudisc'] === 0) throw usage('a fixed TTL and nopmtudisc exclude each other', 'leave out "nopmtudisc", or say "ttl inherit"');
  if (data['collectMetadata']) return keep(data, 'proto', 'collectMetadata');
  settle(data, 'inet');
}

function rdCells(printer: Printer, data: Json): void {
  if (!data['6rdPrefixlen']) return;
  const relay = data['6rdRelayPrefix'] as string | undefined;
  printer.value('prefix', '6rd-prefix %/', data['6rdPrefix'] ?? nowhere.inet6);
  printer.value('prefixlen', '% ', data['6rdPrefixlen']);
  if (relay === undefined || relay === nowhere.inet) return;
  printer.value('relay_prefix', '6rd-relay_prefix %/', relay);
  printer.value('relay_prefixlen', '% ', data['6rdRelayPrefixlen']);
}

const sheet: Sheet = [
  when('external', 'collectMetadata'),
  modeCell('sit'),
  ...endpointCells('inet'),
  deviceCell,
  ttlCell('ttl', 'inherit'),
  tosCell,
  ['pmtudisc', '%pmtudisc ', (data) => Boolean(data['pmtudisc']), { text: (on) => (on ? '' : 'no') }],
  has('isatap', 'flags', 'isatap'),
  rdCells,
  fwmarkCell,
  encapCell,
];

const defaults: Draft = { proto: 'ip', pmtudisc: 1, tos: 0, ttl: 0, link: 0, fwmark: 0, ...encapDefaults };

export const ipip: Kind = { options: { ...options, mode: to('proto', mode('ipip')) }, start: starting(defaults), sheet, finish };

export const sit: Kind = {
  options: { ...options, mode: to('proto', mode('sit')), isatap: mark(['flags'], 'isatap', true), ...rdOptions },
  start: starting({ ...defaults, flags: [] }),
  sheet,
  finish,
};

export const ip6tnl: Kind = {
  options: { ...endpoints('inet6'), ...ip6Options, dev: to('link', device), external: is('collectMetadata', true), ...encapOptions, mode: to('proto', mode('ip6tnl')) },
  start: starting({ proto: 'ip', link: 0, ...ip6Defaults }),
  sheet: [
    when('external', 'collectMetadata'),
    modeCell('ip6tnl'),
    ...ip6Cells,
    has('ip6_tnl_f_mip6_dev', 'flags', 'mip6Dev', 'mip6'),
    ...ip6MarkCells,
    encapCell,
  ],
  finish(data) {
    if (data['collectMetadata']) return keep(data, 'proto', 'collectMetadata');
    settle(data, 'inet6');
  },
};
