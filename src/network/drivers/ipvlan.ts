/** Containers share the parent's MAC: by switching (l2), or by routing (l3, l3s), where the link itself is the way out. */
import { markOf } from '../names.ts';
import { findLink, type Driver, type Endpoint, type Plug } from './driver.ts';
import { parentLinks } from './parent.ts';

function endpoint({ network, container, ifname, seen }: Plug): Endpoint {
  const parent = network.parent as string, below = findLink(seen, parent)?.index;
  return {
    link: { ifname, link: parent, ...(network.mtu !== undefined && { mtu: network.mtu }), linkinfo: { kind: 'ipvlan', data: { mode: network.mode as 'l2' } } },
    mark: { kind: 'ipvlan', alias: markOf(network.name, container), ...(below !== undefined && { below }) },
  };
}
export const ipvlan: Driver = { links: parentLinks, endpoint, socket: ({ parent }) => parent as string, routes: false, ownMac: () => false, way: ({ mode }) => (mode === 'l2' ? 'gateway' : 'link') };
