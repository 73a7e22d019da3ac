/** Neighbours and forwarding entries by interface name: what `ip neigh` and `bridge fdb` do. */
import { route, type Neighbour } from '../families/route/index.ts';
import type { Request } from '../socket/index.ts';
import { deviceIndex, type Device } from './names.ts';
import { familyOf } from './prefix.ts';
import { ask, type Plan } from './plan.ts';

export interface NeighbourInput { dev: Device; dst: string; lladdr?: string; state?: Neighbour['state']; flags?: Neighbour['flags'] }
export interface FdbInput { dev: Device; lladdr: string; vlan?: number; /** Of a VXLAN: the remote tunnel end. */ dst?: string; vni?: number; port?: number; state?: Neighbour['state']; flags?: Neighbour['flags'] }
export interface NeighbourFilter { readonly dev?: Device; readonly master?: Device; readonly family?: 'inet' | 'inet6' | 'bridge'; readonly select?: readonly string[] }

function* bodyOf({ dev, dst, lladdr, state = ['permanent'], flags = [] }: NeighbourInput): Plan<Record<string, unknown>> {
  return { family: familyOf(dst), ifindex: yield* deviceIndex(dev), state, flags, dst, ...(lladdr !== undefined && { lladdr }) };
}
export function* add(input: NeighbourInput): Plan<void> { yield* ask({ message: route.messages.newneigh, flags: ['create', 'excl'], body: yield* bodyOf(input) }); }
export function* replace(input: NeighbourInput): Plan<void> { yield* ask({ message: route.messages.newneigh, flags: ['create', 'replace'], body: yield* bodyOf(input) }); }
export function* remove(input: NeighbourInput): Plan<void> { yield* ask({ message: route.messages.delneigh, body: yield* bodyOf(input) }); }

function* fdbBody({ dev, lladdr, vlan, dst, vni, port, state = ['permanent', 'noarp'], flags = ['self'] }: FdbInput): Plan<Record<string, unknown>> {
  return { family: 'bridge', ifindex: yield* deviceIndex(dev), state, flags, lladdr, ...(dst !== undefined && { dst }), ...(vlan !== undefined && { vlan }), ...(vni !== undefined && { vni }), ...(port !== undefined && { port }) };
}
/** Adds an entry to a bridge's (`flags: ['master']`) or a VXLAN's (`['self']`) forwarding table. */
export function* addFdb(input: FdbInput): Plan<void> { yield* ask({ message: route.messages.newneigh, flags: ['create', 'excl'], body: yield* fdbBody(input) }); }
export function* appendFdb(input: FdbInput): Plan<void> { yield* ask({ message: route.messages.newneigh, flags: ['create', 'append'], body: yield* fdbBody(input) }); }
export function* removeFdb(input: FdbInput): Plan<void> { yield* ask({ message: route.messages.delneigh, body: yield* fdbBody(input) }); }

export function* list(filter: NeighbourFilter = {}): Plan<{ request: Request; keep: (n: Neighbour) => boolean; select?: readonly string[] }> {
  const body: Record<string, unknown> = { family: filter.family ?? 'unspec' }, dev = filter.dev === undefined ? undefined : yield* deviceIndex(filter.dev);
  if (dev !== undefined) { if (filter.family === 'bridge') body['ifindex'] = dev; else body['viaIfindex'] = dev; }
  if (filter.master !== undefined) body['master'] = yield* deviceIndex(filter.master);
  return { request: { message: route.messages.getneigh, body }, keep: (n) => dev === undefined || n.ifindex === undefined || n.ifindex === dev, ...(filter.select && { select: filter.select }) };
}
