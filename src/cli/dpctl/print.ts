/** Datapaths and flows as ovs-dpctl prints them. */
import type { OvsFlow, OvsFlowStats } from '../../families/generic/openvswitch/index.ts';
import type { OvsDatapathInfo, OvsPort } from '../../generic/index.ts';
import { at } from '../grammar.ts';
import type { Context } from '../context.ts';
import { showActions } from './actions.ts';
import { inWords } from './flow.ts';
import { showKey } from './keys.ts';
import { bytesText, type Style } from './text.ts';

// -- flows --------------------------------------------------------------------------------------------------

/** `00112233-4455-6677-8899-aabbccddeeff` */
export const ufidText = (ufid: Uint8Array): string => bytesText(inWords(ufid)).replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
/** In ovs-dpctl's order: the letter of each flag of TCP, by its bit. */
const tcpLetters: readonly (readonly [bit: number, letter: string])[] = [[2, 'S'], [1, 'F'], [8, 'P'], [4, 'R'], [32, 'U'], [16, '.'], [64, 'E'], [128, 'C']];
const tcpText = (flags: number): string => tcpLetters.flatMap(([bit, letter]) => (flags & bit ? [letter] : [])).join('');

/** Milliseconds of the clock that the kernel counts uses by. */
const now = (): bigint => process.hrtime.bigint() / 1_000_000n;
const NOTHING: OvsFlowStats = { packets: 0n, bytes: 0n };
/** Seconds since a packet last met the flow. */
const idle = ({ used }: OvsFlow): string | undefined => (used === undefined || used === 0n ? undefined : (Number(now() - used) / 1000).toFixed(3));

export function statsText(flow: OvsFlow): string {
  const { packets, bytes } = flow.stats ?? NOTHING, since = idle(flow);
  return `packets:${packets}, bytes:${bytes}, used:${since === undefined ? 'never' : `${since}s`}${flow.tcpFlags ? `, flags:${tcpText(flow.tcpFlags)}` : ''}`;
}
export function flowText(flow: OvsFlow, style: Style): string {
  const ufid = style.verbose && flow.ufid ? `ufid:${ufidText(flow.ufid)}, ` : '';
  return `${ufid}${showKey(flow.key ?? {}, flow.mask, style)}, ${statsText(flow)}${style.verbose ? ', dp:ovs' : ''}, actions:${showActions(flow.actions ?? [], style)}`;
}
export function flowFacts(flow: OvsFlow, style: Style): object {
  const { packets, bytes } = flow.stats ?? NOTHING, since = idle(flow);
  return {
    ...(flow.ufid && { ufid: ufidText(flow.ufid) }), flow: showKey(flow.key ?? {}, flow.mask, style), actions: showActions(flow.actions ?? [], style), packets, bytes,
    used: since === undefined ? null : Number(since), ...(flow.tcpFlags && { flags: tcpText(flow.tcpFlags) }),
  };
}

// -- datapaths ----------------------------------------------------------------------------------------------

/** Kinds of links that are tunnels -> what a port of such a link is called; the port of UDP that goes without saying. */
const tunnels: Readonly<Record<string, readonly [type: string, usual?: number]>> = { vxlan: ['vxlan', 4789], geneve: ['geneve', 6081], gretap: ['gre'], erspan: ['erspan'], ip6gretap: ['ip6gre'], ip6erspan: ['ip6erspan'] };

/** What kind of port it is; of a tunnel, with the port that its packets come in by, where it is not the usual one. */
function portType(context: Context, port: OvsPort): { type: string; dstPort?: number } {
  const link = port.type === 'netdev' && port.ifindex !== undefined && port.netnsid === undefined ? context.links.object(port.ifindex) : undefined;
  const kind = at(link, 'linkinfo.kind') as string | undefined, [type, usual] = (kind === undefined ? undefined : tunnels[kind]) ?? [];
  if (port.type === 'netdev') {
    const dstPort = at(link, 'linkinfo.data.port') as number | undefined;
    return { type: type ?? 'system', ...(type !== undefined && dstPort !== undefined && dstPort !== usual && { dstPort }) };
  }
  const dstPort = port.options?.dstPort, own = typeof port.type === 'string' ? port.type : String(port.type);
  return { type: own, ...(dstPort !== undefined && dstPort !== tunnels[own]?.[1] && { dstPort }) };
}

const UNITS = ['KiB', 'MiB', 'GiB', 'TiB'];
function size(bytes: bigint): string {
  let n = Number(bytes) / 1024, unit = 0;
  if (n < 1) return '';
  while (n >= 1024 && unit < UNITS.length - 1) { n /= 1024; unit++; }
  return ` (${n.toFixed(1)} ${UNITS[unit]})`;
}
export const cacheText = ({ masksCacheSize }: OvsDatapathInfo): string => (masksCacheSize === undefined ? '' : `  caches:\n    masks-cache: size:${masksCacheSize}\n`);

export function datapathText(context: Context, dp: OvsDatapathInfo, ports: readonly OvsPort[]): string {
  const { hit = 0n, missed = 0n, lost = 0n, flows = 0n } = dp.stats ?? {}, mega = dp.megaflowStats, met = hit + missed;
  const masks = mega ? `  masks: hit:${mega.maskHit} total:${mega.masks} hit/pkt:${(met === 0n ? 0 : Number(mega.maskHit) / Number(met)).toFixed(2)}\n` : '';
  return `system@${dp.name}:\n  lookups: hit:${hit} missed:${missed} lost:${lost}\n  flows: ${flows}\n${masks}${cacheText(dp)}${ports.map((port) => portText(context, port)).join('')}`;
}
function portText(context: Context, port: OvsPort): string {
  const { type, dstPort } = portType(context, port), head = `  port ${port.portNo}: ${port.name}${type === 'system' ? '' : ` (${type}${dstPort === undefined ? '' : `: dst_port=${dstPort}`})`}\n`;
  const s = port.stats;
  if (context.options.statistics === 0 || !s) return head;
  // What a datapath does not count is 0 in ovs-dpctl's words.
  return `${head}    RX packets:${s.rxPackets} errors:${s.rxErrors} dropped:${s.rxDropped} overruns:0 frame:0\n    TX packets:${s.txPackets} errors:${s.txErrors} dropped:${s.txDropped} aborted:0 carrier:0\n    collisions:0\n`
    + `    RX bytes:${s.rxBytes}${size(s.rxBytes)}  TX bytes:${s.txBytes}${size(s.txBytes)}\n`;
}
export function datapathFacts(context: Context, dp: OvsDatapathInfo, ports: readonly OvsPort[]): object {
  const { hit, missed, lost, flows } = dp.stats ?? {}, mega = dp.megaflowStats;
  return {
    name: dp.name, ifindex: dp.dpIfindex, lookups: { hit, missed, lost }, flows, ...(mega && { masks: { hit: mega.maskHit, total: mega.masks } }), ...(dp.masksCacheSize !== undefined && { masksCacheSize: dp.masksCacheSize }),
    ports: ports.map((port) => {
      const { type, dstPort } = portType(context, port);
      return { port: port.portNo, name: port.name, type, ...(dstPort !== undefined && { dstPort }), ...(context.options.statistics > 0 && port.stats && { stats: port.stats }) };
    }),
  };
}
