/** Addresses by interface name: what `ip address` does. */
import { route, type Address } from '../families/route/index.ts';
import type { Request } from '../socket/index.ts';
import { deviceIndex, type Device } from './names.ts';
import { familyOf, parsePrefix, type Family } from './prefix.ts';
import { ask, type Plan } from './plan.ts';

export interface AddressOptions {
  /** Far end of a point-to-point link. */
  peer?: string;
  /** IPv4 broadcast address; '+' means the highest of the prefix. */
  broadcast?: string;
  label?: string;
  scope?: Address['scope'];
  /** Seconds; Infinity by default. */
  validLifetime?: number;
  preferredLifetime?: number;
  flags?: NonNullable<Address['allFlags']>;
  /** Metric of the prefix route. */
  metric?: number;
}
export interface AddressFilter { readonly dev?: Device; readonly family?: Family; readonly select?: readonly string[] }

function* bodyOf(dev: Device, address: string, options: AddressOptions): Plan<Record<string, unknown>> {
  const own = parsePrefix(address), peer = options.peer === undefined ? own : parsePrefix(options.peer);
  const body: Record<string, unknown> = { family: familyOf(own.address), prefixlen: options.peer === undefined ? own.length : peer.length, index: yield* deviceIndex(dev), local: own.address, address: peer.address };
  if (options.scope !== undefined) body['scope'] = options.scope;
  else if (own.address.startsWith('127.')) body['scope'] = 'host';
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
function highest(address: string, length: number): string {
  const n = address.split('.').reduce((sum, part) => sum * 256 + Number(part), 0), top = (n | (length === 32 ? 0 : 0xffffffff >>> length)) >>> 0;
  return [24, 16, 8, 0].map((shift) => top >>> shift & 255).join('.');
}

/** Adds 'ADDRESS/LENGTH' to an interface. @throws {NetlinkError} EEXIST */
export function* add(dev: Device, address: string, options: AddressOptions = {}): Plan<void> {
  yield* ask({ message: route.messages.newaddr, flags: ['create', 'excl'], body: yield* bodyOf(dev, address, options) });
}
/** Adds it, or changes it where it is there. */
export function* replace(dev: Device, address: string, options: AddressOptions = {}): Plan<void> {
  yield* ask({ message: route.messages.newaddr, flags: ['create', 'replace'], body: yield* bodyOf(dev, address, options) });
}
/** @throws {NetlinkError} EADDRNOTAVAIL when it is not there. */
export function* remove(dev: Device, address: string): Plan<void> {
  const { family, prefixlen, index, local } = yield* bodyOf(dev, address, {});
  yield* ask({ message: route.messages.deladdr, body: { family, prefixlen, index, local } });
}
export function* list(filter: AddressFilter = {}): Plan<{ request: Request; keep: (a: Address) => boolean; select?: readonly string[] }> {
  const body: Record<string, unknown> = {};
  if (filter.family !== undefined) body['family'] = filter.family;
  if (filter.dev !== undefined) body['index'] = yield* deviceIndex(filter.dev);
  return { request: { message: route.messages.getaddr, body }, keep: () => true, ...(filter.select && { select: filter.select }) };
}
