/** Ports in words: `NAME[,type=TYPE][,port_no=NUMBER][,dst_port=PORT]...`. */
import type { OvsVport } from '../../families/generic/openvswitch/index.ts';
import { ovsPlans, type OvsDatapathInfo, type OvsPort } from '../../generic/index.ts';
import type { Context } from '../context.ts';
import { usage } from '../errors.ts';
import { didYouMean } from '../words.ts';
import { carry } from '../generic.ts';
import { numberOf } from './text.ts';

/** What ports are, by ovs-dpctl's words. A tunnel's link has a name by its kind: of all tunnels of a kind, and a port of UDP, there is one. */
const types = { system: 'netdev', internal: 'internal', vxlan: 'vxlan', geneve: 'geneve', gre: 'gre' } as const;
const sysNames = { vxlan: ['vxlan_sys', 4789], geneve: ['genev_sys', 6081], gre: ['gre_sys', undefined] } as const;
type Tunnel = keyof typeof sysNames;
const isTunnel = (type: string): type is Tunnel => Object.hasOwn(sysNames, type);

/** What a tunnel's flows say of each packet, so that the port need not. */
const ofFlows = new Set(['remote_ip', 'local_ip', 'key', 'in_key', 'out_key']);

/** A port as a line gives it. */
export interface GivenPort { readonly name: string; readonly type?: keyof typeof types; readonly portNo?: number; readonly dstPort?: number; readonly gbp?: true }
export function readPort(text: string): GivenPort {
  const [name = '', ...rest] = text.split(','), out: { name: string; type?: keyof typeof types; portNo?: number; dstPort?: number; gbp?: true } = { name };
  if (name === '') throw usage(`"${text}" begins with a port's name`);
  for (const item of rest) {
    const [word = '', value] = item.split('=');
    if (value === undefined) throw usage(`"${item}" is not an option of a port`, 'type=vxlan');
    if (word === 'type') {
      if (!Object.hasOwn(types, value)) throw usage(`"${value}" is not a type of port`, didYouMean(value, Object.keys(types)));
      out.type = value as keyof typeof types;
    } else if (word === 'port_no') out.portNo = Number(numberOf(value, 0xffff));
    else if (word === 'dst_port') out.dstPort = Number(numberOf(value, 0xffff));
    else if (word === 'exts' && value === 'gbp') out.gbp = true;
    else if (!ofFlows.has(word)) throw usage(`"${word}" is not an option of a port`, didYouMean(word, ['type', 'port_no', 'dst_port', 'exts', ...ofFlows]));
    else if (value !== 'flow') throw usage(`"${item}": what a tunnel's packets say is in flows`, `${word}=flow, and set(tunnel(dst=${value},ttl=64,flags(df|key))) in the flow`);
  }
  const tunnel = isTunnel(out.type ?? 'system');
  if (out.dstPort !== undefined && (!tunnel || out.type === 'gre')) throw usage(`"${text}": dst_port is for ports of type vxlan and geneve`);
  if (out.gbp && out.type !== 'vxlan') throw usage(`"${text}": exts=gbp is for ports of type vxlan`);
  return out;
}

function vport({ name, type = 'system', portNo, dstPort, gbp }: GivenPort): OvsVport & { name: string } {
  const number = portNo === undefined ? {} : { portNo };
  if (!isTunnel(type)) return { ...number, name, type: types[type] };
  const [base, usual] = sysNames[type], port = dstPort ?? usual;
  return { ...number, name: port === undefined ? base : `${base}_${port}`, type: types[type], ...(port !== undefined && { options: { dstPort: port, ...(gbp && { extension: { gbp: true as const } }) } }) };
}

/** Makes ports, and sets their links up. Where one is refused, none stays. */
export async function addPorts(context: Context, dp: OvsDatapathInfo, ports: readonly GivenPort[]): Promise<void> {
  const made: string[] = [];
  try {
    for (const given of ports) {
      const wanted = vport(given);
      if (wanted.type === 'netdev' && !context.options.dryRun && context.links.find(wanted.name) === undefined) throw usage(`there is no link "${wanted.name}"`, 'type=internal makes one');
      await carry(context, ovsPlans.addPort(dp.dpIfindex, wanted));
      made.push(wanted.name);
      if (!isTunnel(given.type ?? 'system')) context.kernel.request('newlink', { family: 'unspec', ifname: wanted.name, flags: ['up'], change: ['up'] });
    }
  } catch (error) {
    for (const name of made.reverse()) await carry(context, ovsPlans.deletePort(dp.dpIfindex, name));
    throw error;
  }
}

async function portNamed(context: Context, dp: OvsDatapathInfo, which: string): Promise<OvsPort> {
  try {
    return await carry(context, ovsPlans.port(dp.dpIfindex, /^\d+$/.test(which) ? Number(which) : which));
  } catch (error) {
    if ((error as { code?: string }).code === 'ENODEV') throw usage(`there is no port "${which}" in "${dp.name}"`, `nlkit dpctl show ${dp.name} lists them`);
    throw error;
  }
}
/** All of them are there before the first goes. */
export async function deletePorts(context: Context, dp: OvsDatapathInfo, names: readonly string[]): Promise<void> {
  const ports: OvsPort[] = [];
  for (const name of names) ports.push((await portNamed(context, dp, name)) ?? { name });
  for (const port of ports) await carry(context, ovsPlans.deletePort(dp.dpIfindex, port.portNo ?? port.name ?? 0));
}
/** Whether a port is as a line says: its type and number stay what they are. */
export async function checkPort(context: Context, dp: OvsDatapathInfo, text: string): Promise<void> {
  const wanted = readPort(text), port = await portNamed(context, dp, wanted.name);
  if (!port) return;
  if (wanted.portNo !== undefined && wanted.portNo !== port.portNo) throw usage(`"${wanted.name}" is port ${port.portNo}, which does not change`);
  if (wanted.type !== undefined && types[wanted.type] !== port.type) throw usage(`"${wanted.name}" is a port of type ${port.type === 'netdev' ? 'system' : port.type}, which does not change`);
  if (wanted.dstPort !== undefined && wanted.dstPort !== port.options?.dstPort) throw usage(`"${wanted.name}" has dst_port ${port.options?.dstPort ?? 'of its link'}, which does not change`, 'del-if, and add-if anew');
}
