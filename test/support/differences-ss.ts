/** Rows of the table of differences about ss. */
import type { Difference } from './differences.ts';

const ss = { met: 'live/cli-ss' } as const;
const early = 'a mistake is said before it does something else', statuses = 'a program can tell a typo (1) from a refusal (2) and from a lack of permission (3)';

export const ssDifferences: readonly Difference[] = [
  { id: 'ss-json', topic: 'json', command: 'ss -j', theirs: 'no such option', ours: 'a list of objects, under the words of the text', why: 'programs read it', ...ss },
  { id: 'ss-own', topic: 'print', command: 'ss -f netlink', theirs: 'its own socket', ours: 'its own two', why: 'each sees itself', ...ss },
  { id: 'ss-cgroup', topic: 'print', command: 'ss -N NETNS -e', theirs: 'cgroup:unreachable:1, and "Failed to find cgroup2 mount": it sees the namespace\'s /sys', ours: 'the path', why: 'namespaces are of the network only', ...ss },
  { id: 'ss-kill', topic: 'print', command: 'ss -K', theirs: 'prints sockets of families that cannot be closed, too', ours: 'those that were closed', why: 'it is what was asked for', ...ss },
  { id: 'ss-dccp', topic: 'print', command: 'ss -a', theirs: '"RTNETLINK answers: Invalid argument" where the kernel has no DCCP', ours: 'nothing of it', why: 'nobody asked for DCCP', kernel: 616, ...ss },
  { id: 'ss-status', topic: 'status', command: 'ss, of a line that is wrong', theirs: '255', ours: '1', why: statuses, ...ss },
  { id: 'ss-nothing', topic: 'status', command: "ss -A '!all'", theirs: 'says that there are no tables, and succeeds', ours: 'refuses', why: early, ...ss },
  { id: 'ss-both', topic: 'words', command: 'ss -4 -6', theirs: 'sockets of IPv6', ours: 'of both', why: 'it is what was asked for', ...ss },
  { id: 'ss-bare', topic: 'words', command: 'ss dst ::1', theirs: 'takes the last colon for that of a port, and refuses', ours: 'the address', why: 'it can be nothing else', ...ss },
  { id: 'ss-not', topic: 'words', command: 'ss dst != ADDRESS', theirs: 'refuses', ours: 'takes it, as of ports', why: 'one grammar for all', ...ss },
  { id: 'ss-names', topic: 'words', command: "ss -x 'sport > 100'", theirs: 'all sockets: it takes the port for a name', ours: 'refuses', why: early, ...ss },
  { id: 'ss-absent', topic: 'absent', command: 'ss -Z, ss -z, ss -D, ss --tipc', theirs: 'contexts of SELinux; messages into a file; sockets of TIPC', ours: 'refuses, and says why', why: 'SELinux is no matter of netlink; nlkit decode reads captures; TIPC has its own messages', ...ss },
  { id: 'ss-device', topic: 'bytes', command: 'ss dev DEVICE', theirs: 'asks for all sockets, and looks at them itself', ours: 'the kernel looks', why: 'it can since 4.7', ...ss },
];
