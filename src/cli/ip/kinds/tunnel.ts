/** What the IP tunnels have in common: net/ipv4/ip_tunnel.c, net/ipv6/ip6_tunnel.c. */
import { act, is, to, type Draft, type Grammar, type ValueType } from '../../grammar.ts';
import { usage } from '../../errors.ts';
import { hex, link, via } from '../../print/formats.ts';
import type { Cell, Json, Printer, Sheet } from '../../print/printer.ts';
import { integer, oneOf, parseAddress, parseInteger, u16, word } from '../../values.ts';
import { has, mark, put } from './kind.ts';

export const nowhere = { inet: '0.0.0.0', inet6: '::' } as const;
type Family = keyof typeof nowhere;

/** `remote ADDRESS` and `local ADDRESS`. */
export function endpoints(family: Family): Grammar {
  const address = word('{ ADDRESS | any }', (given, _context, after) => (given === 'any' ? nowhere[family] : parseAddress(given, after, family).address));
  return { remote: to('remote', address), local: to('local', address) };
}

/** A key as the number that it is, or written like an IPv4 address. */
export const key: ValueType = word('{ NUMBER | DOTTED_QUAD }', (given, _context, after) => {
  if (given.includes('.')) return parseAddress(given, after, 'inet').address.split('.').reduce((sum, byte) => sum * 256 + Number(byte), 0);
  const value = parseInteger(given);
  if (value === undefined || value < 0n || value > 0xffffffffn) throw usage(`"${given}" is not a key for "${after}"`, 'a number, or four bytes: 0.0.0.42');
  return Number(value);
});

/** A number that may also be `inherit`, which stands for something else. */
export function orInherit(name: string, max: number, inherit: unknown, base?: 16): ValueType {
  return word(`{ ${name} | inherit }`, (given, _context, after) => {
    if (given === 'inherit') return inherit;
    const value = base === 16 ? hexadecimal(given) : parseInteger(given);
    if (value === undefined || value < 0n || value > BigInt(max)) throw usage(`"${given}" is not a ${name} for "${after}"`, `0 to ${max}, or inherit`);
    return Number(value);
  });
}

function hexadecimal(given: string): bigint | undefined {
  return /^(0x)?[0-9a-f]{1,8}$/i.test(given) ? BigInt(`0x${given.replace(/^0x/i, '')}`) : undefined;
}

export const ttl = orInherit('TTL', 255, 0);

/** A TOS; 1 stands for the inner packet's. */
export const tos: ValueType = word('{ TOS | inherit }', (given, context, after) => {
  if (given === 'inherit') return 1;
  // iproute2 reads a TOS as hexadecimal whether or not it says 0x.
  const value = /^(0x)?[0-9a-f]{1,2}$/i.test(given) ? Number(hexadecimal(given)) : context.names.number('rt_dsfield', given);
  if (value === undefined) throw usage(`"${given}" is not a TOS for "${after}"`);
  return value;
});

/** The tunnel in UDP: foo over UDP, or generic UDP encapsulation. */
export const encapOptions: Grammar = {
  noencap: is('encapType', 'none'),
  encap: to('encapType', oneOf('fou', 'gue', 'none')),
  'encap-sport': to('encapSport', word('{ PORT | auto }', (given, _context, after) => {
    if (given === 'auto') return 0;
    const value = parseInteger(given);
    if (value === undefined || value < 0n || value > 65535n) throw usage(`"${given}" is not a port for "${after}"`);
    return Number(value);
  })),
  'encap-dport': to('encapDport', u16('PORT')),
  ...encapFlag('encap-csum', 'csum'),
  ...encapFlag('encap-csum6', 'csum6'),
  ...encapFlag('encap-udp6-csum', 'csum6'),
  ...encapFlag('encap-remcsum', 'remcsum'),
};

function encapFlag(name: string, flag: string): Grammar {
  return { [name]: mark(['encapFlags'], flag, true), [`no${name}`]: mark(['encapFlags'], flag, false) };
}

/** Sent always, whatever is said. */
export const encapDefaults: Draft = { encapType: 'none', encapFlags: [], encapSport: 0, encapDport: 0 };

/** Words begin with the defaults, of a tunnel that is changed with what it is: the kernel resets what it is not told. */
export function starting(defaults: Draft) {
  return (now: Draft | undefined): Draft => ({ ...defaults, ...now });
}

/** An address of zeros is not sent. */
export function settle(data: Draft, family: Family): void {
  for (const path of ['local', 'remote']) if (data[path] === nowhere[family]) delete data[path];
}

/** Drops all but these. */
export function keep(data: Draft, ...paths: string[]): void {
  for (const path of Object.keys(data)) if (!paths.includes(path)) delete data[path];
}

export function endpointCells(family: Family): Sheet {
  return ['remote', 'local'].map((name): Cell => [name, `${name} % `, (data) => (data[name] === undefined || data[name] === nowhere[family] ? 'any' : data[name])]);
}

export const deviceCell: Cell = ['link', 'dev % ', (data) => data['link'] || undefined, { text: link.text!, json: link.json! }];

/** 0 is said as a word in text. */
export function ttlCell(name: string, zero: string): Cell {
  return ['ttl', `${name} % `, (data) => data['ttl'] ?? 0, { text: (value) => (value ? String(value) : zero) }];
}

export const tosCell: Cell = ['tos', 'tos % ', (data) => data['tos'] || undefined, { text: (value) => (value === 1 ? 'inherit' : hex.text!(value, undefined as never)), json: hex.json! }];

export const fwmarkCell: Cell = ['fwmark', 'fwmark % ', (data) => data['fwmark'] || undefined, hex];

const dotted = via((value) => [24, 16, 8, 0].map((bits) => (Number(value) >>> bits) & 255).join('.'));

/** The keys, where `wanted` says that they count. */
export function keyCells(wanted: (data: Json, side: 'i' | 'o') => boolean): Sheet {
  return (['i', 'o'] as const).map((side): Cell => [`${side}key`, `${side}key % `, (data) => (wanted(data, side) ? data[`${side}key`] : undefined), dotted]);
}

export function encapCell(printer: Printer, data: Json): void {
  const type = data['encapType'] as string | undefined;
  if (type === undefined || type === 'none') return;
  const flags = (data['encapFlags'] ?? []) as unknown[];
  printer.object('encap', () => {
    printer.value('type', 'encap % ', type === 'fou' || type === 'gue' ? type : null, { text: (name) => String(name ?? 'unknown') });
    printer.value('sport', 'encap-sport % ', data['encapSport'] ?? 0, { text: (port) => (port ? String(port) : 'auto') });
    printer.value('dport', 'encap-dport % ', data['encapDport'] ?? 0);
    for (const flag of ['csum', 'csum6', 'remcsum']) printer.value(flag, `%encap-${flag} `, flags.includes(flag), { text: (on) => (on ? '' : 'no') });
  });
}

/** Over IPv6: traffic class and flow label share one number. */
const classMask = 0x0ff00000, labelMask = 0x000fffff;

function intoFlowinfo(draft: Draft, mask: number, value: unknown, flag: string): void {
  const others = Number(draft['flowinfo'] ?? 0) & ~mask;
  draft['flowinfo'] = (others | (value === 'inherit' ? 0 : mask === classMask ? Number(value) << 20 : Number(value))) >>> 0;
  put(draft, 'flags', flag, value === 'inherit');
}

export const ip6Options: Grammar = {
  'hoplimit|ttl|hlim': to('ttl', ttl),
  encaplimit: act((draft, value) => {
    put(draft, 'flags', 'ignEncapLimit', value === 'none');
    if (value !== 'none') draft['encapLimit'] = value;
  }, { name: '{ none | 0..255 }', read: (words, context, after) => (words.take('none') ? 'none' : integer('LIMIT', 0, 255).read(words, context, after)) }),
  'tclass|tc|tos|dsfield': act((draft, value) => intoFlowinfo(draft, classMask, value, 'useOrigTclass'), orInherit('TCLASS', 0xff, 'inherit', 16)),
  'flowlabel|fl': act((draft, value) => intoFlowinfo(draft, labelMask, value, 'useOrigFlowlabel'), orInherit('FLOWLABEL', 0xfffff, 'inherit', 16)),
  dscp: act((draft) => put(draft, 'flags', 'rcvDscpCopy', true), oneOf('inherit')),
  fwmark: act((draft, value) => {
    put(draft, 'flags', 'useOrigFwmark', value === 'inherit');
    draft['fwmark'] = value === 'inherit' ? 0 : value;
  }, orInherit('MARK', 0xffffffff, 'inherit')),
  'allow-localremote': mark(['flags'], 'allowLocalRemote', true),
  'noallow-localremote': mark(['flags'], 'allowLocalRemote', false),
};

export const ip6Defaults: Draft = { ttl: 64, encapLimit: 4, flowinfo: 0, flags: [], fwmark: 0, ...encapDefaults, encapFlags: ['csum6'] };

function flag(data: Json, name: string): boolean {
  return ((data['flags'] ?? []) as unknown[]).includes(name);
}

/** A part of flowinfo as iproute2 writes it, with all its digits. */
function flowCell(name: string, inherit: string, digits: number, from: (flowinfo: number) => number): Cell {
  return [name, `${name} % `, (data) => (flag(data, inherit) || data['flowinfo'] === undefined ? undefined : `0x${from(Number(data['flowinfo'])).toString(16).padStart(digits, '0')}`)];
}

export const ip6Cells: Sheet = [
  ...endpointCells('inet6'),
  deviceCell,
  ttlCell('hoplimit', 'inherit'),
  has('ip6_tnl_f_ign_encap_limit', 'flags', 'ignEncapLimit', 'encaplimit none'),
  ['encap_limit', 'encaplimit % ', (data) => (flag(data, 'ignEncapLimit') ? undefined : data['encapLimit'])],
  has('ip6_tnl_f_use_orig_tclass', 'flags', 'useOrigTclass', 'tclass inherit'),
  flowCell('tclass', 'useOrigTclass', 2, (flowinfo) => (flowinfo & classMask) >>> 20),
  has('ip6_tnl_f_use_orig_flowlabel', 'flags', 'useOrigFlowlabel', 'flowlabel inherit'),
  flowCell('flowlabel', 'useOrigFlowlabel', 5, (flowinfo) => flowinfo & labelMask),
  has('ip6_tnl_f_rcv_dscp_copy', 'flags', 'rcvDscpCopy', 'dscp inherit'),
];

export const ip6MarkCells: Sheet = [
  has('ip6_tnl_f_allow_local_remote', 'flags', 'allowLocalRemote', 'allow-localremote'),
  has('ip6_tnl_f_use_orig_fwmark', 'flags', 'useOrigFwmark', 'fwmark inherit'),
  ['fwmark', 'fwmark % ', (data) => (flag(data, 'useOrigFwmark') ? undefined : data['fwmark'] || undefined), hex],
];
