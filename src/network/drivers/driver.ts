/** What differs from driver to driver: which links a network has in the host, and how a container is plugged in. */
import type { Link } from '../../families/route/index.ts';
import type { LinkInput } from '../../route/index.ts';
import { NetworkError } from '../error.ts';
import type { Mark } from '../mark.ts';
import type { Observed } from '../observed.ts';
import type { Network } from '../spec.ts';

export type Named = LinkInput & { readonly ifname: string };

/** Where an address of an overlay is: whose hardware address, behind which host. */
export interface Entry { readonly ip: string; readonly mac: string; readonly via: string }
/** A link of a network's in the host. */
export interface HostLink {
  readonly link: Named;
  readonly mark: Mark;
  /** 'ADDRESS/LENGTH' of this host on it. */
  readonly addresses: readonly string[];
  /** What is set once it is there. */
  readonly settings?: LinkInput;
  /** Under /proc/sys, once it is there; they go with it. */
  readonly sysctls?: readonly (readonly [key: string, value: string])[];
  readonly entries?: readonly Entry[];
  /** Other networks may use it as well: it stays while they do. */
  readonly shared?: true;
}
/** What a container's plug is made from. */
export interface Plug {
  readonly network: Network;
  readonly container: string;
  readonly ifname: string;
  /** Absent: the driver has none to give. */
  readonly mac: string | undefined;
  readonly hairpin: boolean;
  readonly seen: Observed;
}
/** How a port of a bridge is set: hairpin, and isolation (IFLA_BRPORT_MODE, IFLA_BRPORT_ISOLATED). */
export interface PortFlags { readonly mode: 0 | 1; readonly isolated: 0 | 1 }
/** The same as a request; the kernel takes it of a link that is a port already. */
export const portSettings = (flags: PortFlags): LinkInput => ({ up: true, linkinfo: { slaveKind: 'bridge', slaveData: flags } as LinkInput['linkinfo'] & {} });
export interface Endpoint {
  /** The link to make; the end that a container gets is born in its namespace. */
  readonly link: Named;
  /** Of the end in the host. Absent: there is none. */
  readonly port?: { readonly ifname: string; readonly mark: Mark; readonly bridge: string; readonly flags: PortFlags };
  /** Of the end in the container. */
  readonly mark: Mark;
}
export interface Driver {
  links(network: Network, seen: Observed): HostLink[];
  endpoint(plug: Plug): Endpoint;
  /** The link in the host that containers are plugged into, which is all that an endpoint depends on. */
  socket(network: Network): string;
  /** Whether this host is the way out. */
  readonly routes: boolean;
  /** Whether containers have hardware addresses of their own. */
  ownMac(network: Network): boolean;
  /** How a container reaches what is outside its subnet. */
  way(network: Network): 'gateway' | 'link';
}

const named = new WeakMap<readonly Link[], ReadonlyMap<string, Link>>();
export function findLink({ links }: Pick<Observed, 'links'>, ifname: string): Link | undefined {
  let known = named.get(links);
  if (!known) named.set(links, known = new Map(links.map((link) => [link.ifname as string, link])));
  return known.get(ifname);
}

/** The link below. @throws {NetworkError} NOT_FOUND, CONFLICT */
export function parentLink(seen: Observed, network: Network): Link {
  const name = network.parent as string, link = findLink(seen, name);
  if (!link) throw new NetworkError('NOT_FOUND', `there is no link "${name}" to be the parent of ${network.name}`, 'ip link lists them');
  return usable(link, seen);
}
/** @throws {NetworkError} CONFLICT */
export function usable(link: Link, seen: Observed): Link {
  if (link.master) throw new NetworkError('CONFLICT', `${link.ifname} is a port of ${seen.links.find((other) => other.index === link.master)?.ifname ?? link.master}: a link has one receive handler`, 'take that one as parent, or release the port');
  if (!link.flags.includes('up')) throw new NetworkError('CONFLICT', `the parent ${link.ifname} is down`, `ip link set ${link.ifname} up`);
  return link;
}
