/** Steps that plug a container into a network, and take it out. Pure. */
import { NetworkError } from './error.ts';
import { drivers, findLink, portSettings, shares, type Endpoint } from './drivers/index.ts';
import { contains, parseIp, parseSubnet, type Holder } from './ipam/index.ts';
import { bare, groupOf, macFor, macOf, markOf, portName } from './names.ts';
import type { Mark } from './mark.ts';
import type { Observed } from './observed.ts';
import type { Where } from './operation.ts';
import { attachmentSteps, portsStep, type Scene } from './plan.ts';
import { clash, publishText } from './publish.ts';
import type { Container, Network } from './spec.ts';
import type { Planned, Step } from './steps.ts';
import { attachmentIn, attachmentPath, poolPath, type Attachment, type Record } from './store.ts';
import { wayOut } from './way.ts';

/** What a container's plan is made from, beside the scene. */
export interface Guest {
  readonly container: Container;
  readonly where: Where;
  /** Its namespace. */
  readonly inside: Observed;
  /** Addresses to reserve; `set` is absent of one that was asked for. */
  readonly addresses: readonly { readonly address: string; readonly set?: string }[];
}

/** @throws {NetworkError} EXISTS, CONFLICT, INVALID */
export function assertAttachable(scene: Scene, record: Record, container: Container): void {
  const { network } = record;
  if (attachmentIn(record, container.name)) throw new NetworkError('EXISTS', `${container.name} is attached to ${network.name} already`, `nlkit net detach ${network.name} ${container.name}`);
  if (network.driver === 'vxlan') assertOwn(network, container);
  assertPublishable(scene, record, container);
}
/** The other hosts know beforehand what is where, and which hardware address it has. @throws {NetworkError} CONFLICT, INVALID */
function assertOwn(network: Network, { ips: [ip], mac }: Container): void {
  const { local, peers } = shares(network), within = (range: string): boolean => ip !== undefined && contains(parseSubnet(range), parseIp(ip)), other = peers.find(({ range }) => within(range));
  if (ip !== undefined && !within(local)) throw new NetworkError('CONFLICT', `${ip} is ${other ? `of the host ${other.address}` : 'of no host'} in ${network.name}: this host's part is ${local}`, 'take an address of that part, or attach it there');
  if (mac !== undefined && mac !== (ip === undefined ? undefined : macOf(ip))) throw new NetworkError('INVALID', `the hardware address ${mac} is not known to the other hosts of ${network.name}`, ip === undefined ? 'leave the MAC out: it follows from the address' : `leave the MAC out: ${macOf(ip)} follows from ${ip}`);
}
/** Whether the ports are free, but for the container's own. @throws {NetworkError} CONFLICT */
export function assertPublishable({ records }: Scene, { network }: Record, container: Pick<Container, 'name' | 'publish'>): void {
  for (const one of container.publish) for (const [, other] of records) for (const [name, { publish }] of Object.entries(other.containers)) {
    if (other.network.name === network.name && name === container.name) continue;
    const taken = publish.find((theirs) => clash(one, theirs));
    if (taken) throw new NetworkError('CONFLICT', `port ${publishText(one)} is published already: ${publishText(taken)} of ${name} in ${other.network.name}`, 'take another host port');
  }
}

/** The interface's name in the container. @throws {NetworkError} CONFLICT */
export function innerName(wanted: string | undefined, inside: Observed): string {
  const taken = (name: string): boolean => findLink(inside, name) !== undefined;
  if (wanted !== undefined) {
    if (taken(wanted)) throw new NetworkError('CONFLICT', `the container has an interface "${wanted}" already`, 'name another: --ifname');
    return wanted;
  }
  for (let n = 0; ; n++) if (!taken(`eth${n}`)) return `eth${n}`;
}

/** Steps to a container in a network. @throws {NetworkError} */
export function planAttach(scene: Scene, record: Record, guest: Guest): { steps: Planned[]; record: Record; attachment: Attachment } {
  assertAttachable(scene, record, guest.container);
  return plug(scene, record, guest);
}

function plug({ state, seen }: Scene, record: Record, { container, where, inside, addresses }: Guest): { steps: Planned[]; record: Record; attachment: Attachment } {
  const { network } = record, driver = drivers[network.driver], { name } = container, ifname = innerName(container.ifname, inside), folder = poolPath(state, network.name), holder = { id: name, ifname };
  for (const { subnet } of network.subnets) {
    const there = inside.addresses.find(({ local, address }) => { const text = local ?? address; return text !== undefined && contains(parseSubnet(subnet), parseIp(text)); });
    if (there) throw new NetworkError('CONFLICT', `the container has ${there.local ?? there.address} of ${subnet} already`, 'it may be attached under another name');
  }
  const mac = macIn(network, container, addresses[0]?.address);
  const { link, port, mark } = driver.endpoint({ network, container: name, ifname, mac, hairpin: network.hairpin === true || container.publish.length > 0, seen });
  const full = addresses.map(({ address }) => withLength(network, address));
  const attachment: Attachment = { namespace: where, ifname, ...(port && { port: port.ifname }), ...(mac !== undefined && { mac }), addresses: full, publish: container.publish, aliases: container.aliases };
  const after: Record = { ...record, containers: { ...record.containers, [name]: attachment } }, alias = markOf(network.name, name);
  const steps: Planned[] = reserveSteps(folder, holder, addresses);
  steps.push(...attachmentSteps(state, record, name, attachment));
  steps.push({ do: { op: 'link.add', link, into: where }, undo: port ? { op: 'link.delete', ifname: port.ifname, mark: port.mark } : { op: 'link.delete', ifname, mark, where } });
  if (port) steps.push(...portSteps(port, alias));
  steps.push({ do: { op: 'link.set', ifname, set: { ifalias: alias }, where } });
  for (const address of full) steps.push({ do: { op: 'address.add', ifname, address, where } });
  steps.push({ do: { op: 'link.set', ifname, set: { up: true }, where } }, ...wayOut(network, ifname, inside, where).map((step) => ({ do: step })));
  steps.push(...portsStep(network.name, name, undefined, attachment));
  return { steps, record: after, attachment };
}
export const reserveSteps = (folder: string, holder: Holder, addresses: Guest['addresses']): Planned[] =>
  addresses.map(({ address, set }) => ({ do: { op: 'pool.reserve', folder, address, holder, ...(set !== undefined && { set }) }, undo: { op: 'pool.release', folder, holder, addresses: [address] } }));
/** What a port is, once it is there. It has no address: with one of its own it would listen to all that is flooded, and ask for others. */
export const portSteps = ({ ifname, flags }: NonNullable<Endpoint['port']>, alias: string): Planned[] => [
  { do: { op: 'link.set', ifname, set: { ifalias: alias } } }, { do: { op: 'sysctl', values: [[`net/ipv6/conf/${ifname}/disable_ipv6`, '1']], lax: true } }, { do: { op: 'link.set', ifname, set: portSettings(flags) } },
];
const subnetWith = (network: Network, address: string) => network.subnets.find(({ subnet }) => contains(parseSubnet(subnet), parseIp(address)));
/** 'ADDRESS/LENGTH', with its subnet's length. */
export const withLength = (network: Network, address: string): string => `${address}/${parseSubnet((subnetWith(network, address) as { subnet: string }).subnet).length}`;
/** The hardware address of a container with this first address; undefined where the driver has none to give. */
export const macIn = (network: Network, { name, mac }: Container, first: string | undefined): string | undefined =>
  (drivers[network.driver].ownMac(network) ? mac ?? (first === undefined ? macFor(`${network.name}:${name}`) : macOf(first)) : undefined);

/** Steps that leave nothing of some containers in a network. They cannot be taken back, only finished. @throws {NetworkError} NOT_FOUND */
export function planDetach({ state }: Pick<Scene, 'state'>, record: Record, names: readonly string[]): { steps: Step[]; record: Record } {
  const { network } = record, gone = names.map((name) => [name, there(record, name)] as const), left = new Set(names);
  return {
    steps: [...gone.flatMap(([name, one]) => portsStep(network.name, name, one, undefined).map(({ do: step }) => step)), ...unplugged(state, network, gone)],
    record: { ...record, containers: Object.fromEntries(Object.entries(record.containers).filter(([name]) => !left.has(name))) },
  };
}
function there(record: Record, name: string): Attachment {
  const gone = attachmentIn(record, name), { network } = record;
  if (!gone) throw new NetworkError('NOT_FOUND', `${name} is not attached to ${network.name}`, Object.keys(record.containers).length > 0 ? `attached are ${Object.keys(record.containers).slice(0, 8).join(', ')}` : 'nothing is');
  return gone;
}
/** All but the firewall's part of it. */
export function unplugged(state: string, network: Network, gone: readonly (readonly [name: string, Attachment])[]): Step[] {
  const named = gone.flatMap(([name, { lent }]) => (lent ? [] : [name]));
  return [
    ...deletions(network.name, gone.map(([name, one]) => linkOf(network, name, one))),
    ...gone.map(([id, { ifname, addresses }]): Step => ({ op: 'pool.release', folder: poolPath(state, network.name), holder: { id, ifname }, addresses: addresses.map(bare) })),
    ...(named.length > 0 ? [{ op: 'hosts', network: network.name, container: named, hosts: [] } as const] : []),
    ...gone.map(([name]): Step => ({ op: 'record.delete', path: attachmentPath(state, network.name, name) })),
  ];
}
type Deletion = Step & { op: 'link.delete' };
/** Up to so many links are deleted one by one. */
const FEW = 2;
/** Those of the host's go together where they are many. @param what tells the group from others' */
export function deletions(what: string, all: readonly Deletion[]): Step[] {
  const here = all.filter(({ where }) => !where), links = here.map(({ ifname, mark }) => ({ ifname, mark })), group = groupOf(what);
  return here.length <= FEW ? [...all] : [{ op: 'links.group', group, links }, { op: 'links.delete', group, links }, ...all.filter(({ where }) => where)];
}
function linkOf(network: Network, name: string, { port, ifname, mac, namespace, lent }: Attachment): Deletion {
  const alias = markOf(network.name, name), mark: Mark = { kind: port === undefined ? network.driver : 'veth', alias, ...(port !== undefined ? { address: macFor(portName(network.name, name)) } : mac !== undefined && { address: mac }) };
  return port !== undefined ? { op: 'link.delete', ifname: port, mark } : { op: 'link.delete', ifname, mark, ...(!lent && { where: namespace }) };
}
