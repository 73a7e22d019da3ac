/** Rows of the table of differences about IPsec. */
import type { Difference } from './differences.ts';

export const xfrmDifferences: readonly Difference[] = [
  { id: 'xfrm-json', topic: 'json', command: 'ip -j xfrm', theirs: 'text', ours: 'JSON: a list of objects, with the words of the command line as keys; a monitor tells an event a line', why: 'what is asked for as JSON is read by programs', met: 'live/cli-xfrm' },
  {
    id: 'xfrm-monitor-nokeys', topic: 'print', command: 'ip xfrm monitor nokeys', theirs: 'tells the keys all the same', ours: 'hides them', why: 'it is what was asked for', met: 'live/cli-xfrm', commands: /xfrm monitor nokeys/,
    even: (ours, theirs) => [ours, theirs.replace(/((?:enc|auth|auth-trunc|aead) \S+ )(?:0x[0-9a-f]+(?: \(\d+ bits\))?)?/g, '$1<<Keys hidden>>')],
  },
  { id: 'xfrm-monitor-migrate', topic: 'print', command: 'ip xfrm monitor', theirs: 'says "Unknown message" where the ends of a policy move', ours: 'tells from where to where', why: 'it is what the kernel tells', met: 'live/cli-xfrm' },
  { id: 'xfrm-deleteall', topic: 'bytes', command: 'ip xfrm { state | policy } deleteall', theirs: 'asks for all and deletes without waiting, until nothing is left; does not say the types of policies', ours: 'asks for those that match, says all that a policy is found by, and waits for each', why: 'a policy of the type "sub" is deleted, too, and a refusal is told', met: 'cli-xfrm' },
  { id: 'xfrm-padding', topic: 'bytes', command: 'ip xfrm state add ... encap, flush', theirs: 'leaves what was in memory in the padding of a structure; ends a message that is no multiple of 4 bytes', ours: 'zeros', why: 'a message says nothing but what it means', met: 'cli-xfrm' },
];
