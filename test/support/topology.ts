/** Facts made by hand, and graphs of any shape, for the tests of topology. */
import fc from 'fast-check';
import type { Address, Link, Route } from '../../src/families/route/index.ts';
import type { Facts, NamespaceFacts } from '../../src/topology/index.ts';

type Loose = Record<string, unknown>;

/** A link that is up, as the kernel describes it. */
export const link = (index: number, ifname: string, more: Loose = {}): Link =>
  ({ family: 'unspec', type: 1, index, flags: ['up'], change: [], ifname, operstate: 'up', mtu: 1500, address: `02:00:00:00:00:${index.toString(16).padStart(2, '0')}`, ...more }) as unknown as Link;
export const kind = (name: string, data: Loose = {}): Loose => ({ linkinfo: { kind: name, data } });
export const address = (index: number, text: string, more: Loose = {}): Address => {
  const [local, length] = text.split('/');
  return { family: text.includes(':') ? 'inet6' : 'inet', index, address: local, local, prefixlen: Number(length), scope: 'universe', flags: [], ...more } as unknown as Address;
};
export const defaultRoute = (oif: number, gateway: string, more: Loose = {}): Route =>
  ({ family: gateway.includes(':') ? 'inet6' : 'inet', dstLen: 0, table: 'main', type: 'unicast', scope: 'universe', oif, gateway, ...more }) as unknown as Route;
const vlans = (index: number, ...info: Loose[]): Link => ({ family: 'bridge', index, flags: [], afSpec: { vlanInfo: info } }) as unknown as Link;

/** A host with a bridge that filters VLANs, two containers on it, one with a macvlan that a third namespace got, a tunnel, a bond, a VRF. */
export const host: NamespaceFacts = {
  inode: 1, current: true, names: [], process: { pid: 1, name: 'init' },
  links: [
    link(1, 'lo', { type: 772, address: '00:00:00:00:00:00', operstate: 'unknown' }),
    link(2, 'eth0', { master: 9 }), link(3, 'eth1', { master: 9, operstate: 'down' }),
    link(4, 'br0', kind('bridge', { vlanFiltering: 1 })),
    link(5, 'v-web', { ...kind('veth'), master: 4, link: 2, linkNetnsid: 0 }),
    link(6, 'v-db', { ...kind('veth'), master: 4, link: 2, linkNetnsid: 1 }),
    link(7, 'vx42', { ...kind('vxlan', { id: 42, link: 10, group: '198.51.100.7' }), master: 4 }),
    link(8, 'vrf-red', kind('vrf', { table: 10 })),
    link(9, 'bond0', kind('bond', { mode: 'activebackup' })),
    link(10, 'bond0.7', { ...kind('vlan', { id: 7 }), link: 9 }),
    link(11, 'tun0', { ...kind('gre', { link: 0, local: '192.0.2.1', remote: '192.0.2.9' }), master: 8, link: 0 }),
    link(12, 'idle', { flags: [], operstate: 'down' }),
  ],
  ports: [
    vlans(4, { vid: 1, flags: ['pvid', 'untagged'] }),
    vlans(5, { vid: 1, flags: ['pvid', 'untagged'] }, { vid: 10, flags: ['rangeBegin'] }, { vid: 20, flags: ['rangeEnd'] }),
    vlans(6, { vid: 10, flags: ['pvid', 'untagged'] }),
  ],
  addresses: [address(1, '127.0.0.1/8', { scope: 'host' }), address(4, '10.0.0.1/24'), address(10, '192.0.2.1/24'), address(4, 'fe80::1/64', { scope: 'link' })],
  routes: [defaultRoute(10, '192.0.2.254')],
  ids: { 0: 1, 1: 2 },
};
export const web: NamespaceFacts = {
  inode: 2, names: [], process: { pid: 100, name: 'nginx' }, container: { engine: 'docker', id: 'a'.repeat(64), name: 'web' },
  links: [link(1, 'lo', { type: 772 }), link(2, 'eth0', { ...kind('veth'), link: 5, linkNetnsid: 0 }), link(3, 'mv0', { ...kind('macvlan', { mode: 'bridge' }), link: 2 })],
  addresses: [address(2, '10.0.0.2/24'), address(3, '10.0.0.9/24')],
  routes: [defaultRoute(2, '10.0.0.1'), defaultRoute(2, 'fe80::1', { priority: 512 })],
  ids: { 0: 0 },
};
/** Could not be entered. */
export const db: NamespaceFacts = { inode: 3, names: ['db'] };
/** Has a macvlan of the container's, and a pair whose other end is in a namespace that nobody found. */
export const lab: NamespaceFacts = {
  inode: 4, names: ['lab'],
  links: [link(3, 'mg', { ...kind('macvlan', { mode: 'bridge' }), link: 2, linkNetnsid: 4 }), link(4, 'out', { ...kind('veth'), link: 7, linkNetnsid: 9 })],
  addresses: [], ids: { 4: 1 },
};
/** A host with an uplink and bridges of `count` containers each; every tenth container has a macvlan besides, every seventh port is of a filtering bridge. */
export function crowd(count: number, bridges = 1, named = (n: number): string => `c${n}`): Facts {
  const ids: { [nsid: number]: number } = {}, namespaces: NamespaceFacts[] = [], links = [link(1, 'lo', { type: 772, operstate: 'unknown' }), link(2, 'eth0')], ports: Link[] = [], addresses = [address(2, '192.0.2.1/24')];
  for (let b = 0; b < bridges; b++) {
    const bridge = 3 + b, filters = b % 2 === 1;
    links.push(link(bridge, `br${b}`, kind('bridge', filters ? { vlanFiltering: 1 } : {})));
    addresses.push(address(bridge, `10.${b}.0.1/16`));
    for (let i = 0; i < count; i++) {
      const n = b * count + i, index = 100 + n, inode = 1000 + n;
      ids[n] = n + 1;
      links.push(link(index, `veth${n}`, { ...kind('veth'), master: bridge, link: 2, linkNetnsid: n }));
      if (filters) ports.push(vlans(index, { vid: 1, flags: ['pvid', 'untagged'] }, ...(i % 7 === 0 ? [{ vid: 10, flags: ['rangeBegin'] }, { vid: 20, flags: ['rangeEnd'] }] : [])));
      namespaces.push({
        inode, names: [named(n)], ids: { 0: 0 }, addresses: [address(2, `10.${b}.${i >> 8}.${i & 255}/16`)], routes: [defaultRoute(2, `10.${b}.0.1`)],
        links: [link(1, 'lo', { type: 772 }), link(2, 'eth0', { ...kind('veth'), link: index, linkNetnsid: 0 }), ...(i % 10 === 9 ? [link(3, 'mv0', { ...kind('macvlan', { mode: 'bridge' }), link: 2 })] : [])],
      });
    }
  }
  return { namespaces: [{ inode: 1, current: true, names: [], process: { pid: 1, name: 'init' }, links, ports, addresses, routes: [defaultRoute(2, '192.0.2.254')], ids }, ...namespaces], unseen: [] };
}
export const facts: Facts = { namespaces: [host, web, db, lab], unseen: ['what is in db (EPERM): to enter a namespace takes CAP_SYS_ADMIN'] };

const name = fc.string({ unit: 'binary', minLength: 1, maxLength: 12 });
const index = fc.integer({ min: 0, max: 6 });
const anyLink = fc.record({
  index: fc.integer({ min: 1, max: 6 }), ifname: name, type: fc.constantFrom(1, 772), flags: fc.subarray(['up']), operstate: fc.constantFrom('up', 'down', 'unknown', 'dormant'),
  linkinfo: fc.record({ kind: fc.constantFrom('veth', 'bridge', 'macvlan', 'vxlan', 'vrf', 'bond', 'vlan', 'strange'), data: fc.record({ vlanFiltering: fc.constantFrom(0, 1), id: index, link: index, mode: name, local: fc.ipV4() }, { requiredKeys: [] }) }),
  link: index, linkNetnsid: fc.integer({ min: 0, max: 3 }), master: index, address: name,
}, { requiredKeys: ['index', 'ifname', 'type', 'flags', 'linkinfo'] });
const anyNamespace = fc.record({
  inode: fc.nat(), current: fc.boolean(), names: fc.array(name, { maxLength: 2 }), mount: name, process: fc.record({ pid: fc.nat(), name }), container: fc.record({ id: name, name }),
  links: fc.uniqueArray(anyLink, { maxLength: 6, selector: (one) => one.index }),
  ports: fc.array(fc.record({ index, afSpec: fc.record({ vlanInfo: fc.array(fc.record({ vid: fc.nat(4094), flags: fc.subarray(['pvid', 'untagged', 'rangeBegin', 'rangeEnd']) }), { maxLength: 3 }) }) }), { maxLength: 3 }),
  addresses: fc.array(fc.tuple(index, fc.ipV4()).map(([i, text]) => address(i, `${text}/24`)), { maxLength: 3 }),
  routes: fc.array(index.map((i) => defaultRoute(i, '10.0.0.1')), { maxLength: 2 }),
  ids: fc.dictionary(fc.constantFrom('0', '1', '2', '3'), fc.integer({ min: 0, max: 4 })),
}, { requiredKeys: [] });
/** What no kernel would say, too: circles, ends that lead nowhere, names of any letters. */
export const anyFacts: fc.Arbitrary<Facts> = fc.record({ namespaces: fc.array(anyNamespace, { maxLength: 5 }), unseen: fc.array(name, { maxLength: 1 }) }) as unknown as fc.Arbitrary<Facts>;

/** What can hang on a link many times: ports with a container each, ports of nothing, links of namespaces beside, and a VLAN on top. */
export type Hung = 'veth' | 'tap' | 'macvlan';
/** Any facts, and a link in the first namespace that many others hang on. */
export const anyCrowd: fc.Arbitrary<Facts> = fc.tuple(anyFacts, fc.uniqueArray(fc.constantFrom<Hung>('veth', 'tap', 'macvlan'), { minLength: 1 }), fc.integer({ min: 20, max: 30 }), fc.boolean()).map(([some, hung, count, stacked]) => {
  const [first = { inode: 1, current: true, names: ['host'] }, ...others] = some.namespaces as NamespaceFacts[], HUB = 5000, links = [link(HUB, 'hub', kind('bridge')), ...(stacked ? [link(HUB + 1, 'hub.5', { ...kind('vlan', { id: 5 }), link: HUB })] : [])];
  const ids: { [nsid: number]: number } = { ...first.ids }, added: NamespaceFacts[] = [], place = (more: Loose, own: number): void => {
    const nsid = 5000 + added.length;
    ids[nsid] = 1 + others.length + added.length;
    added.push({ inode: 9000 + added.length, names: [`m${added.length}`], ids: { 0: 0 }, addresses: own % 3 === 0 ? [address(2, '10.0.0.1/8')] : [], links: [link(2, 'eth0', more), ...(own % 4 === 0 ? [link(3, 'sub', { ...kind('vlan', { id: own }), link: 2 })] : [])] });
  };
  for (const what of hung) for (let n = 0; n < count; n++) {
    const index = HUB + 100 + links.length;
    if (what === 'macvlan') { place({ ...kind('macvlan'), link: HUB, linkNetnsid: 0 }, n); continue; }
    links.push(link(index, `${what}${n}`, { ...(what === 'veth' ? { ...kind('veth'), link: 2, linkNetnsid: 5000 + added.length } : kind('tun')), master: HUB }));
    if (what === 'veth') place({ ...kind('veth'), link: index, linkNetnsid: 0 }, n);
  }
  return { namespaces: [{ ...first, ids, links: [...(first.links ?? []), ...links] }, ...others, ...added], unseen: [] };
});

/** @throws when a text is not well-formed XML 1.0 (of the subset without doctype, CDATA and processing instructions) */
export function checkXml(xml: string): void {
  // eslint-disable-next-line no-control-regex
  if (/[^\t\n\r -\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/u.test(xml)) throw new Error('a character that XML does not have');
  const open: string[] = [];
  let roots = 0;
  const rest = xml.replace(/<(\/?)([a-z]+)((?: [a-zA-Z:-]+="[^"<&]*")*)(\/?)>/g, (_, end: string, tag: string, settings: string, empty: string) => {
    const keys = [...settings.matchAll(/ ([a-zA-Z:-]+)=/g)].map(([, key]) => key);
    if (new Set(keys).size < keys.length) throw new Error(`<${tag}>: an attribute is given twice`);
    if (end && open.pop() !== tag) throw new Error(`</${tag}> ends nothing`);
    if (!end && open.length === 0) roots++;
    if (!end && !empty) open.push(tag);
    return '';
  });
  if (open.length || roots !== 1) throw new Error(`${roots} roots, open: ${open.join(' ')}`);
  const odd = /<|>|&(?!#\d+;)/.exec(rest);
  if (odd) throw new Error(`not markup: ${rest.slice(odd.index, odd.index + 60)}`);
}
