/** Rows of the table of differences about `wg` of wireguard-tools 1.0.20210914. */
import type { Difference } from './differences.ts';

const captured = { met: 'cli-wg' } as const, live = { met: 'live/cli-wg' } as const;
const later = 'as later versions';

export const wgDifferences: readonly Difference[] = [
  { id: 'wg-json', topic: 'json', command: 'wg -j show', theirs: 'no JSON', ours: 'what the script wg-json prints, with secrets hidden but of "dump" and of the fields', why: 'programs read it', ...live },
  { id: 'wg-endpoints', topic: 'print', command: 'wg show all endpoints', theirs: 'the name of the device before its first peer only', ours: 'before each', why: later, ...captured },
  { id: 'wg-status', topic: 'status', command: 'wg', theirs: '1, whatever is wrong', ours: '1 for what is wrong with the line or is not there, 2 for what the kernel refused, 3 for want of a permission', why: 'a program can tell them apart', ...live },
  { id: 'wg-twice', topic: 'words', command: 'wg set DEVICE listen-port 5 listen-port 6', theirs: 'takes the last', ours: 'refuses', why: 'a mistake is said before it does something else', ...live },
  { id: 'wg-ports', topic: 'words', command: 'wg set DEVICE listen-port domain', theirs: 'takes names of services, and of numbers beyond 65535 the lower 16 bits', ours: 'numbers up to 65535', why: 'a mistake is said before it does something else', ...live },
  { id: 'wg-signs', topic: 'words', command: 'wg set DEVICE peer KEY allowed-ips +PREFIX,-PREFIX', theirs: 'knows no signs', ours: 'beside those that are there, and from among them', why: later, ...live },
  { id: 'wg-zeros', topic: 'bytes', command: 'wg syncconf', theirs: 'a preshared key and a keepalive that the file does not have stay', ours: 'go', why: later, ...captured },
];
