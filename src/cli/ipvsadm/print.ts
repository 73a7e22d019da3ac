/** Services and servers of IPVS as ipvsadm prints them: for people, as lines that make them again; as JSON. */
import { lookupService } from 'node:dns/promises';
import type { IpvsDaemon, IpvsDestination, IpvsService, IpvsStats, IpvsStats64 } from '../../families/generic/ipvs.ts';
import { ipvsEndpointText } from '../../generic/index.ts';
import { parseIpv4, parseIpv6 } from '../../codec/index.ts';
import { serviceName } from '../ss/services.ts';
import { flagsOf, type Form, type Said } from './options.ts';

export interface Told { readonly service: IpvsService; readonly servers: readonly IpvsDestination[] }
type Server = IpvsDestination;
/** How places are written. */
export type Places = (address: unknown, port: number, protocol?: string) => Promise<string>;

export const numbers: Places = (address, port) => Promise.resolve(ipvsEndpointText(String(address), port));
/** By name, where hosts and ports have some. */
export function names(): Places {
  const hosts = new Map<string, Promise<string>>();
  const host = (address: string): Promise<string> => lookupService(address, 0).then(({ hostname }) => hostname, () => address);
  return async (address, port, protocol) => {
    const text = String(address);
    if (!hosts.has(text)) hosts.set(text, host(text));
    const name = await (hosts.get(text) as Promise<string>), at = protocol === undefined ? undefined : serviceName(port, protocol);
    return text.includes(':') ? `[${name}]:${at ?? port}` : `${name}:${at ?? port}`;
  };
}

// The order that ipvsadm's manual tells: by family, protocol, address, port; marks behind them.

const bytesOf = (address: unknown): string => {
  const bytes = new Uint8Array(16), text = String(address);
  return parseIpv4(text, bytes, 0) || parseIpv6(text, bytes, 0) ? Buffer.from(bytes).toString('latin1') : '';
};
const PROTOCOLS = ['tcp', 'udp', 'sctp'];
type Sorting = readonly (number | string)[];
const byKey = (a: Sorting, b: Sorting): number => {
  for (const [i, one] of a.entries()) if (one !== b[i]) return one < (b[i] as typeof one) ? -1 : 1;
  return 0;
};
const sorted = <T>(all: readonly T[], key: (one: T) => Sorting): T[] => [...all].sort((a, b) => byKey(key(a), key(b)));
export const sortServices = (all: readonly IpvsService[]): IpvsService[] => sorted(all, ({ fwmark = 0, af, protocol, addr, port = 0 }) => [fwmark, af === 'inet' ? 0 : 1, PROTOCOLS.indexOf(String(protocol)), bytesOf(addr), port]);
export const sortServers = (all: readonly Server[]): Server[] => sorted(all, ({ addrFamily, addr, port = 0 }) => [addrFamily === 'inet' ? 0 : 1, bytesOf(addr), port]);

// What is told of each.

const FORWARD: Readonly<Record<string, readonly [name: string, option: string]>> = { masq: ['Masq', '-m'], localnode: ['Local', '-g'], tunnel: ['Tunnel', '-i'], droute: ['Route', '-g'] };
const forwardOf = ({ fwdMethod }: Server): readonly [string, string] => FORWARD[String(fwdMethod)] ?? [String(fwdMethod), '-g'];
export const counters = (one: { stats?: IpvsStats; stats64?: IpvsStats64 }): IpvsStats | IpvsStats64 => one.stats64 ?? one.stats ?? {};
const COUNTED = ['conns', 'inpkts', 'outpkts', 'inbytes', 'outbytes'] as const, RATES = ['cps', 'inpps', 'outpps', 'inbps', 'outbps'] as const;
const UNITS = [[100_000_000n, 1n, ''], [1_000_000_000n, 1000n, 'K'], [100_000_000_000n, 1_000_000n, 'M'], [100_000_000_000_000n, 1_000_000_000n, 'G']] as const;
function large(given: number | bigint | undefined, exact: boolean): string {
  const n = BigInt(given ?? 0);
  if (exact) return String(n).padStart(Math.max(9, String(n).length + 1));
  const [, by, unit] = UNITS.find(([below]) => n < below) ?? [0n, 1_000_000_000_000n, 'T'];
  return `${String(n / by)}${unit}`.padStart(9);
}
const row = (one: Parameters<typeof counters>[0], keys: typeof COUNTED | typeof RATES, exact: boolean): string => keys.map((key) => large(counters(one)[key], exact)).join('');
const flags = ({ flags: of }: IpvsService): readonly (string | number)[] => of?.flags ?? [];
const isWhole = ({ af, netmask }: IpvsService): boolean => (af === 'inet6' ? netmask === 128 : netmask === '255.255.255.255');
/** `gue:6080:+c` */
function tunnelText({ fwdMethod, tunType, tunPort = 0, tunFlags = [] }: Server): string {
  if (fwdMethod !== 'tunnel') return 'n/a';
  const sums = tunFlags.includes('remcsum') ? 'r+c' : tunFlags.includes('csum') ? '+c' : '-c';
  return tunType === 'gue' ? `gue:${tunPort}:${sums}` : tunType === 'gre' ? `gre:${sums}` : String(tunType ?? 'ipip');
}

const HEADS: Readonly<Record<Form, readonly string[]>> = {
  stats: ['Conns', 'InPkts', 'OutPkts', 'InBytes', 'OutBytes'], rate: ['CPS', 'InPPS', 'OutPPS', 'InBPS', 'OutBPS'], thresholds: ['Uthreshold', 'Lthreshold', 'ActiveConn', 'InActConn'], persistent: ['Weight', 'PersistConn', 'ActiveConn', 'InActConn'], tunnels: [],
};
const wide = (cells: readonly unknown[], widths: readonly number[]): string => cells.map((cell, i) => String(cell).padEnd(widths[i] as number)).join(' ');
const WIDTHS = { thresholds: [10, 10, 10, 10], persistent: [9, 11, 10, 10], plain: [7, 6, 10, 10], tunnels: [7, 13, 6, 10, 10] } as const;
export function title(form?: Form): string {
  const remote = '  -> RemoteAddress:Port';
  if (form === 'stats' || form === 'rate') return `${'Prot LocalAddress:Port'.padEnd(33)} ${HEADS[form].map((head) => head.padStart(8)).join(' ')}\n${remote}\n`;
  if (form === 'thresholds' || form === 'persistent') return `${'Prot LocalAddress:Port'.padEnd(33)} ${wide(HEADS[form], WIDTHS[form])}\n${remote}\n`;
  return `Prot LocalAddress:Port Scheduler Flags\n${remote.padEnd(33)} Forward ${form === 'tunnels' ? 'TunnelInfo    ' : ''}Weight ActiveConn InActConn\n`;
}

function settings(service: IpvsService): string {
  const { schedName = '', timeout, netmask, peName } = service, of = flags(service), own = flagsOf(schedName, of);
  return `${schedName}${own.length > 0 ? ` (${own.join(',')})` : ''}${of.includes('persistent') ? ` persistent ${timeout}${isWhole(service) ? '' : ` mask ${netmask}`}` : ''}${peName === undefined ? '' : ` pe ${peName}`}${of.includes('onepacket') ? ' ops' : ''}`;
}
const protocolOf = ({ fwmark, protocol }: IpvsService): string | undefined => (fwmark === undefined ? String(protocol) : undefined);

/** For people. */
export async function block({ service, servers }: Told, { form, exact: whole }: Pick<Said, 'form' | 'exact'>, places: Places): Promise<string> {
  const { af, fwmark, addr, port = 0 } = service, exact = whole === true, protocol = protocolOf(service), cut = (text: string, most: number): string => (af === 'inet' ? text.slice(0, most) : text);
  const name = fwmark === undefined ? cut(`${(protocol as string).toUpperCase().padEnd(4)} ${await places(addr, port, protocol)}`, 33) : `FWM  ${fwmark}${af === 'inet6' ? ' IPv6' : ''}`, counted = form === 'stats' ? COUNTED : form === 'rate' ? RATES : undefined;
  let text = counted ? `${name.padEnd(33)}${row(service, counted, exact)}\n` : `${name} ${settings(service)}\n`;
  for (const server of servers) {
    const { weight, uThresh, lThresh, activeConns, inactConns, persistConns } = server, at = `  -> ${cut(await places(server.addr, server.port ?? 0, protocol), 28).padEnd(28)}`, [how] = forwardOf(server);
    if (counted) text += `${at}${row(server, counted, exact)}\n`;
    else if (form === 'thresholds') text += `${at} ${wide([uThresh, lThresh, activeConns, inactConns], WIDTHS.thresholds)}\n`;
    else if (form === 'persistent') text += `${at} ${wide([weight, persistConns, activeConns, inactConns], WIDTHS.persistent)}\n`;
    else if (form === 'tunnels') text += `${at} ${wide([how, tunnelText(server), weight, activeConns, inactConns], WIDTHS.tunnels)}\n`;
    else text += `${at} ${wide([how, weight, activeConns, inactConns], WIDTHS.plain)}\n`;
  }
  return text;
}

/** As lines that `-R` takes. */
export async function rules({ service, servers }: Told, places: Places): Promise<string> {
  const { af, fwmark, addr, port = 0, schedName = '', timeout, netmask, peName } = service, protocol = protocolOf(service), of = flags(service), own = flagsOf(schedName, of);
  const which = fwmark === undefined ? `${protocol === 'sctp' ? '--sctp-service' : protocol === 'udp' ? '-u' : '-t'} ${await places(addr, port, protocol)}` : `-f ${fwmark}${af === 'inet6' ? ' -6' : ''}`;
  const persistent = of.includes('persistent') ? ` -p ${timeout}${isWhole(service) ? '' : ` -M ${netmask}`}` : '';
  let text = `-A ${which} -s ${schedName}${persistent}${peName === undefined ? '' : ` --pe ${peName}`}${of.includes('onepacket') ? ' -o' : ''}${own.length > 0 ? ` -b ${own.join(',')}` : ''}\n`;
  for (const server of servers) {
    const { fwdMethod, weight, uThresh = 0, lThresh = 0, tunType = 'ipip', tunPort, tunFlags = [] } = server;
    const sums = tunType === 'ipip' ? '' : tunFlags.includes('remcsum') ? ' --tun-remcsum' : tunFlags.includes('csum') ? ' --tun-csum' : ' --tun-nocsum', tunnel = fwdMethod === 'tunnel' ? ` --tun-type ${tunType}${tunType === 'gue' ? ` --tun-port ${tunPort}` : ''}${sums}` : '';
    text += `-a ${which} -r ${await places(server.addr, server.port ?? 0, protocol)} ${forwardOf(server)[1]} -w ${weight}${uThresh > 0 ? ` -x ${uThresh}` : ''}${lThresh > 0 ? ` -y ${lThresh}` : ''}${tunnel}\n`;
  }
  return text;
}

export const daemonLine = ({ state, mcastIfn, syncId, syncMaxlen, mcastGroup, mcastGroup6, mcastPort, mcastTtl }: IpvsDaemon): string =>
  `${String(state?.[0])} sync daemon (mcast=${mcastIfn}, syncid=${syncId}${syncMaxlen === undefined ? '' : `, maxlen=${syncMaxlen}, group=${mcastGroup ?? mcastGroup6}, port=${mcastPort}, ttl=${mcastTtl}`})\n`;

const plainly = (one: Parameters<typeof counters>[0]): object => Object.fromEntries([...COUNTED, ...RATES].map((key) => [key, counters(one)[key] ?? 0]));
/** As programs read it. */
export function facts({ service, servers }: Told): object {
  const { af, fwmark, protocol, addr, port, schedName = '', timeout, netmask, peName } = service, of = flags(service), own = flagsOf(schedName, of);
  return {
    family: af, ...(fwmark === undefined ? { protocol, address: addr, port } : { fwmark }), scheduler: schedName, ...(own.length > 0 && { flags: own }), ...(of.includes('persistent') && { persistent: timeout, netmask }), ...(peName !== undefined && { pe: peName }), ...(of.includes('onepacket') && { ops: true }), stats: plainly(service),
    servers: servers.map((server) => ({
      family: server.addrFamily, address: server.addr, port: server.port, forward: forwardOf(server)[0].toLowerCase(), weight: server.weight, u_threshold: server.uThresh, l_threshold: server.lThresh, active: server.activeConns, inactive: server.inactConns, persistent: server.persistConns,
      ...(server.fwdMethod === 'tunnel' && { tunnel: { type: server.tunType, ...(server.tunType === 'gue' && { port: server.tunPort }), ...(server.tunType !== 'ipip' && { flags: server.tunFlags }) } }), stats: plainly(server),
    })),
  };
}
