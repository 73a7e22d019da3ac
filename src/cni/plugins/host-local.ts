/** `host-local` IPAM: addresses from ranges, remembered in files of this host in the reference plugin's layout. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { allocate, contains, heldBy, ipText, parseIp, picks, PoolError, rangeOf, readPool, release, withPool, type Range } from '../../network/ipam/index.ts';
import { CniError, codes, failure, misconfigured } from '../error.ts';
import { lists, objects, readFields, text, type Values } from '../fields.ts';
import { knownArgs, type CniRequest } from '../request.ts';
import type { Dns, Result, RouteResult } from '../result.ts';

const fields = { subnet: text(), rangeStart: text(), rangeEnd: text(), gateway: text(), ranges: lists, routes: objects, dataDir: text('/var/lib/cni/networks'), resolvConf: text('') };

interface Pool { readonly folder: string; readonly sets: readonly (readonly Range[])[]; readonly routes: readonly RouteResult[]; readonly resolvConf: string }

/** What the configuration says, and where the pool is. */
function placed(request: CniRequest): Values<typeof fields> & Pick<Pool, 'folder'> {
  if (request.ipam.type === '') throw misconfigured("IPAM config missing 'ipam' key");
  const values = readFields(fields, request.ipam, 'ipam.');
  return { ...values, folder: join(values.dataDir || fields.dataDir.fallback, request.name) };
}
function poolOf(request: CniRequest): Pool {
  const { folder, subnet, rangeStart, rangeEnd, gateway, ranges, routes, resolvConf } = placed(request);
  const asked = (request.config['runtimeConfig'] as { ipRanges?: Record<string, unknown>[][] } | null | undefined)?.ipRanges ?? [];
  const given = [...(subnet === undefined ? [] : [[{ subnet, rangeStart, rangeEnd, gateway }]]), ...asked, ...ranges];
  if (given.length === 0) throw misconfigured('no IP ranges specified');
  return { folder, sets: given.map(setOf), routes: routes as unknown as RouteResult[], resolvConf };
}
function setOf(set: readonly Record<string, unknown>[], number: number): Range[] {
  if (set.length === 0) throw misconfigured(`invalid range set ${number}: empty range set`);
  try {
    const found = set.map((range) => {
      const { subnet, rangeStart, rangeEnd, gateway } = readFields({ subnet: text(''), rangeStart: text(), rangeEnd: text(), gateway: text() }, range, 'range.');
      return rangeOf({ subnet, ...(rangeStart && { start: rangeStart }), ...(rangeEnd && { end: rangeEnd }), ...(gateway && { gateway }) });
    });
    if (found.some(({ family }) => family !== found[0]?.family)) throw new TypeError('mixed address families');
    return found;
  } catch (error) { throw error instanceof CniError ? error : misconfigured(`invalid range set ${number}: ${(error as Error).message}`); }
}
/** Addresses that are asked for by name: `args.cni.ips`, `runtimeConfig.ips`, CNI_ARGS IP=... */
function wanted(request: CniRequest): string[] {
  const { args, runtimeConfig } = request.config as { args?: { cni?: { ips?: string[] } } | null; runtimeConfig?: { ips?: string[] } | null };
  const { IP } = knownArgs(request, ['IP', 'GATEWAY']);
  return [...(IP ? [IP] : []), ...(args?.cni?.ips ?? []), ...(runtimeConfig?.ips ?? [])].map((address) => address.split('/')[0] as string);
}
const holderOf = ({ containerId, ifname }: CniRequest) => ({ id: containerId, ifname });

/** resolv.conf(5), as far as a result can say it. */
function dnsIn(file: string): Dns {
  const dns: Required<Dns> = { nameservers: [], domain: '', search: [], options: [] };
  for (const [word, ...rest] of readFileSync(file, 'utf8').split('\n').map((line) => line.trim().split(/\s+/))) {
    if (word === 'nameserver') dns.nameservers.push(...rest.slice(0, 1));
    else if (word === 'domain') dns.domain = rest[0] ?? '';
    else if (word === 'search' || word === 'options') dns[word].push(...rest);
  }
  return Object.fromEntries(Object.entries(dns).filter(([, value]) => value.length > 0));
}

function add(request: CniRequest): Result {
  const { folder, sets, routes, resolvConf } = poolOf(request), dns = resolvConf === '' ? undefined : dnsIn(resolvConf);
  try {
    const ips = allocate(folder, sets, holderOf(request), wanted(request)).map((address) => {
      const ip = parseIp(address), range = sets.flat().find(({ subnet }) => contains(subnet, ip)) as Range;
      return { address: `${address}/${range.subnet.length}`, ...(range.gateway !== undefined && { gateway: ipText(range.family, range.gateway) }) };
    });
    return { ips, ...(routes.length > 0 && { routes: [...routes] }), ...(dns && { dns }) };
  } catch (error) {
    if (error instanceof PoolError) throw failure(`failed to allocate for network ${request.name}: ${error.message}`);
    throw error instanceof TypeError ? misconfigured(error.message) : error;
  }
}

export const hostLocal = {
  add,
  /** A range that ADD would refuse now must not keep an address. */
  del(request: CniRequest): void { const { folder } = placed(request); withPool(folder, () => release(folder, holderOf(request))); },
  check(request: CniRequest): void {
    const { folder } = poolOf(request);
    if (withPool(folder, () => heldBy(folder, holderOf(request))).length === 0) throw failure(`host-local: failed to find address added by container ${request.containerId}`);
  },
  status(request: CniRequest): void {
    const { folder, sets } = poolOf(request);
    try { picks(folder, sets); } catch (error) { throw new CniError(codes.unavailable, (error as Error).message, undefined, error); }
  },
  gc(request: CniRequest): void {
    const { folder } = poolOf(request);
    withPool(folder, () => {
      for (const [address, { id, ifname }] of readPool(folder).held) if (!request.valid.some((own) => own.containerID === id && own.ifname === ifname)) release(folder, { id, ifname }, [address]);
    });
  },
};
