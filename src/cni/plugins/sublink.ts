/** `macvlan`, `ipvlan` and `vlan`: an interface of the container on a link of the host (drivers/net/macvlan.c, drivers/net/ipvlan, net/8021q). */
import { CniError, codes, failure, misconfigured } from '../error.ts';
import { flag, integer, readFields, text, type Values } from '../fields.ts';
import { addIpam, checkIpam, delIpam, gcIpam, statusIpam } from '../ipam.ts';
import { checkConfigured } from '../check.ts';
import { checkInterface, defaultInterface, fittingMtu, interfaceOf, masterLink, wantedMac, withFreeName } from '../link.ts';
import type { Link } from '../../families/route/index.ts';
import type { Plugin } from '../plugin.ts';
import type { CniRequest } from '../request.ts';
import { hasDns, type Result } from '../result.ts';
import { setAll, Side, Undo } from '../side.ts';

const fields = { master: text(''), mode: text(''), mtu: integer(0), linkInContainer: flag(), mac: text(''), vlanId: integer(0) };
const MODES = { macvlan: ['bridge', 'private', 'vepa', 'passthru'], ipvlan: ['l2', 'l3', 'l3s'], vlan: [] } as const;
type Kind = keyof typeof MODES;
const LAST_VLAN = 4094;

/** What the kernel is told of its kind. @throws {CniError} */
function dataOf(kind: Kind, { mode, vlanId }: Values<typeof fields>): Record<string, unknown> {
  if (kind === 'vlan') {
    if (vlanId < 0 || vlanId > LAST_VLAN) throw misconfigured(`invalid VLAN ID ${vlanId} (must be between 0 and ${LAST_VLAN})`);
    return { id: vlanId };
  }
  if (mode !== '' && !MODES[kind].some((one) => one === mode)) throw misconfigured(`unknown ${kind} mode: ${JSON.stringify(mode)}`);
  return { mode: mode || MODES[kind][0] };
}
/** @throws {CniError} where the kernel has another mode, or VLAN */
function checkData(kind: Kind, { ifname, linkinfo }: Link, data: Record<string, unknown>): void {
  const there = (linkinfo as { data?: Record<string, unknown> } | undefined)?.data ?? {};
  for (const [key, value] of Object.entries(data)) if (there[key] !== value) throw new CniError(codes.failed, `${kind} ${ifname} has ${key} ${there[key]}, not ${value}`);
}

/** The link below: the configuration's, of a chain the one that was made before, or that of the default route. */
function masterName(kind: Kind, master: string, request: CniRequest, side: Side): string {
  if (master !== '') return master;
  if (kind === 'vlan') throw misconfigured('"master" field is required. It specifies the interface to create the VLAN for.');
  if (kind === 'macvlan' || !request.prevResult) return defaultInterface(side);
  const { interfaces = [] } = request.prevResult;
  if (interfaces.length === 1 && interfaces[0]?.name) return interfaces[0].name;
  throw misconfigured('chained master failure. PrevResult lacks a single named interface');
}

const make = (kind: Kind): Plugin => {
  function add(request: CniRequest): Result {
    const config = readFields(fields, request.config);
    const data = dataOf(kind, config);
    return Side.at(undefined, (host) => Side.at(request.netns, (inner) => Undo.around((undo) => attach(request, config, data, host, inner, undo))));
  }
  function attach(request: CniRequest, { master, mtu, linkInContainer, mac }: Values<typeof fields>, data: object, host: Side, inner: Side, undo: Undo): Result {
    const below = linkInContainer ? inner : host, parent = masterLink(below, masterName(kind, master, request, below));
    const address = kind === 'macvlan' ? wantedMac(request, mac) : undefined, fitting = fittingMtu(mtu, parent);
    const temporary = withFreeName((ifname) => {
      below.nl.link.add({
        ifname, link: parent.index, mtu: fitting, txqlen: 0, ...(address !== undefined && { address }),
        ...(inner.fd !== undefined && { namespace: { fd: inner.fd } }), linkinfo: { kind, data } as never,
      });
      return ifname;
    }, () => undefined);
    let index = 0;
    undo.push(() => inner.drop(index || temporary));
    ({ index } = inner.nl.link.get(temporary));
    inner.nl.link.set(index, { ifname: request.ifname });
    const given = request.ipam.type !== '' || kind === 'vlan' ? addIpam(request, undo) : kind === 'ipvlan' && request.prevResult?.ips?.length ? request.prevResult : undefined;
    if (given && kind !== 'vlan') inner.inside(() => setAll([[`ipv4/conf/${request.ifname}/arp_notify`, '1']]));
    else if (!given && kind === 'ipvlan') throw failure('no plugin name provided');
    const ips = (given?.ips ?? []).map((ip) => ({ ...ip, interface: 0 }));
    inner.configure(inner.nl.link.get(index), ips, given?.routes ?? []);
    return { interfaces: [interfaceOf(inner.nl.link.get(index), request.netns)], ips, routes: given?.routes ?? [], dns: hasDns(request.dns) ? request.dns : given?.dns ?? {} };
  }
  return {
    add,
    del(request) {
      if (request.ipam.type !== '') delIpam(request);
      Side.where(request.netns, (inner) => { inner.drop(request.ifname); });
    },
    check(request) {
      if (request.ipam.type !== '') checkIpam(request);
      if (!request.prevResult) throw failure('Required prevResult missing');
      const former = request.prevResult;
      Side.at(request.netns, (inner) => {
        const link = checkInterface(inner, request, kind);
        checkData(kind, link, dataOf(kind, readFields(fields, request.config)));
        checkConfigured(inner, link, former);
      });
    },
    status: statusIpam,
    gc: gcIpam,
  };
};

export const macvlan: Plugin = make('macvlan');
export const ipvlan: Plugin = make('ipvlan');
export const vlan: Plugin = make('vlan');
