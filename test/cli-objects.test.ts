/**
 * Next hops, settings, address labels, tokens, neighbour tables, statistics, network identifiers and spanning tree
 * instances: what nlkit asks is what iproute2 asked, and of the same answers it prints what iproute2 printed.
 */
import { describe, expect, test } from 'vitest';
import { split } from '../src/cli/batch.ts';
import type { Answer, Body, RequestFlag } from '../src/cli/kernel.ts';
import { Recorder } from '../src/cli/kernel-record.ts';
import { Captured } from '../src/cli/output.ts';
import { run } from '../src/cli/run.ts';
import { captures, decoded, messages, Replay, type Capture } from './support/captures.ts';
import { differences, expected } from './support/differences.ts';

const mine = /^(ip|bridge) (-\S+ )*(nexthop|netconf|addrlabel|token|ntable|stats|vni|mst)\b/;

const table = expected('cli-objects');

/** Left out, and why. */
const different: readonly [RegExp, string][] = [
  [/[;|>&]/, 'a shell line'],
  [/ flush/, 'what is left after a deletion is not in the capture'],
];
/** Where iproute2 prints text that should be JSON. */
const text = differences.find(({ id }) => id === 'json-netconf-dev')!.commands!;

/** The kernel of a capture, which also writes down every question. */
class Asked extends Replay {
  readonly asked = new Recorder();
  readonly #capture: Capture;

  constructor(capture: Capture) {
    super(capture);
    this.#capture = capture;
  }

  override request(message: string, body: Body, flags?: readonly RequestFlag[]): Answer[] {
    this.asked.request(message, body, flags);
    return messages(this.#capture, 'reply').filter(({ key }) => key === message.replace(/^get/, 'new')).map(({ key, body: answer }) => ({ message: key, body: answer }));
  }

  override get(message: string, body: Body): Body | undefined {
    this.asked.get(message, body);
    return super.get(message, body);
  }

  override dump(message: string, body: Body): Body[] {
    this.asked.dump(message, body);
    // The tool's own list of links is in the capture, too.
    return super.dump(message, body).filter((answer) => message !== 'getlink' || answer['family'] === body['family']);
  }
}

const portAt = 12, flagsAt = 6;
const header = (bytes: Uint8Array): DataView => new DataView(bytes.buffer, bytes.byteOffset);

/** Questions about links are how each tool learns names, unless links are the object. */
function questions(capture: Capture): { key: string; flags: number; body: Body }[] {
  // Notifications of next hops have the flags of the request, but a port.
  const sent = messages(capture, 'request').filter(({ bytes }) => header(bytes).getUint32(portAt, true) === 0);
  const own = sent.filter(({ key, body }) => key !== 'getlink' || (body['extMask'] as string[] | undefined)?.includes('mst') || body['family'] === 'inet6');
  return own.map(({ key, bytes, body }) => ({ key, flags: header(bytes).getUint16(flagsAt, true), body: plain(body) }));
}

/** Next hops are asked for with flags that say "no counters", which kernels before 6.9 refuse: nlkit leaves them out. */
function plain(body: Body): Body {
  const { opFlags, ...rest } = body;
  if (Array.isArray(opFlags) && opFlags.length > 0) return body;
  if (opFlags !== undefined) table.meet('bytes-no-counters');
  return rest;
}

/** Indexes of links that no capture tells of. */
function anonymous(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(anonymous);
  if (value === null || typeof value !== 'object' || value instanceof Uint8Array) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, ['index', 'ifindex', 'oif'].includes(key) ? '*' : anonymous(item)]));
}

/** The dates are now less what the kernel says, and now is another. */
const masked = (text: string): string => text.replace(/"last_(flush|rand)":"[^"]*"/g, '"last_$1":"T"');

/** Links that no capture tells of are `if7` to nlkit: any name will do, as long as it is always the same. */
function named(ours: string, theirs: string): string {
  const names = new Map<string, string>();
  const words = theirs.split(/(?<=[" ])|(?=[" ])/);
  return ours.split(/(?<=[" ])|(?=[" ])/).map((word, i) => {
    if (!/^if\d+$/.test(word)) return word;
    const name = names.get(word) ?? words[i] ?? word;
    names.set(word, name);
    return name;
  }).join('');
}

const rows = captures.filter(({ command }) => mine.test(command) && !different.some(([pattern]) => pattern.test(command)));

async function say(capture: Capture): Promise<{ kernel: Asked; out: Captured; status: number }> {
  const kernel = new Asked(capture);
  const out = new Captured();
  const status = await run(split(capture.command), out, () => kernel);
  return { kernel, out, status };
}

const titled = (list: readonly Capture[]): [string, Capture][] => list.map((capture) => [`${capture.name.split('/')[0]}: ${capture.command}`, capture]);

describe('what is asked is what iproute2 asked', () => {
  const asking = rows.filter((capture) => questions(capture).length > 0);
  test('there are captures of every object', () => {
    expect(new Set(asking.map(({ command }) => mine.exec(command)?.[3]))).toEqual(new Set(['nexthop', 'netconf', 'addrlabel', 'token', 'ntable', 'stats', 'vni', 'mst']));
  });
  test.each(titled(asking))('%s', async (_title, capture) => {
    const { kernel, out, status } = await say(capture);
    // What the kernel refused may as well be refused before it is sent.
    if (capture.exit !== 0 && status !== 0 && kernel.asked.sent.length === 0) return;
    expect(out.stderr).toBe('');
    const ours = kernel.asked.sent.filter(({ message, body }) => message.key !== 'getlink' || body['extMask'] !== undefined || body['family'] === 'inet6');
    const sent = ours.flatMap(({ bytes }) => decoded(bytes).map(({ key, body }) => ({ key, flags: header(bytes).getUint16(flagsAt, true), body })));
    // Tables are asked for one at a time: kernels leave entries out where one ends (src/cli/ip/ntable.ts).
    const theirs = questions(capture).flatMap((one) => (one.key === 'getneightbl' && one.body['family'] === 'unspec' ? ['inet', 'inet6'].map((family) => ({ ...one, body: { ...one.body, family } })) : [one]));
    if (kernel.invented) expect(sent.map(anonymous)).toEqual(theirs.map(anonymous));
    else expect(sent).toEqual(theirs);
  });
});

/** What cannot be compared as it was printed, and why. */
const unprinted: readonly [RegExp, string][] = [
  [/: (ip token|bridge .*mst)/, 'captures leave links out of answers'],
  [/^6\.1: .*nexthop show groups/, 'that iproute2 knows only the lower byte of a weight'],
];

describe('what is printed is what iproute2 printed', () => {
  const shown = titled(rows.filter(({ exit, stdout, command }) => exit === 0 && stdout !== undefined && stdout !== '' && !/ (add|del|set|change|replace)\b/.test(command)))
    .filter(([title]) => !unprinted.some(([pattern]) => pattern.test(title)));
  test('there are captures', () => { expect(shown.length).toBeGreaterThan(15); });
  test.each(shown)('%s', async (_title, capture) => {
    const { out, status } = await say(capture);
    expect(out.stderr).toBe('');
    expect(status).toBe(0);
    if (text.test(capture.command)) {
      table.meet('json-netconf-dev');
      expect(() => JSON.parse(capture.stdout as string)).toThrow();
      expect(JSON.parse(out.stdout)).toEqual([expect.objectContaining({ interface: expect.any(String) as string })]);
      return;
    }
    const [mine, theirs] = table.even(capture.command, masked(out.stdout).trimEnd(), masked(capture.stdout as string).trimEnd());
    expect(named(mine, theirs)).toBe(theirs);
  });
  test('every difference that is expected is met', () => { expect([...table.seen].sort()).toEqual(table.ids); });
});
