/** Rows of the table of differences about ss. */
import type { Difference } from './differences.ts';

const ss = { met: 'live/cli-ss' } as const;
/** Before iproute2 6.15. */
const older = { until: 615, why: 'the newest of the two formats', ...ss } as const;
const early = 'a mistake is said before it does something else', statuses = 'a program can tell a typo (1) from a refusal (2) and from a lack of permission (3)';

/** Without the heading of processes, and what the widths of columns make of a line. */
const withoutWidths = (text: string): string => text.replace(/^(.*Port) *Process *$/m, '$1').replace(/ +/g, ' ').replace(/ $/gm, '');
/** Sequence numbers of MPTCP, from hexadecimal. */
const decimal = (text: string): string => text.replace(/ (write_seq|snd_una|rcv_nxt|seq|sfseq|ssnoff|maplen):([0-9a-f]+)/g, (_, word: string, digits: string) => ` ${word}:${BigInt(`0x${digits}`)}`);
/** What only 6.15 prints: of TCP, and of MPTCP, whose line has a token. */
const withoutNewer = (text: string): string => text.replace(/ (rcv_wnd|rehash):\d+/g, '').replace(/^\t.* rcv_nxt:.*$/gm, (line) => line.replace(/ (local_addr_used|local_addr_max|csum_enabled|retransmits|bytes_\w+|subflows_total|last_\w+):\w+/g, ''));
/** Of requests in hexadecimal, behind the flags, which states they ask for: without two that are new. */
const withoutStates = (text: string): string => text.replace(/^(\w+ .{8}..)(.)/gm, (_, before: string, digit: string) => before + (Number.parseInt(digit, 16) & ~3).toString(16));

export const ssDifferences: readonly Difference[] = [
  { id: 'ss-columns', topic: 'print', command: 'ss', theirs: 'before 6.15: what follows the columns is under "Process", which is there whether or not it is asked for', ours: 'a column of processes with -p or -T, and what follows it under no heading', even: (ours, theirs) => [withoutWidths(ours), withoutWidths(theirs)], ...older },
  { id: 'ss-newer', topic: 'print', command: 'ss -i', theirs: 'before 6.15: no rcv_wnd, rehash, usec_ts, no_pad_rx; of MPTCP less, and sequence numbers in hexadecimal', ours: 'all that 6.15 knows, and decimal', even: (ours, theirs) => [withoutNewer(ours), decimal(theirs)], ...older },
  { id: 'ss-options', topic: 'words', command: 'ss -Q, ss -B, ss state bound-inactive', theirs: 'before 6.15: no such options, no such state', ours: 'as 6.15', ...older },
  { id: 'ss-states', topic: 'bytes', command: 'ss', theirs: 'before 6.15: does not ask for sockets of TCP that are bound and do nothing', ours: 'asks', even: (ours, theirs) => [withoutStates(ours), theirs], ...older },
  { id: 'ss-netlink', topic: 'print', command: 'ss -f netlink -e, ss --tipc -e', theirs: 'from 6.15: details only with -p, in the column of processes', ours: 'the details', why: 'they were asked for', since: 615, even: (ours, theirs) => [ours, theirs].map((text) => text.replace(/(?: sk=\S+ cb=\S+ groups=\S+)? *$/gm, '')) as [string, string], commands: /netlink -e/, ...ss },
  { id: 'ss-threads', topic: 'print', command: 'ss -T', theirs: 'from 6.15: no threads, unless -p is said as well', ours: 'threads', why: 'its manual says that -T implies -p', since: 615, ...ss },
  { id: 'ss-json', topic: 'json', command: 'ss -j', theirs: 'no such option', ours: 'a list of objects, under the words of the text', why: 'programs read it', ...ss },
  { id: 'ss-own', topic: 'print', command: 'ss -f netlink', theirs: 'its own socket', ours: 'its own two', why: 'each sees itself', ...ss },
  { id: 'ss-cgroup', topic: 'print', command: 'ss -N NETNS -e', theirs: 'cgroup:unreachable:1, and "Failed to find cgroup2 mount": it sees the namespace\'s /sys', ours: 'the path', why: 'namespaces are of the network only', ...ss },
  { id: 'ss-kill', topic: 'print', command: 'ss -K', theirs: 'prints sockets of families that cannot be closed, too', ours: 'those that were closed', why: 'it is what was asked for', ...ss },
  { id: 'ss-dccp', topic: 'print', command: 'ss -a', theirs: '"RTNETLINK answers: Invalid argument" where the kernel has no DCCP', ours: 'nothing of it', why: 'nobody asked for DCCP', kernel: 616, ...ss },
  { id: 'ss-status', topic: 'status', command: 'ss, of a line that is wrong', theirs: '255', ours: '1', why: statuses, ...ss },
  { id: 'ss-vsock', topic: 'words', command: 'ss --vsock sport = PORT, ss --vsock src CONTEXT', theirs: 'finds nothing by a port, and everything by a context', ours: 'those that are meant', why: 'it is what was asked for', met: { not: 'few kernels have vsock within one machine; test/live/cli-ss-families.test.ts shows it where one has' } },
  { id: 'ss-port', topic: 'words', command: 'ss sport = -1', theirs: 'takes it for any port', ours: 'refuses', why: early, ...ss },
  { id: 'ss-nothing', topic: 'status', command: "ss -A '!all'", theirs: 'says that there are no tables, and succeeds', ours: 'refuses', why: early, ...ss },
  { id: 'ss-both', topic: 'words', command: 'ss -4 -6', theirs: 'sockets of IPv6', ours: 'of both', why: 'it is what was asked for', ...ss },
  { id: 'ss-bare', topic: 'words', command: 'ss dst ::1', theirs: 'takes the last colon for that of a port, and refuses', ours: 'the address', why: 'it can be nothing else', ...ss },
  { id: 'ss-not', topic: 'words', command: 'ss dst != ADDRESS', theirs: 'refuses', ours: 'takes it, as of ports', why: 'one grammar for all', ...ss },
  { id: 'ss-names', topic: 'words', command: "ss -x 'sport > 100'", theirs: 'all sockets: it takes the port for a name', ours: 'refuses', why: early, ...ss },
  { id: 'ss-absent', topic: 'absent', command: 'ss -Z, ss -z, ss --bpf-maps', theirs: 'contexts of SELinux; maps of BPF that belong to sockets', ours: 'refuses, and says why', why: 'SELinux is no matter of netlink; what such a map holds is its program\'s', ...ss },
  { id: 'ss-dump', topic: 'print', command: 'ss -D FILE EXPRESSION', theirs: 'all sockets, whatever the expression', ours: 'those that it means', why: 'its manual says so', ...ss },
  { id: 'ss-device', topic: 'bytes', command: 'ss dev DEVICE', theirs: 'asks for all sockets, and looks at them itself', ours: 'the kernel looks', why: 'it can since 4.7', ...ss },
];
