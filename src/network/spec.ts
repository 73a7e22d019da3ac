/** Declarations of networks and of containers in them: checked, and brought into one form. Pure. */
import { parseMac } from '../codec/index.ts';
import { NetworkError, invalid } from './error.ts';
import { canonical, contains, ipText, overlap, parseIp, parseSubnet, rangeOf, subnetText, within, type Range } from './ipam/index.ts';
import { parsePublish, publishText, same, type Publish } from './publish.ts';

export const DRIVERS = ['bridge', 'macvlan', 'ipvlan', 'vxlan'] as const;
export type DriverName = (typeof DRIVERS)[number];
/** How the containers on one parent see each other, by driver; the first is the default. */
export const MODES: Readonly<Record<DriverName, readonly string[]>> = { bridge: [], macvlan: ['bridge', 'private', 'vepa', 'passthru'], ipvlan: ['l2', 'l3', 'l3s'], vxlan: [] };
/** The UDP port of VXLAN (IANA). */
const VXLAN_PORT = 4789;

/** One subnet of a network. */
export interface SubnetSpec {
  /** 'ADDRESS/LENGTH'. */
  readonly subnet: string;
  /** Default: the first address. On a bridge it is this host's. */
  readonly gateway?: string;
  /** The part of the subnet that addresses are handed out of. */
  readonly range?: string;
}
/** The other end of an overlay: a host, and the addresses of its containers. */
export interface Peer { readonly address: string; readonly range?: string }
/** A network as it is declared. What is absent gets its default. */
export interface NetworkInput {
  readonly name: string;
  readonly driver?: DriverName;
  /** At most one a family. None: a free one is picked. */
  readonly subnets?: readonly (string | SubnetSpec)[];
  /** A free IPv6 subnet is picked, too, when none is given. */
  readonly ipv6?: boolean;
  readonly mtu?: number;
  /** No way out: no default route, no forwarding. */
  readonly internal?: boolean;
  /** Whether the containers reach each other. Default true. */
  readonly icc?: boolean;
  /** Whether frames may go back out of the port they came in by. */
  readonly hairpin?: boolean;
  /** macvlan, ipvlan: the link below; `eth0.5` is VLAN 5 of eth0, made when it is not there. */
  readonly parent?: string;
  readonly mode?: string;
  /** macvlan, ipvlan: this VLAN of the parent. bridge: the VLAN of all ports. */
  readonly vlan?: number;
  /** vxlan: the identifier, 1 to 16777215. */
  readonly vni?: number;
  /** vxlan: this host's address in the network below. */
  readonly local?: string;
  /** vxlan: the other hosts, 'ADDRESS' or 'ADDRESS=RANGE'. */
  readonly peers?: readonly (string | Peer)[];
  /** vxlan: UDP port, 4789 by default. */
  readonly port?: number;
  /** Addresses that are never handed out. */
  readonly reserved?: readonly string[];
  readonly labels?: Readonly<Record<string, string>>;
}
/** A declaration in its one form. It is a declaration again. */
export interface Network extends NetworkInput {
  readonly driver: DriverName;
  readonly subnets: readonly SubnetSpec[];
  readonly peers?: readonly Peer[];
}

/** The label that names the program that made a network, and takes it away itself: sweeping operations leave it alone. */
export const OWNER = 'nlkit.owner';
export const ownerOf = ({ labels }: NetworkInput): string | undefined => labels?.[OWNER];

/** A container's place in a network, as it is asked for. */
export interface ContainerInput {
  readonly name: string;
  /** Addresses asked for, at most one a family. */
  readonly ips?: readonly string[];
  readonly mac?: string;
  /** Its interface. Default: the first of eth0, eth1 ... that is free. */
  readonly ifname?: string;
  /** Ports, '[ADDRESS:]HOST:CONTAINER[/tcp|udp|sctp]'. */
  readonly publish?: readonly (string | Publish)[];
  /** Other names for it. */
  readonly aliases?: readonly string[];
}
export interface Container extends ContainerInput { readonly ips: readonly string[]; readonly publish: readonly Publish[]; readonly aliases: readonly string[] }

const NAME = /^[A-Za-z0-9][A-Za-z0-9_.-]{0,59}$/;
export const isName = (name: unknown): name is string => typeof name === 'string' && NAME.test(name);
export function checkedName(name: unknown, what: string): string {
  if (!isName(name)) throw invalid(`${JSON.stringify(name)} cannot name a ${what}`, 'letters, digits, "_", "." and "-", at most 60, the first a letter or a digit');
  return name;
}
const utf8 = new TextEncoder();
export function checkedIfname(name: string): string {
  if (!/^[^\s/:]+$/.test(name) || name === '.' || name === '..' || utf8.encode(name).length > 15) throw invalid(`"${name}" cannot name an interface`, '1 to 15 bytes without "/", ":" or white space');
  if (SETTINGS.has(name)) throw invalid(`"${name}" cannot name an interface`, 'the kernel has its settings for all interfaces under that name');
  return name;
}
/** What stands beside interfaces under /proc/sys/net/ipv4/conf. */
const SETTINGS = new Set(['all', 'default']);
/** A TypeError of the address functions is the declaration's. */
function said<T>(read: () => T): T {
  try { return read(); } catch (error) {
    if (error instanceof TypeError) throw invalid(error.message);
    throw error;
  }
}
function integer(value: number | undefined, what: string, low: number, high: number): void {
  if (value !== undefined && !(Number.isInteger(value) && value >= low && value <= high)) throw invalid(`${what} ${value} is out of range`, `between ${low} and ${high}`);
}

/** Addresses that are no one host's, or mean something else on each link. */
const NOBODYS: readonly (readonly [string, string])[] = [
  ['0.0.0.0/8', 'addresses of no network'], ['127.0.0.0/8', 'loopback addresses'], ['224.0.0.0/4', 'multicast addresses'], ['::/96', 'loopback addresses, and those of no network'], ['::ffff:0:0/96', 'IPv4 addresses'], ['fe80::/10', 'link-local addresses'], ['ff00::/8', 'multicast addresses'],
];
function subnetOf(given: string | SubnetSpec): SubnetSpec {
  const { subnet, gateway, range } = typeof given === 'string' ? { subnet: given } as SubnetSpec : given;
  return said(() => {
    const own = rangeOf({ subnet, ...(gateway !== undefined && { gateway }), ...(range !== undefined && within(subnet, range)) });
    const nobodys = NOBODYS.find(([block]) => overlap(parseSubnet(block), own.subnet));
    if (nobodys) throw invalid(`${subnetText(own.subnet)} has ${nobodys[1]}: ${nobodys[0]}`, 'private subnets are 10.0.0.0/8, 172.16.0.0/12, 192.168.0.0/16 and fd00::/8');
    return { subnet: subnetText(own.subnet), gateway: ipText(own.family, own.gateway as bigint), ...(range !== undefined && { range: subnetText(parseSubnet(range)) }) };
  });
}
const familyOfSubnet = (spec: SubnetSpec) => parseSubnet(spec.subnet).family;

function peerOf(given: string | Peer): Peer {
  const [address = '', range] = typeof given === 'string' ? given.split('=') : [given.address, given.range];
  return said(() => ({ address: canonical(address), ...(range !== undefined && { range: subnetText(parseSubnet(range)) }) }));
}

const KEYS = new Set(['name', 'driver', 'subnets', 'ipv6', 'mtu', 'internal', 'icc', 'hairpin', 'parent', 'mode', 'vlan', 'vni', 'local', 'peers', 'port', 'reserved', 'labels', 'containers']);
/** What each driver takes beyond what all take. */
const OWN: Readonly<Record<DriverName, readonly (keyof NetworkInput)[]>> = {
  bridge: ['icc', 'hairpin', 'vlan'], macvlan: ['parent', 'mode', 'vlan'], ipvlan: ['parent', 'mode', 'vlan'], vxlan: ['icc', 'hairpin', 'vni', 'local', 'peers', 'port'],
};
const SPECIAL = new Set<keyof NetworkInput>(Object.values(OWN).flat());

/** @throws {NetworkError} INVALID, saying what is wrong */
export function networkOf(input: NetworkInput): Network {
  const name = checkedName(input.name, 'network'), { driver = 'bridge', parent, mode, vlan, vni, local, internal, icc, hairpin, mtu, ipv6, labels } = input;
  for (const key of Object.keys(input)) if (!KEYS.has(key)) throw invalid(`a network has no "${key}"`, `known are ${[...KEYS].join(', ')}`);
  if (!DRIVERS.includes(driver)) throw invalid(`there is no driver "${driver}"`, `known are ${DRIVERS.join(', ')}`);
  for (const key of SPECIAL) if (input[key] !== undefined && !OWN[driver].includes(key)) throw invalid(`${driver} networks have no ${key}`, `it belongs to ${DRIVERS.filter((other) => OWN[other].includes(key)).join(', ')}`);
  integer(mtu, 'MTU', 68, 65535);
  if (mtu !== undefined && mtu < 1280 && input.subnets?.some((given) => familyOfSubnet(subnetOf(given)) === 'inet6')) throw invalid(`IPv6 needs an MTU of at least 1280, not ${mtu}`);
  integer(vlan, 'VLAN', 1, 4094);
  if (mode !== undefined && !MODES[driver].includes(mode)) throw invalid(`${driver} has no mode "${mode}"`, `known are ${MODES[driver].join(', ')}`);
  const subnets = (input.subnets ?? []).map(subnetOf);
  for (const [n, one] of subnets.entries()) {
    const other = subnets.slice(0, n).find((before) => familyOfSubnet(before) === familyOfSubnet(one));
    if (other) throw invalid(overlap(parseSubnet(other.subnet), parseSubnet(one.subnet)) ? `subnets ${other.subnet} and ${one.subnet} overlap` : `two subnets of one family: ${other.subnet} and ${one.subnet}`, 'a network has at most one IPv4 and one IPv6 subnet');
  }
  const reserved = (input.reserved ?? []).map((address) => said(() => canonical(address)));
  for (const address of reserved) if (!subnets.some(({ subnet }) => contains(parseSubnet(subnet), parseIp(address)))) throw invalid(`the reserved address ${address} is in none of the subnets`);
  if (labels) for (const [key, value] of Object.entries(labels)) if (key === '' || typeof value !== 'string') throw invalid(`label "${key}" has no text`);
  return {
    name, driver, subnets,
    ...(ipv6 && { ipv6 }), ...(mtu !== undefined && { mtu }), ...(internal && { internal }), ...(icc === false && { icc }), ...(hairpin && { hairpin }),
    ...((driver === 'macvlan' || driver === 'ipvlan') && { parent: parentOf(driver, parent, vlan), mode: mode ?? MODES[driver][0] as string }),
    ...(driver === 'bridge' && vlan !== undefined && { vlan }), ...(driver === 'vxlan' && overlayOf(vni, local, input.peers, input.port)),
    ...(reserved.length > 0 && { reserved }), ...(labels && Object.keys(labels).length > 0 && { labels }),
  };
}

function parentOf(driver: DriverName, parent: string | undefined, vlan: number | undefined): string {
  if (parent === undefined) throw invalid(`a ${driver} network needs a parent`, '--parent LINK: the link it is stacked on');
  const name = vlan === undefined ? parent : `${parent}.${vlan}`;
  const tagged = vlanOf(checkedIfname(name));
  if (tagged && (tagged.id < 1 || tagged.id > 4094)) throw invalid(`VLAN ${tagged.id} is out of range`, 'between 1 and 4094');
  return name;
}
/** `eth0.5` is VLAN 5 of eth0. */
export function vlanOf(parent: string): { link: string; id: number } | undefined {
  const [, link, id] = /^(.+)\.(\d{1,4})$/.exec(parent) ?? [];
  return link === undefined ? undefined : { link, id: Number(id) };
}

function overlayOf(vni: number | undefined, local: string | undefined, given: NetworkInput['peers'], port: number = VXLAN_PORT): Pick<Network, 'vni' | 'local' | 'peers' | 'port'> {
  if (vni === undefined) throw invalid('a vxlan network needs an identifier', '--vni NUMBER');
  integer(vni, 'VNI', 1, 0xffffff);
  integer(port, 'UDP port', 1, 0xffff);
  if (local === undefined) throw invalid('a vxlan network needs this host\'s address', '--local ADDRESS');
  const own = said(() => parseIp(local)), peers = (given ?? []).map(peerOf);
  for (const [n, { address }] of peers.entries()) {
    if (parseIp(address).family !== own.family) throw invalid(`${local} and ${address} are of different families`);
    if (address === canonical(local)) throw invalid(`${address} is this host: it is not its own peer`);
    if (peers.slice(0, n).some((other) => other.address === address)) throw invalid(`peer ${address} is given twice`);
  }
  return { vni, local: canonical(local), ...(peers.length > 0 && { peers }), ...(port !== VXLAN_PORT && { port }) };
}

/** @throws {NetworkError} INVALID */
export function containerOf(input: ContainerInput, network: Network): Container {
  const name = checkedName(input.name, 'container'), { mac, ifname, aliases = [] } = input;
  if (ifname !== undefined) checkedIfname(ifname);
  if (mac !== undefined) {
    const bytes = parseMac(mac);
    if (bytes?.length !== 6) throw invalid(`"${mac}" is not a hardware address`, 'six bytes in hexadecimal: 02:00:00:00:00:01');
    if ((bytes[0] as number) & 1 || bytes.every((byte) => byte === 0)) throw invalid(`"${mac}" is not one host's hardware address`, 'the lowest bit of the first byte means a group');
    if (network.driver === 'ipvlan' || network.mode === 'passthru') throw invalid(`in ${network.driver} ${network.mode} all share the parent's hardware address`, 'leave the MAC out');
  }
  const ips = (input.ips ?? []).map((ip) => said(() => canonical(ip)));
  for (const ip of ips) if (!network.subnets.some(({ subnet }) => contains(parseSubnet(subnet), parseIp(ip)))) throw invalid(`${ip} is in none of the subnets of ${network.name}`, network.subnets.map(({ subnet }) => subnet).join(', '));
  if (ips.length > network.subnets.length || new Set(ips.map((ip) => parseIp(ip).family)).size < ips.length) throw invalid('more than one address of a family');
  for (const alias of aliases) checkedName(alias, 'container');
  const publish = (input.publish ?? []).map((one) => (typeof one === 'string' ? parsePublish(one) : one));
  if (publish.length > 0 && network.driver !== 'bridge' && network.driver !== 'vxlan') throw new NetworkError('INVALID', `${network.driver} networks publish no ports`, 'their containers are on the network outside themselves');
  for (const [n, one] of publish.entries()) {
    const other = publish.slice(0, n).find((before) => same(before, one));
    if (other) throw invalid(`port ${publishText(one)} is published twice: ${publishText(other)}`, 'take another host port');
  }
  return { name, ips, ...(mac !== undefined && { mac: mac.toLowerCase() }), ...(ifname !== undefined && { ifname }), publish, aliases };
}

/** The same, of a container that is declared here: what could never be reached is refused. @throws {NetworkError} INVALID */
export function declaredIn(network: Network, input: ContainerInput): Container {
  const container = containerOf(input, network), families = network.subnets.map(familyOfSubnet);
  for (const one of container.publish) {
    const family = one.hostAddress === undefined ? undefined : parseIp(one.hostAddress).family;
    if (family && !families.includes(family)) throw invalid(`port ${publishText(one)} leads nowhere: ${network.name} has no ${family === 'inet' ? 'IPv4' : 'IPv6'} subnet`, 'publish it at an address of the other family, or at none: HOST:CONTAINER');
  }
  return container;
}

/** The sets of ranges that a network hands out of: one a subnet. `share` narrows a subnet that has no range of its own. */
export const rangesOf = (network: Network, share?: (subnet: string) => string | undefined): Range[][] => network.subnets.map(({ subnet, gateway, range }) => {
  const part = range ?? share?.(subnet), outside = network.driver === 'ipvlan' && network.mode !== 'l2';
  return [rangeOf({ subnet, gateway: outside ? null : gateway ?? null, ...(part !== undefined && within(subnet, part)) })];
});
