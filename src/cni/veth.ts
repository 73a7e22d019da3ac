/** A veth pair between the host and the container. */
import type { Link } from '../families/route/index.ts';
import { veth } from '../route/index.ts';
import { interfaceOf, withFreeName } from './link.ts';
import { setAll, type Side, type Undo } from './side.ts';

export interface Pair { readonly host: Link; readonly inner: Link }

/** Makes the pair; the host's end is up, under a name that is free. With a `master` that is a port of it. */
export function makePair(host: Side, inner: Side, ifname: string, { mtu, mac, master }: { mtu: number; mac?: string | undefined; master?: number }, undo: Undo): Pair {
  const common = { ...(mtu > 0 && { mtu }), txqlen: 0 }, named = { ifname, ...common, ...(mac !== undefined && { address: mac }) };
  const name = withFreeName((free) => {
    // On one side the peer has the lower index: it is the port, as with the reference plugin.
    host.nl.link.add(inner.fd === undefined ? veth(ifname, { peer: { ifname: free, ...common } }, named) : veth(free, { peer: { ...named, namespace: { fd: inner.fd } } }, common));
    return free;
  }, () => (inner.find(ifname) ? ifname : undefined));
  undo.push(() => host.drop(name));
  setAll([[`ipv6/conf/${name}/accept_ra`, '0']]);
  host.nl.link.set(name, { up: true, ...(master !== undefined && { master }) });
  return { host: host.nl.link.get(name), inner: inner.nl.link.get(ifname) };
}
export const pairInterfaces = (pair: Pair, netns: string) => [interfaceOf(pair.host), interfaceOf(pair.inner, netns)];
