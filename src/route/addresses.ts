/** Addresses by interface name: what `ip address` does. */
import { route, type Address } from '../families/route/index.ts';
import { deviceIndex, type Device } from './names.ts';
import type { Listed, Selectable } from './objects.ts';
import { familyOf, parsePrefix, type Family } from './prefix.ts';
import { ask, type Plan } from './plan.ts';

/** What else is to be said of an address. */
export interface AddressOptions {
  /** Far end of a point-to-point link, 'ADDRESS/LENGTH'; the length is then the far end's. */
  peer?: string;
  /** IPv4 broadcast address; '+' means the highest of the prefix. */
  broadcast?: string;
  /** IPv4 alias: the interface's name, or that with a colon and more. */
  label?: string;
  /** Default 'universe'; 'host' for 127.0.0.0/8. */
  scope?: Address['scope'];
  /** Seconds until it goes; Infinity by default. */
  validLifetime?: number;
  /** Seconds until it is no longer used for new connections; as long as it is valid by default. */
  preferredLifetime?: number;
  /** 'nodad', 'noprefixroute', 'homeaddress' ... */
  flags?: NonNullable<Address['allFlags']>;
  /** Metric of the prefix route. */
  metric?: number;
}
/** Which addresses; the kernel filters. */
export interface AddressFilter {
  readonly dev?: Device;
  readonly family?: Family;
  /** Decode only these keys. */
  readonly select?: readonly Selectable<Address>[];
}

function* bodyOf(dev: Device, address: string | Address, options: AddressOptions): Plan<Record<string, unknown>> {
  if (typeof address !== 'string') return { ...address, index: yield* deviceIndex(dev) };
  const own = parsePrefix(address), peer = options.peer === undefined ? own : parsePrefix(options.peer), family = familyOf(own.address);
  const body: Record<string, unknown> = { family, prefixlen: peer.length, index: yield* deviceIndex(dev), local: own.address, address: peer.address };
  if (options.scope !== undefined) body['scope'] = options.scope;
  else if (own.address.startsWith('127.')) body['scope'] = 'host';
  if (options.broadcast !== undefined && family === 'inet6') throw new TypeError(`${address}: IPv6 has no broadcast addresses`);
  const broadcast = options.broadcast === '+' ? highest(own.address, own.length) : options.broadcast;
  if (broadcast !== undefined) body['broadcast'] = broadcast;
  if (options.label !== undefined) body['label'] = options.label;
  if (options.flags !== undefined) body['allFlags'] = options.flags;
  if (options.metric !== undefined) body['rtPriority'] = options.metric;
  const { validLifetime = Infinity, preferredLifetime = validLifetime } = options;
  if (Number.isFinite(validLifetime) || Number.isFinite(preferredLifetime)) body['cacheinfo'] = { prefered: lifetime(preferredLifetime), valid: lifetime(validLifetime), cstamp: 0, tstamp: 0 };
  return body;
}
const lifetime = (seconds: number): number => (Number.isFinite(seconds) ? seconds : 0xffffffff);
/** Prefixes of 31 and 32 bits have no broadcast address (RFC 3021). */
function highest(address: string, length: number): string | undefined {
  if (length > 30) return undefined;
  const n = address.split('.').reduce((sum, part) => sum * 256 + Number(part), 0), top = (n | 0xffffffff >>> length) >>> 0;
  return [24, 16, 8, 0].map((shift) => top >>> shift & 255).join('.');
}

/** Adds 'ADDRESS/LENGTH', or what a listing gave, to an interface. Without a length, the whole address. @throws {NetlinkError} EEXIST */
export function* add(dev: Device, address: string | Address, options: AddressOptions = {}): Plan<void> {
  yield* ask({ message: route.messages.newaddr, flags: ['create', 'excl'], body: yield* bodyOf(dev, address, options) });
}
/** Adds it, or changes it where it is there. @throws {NetlinkError} */
export function* replace(dev: Device, address: string | Address, options: AddressOptions = {}): Plan<void> {
  yield* ask({ message: route.messages.newaddr, flags: ['create', 'replace'], body: yield* bodyOf(dev, address, options) });
}
/**
 * Takes an address away. An IPv4 address without a length goes whatever its length and peer; with one they must fit.
 * @throws {NetlinkError} EADDRNOTAVAIL when it is not there
 */
export function* remove(dev: Device, address: string | Address, options: Pick<AddressOptions, 'peer'> = {}): Plan<void> {
  const { family, prefixlen, index, local, address: far } = yield* bodyOf(dev, address, options);
  const exact = typeof address !== 'string' || address.includes('/') || options.peer !== undefined;
  yield* ask({ message: route.messages.deladdr, body: { family, prefixlen, index, ...(local !== undefined && { local }), ...((exact || local === undefined) && { address: far }) } });
}
/** Addresses of every interface and family, or of those that are asked for. */
export function* list(filter: AddressFilter = {}): Plan<Listed<Address>> {
  const body: Record<string, unknown> = {};
  if (filter.family !== undefined) body['family'] = filter.family;
  if (filter.dev !== undefined) body['index'] = yield* deviceIndex(filter.dev);
  return { request: { message: route.messages.getaddr, body }, keep: () => true, ...(filter.select && { select: filter.select }) };
}
