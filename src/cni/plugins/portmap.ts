/** `portmap`: ports of the host that lead to the container. Called in a chain, after the plugin that made the interface. */
import type { Match } from '../../network/firewall.ts';
import { failure, misconfigured } from '../error.ts';
import { flag, integer, objects, readFields, text } from '../fields.ts';
import type { CniRule, Firewall } from '../firewall.ts';
import type { Plugin } from '../plugin.ts';
import type { CniRequest } from '../request.ts';
import { isIpv6, type AddressResult, type Result } from '../result.ts';
import { setAll, Side, Undo } from '../side.ts';
import { subnetOf } from '../subnet.ts';

const PART = 'portmap', PROTOCOLS = ['tcp', 'udp', 'sctp'] as const;
const fields = { snat: flag(true) };
const mappingFields = { hostPort: integer(0), containerPort: integer(0), protocol: text('tcp'), hostIP: text('') };
interface Mapping { readonly hostPort: number; readonly containerPort: number; readonly protocol: (typeof PROTOCOLS)[number]; readonly hostIP: string }

/** @throws {CniError} for what is no port or no protocol */
function mappingsOf(request: CniRequest): Mapping[] {
  const { portMappings } = readFields({ portMappings: objects }, (request.config['runtimeConfig'] ?? {}) as Record<string, unknown>, 'runtimeConfig.');
  return portMappings.map((given) => {
    const mapping = readFields(mappingFields, given, 'portMappings.'), protocol = PROTOCOLS.find((one) => one === mapping.protocol.toLowerCase());
    for (const port of [mapping.hostPort, mapping.containerPort]) if (port < 1 || port > 65535) throw misconfigured(`Invalid port number: ${port}`);
    if (protocol === undefined) throw misconfigured(`unknown protocol ${JSON.stringify(mapping.protocol)}: ${PROTOCOLS.join(', ')}`);
    return { ...mapping, protocol };
  });
}
/** The container's addresses, one a family: the first. */
function containerIps({ ips = [], interfaces = [] }: Result): AddressResult[] {
  const own = ips.filter(({ interface: at }) => at === undefined || interfaces[at]?.sandbox);
  return [false, true].flatMap((six) => own.filter(({ address }) => isIpv6(address) === six).slice(0, 1));
}

/** The rules of one address. Pure. */
export function portRules(mappings: readonly Mapping[], { address }: AddressResult, snat: boolean): CniRule[] {
  const six = isIpv6(address), to = address.split('/')[0] as string, family = six ? 'inet6' : 'inet';
  const own = mappings.filter(({ hostIP }) => hostIP === '' || isIpv6(hostIP) === six);
  const rules = own.flatMap(({ hostPort, containerPort, protocol, hostIP }): CniRule[] => {
    const any = hostIP === '' || hostIP === '0.0.0.0' || hostIP === '::';
    const when: Match[] = [{ on: 'family', family }, ...(any ? [] : [{ on: 'daddr', net: hostIP } as const]), { on: 'local' }, { on: 'dport', protocol, port: hostPort }];
    // What the host itself sends to its loopback address cannot come back from elsewhere over IPv6.
    const fromHere: Match[] = six ? [{ on: 'daddr', net: '::1', not: true }] : [];
    const verdict = { dnat: to, port: containerPort, family } as const;
    return [{ chain: 'prerouting', when, verdict }, { chain: 'output', when: [...when, ...fromHere], verdict }];
  });
  if (!snat || rules.length === 0) return rules;
  // Who is on the container's own network, and the host by its loopback address, must see an answer that comes back the same way.
  const near = subnetOf(address), sources = six ? [near] : [near, '127.0.0.0/8'];
  return [...rules, ...sources.map((net): CniRule => ({ chain: 'masquerade', when: [{ on: 'dnat' }, { on: 'saddr', net }, { on: 'daddr', net: to }], verdict: 'masquerade' }))];
}

/** Packets from 127.0.0.1 may leave by the interface that leads to the container. */
function routeLocalnet({ address }: AddressResult): void {
  if (isIpv6(address)) return;
  Side.at(undefined, ({ nl }) => {
    const { oif } = nl.route.get(address.split('/')[0] as string);
    if (oif !== undefined) setAll([[`ipv4/conf/${nl.link.get(oif).ifname}/route_localnet`, '1']]);
  });
}

function add(request: CniRequest, firewall: Firewall): Result {
  const mappings = mappingsOf(request), { snat } = readFields(fields, request.config);
  if (!request.prevResult) throw misconfigured('must be called as chained plugin');
  const former = request.prevResult, ips = containerIps(former);
  if (mappings.length === 0) return former;
  if (ips.length === 0) throw failure('the former result has no address to lead to');
  return Undo.around((undo) => {
    const rules = ips.flatMap((ip) => portRules(mappings, ip, snat));
    if (rules.length > 0) firewall.add(request, PART, rules, undo);
    if (snat) for (const ip of ips) routeLocalnet(ip);
    return former;
  });
}

export const portmap: Plugin = {
  add,
  del: (request, firewall) => firewall.drop(request, PART),
  check(request) {
    if (!request.prevResult) throw failure('Required prevResult missing');
    mappingsOf(request);
  },
  gc: (request, firewall) => firewall.sweep(request, PART),
};
