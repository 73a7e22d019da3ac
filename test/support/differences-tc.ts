/** Rows of the table of differences about `tc qdisc` and `tc class`. */
import type { Difference } from './differences.ts';

const both = { met: ['cli-tc-qdisc', 'live/cli-tc-qdisc'] } as const;

/** Both without something. */
const each = (without: (text: string) => string) => (ours: string, theirs: string) => [without(ours), without(theirs)] as const;
/** Sizes of buckets go to the kernel and come back as times. */
const withoutBuckets = (text: string): string => text.replace(/\b(c?burst|minburst|mtu) [\d.]+[KM]?b/g, '$1 N').replace(/"(c?burst|minburst|mtu)": ?("[^"]*"|[\d.e+]+)/g, '"$1":0').replace(/\b(c?tokens: )-?\d+/g, '$1N').replace(/"(c?tokens)": ?-?\d+/g, '"$1":0').replace(/"lat": ?\d+/g, '"lat":0');

export const tcDifferences: readonly Difference[] = [
  { id: 'tc-json-words', topic: 'json', command: 'tc -j class show, tc -j qdisc show', theirs: 'text among the JSON, of kinds hfsc, qfq and multiq; of hfsc with -s, too; of taprio with a schedule that waits an object without a key', ours: 'JSON, by the words of the text', why: 'what is asked for as JSON is read by programs', ...both },
  { id: 'tc-ticks', topic: 'bytes', command: 'tc class add dev DEVICE ... htb rate RATE, tc qdisc add dev DEVICE ... tbf rate RATE burst BYTES', theirs: '6.1: times are cut to whole ticks on the way, so that buckets are some bytes smaller', ours: 'as 6.15', why: 'as later versions', met: 'live/cli-tc-qdisc', until: 615, even: each(withoutBuckets) },
  { id: 'tc-htb-blanks', topic: 'print', command: 'tc class show dev DEVICE', theirs: '6.1: of htb a blank before "mpu" and at the end of the line', ours: 'as 6.15', why: 'as later versions', met: 'live/cli-tc-qdisc', until: 615, even: each((text) => text.replace(/(\/\d+) mpu/g, '$1mpu').replace(/ +$/gm, '')) },
  { id: 'tc-fq-bands', topic: 'print', command: 'tc -s qdisc show', theirs: '6.1: of fq no packets by band', ours: 'as 6.15', why: 'as later versions', met: 'live/cli-tc-qdisc', until: 615, even: (ours, theirs) => [/band0_pkts/.test(theirs) ? ours : ours.replace(/ band\d_pkts \d+/g, '').replace(/"band\d_pkts": ?\d+,/g, ''), theirs] },
  { id: 'tc-rate-percent', topic: 'words', command: 'tc qdisc add dev DEVICE root tbf rate 10% ...', theirs: 'rates in percent of the link\'s speed, read from /sys', ours: 'rates in bits or bytes a second', why: 'rtnetlink does not tell the speed of a link, and that of virtual ones is made up', met: 'live/cli-tc-qdisc' },
  { id: 'tc-gred-setup', topic: 'bytes', command: 'tc qdisc change dev DEVICE ... gred setup ...', theirs: 'makes the qdisc where there is none', ours: 'there is no such qdisc', why: '"change" changes what is there', met: 'live/cli-tc-qdisc' },
  { id: 'tc-json-peak', topic: 'json', command: 'tc -j -d qdisc show', theirs: 'of tbf with a peak rate the key "mpu" twice', ours: 'once, the peak\'s', why: 'the second one is what programs take', met: { not: 'who reads it as JSON sees no difference' } },
  { id: 'tc-kind-words', topic: 'words', command: 'tc qdisc add dev DEVICE root KIND ...', theirs: '6.16 and later: words of dualpi2, and of cake_mq', ours: 'as 6.15: of dualpi2 and cake_mq none; nlkit/route takes their options', why: 'those came later', met: 'live/cli-tc-qdisc' },
  { id: 'tc-json-blank', topic: 'json', command: 'tc -j qdisc show', theirs: 'of fq keys that end in a blank, "priomap " and "weights "', ours: 'keys without it', why: 'an oversight there', met: 'cli-tc-qdisc' },
];

const filters = { met: 'live/cli-tc-filter' } as const, read = 'what is asked for as JSON is read by programs';
/** Rows about `tc filter`, `tc chain`, `tc actions` and `tc monitor`. */
export const tcFilterDifferences: readonly Difference[] = [
  { id: 'tc-filter-json-twice', topic: 'json', command: 'tc -j filter show', theirs: 'of u32 with several keys "match" several times, and outside of it its counter; of a limit with two verdicts "control_action" twice', ours: '"match" is a list, with the counters in it; the second verdict is "conform_action"', why: 'of a name that comes twice programs take one', since: 615, ...filters },
  { id: 'tc-filter-json-text', topic: 'json', command: 'tc -j filter show', theirs: 'the expression of basic and cgroup as text among the JSON; of u32 with "offset ... eat" a key without a value; of flower with "gtp_opts" nothing', ours: '"ematches", and "eat": true', why: read, since: 615, ...filters },
  { id: 'tc-filter-pretty', topic: 'print', command: 'tc -p filter show', theirs: 'of u32 words for addresses and ports of IPv4; other keys are run together or left out', ours: 'the keys, as without -p', why: 'what matches is not to be guessed', ...filters },
  { id: 'tc-filter-nosuch', topic: 'status', command: 'tc actions show action nosuch', theirs: 'says that there is no such action, with status 0', ours: 'status 1', why: 'a program can tell', ...filters },
  { id: 'tc-pedit-fields', topic: 'bytes', command: 'tc actions add action pedit [ex] munge ip icmp_code, ... ip6 flow_lbl', theirs: 'the byte of the type; 19 bits of 20', ours: 'the byte of the code; all 20', why: 'an oversight there', ...filters },
  { id: 'tc-ematch-ipt', topic: 'bytes', command: "tc filter add dev DEVICE ingress ... basic match 'ipt(-m policy --dir in ...)'", theirs: 'says that packets go out, and the kernel refuses it; "!" is passed over; the number after --spi turned over', ours: 'says where the filter is, and what is inverted; the number as it is on the wire', why: 'as iptables has it, and as the kernel compares it', since: 615, ...filters },
  { id: 'tc-ematch-dev', topic: 'bytes', command: "tc filter add ... basic match 'meta(dev eq \"eth0\")'", theirs: 'compares a number with a text, which the kernel refuses; meta("eth0" eq dev) works', ours: 'compares names, either way round', why: 'its help gives it as an example', since: 615, ...filters },
  { id: 'tc-filter-monitor', topic: 'json', command: 'tc -j monitor', theirs: 'one list, which is not closed', ours: 'an event a line, with what happened to which object', why: read, ...filters },
];
