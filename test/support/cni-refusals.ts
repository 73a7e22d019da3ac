/** Calls that are refused before anything is done: what is said, and with which number. */
export interface Refused {
  readonly name: string;
  readonly type: string;
  readonly config: unknown;
  /** Over an ADD of container c1, interface eth0; undefined takes a variable away. */
  readonly env?: Readonly<Record<string, string | undefined>>;
  readonly code: number;
  readonly says: RegExp;
  /** Set where the reference plugins take the call: why they do. */
  readonly onlyOurs?: string;
}
export const CALL = { CNI_COMMAND: 'ADD', CNI_CONTAINERID: 'c1', CNI_NETNS: '/run/netns/nowhere', CNI_IFNAME: 'eth0', CNI_PATH: '/nowhere' } as const;
const net = (more: object) => ({ cniVersion: '1.0.0', name: 'net', ...more });
const without = (...names: string[]) => Object.fromEntries(names.map((name) => [name, undefined]));

export const refusals: readonly Refused[] = [
  { name: 'no variables', type: 'bridge', config: {}, env: without('CNI_CONTAINERID', 'CNI_NETNS', 'CNI_IFNAME', 'CNI_PATH'), code: 4, says: /required env variables \[CNI_CONTAINERID,CNI_NETNS,CNI_IFNAME,CNI_PATH\] missing/ },
  { name: 'DEL, no variables', type: 'bridge', config: {}, env: { CNI_COMMAND: 'DEL', ...without('CNI_CONTAINERID', 'CNI_NETNS', 'CNI_IFNAME', 'CNI_PATH') }, code: 4, says: /\[CNI_CONTAINERID,CNI_IFNAME,CNI_PATH\] missing/ },
  { name: 'CHECK, no namespace', type: 'bridge', config: {}, env: { CNI_COMMAND: 'CHECK', CNI_NETNS: '' }, code: 4, says: /\[CNI_NETNS\] missing/ },
  { name: 'unknown command', type: 'bridge', config: net({}), env: { CNI_COMMAND: 'FOO' }, code: 4, says: /unknown CNI_COMMAND: FOO/ },
  { name: 'no JSON', type: 'bridge', config: 'xx', code: 6, says: /error unmarshall network config/ },
  { name: 'nothing', type: 'bridge', config: '', code: 6, says: /error unmarshall network config/ },
  { name: 'a list', type: 'bridge', config: [], code: 6, says: /error unmarshall network config/ },
  { name: 'no name', type: 'bridge', config: { cniVersion: '1.0.0' }, code: 7, says: /missing network name/ },
  { name: 'a bad name', type: 'bridge', config: { cniVersion: '1.0.0', name: 'a b' }, code: 7, says: /invalid characters found in network name/ },
  { name: 'a bad container', type: 'bridge', config: net({}), env: { CNI_CONTAINERID: 'a/b' }, code: 4, says: /invalid characters in containerID/ },
  { name: 'a long interface', type: 'bridge', config: net({}), env: { CNI_IFNAME: 'abcdefghijklmnop' }, code: 4, says: /interface name is too long/ },
  { name: 'an interface with a colon', type: 'bridge', config: net({}), env: { CNI_IFNAME: 'a:b' }, code: 4, says: /contains \/ or : or whitespace/ },
  { name: 'an interface with a space', type: 'bridge', config: net({}), env: { CNI_IFNAME: 'a b' }, code: 4, says: /contains \/ or : or whitespace/ },
  { name: 'the interface ..', type: 'bridge', config: net({}), env: { CNI_IFNAME: '..' }, code: 4, says: /interface name is \. or \.\./ },
  { name: 'an unknown version', type: 'bridge', config: { cniVersion: '9.0.0', name: 'net' }, code: 1, says: /incompatible CNI versions/ },
  { name: 'no version at all', type: 'bridge', config: { cniVersion: 'x', name: 'net' }, code: 1, says: /incompatible CNI versions/ },
  { name: 'CHECK before 0.4.0', type: 'bridge', config: { cniVersion: '0.3.1', name: 'net' }, env: { CNI_COMMAND: 'CHECK' }, code: 1, says: /config version does not allow CHECK/ },
  { name: 'GC before 1.1.0', type: 'bridge', config: net({}), env: { CNI_COMMAND: 'GC' }, code: 1, says: /config version does not allow GC/ },
  { name: 'STATUS before 1.1.0', type: 'bridge', config: net({}), env: { CNI_COMMAND: 'STATUS' }, code: 1, says: /config version does not allow STATUS/ },
  { name: 'a bad argument', type: 'bridge', config: net({}), env: { CNI_ARGS: 'foo' }, code: 4, says: /ARGS: invalid pair "foo"/ },
  { name: 'an unknown argument', type: 'bridge', config: net({}), env: { CNI_ARGS: 'A=b' }, code: 4, says: /ARGS: unknown args \["A=b"\]/ },
  { name: 'a text for a number', type: 'bridge', config: net({ mtu: 'x' }), code: 7, says: /mtu must be a whole number, not "x"/ },
  { name: 'a number for a flag', type: 'bridge', config: net({ isGateway: 1 }), code: 7, says: /isGateway must be true or false, not 1/ },
  { name: 'a VLAN too high', type: 'bridge', config: net({ vlan: 5000 }), code: 7, says: /invalid VLAN ID 5000/ },
  { name: 'hairpin and promiscuous', type: 'bridge', config: net({ hairpinMode: true, promiscMode: true }), code: 7, says: /cannot set hairpin mode and promiscuous mode at the same time/ },
  { name: 'a trunk the wrong way round', type: 'bridge', config: net({ vlanTrunk: [{ minID: 20, maxID: 10 }] }), code: 7, says: /minID is greater than maxID/, onlyOurs: 'vlanTrunk is newer' },
  { name: 'a trunk without an end', type: 'bridge', config: net({ vlanTrunk: [{ minID: 20 }] }), code: 7, says: /incorrect trunk maxID parameter/, onlyOurs: 'vlanTrunk is newer' },
  { name: 'a former result that is none', type: 'bridge', config: net({ prevResult: 4 }), env: { CNI_COMMAND: 'CHECK' }, code: 7, says: /prevResult must be an object/ },
  { name: 'no such namespace', type: 'bridge', config: net({}), code: 3, says: /failed to open netns "\/run\/netns\/nowhere"/ },
  { name: 'loopback, no such namespace', type: 'loopback', config: net({}), code: 3, says: /failed to open netns/ },
  { name: 'portmap, keys as containerd writes them', type: 'portmap', config: net({ runtimeConfig: { portMappings: [{ HostPort: 8080, ContainerPort: -1, Protocol: 'tcp', HostIP: '' }] } }), code: 7, says: /port number: -1/ },
  { name: 'portmap alone', type: 'portmap', config: net({}), code: 7, says: /must be called as chained plugin/ },
  { name: 'firewall alone', type: 'firewall', config: net({}), code: 7, says: /missing prevResult from earlier plugin/ },
  { name: 'firewall, another backend', type: 'firewall', config: net({ backend: 'firewalld' }), code: 7, says: /there is no backend "firewalld"/ },
  { name: 'firewall, another policy', type: 'firewall', config: net({ ingressPolicy: 'closed', prevResult: { cniVersion: '1.0.0' } }), code: 7, says: /unknown ingress policy: "closed"/ },
  { name: 'tuning alone', type: 'tuning', config: net({}), code: 7, says: /Required prevResult missing/ },
  { name: 'tuning of what is not the network', type: 'tuning', config: net({ sysctl: { 'kernel.pid_max': '9' } }), code: 7, says: /invalid net sysctl key: "kernel.pid_max"/ },
  { name: 'tuning, a number for a setting', type: 'tuning', config: net({ sysctl: { 'net.ipv4.ip_forward': 1 } }), code: 7, says: /sysctl.net.ipv4.ip_forward must be a text, not 1/ },
  { name: 'host-local without ranges', type: 'host-local', config: net({ ipam: { type: 'host-local' } }), code: 7, says: /no IP ranges specified/ },
  { name: 'host-local without ipam', type: 'host-local', config: net({}), code: 7, says: /IPAM config missing 'ipam' key/ },
  { name: 'host-local, no subnet', type: 'host-local', config: net({ ipam: { type: 'host-local', subnet: '10.0.0' } }), code: 7, says: /not (an IP address|ADDRESS)/ },
  { name: 'host-local, too small', type: 'host-local', config: net({ ipam: { type: 'host-local', subnet: '10.0.0.0/31' } }), code: 7, says: /too small/ },
  { name: 'host-local, start outside', type: 'host-local', config: net({ ipam: { type: 'host-local', subnet: '10.0.0.0/24', rangeStart: '10.0.1.1' } }), code: 7, says: /not in 10\.0\.0\.0\/24/ },
  { name: 'DEL by an IPAM that is nowhere', type: 'bridge', config: net({ ipam: { type: 'nope' } }), env: { CNI_COMMAND: 'DEL' }, code: 999, says: /failed to find plugin "nope" in path \[\/nowhere\]/ },
  { name: 'static without a length', type: 'static', config: net({ ipam: { type: 'static', addresses: [{ address: '10.0.0.1' }] } }), code: 7, says: /CIDR notation, got: '10\.0\.0\.1'/ },
];
