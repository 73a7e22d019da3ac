/** Calls of the library that must be refused, in the rig of bad-lines.ts: what is thrown says what is wrong. */
import { route } from '../../src/families/route/index.ts';
import { attach, create, enter, execSync, namespacePath, pids, remove } from '../../src/namespace/index.ts';
import { bridge, macvlan, openSync, veth, vxlan, type NetlinkSync } from '../../src/route/index.ts';
import { Client } from '../../src/socket/index.ts';

export interface BadCall {
  readonly name: string;
  readonly call: (nl: NetlinkSync) => unknown;
  /** The class of what is thrown. */
  readonly error: 'NetlinkError' | 'EncodeError' | 'TypeError' | 'RangeError';
  readonly code?: string;
  readonly says: RegExp;
}

type Row = readonly [name: string, call: (nl: NetlinkSync) => unknown, says: RegExp];
const thrown = (error: BadCall['error'], rows: readonly Row[]): BadCall[] => rows.map(([name, call, says]) => ({ name, call, error, says }));
const kernel = (rows: readonly (readonly [...Row, code: string])[]): BadCall[] => rows.map(([name, call, says, code]) => ({ name, call, error: 'NetlinkError', code, says }));

const m = route.messages;
/** What a caller without types may say. */
const any = (value: unknown): never => value as never;

export const calls: readonly BadCall[] = [
  ...kernel([
    ['a name too long', (nl) => nl.link.add(bridge('a-name-of-sixteen')), /at ifname = "a-name-of-sixteen".*15 bytes/, 'ERANGE'],
    ["a peer's name too long", (nl) => nl.link.add(veth('n0', { peer: { ifname: 'a-name-of-sixteen' } })), /at linkinfo\.data\.peer\.ifname = "a-name-of-sixteen"/, 'ERANGE'],
    ['a kind that nobody knows', (nl) => nl.link.add(any({ ifname: 'n0', linkinfo: { kind: 'nosuchkind' } })), /Unknown device type.*module is missing/, 'EOPNOTSUPP'],
    ['a name that is taken', (nl) => nl.link.add(bridge('br0')), /a device of that name exists/, 'EEXIST'],
    ['a link that is not there', (nl) => nl.link.set('nope', { up: true }), /no interface 'nope'/, 'ENODEV'],
    ['a lower link that is not there', (nl) => nl.link.add(macvlan('n0', { mode: 'bridge' }, { link: 'nope' })), /no interface 'nope'/, 'ENODEV'],
    ['a macvlan without a lower link', (nl) => nl.link.add(macvlan('n0', { mode: 'bridge' })), /give "link"/, 'EINVAL'],
    ['a macvlan on a port', (nl) => nl.link.add(macvlan('n0', { mode: 'bridge' }, { link: 'v2' })), /a bridge port/, 'EBUSY'],
    ['a master that cannot', (nl) => nl.link.set('v0', { master: 'v1' }), /no such setting/, 'EOPNOTSUPP'],
    ['a bridge in itself', (nl) => nl.link.set('br0', { master: 'br0' }), /ELOOP/, 'ELOOP'],
    ['an MTU too small', (nl) => nl.link.set('v0', { mtu: 10 }), /mtu less than device minimum/, 'EINVAL'],
    ['the loopback deleted', (nl) => nl.link.delete('lo'), /RTM_DELLINK/, 'EOPNOTSUPP'],
    ['an altname that is taken', (nl) => nl.link.addAltnames('v0', ['altname-of-v1']), /EEXIST/, 'EEXIST'],
    ['a namespace that is not there', (nl) => nl.link.set('v0', { namespace: 'nosuch' }), /\/run\/netns\/nosuch/, 'ENOENT'],
    ['a namespace that is none', (nl) => nl.link.set('v0', { namespace: { path: '/etc/hostname' } }), /EINVAL/, 'EINVAL'],
    ['an address that is there', (nl) => nl.address.add('v0', '10.0.0.1/24'), /"replace" changes it/, 'EEXIST'],
    ['an address that is not there', (nl) => nl.address.delete('v0', '10.0.0.99/24'), /does not have that address/, 'EADDRNOTAVAIL'],
    ['an address of a link that is not there', (nl) => nl.address.add('nope', '10.0.0.9/24'), /no interface 'nope'/, 'ENODEV'],
    ['a route without a way out', (nl) => nl.route.add({ dst: '10.9.0.0/16' }), /a route needs a way out/, 'ENODEV'],
    ['a gateway out of reach', (nl) => nl.route.add({ dst: '10.9.0.0/16', gateway: '203.0.113.1' }), /the gateway is not reachable/, 'ENETUNREACH'],
    ['a route with bits behind its prefix', (nl) => nl.route.add({ dst: '10.9.0.1/16', gateway: '10.0.0.2' }), /Invalid prefix/, 'EINVAL'],
    ['a route that is there', (nl) => nl.route.add({ dst: '10.7.0.0/16', gateway: '10.0.0.2' }), /"replace" changes it/, 'EEXIST'],
    ['a route that is not there', (nl) => nl.route.delete({ dst: '10.99.0.0/16' }), /no route matches/, 'ESRCH'],
    ['no way to an address', (nl) => nl.route.get('203.0.113.1'), /ENETUNREACH/, 'ENETUNREACH'],
    ['a rule that is there', (nl) => nl.rule.add({ src: '10.0.0.0', srcLen: 24, table: 100, priority: 1000 }), /EEXIST/, 'EEXIST'],
    ['a rule that is not there', (nl) => nl.rule.delete({ priority: 4242 }), /ENOENT/, 'ENOENT'],
    ['a neighbour that is there', (nl) => nl.neighbour.add({ dev: 'v0', dst: '10.0.0.33', lladdr: '02:00:00:00:00:44' }), /EEXIST/, 'EEXIST'],
    ['an entry at a link without a bridge', (nl) => nl.fdb.add({ dev: 'v0', lladdr: '02:00:00:00:00:99', flags: ['master'] }), /EOPNOTSUPP/, 'EOPNOTSUPP'],
    ['a socket in a namespace that is not there', () => openSync({ namespace: 'nosuch' }), /no such network namespace: \/run\/netns\/nosuch/, 'ENOENT'],
    ['a socket in a file without a namespace', () => openSync({ namespace: 'gone' }), /not a network namespace/, 'EINVAL'],
    ['a socket in the namespace of a process that has ended', () => openSync({ namespace: 99999999 }), /\/proc\/99999999\/ns\/net/, 'ENOENT'],
    ['a client that is closed', () => { const closed = Client.open({ protocol: route }); closed.close(); return closed.requestSync({ message: m.getlink, body: { index: 1 } }); }, /closed/, 'ERR_NETLINK_CLOSED'],
    ['a namespace twice', () => create('s1'), /"s1" exists/, 'EEXIST'],
    ['a namespace that is not there, removed', () => remove('nosuch'), /\/run\/netns\/nosuch/, 'ENOENT'],
    ['a namespace that is not there, entered', () => enter('nosuch', () => 1), /\/run\/netns\/nosuch/, 'ENOENT'],
    ['a namespace that is not there, run in', () => execSync('nosuch', 'true'), /\/run\/netns\/nosuch/, 'ENOENT'],
    ['a namespace that is not there, its processes', () => pids('nosuch'), /nosuch/, 'ENOENT'],
    ['the namespace of nobody, named', () => attach('n1', { pid: 99999999 }), /99999999/, 'ENOENT'],
    ['a message of a next hop that is not there', (nl) => nl.client.requestSync({ message: m.getnexthop, body: { id: 99 } }), /RTM_GETNEXTHOP: ENOENT/, 'ENOENT'],
    ['an index that no link has', (nl) => nl.client.requestSync({ message: m.newlink, body: { index: 9999, mtu: 1400 } }), /RTM_NEWLINK: ENODEV/, 'ENODEV'],
    ['an attribute of the wrong size', (nl) => nl.client.requestSync({ message: m.newaddr, body: { family: 'inet', index: 1, prefixlen: 99, local: '10.0.0.9' } }), /RTM_NEWADDR: EINVAL/, 'EINVAL'],
  ]),
  ...thrown('EncodeError', [
    ['a key that is none', (nl) => nl.link.add(any({ ifname: 'n0', linkinfo: { kind: 'bridge', data: { vlanFiltring: 1 } } })), /linkinfo\.data: 'vlanFiltring' is not a key.*did you mean 'vlanFiltering'/],
    ['a number that is text', (nl) => nl.link.set('v0', { mtu: any('1400') }), /mtu: "1400" is not a u32/],
    ['a number that is too large', (nl) => nl.link.set('v0', { mtu: 2 ** 32 }), /mtu: 4294967296 is not a u32/],
    ['a number below zero', (nl) => nl.link.set('v0', { mtu: -1 }), /mtu: -1 is not a u32/],
    ['a number with a fraction', (nl) => nl.link.set('v0', { mtu: 1.5 }), /mtu: 1\.5 is not a u32/],
    ['not a number', (nl) => nl.link.set('v0', { mtu: NaN }), /mtu: NaN is not a u32/],
    ['a mode that is none', (nl) => nl.link.add(macvlan('n0', { mode: any('brigde') }, { link: 'v0' })), /linkinfo\.data\.mode: 'brigde'.*did you mean 'bridge'/],
    ['a hardware address that is none', (nl) => nl.link.set('v0', { address: '02:zz:00:00:00:01' }), /address: "02:zz:00:00:00:01"/],
    ['an IPv4 address that is IPv6', (nl) => nl.link.add(vxlan('n0', { id: 7, group: 'ff05::100' })), /linkinfo\.data\.group: .* not an IPv4 address/],
    ['a flag that is none', (nl) => nl.client.requestSync({ message: m.newlink, body: { index: 1, flags: ['upp'] } }), /flags.*'upp'.*did you mean 'up'/],
    ['a request flag that is none', (nl) => nl.client.requestSync({ message: m.newlink, flags: [any('creat')], body: { ifname: 'n0' } }), /'creat' is no flag of a new request/],
    ['a name with a NUL', (nl) => nl.link.add(bridge('n\0')), /ifname/],
  ]),
  ...thrown('TypeError', [
    ['an address that is none', (nl) => nl.address.add('v0', '10.0.0.300/24'), /'10\.0\.0\.300' is not an IP address/],
    ['a prefix too long', (nl) => nl.address.add('v0', '10.0.0.9/33'), /'10\.0\.0\.9\/33': the prefix length goes from 0 to 32/],
    ['a destination that is none', (nl) => nl.route.add({ dst: 'nowhere', gateway: '10.0.0.2' }), /'nowhere' is not an IP address/],
    ['a table that is none', (nl) => nl.route.add({ dst: '10.9.0.0/16', gateway: '10.0.0.2', table: 'mian' }), /no table 'mian', did you mean 'main'/],
    ['a link without a kind', (nl) => nl.link.add(any({ ifname: 'n0' })), /needs a kind/],
    ['a key to select that is none', (nl) => nl.link.list({ select: [any('ifnam')] }), /did you mean 'ifname'/],
    ['a group that is none', (nl) => nl.client.monitor([any('lnik')]), /'lnik' is no multicast group of route: link, /],
    ['no link', (nl) => nl.link.add(any(undefined)), /needs a kind/],
    ['nothing to set', (nl) => nl.link.set('v0', any(undefined)), /a link is described by an object, .*, not undefined/],
    ['a link by nothing', (nl) => nl.link.set(any(undefined), { up: true }), /a name or an index, not undefined/],
    ['a link by nothing, deleted', (nl) => nl.link.delete(any(null)), /a name or an index, not null/],
    ['a link by an object', (nl) => nl.address.add(any({ index: 1 }), '10.0.0.9/24'), /a name or an index, not an object/],
    ['a peer that is a name', (nl) => nl.link.add(veth('n0', { peer: any('n1') })), /a link is described by an object, .*, not "n1"/],
    ['no route', (nl) => nl.route.add(any(undefined)), /a route is described by an object/],
    ['a route to nowhere', (nl) => nl.route.add(any({ gateway: '10.0.0.2' })), /undefined is not an IP address/],
    ['a namespace where options belong', () => openSync(any('s1')), /options are an object, .*, not "s1"/],
    ['a namespace without a name', () => create(any(undefined)), /undefined cannot name a network namespace/],
    ['a namespace that is a number', () => create(any(5)), /5 cannot name a network namespace/],
    ['a namespace that is an empty object', () => openSync({ namespace: any({}) }), /undefined cannot name a network namespace/],
    ['a name with a slash', () => create('a/b'), /"a\/b" cannot name a network namespace/],
    ['a name that is empty', () => remove(''), /"" cannot name a network namespace/],
    ['a process that cannot be', () => namespacePath(-1), /-1 is not a process id/],
    ['waiting in another namespace', () => enter('s1', async () => 1), /must be synchronous/],
  ]),
];
