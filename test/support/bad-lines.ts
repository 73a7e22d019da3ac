/** Lines that must be refused, and the namespace that they are said in. */
import { exits } from '../../src/cli/errors.ts';

export interface BadLine {
  readonly line: string;
  readonly status: number;
  /** What standard error must say: the culprit by name. */
  readonly says: RegExp;
  /** What this kernel must have for the line to mean anything; see `features`. */
  readonly needs?: string;
}

type Row = readonly [line: string, says: RegExp, more?: Pick<BadLine, 'needs'>];
const all = (status: number, rows: readonly Row[]): BadLine[] => rows.map(([line, says, more]) => ({ line, status, says, ...more }));

/** Found out before anything is sent, or naming what is not there. */
export const usage = (rows: readonly Row[]): BadLine[] => all(exits.usage, rows);
/** By the kernel: its error, and the attribute (or the request, where it names none). */
export const refused = (rows: readonly Row[]): BadLine[] => all(exits.refused, rows);
export const unreadable = (rows: readonly Row[]): BadLine[] => all(exits.undecodable, rows);
/** For want of a capability, which is named. */
export const forbidden = (rows: readonly Row[]): BadLine[] => all(exits.noTransport, rows);

/** What every kernel has. A namespace's file without a namespace is what a restart leaves. */
export const rig: readonly string[] = [
  // With their modules come tunnels of no ends, which would look like what a refused line left.
  'modprobe -qa ipip ip6_tunnel ip_gre ip6_gre sit fou ila l2tp_netlink 2>/dev/null || true',
  'sysctl -qw net.ipv6.conf.all.accept_dad=0 net.ipv6.conf.default.accept_dad=0 net.ipv6.conf.default.router_solicitations=0',
  'ip link set lo up', 'ip netns add s1', 'ip netns add s2', 'ip netns set s2 7', 'touch /run/netns/gone',
  'ip link add v0 address 02:00:00:00:00:10 type veth peer name v1 address 02:00:00:00:00:11', 'ip link add v2 address 02:00:00:00:00:12 type veth peer name v3 address 02:00:00:00:00:13',
  'ip link add br0 address 02:00:00:00:00:01 type bridge mcast_querier 0', 'ip link add br1 address 02:00:00:00:00:02 type bridge',
  'for i in v0 v1 v2 v3 br0 br1; do ip link set $i addrgenmode none; done', 'ip link set v2 master br0', 'ip link set v2 type bridge_slave learning off',
  'for i in v0 v1 v2 v3 br0; do ip link set $i up; done', 'ip address add 10.0.0.1/24 dev v0', 'ip address add fd00::1/64 dev v0 nodad',
  'ip link add m0 link v1 address 02:00:00:00:00:50 type macvlan mode bridge', 'ip link add x0 address 02:00:00:00:00:60 type vxlan id 42 dstport 4789', 'ip link property add dev v1 altname altname-of-v1',
  'ip route add 10.7.0.0/16 via 10.0.0.2', 'ip nexthop add id 1 via 10.0.0.2 dev v0', 'ip nexthop add id 10 group 1', 'ip route add 10.8.0.0/16 nhid 1', 'ip rule add from 10.0.0.0/24 table 100 priority 1000',
  'ip neigh add 10.0.0.33 lladdr 02:00:00:00:00:33 dev v0', 'bridge fdb add 02:00:00:00:00:77 dev v2 master static', 'bridge mdb add dev br0 port v2 grp 239.1.1.1 permanent',
];

/** What some kernels lack: a name, and what makes use of it here. */
export const features: Readonly<Record<string, readonly string[]>> = {
  gre: ['ip link add g0 type gre local 10.0.0.1 remote 10.0.0.9 key 5'],
  vlan: ['ip link add v0.5 link v0 type vlan id 5'],
  vrf: ['ip link add red type vrf table 10'],
  ipvlan: ['ip link add d0 address 02:00:00:00:00:30 type dummy', 'ip link add i0 link d0 type ipvlan mode l2'],
  bond: ['ip link add b0 address 02:00:00:00:00:40 type bond mode active-backup', 'ip link add d1 address 02:00:00:00:00:31 type dummy', 'ip link set d1 master b0'],
  mptcp: ['ip mptcp limits'],
  tcp_metrics: ['ip tcp_metrics'],
  sr: ['ip sr tunsrc show'],
  ioam: ['ip ioam namespace show'],
  fou: ['ip fou show'],
  ila: ['ip ila list'],
  macsec: ['ip link add e0 link v3 address 02:00:00:00:00:70 type macsec port 11', 'ip macsec show'],
  l2tp: ['ip l2tp show tunnel'],
  vlan_filtering: ['ip link add br2 address 02:00:00:00:00:03 type bridge vlan_filtering 1', 'ip link add d2 address 02:00:00:00:00:32 type dummy', 'ip link set d2 master br2'],
};

export const bridges: readonly BadLine[] = [
  ...usage([
    ['bridge link set', /which port/],
    ['bridge link set cost 5', /which port/],
    ['bridge link set dev nope cost 5', /no link "nope"/],
    ['bridge link set dev v2 state nosuch', /"nosuch" is not a value of "state"/],
    ['bridge link set dev v2 learning maybe', /"learning" is on or off, not "maybe"/],
    ['bridge link set dev v2 backup_port nope', /no link "nope"/],
    ['bridge link set dev v2 hwmode nosuch', /"nosuch" is not a value of "hwmode"/],
    ['bridge link set dev v2 nosuch on', /"nosuch" is not an option here/],
    ['bridge link show dev nope', /no link "nope"/],
    ['bridge link nosuch', /"nosuch" is not a command of "bridge link"/],
    ['bridge fdb add', /which address/],
    ['bridge fdb add 02:00:00:00:00:99', /which link/],
    ['bridge fdb add zz dev v2 master', /"zz" is not a link layer address/],
    ['bridge fdb add 02:00:00:00:00:99 dev nope', /no link "nope"/],
    ['bridge fdb add 02:00:00:00:00:99 dev v2 master vlan 5000', /5000 is out of range for "vlan"/],
    ['bridge fdb add 02:00:00:00:00:99 dev x0 dst x', /"x" is not an IP address for "dst"/],
    ['bridge fdb add 02:00:00:00:00:99 dev x0 dst 10.0.0.9 port 70000', /70000 is out of range for "port"/],
    ['bridge fdb add 02:00:00:00:00:99 dev x0 dst 10.0.0.9 vni 16777216', /16777216 is out of range for "vni"/],
    ['bridge fdb add 02:00:00:00:00:99 dev x0 dst 10.0.0.9 via nope', /no link "nope"/],
    ['bridge fdb add 02:00:00:00:00:99 dev v2 master frob', /"frob" is not an option here/],
    ['bridge fdb add 02:00:00:00:00:99 02:00:00:00:00:98 dev v2 master', /"02:00:00:00:00:98" is not an option here/],
    ['bridge fdb get 02:00:00:00:00:98', /which bridge or port/],
    ['bridge fdb get zz br br0', /"zz" is not a link layer address/],
    ['bridge fdb show br nope', /no link "nope"/],
    ['bridge fdb show state nosuch', /"nosuch" is not a value of "state"/],
    ['bridge fdb flush', /which bridge/],
    ['bridge fdb flush dev v2 vlan 5000', /5000 is out of range for "vlan"/],
    ['bridge fdb nosuch', /"nosuch" is not a command of "bridge fdb"/],
    ['bridge mdb add', /which bridge, which port, and which group/],
    ['bridge mdb add dev br0 grp 239.1.1.1', /which port/],
    ['bridge mdb add dev br0 port v2 grp x', /"x" is neither an IP nor a MAC address/],
    ['bridge mdb add dev br0 port nope grp 239.1.1.2', /no link "nope"/],
    ['bridge mdb add dev br0 port v2 grp 239.1.1.2 vid 5000', /5000 is out of range for "vid"/],
    ['bridge mdb add dev br0 port v2 grp 239.1.1.2 src x', /"x" is not an IP address for "src"/],
    ['bridge mdb show dev nope', /no link "nope"/],
    ['bridge vlan add', /which port and which VLAN/],
    ['bridge vlan add dev v2', /which port and which VLAN/],
    ['bridge vlan add dev nope vid 10', /no link "nope"/],
    ['bridge vlan add dev v2 vid 4095', /"4095" is not a VLAN for "vid"/],
    ['bridge vlan add dev v2 vid 20-10', /"20-10" is not a VLAN for "vid"/],
    ['bridge vlan add dev v2 vid 10-20 pvid', /a range cannot be the pvid/],
    ['bridge vlan set dev v2 vid 10 state nosuch', /"nosuch" is not a value of "state"/],
    ['bridge vlan global set dev br0 vid 5000 mcast_snooping 1', /"5000" is not a VLAN for "vid"/],
    ['bridge vlan show dev nope', /no link "nope"/],
    ['bridge vni add vni 5', /which device and which identifiers/],
    ['bridge vni add dev x0 vni 16777216', /"16777216" is not a network identifier for "vni"/],
    ['bridge monitor nosuch', /"nosuch" is not something to watch/],
    ['bridge nosuch', /"nosuch" is not a command of "bridge"/],
    ['bridge -nosuch link', /unknown option "-nosuch"/],
  ]),
  ...refused([
    ['bridge link set dev v0 cost 5', /EOPNOTSUPP.*\n.*cost=5/],
    ['bridge link set dev v2 priority 64', /ERANGE.*\n.*priority=64/],
    ['bridge link set dev v2 state 9', /EINVAL.*\n.*state=9/],
    ['bridge link set dev v2 mcast_router 9', /EINVAL.*\n.*multicastRouter=9/],
    ['bridge link set dev v2 hwmode vepa', /EOPNOTSUPP.*\n.*mode=vepa/],
    ['bridge fdb add 02:00:00:00:99 dev v2 master', /EINVAL.*\n?.*02:00:00:00:99/],
    ['bridge fdb add 02:00:00:00:00:99 dev v0 master', /EOPNOTSUPP.*\n.*flags=master/],
    ['bridge fdb add 02:00:00:00:00:77 dev v2 master static', /EEXIST.*\n.*lladdr=02:00:00:00:00:77/],
    ['bridge fdb add 02:00:00:00:00:99 dev v2 master vlan 0', /EINVAL.*\n?.*vlan( = |=)0/],
    ['bridge fdb add 02:00:00:00:00:99 dev x0', /EINVAL.*\n.*lladdr=02:00:00:00:00:99/],
    ['bridge fdb del 02:00:00:00:00:98 dev v2 master', /ENOENT.*\n.*lladdr=02:00:00:00:00:98/],
    ['bridge fdb replace 00:00:00:00:00:00 dev v2 master', /EINVAL.*\n.*lladdr=00:00:00:00:00:00/],
    ['bridge fdb get 02:00:00:00:00:98 br br0', /ENOENT.*\n.*lladdr=02:00:00:00:00:98/],
    ['bridge mdb add dev br0 port v2 grp 10.0.0.1', /EINVAL.*\n?.*(addr=|addr":")10\.0\.0\.1/],
    ['bridge mdb add dev br0 port v0 grp 239.1.1.2 permanent', /EINVAL.*\n.*addr=239\.1\.1\.2/],
    ['bridge mdb add dev v0 port v2 grp 239.1.1.2', /E[A-Z]+.*\n.*addr=239\.1\.1\.2/],
    ['bridge mdb add dev br0 port v2 grp 239.1.1.1 permanent', /EEXIST.*\n.*addr=239\.1\.1\.1/],
    ['bridge mdb add dev br0 port v2 grp 224.0.0.1 permanent', /EINVAL.*\n?.*224\.0\.0\.1/],
    ['bridge mdb del dev br0 port v2 grp 239.1.1.9', /E[A-Z]+.*\n.*addr=239\.1\.1\.9/],
    ['bridge vlan add dev v0 vid 10', /EOPNOTSUPP.*\n.*vid=10/],
    ['bridge vlan del dev v0 vid 10', /EOPNOTSUPP.*\n.*vid=10/],
    ['bridge vlan set dev d2 vid 99 state blocking', /E[A-Z]+.*\n?.*vid/, { needs: 'vlan_filtering' }],
    ['bridge vlan add dev br2 vid 10 master', /E[A-Z]+.*\n?.*vid/, { needs: 'vlan_filtering' }],
    ['bridge vni add dev v0 vni 5', /E[A-Z]+.*\n.*start=5/],
    ['bridge vni add dev x0 vni 5', /E[A-Z]+.*\n.*start=5/],
  ]),
];

/** There is no other tool that takes the same lines: bridge-utils is by ioctl, and not everywhere. */
export const brctl: readonly BadLine[] = [
  ...usage([
    ['brctl nosuch br0', /"nosuch" is not a command of "brctl"/],
    ['brctl addbr', /"addbr" needs a value/],
    ['brctl addbr a-name-of-sixteen', /"a-name-of-sixteen" is too long/],
    ['brctl addbr n0 n1', /"n1" is one word too many/],
    ['brctl delbr nope', /no bridge "nope"/],
    ['brctl delbr v0', /"v0" is not a bridge/],
    ['brctl delbr br0', /br0 is still up/],
    ['brctl addif nope v0', /no bridge "nope"/],
    ['brctl addif br0', /which links/],
    ['brctl addif br0 nope', /no link "nope"/],
    ['brctl addif br0 v2', /v2 is already a port of br0/],
    ['brctl addif br1 v0 nope', /no link "nope"/],
    ['brctl delif br0 v0', /v0 is not a port of br0/],
    ['brctl stp br0 maybe', /"maybe" is not a value of "stp"/],
    ['brctl setfd br0 x', /"x" is not a time in seconds for "setfd"/],
    ['brctl setbridgeprio br0 70000', /"70000" is not a number for "setbridgeprio"\n.*0 to 65535/],
    ['brctl setpathcost br0 nope 5', /no link "nope"/],
    ['brctl setpathcost br0 v0 5', /device v0 is not a port of br0/],
    ['brctl hairpin br0 v2 maybe', /"maybe" is not a value of "hairpin"/],
    ['brctl showmacs nope', /no bridge "nope"/],
    ['brctl showstp v0', /"v0" is not a bridge/],
  ]),
  ...refused([
    ['brctl addbr br0', /EEXIST.*\n.*ifname=br0/],
    ['brctl addif br0 br1', /ELOOP/],
    ['brctl addif br0 lo', /EINVAL.*\n.*master=\d+/],
    ['brctl sethello br0 50', /ERANGE.*\n.*helloTime=5000/],
    ['brctl setportprio br0 v2 64', /ERANGE.*\n.*priority=64/],
    ['brctl setpathcost br0 v2 0', /ERANGE.*\n.*cost=0/],
  ]),
];

const netAdmin = /EPERM.*CAP_NET_ADMIN/, sysAdmin = /EPERM.*CAP_SYS_ADMIN/;

/** By somebody who has no capabilities. */
export const unprivileged: readonly BadLine[] = forbidden([
  ['ip link add n0 type bridge', netAdmin], ['ip link set v0 mtu 1400', netAdmin], ['ip link set v0 netns s1', /EPERM.*CAP_NET_ADMIN|may not be opened/], ['ip link del v0', netAdmin], ['ip link property add dev v0 altname n0', netAdmin],
  ['ip address add 10.0.0.9/24 dev v0', netAdmin], ['ip route add 10.9.0.0/16 via 10.0.0.2', netAdmin], ['ip route flush 10.7.0.0/16', netAdmin], ['ip rule add from 10.9.0.0/16 table 5', netAdmin], ['ip neigh add 10.0.0.44 lladdr 02:00:00:00:00:44 dev v0', netAdmin],
  ['ip nexthop add id 77 via 10.0.0.2 dev v0', netAdmin], ['ip netns add n9', /E(PERM|ACCES).*CAP_SYS_ADMIN/], ['ip netns del s1', sysAdmin], ['ip netns exec s1 true', sysAdmin], ['ip netns set s1 9', /E(PERM|ACCES).*CAP_NET_ADMIN|may not be opened/], ['ip -n s1 link', sysAdmin], ['ip maddress add 33:33:00:00:00:77 dev v0', /EPERM.*CAP_NET_ADMIN/], ['ip tuntap add dev t0 mode tun', /E(PERM.*CAP_NET_ADMIN|ACCES.*\/dev\/net\/tun)/], ['ip mrule add pref 5 table 5', netAdmin],
  ['bridge link set dev v2 cost 5', netAdmin], ['bridge fdb add 02:00:00:00:00:99 dev v2 master', netAdmin], ['bridge mdb del dev br0 port v2 grp 239.1.1.1', netAdmin], ['brctl addbr n0', netAdmin], ['brctl delif br0 v2', netAdmin],
]);

/** Batches: what the file holds, and the place that is named. FILE stands for its path. */
export const batches: readonly (BadLine & { text: string })[] = ([
  ['a word that is none', 'link set v0 mtuu 1400\n', 'ip -batch FILE', exits.usage, /^FILE:1: error: "mtuu" is not an option here/],
  ['behind comments and empty lines', '# nothing\n\n\nlink set nope up\n', 'ip -batch FILE', exits.usage, /^FILE:4: error: there is no link "nope"/],
  ['a line that goes on', 'link set v0 \\\n mtu x\n', 'ip -batch FILE', exits.usage, /^FILE:2: error: "x" is not a number for "mtu"/],
  ['what the kernel refuses', 'address add 10.0.0.1/24 dev v0\n', 'ip -batch FILE', exits.refused, /^FILE:1: error: RTM_NEWADDR: EEXIST/],
  ['the first mistake ends it', 'link nosuch\nlink del v0\n', 'ip -batch FILE', exits.usage, /^FILE:1: error: "nosuch" is not a command of "ip link"\n.*\n$/],
  ['a quote that does not end', 'link set v0 alias "x\n', 'ip -batch FILE', exits.usage, /^FILE:1: error: the quote in "x does not end/],
  ['all mistakes; they are no more than that', 'link add v0 type bridge\nlink del nope\n', 'ip -force -batch FILE', exits.usage, /^FILE:1: error: RTM_NEWLINK: EEXIST[^]*FILE:2: error: there is no link "nope"/],
  ['of bridge', 'fdb add zz dev v2\n', 'bridge -batch FILE', exits.usage, /^FILE:1: error: "zz" is not a link layer address/],
  ['in a namespace', 'link show v0\n', 'ip -n s1 -batch FILE', exits.usage, /^FILE:1: error: there is no link "v0"/],
] as const).map(([name, text, line, status, says]) => ({ name, text, line, status, says }));

const newlink = '2000000010000506010000000000000000000000000000000000000000000000';
/** The microscope: what the file holds. */
export const microscope: readonly (BadLine & { text: string })[] = ([
  ['', 'decode /nonexistent', exits.usage, /\/nonexistent: .*no such file/],
  ['', 'decode FILE FILE', exits.usage, /one file at a time: "FILE" is one too many/],
  ['', 'decode --from hx FILE', exits.usage, /"hx" is not a format that can be read\n.*"hex"/],
  ['', 'decode --protocol rout FILE', exits.usage, /"rout" is not a protocol with schemas\n.*route/],
  ['', 'decode --jsn FILE', exits.usage, /"--jsn" is not an option here\n.*"--json"/],
  ['', 'decode --from', exits.usage, /"--from" needs a value/],
  ['not hex at all', 'decode FILE', exits.undecodable, /error: .*hex/],
  [`${newlink}\nzz\n`, 'decode --from hex FILE', exits.undecodable, /error: .*(line 2|zz)/],
  ['zz\n', 'decode --from hex --json FILE', exits.undecodable, /line 1/],
  ['\xd4\xc3\xb2\xa1\x02', 'decode --from pcap FILE', exits.undecodable, /a capture file has a header; this one has 5 bytes/],
  ['nothing of the kind\n', 'decode --from strace FILE', exits.undecodable, /no netlink datagrams in the input/],
  ['{\n', 'encode FILE', exits.undecodable, /line 1: .*JSON/],
  ['{}\n', 'encode FILE', exits.undecodable, /line 1: expected an array/],
  ['[]\n[{"protocol":"route","name":"RTM_NOSUCH","body":{}}]\n', 'encode FILE', exits.undecodable, /line 2: .*RTM_NOSUCH/],
  ['[{"protocol":"route","name":"RTM_NEWLINK","body":{"mtu":"x"}}]\n', 'encode FILE', exits.undecodable, /line 1: .*mtu/],
  ['[{"protocol":"route","name":"RTM_NEWLINK","body":{"mtuu":1}}]\n', 'encode FILE', exits.undecodable, /line 1: .*mtuu/],
  ['', 'encode --protocol rout FILE', exits.usage, /"rout" is not a protocol/],
  ['', 'explain', exits.usage, /needs bytes in hex, a command line, or the name of an error number/],
  ['', 'explain ip lnk', exits.usage, /"lnk" is not a command of "ip"\n.*"link"/],
  ['', 'explain ip link set v0 mtuu 5', exits.usage, /"mtuu" is not an option here/],
  ['', 'explain EBUZY', exits.usage, /EBUZY/],
] as const).map(([text, line, status, says]) => ({ text, line, status, says }));
