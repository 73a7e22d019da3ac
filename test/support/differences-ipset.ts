/** Rows of the table of differences about ipset 7.17. */
import type { Difference } from './differences.ts';

const live = { met: 'live/cli-ipset' } as const;
const early = 'a mistake is said before it does something else';

export const ipsetDifferences: readonly Difference[] = [
  { id: 'ipset-forceadd', topic: 'print', command: 'ipset list, ipset save', theirs: 'without forceadd: it is lost when it is restored', ours: 'with it', why: 'what was saved can be restored', ...live },
  { id: 'ipset-sorted', topic: 'print', command: 'ipset list -sorted', theirs: 'entries in the order of their letters', ours: 'numbers in the order of numbers', why: 'that is how addresses are looked for', ...live },
  { id: 'ipset-json', topic: 'json', command: 'ipset -o json list', theirs: 'no JSON before 7.18', ours: 'sets with their entries', why: 'programs read it', ...live },
  { id: 'ipset-status', topic: 'status', command: 'ipset', theirs: '1 for what the kernel refused and for most that is wrong with a line, 2 for the rest', ours: '1 for what is wrong with the line or is not there, 2 for what the kernel refused, 3 for want of a permission', why: 'a program can tell them apart', ...live },
  { id: 'ipset-short', topic: 'words', command: 'ipset add SET 10.1', theirs: 'takes it for 10.0.0.1', ours: 'refuses', why: early, ...live },
  { id: 'ipset-xml', topic: 'print', command: 'ipset -o xml list', theirs: 'comments as they are: "&" and "<" make it no XML', ours: '"&amp;" and "&lt;"', why: 'programs read it', ...live },
  { id: 'ipset-names', topic: 'absent', command: 'ipset add SET HOST, ipset list -resolve', theirs: 'looks names of hosts up', ours: 'takes and prints addresses', why: 'a set of addresses that depends on an answer is another set each time', ...live },
];
