/**
 * The words and the printing of `ip link` for the kinds of link, against what iproute2 sent and printed: every captured
 * `ip link add/set ... type KIND` is said to the command, and every captured answer is given to it to print.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { Body } from '../src/cli/kernel.ts';
import { Recorder } from '../src/cli/kernel-record.ts';
import { Captured } from '../src/cli/output.ts';
import { run } from '../src/cli/run.ts';
import { decodeMessage, frames } from '../src/codec/index.ts';
import { route } from '../src/families/route/index.ts';

const little = { littleEndian: true } as const;
const kinds = new Set([
  'amt', 'bareudp', 'batadv', 'bond', 'can', 'erspan', 'geneve', 'gre', 'gretap', 'gtp', 'hsr', 'ifb', 'ipvlan', 'ipvtap', 'ip6erspan', 'ip6gre', 'ip6gretap', 'ip6tnl', 'ipip', 'ipoib',
  'macsec', 'macvlan', 'macvtap', 'netkit', 'nlmon', 'rmnet', 'sit', 'team', 'tun', 'vcan', 'vsockmon', 'vti', 'vti6', 'vxcan', 'wireguard', 'wwan', 'xfrm',
]);

interface Capture { command: string; exit: number; stdout?: string; messages: { direction: string; protocol: number; hex: string }[] }
const root = new URL('../fixtures/', import.meta.url);
const captures = readdirSync(root, { recursive: true, encoding: 'utf8' }).filter((name) => /^\d.*\/link\/.*\.json$/.test(name)).sort()
  .map((name) => ({ name, capture: JSON.parse(readFileSync(new URL(name, root), 'utf8')) as Capture }));

interface Message { key: string | undefined; body: Body }
function decoded(bytes: Uint8Array): Message[] {
  return [...frames(bytes, little)].filter((frame) => frame.type >= 16).map((frame) => ({ key: route.byNumber.get(frame.type)?.key, body: decodeMessage(route, bytes, frame, little).body as Body }));
}
const read = new Map<string, Message[]>();
function messages(capture: Capture, direction: string): Message[] {
  const key = `${captures.findIndex((other) => other.capture === capture)} ${direction}`;
  const found = read.get(key) ?? capture.messages.filter((m) => m.protocol === 0 && m.direction === direction).flatMap(({ hex }) => decoded(Uint8Array.from(hex.match(/../g) ?? [], (byte) => Number.parseInt(byte, 16))));
  read.set(key, found);
  return found;
}
const links = (capture: Capture, direction: string): Body[] => messages(capture, direction).filter(({ key }) => key === 'newlink').map(({ body }) => body);

/** Links that any capture of the same group tells of, the capture's own first. */
function known(name: string, capture: Capture): Body[] {
  const group = captures.filter((other) => dirname(other.name) === dirname(name) && other.capture !== capture);
  return [...links(capture, 'reply'), ...group.flatMap((other) => links(other.capture, 'reply')), ...group.flatMap((other) => links(other.capture, 'notification'))];
}

/** A kernel that knows these links, lists those, and writes down what it is asked to change. */
class Replay extends Recorder {
  readonly #known: readonly Body[];
  readonly #listed: readonly Body[];
  constructor(known: readonly Body[], listed: readonly Body[]) {
    super();
    this.#known = known;
    this.#listed = listed;
  }
  override lookup(body: Body): Body | undefined {
    return this.#known.find((link) => (body['ifname'] !== undefined ? link['ifname'] === body['ifname'] : link['index'] === body['index']));
  }
  override get(_message: string, body: Body): Body | undefined { return this.lookup(body); }
  override dump(): Body[] { return [...this.#listed]; }
}

async function nlkit(argv: readonly string[], kernel: Recorder): Promise<string> {
  const out = new Captured();
  const status = await run(argv, out, () => kernel);
  if (status !== 0) throw new Error(`nlkit ${argv.join(' ')}: exit ${status}: ${out.stderr}`);
  return out.stdout;
}

describe('what is sent is what iproute2 sends', () => {
  const rows = captures.filter(({ capture }) => kinds.has(/^ip link (?:add|set) [^;]* type (\w+)/.exec(capture.command)?.[1] ?? ''));
  test('there are captures', () => { expect(rows.length).toBeGreaterThan(50); });
  test.each(rows.map(({ name, capture }) => [capture.command, name, capture] as const))('%s', async (command, name, capture) => {
    const kernel = new Replay(known(name, capture), []);
    await nlkit((command.split(/;|\|\|| 2>/)[0] as string).trim().split(/ +/), kernel);
    const sent = kernel.sent.flatMap(({ bytes }) => decoded(bytes));
    expect(sent.map(({ body }) => body)).toEqual(links(capture, 'request').slice(0, 1));
  });
});

describe('what is printed is what iproute2 prints', () => {
  interface Shown { ifname: string; linkinfo?: { info_kind?: string; info_data?: Record<string, unknown> } }
  const rows = captures.filter(({ capture }) => capture.command.startsWith('ip -d -j link show') && capture.stdout?.startsWith('['));
  const seen = new Set<string>();
  test.each(rows.map(({ name, capture }) => [`${name.split('/').slice(-2).join('/')}`, name, capture] as const))('%s', async (_title, name, capture) => {
    const kernel = new Replay(known(name, capture), links(capture, 'reply'));
    const mine = new Map((JSON.parse(await nlkit(['-d', '-j', 'link', 'show'], kernel)) as Shown[]).map((link) => [link.ifname, link]));
    for (const link of JSON.parse(capture.stdout as string) as Shown[]) {
      const kind = link.linkinfo?.info_kind ?? '';
      if (!kinds.has(kind)) continue;
      seen.add(kind);
      // Who has a number is a matter of the machine.
      for (const shown of [link, mine.get(link.ifname)]) for (const key of ['user', 'group']) delete shown?.linkinfo?.info_data?.[key];
      expect(mine.get(link.ifname)?.linkinfo, link.ifname).toEqual(link.linkinfo);
    }
  });
  test('every kind that was captured is compared', () => {
    expect([...seen].sort()).toEqual(expect.arrayContaining(['erspan', 'geneve', 'gre', 'gretap', 'hsr', 'ip6erspan', 'ip6gre', 'ip6gretap', 'ip6tnl', 'ipip', 'macsec', 'nlmon', 'sit', 'team', 'tun', 'vcan', 'vti', 'vti6']));
  });
});

describe('what was not captured is sent as iproute2 sends it', () => {
  /** Requests of iproute2 6.15, seen on its way to a kernel that need not know the kind. */
  const { links: indexes, requests } = JSON.parse(readFileSync(new URL('support/requested-kinds.json', import.meta.url), 'utf8')) as { links: Record<string, number>; requests: Record<string, string> };
  const there = Object.entries(indexes).map(([ifname, index]) => ({ ifname, index }));
  test.each(Object.entries(requests))('%s', async (command, hex) => {
    const kernel = new Replay(there, []);
    await nlkit(command.split(' '), kernel);
    const wanted = decoded(Uint8Array.from(hex.match(/../g) ?? [], (byte) => Number.parseInt(byte, 16)));
    expect(kernel.sent.flatMap(({ bytes }) => decoded(bytes)).map(({ body }) => body)).toEqual(wanted.map(({ body }) => body));
  });
});

/**
 * Messages of kinds, and with values, that the captured kernels did not send. They are made by the schemas; text and JSON
 * are what iproute2 7.3 printed when it was given the same bytes for an answer, but for the keys that the table of differences names (json-can-xl).
 */
describe('what no captured kernel sent is printed as iproute2 prints it', () => {
  const rows = JSON.parse(readFileSync(new URL('support/printed-kinds.json', import.meta.url), 'utf8')) as { kind: string; message: string; text: string[]; json: object }[];
  const loopback = { index: 1, ifname: 'lo', flags: ['up'] };
  test.each(rows.map((row, i) => [i, row.kind, row] as const))('%i: %s', async (_i, _kind, { message, text, json }) => {
    const listed = decoded(Uint8Array.from(message.match(/../g) ?? [], (byte) => Number.parseInt(byte, 16))).map(({ body }) => body);
    const [shown] = JSON.parse(await nlkit(['-d', '-j', 'link', 'show'], new Replay([loopback], listed))) as { linkinfo: object }[];
    expect(shown?.linkinfo).toEqual(json);
    const lines = (await nlkit(['-d', 'link', 'show'], new Replay([loopback], listed))).split('\n');
    expect(lines.slice(2, -1)).toEqual(text);
  });
});
