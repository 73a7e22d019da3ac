/** Rows of the table of differences about ipvsadm 1.31. */
import type { Difference } from './differences.ts';

const captured = { met: 'cli-ipvsadm' } as const, live = { met: 'live/cli-ipvsadm' } as const;
const early = 'a mistake is said before it does something else';

export const ipvsDifferences: readonly Difference[] = [
  { id: 'ipvsadm-order', topic: 'print', command: 'ipvsadm -L, ipvsadm -S', theirs: 'addresses that lie far apart (10.0.0.1, 192.0.2.1) the wrong way round', ours: 'addresses in ascending order, those of IPv4 first', why: 'the order that its manual tells', ...captured },
  { id: 'ipvsadm-thresholds', topic: 'print', command: 'ipvsadm -S', theirs: 'without -x and -y: they are lost when it is restored', ours: 'with them', why: 'what was saved can be restored', ...captured },
  { id: 'ipvsadm-settings', topic: 'bytes', command: 'ipvsadm -D, -a, -e, -d, -Z, -L SERVICE', theirs: 'the settings of a new service beside the name of one', ours: 'the name', why: 'the kernel does not look at them', ...captured },
  { id: 'ipvsadm-flags', topic: 'print', command: 'ipvsadm -A -s sh -b flag-3', theirs: 'flags of which a scheduler has no name are not printed, nor saved', ours: 'flag-3', why: 'what was saved can be restored', ...live },
  { id: 'ipvsadm-json', topic: 'json', command: 'ipvsadm --json -L', theirs: 'no JSON', ours: 'services with their servers, counters included', why: 'programs read it', ...live },
  { id: 'ipvsadm-status', topic: 'status', command: 'ipvsadm', theirs: '255 for what the kernel refused, 2 or 255 for wrong words, 1 for a service that is not there to be listed', ours: '1 for what is wrong with the line or is not there, 2 for what the kernel refused, 3 for want of a permission', why: 'a program can tell them apart', ...live },
  { id: 'ipvsadm-forms', topic: 'words', command: 'ipvsadm -L --stats --rate', theirs: 'prints the first of them', ours: 'refuses', why: early, ...live },
  { id: 'ipvsadm-mask', topic: 'words', command: 'ipvsadm -A -t ADDRESS:PORT -p -M 24', theirs: 'takes it for 0.0.0.24', ours: 'refuses', why: early, ...live },
  { id: 'ipvsadm-restore', topic: 'words', command: 'ipvsadm -R', theirs: 'does the lines before one that is wrong, and does not say which that is', ours: 'reads all lines before it does the first, and says which is wrong', why: 'nothing is left half done', ...live },
  { id: 'ipvsadm-connections', topic: 'absent', command: 'ipvsadm -L -c', theirs: 'connections, from /proc/net/ip_vs_conn', ours: 'says where they are', why: 'they are not told over netlink', ...live },
];
