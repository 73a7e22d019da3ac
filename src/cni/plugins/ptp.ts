/** `ptp`: a veth pair whose host end routes to the container, with no bridge between. */
import { failure } from '../error.ts';
import { flag, integer, readFields, type Values } from '../fields.ts';
import { enableForwarding } from '../forwarding.ts';
import { addIpam, checkIpam, delIpam, gcIpam, statusIpam } from '../ipam.ts';
import { checkConfigured } from '../check.ts';
import { checkInterface } from '../link.ts';
import type { Firewall } from '../firewall.ts';
import { MASQUERADE, masqueradeRules } from '../masquerade.ts';
import type { Plugin } from '../plugin.ts';
import type { CniRequest } from '../request.ts';
import { hasDns, type Result } from '../result.ts';
import { Side, Undo } from '../side.ts';
import { makePair, pairInterfaces } from '../veth.ts';
import { subnetOf, wholeOf } from '../subnet.ts';

const fields = { ipMasq: flag(), mtu: integer(0) };

function add(request: CniRequest, firewall: Firewall): Result {
  const config = readFields(fields, request.config);
  return Side.at(undefined, (host) => Side.at(request.netns, (inner) => Undo.around((undo) => attach(request, config, firewall, host, inner, undo))));
}
function attach(request: CniRequest, { ipMasq, mtu }: Values<typeof fields>, firewall: Firewall, host: Side, inner: Side, undo: Undo): Result {
  const given = addIpam(request, undo), ips = (given.ips ?? []).map((ip) => ({ ...ip, interface: 1 }));
  enableForwarding(ips);
  const pair = makePair(host, inner, request.ifname, { mtu }, undo);
  inner.configure(pair.inner, ips, given.routes ?? []);
  for (const { address, gateway } of ips) {
    if (gateway === undefined) throw failure(`IPAM gave no gateway for ${address}`);
    const own = address.split('/')[0] as string, subnet = subnetOf(address);
    // Nothing but the gateway is on the link: the rest of the subnet is behind it.
    inner.nl.route.delete({ dst: subnet, dev: pair.inner.index });
    inner.route(pair.inner.index, { dst: wholeOf(gateway) }, { scope: 'link', prefsrc: own });
    inner.route(pair.inner.index, { dst: subnet, gw: gateway }, { prefsrc: own });
    host.nl.address.add(pair.host.index, wholeOf(gateway));
    host.route(pair.host.index, { dst: wholeOf(own) }, { scope: 'host' });
  }
  if (ipMasq) firewall.add(request, MASQUERADE, masqueradeRules(ips), undo);
  const now = { host: host.nl.link.get(pair.host.index), inner: inner.nl.link.get(pair.inner.index) };
  return { interfaces: pairInterfaces(now, request.netns), ips, routes: given.routes ?? [], dns: hasDns(request.dns) ? request.dns : given.dns ?? {} };
}

export const ptp: Plugin = {
  add,
  del(request, firewall) {
    delIpam(request);
    Side.where(request.netns, (inner) => { inner.drop(request.ifname); });
    if (readFields(fields, request.config).ipMasq) firewall.drop(request, MASQUERADE);
  },
  check(request) {
    checkIpam(request);
    if (!request.prevResult) throw failure('Required prevResult missing');
    const former = request.prevResult;
    Side.at(request.netns, (inner) => checkConfigured(inner, checkInterface(inner, request, 'veth'), former));
  },
  status: statusIpam,
  gc(request, firewall) {
    gcIpam(request);
    if (readFields(fields, request.config).ipMasq) firewall.sweep(request, MASQUERADE);
  },
};
