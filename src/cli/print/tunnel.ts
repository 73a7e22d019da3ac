/** A tunnel as `ip tunnel` tells it. */
import { at } from '../grammar.ts';
import { address, link as linkFormat } from './formats.ts';
import type { Cell, Format, Json, Printer, Sheet } from './printer.ts';
import { tosName } from './route.ts';

/** What is inside. Kinds that carry one thing only do not say so. */
const inner: Readonly<Record<string, string>> = { ip: 'any', ipip: 'ip', ipv6: 'ipv6', mpls: 'mpls' };
const fixed: Readonly<Record<string, string>> = { gre: 'gre', ip6gre: 'gre', vti: 'ip', vti6: 'ipv6' };

/** Kinds of links that are tunnels, by what they go over. */
export const tunnelKinds = { inet: ['ipip', 'gre', 'sit', 'vti'], inet6: ['ip6tnl', 'ip6gre', 'vti6'] } as const;

/** A potential router of an ISATAP link. */
export interface Router { readonly address: string; readonly preferred: boolean }

/** What netlink does not tell. */
export interface Aside {
  readonly routers?: readonly Router[];
  /** Fields of VTI's outer header, which it does not use. */
  readonly header?: { readonly ttl: number; readonly tos: number; readonly pmtudisc: boolean };
}

const mode = (outer: 'ip' | 'ipv6'): Cell => ['mode', '% ', ({ kind, proto }) => `${fixed[kind as string] ?? inner[String(proto)] ?? 'unknown'}/${outer}`];

const end = (key: 'remote' | 'local', text: string, any: string, zero: string): Cell => [key, `${key} ${text}`, (data) => data[key] ?? zero, { ...address, text: (value) => (value === zero ? any : String(value)) }];

/** Of IPv4, the words for nothing. */
const ends = [end('remote', '% ', 'any', '0.0.0.0'), end('local', '%', 'any', '0.0.0.0')];

const device = (key: string): Cell => [key, ' dev %', (data) => data['link'] || undefined, { text: linkFormat.text!, json: linkFormat.json! }];

/** 0 is a word in text, and not in JSON. */
const orInherit: Format = { text: (value) => (value ? String(value) : 'inherit'), json: (value) => value || undefined };

const flags = (data: Json, side: 'i' | 'o'): unknown[] => (data[`${side}flags`] ?? []) as unknown[];

/** VTI's keys count always, over IPv6 where they are not 0. */
const keyed = (data: Json, side: 'i' | 'o'): boolean => data['kind'] === 'vti' || (data['kind'] === 'vti6' ? Boolean(data[`${side}key`]) : flags(data, side).includes('key'));

function keys(printer: Printer, data: Json): void {
  const [i, o] = (['i', 'o'] as const).map((side) => (keyed(data, side) ? (data[`${side}key`] ?? 0) : undefined));
  if (i !== undefined && i === o) printer.value('key', ' key %', i);
  else {
    printer.value('ikey', ' ikey %', i);
    printer.value('okey', ' okey %', o);
  }
}

const header: readonly (readonly [side: 'i' | 'o', flag: string, word: string, sentence: string])[] = [
  ['i', 'seq', 'rx_drop_ooseq', 'Drop packets out of sequence.'], ['i', 'csum', 'rx_csum', 'Checksum in received packet is required.'],
  ['o', 'seq', 'tx_seq', 'Sequence packets on output.'], ['o', 'csum', 'tx_csum', 'Checksum output packets.'],
];

function greFlags(printer: Printer, data: Json): void {
  if (fixed[data['kind'] as string] !== 'gre') return;
  const set = header.filter(([side, flag]) => flags(data, side).includes(flag));
  for (const [, , , sentence] of set) {
    printer.newline();
    printer.text(`  ${sentence}`);
  }
  printer.list('flags', set.map(([, , word]) => word), null);
}

/** 1 takes the inner packet's; so does the lowest bit of any other. */
const tos: Format = {
  text: (value, printer) => (value === 1 ? 'inherit' : `${Number(value) & 1 ? 'inherit/' : ''}${tosName(printer, Number(value) & ~1)}`),
  json: (value, printer) => (value === 1 ? undefined : tosName(printer, Number(value))),
};

function routers(printer: Printer, data: Json): void {
  const all = (data['routers'] ?? []) as Router[];
  for (const { address: router, preferred } of all) {
    const key = preferred ? 'pdr' : 'pr', same = all.filter((other) => other.preferred === preferred);
    if (!printer.json) printer.text(` ${key} ${router}`);
    // A key stands once.
    else if (same.length > 1) printer.list(key, same.map((each) => each.address), null);
    else printer.value(key, null, router);
  }
}

function rapidDeployment(printer: Printer, data: Json): void {
  if (data['kind'] !== 'sit' || data['proto'] !== 'ipv6' || !data['6rdPrefixlen']) return;
  printer.value('6rd-prefix', ' 6rd-prefix %', data['6rdPrefix']);
  printer.value('6rd-prefixlen', '/%', data['6rdPrefixlen']);
  const relay = data['6rdRelayPrefix'];
  if (relay === undefined || relay === '0.0.0.0') return;
  printer.value('6rd-relay_prefix', ' 6rd-relay_prefix %', relay);
  printer.value('6rd-relay_prefixlen', '/%', data['6rdRelayPrefixlen']);
}

const name: Cell = ['ifname', '%: ', 'ifname', { paint: 'ifname' }];

const overIpv4: Sheet = [
  name,
  mode('ip'),
  ...ends,
  routers,
  device('dev'),
  ['ttl', ' ttl %', (data) => data['ttl'] ?? 0, orInherit],
  ['tos', ' tos %', (data) => data['tos'] || undefined, tos],
  ['nopmtudisc', ' nopmtudisc', (data) => (data['pmtudisc'] ? undefined : null)],
  rapidDeployment,
  keys,
  greFlags,
];

const has = (flag: string) => (data: Json): boolean => ((data['flags'] ?? []) as unknown[]).includes(flag);
/** A flag that is a field without a value. */
const when = (key: string, flag: string, text: string): Cell => [`ip6_tnl_f_${key}`, ` ${text}`, (data) => (has(flag)(data) ? null : undefined)];
const padded = (value: number, digits: number): string => `0x${value.toString(16).padStart(digits, '0')}`;
/** The upper bits are the traffic class, the lower ones the flow label. */
const flow = (data: Json): number => Number(data['flowinfo'] ?? 0);

const overIpv6: Sheet = [
  name,
  mode('ipv6'),
  end('remote', '% ', '::', '::'),
  end('local', '%', '::', '::'),
  device('link'),
  when('ign_encap_limit', 'ignEncapLimit', 'encaplimit none'),
  ['encap_limit', ' encaplimit %', (data) => (has('ignEncapLimit')(data) ? undefined : (data['encapLimit'] ?? 0))],
  ['hoplimit', ' hoplimit %', (data) => data['ttl'] ?? 0, orInherit],
  when('use_orig_tclass', 'useOrigTclass', 'tclass inherit'),
  ['tclass', ' tclass %', (data) => (has('useOrigTclass')(data) ? undefined : padded((flow(data) >>> 20) & 0xff, 2))],
  when('use_orig_flowlabel', 'useOrigFlowlabel', 'flowlabel inherit'),
  ['flowlabel', ' flowlabel %', (data) => (has('useOrigFlowlabel')(data) ? undefined : padded(flow(data) & 0xfffff, 5))],
  ['flowinfo', ' (flowinfo %)', (data) => padded(flow(data), 8)],
  when('rcv_dscp_copy', 'rcvDscpCopy', 'dscp inherit'),
  when('allow_local_remote', 'allowLocalRemote', 'allow-localremote'),
  keys,
  greFlags,
];

/** Columns of counters, each with its width. */
const counters: readonly (readonly [heading: string, columns: readonly (readonly [key: string, width: number])[]])[] = [
  ['RX: Packets    Bytes        Errors CsumErrs OutOfSeq Mcasts', [['rxPackets', 10], ['rxBytes', 12], ['rxErrors', 6], ['rxFrameErrors', 8], ['rxFifoErrors', 8], ['multicast', 8]]],
  ['TX: Packets    Bytes        Errors DeadLoop NoRoute  NoBufs', [['txPackets', 10], ['txBytes', 12], ['txErrors', 6], ['collisions', 8], ['txCarrierErrors', 8], ['txDropped', 6]]],
];

function statistics(printer: Printer, link: Json): void {
  for (const [heading, columns] of counters) {
    printer.newline();
    printer.text(heading);
    printer.newline();
    printer.text(`    ${columns.map(([key, width]) => String(at(link, `stats64.${key}`) ?? 0).padEnd(width)).join(' ')}`);
  }
}

export function printTunnel(printer: Printer, link: Json, { routers: list, header: outer }: Aside = {}): void {
  const kind = at(link, 'linkinfo.kind') as string;
  const data = { ...(at(link, 'linkinfo.data') as Json | undefined), ...outer, kind, ifname: link['ifname'], ...(list && { routers: list }) };
  printer.object(null, () => printer.sheet((tunnelKinds.inet6 as readonly string[]).includes(kind) ? overIpv6 : overIpv4, data));
  if (printer.statistics > 0) statistics(printer, link);
  printer.text('\n');
}
