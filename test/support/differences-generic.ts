/** Rows of the table of differences about what is spoken over generic netlink. */
import type { Difference } from './differences.ts';

const generic = { met: 'live/cli-generic' } as const;
const valid = 'what is asked for as JSON is read by programs', asked = 'it is what was asked for', early = 'a mistake is said before it does something else';

export const genericDifferences: readonly Difference[] = [
  { id: 'mptcp-limits-json', topic: 'json', command: 'ip -j mptcp limits', theirs: 'text', ours: 'JSON', why: valid, ...generic },
  { id: 'mptcp-monitor-json', topic: 'json', command: 'ip -j mptcp monitor', theirs: 'text', ours: 'an object a line', why: valid, ...generic },
  { id: 'tcp-metrics-json-one', topic: 'json', command: 'ip -j tcp_metrics show ADDRESS', theirs: 'text', ours: 'JSON', why: valid, ...generic },
  { id: 'ioam-schema-json', topic: 'json', command: 'ip -j ioam schema show', theirs: 'the bytes under one empty key, again and again', ours: 'a list of the bytes', why: 'of equal keys programs see the last', ...generic },
  { id: 'mptcp-monitor-listener', topic: 'print', command: 'ip mptcp monitor', theirs: 'names in 14 columns; of listeners that come and go [UNKNOWN 15], [UNKNOWN 16]', ours: 'names in 16 columns; what happened, to which address', why: 'as later versions', until: 602, ...generic },
  { id: 'genl-capabilities', topic: 'print', command: 'genl ctrl', theirs: 'takes the version of a family for that of nlctrl: what commands can do is not told of families of version 1', ours: 'told of all', why: 'nlctrl tells it', until: 615, ...generic },
  { id: 'genl-types', topic: 'print', command: 'genl ctrl policy', theirs: 'type=unknown for integers of any size', ours: 'type=UINT, type=SINT', why: 'that is what they are called', kernel: 618, ...generic },
  { id: 'mptcp-id-zero', topic: 'words', command: 'ip mptcp endpoint add ADDRESS id 0', theirs: 'any id that is free', ours: 'refuses, as later versions do', why: 'without "id" the kernel takes one that is free; id 0 is something else', until: 615, ...generic },
  { id: 'mptcp-limits-none', topic: 'words', command: 'ip mptcp limits set', theirs: 'sets nothing, and says nothing', ours: 'asks which limit', why: early, ...generic },
  { id: 'tcp-metrics-flush-any', topic: 'words', command: 'ip tcp_metrics flush ::/0', theirs: 'forgets all hosts, those of IPv4 too', ours: 'those of IPv6', why: asked, ...generic },
  { id: 'generic-more', topic: 'words', command: 'ip ioam namespace show WORD, ip mptcp endpoint flush WORD', theirs: 'does not look at further words', ours: 'refuses', why: early, ...generic },
  { id: 'sr-hmac-prompt', topic: 'words', command: 'ip sr hmac set', theirs: 'prompts where there is no terminal, too', ours: 'reads a line', why: 'nobody sees it', ...generic },
  { id: 'genl-version', topic: 'bytes', command: 'genl ctrl', theirs: 'header of version 0', ours: 'of version 2, which nlctrl is', why: 'the kernel does not look', met: 'cli-generic' },
];
