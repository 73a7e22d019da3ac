/** Neighbours and forwarding entries by interface name: what `ip neigh` and `bridge fdb` do. */
import { checkKeys, type Keys } from '../codec/index.ts';
import { route, type Neighbour } from '../families/route/index.ts';
import { checkObject, deviceIndex, type Device } from './names.ts';
import type { Listed, Selectable } from './objects.ts';
import { familyOf } from './prefix.ts';
import { ask, type Plan } from './plan.ts';

/** A neighbour as you describe it. */
export interface NeighbourInput {
  dev: Device;
  /** Its IP address. */
  dst: string;
  /** Its link-layer address; a proxy entry has none. */
  lladdr?: string;
  /** Default ['permanent']. */
  state?: Neighbour['state'];
  /** ['proxy'], ['router'] ... */
  flags?: Neighbour['flags'];
}
/** An entry in the forwarding table of a bridge or a VXLAN. */
export interface FdbInput {
  /** The bridge's port, or the VXLAN. */
  dev: Device;
  lladdr: string;
  vlan?: number;
  /** Of a VXLAN: the remote tunnel end. */
  dst?: string;
  /** Of a VXLAN: the network identifier there. */
  vni?: number;
  /** Of a VXLAN: the UDP port there. */
  port?: number;
  /** Default ['permanent', 'noarp']: never forgotten, an address of this machine. */
  state?: Neighbour['state'];
  /** Default ['self'], the device's own table; ['master'] is that of the bridge it is a port of. */
  flags?: Neighbour['flags'];
}
/** Which neighbours; the kernel filters. */
export interface NeighbourFilter {
  readonly dev?: Device;
  /** Those on the ports of this bridge or VRF. */
  readonly master?: Device;
  /** 'bridge' lists forwarding tables. Default: neighbours of IPv4 and IPv6. */
  readonly family?: 'inet' | 'inet6' | 'bridge';
  /** Decode only these keys. */
  readonly select?: readonly Selectable<Neighbour>[];
}

const inputKeys: Keys<NeighbourInput> = { dev: 1, dst: 1, lladdr: 1, state: 1, flags: 1 };
const fdbKeys: Keys<FdbInput> = { dev: 1, lladdr: 1, vlan: 1, dst: 1, vni: 1, port: 1, state: 1, flags: 1 };
const filterKeys: Keys<NeighbourFilter> = { dev: 1, master: 1, family: 1, select: 1 };

/** What a listing gave, for a request: what only the kernel says is left out. */
function again({ cacheinfo: _cacheinfo, probes: _probes, ...body }: Neighbour): Record<string, unknown> { return body; }

function* bodyOf(input: NeighbourInput | Neighbour): Plan<Record<string, unknown>> {
  checkObject(input, "a neighbour is described by an object, { dev: 'eth0', dst: '10.0.0.2', lladdr: '02:00:00:00:00:02' }");
  if ('ifindex' in input) return again(input);
  checkKeys(input, inputKeys, 'a neighbour');
  const { dev, dst, lladdr, state = ['permanent'], flags = [] } = input;
  return { family: familyOf(dst), ifindex: yield* deviceIndex(dev), state, flags, dst, ...(lladdr !== undefined && { lladdr }) };
}
/** Adds a neighbour, described or as a listing gave it. @throws {NetlinkError} EEXIST */
export function* add(input: NeighbourInput | Neighbour): Plan<void> { yield* ask({ message: route.messages.newneigh, flags: ['create', 'excl'], body: yield* bodyOf(input) }); }
/** Adds it, or changes the one with its address. @throws {NetlinkError} */
export function* replace(input: NeighbourInput | Neighbour): Plan<void> { yield* ask({ message: route.messages.newneigh, flags: ['create', 'replace'], body: yield* bodyOf(input) }); }
/** Forgets a neighbour. @throws {NetlinkError} ENOENT */
export function* remove(input: Pick<NeighbourInput, 'dev' | 'dst' | 'flags'> | Neighbour): Plan<void> { yield* ask({ message: route.messages.delneigh, body: yield* bodyOf(input) }); }

function* fdbBody(input: FdbInput | Neighbour): Plan<Record<string, unknown>> {
  checkObject(input, "an entry of a forwarding table is described by an object, { dev: 'veth0', lladdr: '02:00:00:00:00:02' }");
  if ('ifindex' in input) return again(input);
  checkKeys(input, fdbKeys, 'an entry of a forwarding table');
  const { dev, lladdr, vlan, dst, vni, port, state = ['permanent', 'noarp'], flags = ['self'] } = input;
  return { family: 'bridge', ifindex: yield* deviceIndex(dev), state, flags, lladdr, ...(dst !== undefined && { dst }), ...(vlan !== undefined && { vlan }), ...(vni !== undefined && { vni }), ...(port !== undefined && { port }) };
}
/** Adds an entry to a bridge's (`flags: ['master']`) or a VXLAN's (`['self']`) forwarding table. @throws {NetlinkError} EEXIST */
export function* addFdb(input: FdbInput | Neighbour): Plan<void> { yield* ask({ message: route.messages.newneigh, flags: ['create', 'excl'], body: yield* fdbBody(input) }); }
/** Adds one more remote end for an address of a VXLAN. @throws {NetlinkError} */
export function* appendFdb(input: FdbInput | Neighbour): Plan<void> { yield* ask({ message: route.messages.newneigh, flags: ['create', 'append'], body: yield* fdbBody(input) }); }
/** Takes an entry away. @throws {NetlinkError} ENOENT */
export function* removeFdb(input: FdbInput | Neighbour): Plan<void> { yield* ask({ message: route.messages.delneigh, body: yield* fdbBody(input) }); }

/** Neighbours of IPv4 and IPv6, or, by family 'bridge', forwarding entries. */
export function* list(filter: NeighbourFilter = {}): Plan<Listed<Neighbour>> {
  checkKeys(filter, filterKeys, 'a filter of neighbours');
  const body: Record<string, unknown> = { family: filter.family ?? 'unspec' }, dev = filter.dev === undefined ? undefined : yield* deviceIndex(filter.dev);
  if (dev !== undefined) { if (filter.family === 'bridge') body['ifindex'] = dev; else body['viaIfindex'] = dev; }
  if (filter.master !== undefined) body['master'] = yield* deviceIndex(filter.master);
  return { request: { message: route.messages.getneigh, body }, keep: (n) => dev === undefined || n.ifindex === undefined || n.ifindex === dev, ...(filter.select && { select: filter.select }) };
}
/** Entries of forwarding tables. */
export const listFdb = (filter: Omit<NeighbourFilter, 'family'> = {}): Plan<Listed<Neighbour>> => list({ ...filter, family: 'bridge' });
