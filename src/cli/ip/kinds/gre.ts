/** `type gre`, `gretap`, `erspan` and the same over IPv6: net/ipv4/ip_gre.c, net/ipv6/ip6_gre.c. */
import { act, is, to, type Draft, type Grammar } from '../../grammar.ts';
import { usage } from '../../errors.ts';
import { hex } from '../../print/formats.ts';
import type { Cell, Sheet } from '../../print/printer.ts';
import { choice, device, integer, u16, u32 } from '../../values.ts';
import { has, mark, plain, put, when, type Kind } from './kind.ts';
import {
  deviceCell, encapCell, encapDefaults, encapOptions, endpointCells, endpoints, fwmarkCell, ip6Cells, ip6Defaults, ip6MarkCells, ip6Options,
  keep, key, keyCells, nowhere, settle, starting, tos, tosCell, ttl, ttlCell,
} from './tunnel.ts';
import { isMulticast } from './udp-tunnel.ts';

/** What comes in, what goes out, or with no letter both. */
const sides = { '': ['i', 'o'], i: ['i'], o: ['o'] } as const;

function flagsOf(letters: readonly string[]): string[] {
  return letters.map((letter) => `${letter}flags`);
}

function setKey(draft: Draft, letters: readonly string[], value: unknown): void {
  for (const letter of letters) {
    draft[`${letter}key`] = value ?? 0;
    put(draft, `${letter}flags`, 'key', value !== undefined);
  }
}

const header: Grammar = Object.fromEntries(Object.entries(sides).flatMap(([side, letters]) => [
  [`${side}key`, act((draft, value) => setKey(draft, letters, value), key)],
  [`no${side}key`, act((draft) => setKey(draft, letters, undefined))],
  ...['seq', 'csum'].flatMap((name) => [
    [`${side}${name}`, mark(flagsOf(letters), name, true)],
    [`no${side}${name}`, mark(flagsOf(letters), name, false)],
  ]),
]));

const common: Grammar = { ...header, dev: to('link', device), external: is('collectMetadata', true), ...encapOptions };

/** iproute2 knows these words for every kind over IPv6. */
const erspanOptions: Grammar = {
  erspan_ver: to('erspanVer', integer('VERSION', 0, 2)),
  erspan: to('erspanIndex', integer('INDEX', 1, 0xfffff)),
  erspan_dir: to('erspanDir', choice({ ingress: 0, egress: 1 })),
  erspan_hwid: to('erspanHwid', u16('ID')),
};

const options: Grammar = {
  ...endpoints('inet'),
  ...common,
  'ttl|hoplimit|hlim': to('ttl', ttl),
  'tos|tclass|dsfield': to('tos', tos),
  pmtudisc: is('pmtudisc', 1),
  nopmtudisc: is('pmtudisc', 0),
  'ignore-df': is('ignoreDf', 1),
  'noignore-df': is('ignoreDf', 0),
  fwmark: to('fwmark', u32('MARK')),
};

/** Each version has fields of its own. */
function finishErspan(data: Draft): void {
  if (data['erspanVer'] !== 1) delete data['erspanIndex'];
  if (data['erspanVer'] === 2) {
    data['erspanDir'] ??= 0;
    data['erspanHwid'] ??= 0;
  } else {
    delete data['erspanDir'];
    delete data['erspanHwid'];
  }
}

/** A group takes packets by key: its address, when none is given. */
function finishGroup(data: Draft): void {
  const remote = (data['remote'] ?? nowhere.inet) as string;
  if (!isMulticast(remote)) return;
  for (const side of sides['']) {
    if (data[`${side}key`]) continue;
    data[`${side}key`] = remote.split('.').reduce((sum, byte) => sum * 256 + Number(byte), 0);
    put(data, `${side}flags`, 'key', true);
  }
  if (data['local'] === undefined) throw usage('a tunnel to a multicast group needs a local address', 'add "local ADDRESS"');
}

function finish(family: 'inet' | 'inet6') {
  return (data: Draft): void => {
    if (data['collectMetadata']) return keep(data, 'collectMetadata');
    settle(data, family);
    if (!data['link']) delete data['link'];
    if (family === 'inet') finishGroup(data);
    if (data['erspanVer'] !== undefined) finishErspan(data);
  };
}

const keys = { ikey: 0, okey: 0, iflags: [], oflags: [] };
const defaults: Draft = { ...keys, pmtudisc: 1, tos: 0, ttl: 0, fwmark: 0, ...encapDefaults };

/** Of the switch to ignore DF only what is on is repeated. */
function start(more: Draft) {
  const begin = starting({ ...defaults, ...more });
  return (now: Draft | undefined): Draft => {
    const draft = begin(now);
    if (!draft['ignoreDf']) delete draft['ignoreDf'];
    return draft;
  };
}

const headerCells: Sheet = [
  ...keyCells((data, side) => ((data[`${side}flags`] ?? []) as unknown[]).includes('key')),
  has('iseq', 'iflags', 'seq'),
  has('oseq', 'oflags', 'seq'),
  has('icsum', 'iflags', 'csum'),
  has('ocsum', 'oflags', 'csum'),
];

const erspanCells: readonly Cell[] = [
  plain('erspan_index'),
  plain('erspan_ver'),
  ['erspan_dir', 'erspan_dir % ', (data) => (data['erspanDir'] === undefined ? undefined : data['erspanDir'] ? 'egress' : 'ingress')],
  ['erspan_hwid', 'erspan_hwid % ', 'erspanHwid', hex],
];

const sheet: Sheet = [
  when('external', 'collectMetadata'),
  ...endpointCells('inet'),
  deviceCell,
  ttlCell('ttl', 'inherit'),
  tosCell,
  ['pmtudisc', '%', 'pmtudisc', { text: (on) => (on ? '' : 'nopmtudisc '), json: Boolean }],
  when('ignore_df', 'ignoreDf', 'ignore-df'),
  ...headerCells,
  fwmarkCell,
  ...erspanCells,
  encapCell,
];

export const gre: Kind = { options, start: start({}), sheet, finish: finish('inet') };
export const gretap: Kind = gre;
export const erspan: Kind = { options: { ...options, ...erspanOptions }, start: start({ erspanVer: 1 }), sheet, finish: finish('inet') };

export const ip6gre: Kind = {
  options: { ...endpoints('inet6'), ...common, ...ip6Options, ...erspanOptions },
  start: starting({ ...keys, ...ip6Defaults, erspanVer: 1 }),
  sheet: [when('external', 'collectMetadata'), ...ip6Cells, ...headerCells, ...ip6MarkCells, ...erspanCells, encapCell],
  finish: finish('inet6'),
};
export const ip6gretap: Kind = ip6gre;
export const ip6erspan: Kind = ip6gre;
