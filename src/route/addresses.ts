/** Addresses by interface name: what `ip address` does. */
import { checkKeys, type Keys } from '../codec/index.ts';
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

const optionKeys: Keys<AddressOptions> = { peer: 1, broadcast: 1, label: 1, scope: 1, validLifetime: 1, preferredLifetime: 1, flags: 1, metric: 1 };
const filterKeys: Keys<AddressFilter> = { dev: 1, family: 1, select: 1 };

type Body = Record<string, unknown>;
/** 'ADDRESS/LENGTH' by itself. */
function described(text: string): Body {
  const { address, length } = parsePrefix(text);
  return { family: familyOf(address), prefixlen: length, local: address, address, ...(address.startsWith('127.') && { scope: 'host' }) };
}
/** What a listing gave, for a device: a label begins with the name of its own. */
const listedAt = ({ label, ...address }: Address, index: number): Body => ({ ...address, ...(label !== undefined && address.index === index && { label }) });

function* bodyOf(dev: Device, address: string | Address, options: AddressOptions): Plan<Body> {
  checkKeys(options, optionKeys, 'the options of an address');
  const text = typeof address === 'string' ? described(address) : undefined, peer = options.peer === undefined ? undefined : parsePrefix(options.peer);
  const index = yield* deviceIndex(dev), own = text ?? listedAt(address as Address, index);
  const body: Body = { ...own, ...(peer && { prefixlen: peer.length, address: peer.address }), index };
  if (options.scope !== undefined) body['scope'] = options.scope;
  const local = String(own['local'] ?? own['address']);
  if (options.broadcast !== undefined && own['family'] === 'inet6') throw new TypeError(`${local}: IPv6 has no broadcast addresses`);
  const broadcast = options.broadcast === '+' ? highest(local, Number(own['prefixlen'])) : options.broadcast;
  if (broadcast !== undefined) body['broadcast'] = broadcast;
  if (options.label !== undefined) body['label'] = options.label;
  if (options.flags !== undefined) body['allFlags'] = options.flags;
  if (options.metric !== undefined) body['rtPriority'] = options.metric;
  const { validLifetime, preferredLifetime = validLifetime } = options;
  if (validLifetime !== undefined || preferredLifetime !== undefined) body['cacheinfo'] = { valid: lifetime('validLifetime', validLifetime), prefered: lifetime('preferredLifetime', preferredLifetime), cstamp: 0, tstamp: 0 };
  return body;
}
const FOREVER = 0xffffffff;
function lifetime(key: string, seconds = Infinity): number {
  if (seconds === Infinity) return FOREVER;
  if (!Number.isInteger(seconds) || seconds < 0 || seconds > FOREVER) throw new TypeError(`${key} is a number of whole seconds, or Infinity, not ${String(seconds)}`);
  return seconds;
}
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
  checkKeys(filter, filterKeys, 'a filter of addresses');
  const body: Record<string, unknown> = {};
  if (filter.family !== undefined) body['family'] = filter.family;
  if (filter.dev !== undefined) body['index'] = yield* deviceIndex(filter.dev);
  return { request: { message: route.messages.getaddr, body }, keep: () => true, ...(filter.select && { select: filter.select }) };
}
