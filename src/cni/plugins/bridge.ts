/** `bridge`: a veth pair whose host end is a port of a bridge, which is made when it is not there. */
import type { Link } from '../../families/route/index.ts';
import { bridge as bridgeLink } from '../../route/index.ts';
import { NetlinkError } from '../../socket/index.ts';
import { failure, misconfigured } from '../error.ts';
import { flag, integer, objects, readFields, text, type Values } from '../fields.ts';
import { enableForwarding } from '../forwarding.ts';
import { addIpam, checkIpam, delIpam, gcIpam, statusIpam } from '../ipam.ts';
import { checkConfigured } from '../check.ts';
import { checkInterface, interfaceOf, wantedMac } from '../link.ts';
import type { Firewall } from '../firewall.ts';
import { MASQUERADE, masqueradeRules } from '../masquerade.ts';
import type { Plugin } from '../plugin.ts';
import { setVlans, trunkOf } from '../port-vlans.ts';
import type { CniRequest } from '../request.ts';
import { hasDns, isIpv6, type AddressResult, type Result, type RouteResult } from '../result.ts';
import { setAll, Side, Undo } from '../side.ts';
import { firstOf, overlapping } from '../subnet.ts';
import { makePair, pairInterfaces, type Pair } from '../veth.ts';

const fields = {
  bridge: text('cni0'), isGateway: flag(), isDefaultGateway: flag(), forceAddress: flag(), ipMasq: flag(), mtu: integer(0), hairpinMode: flag(), promiscMode: flag(),
  vlan: integer(0), vlanTrunk: objects, preserveDefaultVlan: flag(true), macspoofchk: flag(), portIsolation: flag(), enabledad: flag(), disableContainerInterface: flag(),
};
type BridgeConfig = Values<typeof fields>;
const MOST_VLAN = 4094;

/** @throws {CniError} for what cannot be, or not together */
function readBridge(request: CniRequest): BridgeConfig {
  const read = readFields(fields, request.config), config = { ...read, bridge: read.bridge || fields.bridge.fallback, isGateway: read.isGateway || read.isDefaultGateway };
  if (config.vlan < 0 || config.vlan > MOST_VLAN) throw misconfigured(`invalid VLAN ID ${config.vlan} (must be between 0 and ${MOST_VLAN})`);
  if (config.hairpinMode && config.promiscMode) throw misconfigured('cannot set hairpin mode and promiscuous mode at the same time.');
  if (config.disableContainerInterface && request.ipam.type !== '') throw misconfigured('disableContainerInterface is only for networks without ipam');
  trunkOf(config.vlanTrunk);
  if (config.macspoofchk) throw misconfigured('macspoofchk is not supported');
  return config;
}

/** The bridge, made when it is not there; it goes again with a failed ADD when nobody else has come to use it. */
function ensureBridge(host: Side, { bridge, mtu, promiscMode, vlan, vlanTrunk }: BridgeConfig, undo: Undo): Link {
  const filtering = vlan !== 0 || vlanTrunk.length > 0;
  /** Another call may have come to count on it. */
  const unused = (): boolean => host.nl.link.list({ master: bridge, select: ['ifname'] }).length === 0;
  let link = host.find(bridge);
  if (!link) {
    try {
      host.nl.link.add(bridgeLink(bridge, filtering ? { vlanFiltering: 1 } : {}, mtu > 0 ? { mtu } : {}));
      undo.push(() => { if (unused()) host.drop(bridge); });
    } catch (error) {
      if (!(error instanceof NetlinkError) || error.code !== 'EEXIST') throw failure(`failed to create bridge "${bridge}": could not add "${bridge}": ${(error as Error).message}`);
    }
    link = host.nl.link.get(bridge);
  }
  const { linkinfo, index, flags } = link;
  if (linkinfo?.kind !== 'bridge') throw failure(`failed to create bridge "${bridge}": "${bridge}" already exists but is not a bridge`);
  if (filtering && linkinfo.data?.vlanFiltering !== 1) host.nl.link.set(index, { linkinfo: { kind: 'bridge', data: { vlanFiltering: 1 } } });
  setAll([[`ipv6/conf/${bridge}/accept_ra`, '0']]);
  const wanted = ['up', ...(promiscMode ? ['promisc'] : [])] as const;
  if (!wanted.every((one) => flags.includes(one as 'up'))) {
    host.nl.link.set(index, { flags: [...wanted] as Link['flags'], change: [...wanted] as Link['flags'] });
    undo.push(() => { if (unused()) host.nl.link.set(index, { flags, change: [...wanted] as Link['flags'] }); });
  }
  return link;
}

/** Makes the pair, and its host end a port of the bridge. */
function makePort(host: Side, inner: Side, ifname: string, bridge: Link, config: Pick<BridgeConfig, 'mtu' | 'hairpinMode' | 'portIsolation' | 'vlan' | 'vlanTrunk' | 'preserveDefaultVlan'>, mac: string | undefined, undo: Undo): Pair {
  const pair = makePair(host, inner, ifname, { mtu: config.mtu, mac, master: bridge.index }, undo), trunk = trunkOf(config.vlanTrunk);
  // Settings of a port can be given to a port only, not along with its bridge.
  const settings = { ...(config.hairpinMode && { mode: 1 }), ...(config.portIsolation && { isolated: 1 }) };
  if (Object.keys(settings).length > 0) host.nl.link.set(pair.host.index, { linkinfo: { slaveKind: 'bridge', slaveData: settings } as never });
  if (config.vlan !== 0 || trunk.length > 0) setVlans(host, pair.host, { vlan: config.vlan, trunk, preserveDefault: config.preserveDefaultVlan });
  return pair;
}

/** Gateways and default routes that the bridge adds to what the IPAM gave. */
function withGateways({ isGateway, isDefaultGateway }: BridgeConfig, { ips = [], routes = [] }: Result): { ips: AddressResult[]; routes: RouteResult[]; gateways: AddressResult[] } {
  const all: RouteResult[] = [...routes];
  const withGateway = ips.map((ip): AddressResult => ({ ...ip, interface: 2, ...(ip.gateway === undefined && isGateway && { gateway: firstOf(ip.address) }) }));
  for (const { address, gateway } of isDefaultGateway ? withGateway : []) {
    const dst = isIpv6(address) ? '::/0' : '0.0.0.0/0';
    if (gateway !== undefined && !all.some((route) => route.dst === dst && route.gw !== undefined)) all.push({ dst, gw: gateway });
  }
  const gateways = isGateway ? withGateway.map(({ address, gateway }) => ({ address: `${gateway}/${address.split('/')[1]}` })) : [];
  return { ips: withGateway, routes: all, gateways };
}

/** Gives the bridge the container's gateway. @throws {CniError} when it has another address there, and may not lose it */
function ensureAddress(host: Side, link: Link, address: string, force: boolean): void {
  const family = isIpv6(address) ? 'inet6' : 'inet';
  for (const own of host.nl.address.list({ dev: link.index, family })) {
    const there = `${own.local ?? own.address}/${own.prefixlen}`;
    if (there === address) return;
    // A bridge may have IPv6 addresses of other subnets: its link-local one, for one.
    if (family === 'inet6' && !overlapping(there, address)) continue;
    if (!force) throw failure(`"${link.ifname}" already has an IP address different from ${address}`);
    host.nl.address.delete(link.index, there);
  }
  // Another ADD may have been faster.
  host.nl.address.replace(link.index, address, family === 'inet' ? { broadcast: '+' } : {});
  // Given explicitly, the address stays when ports come and go.
  host.nl.link.set(link.index, { address: link.address as string });
}

/** With VLANs the gateway is on an interface of its own, a port of the bridge in that VLAN. */
function vlanInterface(host: Side, bridge: Link, config: BridgeConfig, undo: Undo): Link {
  const name = `${bridge.ifname}.${config.vlan}`, there = host.find(name);
  if (there) return there;
  const pair = makePort(host, host, name, bridge, { ...config, mtu: bridge.mtu ?? 0, hairpinMode: false, portIsolation: false, vlanTrunk: [] }, undefined, undo);
  host.nl.link.set(pair.inner.index, { up: true });
  return pair.inner;
}

function add(request: CniRequest, firewall: Firewall): Result {
  const config = readBridge(request), mac = wantedMac(request);
  return Side.at(undefined, (host) => Side.at(request.netns, (inner) => Undo.around((undo) => attach(request, config, mac, firewall, host, inner, undo))));
}
function attach(request: CniRequest, config: BridgeConfig, mac: string | undefined, firewall: Firewall, host: Side, inner: Side, undo: Undo): Result {
  const bridge = ensureBridge(host, config, undo), pair = makePort(host, inner, request.ifname, bridge, config, mac, undo);
  let ips: AddressResult[] = [], routes: RouteResult[] = [], dns = {}, gateway = bridge;
  if (request.ipam.type !== '') {
    const given = addIpam(request, undo), { gateways, ...all } = withGateways(config, given);
    ({ ips, routes } = all);
    dns = given.dns ?? {};
    inner.inside(() => setAll([...(config.enabledad ? [] : [[`ipv6/conf/${request.ifname}/accept_dad`, '0']] as const), [`ipv4/conf/${request.ifname}/arp_notify`, '1']]));
    inner.configure(pair.inner, ips, routes);
    if (gateways.length > 0) {
      if (config.vlan !== 0) gateway = vlanInterface(host, bridge, config, undo);
      for (const { address } of gateways) ensureAddress(host, gateway, address, config.forceAddress);
      enableForwarding(gateways);
    }
    if (config.ipMasq) firewall.add(request, MASQUERADE, masqueradeRules(ips), undo);
  } else if (!config.disableContainerInterface) inner.nl.link.set(pair.inner.index, { up: true });
  const now = { host: host.nl.link.get(pair.host.index), inner: inner.nl.link.get(pair.inner.index) };
  const interfaces = [interfaceOf(host.nl.link.get(bridge.index)), ...pairInterfaces(now, request.netns), ...(gateway === bridge ? [] : [interfaceOf(gateway)])];
  return { interfaces, ips, routes, dns: hasDns(request.dns) ? request.dns : dns };
}

function check(request: CniRequest): void {
  const config = readBridge(request);
  if (request.ipam.type !== '') checkIpam(request);
  if (!request.prevResult) throw failure('Required prevResult missing');
  const former = request.prevResult, outside = (former.interfaces ?? []).filter(({ sandbox }) => !sandbox);
  Side.at(undefined, (host) => {
    const bridge = host.find(config.bridge);
    if (bridge?.linkinfo?.kind !== 'bridge') throw failure(`bridge ${config.bridge} is gone`);
    for (const { name } of outside) if (name !== config.bridge && !host.find(name)) throw failure(`host interface ${name} is gone`);
    if (!outside.some(({ name }) => host.find(name)?.master === bridge.index)) throw failure(`no interface of the former result is a port of ${config.bridge}`);
  });
  Side.at(request.netns, (inner) => checkConfigured(inner, checkInterface(inner, request, 'veth'), former));
}

export const bridge: Plugin = {
  add, check, status: statusIpam,
  del(request, firewall) {
    // What ADD would refuse now must not keep an attachment.
    const { ipMasq } = readFields(fields, request.config);
    if (request.ipam.type !== '') delIpam(request);
    Side.where(request.netns, (inner) => { inner.drop(request.ifname); });
    if (ipMasq) firewall.drop(request, MASQUERADE);
  },
  gc(request, firewall) {
    gcIpam(request);
    if (readFields(fields, request.config).ipMasq) firewall.sweep(request, MASQUERADE);
  },
};
