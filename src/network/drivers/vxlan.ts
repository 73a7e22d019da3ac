/**
 * One network over several hosts: a bridge on each, joined by VXLAN. Who is where is known beforehand: each host hands out its own
 * part of the subnet, and a MAC follows from its address. So the tables are static, and nothing is flooded or learned.
 */
import { invalid, NetworkError } from '../error.ts';
import { BITS, contains, ipText, lastOf, overlap, parseIp, parseSubnet, sizeOf, subnetText, type Subnet } from '../ipam/index.ts';
import { linkName, macFor, macOf, markOf } from '../names.ts';
import type { Observed } from '../observed.ts';
import type { Network } from '../spec.ts';
import { bridgeLink, bridgeName, cable } from './bridge.ts';
import { findLink, type Driver, type Endpoint, type Entry, type HostLink, type Plug } from './driver.ts';

/** What the outer headers take: Ethernet, IP, UDP, VXLAN. */
const OVERHEAD = { inet: 50, inet6: 70 } as const;
/** More entries than this are no longer a table to write down. */
const MOST = 4096n;

/** Each host's part of the subnet: as declared, or equal parts in the order of the hosts' addresses. @throws {NetworkError} INVALID */
export function shares({ name, subnets: [first], peers = [], local }: Network): { local: string; peers: { address: string; range: string }[] } {
  if (!first) throw invalid(`${name} has no subnet`);
  const subnet = parseSubnet(first.subnet), declared = peers.filter((peer) => peer.range !== undefined).length;
  if (declared > 0 || first.range !== undefined) {
    if (declared < peers.length || first.range === undefined) throw invalid('either every host has its range, or none', '--ip-range RANGE for this host, --peer ADDRESS=RANGE for the others; without any, the subnet is shared in equal parts');
    const ranges = [first.range, ...peers.map((peer) => peer.range as string)].map(parseSubnet);
    for (const [n, range] of ranges.entries()) {
      if (!contains(subnet, { family: range.family, value: range.base }) || range.length < subnet.length) throw invalid(`the range ${subnetText(range)} is not in ${first.subnet}`);
      const other = ranges.slice(0, n).find((before) => overlap(before, range));
      if (other) throw invalid(`ranges ${subnetText(other)} and ${subnetText(range)} overlap`);
    }
    return { local: first.range, peers: peers as { address: string; range: string }[] };
  }
  const hosts = [local as string, ...peers.map((peer) => peer.address)].sort((a, b) => (parseIp(a).value < parseIp(b).value ? -1 : 1));
  const length = subnet.length + Math.ceil(Math.log2(hosts.length));
  if (BITS[subnet.family] - length < 2) throw invalid(`${first.subnet} is too small to be shared by ${hosts.length} hosts`);
  const part = (address: string): string => subnetText({ ...subnet, base: subnet.base + (BigInt(hosts.indexOf(address)) << BigInt(BITS[subnet.family] - length)), length });
  return { local: part(local as string), peers: peers.map(({ address }) => ({ address, range: part(address) })) };
}

/** Where each address of the other hosts is. @throws {NetworkError} INVALID */
export function entriesOf(network: Network): Entry[] {
  const first = network.subnets[0], { peers } = shares(network), whole = parseSubnet((first as { subnet: string }).subnet), ranges = peers.map(({ address, range }) => ({ via: address, range: parseSubnet(range) }));
  const total = ranges.reduce((sum, { range }) => sum + sizeOf(range), 0n);
  if (total > MOST) throw invalid(`the other hosts' parts of ${subnetText(whole)} have ${total} addresses, and each is an entry: at most ${MOST}`, 'take a smaller subnet, or smaller ranges');
  return ranges.flatMap(({ via, range }) => hostsOf(range, whole).filter((ip) => ip !== first?.gateway).map((ip) => ({ ip, mac: macOf(ip), via })));
}
function hostsOf(range: Subnet, whole: Subnet): string[] {
  const all: string[] = [];
  for (let value = range.base; value <= lastOf(range); value++) if (value !== whole.base && value !== lastOf(whole)) all.push(ipText(range.family, value));
  return all;
}

/** The MTU that is left in the tunnel. @throws {NetworkError} NOT_FOUND when the host has no such address */
function mtuOf(network: Network, seen: Observed): number {
  const local = network.local as string, address = seen.addresses.find((one) => (one.local ?? one.address) === local), below = seen.links.find((link) => link.index === address?.index);
  if (!address || !below) throw new NetworkError('NOT_FOUND', `this host has no address ${local}`, 'ip address lists them');
  const room = (below.mtu ?? 1500) - OVERHEAD[parseIp(local).family];
  if (network.mtu !== undefined && network.mtu > room) throw invalid(`an MTU of ${network.mtu} does not fit through ${below.ifname}`, `at most ${room}`);
  return network.mtu ?? room;
}

function links(network: Network, seen: Observed): HostLink[] {
  const mtu = mtuOf(network, seen), { vni: id, local, port } = network, ifname = linkName('vx', network.name), address = macFor(ifname), own = parseIp(local as string).family === 'inet' ? { local } : { local6: local };
  return [bridgeLink(network, mtu), {
    link: { ifname, address, mtu, linkinfo: { kind: 'vxlan', data: { id, ...own, port: port ?? 4789, learning: 0, proxy: 1 } as never } },
    mark: { kind: 'vxlan', alias: markOf(network.name), address }, addresses: [], settings: { master: bridgeName(network), up: true }, entries: entriesOf(network),
  }];
}
/** The bridge was made with the MTU that fits. */
const endpoint = (plug: Plug): Endpoint => cable(plug, plug.network.mtu ?? findLink(plug.seen, bridgeName(plug.network))?.mtu ?? mtuOf(plug.network, plug.seen));

export const vxlan: Driver = { links, endpoint, socket: bridgeName, routes: true, ownMac: () => true, way: () => 'gateway' };
