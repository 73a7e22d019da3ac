/** A routing rule. */
import { addressBits } from '../values.ts';
import { address as addressFormat, hex, numberOf, protocolFormat, via } from './formats.ts';
import type { Format, Json, Printer, Sheet } from './printer.ts';
import { table as tables } from '../../families/route/names.ts';

/** 0xffffffff: not set. */
const unset = 0xffffffff;

function side(printer: Printer, rule: Json, word: 'from' | 'to', key: 'src' | 'dst'): void {
  const address = rule[key] as string | undefined;
  const length = Number(rule[`${key}Len`] ?? 0);
  if (address !== undefined) {
    const bits = addressBits[rule['family'] as 'inet'];
    printer.value(key, `${word} %`, address, addressFormat);
    if (length !== bits) printer.value(`${key}len`, '/%', length);
    printer.text(' ');
  } else if (length > 0) {
    printer.value(key, `${word} %`, '0');
    printer.value(`${key}len`, '/% ', length);
  } else if (key === 'src') printer.value(key, `${word} % `, 'all');
}

function range(printer: Printer, key: string, value: unknown): void {
  if (value === undefined) return;
  const { start, end } = value as { start: number; end: number };
  if (key !== 'uid' && start === end) {
    printer.value(key, `${key} % `, start);
    return;
  }
  const [first, last] = key === 'uid' ? ['uid_start', 'uid_end'] : [`${key}_start`, `${key}_end`];
  printer.value(first as string, key === 'uid' ? 'uidrange %-' : `${key} %-`, start);
  printer.value(last as string, '% ', end);
}

function boundTo(printer: Printer, word: 'iif' | 'oif', name: unknown): void {
  if (name === undefined) return;
  printer.value(word, `${word} %`, name, { paint: 'ifname' });
  printer.text(' ');
}

/** A value, and in text its mask unless all bits count: both are then in hexadecimal. */
function withMask(printer: Printer, key: string, value: unknown, mask: unknown, all: number, format: Format): void {
  if (value === undefined) return;
  if (mask === undefined || (mask === all && !printer.json)) printer.value(key, `${key} % `, value, format);
  else {
    printer.value(key, `${key} %`, value, { ...format, text: hex.text! });
    printer.value(`${key}_mask`, '/% ', mask, hex);
  }
}

function port(printer: Printer, key: string, value: unknown, mask: unknown): void {
  const { start, end } = (value ?? {}) as { start?: number; end?: number };
  if (mask === undefined || start !== end) return range(printer, key, value);
  withMask(printer, key, start, mask, 0xffff, {});
}

/** Protocols of IP that have a number for a name in /etc/protocols. */
const protocols: Readonly<Record<string, string>> = { icmpv6: 'ipv6-icmp' };

function action(printer: Printer, rule: Json): void {
  const { names } = printer.context;
  const table = (rule['tableId'] as number | undefined) ?? numberOf(tables, rule['table']);
  if (rule['l3mdev']) printer.value('l3mdev', 'lookup [l3mdev-table] ', null);
  else if (table !== 0) {
    printer.value('table', 'lookup % ', names.name('rt_tables', table));
    const length = rule['suppressPrefixlen'];
    if (length !== undefined && length !== unset) printer.value('suppress_prefixlen', 'suppress_prefixlength % ', length);
    const group = rule['suppressIfgroup'];
    if (group !== undefined && group !== unset) printer.value('suppress_ifgroup', 'suppress_ifgroup % ', names.name('group', Number(group)));
  }
  if (rule['flow'] !== undefined) {
    const [from, to] = [Number(rule['flow']) >>> 16, Number(rule['flow']) & 0xffff];
    if (from) printer.value('flow_from', 'realms %/', names.name('rt_realms', from));
    printer.value('flow_to', from ? '% ' : 'realms % ', names.name('rt_realms', to));
  }
  const kind = rule['action'];
  if (kind === 'goto') {
    printer.value('goto', 'goto %', rule['goto'] ?? 'none');
    if ((rule['flags'] as unknown[]).includes('unresolved')) printer.value('unresolved', ' [unresolved]', null);
    printer.text(' ');
  } else if (kind === 'nop') printer.value('nop', 'nop ', null);
  else if (kind !== 'toTbl' && kind !== 'unspec') printer.value('action', '% ', kind);
}

/** The upper six bits of a traffic class have the names of the whole byte. */
function dscpName(dscp: number, printer: Printer): string {
  const name = printer.context.names.name('rt_dsfield', dscp << 2);
  return name === String(dscp << 2) ? String(dscp) : name;
}

const sheet: Sheet = [
  ['priority', '%:\t', (rule) => rule['priority'] ?? 0],
  (printer, rule) => {
    if ((rule['flags'] as unknown[]).includes('invert')) printer.value('not', 'not ', null);
  },
  (printer, rule) => side(printer, rule, 'from', 'src'),
  (printer, rule) => side(printer, rule, 'to', 'dst'),
  (printer, rule) => {
    if (rule['tos']) {
      const name = printer.context.names.name('rt_dsfield', Number(rule['tos']));
      printer.value('tos', 'tos % ', /^\d+$/.test(name) ? `0x${Number(name).toString(16)}` : name);
    }
  },
  (printer, rule) => {
    const mark = rule['fwmark'];
    const mask = rule['fwmask'];
    if (!mark && !mask) return;
    if (mask !== undefined && mask !== unset) {
      printer.value('fwmark', 'fwmark %', mark ?? 0, hex);
      printer.value('fwmask', '/% ', mask, hex);
    } else printer.value('fwmark', 'fwmark % ', mark ?? 0, hex);
  },
  (printer, rule) => boundTo(printer, 'iif', rule['iifname']),
  (printer, rule) => {
    if ((rule['flags'] as unknown[]).includes('iifDetached')) printer.value('iif_detached', '[detached] ', null);
  },
  (printer, rule) => boundTo(printer, 'oif', rule['oifname']),
  (printer, rule) => {
    if ((rule['flags'] as unknown[]).includes('oifDetached')) printer.value('oif_detached', '[detached] ', null);
  },
  (printer, rule) => range(printer, 'uid', rule['uidRange']),
  ['ipproto', 'ipproto % ', 'ipProto', { text: (value) => protocols[value as string] ?? String(value), json: (value) => protocols[value as string] ?? String(value) }],
  (printer, rule) => port(printer, 'sport', rule['sportRange'], rule['sportMask']),
  (printer, rule) => port(printer, 'dport', rule['dportRange'], rule['dportMask']),
  ['tun_id', 'tun_id % ', 'tunId', { json: Number }],
  action,
  // The kernel's own, and those that do not say, are told only with -d.
  ['protocol', 'proto % ', (rule, printer) => (printer.details || !['kernel', 'unspec'].includes(rule['protocol'] as string) ? rule['protocol'] : undefined), protocolFormat],
  (printer, rule) => withMask(printer, 'dscp', rule['dscp'], rule['dscpMask'], 0x3f, via((dscp) => dscpName(Number(dscp), printer))),
  (printer, rule) => withMask(printer, 'flowlabel', rule['flowlabel'], rule['flowlabelMask'], 0xfffff, hex),
];

export function printRule(printer: Printer, rule: Json): void {
  printer.object(null, () => printer.sheet(sheet, rule));
  if (printer.json) return;
  // No blank at the end of a rule.
  printer.trim();
  printer.text('\n');
}
