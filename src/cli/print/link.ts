/** A link: the first line that `ip link`, `ip address` and `bridge link` share, and everything `ip link` adds. */
import { at } from '../grammar.ts';
import { kindOf, kinds, slaveKinds } from '../ip/kinds/index.ts';
import { bytes, linkName, via } from './formats.ts';
import { flagList, linkType, operstateName } from './link-names.ts';
import type { Json, Printer, Sheet } from './printer.ts';
import { statistics } from './statistics.ts';
import { xdp, xdpPrograms } from './xdp.ts';

/** The name of what the link stands on, or of its other end; an index alone when that is in another namespace. */
function lower(link: Json, printer: Printer): { json?: [string, unknown]; text: string; down: boolean } {
  const index = link['link'] as number | undefined;
  if (index === undefined) return { text: '', down: false };
  if (index === 0) return { json: ['link', null], text: '@NONE', down: false };
  if (link['linkNetnsid'] !== undefined) return { json: ['link_index', index], text: `@if${index}`, down: false };
  const { links } = printer.context;
  const flags = links.object(index)?.['flags'] as string[] | undefined;
  const name = links.name(index);
  return { json: ['link', name], text: `@${name}`, down: flags !== undefined && !flags.includes('up') };
}

/** `veth0@veth1`; true when the lower link is down. */
export function name(printer: Printer, link: Json, text: string): boolean {
  const { json, text: suffix, down } = lower(link, printer);
  if (json) printer.value(json[0], null, json[1]);
  const own = String(link['ifname'] ?? '<nil>');
  if (printer.json) printer.value('ifname', null, own);
  else printer.value('ifname', text, `${own}${suffix}`, { paint: 'ifname' });
  return down;
}

export function flags(printer: Printer, link: Json, down: boolean, after = '> '): void {
  const words = flagList(link['flags'] as string[], down);
  printer.list('flags', words, `<${words.join(',')}${after}`);
}

export const operstate = via(operstateName);
const statePaint = { ...operstate, paint: (value: unknown) => (value === 'up' ? 'up' : value === 'down' ? 'down' : undefined) } as const;

/** Where a sheet needs the command it is printed for. */
export interface LinkView {
  /** `ip link`, not `ip address`. */
  readonly own: boolean;
  /** `ip monitor`: what happened is said, mode and queue length are not. */
  readonly event?: boolean;
}

function firstLine(printer: Printer, link: Json, view: LinkView): void {
  printer.value('ifindex', '%: ', link['index']);
  const down = name(printer, link, '%: ');
  flags(printer, link, down);
  printer.sheet(view.own ? ownSheet : addressSheet, link);
  if (view.own && !view.event) printer.value('linkmode', 'mode % ', link['linkmode'], via((mode) => String(mode).toUpperCase()));
  printer.sheet(groupSheet, link);
  printer.sheet(view.event ? eventSheet : queueSheet, link);
}

const firstSheet = (own: boolean): Sheet => [
  ['mtu', 'mtu % ', 'mtu'],
  (printer, link) => xdp(printer, link, own),
  ['qdisc', 'qdisc % ', 'qdisc'],
  ['master', 'master % ', 'master', linkName],
  ['operstate', 'state % ', 'operstate', statePaint],
];
const ownSheet = firstSheet(true), addressSheet = firstSheet(false);

const groupSheet: Sheet = [
  ['group', 'group % ', 'group', via((group, printer) => printer.context.names.name('group', Number(group)))],
];

/** IFLA_EVENT_*, as iproute2 calls them. */
const events: Readonly<Record<string, string>> = {
  reboot: 'REBOOT', features: 'FEATURE CHANGE', bondingFailover: 'BONDING FAILOVER', notifyPeers: 'NOTIFY PEERS', igmpResend: 'RESEND IGMP', bondingOptions: 'BONDING OPTION',
};

const eventSheet: Sheet = [['event', 'event % ', (link) => (link['event'] === 'none' ? undefined : link['event']), via((event) => events[event as string] ?? event)]];

const queueSheet: Sheet = [
  ['txqlen', 'qlen %', (link, printer) => queueLength(link, printer) || undefined],
];

/** IPv6's own answer about a link lacks it. */
function queueLength(link: Json, printer: Printer): unknown {
  return link['txqlen'] ?? (link['family'] === 'inet6' ? printer.context.links.object(Number(link['index']))?.['txqlen'] : undefined);
}

/** Hardware type and addresses. */
function secondLine(printer: Printer, link: Json): void {
  printer.newline();
  printer.value('link_type', '    link/% ', printer.context.names.numeric ? `[${String(link['type'])}]` : linkType(Number(link['type'])));
  printer.value('address', '%', hardware(link['address'], link), { paint: 'mac' });
  if (link['broadcast'] !== undefined) {
    const far = (link['flags'] as string[]).includes('pointopoint');
    printer.text(far ? ' peer ' : ' brd ');
    if (far) printer.value('link_pointtopoint', null, true);
    printer.value('broadcast', '%', hardware(link['broadcast'], link), { paint: 'mac' });
  }
  if (link['permAddress'] !== undefined && link['permAddress'] !== link['address']) {
    printer.value('permaddr', ' permaddr %', hardware(link['permAddress'], link), { paint: 'mac' });
  }
}

const overIp = new Set(['ipip', 'sit', 'gre', 'tunnel6', 'gre6']);

/** Tunnels over IP have IP addresses where others have hardware ones. */
function hardware(value: unknown, link: Json): string | undefined {
  if (value === undefined) return undefined;
  const text = String(value), type = linkType(Number(link['type']));
  if (!overIp.has(type)) return text;
  const bytes = text.split(':').map((byte) => Number.parseInt(byte, 16));
  if (bytes.length === 4 && ['ipip', 'sit', 'gre'].includes(type)) return bytes.join('.');
  if (bytes.length === 16 && ['tunnel6', 'gre6'].includes(type)) {
    const groups = Array.from({ length: 8 }, (_, i) => (((bytes[2 * i] ?? 0) << 8) | (bytes[2 * i + 1] ?? 0)).toString(16));
    return new URL(`http://[${groups.join(':')}]`).hostname.slice(1, -1);
  }
  return text;
}

const namespaceSheet: Sheet = [
  (printer, link) => {
    const id = link['linkNetnsid'] as number | undefined;
    if (id === undefined) return;
    const named = id >= 0 && !printer.json ? printer.context.namespaceName?.(id) : undefined;
    if (named !== undefined) printer.text(` link-netns ${named}`);
    else printer.value('link_netnsid', ' link-netnsid %', id, { text: () => (id < 0 ? 'unknown' : String(id)) });
  },
  ['new_netnsid', ' new-netnsid %', 'newNetnsid'],
  ['new_ifindex', ' new-ifindex %', 'newIfindex'],
  (printer, link) => {
    if (link['protoDown']) printer.value('proto_down', ' protodown on ', true);
  },
];

const detailSheet: Sheet = [
  ['promiscuity', ' promiscuity % ', 'promiscuity'],
  ['allmulti', 'allmulti % ', 'allmulti'],
  ['min_mtu', 'minmtu % ', 'minMtu'],
  ['max_mtu', 'maxmtu % ', 'maxMtu'],
  ['netns-immutable', 'netns-immutable ', (link) => (link['netnsImmutable'] ? true : undefined)],
];

const queueDetails: Sheet = [
  ['num_tx_queues', 'numtxqueues % ', 'numTxQueues'],
  ['num_rx_queues', 'numrxqueues % ', 'numRxQueues'],
  ['gso_max_size', 'gso_max_size % ', 'gsoMaxSize'],
  ['gso_max_segs', 'gso_max_segs % ', 'gsoMaxSegs'],
  ['tso_max_size', 'tso_max_size % ', 'tsoMaxSize'],
  ['tso_max_segs', 'tso_max_segs % ', 'tsoMaxSegs'],
  ['gro_max_size', 'gro_max_size % ', 'groMaxSize'],
  ['gso_ipv4_max_size', 'gso_ipv4_max_size % ', 'gsoIpv4MaxSize'],
  ['gro_ipv4_max_size', 'gro_ipv4_max_size % ', 'groIpv4MaxSize'],
  ['phys_port_name', 'portname % ', 'physPortName'],
  ['phys_port_id', 'portid % ', 'physPortId', via(bytes)],
  ['phys_switch_id', 'switchid % ', 'physSwitchId', via(bytes)],
  ['parentbus', 'parentbus % ', 'parentDevBusName'],
  ['parentdev', 'parentdev % ', 'parentDevName'],
];

/** Kind and its data, then what the link is as a port. */
function linkinfo(printer: Printer, link: Json): void {
  const info = link['linkinfo'] as Json | undefined;
  if (!info) return;
  printer.object('linkinfo', () => {
    part(printer, info['kind'] as string | undefined, info['data'], '', 'info_kind', 'info_data');
    part(printer, info['slaveKind'] as string | undefined, info['slaveData'], '_slave', 'info_slave_kind', 'info_slave_data');
  });
}

function part(printer: Printer, kind: string | undefined, data: unknown, suffix: string, kindKey: string, dataKey: string): void {
  if (kind === undefined) return;
  printer.newline();
  printer.value(kindKey, `    %${suffix} `, kind);
  const sheet = suffix === '' ? kindOf(kind).sheet : slaveKinds[kind]?.sheet;
  // Of kinds in pairs the kernel does not dump the other end.
  if (!sheet || data === undefined || data instanceof Uint8Array) return;
  if (suffix === '' && kinds[kind] === undefined && Object.keys(data as Json).length === 0) return;
  printer.object(dataKey, () => printer.sheet(sheet, data as Json));
}

/** IN6_ADDR_GEN_MODE_STABLE_PRIVACY has another name on the command line. */
const addrGenMode = via((mode) => (mode === 'stablePrivacy' ? 'stable_secret' : mode));

/** Everything about one link. */
export function printLink(printer: Printer, link: Json, view: LinkView, more?: () => void): void {
  const { options } = printer.context;
  printer.object(null, () => {
    firstLine(printer, link, view);
    if (view.event || options.family === undefined || options.family === 'packet' || printer.details) secondLine(printer, link);
    printer.sheet(namespaceSheet, link);
    if (printer.details) {
      printer.sheet(detailSheet, link);
      linkinfo(printer, link);
      if (view.own && !view.event) printer.value('inet6_addr_gen_mode', 'addrgenmode % ', at(link, 'afSpec.inet6.addrGenMode'), addrGenMode);
      printer.sheet(queueDetails, link);
    }
    if (((view.own && !view.event) || printer.details) && link['ifalias'] !== undefined) {
      printer.newline();
      printer.value('ifalias', '    alias %', link['ifalias']);
    }
    if (view.own || printer.details) xdpPrograms(printer, link);
    if (view.own && printer.statistics > 0) {
      printer.newline();
      statistics(printer, link);
    }
    const names = at(link, 'propList.altIfname') as string[] | undefined;
    if (names && names.length > 0) {
      for (const altname of names) {
        printer.newline();
        printer.text(`    altname ${altname}`);
      }
      printer.list('altnames', names, null);
    }
    if (!more) return;
    printer.text('\n');
    more();
    if (printer.statistics > 0) {
      statistics(printer, link);
      printer.text('\n');
    }
  });
  if (!more) printer.text('\n');
}

/** `-br`: name, state, address, flags. */
export function printBrief(printer: Printer, link: Json, more?: () => void): void {
  printer.object(null, () => {
    const down = name(printer, link, '%16 ');
    printer.value('operstate', '%14 ', link['operstate'], statePaint);
    if (more) return more();
    printer.value('address', '% ', hardware(link['address'], link), { paint: 'mac' });
    flags(printer, link, down);
  });
  printer.text('\n');
}
