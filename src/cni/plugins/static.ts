/** `static` IPAM: the addresses are in the configuration, or what the runtime asks for. */
import { misconfigured } from '../error.ts';
import { object, objects, readFields } from '../fields.ts';
import { knownArgs, type CniRequest } from '../request.ts';
import { hasDns, type AddressResult, type Dns, type Result, type RouteResult } from '../result.ts';
import { parsePrefix } from '../../route/index.ts';

const fields = { addresses: objects, routes: objects, dns: object };

function read(request: CniRequest): Result {
  const { addresses, routes, dns } = readFields(fields, request.ipam, 'ipam.');
  const asked = askedFor(request), said = addresses.map(({ address, gateway }) => ({ address, ...(gateway !== undefined && { gateway }) })) as AddressResult[];
  const ips = asked.length > 0 ? asked : said;
  for (const { address } of ips) {
    if (typeof address !== 'string' || !address.includes('/')) throw misconfigured(`the 'address' field is expected to be in CIDR notation, got: '${String(address)}'`);
    parsePrefix(address);
  }
  return { ips, ...(routes.length > 0 && { routes: routes as unknown as RouteResult[] }), ...(hasDns(dns as Dns | undefined) && { dns: dns as Dns }) };
}
/** `runtimeConfig.ips`, then `args.cni.ips`, then CNI_ARGS (IP=...;GATEWAY=...). */
function askedFor(request: CniRequest): AddressResult[] {
  const { args, runtimeConfig } = request.config as { args?: { cni?: { ips?: string[] } } | null; runtimeConfig?: { ips?: string[] } | null };
  const listed = runtimeConfig?.ips ?? args?.cni?.ips;
  if (listed?.length) return listed.map((address) => ({ address }));
  const { IP, GATEWAY } = knownArgs(request, ['IP', 'GATEWAY']), gateways = (GATEWAY ?? '').split(',').filter(Boolean);
  return (IP ?? '').split(',').filter(Boolean).map((address) => {
    const gateway = gateways.find((one) => one.includes(':') === address.includes(':'));
    return { address, ...(gateway !== undefined && { gateway }) };
  });
}

export const staticIpam = {
  add: read,
  del(): void {},
  check(request: CniRequest): void {
    const had = request.prevResult?.ips ?? [];
    for (const { address } of read(request).ips ?? []) if (!had.some((ip) => ip.address === address)) throw misconfigured(`static: failed to find address ${address} in the former result`);
  },
};
