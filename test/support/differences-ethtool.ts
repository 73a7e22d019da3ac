/** Rows of the table of differences about ethtool. */
import type { Difference } from './differences.ts';

const ethtool = { met: 'live/cli-ethtool' } as const;
const valid = 'what is asked for as JSON is read by programs', early = 'a mistake is said before it does something else';

export const ethtoolDifferences: readonly Difference[] = [
  { id: 'ethtool-json-lines', topic: 'json', command: 'ethtool --json', theirs: 'on several lines', ours: 'in one; with `nlkit -p` in several', why: 'as all JSON of nlkit', ...ethtool },
  { id: 'ethtool-json-more', topic: 'json', command: 'ethtool --json DEVICE, --json -c, -g, -l, -T, --show-eee, --show-tunnels ...', theirs: '6.1: "bad command line argument(s)"', ours: 'what the kernel said, under the keys of the schemas', why: valid, ...ethtool },
  { id: 'ethtool-json-pause', topic: 'json', command: 'ethtool --json -a DEVICE', theirs: '6.1: `true` for whatever is told', ours: 'whether it is on', why: 'it is what the kernel said', ...ethtool },
  { id: 'ethtool-status', topic: 'status', command: 'any line that the kernel refuses', theirs: '1, or a number from 75 on that depends on the command', ours: '2, and the words of the kernel', why: 'a program can tell a typo (1) from a refusal (2) and from a lack of permission (3)', ...ethtool },
  { id: 'ethtool-nothing', topic: 'words', command: 'ethtool -A DEVICE', theirs: 'sends a change of nothing', ours: 'asks what should be set', why: early, ...ethtool },
  { id: 'ethtool-statistics', topic: 'absent', command: 'ethtool -S DEVICE', theirs: 'the counters of the driver, by ioctl', ours: 'asks for `--all-groups` or `--groups`', why: 'they are not told over netlink', ...ethtool },
  { id: 'ethtool-eeprom', topic: 'absent', command: 'ethtool -m DEVICE', theirs: 'what the bytes mean, by SFF-8472, SFF-8636 and CMIS; all of them, by ioctl', ours: 'the bytes of a page', why: 'they are all that the kernel tells', ...ethtool },
  { id: 'ethtool-ioctl', topic: 'absent', command: 'ethtool -i, -d, -e, -E, -f, -n, -N, -p, -Q, -r, -t, -w, -W, --reset, --get-tunable ...', theirs: 'by ioctl', ours: 'says that it is not over netlink', why: 'nlkit speaks netlink only', ...ethtool },
];
