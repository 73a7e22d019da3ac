/** Each container has an interface of its own, with a MAC of its own, on the network that the parent is in. */
import { markOf } from '../names.ts';
import { findLink, type Driver, type Endpoint, type Plug } from './driver.ts';
import { parentLinks } from './parent.ts';

/** In passthru mode the parent's own address is used. */
const ownMac = ({ mode }: { mode?: string }): boolean => mode !== 'passthru';

function endpoint({ network, container, ifname, mac, seen }: Plug): Endpoint {
  const alias = markOf(network.name, container), parent = network.parent as string, below = findLink(seen, parent)?.index;
  return {
    link: { ifname, link: parent, ...(mac !== undefined && { address: mac }), ...(network.mtu !== undefined && { mtu: network.mtu }), linkinfo: { kind: 'macvlan', data: { mode: network.mode as 'bridge' } } },
    mark: { kind: 'macvlan', alias, ...(mac !== undefined ? { address: mac } : below !== undefined && { below }) },
  };
}
export const macvlan: Driver = { links: parentLinks, endpoint, socket: ({ parent }) => parent as string, routes: false, ownMac, way: () => 'gateway' };
