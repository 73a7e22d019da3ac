/** Results, in the shape of the newest version; older shapes are made from it and read into it. */
import { codes, CniError } from './error.ts';
import { atLeast, versionOf, type Version } from './version.ts';

export interface Interface {
  name: string;
  mac?: string;
  /** Since 1.1.0. */
  mtu?: number;
  /** Path of the network namespace that it is in; without one it is the host's. */
  sandbox?: string;
  /** Since 1.1.0. */
  socketPath?: string;
  /** Since 1.1.0. */
  pciID?: string;
}
export interface AddressResult {
  /** 'ADDRESS/LENGTH'. */
  address: string;
  gateway?: string;
  /** Position in `interfaces`. */
  interface?: number;
}
export interface RouteResult {
  /** 'ADDRESS/LENGTH'. */
  dst: string;
  gw?: string;
  /** These are since 1.1.0. */
  mtu?: number;
  advmss?: number;
  priority?: number;
  table?: number;
  scope?: number;
}
export interface Dns { nameservers?: string[]; domain?: string; search?: string[]; options?: string[] }
export interface Result { interfaces?: Interface[]; ips?: AddressResult[]; routes?: RouteResult[]; dns?: Dns }

type Json = Record<string, unknown>;
export const isIpv6 = (address: string): boolean => address.includes(':');
const some = <T>(list: readonly T[] | undefined): list is readonly T[] => list !== undefined && list.length > 0;
const pick = (object: object, keys: readonly string[]): Json => Object.fromEntries(keys.flatMap((key) => { const value = (object as Json)[key]; return value === undefined ? [] : [[key, value]]; }));

/** In the order in which they are written; the rest is since 1.1.0. */
const KEYS = {
  interface: { old: ['name', 'mac', 'sandbox'], all: ['name', 'mac', 'mtu', 'sandbox', 'socketPath', 'pciID'] },
  ip: ['interface', 'address', 'gateway'],
  route: { old: ['dst', 'gw'], all: ['dst', 'gw', 'mtu', 'advmss', 'priority', 'table', 'scope'] },
  dns: ['nameservers', 'domain', 'search', 'options'],
} as const;

/** The JSON of a result in a version of the specification. @throws {CniError} what that version cannot say */
export function resultJson(result: Result, cniVersion: Version): Json {
  const dns = pick(result.dns ?? {}, KEYS.dns), era = atLeast(cniVersion, '1.1.0') ? 'all' : 'old';
  const routes = (result.routes ?? []).map((route) => pick(route, KEYS.route[era]));
  if (!atLeast(cniVersion, '0.3.0')) {
    const ips = result.ips ?? [];
    const half = (six: boolean): Json | undefined => {
      const ip = ips.find(({ address }) => isIpv6(address) === six), own = routes.filter(({ dst }) => isIpv6(dst as string) === six);
      return ip && { ip: ip.address, ...(ip.gateway !== undefined && { gateway: ip.gateway }), ...(some(own) && { routes: own }) };
    };
    const ip4 = half(false), ip6 = half(true);
    if (!ip4 && !ip6) throw new CniError(codes.failed, 'cannot convert: no valid IP addresses');
    return { cniVersion, ...(ip4 && { ip4 }), ...(ip6 && { ip6 }), dns };
  }
  const versioned = !atLeast(cniVersion, '1.0.0');
  const ips = (result.ips ?? []).map((ip) => ({ ...(versioned && { version: isIpv6(ip.address) ? '6' : '4' }), ...pick(ip, KEYS.ip) }));
  return {
    cniVersion,
    ...(some(result.interfaces) && { interfaces: result.interfaces.map((own) => pick(own, KEYS.interface[era])) }),
    ...(some(ips) && { ips }), ...(some(routes) && { routes }), dns,
  };
}

/** Reads a result in whatever version it says it is, else in `version`. @throws {CniError} */
export function readResult(given: unknown, version: Version): Result {
  if (typeof given !== 'object' || given === null || Array.isArray(given)) throw new CniError(codes.decode, 'could not parse prevResult: it is not an object');
  const json = given as Json, own = json['cniVersion'] === undefined ? version : versionOf(json['cniVersion']), dns = dnsOf(json['dns']);
  if (!atLeast(own, '0.3.0')) {
    const halves = [json['ip4'], json['ip6']].filter((half): half is Json => typeof half === 'object' && half !== null);
    const ips = halves.map((half) => ({ address: text(half['ip'], 'ip'), ...optional('gateway', half['gateway']) }));
    const routes = halves.flatMap((half) => list(half['routes'], 'routes'));
    return { ips, ...(some(routes) && { routes }), dns };
  }
  const known = <T>(key: string, check: string): T[] => list(json[key], key).map((entry) => { text((entry as unknown as Json)[check], `${key}.${check}`); return entry as unknown as T; });
  const ips = known<AddressResult & { version?: unknown }>('ips', 'address').map(({ version: _version, ...ip }) => ip);
  return { interfaces: known<Interface>('interfaces', 'name'), ips, routes: known<RouteResult>('routes', 'dst'), dns };
}
function list(value: unknown, what: string): RouteResult[] {
  if (value === undefined || value === null) return [];
  if (!Array.isArray(value) || value.some((entry) => typeof entry !== 'object' || entry === null)) throw new CniError(codes.decode, `could not parse prevResult: ${what} is not a list of objects`);
  return value as RouteResult[];
}
function text(value: unknown, what: string): string {
  if (typeof value !== 'string') throw new CniError(codes.decode, `could not parse prevResult: ${what} is not a text`);
  return value;
}
const optional = <K extends string>(key: K, value: unknown): { [key in K]?: string } => (typeof value === 'string' ? { [key]: value } as { [key in K]: string } : {});
const dnsOf = (value: unknown): Dns => (typeof value === 'object' && value !== null ? pick(value, KEYS.dns) as Dns : {});
/** Whether anything is said of name servers. */
export const hasDns = (dns: Dns | undefined): dns is Dns => dns !== undefined && Object.values(dns).some((value) => value !== undefined && value.length > 0);
