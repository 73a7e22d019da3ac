/** Configurations that nlkit's CNI plugins and the reference plugins both get; the kernel must be left in the same state. */

/** What a kernel may lack. */
export type Need = 'ifb' | 'ipvlan' | 'macvlan' | 'vlan' | 'vlan_filtering' | 'vrf';
export interface CniCase {
  readonly name: string;
  readonly config: Readonly<Record<string, unknown>>;
  /** Command lines that prepare the host's namespace; `$C` is the container's. */
  readonly before?: readonly string[];
  readonly needs?: Need;
  readonly ifname?: string;
  readonly args?: string;
  /** ADD for this many containers, one after the other. Default 1. */
  readonly containers?: number;
  /** The former result of a chain, given to ADD. */
  readonly prevResult?: object | undefined;
}

const v4 = { type: 'host-local', subnet: '10.77.0.0/16' };
const v6 = { type: 'host-local', subnet: 'fd00:77::/64' };
const both = { type: 'host-local', ranges: [[{ subnet: '10.77.0.0/16' }], [{ subnet: 'fd00:77::/64' }]] };
const routes = [{ dst: '0.0.0.0/0' }, { dst: '192.168.0.0/24', gw: '10.77.0.9' }];
const bridge = (more: object, ipam: object | null = v4): Record<string, unknown> => ({ cniVersion: '1.0.0', name: 'net', type: 'bridge', bridge: 'br0', ...(ipam && { ipam }), ...more });
const parent = ['ip link add p0 type veth peer name p1', 'ip link set p0 up', 'ip link set p1 up'];
const sub = (type: string, more: object, ipam: object | null = v4): Record<string, unknown> => ({ cniVersion: '1.0.0', name: 'net', type, master: 'p0', ...(ipam && { ipam }), ...more });
const ptp = (more: object, ipam: object): Record<string, unknown> => ({ cniVersion: '1.0.0', name: 'net', type: 'ptp', ipam, ...more });
/** A plugin that is called in a chain, behind one that made eth0. */
const chained = (name: string, config: object, more: Partial<CniCase> = {}, version?: '0.4.0'): CniCase => ({
  name, config: { cniVersion: version ?? '1.0.0', name: 'net', ...config }, before: ['ip -n $C link add eth0 type veth peer name x', 'ip -n $C link set eth0 up', 'ip -n $C link set x up'],
  prevResult: {
    cniVersion: version ?? '1.0.0', interfaces: [{ name: 'br0', mac: '02:11:22:33:44:01' }, { name: 'eth0', mac: '02:11:22:33:44:02', sandbox: '/run/netns/c0' }],
    ips: [{ ...(version && { version: '4' }), address: '10.60.0.5/24', interface: 1 }], dns: {},
  },
  ...more,
});
/** The same behind one that made a veth pair and gave it addresses and routes. */
const pair = (name: string, config: object, more: Partial<CniCase> = {}): CniCase => ({
  name, config: { cniVersion: '1.0.0', name: 'net', ...config },
  before: [
    'ip link add h0 type veth peer name eth0 netns $C', 'ip link set h0 up mtu 1400', 'ip -n $C link set eth0 up', 'ip -n $C addr add 10.60.0.5/24 dev eth0', 'ip -n $C addr add fd00:60::5/64 dev eth0',
    'ip -n $C route add default via 10.60.0.1', 'ip -n $C route add 192.168.0.0/24 via 10.60.0.9', 'ip -n $C route add default via fd00:60::1',
  ],
  prevResult: {
    cniVersion: '1.0.0', interfaces: [{ name: 'h0', mac: '02:11:22:33:44:01' }, { name: 'eth0', mac: '02:11:22:33:44:02', sandbox: '/run/netns/c0' }],
    ips: [{ address: '10.60.0.5/24', gateway: '10.60.0.1', interface: 1 }, { address: 'fd00:60::5/64', gateway: 'fd00:60::1', interface: 1 }], routes: [{ dst: '0.0.0.0/0' }], dns: {},
  },
  ...more,
});
const slow = { ingressRate: 1_000_000, ingressBurst: 800_000, egressRate: 2_000_000, egressBurst: 1_600_000 };
const tagged = (more: object, ipam: object | null = v4): Record<string, unknown> => sub('vlan', { vlanId: 5, ...more }, ipam);
const given = (more: object, ipam?: object): Record<string, unknown> => ({ cniVersion: '1.0.0', name: 'net', type: 'host-device', device: 'p0', ...(ipam && { ipam }), ...more });
const device = ['ip link add p0 index 70 address 02:11:22:33:44:70 type veth peer name p1', 'ip link set p1 up'];

export const cases: readonly CniCase[] = [
  { name: 'loopback', config: { cniVersion: '1.0.0', name: 'net', type: 'loopback' }, ifname: 'lo' },
  { name: 'loopback 0.3.1', config: { cniVersion: '0.3.1', name: 'net', type: 'loopback' }, ifname: 'lo' },
  { name: 'loopback 0.2.0', config: { cniVersion: '0.2.0', name: 'net', type: 'loopback' }, ifname: 'lo' },

  { name: 'bridge', config: bridge({}) },
  { name: 'bridge, its own name', config: { cniVersion: '1.0.0', name: 'net', type: 'bridge', ipam: v4 } },
  ...['0.1.0', '0.2.0', '0.3.0', '0.3.1', '0.4.0'].map((cniVersion) => ({ name: `bridge ${cniVersion}`, config: bridge({ cniVersion, isDefaultGateway: true }, { ...both, routes: routes.slice(1) }) })),
  { name: 'bridge, no version', config: bridge({ cniVersion: undefined, isGateway: true }) },
  { name: 'bridge, without addresses', config: bridge({}, null) },
  { name: 'bridge isGateway', config: bridge({ isGateway: true }) },
  { name: 'bridge isGateway IPv6', config: bridge({ isGateway: true }, v6) },
  { name: 'bridge isGateway, both', config: bridge({ isGateway: true }, both) },
  { name: 'bridge isDefaultGateway', config: bridge({ isDefaultGateway: true }) },
  { name: 'bridge isDefaultGateway, both', config: bridge({ isDefaultGateway: true }, both) },
  { name: 'bridge isDefaultGateway, default route said', config: bridge({ isDefaultGateway: true }, { ...v4, routes: [{ dst: '0.0.0.0/0', gw: '10.77.0.5' }] }) },
  { name: 'bridge isDefaultGateway, default route without gateway', config: bridge({ isDefaultGateway: true }, { ...v4, routes }) },
  { name: 'bridge routes', config: bridge({ isGateway: true }, { ...v4, routes }) },
  { name: 'bridge routes twice', config: bridge({ isGateway: true }, { ...v4, routes: [{ dst: '0.0.0.0/0' }, { dst: '0.0.0.0/0' }] }) },
  { name: 'bridge routes IPv6', config: bridge({ isGateway: true }, { ...v6, routes: [{ dst: '::/0' }, { dst: 'fd01::/64', gw: 'fd00:77::9' }] }) },
  { name: 'bridge mtu', config: bridge({ mtu: 1300 }) },
  { name: 'bridge hairpinMode', config: bridge({ hairpinMode: true }) },
  { name: 'bridge promiscMode', config: bridge({ promiscMode: true }) },
  { name: 'bridge enabledad', config: bridge({ enabledad: true, isGateway: true }, v6) },
  { name: 'bridge dns', config: bridge({ dns: { nameservers: ['10.1.1.1'], domain: 'example.org', search: ['example.org'], options: ['ndots:2'] } }) },
  { name: 'bridge mac of the runtime', config: bridge({ capabilities: { mac: true }, runtimeConfig: { mac: '02:11:22:33:44:55' } }) },
  { name: 'bridge mac in args.cni', config: bridge({ args: { cni: { mac: '02:11:22:33:44:56' } } }) },
  { name: 'bridge mac in CNI_ARGS', config: bridge({}), args: 'IgnoreUnknown=1;MAC=02:11:22:33:44:57' },
  { name: 'bridge address in CNI_ARGS', config: bridge({}), args: 'IgnoreUnknown=1;IP=10.77.3.3' },
  { name: 'bridge addresses in args.cni', config: bridge({ args: { cni: { ips: ['10.77.9.9'] } } }) },
  { name: 'bridge three containers', config: bridge({ isDefaultGateway: true }, both), containers: 3 },
  { name: 'bridge that is there', config: bridge({ isGateway: true, mtu: 1400 }), before: ['ip link add br0 mtu 1450 type bridge forward_delay 400', 'ip link set br0 up'] },
  { name: 'bridge that is there and down', config: bridge({}), before: ['ip link add br0 type bridge'] },
  { name: 'bridge that has the address', config: bridge({ isGateway: true }), before: ['ip link add br0 type bridge', 'ip addr add 10.77.0.1/16 brd + dev br0'] },
  { name: 'bridge that has another address', config: bridge({ isGateway: true }), before: ['ip link add br0 type bridge', 'ip addr add 10.1.0.1/24 brd + dev br0'] },
  { name: 'bridge that has another address, forced', config: bridge({ isGateway: true, forceAddress: true }), before: ['ip link add br0 type bridge', 'ip addr add 10.1.0.1/24 brd + dev br0'] },
  { name: 'bridge that has another IPv6 address', config: bridge({ isGateway: true }, v6), before: ['ip link add br0 type bridge', 'ip addr add fd01::1/64 dev br0 nodad'] },
  { name: 'bridge that has an overlapping IPv6 address', config: bridge({ isGateway: true }, v6), before: ['ip link add br0 type bridge', 'ip addr add fd00:77::5/64 dev br0 nodad'] },
  { name: 'bridge that has an overlapping IPv6 address, forced', config: bridge({ isGateway: true, forceAddress: true }, v6), before: ['ip link add br0 type bridge', 'ip addr add fd00:77::5/64 dev br0 nodad'] },
  { name: 'bridge that is none', config: bridge({}), before: ['ip link add br0 type veth peer name br1'] },
  { name: 'bridge, the interface is there', config: bridge({}), before: ['ip -n $C link add eth0 type veth peer name x'] },
  { name: 'bridge, small range', config: bridge({ isGateway: true }, { type: 'host-local', subnet: '10.77.0.0/24', rangeStart: '10.77.0.10', rangeEnd: '10.77.0.11', gateway: '10.77.0.254' }), containers: 2 },
  { name: 'bridge, exhausted', config: bridge({ isGateway: true }, { type: 'host-local', subnet: '10.77.0.0/24', rangeStart: '10.77.0.10', rangeEnd: '10.77.0.11' }), containers: 3 },
  { name: 'bridge, subnet with host bits', config: bridge({ isGateway: true }, { type: 'host-local', subnet: '10.77.0.5/16' }) },
  { name: 'bridge, two ranges in a set', config: bridge({ isGateway: true }, { type: 'host-local', ranges: [[{ subnet: '10.77.0.0/30' }, { subnet: '10.78.0.0/30' }]] }), containers: 2 },
  { name: 'bridge, ranges of the runtime', config: bridge({ runtimeConfig: { ipRanges: [[{ subnet: '10.79.0.0/24' }]] } }, { type: 'host-local' }) },
  { name: 'bridge, keys in other cases', config: bridge({ IsGateway: true, MTU: 1400, runtimeConfig: { ipRanges: [[{ Subnet: '10.79.0.0/24', RangeStart: '10.79.0.9' }]] } }, { type: 'host-local' }) },
  { name: 'bridge with static', config: bridge({ isGateway: true }, { type: 'static', addresses: [{ address: '10.10.0.1/24', gateway: '10.10.0.254' }, { address: 'fd09::5/64' }], routes: [{ dst: '0.0.0.0/0' }], dns: { nameservers: ['10.2.2.2'] } }) },
  { name: 'bridge with static, address in CNI_ARGS', config: bridge({}, { type: 'static' }), args: 'IgnoreUnknown=1;IP=10.10.0.7/24;GATEWAY=10.10.0.254' },
  { name: 'bridge vlan', config: bridge({ vlan: 100 }), needs: 'vlan_filtering' },
  { name: 'bridge vlan, isGateway', config: bridge({ vlan: 100, isGateway: true }), needs: 'vlan_filtering' },
  // The reference plugin's CHECK wants the bridge's MAC, and leaves that of a bridge without address to change with its ports.
  { name: 'bridge vlan, isGateway, two containers', config: bridge({ vlan: 100, isGateway: true }), before: ['ip link add br0 address 02:11:22:33:44:77 type bridge vlan_filtering 1'], needs: 'vlan_filtering', containers: 2 },

  { name: 'macvlan', config: sub('macvlan', {}), before: parent, needs: 'macvlan' },
  ...['bridge', 'private', 'vepa', 'passthru'].map((mode) => ({ name: `macvlan ${mode}`, config: sub('macvlan', { mode }), before: parent, needs: 'macvlan' as const })),
  { name: 'macvlan mtu', config: sub('macvlan', { mtu: 1300 }), before: parent, needs: 'macvlan' },
  { name: 'macvlan, smaller mtu below', config: sub('macvlan', {}), before: [...parent, 'ip link set p0 mtu 1400'], needs: 'macvlan' },
  { name: 'macvlan, both', config: sub('macvlan', {}, { ...both, routes: [{ dst: '0.0.0.0/0' }, { dst: '::/0' }] }), before: parent, needs: 'macvlan' },
  { name: 'macvlan, without addresses', config: sub('macvlan', {}, null), before: parent, needs: 'macvlan' },
  { name: 'macvlan mac of the runtime', config: sub('macvlan', { runtimeConfig: { mac: '02:11:22:33:44:58' } }), before: parent, needs: 'macvlan' },
  { name: 'macvlan on the default route', config: sub('macvlan', { master: '' }), before: [...parent, 'ip addr add 10.50.0.1/24 dev p0', 'ip route add default via 10.50.0.2'], needs: 'macvlan' },
  { name: 'macvlan on nothing', config: sub('macvlan', { master: 'nope' }), needs: 'macvlan' },
  { name: 'macvlan on a bridge port', config: sub('macvlan', {}), before: [...parent, 'ip link add b0 type bridge', 'ip link set p0 master b0'], needs: 'macvlan' },

  ...['', 'l2', 'l3', 'l3s'].map((mode) => ({ name: `ipvlan ${mode}`.trim(), config: sub('ipvlan', mode ? { mode } : {}), before: parent, needs: 'ipvlan' as const })),
  { name: 'ipvlan mtu, both', config: sub('ipvlan', { mtu: 1300 }, both), before: parent, needs: 'ipvlan' },
  { name: 'ipvlan chained', config: sub('ipvlan', { master: '' }, null), before: parent, needs: 'ipvlan', prevResult: { cniVersion: '1.0.0', interfaces: [{ name: 'p0' }], ips: [{ address: '10.60.0.5/24', gateway: '10.60.0.1', interface: 0 }], routes: [{ dst: '0.0.0.0/0' }], dns: {} } },

  { name: 'ptp', config: ptp({}, v4) },
  { name: 'ptp IPv6', config: ptp({}, v6) },
  { name: 'ptp, both, routes, mtu, dns', config: ptp({ mtu: 1300, dns: { nameservers: ['10.1.1.1'] } }, { ...both, routes: [{ dst: '0.0.0.0/0' }, { dst: '::/0' }] }) },
  { name: 'ptp two containers', config: ptp({}, v4), containers: 2 },
  { name: 'ptp 0.2.0', config: ptp({ cniVersion: '0.2.0' }, { ...v4, routes }) },
  { name: 'ptp without ipam', config: { cniVersion: '1.0.0', name: 'net', type: 'ptp' } },

  chained('tuning', { type: 'tuning' }),
  chained('tuning of all', { type: 'tuning', mac: '02:11:22:33:44:60', mtu: 1300, promisc: true, allmulti: true, sysctl: { 'net.ipv4.conf.eth0.arp_notify': '1' } }),
  chained('tuning, not allmulti', { type: 'tuning', allmulti: false }),
  chained('tuning in args.cni', { type: 'tuning', mtu: 1200, args: { cni: { mac: '02:11:22:33:44:61', mtu: 1280, promisc: true } } }),
  chained('tuning, mac of the runtime', { type: 'tuning', runtimeConfig: { mac: '02:11:22:33:44:62' } }),
  chained('tuning, mac in CNI_ARGS', { type: 'tuning' }, { args: 'IgnoreUnknown=1;MAC=02:11:22:33:44:63' }),
  chained('tuning 0.4.0', { type: 'tuning', mtu: 1300 }, {}, '0.4.0'),
  chained('tuning, no such setting', { type: 'tuning', sysctl: { 'net.ipv4.conf.eth0.nothing': '1' } }),
  chained('tuning, no such value', { type: 'tuning', sysctl: { 'net.ipv4.conf.eth0.arp_notify': 'x' } }),
  chained('tuning, no such interface', { type: 'tuning', mtu: 1300 }, { ifname: 'eth7' }),
  pair('bandwidth', { type: 'bandwidth', ...slow }, { needs: 'ifb' }),
  pair('bandwidth to the container', { type: 'bandwidth', ingressRate: 12_345_678, ingressBurst: 2_000_000_000 }),
  pair('bandwidth from the container', { type: 'bandwidth', egressRate: 50_000_000_000, egressBurst: 8_000_000_000 }, { needs: 'ifb' }),
  pair('bandwidth of the runtime', { type: 'bandwidth', ...slow, runtimeConfig: { bandwidth: { ingressRate: 8000, ingressBurst: 80_000 } } }),
  pair('bandwidth, none said', { type: 'bandwidth' }),
  pair('bandwidth without burst', { type: 'bandwidth', ingressRate: 1000 }),
  pair('bandwidth without rate', { type: 'bandwidth', egressBurst: 1000 }),
  pair('bandwidth, a burst that is too large', { type: 'bandwidth', ingressRate: 1000, ingressBurst: 2 ** 36 }),
  pair('bandwidth, no such interface', { type: 'bandwidth', ...slow }, { ifname: 'eth7' }),
  pair('bandwidth, alone', { type: 'bandwidth', ...slow }, { prevResult: undefined }),
  chained('bandwidth, no pair with the host', { type: 'bandwidth', ...slow }),

  { name: 'vlan', config: tagged({}), before: parent, needs: 'vlan' },
  { name: 'vlan mtu, both', config: tagged({ vlanId: 4094, mtu: 1300 }, both), before: parent, needs: 'vlan' },
  { name: 'vlan two containers', config: tagged({ master: 'p0' }), before: parent, needs: 'vlan' },
  { name: 'vlan, a larger mtu than below', config: tagged({ mtu: 9000 }), before: parent, needs: 'vlan' },
  { name: 'vlan 5000', config: tagged({ vlanId: 5000 }), before: parent, needs: 'vlan' },
  { name: 'vlan on nothing', config: tagged({ master: 'nope' }), needs: 'vlan' },
  { name: 'vlan without master', config: tagged({ master: '' }), needs: 'vlan' },
  { name: 'vlan without addresses', config: tagged({}, null), before: parent, needs: 'vlan' },

  { name: 'host-device', config: given({}), before: device },
  { name: 'host-device that is up, addresses', config: given({}, { ...both, routes: [{ dst: '0.0.0.0/0' }] }), before: [...device, 'ip link set p0 up', 'ip addr add 192.0.2.1/24 dev p0'] },
  { name: 'host-device by its address', config: given({ device: '', hwaddr: '02:11:22:33:44:70' }), before: device },
  { name: 'host-device, none such', config: given({ device: 'nope' }) },
  { name: 'host-device, no such address', config: given({ device: '', hwaddr: '02:11:22:33:44:71' }) },
  { name: 'host-device, no such path', config: given({ device: '', kernelpath: '/sys/devices/nope' }) },
  { name: 'host-device, nothing said', config: given({ device: '' }) },
  { name: 'host-device that cannot leave', config: given({ device: 'lo' }) },
  { name: 'host-device, the name is taken', config: given({}), before: [...device, 'ip -n $C link add eth0 type veth peer name x'] },

  pair('sbr', { type: 'sbr' }),
  pair('sbr, tables that are taken', { type: 'sbr' }, { before: [...pair('', {}).before ?? [], 'ip -n $C rule add from 192.0.2.1 table 100', 'ip -n $C route add 192.0.2.0/24 dev eth0 table 101'] }),
  pair('sbr, alone', { type: 'sbr' }, { prevResult: undefined }),
  pair('sbr, no addresses of the interface', { type: 'sbr' }, { ifname: 'lo' }),

  pair('vrf', { type: 'vrf', vrfname: 'blue' }, { needs: 'vrf' }),
  pair('vrf with a table', { type: 'vrf', vrfname: 'blue', table: 1001 }, { needs: 'vrf' }),
  pair('vrf that is there', { type: 'vrf', vrfname: 'blue', table: 10 }, { needs: 'vrf', before: ['ip -n $C link add blue type vrf table 10', 'ip -n $C link set blue up', ...pair('', {}).before ?? []] }),
  pair('vrf, the first free table', { type: 'vrf', vrfname: 'blue' }, { needs: 'vrf', before: ['ip -n $C link add red type vrf table 1', ...pair('', {}).before ?? []] }),
  pair('vrf without a name', { type: 'vrf' }, { needs: 'vrf' }),
  pair('vrf, alone', { type: 'vrf', vrfname: 'blue' }, { needs: 'vrf', prevResult: undefined }),
  pair('vrf, the interface has a master', { type: 'vrf', vrfname: 'blue' }, { needs: 'vrf', before: [...pair('', {}).before ?? [], 'ip -n $C link add red type vrf table 7', 'ip -n $C link set eth0 master red'] }),

  chained('firewall', { type: 'firewall' }),
  chained('firewall 0.4.0, as podman writes it', { type: 'firewall', backend: '' }, {}, '0.4.0'),
];

/**
 * Where nlkit does otherwise, on purpose: the case, which part of the story differs, and why. What a failed ADD leaves is not compared:
 * the reference plugins leave links and addresses behind, nlkit nothing.
 */
export const differences: Readonly<Record<string, { readonly what: 'outputs' | 'states'; readonly why: string }>> = {
  'loopback 0.3.1': { what: 'outputs', why: 'the specification wants `version` in each of `ips`; the reference plugin leaves it out' },
  'loopback 0.2.0': { what: 'outputs', why: 'the reference plugin prints a result of version 1.0.0 and calls it 0.2.0' },
  'bridge, without addresses': { what: 'outputs', why: 'the reference plugin fails at CHECK where there is no IPAM plugin' },
  'ipvlan chained': { what: 'outputs', why: 'the reference plugin does not take its parent from the former result on CHECK, and wants one on a DEL that has no former result' },
  'bandwidth, none said': { what: 'outputs', why: 'the reference plugin crashes at CHECK where it has nothing to do' },
  ...Object.fromEntries(['host-device', 'host-device that is up, addresses', 'host-device by its address'].map((name) => [name, { what: 'outputs' as const, why: 'the reference plugin refuses a DEL of what is gone' }])),
  ...Object.fromEntries(['sbr', 'sbr, tables that are taken'].map((name) => [name, {
    what: 'states' as const, why: 'the reference plugin copies IPv6 routes into tables of IPv4 addresses, too, takes link-local routes away, and takes tables that have routes but no rule',
  }])),
  ...Object.fromEntries(['vrf', 'vrf with a table', 'vrf that is there', 'vrf, the first free table'].map((name) => [name, { what: 'states' as const, why: 'a container would lose its default route' }])),
  'bridge with static': { what: 'outputs', why: 'the reference plugin (1.1.1) forgets the name servers that the IPAM plugin gives' },
};
