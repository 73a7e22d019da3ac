/**
 * Where nlkit's command does not do, say or send what iproute2 and bridge-utils do: one table, which the tests that compare
 * them go by and docs/differences.md is made of. A difference that is not here fails a test; so does a row that no test meets.
 */
import { devlinkDifferences } from './differences-devlink.ts';
import { dpctlDifferences } from './differences-dpctl.ts';
import { ethtoolDifferences } from './differences-ethtool.ts';
import { genericDifferences } from './differences-generic.ts';
import { ipsetDifferences } from './differences-ipset.ts';
import { ipvsDifferences } from './differences-ipvs.ts';
import { moduleDifferences } from './differences-generic-modules.ts';
import { ssDifferences } from './differences-ss.ts';
import { tcDifferences, tcFilterDifferences } from './differences-tc.ts';
import { tunnelDifferences } from './differences-tunnels.ts';
import { wgDifferences } from './differences-wg.ts';
import { xfrmDifferences } from './differences-xfrm.ts';

/** What a difference is about, in the order of the page. */
export const topics = {
  json: 'JSON', print: 'Text', status: 'Exit status', words: 'Words', batch: 'Batches', bytes: 'Messages', absent: 'Not there',
} as const;

/** The tests that meet a row, by the file's name in test/. */
export type Meets = 'cli-requests' | 'cli-ipvsadm' | 'live/cli-ipvsadm' | 'live/cli-ipset' | 'cli-wg' | 'live/cli-wg' | 'cli-dpctl' | 'live/cli-dpctl' | 'cli-xfrm' | 'live/cli-xfrm' | 'cli-objects' | 'cli-generic' | 'cli-prints' | 'live/cli-show' | 'live/cli-objects' | 'live/cli-kinds' | 'live/cli-words' | 'live/cli-brctl' | 'live/cli-bpf' | 'live/cli-differences' | 'live/cli-bad-input' | 'live/cli-tunnels' | 'live/cli-generic' | 'live/cli-ethtool' | 'cli-devlink' | 'live/cli-devlink' | 'live/cli-generic-modules' | 'live/cli-rtmon' | 'live/cli-ss' | 'cli-tc-qdisc' | 'live/cli-tc-qdisc' | 'live/cli-tc-filter';

/** What one of the tools does with a line: all that is given must be so. */
export interface Outcome {
  readonly status?: number;
  readonly stdout?: RegExp;
  readonly stderr?: RegExp;
}

/** A line that is said to both, in the rig of bad-lines.ts, or of the test that meets it. */
export interface Shown {
  readonly line: string;
  readonly theirs: Outcome;
  readonly ours: Outcome;
  /** Only where the kernel lacks this; see `features` of bad-lines.ts. */
  readonly lacks?: string;
}

export interface Difference {
  readonly id: string;
  readonly topic: keyof typeof topics;
  /** As it is typed. */
  readonly command: string;
  readonly theirs: string;
  readonly ours: string;
  readonly why: string;
  /** Where it is met; or why nowhere. */
  readonly met: Meets | readonly Meets[] | { readonly not: string };
  /** Commands that it is about, of captures and of lines that both print; else all. */
  readonly commands?: RegExp;
  /** What both printed, without the difference. */
  readonly even?: (ours: string, theirs: string) => readonly [ours: string, theirs: string];
  /** The versions of iproute2 that began and that ended it, as 615; the first kernel that has what it is about. */
  readonly since?: number;
  readonly until?: number;
  readonly kernel?: number;
  readonly shown?: readonly Shown[];
}

/** The versions of iproute2 that the table was made with; words are followed to 7.3, how they are printed to the last of them. */
export const made = { first: 601, last: 615 } as const;

const valid = 'what is asked for as JSON is read by programs';
const statuses = 'a program can tell a typo (1) from a refusal (2) and from a lack of permission (3)';
const early = 'a mistake is said before it does something else';
const live = { met: 'live/cli-differences' } as const, brctl = { met: 'live/cli-brctl' } as const, rtmon = { met: 'live/cli-rtmon' } as const;
/** One line, said to both. */
const both = (line: string, theirs: Outcome, ours: Outcome, lacks?: string): Shown => ({ line, theirs, ours, ...(lacks !== undefined && { lacks }) });
const nothing = /^$/, wrong = /^error: /;
const done: Outcome = { status: 0 }, no: Outcome = { status: 1, stdout: nothing, stderr: wrong };
/** Both without something, or only theirs. */
const each = (without: (text: string) => string) => (ours: string, theirs: string) => [without(ours), without(theirs)] as const;
const onlyTheirs = (without: (text: string) => string) => (ours: string, theirs: string) => [ours, without(theirs)] as const;
/** Nothing to compare: one of them has no such command. */
const apart = (): readonly [string, string] => ['', ''];

/** `{}` in a list, and the commas that it leaves. */
const withoutFillers = (json: string): string => (/[[,]\s*\{\}/.test(json) ? json.replace(/([[,]\s*)\{\}(?=\s*[,\]])/g, '$1').replace(/\[(\s*)[\s,]*,/g, '[$1').replace(/(,\s*)+\]/g, ']').replace(/,(\s*,)+/g, ',') : json);
/** VXLAN's settings. */
const withoutVxlan = (text: string): string => text.replace(/vxlan (external|id) .*?(?=(addrgenmode|numtxqueues) |$)/gm, 'vxlan ').replace(/("info_kind": ?"vxlan",\s*"info_data": ?)\{[^{}]*(\{[^{}]*\}[^{}]*)*\}/g, '$1{}');
/** Routes that have several next hops. */
const withoutMultipath = (text: string): string => text.replace(/^\S.*\n(\tnexthop .*\n)+/gm, '').replace(/,?\{[^{}]*"nexthops":\[(\{[^{}]*\},?)*\]\}/g, '');

/** What only versions print that are newer than the other one. */
const newerWords = ['gso_ipv4_max_size', 'gro_ipv4_max_size', 'mab', 'mst_enabled', 'fdb_n_learned', 'fdb_max_learned', 'mcast_n_groups', 'mcast_max_groups', 'neigh_vlan_suppress', 'backup_nhid', 'localbypass', 'msti', 'bclim', 'coupled_control'];
function withoutNewer(ours: string, other: string): string {
  const origin = /kernel_l/.test(other) ? ours : ours.replace(/ proto kernel_\w+ /g, ' ').replace(/ *"protocol": ?"kernel_\w+",\n?/g, '');
  return withoutWords(newerWords, origin, other);
}
/** Those of the words that the other did not print, each with its value. */
function withoutWords(words: readonly string[], ours: string, other: string): string {
  return words.filter((word) => !other.includes(word)).reduce((text, word) => text
    .replace(new RegExp(`\\n? *"${word}": ?("[^"]*"|[^,}\\]\\s]*),`, 'g'), '').replace(new RegExp(`,\\n? *"${word}": ?("[^"]*"|[^,}\\]\\s]*)`, 'g'), '').replace(new RegExp(`(?<![a-z_])${word} \\S+ `, 'g'), ''), ours);
}
/** What 7.3 prints and 6.15 does not. */
const wordsOf73 = ['stp_mode', 'mdb_offload_fail_notification', 'fdb_local_vlan_0', 'neigh_forward_grat', 'lacp_strict', 'broadcast_neighbor', 'actor_port_prio', 'mcast_reprobes', 'mcroute', 'netns-immutable'];
const without73 = (ours: string, other: string): string => withoutWords(wordsOf73, (/netns-immutable/.test(other) ? ours : ours.replaceAll('netns-immutable ', ''))
  .replace(/( hsr .*?proto \d+ )version \d+ /g, '$1').replace(/("info_kind": ?"hsr",\s*"info_data": ?\{[^}]*?),\s*"version": ?\d+/g, '$1')
  .replace(/\d+: \S+: group xstats\w* subgroup bridge suite vlan(([\n\\]+ {18,}[^\n\\]*)+[\n\\])?[\n\\]?/g, '').replace(/,?\s*\{\s*"ifindex": ?\d+,\s*"ifname": ?"[^"]*",\s*"group": ?"xstats\w*",\s*"subgroup": ?"bridge",\s*"suite": ?"vlan"(,\s*"vlans": ?\[[^\]]*(\[[^\]]*\][^\]]*)*\])?\s*\}/g, ''), other);

export const differences: readonly Difference[] = [
  // -- JSON -------------------------------------------------------------------------------------------------
  {
    id: 'json-fillers', topic: 'json', command: 'ip -j link show type KIND', theirs: '`{}` for each link that does not match', ours: 'the links that match', why: 'an empty object is no link', met: ['live/cli-differences', 'cli-prints', 'live/cli-show', 'live/cli-words'], even: onlyTheirs(withoutFillers),
    shown: [both('ip -j link show type nosuchkind', { status: 0, stdout: /^\[(\{\},)+\{\}\]\n$/ }, { status: 0, stdout: /^\[\]\n$/ }), both('ip -j address show up', { status: 0, stdout: /[[,]\{\}[\],]/ }, { status: 0, stdout: /^\[\{"ifindex":1(?!.*[[,]\{\}[\],])/ })],
  },
  {
    id: 'json-neigh-get', topic: 'json', command: 'ip -j neigh get ADDRESS dev DEVICE', theirs: 'text', ours: 'JSON', why: valid, ...live,
    shown: [both('ip -j neigh get 10.0.0.33 dev v0', { status: 0, stdout: /^10\.0\.0\.33 dev v0 lladdr/ }, { status: 0, stdout: /^\[\{"dst":"10\.0\.0\.33"/ })],
  },
  {
    id: 'json-netconf-dev', topic: 'json', command: 'ip -6 -j netconf show dev DEVICE', theirs: 'text', ours: 'JSON', why: valid, met: ['live/cli-differences', 'cli-objects', 'live/cli-objects'], commands: /-j (-p )?netconf show dev/, even: apart,
    shown: [both('ip -6 -j netconf show dev v0', { status: 0, stdout: /^inet6 v0 forwarding off/ }, { status: 0, stdout: /^\[\{"family":"inet6","interface":"v0"/ })],
  },
  {
    id: 'json-bracket', topic: 'json', command: 'bridge -j -d vlan, bridge -j vni show dev DEVICE', theirs: 'a lone `[` where the kernel refuses: it has no VLANs of bridges, or the device no network identifiers', ours: 'nothing, and the reason on standard error', why: valid, ...live,
    shown: [both('bridge -j vni show dev x0', { stdout: /^\[$/ }, { status: 2, stdout: nothing, stderr: /EINVAL/ }), both('bridge -j -d vlan', { stdout: /^\[$/ }, { status: 2, stdout: nothing, stderr: /EOPNOTSUPP/ }, 'vlan_filtering')],
  },
  {
    id: 'json-encap', topic: 'json', command: 'ip -j nexthop, ip -j route', theirs: 'before 6.15: what an encapsulation holds beside what the route holds, so that one object may have two keys `id` or `dst`', ours: 'an object `encap`', why: 'the newest of the two formats', met: ['live/cli-show', 'live/cli-objects'], until: made.last,
    even: (ours, theirs) => [ours.replace(/"encap":\s*\{\s*"encap_type":( ?"[^"]*",?)([^}]*?)\s*\}/g, (_, kind: string, rest: string) => `"encap":${kind}${rest.replaceAll('\n    ', '\n')}`), theirs],
  },
  {
    id: 'json-can-xl', topic: 'json', command: 'ip -d -j link show type can', theirs: '7.3: of CAN XL " pwms", " pwml", " pwmo" with a blank in the key, and its rates as `data_bitrate_const`, which are those of CAN FD',
    ours: '`pwms`, `pwml`, `pwmo`, `xl_data_bitrate_const`', why: 'one object has each key once', met: { not: 'no controller for CAN XL at hand: its answers were given to iproute2 (test/support/printed-kinds.json)' }, since: 703,
  },
  { id: 'json-monitor', topic: 'json', command: 'ip -j monitor', theirs: 'text', ours: 'one JSON object a line: time, what happened, to what, what changed from what to what', why: 'events are for programs, too', ...live },
  // -- text -------------------------------------------------------------------------------------------------
  { id: 'monitor-file', topic: 'print', command: 'ip monitor OBJECT file FILE', theirs: 'all that is in the file', ours: 'the objects that are named', why: 'it is what was asked for', ...rtmon },
  { id: 'monitor-file-names', topic: 'print', command: 'tc monitor file FILE', theirs: 'a link by the name that its index has now, or `if5`', ours: 'by the name that the recording tells, where it tells one', why: 'the recording may be of another machine, or the link may be gone', ...rtmon },
  { id: 'rtmon-loss', topic: 'print', command: 'rtmon file FILE', theirs: 'a loss is said on standard error, and what is told while it asks for the links is lost, too', ours: 'a loss is said, and is in the file as NLMSG_OVERRUN; nothing is lost at the start', why: 'who reads the file should know', ...rtmon },
  {
    id: 'identify-nobody', topic: 'print', command: 'ip netns identify', theirs: 'an empty line for a process in a namespace without a name', ours: 'nothing', why: 'there is no name to print', ...live,
    shown: [both('ip netns identify', { status: 0, stdout: /^\n$/ }, { status: 0, stdout: nothing })],
  },
  { id: 'allmulti-blanks', topic: 'print', command: 'ip -d link', theirs: 'before 6.5: two blanks before "allmulti"', ours: 'one, as later versions', why: 'an oversight there', met: ['live/cli-show', 'live/cli-kinds'], until: 605, commands: / -d\b/, even: onlyTheirs((text) => text.replace(/(promiscuity \d+) {2}/g, '$1 ')) },
  { id: 'vxlan-order', topic: 'print', command: 'ip -d link show type vxlan', theirs: 'before 6.15: another order, without reserved_bits; checksums of IPv6 only where they differ', ours: 'as 6.15', why: 'the newest of the two formats', met: 'live/cli-show', until: made.last, even: each(withoutVxlan) },
  { id: 'multipath-dev', topic: 'print', command: 'ip route show dev DEVICE', theirs: '6.1: not the routes with several next hops', ours: 'those too, where one of the hops leaves by DEVICE', why: 'as 6.15', met: 'live/cli-show', until: made.last, commands: /route show dev/, even: (ours, theirs) => [/nexthop/.test(theirs) ? ours : withoutMultipath(ours), theirs] },
  { id: 'mdb-blank', topic: 'print', command: 'bridge -d mdb', theirs: 'before 6.15: a blank behind the protocol of a group', ours: 'none', why: 'the newest of the two formats', met: 'live/cli-show', until: made.last, even: onlyTheirs((text) => text.replace(/^(dev .* grp .* proto \w+) $/gm, '$1')) },
  { id: 'vni-columns', topic: 'print', command: 'bridge vni', theirs: 'before 6.15: columns that are not under their headings, and an empty line behind each device', ours: 'as 6.15', why: 'the newest of the two formats', met: 'live/cli-objects', until: made.last, commands: /^bridge (-[soc] )*vni/, even: each((text) => text.replace(/ +/g, ' ').replaceAll('\x1b[0m ', '\x1b[0m').replace(/ $/gm, '').replace(/([\n\\])[\n\\]+/g, '$1').replace(/ \\/g, '\\')) },
  {
    id: 'newer-words', topic: 'print', command: 'ip -d link, bridge -d link, ip address', theirs: 'what its version knows: sizes of GRO and GSO for IPv4 from 6.3, groups of ports from 6.4, protocols of addresses from 6.3 ...', ours: 'all that the kernel tells', why: 'the newest of the two formats', met: ['live/cli-show', 'live/cli-kinds', 'live/cli-words'], until: made.last,
    even: (ours, theirs) => [withoutNewer(ours, theirs), theirs],
  },
  {
    id: 'words-of-7.3', topic: 'print', command: 'ip -d link, ip stats, ip ntable, bridge -d link, bridge -d vlan', theirs: 'what its version knows', ours: 'what 7.3 prints: neigh_forward_grat, mcast_reprobes, counters of VLANs ...', why: 'all that the kernel tells',
    met: ['cli-prints', 'cli-objects', 'live/cli-objects'], until: 703, even: (ours, theirs) => [without73(ours, theirs), theirs],
  },
  { id: 'netns-immutable', topic: 'print', command: 'ip -d link', theirs: 'before 7.3: not which links stay in their namespace', ours: '"netns-immutable"', why: 'all that the kernel tells', met: ['live/cli-show', 'live/cli-kinds'], until: 703, kernel: 615, even: (ours, theirs) => [without73(ours, theirs), theirs] },
  { id: 'nexthop-counters', topic: 'print', command: 'ip -s nexthop', theirs: 'before 6.15: no counters', ours: 'those of the kernel, from Linux 6.9', why: 'as 6.15', met: 'live/cli-objects', until: made.last, kernel: 609, commands: /-s .*nexthop/, even: each((text) => text.replace(/([\n\\] *)?(hw_stats \w+ used \w+|stats:|id \d+ packets \d+( packets_hw \d+)?)(?=[ \n\\]|$)/g, '').replace(/,"(hw_stats|group_stats)":(\{[^}]*\}|\[[^\]]*\])/g, '').replace(/[ \\]+$/gm, '')) },
  { id: 'mst-terminated', topic: 'print', command: 'bridge mst', theirs: '"Dump terminated" at the first port without instances: what comes behind is not told, JSON is cut', ours: 'all ports that have some', why: 'nothing is wrong there', met: 'live/cli-show', kernel: 518 },
  { id: 'tunnels-counted', topic: 'print', command: 'bridge -s vlan tunnelshow', theirs: 'counters of VLANs, and no tunnels', ours: 'the tunnels, which have no counters', why: 'they are what was asked for', met: 'live/cli-show', commands: /-s .*tunnelshow/, even: apart },
  {
    id: 'oneline-nexthop', topic: 'print', command: 'ip -o -d route', theirs: 'a route by a next hop object on two lines', ours: 'one line', why: '-o means one line an object', ...live,
    shown: [both('ip -o -d route show 10.8.0.0/16', { status: 0, stdout: /\n\tnh_info id 1 / }, { status: 0, stdout: /^[^\n]*\\\tnh_info id 1 [^\n]*\n$/ })],
  },
  { id: 'print-verbose', topic: 'print', command: 'ip link set DEVICE xdp object FILE verbose', theirs: 'what libbpf does, step by step, and the log of the verifier', ours: 'the log of the verifier', why: 'there is no libbpf', met: 'live/cli-bpf' },
  // -- exit status ------------------------------------------------------------------------------------------
  {
    id: 'status-usage', topic: 'status', command: 'ip link set DEVICE mtu x', theirs: '255, 1 or 22', ours: '1 for whatever is wrong with the words, or not found', why: statuses, ...live,
    shown: [both('ip link set v0 mtu x', { status: 255, stderr: /argument "x" is wrong/ }, { status: 1, stderr: wrong }), both('ip link set v0 carrier maybe', { status: 22 }, { status: 1, stderr: wrong }), both('ip link set nope up', { status: 1 }, { status: 1, stderr: wrong })],
  },
  {
    id: 'status-bridge', topic: 'status', command: 'bridge link set, bridge fdb add ...', theirs: '255 for what the kernel refuses; negative error numbers (254, 234) leak through', ours: '2 when the kernel refuses, 1 when the words are wrong', why: statuses, ...live,
    shown: [
      both('bridge link set dev v0 cost 5', { status: 255 }, { status: 2, stderr: /EOPNOTSUPP/ }), both('bridge fdb get 02:00:00:00:00:98 br br0', { status: 254 }, { status: 2, stderr: /ENOENT/ }),
      both('bridge link set dev v2 learning maybe', { status: 234 }, { status: 1, stderr: wrong }),
    ],
  },
  { id: 'status-permission', topic: 'status', command: 'any change, without privilege', theirs: '2: "Operation not permitted"', ours: '3, and the capability that lacks', why: statuses, met: 'live/cli-bad-input' },
  {
    id: 'status-exists', topic: 'status', command: 'ip netns add NAME', theirs: '1 for a name that exists', ours: '2, as any refusal of the kernel', why: statuses, ...live,
    shown: [both('ip netns add s1', { status: 1 }, { status: 2, stderr: /EEXIST/ })],
  },
  {
    id: 'status-program', topic: 'status', command: 'ip link set DEVICE xdp object FILE', theirs: '255 for what the verifier refuses, and for a file or section that is not there', ours: '2 for the verifier, 1 for what is not there, 4 for a file that is no BPF object', why: statuses, met: 'live/cli-bpf',
  },
  // -- words ------------------------------------------------------------------------------------------------
  { id: 'rtmon-nothing', topic: 'words', command: 'rtmon -0 file FILE address', theirs: 'waits for what is never told', ours: 'refuses', why: early, ...rtmon },
  {
    id: 'words-left-over', topic: 'words', command: 'ip netns add NAME EXTRA', theirs: 'takes no notice of what follows', ours: 'refuses', why: early, ...live,
    shown: [both('ip netns add n1 nosuch', { status: 0 }, { status: 1, stderr: /"nosuch" is one word too many/ })],
  },
  {
    id: 'words-twice', topic: 'words', command: 'ip link add ... type macvlan mode MODE mode MODE', theirs: 'takes the last', ours: 'refuses', why: early, ...live,
    shown: [both('ip link add n2 link v3 type macvlan mode bridge mode vepa', { status: 0 }, { status: 1, stderr: /"mode" is given twice/ })],
  },
  {
    id: 'words-wrap', topic: 'words', command: 'ip link set DEVICE group 4294967296, ip rule add sport 70000', theirs: 'cuts the number to the size of its field', ours: 'refuses', why: early, ...live,
    shown: [both('ip link set v3 group 4294967296', { status: 0 }, { status: 1, stderr: /"4294967296" is not a link group/ }), both('ip rule add sport 70000 table 5', { status: 0 }, { status: 1, stderr: /"70000" is not a range/ })],
  },
  {
    id: 'words-zero', topic: 'words', command: 'bridge link set dev DEVICE cost x', theirs: 'takes what is no number for 0, and sends nothing', ours: 'refuses', why: early, ...live,
    shown: [both('bridge link set dev v2 cost x', { status: 0 }, { status: 1, stderr: /"x" is not a number for "cost"/ }), both('ip -loops x address flush dev m0', { status: 0 }, { status: 1, stderr: /"x" is not a number for "-loops"/ })],
  },
  {
    id: 'words-nothing', topic: 'words', command: 'ip link property add dev DEVICE', theirs: 'does nothing', ours: 'asks which name', why: early, ...live,
    shown: [both('ip link property add dev v0', { status: 0 }, { status: 1, stderr: /which name/ })],
  },
  {
    id: 'words-newer', topic: 'words', command: 'bridge mst, ip link show down, ip link show novf', theirs: 'before 6.15: not all of them', ours: 'all that 6.15 knows', why: 'scripts are written for the newest', met: ['live/cli-show', 'live/cli-objects', 'live/cli-words'], until: made.last, commands: /^bridge (-\S+ )*mst\b| (novf|down)\b/, even: apart,
  },
  {
    id: 'words-options', topic: 'words', command: 'bridge -N, -r, -h ... OBJECT', theirs: 'refuses the options of ip', ours: 'takes the same options for both', why: 'names, numbers and units are printed by both', ...live,
    shown: [both('bridge -N link show dev v2', { status: 255, stderr: /Option "-N" is unknown/ }, { status: 0, stdout: /v2@v3/ })],
  },
  {
    id: 'words-via', topic: 'words', command: 'ip route add 10.0.0.0/8 via fd00::1', theirs: 'refuses: wants "via inet6 fd00::1"', ours: 'takes the family from the address', why: 'the address says it', ...live,
    shown: [both('ip route add 10.66.0.0/16 via fd00::2 dev v0', { status: 1, stderr: /inet address is expected/ }, { status: 0, stderr: nothing })],
  },
  // -- batches ----------------------------------------------------------------------------------------------
  {
    id: 'batch-directory', topic: 'batch', command: 'ip -batch DIRECTORY', theirs: 'an empty batch', ours: 'refuses', why: early, ...live,
    shown: [both('ip -batch /etc', { status: 0 }, { status: 1, stderr: /cannot read "\/etc"/ })],
  },
  { id: 'batch-force', topic: 'batch', command: 'ip -force -batch FILE', theirs: 'ends at a line with a wrong word, and does not say which', ours: 'says file and line of each mistake, and goes on', why: 'that is what -force is for', ...live },
  // -- messages ---------------------------------------------------------------------------------------------
  { id: 'bytes-nested', topic: 'bytes', command: 'ip link add ... type KIND', theirs: 'sets NLA_F_NESTED on some nests', ours: 'sets it on all', why: 'strict kernels want it, older ones do not look', met: 'cli-requests' },
  { id: 'bytes-order', topic: 'bytes', command: 'bridge link set, ip route add ... encap', theirs: 'attributes in an order of its own', ours: 'in the order of the words, those of the header first', why: 'the kernel reads attributes by number', met: 'cli-requests' },
  { id: 'bytes-nul', topic: 'bytes', command: 'ip link add ... type KIND', theirs: 'ends some texts without a NUL (kinds, aliases, congestion algorithms)', ours: 'ends all with one', why: 'the kernel takes both', met: 'cli-requests' },
  { id: 'bytes-padding', topic: 'bytes', command: 'ip route add ... encap TYPE', theirs: 'leaves what was in memory in the padding of attributes', ours: 'zeros', why: 'a message says nothing but what it means', met: 'cli-requests' },
  { id: 'bytes-port', topic: 'bytes', command: 'ip link set DEVICE type bridge_slave', theirs: 'names a kind "bridge_slave", which the kernel does not know', ours: "names the port's kind, \"bridge\"", why: 'the kernel asks the master either way', met: 'cli-requests' },
  { id: 'bytes-descriptor', topic: 'bytes', command: 'ip link set DEVICE netns NAME', theirs: 'its descriptor of the namespace', ours: 'another number', why: 'descriptors differ from run to run', met: 'cli-requests' },
  { id: 'bytes-no-counters', topic: 'bytes', command: 'ip nexthop', theirs: 'from 6.9: sends flags that ask for no counters', ours: 'sends none', why: 'kernels before 6.9 refuse them', met: 'cli-objects' },
  // -- brctl ------------------------------------------------------------------------------------------------
  {
    id: 'brctl-name', topic: 'words', command: 'brctl addbr NAME', theirs: 'cuts a name that is too long, and makes a bridge of another name', ours: 'refuses', why: early, ...brctl,
    shown: [both('addbr a-name-that-is-too-long', done, no)],
  },
  { id: 'brctl-left-over', topic: 'words', command: 'brctl addbr NAME EXTRA, brctl setageing BRIDGE 5s', theirs: 'takes no notice of words that are too many, nor of what follows a number', ours: 'refuses', why: early, ...brctl, shown: [both('addbr br2 br3', done, no), both('setageing br0 5s', done, no)] },
  { id: 'brctl-wrap', topic: 'words', command: 'brctl setbridgeprio BRIDGE 65537', theirs: 'sets 1: cuts the number to 16 bits', ours: 'refuses', why: early, ...brctl, shown: [both('setbridgeprio br0 65537', done, no)] },
  { id: 'brctl-bridge', topic: 'words', command: 'brctl setpathcost BRIDGE PORT COST, brctl setportprio', theirs: 'does not look at the name of the bridge', ours: 'refuses what is not a port of that bridge', why: early, ...brctl, shown: [both('setpathcost nope p0 5', done, no), both('setportprio br1 p0 5', done, no)] },
  { id: 'brctl-floating', topic: 'words', command: 'brctl setageing BRIDGE 2.3', theirs: 'reckons in floating point and sets 2.29', ours: '2.30, as far as the ticks of the kernel go', why: 'it is what was asked for', ...brctl },
  ...tunnelDifferences,
  ...tcDifferences, ...tcFilterDifferences,
  ...genericDifferences, ...ssDifferences,
  ...ethtoolDifferences,
  ...moduleDifferences,
  ...ipvsDifferences,
  ...ipsetDifferences,
  ...xfrmDifferences, ...wgDifferences, ...devlinkDifferences, ...dpctlDifferences,
  // -- not there --------------------------------------------------------------------------------------------
  {
    id: 'absent-bpf', topic: 'absent', command: 'ip link set DEVICE xdp object FILE', theirs: 'libbpf: also programs that use symbols and settings of the kernel (.ksyms, .kconfig) or types of its modules, and maps that are filled with programs', ours: 'refuses them by name: load the program with bpftool, and give "pinned FILE"', why: 'it takes all of libbpf', met: 'live/cli-bpf',
  },
];

export interface Expected {
  /** All of the test's rows, by id, and those that this iproute2 and this kernel can meet. */
  readonly ids: readonly string[];
  readonly due: readonly string[];
  readonly seen: ReadonlySet<string>;
  /** Those that are due and were not met. Of versions between those that the table was made with it does not know enough. */
  missing(): readonly string[];
  /** Notes that a row was met. */
  meet(id: string): Difference;
  /** What both printed for a line, without the differences that are due; notes those that made any. */
  even(line: string, ours: string, theirs: string): readonly [ours: string, theirs: string];
}

/** The rows that a test meets. @param version of iproute2, and @param kernel, as 615; without them all rows count */
export function expected(by: Meets, version = 0, kernel = Infinity): Expected {
  const rows = differences.filter(({ met }) => (Array.isArray(met) ? met : [met]).includes(by)), seen = new Set<string>();
  const due = rows.filter(({ since = 0, until = Infinity, kernel: from = 0 }) => (version === 0 || version >= since) && version < until && kernel >= from);
  const names = (list: readonly Difference[]): string[] => list.map(({ id }) => id).sort();
  return {
    ids: names(rows),
    due: names(due),
    seen,
    missing: () => (version > made.first && version < made.last ? [] : names(due).filter((id) => !seen.has(id))),
    meet(id) {
      const row = rows.find((one) => one.id === id);
      if (!row) throw new Error(`the difference "${id}" is not in test/support/differences.ts, or is met by another test than ${by}`);
      seen.add(id);
      return row;
    },
    even(line, ours, theirs) {
      let both: readonly [string, string] = [ours, theirs];
      for (const { id, even, commands } of due) {
        if (both[0] === both[1]) break;
        if (!even || commands?.test(line) === false) continue;
        const without = even(...both);
        if (without[0] === both[0] && without[1] === both[1]) continue;
        both = without;
        seen.add(id);
      }
      return both;
    },
  };
}
