/** Captures of tc: nlkit sends what tc sent about qdiscs and classes, and prints of the same answers what tc printed; what it refuses. */
import { describe, expect, test } from 'vitest';
import { split } from '../src/cli/batch.ts';
import type { Body } from '../src/cli/kernel.ts';
import { Recorder } from '../src/cli/kernel-record.ts';
import { Captured } from '../src/cli/output.ts';
import { run } from '../src/cli/run.ts';
import { isShare, rateText, sizeText, time64Text, timeText, transmitBytes, transmitTicks } from '../src/cli/tc/units.ts';
import { captures, decoded, messages, Replay, type Capture } from './support/captures.ts';
import { expected } from './support/differences.ts';

const table = expected('cli-tc-qdisc');
const own = captures.filter(({ command, name }) => !name.includes('/basic/') && /^tc .*\b(qdisc|class) /.test(command));

/** Indexes are those of the captures; one that a line names is the request's. */
class Answers extends Replay {
  readonly #links: Readonly<Record<string, number>>;
  constructor(capture: Capture) {
    super(capture);
    const [, named] = / dev (\w+)/.exec(capture.command) ?? [], asked = messages(capture, 'request').map(({ body }) => Number(body['ifindex'])).find((index) => index > 0);
    this.#links = { lo: 1, d0: 11, d1: 12, d2: 2, nlmon0: 1000, ...(named !== undefined && asked !== undefined && { [named]: asked }) };
  }
  override lookup(body: Body): Body | undefined {
    const name = body['ifname'] ?? Object.keys(this.#links).find((one) => this.#links[one] === body['index']);
    return { index: this.#links[String(name)], ifname: name };
  }
}
async function nlkit(line: string, kernel = new Recorder({ lo: 1, d0: 11 })): Promise<{ status: number; stdout: string; stderr: string }> {
  const out = new Captured(), status = await run(split(line), out, () => kernel);
  return { status, stdout: out.stdout, stderr: out.stderr };
}
/** Without how the bytes deviate, and as JSON has it. */
const plain = (value: unknown): unknown => JSON.parse(JSON.stringify(value, (key, item: unknown) => (key.startsWith('$') ? undefined : key === 'ifindex' ? '*' : typeof item === 'bigint' ? String(item) : item instanceof Uint8Array ? [...item] : item)));
const changes = (all: readonly { key: string; body: Body }[]): unknown => plain(all.filter(({ key }) => /^(new|del)(qdisc|tclass)$/.test(key)).map(({ key, body }) => ({ key, body })));
test('there are some', () => {
  expect(own.length).toBeGreaterThan(80);
});

const made = own.filter(({ command }) => /\b(add|change|replace|link|del) /.test(command) && !/distribution/.test(command));
describe('sends what tc sent', () => {
  test.each(made.map((capture): [string, Capture] => [capture.command, capture]))('%s', async (command, capture) => {
    const kernel = new Answers(capture), said = await nlkit(command, kernel);
    expect(said.stderr).toBe('');
    expect(changes(kernel.sent.flatMap(({ bytes }) => decoded(bytes)))).toEqual(changes(messages(capture, 'request')));
  });
});

const shown = own.filter(({ command, stdout, exit }) => / show/.test(command) && stdout && exit === 0);
describe('prints what tc printed', () => {
  test.each(shown.map((capture): [string, string, Capture] => [capture.name, capture.command, capture]))('%s: %s', async (_name, command, capture) => {
    const { stdout, stderr } = await nlkit(command, new Answers(capture)), theirs = capture.stdout as string;
    expect(stderr).toBe('');
    if (!command.includes('-j')) return expect(stdout).toBe(theirs);
    let read: unknown;
    try {
      read = JSON.parse(theirs.replace(/"(priomap|weights) "/g, (_, key: string) => {
        table.meet('tc-json-blank');
        return `"${key}"`;
      }));
    } catch {
      table.meet('tc-json-words');
      return expect(Array.isArray(JSON.parse(stdout))).toBe(true);
    }
    return expect(JSON.parse(stdout)).toEqual(read);
  });
  test('differences are met', () => { expect(table.missing()).toEqual([]); });
});

test('units', () => {
  expect([1n, 125n, 1250n, 1_500_000n, 12_500_000n, 5_000_000_000n].map((rate) => rateText(rate, { iec: false }))).toEqual(['8bit', '1Kbit', '10Kbit', '12Mbit', '100Mbit', '40Gbit']);
  expect([128n, 131_072n].map((rate) => rateText(rate, { iec: true }))).toEqual(['1Kibit', '1Mibit']);
  expect([0, 1514, 1600, 15_360, 15_350, 2 ** 20, 2 ** 20 - 1, 10 * 2 ** 20].map(sizeText)).toEqual(['0b', '1514b', '1600b', '15Kb', '15Kb', '1Mb', '1024Kb', '10Mb']);
  expect([0, 999, 1000, 4999, 399_988, 1_000_000].map(timeText)).toEqual(['0us', '999us', '1ms', '5ms', '400ms', '1s']);
  expect([1n, 1000n, 20_000_000n, 1_500_000_000n].map(time64Text)).toEqual(['1ns', '1us', '20ms', '1.5s']);
  expect(transmitTicks(125_000n, 1600)).toBe(200_000);
  expect(transmitBytes(125_000n, 200_000)).toBe(1600);
  expect([isShare('5%'), isShare('5'), isShare(undefined)]).toEqual([true, false, false]);
});

describe('what is wrong is said', () => {
  test.each<[string, RegExp]>([
    ['tc qdisc add root pfifo', /at which device\?/], ['tc qdisc add dev d0 root frob', /^$/], ['tc qdisc add dev d0 root frob limit 5', /"frob" is neither an option nor a kind/], ['tc qdisc add dev d0 rot fq_codl limit 5', /"rot" is neither an option nor a kind/],
    ['tc qdisc add dev d0 root parent 1: pfifo', /there is one place/], ['tc qdisc add dev d0 handle 12345: pfifo', /"12345:" is not a qdisc's handle/], ['tc qdisc add dev d0 parent x pfifo', /"x" is not a class/], ['tc qdisc add dev d0 root ingress', /a place of its own/],
    ['tc qdisc add dev d0 root pfifo limit', /"limit" needs a value/], ['tc qdisc add dev d0 root pfifo limit x', /"x" is not a number/], ['tc qdisc add dev d0 root pfifo limt 5', /"limt" is not an option here\n.*"limit"/],
    ['tc qdisc add dev d0 root tbf rate 1mbit', /the size of the bucket/], ['tc qdisc add dev d0 root tbf rate 1mbit burst 1k', /how much may wait/], ['tc qdisc add dev d0 root tbf rate 1mbit burst 1k limit 1 latency 1', /exclude/], ['tc qdisc add dev d0 root tbf rate 1mbits burst 1k limit 1', /"1mbits" is not a rate/],
    ['tc qdisc add dev d0 root tbf rate 1mbit burst 1k/3 limit 1', /power of two/], ['tc qdisc add dev d0 root tbf rate 0 burst 1k limit 1', /more than 0/], ['tc qdisc add dev d0 root tbf rate 1mbit burst 1k limit 1k peakrate 2mbit', /size of its bucket/],
    ['tc qdisc add dev d0 root netem loss 101%', /between 0% and 100%/], ['tc qdisc add dev d0 root netem loss 5', /"5" is not a share/], ['tc qdisc add dev d0 root netem reorder 5%', /delaying some/], ['tc qdisc add dev d0 root netem gap 5 delay 1ms', /needs "reorder"/], ['tc qdisc add dev d0 root netem ecn', /needs "loss"/],
    ['tc qdisc add dev d0 root netem delay 1ms distribution ../x', /not the name/], ['tc qdisc add dev d0 root netem delay 1ms 1ms distribution nosuch', /there is no distribution "nosuch"/], ['tc qdisc add dev d0 root netem delay 1x', /"1x" is not a time/],
    ['tc qdisc add dev d0 root prio bands 2', /band 2 of the map is not there/], ['tc qdisc add dev d0 root prio bands 17', /out of range/], ['tc qdisc add dev d0 root prio priomap', /needs a band/], ['tc qdisc add dev d0 root ets', /how many bands/],
    ['tc qdisc add dev d0 root cake overhead 257', /out of range/], ['tc qdisc add dev d0 root cake overhead 250 ethernet', /an overhead of 288 bytes/], ['tc qdisc add dev d0 root fq buckets 3', /power of two/], ['tc qdisc add dev d0 root fq_codel ce_threshold_selector 5', /not a value with a mask/],
    ['tc qdisc add dev d0 root red limit 5', /average packet/], ['tc qdisc add dev d0 root red limit 60000 min 5000 max 4000 avpkt 100', /./], ['tc qdisc add dev d0 root stab tsize 3 mpu 4 pfifo', /an even number/], ['tc qdisc add dev d0 root est 9s 60s pfifo', /at least every 8 seconds/],
    ['tc qdisc add dev d0 root dualpi2 limit 5', /options of dualpi2 have no words here/], ['tc qdisc add dev d0 root etf delta 5 clockid CLOCK_UTC', /"CLOCK_UTC" is not a clock/], ['tc qdisc add dev d0 root etf delta 5x', /"5x" is not a number/], ['tc qdisc add dev d0 root cbs hicredit 1 hicredit 2', /given twice/],
    ['tc qdisc add dev d0 root plug block limit 5', /one thing at a time/], ['tc qdisc add dev d0 root gred setup vqs 3', /which is that of the others/], ['tc qdisc add dev d0 root gred setup vqs 3 default 3', /queue 3 is not there/], ['tc qdisc add dev d0 root gred setup vqs 17 default 1', /out of range/], ['tc qdisc add dev d0 root gred setup vqs 3 default 1 min 5', /"min" is of one queue/],
    ['tc qdisc change dev d0 root gred vq 1 limit 60kb', /needs its number, limit, min/], ['tc qdisc change dev d0 root gred vq 1 limit 60kb min 15kb max 25kb avpkt 1000 grio', /"grio" is of all queues/], ['tc qdisc change dev d0 root gred vq 1 limit 60kb min 25kb max 15kb avpkt 1000', /"max" is more than "min"/],
    ['tc qdisc add dev d0 root mqprio num_tc 17', /out of range/], ['tc qdisc add dev d0 root mqprio num_tc 1 queues 1@0 1@1', /queues of 2 classes/], ['tc qdisc add dev d0 root mqprio hw 0 mode channel', /"mode" is the hardware's/], ['tc qdisc add dev d0 root mqprio num_tc 1 min_rate 1mbit', /"min_rate" needs a shaper/], ['tc qdisc add dev d0 root mqprio num_tc 2 shaper bw_rlimit min_rate 1mbit', /1 rates for 2 classes/], ['tc qdisc add dev d0 root mqprio fp X', /a value for each traffic class/],
    ['tc qdisc add dev d0 root taprio map 0 1', /how many traffic classes/], ['tc qdisc add dev d0 root taprio num_tc 1 sched-entry X 1 5', /"X" is not what a schedule does/], ['tc qdisc add dev d0 root taprio sched-entry S g 5', /"g" is not a mask of classes/], ['tc qdisc add dev d0 root taprio base-time 99999999999999999999', /too large/], ['tc qdisc show dev d9 frob', /./], ['tc qdisc frob', /not a command/],
    ['tc class add dev d0 parent 1: classid 1:1 htb', /needs a rate/], ['tc class add dev d0 parent 1: classid 1:1 htb rate 1mbit prio 8', /out of range/], ['tc class add dev d0 parent 1: classid 1:1 hfsc', /needs a curve/], ['tc class add dev d0 parent 1: classid 1:1 hfsc ul rate 1mbit', /needs a curve/],
    ['tc class add dev d0 parent 1: classid 1:1 hfsc sc rate 1mbit rt rate 1mbit', /given twice/], ['tc class add dev d0 parent 1: classid 1:1 hfsc sc m1 1mbit rate 1mbit', /needs a curve/], ['tc class add dev d0 parent 1: classid 1:1 hfsc sc m1 1mbit m2 1mbit', /go together/], ['tc class show', /of which device/],
  ])('%s', async (line, message) => {
    const { status, stderr } = await nlkit(line);
    if (message.source === '^$') return expect([status, stderr]).toEqual([0, '']);
    expect(status).toBe(1);
    expect(stderr).toMatch(message);
  });
});

test('help and completion come from the tables', async () => {
  expect((await nlkit('tc qdisc help netem')).stdout).toMatch(/^Usage: nlkit tc qdisc add dev DEVICE root netem \[ OPTIONS \]\n[^]*loss, drop[^]*distribution/);
  expect((await nlkit('tc class help htb')).stdout).toMatch(/ceil RATE/);
  expect((await nlkit('tc qdisc add help')).stdout).toMatch(/ingress_block BLOCK/);
  expect((await nlkit('completion -- tc qdisc add dev d0 root fq_')).stdout).toBe('fq_codel\nfq_pie\n');
  expect((await nlkit('completion -- tc qdisc add dev d0 root tbf bu')).stdout).toBe('burst\nbuffer\n');
});
