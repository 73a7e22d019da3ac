/** Rows of the table of differences about TUN and TAP devices, tunnels, and routes of multicast packets. */
import type { Difference } from './differences.ts';

const live = { met: 'live/cli-differences' } as const, tunnels = { met: 'live/cli-tunnels' } as const;
const valid = 'what is asked for as JSON is read by programs', asked = 'it is what was asked for', early = 'a mistake is said before it does something else';
const nothing = /^$/;

export const tunnelDifferences: readonly Difference[] = [
  { id: 'tuntap-json', topic: 'json', command: 'ip -j -d tuntap', theirs: 'names and numbers of processes in a list, without objects', ours: 'a list of objects', why: valid, ...tunnels },
  { id: 'tunnel-json-counters', topic: 'json', command: 'ip -s -j tunnel', theirs: 'counters as text among the JSON', ours: 'no counters', why: `${valid}: ip -s -j link has them`, ...tunnels },
  { id: 'tunnel-json-one', topic: 'json', command: 'ip -6 -j tunnel show NAME', theirs: 'text, and no end of its line', ours: 'JSON', why: valid, ...tunnels },
  {
    id: 'tuntap-filter', topic: 'print', command: 'ip tuntap show dev NAME', theirs: 'all devices, whatever is asked for', ours: 'those that were asked for', why: asked, ...live,
    shown: [{ line: 'ip tuntap show dev nope', theirs: { status: 0, stdout: nothing }, ours: { status: 1, stderr: /no link "nope"/ } }],
  },
  { id: 'tuntap-sysfs', topic: 'print', command: 'ip -n NAMESPACE tuntap', theirs: 'mounts the sysfs of the namespace', ours: 'tells by netlink; one_queue and NAPI only where /sys is of that namespace', why: 'netlink does not tell them', ...tunnels },
  {
    id: 'tunnel-nobody', topic: 'print', command: 'ip tunnel show NAME', theirs: 'nothing where there is no such tunnel', ours: 'refuses', why: early, ...live,
    shown: [{ line: 'ip tunnel show nope', theirs: { status: 0, stdout: nothing }, ours: { status: 1, stderr: /no link "nope"/ } }],
  },
  { id: 'tunnel-mode', topic: 'print', command: 'ip tunnel show mode MODE', theirs: "the kernel's own tunnel of that mode", ours: 'the tunnels of that mode', why: asked, ...tunnels },
  { id: 'tunnel-limits', topic: 'print', command: 'ip tunnel add', theirs: 'by ioctl: limits to the MTU, and a header of VTI that no packet gets', ours: 'what ip link add makes, without both', why: 'link messages are logged, taken back and printed by --dry-run as any other', ...tunnels },
  { id: 'tunnel-change', topic: 'words', command: 'ip -6 tunnel change NAME hoplimit TTL', theirs: 'of GRE: changes nothing, and says nothing', ours: 'changes it', why: asked, ...tunnels },
  { id: 'tunnel-vti', topic: 'words', command: 'ip tunnel add NAME mode vti ttl TTL', theirs: 'keeps it in a header that no packet gets', ours: 'refuses', why: 'it would do nothing', ...tunnels },
  { id: 'tunnel-encaplimit', topic: 'words', command: 'ip -6 tunnel add NAME encaplimit x', theirs: 'takes what is no number for a limit', ours: 'refuses', why: early, ...tunnels },
  { id: 'rapid-relay', topic: 'words', command: 'ip tunnel 6rd dev NAME 6rd-relay_prefix PREFIX', theirs: "takes the tunnel's own prefix away", ours: 'asks which prefix', why: early, ...tunnels },
  { id: 'tuntap-nobody', topic: 'words', command: 'ip tuntap del mode tun', theirs: 'makes a device and deletes it', ours: 'asks which device', why: early, ...tunnels },
  {
    id: 'mroute-prefix', topic: 'words', command: 'ip mroute show PREFIX, from PREFIX', theirs: 'refuses any', ours: 'takes them', why: 'its help has them', until: 615, ...live,
    shown: [{ line: 'ip mroute show 239.1.1.1', theirs: { status: 1, stderr: /prefix is expected/ }, ours: { status: 0, stdout: nothing } }],
  },
];
