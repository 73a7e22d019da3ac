/** Passes by compiling: what the facade's types promise, and what they refuse. */
import { other } from '../../src/codec/index.ts';
import type { Address, Link, Neighbour, Route, Rule } from '../../src/families/route/index.ts';
import { bridge, link, macvlan, veth, vxlan, type LinkInput, type Listing, type Netlink, type NetlinkSync, type Watch, type WatchEvent } from '../../src/route/index.ts';

type Same<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false;
const holds = <T extends true>(): T | undefined => undefined;

/** Promises here, values there, from one declaration. */
export async function shapes(nl: Netlink, sync: NetlinkSync): Promise<void> {
  const [later, now] = [nl.link.get('lo'), sync.link.get('lo')];
  holds<Same<typeof later, Promise<Link>>>();
  holds<Same<typeof now, Link>>();
  const [listing, list] = [nl.address.list({ dev: 'lo' }), sync.address.list()];
  holds<Same<typeof listing, Listing<Address>>>();
  holds<Same<typeof list, Address[]>>();
  holds<Same<ReturnType<typeof sync.nsid.get>, number | undefined>>();
  for await (const each of nl.link.list({ kind: 'bridge' })) {
    if (each.linkinfo?.kind === 'bridge') { const delay = each.linkinfo.data?.forwardDelay; holds<Same<typeof delay, number | undefined>>(); }
    // @ts-expect-error: the kind has not been looked at
    void each.linkinfo?.data?.forwardDelay;
  }
  // What is listed goes back in.
  const [route] = sync.route.list(), [rule] = sync.rule.list(), [neighbour] = sync.neighbour.list();
  if (route && rule && neighbour) { sync.route.add(route); sync.rule.add(rule); sync.neighbour.add(neighbour); sync.fdb.add(neighbour); }
  holds<Same<typeof route, Route | undefined>>();
  holds<Same<typeof rule, Rule | undefined>>();
  holds<Same<typeof neighbour, Neighbour | undefined>>();
}

/** What is selected is checked. */
export function selected(sync: NetlinkSync): void {
  sync.link.list({ select: ['ifname', 'linkinfo.kind', 'index'] });
  sync.route.list({ select: ['dst', 'multipath'] });
  // @ts-expect-error: a typo in a key
  sync.link.list({ select: ['ifnmae'] });
  // @ts-expect-error: no key of routes
  sync.route.list({ select: ['ifname'] });
  // @ts-expect-error: rules have no next hops
  sync.rule.list({ select: ['gateway'] });
}

/** What traffic control takes is as its schemas say; members of structs may be left out, in lists as well. */
export function trafficControl(sync: NetlinkSync): void {
  sync.qdisc.add({ dev: 'd0', kind: 'taprio', options: { priomap: { numTc: 2, prioTcMap: [0, 1] }, schedClockid: 11, schedEntryList: { entry: [{ cmd: 'setGates', gateMask: 1, interval: 300_000 }] } } });
  sync.qdisc.change({ dev: 'd0', kind: 'gred', options: { parms: [{ DP: 1, limit: 60_000, qthMin: 15_000, qthMax: 25_000 }], vqList: { entry: [{ dp: 1, flags: ['ecn'] }] } } });
  sync.action.add({ kind: 'gate', options: { parms: { action: 'pipe' }, clockid: 11, entryList: { oneEntry: [{ gate: true, interval: 200_000_000 }] } } });
  sync.filter.add({ dev: 'd0', parent: 'ingress', kind: 'basic', options: { ematches: { hdr: { nmatches: 1 }, list: [{ kind: 'ipset', data: { index: 3, dim: 1, flags: 2 } }] } } });
  // @ts-expect-error: a typo in an option
  sync.qdisc.add({ dev: 'd0', kind: 'etf', options: { parms: { detla: 5 } } });
  // @ts-expect-error: a typo in a command
  sync.qdisc.add({ dev: 'd0', kind: 'taprio', options: { schedEntryList: { entry: [{ cmd: 'setGate' }] } } });
}

export const good: LinkInput[] = [
  bridge('br0', { forwardDelay: 400 }, { up: true }),
  veth('v0', { peer: { ifname: 'eth0', namespace: 's1', linkinfo: { kind: 'veth' } } }, { master: 'br0', mtu: 1400 }),
  macvlan('m0', { mode: 'bridge' }, { link: 'eth0', address: '02:00:00:00:00:01' }),
  vxlan('x0', { id: 7, link: 'eth0' }),
  link('vlan')('v0.5', { id: 5 }, { link: 3 }),
  { ifname: 'br0', linkinfo: { kind: 'bridge', data: { vlanFiltering: 1 } } },
  // Names, where the schema has numbers.
  { ifname: 'x1', linkinfo: { kind: 'vxlan', data: { id: 7, link: 'eth0' } } },
  { ifname: 'odd', linkinfo: { kind: other('nonesuch') } },
  { master: null, linkinfo: { slaveKind: 'bridge', slaveData: { cost: 5 } } },
];
// @ts-expect-error: a typo in a setting
bridge('br0', { vlanFiltring: 1 });
// @ts-expect-error: a bridge has no peer
bridge('br0', { peer: { ifname: 'v1' } });
// @ts-expect-error: a typo in a mode
macvlan('m0', { mode: 'brigde' });
// @ts-expect-error: a typo in the peer
veth('v0', { peer: { ifnmae: 'v1' } });
// @ts-expect-error: a typo in what every link has
veth('v0', {}, { mtuu: 1400 });
// @ts-expect-error: a kind without a schema
link('nonesuch');
export const bad: LinkInput[] = [
  // @ts-expect-error: a kind that is not declared
  { linkinfo: { kind: 'brigde' } },
  // @ts-expect-error: a setting of another kind
  { linkinfo: { kind: 'macvlan', data: { forwardDelay: 400 } } },
  // @ts-expect-error: a typo in a setting
  { linkinfo: { kind: 'bridge', data: { vlanFiltring: 1 } } },
];

/** What is watched says what is told. */
export async function watched(nl: Netlink): Promise<void> {
  const both = nl.watch(['link', 'route']);
  holds<Same<typeof both, Watch<'link' | 'route'>>>();
  for await (const event of both) {
    // @ts-expect-error: an overrun has no object
    void event.object;
    if (event.change === 'overrun') continue;
    if (event.kind === 'link') holds<Same<typeof event.object, Link>>();
    else holds<Same<typeof event.object, Route>>();
  }
  // @ts-expect-error: nothing of that name
  nl.watch(['lnik']);
  const one: WatchEvent<'link'> = { change: 'overrun' };
  void one;
}

export function arguments_(sync: NetlinkSync): void {
  sync.route.add({ dst: 'default', gateway: '10.0.0.1', type: 'unicast' });
  sync.address.add('lo', '10.0.0.1/8', { flags: ['nodad'] });
  // @ts-expect-error: a route needs a destination
  sync.route.add({ gateway: '10.0.0.1' });
  // @ts-expect-error: a typo in a type
  sync.route.add({ dst: 'default', type: 'blakchole' });
  // @ts-expect-error: a typo in a flag
  sync.address.add('lo', '10.0.0.1/8', { flags: ['nodda'] });
  // @ts-expect-error: a typo in an action
  sync.rule.add({ action: 'prohibited' });
  // @ts-expect-error: a typo in a state
  sync.neighbour.add({ dev: 'lo', dst: '10.0.0.1', state: ['permanant'] });
  // @ts-expect-error: there is no watching on the spot
  void sync.watch;
}
