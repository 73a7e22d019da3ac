/** Rows of the table of differences about `tc qdisc` and `tc class`. */
import type { Difference } from './differences.ts';

const both = { met: ['cli-tc-qdisc', 'live/cli-tc-qdisc'] } as const;

/** Both without something. */
const each = (without: (text: string) => string) => (ours: string, theirs: string) => [without(ours), without(theirs)] as const;
/** Sizes of buckets go to the kernel and come back as times. */
const withoutBuckets = (text: string): string => text.replace(/\b(c?burst|minburst|mtu) [\d.]+[KM]?b/g, '$1 N').replace(/"(c?burst|minburst|mtu)": ?("[^"]*"|[\d.e+]+)/g, '"$1":0').replace(/\b(c?tokens: )-?\d+/g, '$1N').replace(/"(c?tokens)": ?-?\d+/g, '"$1":0').replace(/"lat": ?\d+/g, '"lat":0');

export const tcDifferences: readonly Difference[] = [
  { id: 'tc-json-words', topic: 'json', command: 'tc -j class show, tc -j qdisc show', theirs: 'text among the JSON, of kinds hfsc, qfq and multiq; of hfsc with -s, too', ours: 'JSON, by the words of the text', why: 'what is asked for as JSON is read by programs', ...both },
  { id: 'tc-ticks', topic: 'bytes', command: 'tc class add dev DEVICE ... htb rate RATE, tc qdisc add dev DEVICE ... tbf rate RATE burst BYTES', theirs: '6.1: times are cut to whole ticks on the way, so that buckets are some bytes smaller', ours: 'as 6.15', why: 'as later versions', met: 'live/cli-tc-qdisc', until: 615, even: each(withoutBuckets) },
  { id: 'tc-htb-blanks', topic: 'print', command: 'tc class show dev DEVICE', theirs: '6.1: of htb a blank before "mpu" and at the end of the line', ours: 'as 6.15', why: 'as later versions', met: 'live/cli-tc-qdisc', until: 615, even: each((text) => text.replace(/(\/\d+) mpu/g, '$1mpu').replace(/ +$/gm, '')) },
  { id: 'tc-fq-bands', topic: 'print', command: 'tc -s qdisc show', theirs: '6.1: of fq no packets by band', ours: 'as 6.15', why: 'as later versions', met: 'live/cli-tc-qdisc', until: 615, even: (ours, theirs) => [/band0_pkts/.test(theirs) ? ours : ours.replace(/ band\d_pkts \d+/g, '').replace(/"band\d_pkts": ?\d+,/g, ''), theirs] },
  { id: 'tc-json-peak', topic: 'json', command: 'tc -j -d qdisc show', theirs: 'of tbf with a peak rate the key "mpu" twice', ours: 'once, the peak\'s', why: 'the second one is what programs take', met: { not: 'who reads it as JSON sees no difference' } },
  { id: 'tc-kind-words', topic: 'words', command: 'tc qdisc add dev DEVICE root KIND ...', theirs: 'words of every kind', ours: 'of gred, plug, mqprio, taprio, etf, cbs, dualpi2 and cake_mq none: nlkit/route takes their options', why: 'few people type them', ...both },
  { id: 'tc-json-blank', topic: 'json', command: 'tc -j qdisc show', theirs: 'of fq keys that end in a blank, "priomap " and "weights "', ours: 'keys without it', why: 'an oversight there', met: 'cli-tc-qdisc' },
];

const filters = { met: 'live/cli-tc-filter' } as const, read = 'what is asked for as JSON is read by programs';
/** Rows about `tc filter`, `tc chain`, `tc actions` and `tc monitor`. */
export const tcFilterDifferences: readonly Difference[] = [
  { id: 'tc-filter-json-twice', topic: 'json', command: 'tc -j filter show', theirs: 'of u32 with several keys "match" several times, and outside of it its counter; of a limit with two verdicts "control_action" twice', ours: '"match" is a list, with the counters in it; the second verdict is "conform_action"', why: 'of a name that comes twice programs take one', since: 615, ...filters },
  { id: 'tc-filter-json-text', topic: 'json', command: 'tc -j filter show', theirs: 'the expression of basic and cgroup as text among the JSON; of u32 with "offset ... eat" a key without a value; of flower with "gtp_opts" nothing', ours: '"ematches", and "eat": true', why: read, since: 615, ...filters },
  { id: 'tc-filter-pretty', topic: 'print', command: 'tc -p filter show', theirs: 'of u32 words for addresses and ports of IPv4; other keys are run together or left out', ours: 'the keys, as without -p', why: 'what matches is not to be guessed', ...filters },
  { id: 'tc-filter-nosuch', topic: 'status', command: 'tc actions show action nosuch', theirs: 'says that there is no such action, with status 0', ours: 'status 1', why: 'a program can tell', ...filters },
  { id: 'tc-filter-words', topic: 'words', command: 'tc filter add, tc actions add', theirs: 'words of every kind', ours: 'of the actions gate and ife, and of the extended matches text, ipset, ipt and canid none: nlkit/route takes their options', why: 'few people type them', ...filters },
  { id: 'tc-filter-monitor', topic: 'json', command: 'tc -j monitor', theirs: 'one list, which is not closed', ours: 'an event a line, with what happened to which object', why: read, ...filters },
];
