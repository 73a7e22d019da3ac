/** The lines of `ip`, `bridge` and `sysctl` that would do what a step does: to read, and to learn from. */
import type { LinkInput } from '../route/index.ts';
import { elementChanges } from './firewall.ts';
import { elementLines, rulesetLines } from './firewall-lines.ts';
import { flowLines } from './flows.ts';
import { NAMESPACES } from '../namespace/index.ts';
import type { Where } from './operation.ts';
import type { Step } from './steps.ts';

/** A word for the shell: names of namespaces and interfaces may hold anything. */
function word(text: string): string {
  if (/^[\w@%+=:,./-]+$/.test(text)) return text;
  // eslint-disable-next-line no-control-regex
  if (/[\u0000-\u001f\u007f]/.test(text)) return `$'${text.replace(/[\\'\u0000-\u001f\u007f]/g, (c) => `\\x${c.charCodeAt(0).toString(16).padStart(2, '0')}`)}'`;
  return `'${text.replaceAll("'", "'\\''")}'`;
}
/** How a tool is run in a container's namespace. */
function inside(tool: 'ip' | 'sysctl', where: Where | undefined): string {
  if (!where) return tool;
  if (where.path.startsWith(`${NAMESPACES}/`)) { const name = word(where.path.slice(NAMESPACES.length + 1)); return tool === 'ip' ? `ip -n ${name}` : `ip netns exec ${name} ${tool}`; }
  return `nsenter --net=${word(where.path)} ${tool}`;
}
const netns = ({ path }: Where): string => word(path.startsWith(`${NAMESPACES}/`) ? path.slice(NAMESPACES.length + 1) : path);

type Data = Record<string, unknown>;
/** A kind's words. */
const words: Readonly<Record<string, (data: Data) => string>> = {
  bridge: (data) => (data['vlanFiltering'] ? ` vlan_filtering 1 vlan_default_pvid ${data['vlanDefaultPvid']}` : ''),
  macvlan: (data) => ` mode ${data['mode']}`,
  ipvlan: (data) => ` mode ${data['mode']}`,
  vlan: (data) => ` id ${data['id']}`,
  vxlan: (data) => ` id ${data['id']} local ${data['local'] ?? data['local6']} dstport ${data['port']} nolearning proxy`,
};
/** What every link has, as `ip link` takes it before the kind. */
const common = ({ address, mtu }: LinkInput): string => `${address === undefined ? '' : ` address ${address}`}${mtu === undefined ? '' : ` mtu ${mtu}`}`;

function addLine({ link, into }: Step & { op: 'link.add' }): string {
  const { kind, data = {} } = link.linkinfo as unknown as { kind: string; data?: Data }, peer = data['peer'] as (LinkInput & { ifname: string }) | undefined, target = into ? ` netns ${netns(into)}` : '';
  const head = `ip link add${link.link === undefined ? '' : ` link ${word(String(link.link))}`} name ${word(link.ifname)}${common(link)}${link.master === undefined ? '' : ` master ${word(String(link.master))}`}`;
  return peer ? `${head} type ${kind} peer name ${word(peer.ifname)}${common(peer)}${target}` : `${head}${target} type ${kind}${words[kind]?.(data) ?? ''}`;
}
function* setLines({ ifname, set, where }: Step & { op: 'link.set' }): Generator<string> {
  const ip = inside('ip', where), { master, up, ifalias, linkinfo } = set, slave = (linkinfo as { slaveData?: Data } | undefined)?.slaveData;
  const parts = [common(set), master === undefined ? '' : master === null ? ' nomaster' : ` master ${word(String(master))}`, up === undefined ? '' : up ? ' up' : ' down', ifalias === undefined ? '' : ` alias ${ifalias}`].join('');
  if (slave) yield `bridge link set dev ${word(ifname)} hairpin ${slave['mode'] ? 'on' : 'off'} isolated ${slave['isolated'] ? 'on' : 'off'}`;
  if (parts !== '') yield `${ip} link set dev ${word(ifname)}${parts}`;
}

/** Lines for a step; of what only nlkit's own files know, a remark. */
export function linesOf(step: Step): string[] {
  switch (step.op) {
    case 'link.add': return [addLine(step)];
    case 'link.set': return [...setLines(step)];
    case 'link.delete': return [`${inside('ip', step.where)} link delete dev ${word(step.ifname)}`];
    case 'links.group': return step.links.map(({ ifname }) => `ip link set dev ${word(ifname)} group ${step.group}`);
    case 'links.delete': return [`ip link delete group ${step.group}`];
    case 'address.add': return [`${inside('ip', step.where)} address add ${step.address}${step.address.includes(':') ? '' : ' broadcast +'} dev ${word(step.ifname)}${step.address.includes(':') ? ' nodad' : ''}`];
    case 'address.delete': return [`${inside('ip', step.where)} address delete ${step.address} dev ${word(step.ifname)}`];
    case 'route.add': case 'route.delete': {
      const { dst, gateway, dev, family } = step.route;
      return [`${inside('ip', step.where)}${family === 'inet6' ? ' -6' : ''} route ${step.op === 'route.add' ? 'add' : 'delete'} ${dst}${gateway === undefined ? '' : ` via ${gateway}`}${dev === undefined ? '' : ` dev ${word(String(dev))}`}`];
    }
    case 'entries.add': return step.entries.flatMap(({ ip, mac, via }) => [`bridge fdb add ${mac} dev ${word(step.ifname)} dst ${via}`, `ip neighbour replace ${ip} lladdr ${mac} dev ${word(step.ifname)}`]);
    case 'entries.delete': return step.entries.flatMap(({ ip, mac, via }) => [`bridge fdb delete ${mac} dev ${word(step.ifname)} dst ${via}`, `ip neighbour delete ${ip} dev ${word(step.ifname)}`]);
    case 'sysctl': return step.values.map(([key, value]) => `${inside('sysctl', step.where)} -w ${word(`${key.replaceAll('.', '\0').replaceAll('/', '.').replaceAll('\0', '/')}=${value}`)}`);
    case 'firewall': return rulesetLines(step.ruleset);
    case 'ports': { const change = elementChanges(step); return [...elementLines(change).map((line) => `nft ${word(line)}`), ...flowLines(change)]; }
    case 'flows': return flowLines({ gone: step.gone, made: [] });
    case 'record.write': return [`# write ${step.path}`];
    case 'record.delete': return [`# delete ${step.path}`];
    case 'hosts': return step.hosts.map(({ address, names }) => `# hosts of ${step.network}: ${address} ${names.join(' ')}`);
    case 'pool.make': return [`# pool ${step.folder}`];
    case 'pool.drop': return [`# drop pool ${step.folder}`];
    case 'pool.reserve': return [`# reserve ${step.address} for ${step.holder.id}`];
    case 'pool.release': return [`# release what ${step.holder.id} has`];
  }
}
