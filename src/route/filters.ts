/** Filters of traffic control by interface, and the chains that they are in: what `tc filter` and `tc chain` do. */
import { checkKeys, HOST_LITTLE_ENDIAN, type Keys, type Value } from '../codec/index.ts';
import { filters, route, type TcFilter, type TcFilterInit } from '../families/route/index.ts';
import { etherTypeNumber } from './ethertypes.ts';
import { handleNumber, type Handle } from './handles.ts';
import { checkObject, deviceIndex, type Device } from './names.ts';
import type { Listed, Options, Selectable } from './objects.ts';
import { ask, type Plan } from './plan.ts';

/** Where filters are: at an interface, or in a block that several share. */
export interface FilterPlace {
  /** The interface; `block` in its place. */
  dev?: Device;
  /** Number of a shared block: see `ingressBlock` of a qdisc. */
  block?: number;
  /** Handle of the qdisc or class, 'ingress' or 'egress'. Default: the root qdisc. */
  parent?: Handle;
  /** Number of the chain. Default: 0, where packets begin. */
  chain?: number;
}
/** Which filter. */
export interface FilterKey extends FilterPlace {
  /** Ethernet protocol of the packets: 'ip', 'ipv6', '802.1Q' ..., or its number. Default: 'all'. */
  protocol?: string | number;
  /** Filters are tried from 1 upwards; those of one priority are of one kind. Default, of a new one: chosen by the kernel. */
  priority?: number;
  /** The filter's own number, whose meaning depends on the kind. */
  handle?: number;
}
/** A kind, and its options as the schema has them. */
export type FilterKind = { [K in keyof typeof filters]: { kind: K; options?: Options<Value<(typeof filters)[K]>> } }[keyof typeof filters];
/** A filter as you describe it. */
export type FilterInput = FilterKey & FilterKind;
/** Which filters; the kernel filters. */
export interface FilterFilter extends FilterPlace {
  readonly protocol?: string | number;
  readonly priority?: number;
  /** Decode only these keys. */
  readonly select?: readonly Selectable<TcFilter>[];
}

const placeKeys: Keys<FilterPlace> = { dev: 1, block: 1, parent: 1, chain: 1 };
const keyKeys: Keys<FilterKey> = { ...placeKeys, protocol: 1, priority: 1, handle: 1 };
const inputKeys: Keys<FilterKey & { kind: unknown; options: unknown }> = { ...keyKeys, kind: 1, options: 1 };
const filterKeys: Keys<FilterFilter> = { ...placeKeys, protocol: 1, priority: 1, select: 1 };

/** tcm_ifindex of a block. */
export const MAGIC_BLOCK = -1;

/** Priority and protocol as tcm_info holds them: the protocol in network order. */
export function filterInfo(priority: number, protocol: number): number {
  return ((priority << 16) | (HOST_LITTLE_ENDIAN ? ((protocol & 0xff) << 8) | (protocol >> 8) : protocol)) >>> 0;
}
/** The same, read. */
export function infoOf(info: number): { priority: number; protocol: number } {
  const low = info & 0xffff;
  return { priority: info >>> 16, protocol: HOST_LITTLE_ENDIAN ? ((low & 0xff) << 8) | (low >> 8) : low };
}

function protocolOf(protocol: string | number): number {
  const number = typeof protocol === 'number' ? protocol : etherTypeNumber(protocol);
  if (number === undefined) throw new TypeError(`'${protocol}' is not an Ethernet protocol: 'ip', 'ipv6', 'all' ..., or its number`);
  return number;
}
function* placeOf(place: FilterPlace): Plan<TcFilterInit> {
  if (place.block !== undefined && place.dev !== undefined) throw new TypeError('a filter is at an interface or in a block: `dev` and `block` exclude each other');
  if (place.block === undefined && place.dev === undefined) throw new TypeError("where? { dev: 'eth0', parent: 'ingress' }, or { block: 1 }");
  return {
    ...(place.block !== undefined ? { ifindex: MAGIC_BLOCK, parent: place.block } : { ifindex: yield* deviceIndex(place.dev!), parent: place.parent === undefined ? 0 : handleNumber(place.parent) }),
    ...(place.chain !== undefined && { chain: place.chain }),
  };
}
const isListed = (input: FilterInput | FilterKey | TcFilter): input is TcFilter => 'info' in input;

function* bodyOf(input: FilterInput | TcFilter): Plan<TcFilterInit> {
  checkObject(input, "a filter is described by an object, { dev: 'eth0', parent: 'ingress', kind: 'matchall', options: { ... } }");
  // What a listing gave is named, not said again: its counters are the kernel's.
  if (isListed(input)) return { ifindex: input.ifindex, parent: input.parent, handle: input.handle, info: input.info, ...(input.chain !== undefined && { chain: input.chain }), ...(input.kind !== undefined && { kind: input.kind }) } as TcFilterInit;
  checkKeys<FilterKey & { kind: unknown; options?: unknown }>(input, inputKeys, 'a filter');
  const { kind, options, handle = 0, priority = 0, protocol = 'all' } = input;
  return { ...(yield* placeOf(input)), handle, info: filterInfo(priority, protocolOf(protocol)), kind, ...(options && { options }) } as TcFilterInit;
}

/** Adds a filter. @throws {NetlinkError} EEXIST; EINVAL where there is no such qdisc, ENOENT where the kernel does not have the kind */
export function* add(input: FilterInput): Plan<void> {
  yield* ask({ message: route.messages.newtfilter, flags: ['create', 'excl'], body: yield* bodyOf(input) });
}
/** Adds it, or puts it in the place of the one with that handle. @throws {NetlinkError} */
export function* replace(input: FilterInput): Plan<void> {
  yield* ask({ message: route.messages.newtfilter, flags: ['create'], body: yield* bodyOf(input) });
}
/** Deletes a filter, described or as a listing gave it. @throws {NetlinkError} ENOENT */
export function* remove(input: (FilterKey & { kind: FilterKind['kind'] }) | TcFilter): Plan<void> {
  yield* ask({ message: route.messages.deltfilter, body: yield* bodyOf(input as FilterInput | TcFilter) });
}
/** Deletes all filters of a place, of a chain or of a priority there. @throws {NetlinkError} */
export function* removeAll(input: FilterKey): Plan<void> {
  checkKeys(input, keyKeys, 'what tells filters apart');
  const { priority = 0, protocol = 0 } = input;
  yield* ask({ message: route.messages.deltfilter, body: { ...(yield* placeOf(input)), info: filterInfo(priority, protocolOf(protocol)) } });
}
/** One filter. @throws {NetlinkError} ENOENT */
export function* get(input: (FilterKey & { kind: FilterKind['kind'] }) | TcFilter): Plan<TcFilter> {
  const [reply] = yield* ask({ message: route.messages.gettfilter, body: yield* bodyOf(input as FilterInput | TcFilter) });
  return reply?.body as TcFilter;
}
/** Filters of one place. Tables of kind u32 are among them, and of other kinds an entry for each priority, whose handle is 0. */
export function* list(filter: FilterFilter): Plan<Listed<TcFilter>> {
  checkKeys(filter, filterKeys, 'what tells filters apart');
  const { priority = 0, protocol = 0, select } = filter;
  const body = { ...(yield* placeOf(filter)), info: filterInfo(priority, protocolOf(protocol)) };
  return { request: { message: route.messages.gettfilter, body }, keep: () => true, ...(select && { select }) };
}

/** A chain; a kind and options are a template that its filters must fit. */
export type ChainInput = FilterPlace & { protocol?: string | number } & (FilterKind | { kind?: undefined; options?: undefined });

function* chainBody({ kind, options, protocol = 0, ...place }: ChainInput): Plan<TcFilterInit> {
  checkKeys(place, placeKeys, 'the place of a chain');
  return { ...(yield* placeOf(place)), info: filterInfo(0, protocolOf(protocol)), ...(kind !== undefined && { kind }), ...(options && { options }) } as TcFilterInit;
}
/** Makes a chain that stays without filters. @throws {NetlinkError} EEXIST */
export function* addChain(input: ChainInput): Plan<void> {
  yield* ask({ message: route.messages.newchain, flags: ['create', 'excl'], body: yield* chainBody(input) });
}
/** Deletes a chain and the filters in it. @throws {NetlinkError} EINVAL where there is none */
export function* removeChain(place: FilterPlace): Plan<void> {
  checkKeys(place, placeKeys, 'the place of a chain');
  yield* ask({ message: route.messages.delchain, body: yield* placeOf(place) });
}
/** One chain. @throws {NetlinkError} EINVAL where there is none */
export function* getChain(place: FilterPlace): Plan<TcFilter> {
  const [reply] = yield* ask({ message: route.messages.getchain, body: yield* placeOf(place) });
  return reply?.body as TcFilter;
}
/** Chains of one place. */
export function* listChains(place: FilterPlace & { readonly select?: readonly Selectable<TcFilter>[] }): Plan<Listed<TcFilter>> {
  return { request: { message: route.messages.getchain, body: yield* placeOf(place) }, keep: () => true, ...(place.select && { select: place.select }) };
}
