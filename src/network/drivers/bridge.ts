/** A switch of the host's own: each container has a cable (a veth pair) to it, and the host's address on it is the gateway. */
import { parseSubnet } from '../ipam/index.ts';
import { linkName, macFor, macOf, markOf, portName } from '../names.ts';
import type { Network } from '../spec.ts';
import type { Driver, Endpoint, HostLink, Plug } from './driver.ts';

export const bridgeName = ({ name }: Network): string => linkName('nl', name);
const gateways = ({ subnets }: Network): string[] => subnets.map(({ subnet, gateway }) => `${gateway}/${parseSubnet(subnet).length}`);

export function bridgeLink(network: Network, mtu = network.mtu): HostLink {
  const ifname = bridgeName(network), first = network.subnets[0]?.gateway, address = first === undefined ? macFor(network.name) : macOf(first), { vlan } = network;
  return {
    link: { ifname, address, ...(mtu !== undefined && { mtu }), linkinfo: { kind: 'bridge', ...(vlan !== undefined && { data: { vlanFiltering: 1, vlanDefaultPvid: vlan } }) } },
    mark: { kind: 'bridge', alias: markOf(network.name), address }, addresses: gateways(network), settings: { up: true },
    // Published ports are reached through the host's loopback addresses, too.
    ...(network.subnets.some(({ subnet }) => parseSubnet(subnet).family === 'inet') && { sysctls: [[`net/ipv4/conf/${ifname}/route_localnet`, '1']] as const }),
  };
}

/** A cable: one end a port of the bridge, the other born in the container. */
export function cable({ network, container, ifname, mac, hairpin }: Plug, mtu = network.mtu): Endpoint {
  const port = portName(network.name, container), address = macFor(port), alias = markOf(network.name, container), size = mtu === undefined ? {} : { mtu };
  return {
    link: { ifname: port, address, master: bridgeName(network), ...size, linkinfo: { kind: 'veth', data: { peer: { ifname, ...(mac !== undefined && { address: mac }), ...size } } } },
    port: {
      ifname: port, mark: { kind: 'veth', alias, address }, bridge: bridgeName(network), flags: { mode: hairpin ? 1 : 0, isolated: network.icc === false ? 1 : 0 },
    },
    mark: { kind: 'veth', alias, ...(mac !== undefined && { address: mac }) },
  };
}

export const bridge: Driver = { links: (network) => [bridgeLink(network)], endpoint: (plug) => cable(plug), socket: bridgeName, routes: true, ownMac: () => true, way: () => 'gateway' };
