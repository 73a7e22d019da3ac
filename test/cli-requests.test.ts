/** What nlkit would send is what iproute2 sent: every captured change by `ip` and `bridge`, said to the command without a kernel. */
import { describe, expect, test } from 'vitest';
import { split } from '../src/cli/batch.ts';
import type { Body } from '../src/cli/kernel.ts';
import { decode, type AnyCodec } from '../src/codec/index.ts';
import { slaveKinds } from '../src/families/route/index.ts';
import { Captured } from '../src/cli/output.ts';
import { run } from '../src/cli/run.ts';
import { captures, decoded, messages, Replay, type Capture } from './support/captures.ts';

/** Commands whose requests differ for a reason, or that are not about one request. */
const different: readonly [RegExp, string][] = [
  [/ flush| monitor|^ip netns (?!set)|-batch| save| restore/, 'not one request'],
  [/[;|>&]/, 'a shell line'],
  [/^ip nexthop /, 'notifications of next hops carry the flags of the request, and were taken for requests'],
  [/ via link /, 'a next hop by its hardware address is not in the grammar'],
  [/^(ip|bridge) (-\S+ )*(\S+ )?(show|list|get|help)\b/, 'shows'],
];

const changes = (all: readonly { key: string; body: Body }[]): { key: string; body: Body }[] =>
  all.filter(({ key }) => /^(new|del|set)/.test(key)).map(({ key, body }) => ({ key, body: plain(body) as Body }));

/**
 * Descriptors differ from run to run. A port's settings are sent by iproute2 as those of a kind "bridge_slave" that the
 * kernel does not know, and by nlkit as those of the port's kind "bridge": the kernel asks the master either way.
 */
function plain(value: unknown): unknown {
  const kind = (value as { kind?: unknown } | undefined)?.kind;
  if (typeof kind === 'string' && kind.endsWith('_slave')) {
    const { kind: _kind, slaveData, ...rest } = value as Body;
    const slaveKind = kind.slice(0, -'_slave'.length) as keyof typeof slaveKinds;
    return { ...rest, slaveKind, ...(slaveData instanceof Uint8Array && { slaveData: decode(slaveKinds[slaveKind] as AnyCodec, slaveData, { littleEndian: true }) }) };
  }
  if (Array.isArray(value)) return value.map(plain);
  if (value === null || typeof value !== 'object' || value instanceof Uint8Array) return value;
  return Object.fromEntries(Object.entries(value).filter(([key]) => key !== 'netNsFd' && key !== 'fd').map(([key, item]) => [key, plain(item)]));
}

/** Indexes of links that were looked up before the capture began. */
const indexes = new Set(['index', 'ifindex', 'oif', 'iif', 'link', 'master', 'viaIfindex', 'primary', 'activeSlave', 'backupPort', 'fdbIfindex']);

function anonymous(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(anonymous);
  if (value === null || typeof value !== 'object' || value instanceof Uint8Array) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, indexes.has(key) && item !== 0 ? '*' : anonymous(item)]));
}

const sentBy = (capture: Capture): ReturnType<typeof changes> => {
  const all = messages(capture, 'request');
  // iproute2 first asks whether strict checking works, with an empty RTM_NEWLINK.
  return changes(all.filter(({ key, bytes }) => !(key === 'newlink' && bytes.length === 32 && bytes.subarray(16).every((byte) => byte === 0))));
};

const rows = captures.filter((capture) => /^(ip|bridge) /.test(capture.command) && !different.some(([pattern]) => pattern.test(capture.command)) && sentBy(capture).length > 0);

describe('what is sent is what iproute2 sent', () => {
  let equal = 0;
  test('there are captures', () => { expect(rows.length).toBeGreaterThan(100); });
  test.each(rows.map((capture) => [`${capture.name.split('/')[0]}: ${capture.command}`, capture] as const))('%s', async (_name, capture) => {
    const kernel = new Replay(capture);
    const out = new Captured();
    const status = await run(['--dry-run', ...split(capture.command)], out, () => kernel);
    // What the kernel refused may as well be refused before it is sent.
    if (capture.exit !== 0 && status !== 0 && kernel.sent.length === 0) return;
    expect(status, out.stderr).toBe(0);
    const ours = kernel.sent.filter(({ message }) => /^(new|del|set)/.test(message.key));
    const mine = changes(ours.flatMap(({ bytes }) => decoded(bytes)));
    if (kernel.invented) expect(mine.map(anonymous)).toEqual(sentBy(capture).map(anonymous));
    else expect(mine).toEqual(sentBy(capture));
    const theirs = messages(capture, 'request').map(({ bytes }) => String(bytes.subarray(16)));
    if (ours.every(({ bytes }) => theirs.includes(String(bytes.subarray(16))))) equal++;
  });
  test('many are equal byte by byte', () => {
    console.log(`requests equal in every byte: ${equal} of ${rows.length}; the rest in NLA_F_NESTED, the order of attributes, a NUL behind a name, or indexes that were not captured`);
    expect(equal).toBeGreaterThan(100);
  });
});
