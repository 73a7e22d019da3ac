/** Connections without a kernel: captured ones printed as conntrack printed them, which are meant, which are stale. */
import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { leadsIn } from '../src/cni/flows.ts';
import { portRules } from '../src/cni/plugins/portmap.ts';
import { candidates } from '../src/cli/completion.ts';
import { expectationLine } from '../src/cli/conntrack/expect.ts';
import { line } from '../src/cli/conntrack/print.ts';
import { Words } from '../src/cli/words.ts';
import { decodeMessage, frames } from '../src/codec/index.ts';
import { netfilter, type Conntrack, type Expectation, type Rule } from '../src/families/netfilter/index.ts';
import { matches, type ConntrackFilter } from '../src/netfilter/index.ts';
import { flowLines, stale, tracked, type Lead } from '../src/network/flows.ts';
import { expressionsOf } from '../src/network/firewall-messages.ts';
import { linesOf } from '../src/network/index.ts';
import { files } from './support/fixtures.ts';

interface Capture { command: string; exit: number; stdout?: string; messages: { direction: string; hex: string }[] }
const captures = [...files(new URL('../fixtures', import.meta.url).pathname)].filter((file) => file.includes('/conntrack/')).map((file) => [file.split('/fixtures/')[1] as string, JSON.parse(readFileSync(file, 'utf8')) as Capture] as const);

describe('captures', () => {
  const listed = captures.filter(([, { command, stdout, exit }]) => /^conntrack -(L|G|D)/.test(command) && stdout && exit === 0);
  test('there are some', () => expect(listed.length).toBeGreaterThan(9));
  test.each(listed)('%s: the same lines', (_file, { command, stdout = '', messages }) => {
    const bodies = messages.filter(({ direction }) => direction === 'reply').flatMap(({ hex }) => {
      const bytes = Uint8Array.from(hex.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16));
      return [...frames(bytes, { littleEndian: true })].filter(({ type }) => type >= 16).map((frame) => decodeMessage(netfilter, bytes, frame, { littleEndian: true }).body);
    });
    const printed = command.includes('expect') ? bodies.map((body) => expectationLine(body as Expectation)) : bodies.map((body) => line(body as Conntrack, new Set()));
    // How old they were when they were printed, and which of a dump conntrack left out itself, is not in the messages.
    const steady = (text: string): string => text.replace(/delta-time=\d+/, 'delta-time=N');
    const wanted = stdout.split('\n').filter(Boolean).map(steady);
    if (command.includes(' -w ') || command.includes('--dport')) expect(printed.map(steady)).toEqual(expect.arrayContaining(wanted));
    else expect(printed.map(steady)).toEqual(wanted);
  });
});

const connection = (src: string, dst: string, dport: number, to = dst, toPort = dport, more: Partial<Conntrack> = {}): Conntrack => {
  const six = dst.includes(':'), ip = (from: string, there: string) => (six ? { v6Src: from, v6Dst: there } : { v4Src: from, v4Dst: there });
  return {
    family: six ? 'ipv6' : 'ipv4', version: 0, resId: 0, tupleOrig: { ip: ip(src, dst), proto: { num: 'udp', srcPort: 1000, dstPort: dport } }, tupleReply: { ip: ip(to, src), proto: { num: 'udp', srcPort: toPort, dstPort: 1000 } },
    status: to === dst && toPort === dport ? ['confirmed'] : ['confirmed', 'dstNat', 'dstNatDone'], ...more,
  } as Conntrack;
};

describe('filters', () => {
  const one = connection('10.0.0.9', '10.0.0.1', 53, '172.30.0.2', 5353, { mark: 0x15, zone: 7 });
  test.each<[ConntrackFilter, boolean]>([
    [{}, true], [{ family: 'ipv4' }, true], [{ family: 'ipv6' }, false], [{ orig: { src: '10.0.0.0/28' } }, true], [{ orig: { src: '10.0.0.0/29' } }, false], [{ orig: { src: '::/0' } }, false], [{ reply: { src: '172.30.0.2', sport: 5353 } }, true], [{ reply: { dport: 53 } }, false],
    [{ mark: { value: 5, mask: 15 } }, true], [{ mark: { value: 5 } }, false], [{ status: ['dstNat'] }, true], [{ status: ['dstNat', 'assured'] }, false], [{ zone: 7 }, true], [{ zone: 0 }, false], [{ orig: { protocol: 'tcp' } }, false],
  ])('%j: %s', (filter, is) => expect(matches(filter)(one)).toBe(is));
});

const lead = (hostPort: number, to: string, containerPort: number, more: Partial<Lead> = {}): Lead => ({ protocol: 'udp', hostPort, to, containerPort, ...more });
describe('what is stale', () => {
  const HOST = '10.0.0.1', old = connection('10.0.0.9', HOST, 53, '172.30.0.2', 5353), direct = connection('10.0.0.9', HOST, 53), other = connection('10.0.0.9', '10.0.0.2', 53, '172.30.0.2', 5353), own = connection('10.0.0.9', '172.30.0.2', 53);
  test('unpublished: what leads there by that port, and nothing else', () => {
    const of = (gone: Lead) => stale([old, direct, other, own], { gone: [gone], made: [] });
    expect(of(lead(53, '172.30.0.2', 5353))).toEqual({ surely: [old, other], ifLocal: [] });
    expect(of(lead(53, '172.30.0.2', 5353, { hostAddress: HOST }))).toEqual({ surely: [old], ifLocal: [] });
    for (const gone of [lead(54, '172.30.0.2', 5353), lead(53, '172.30.0.3', 5353), lead(53, '172.30.0.2', 53), lead(53, 'fd00::2', 5353)]) expect(of(gone)).toEqual({ surely: [], ifLocal: [] });
  });
  test('published: what goes to that port, and does not lead there', () => {
    expect(stale([old, direct, other, own], { gone: [], made: [lead(53, '172.30.0.2', 5353)] })).toEqual({ surely: [], ifLocal: [direct, own] });
    expect(stale([old, direct, other], { gone: [], made: [lead(53, '172.30.0.3', 53, { hostAddress: HOST })] })).toEqual({ surely: [], ifLocal: [old, direct] });
  });
  test('moved: at once', () => expect(stale([old, direct], { gone: [lead(53, '172.30.0.2', 5353)], made: [lead(53, '172.30.0.3', 53)] })).toEqual({ surely: [old], ifLocal: [direct] }));
  test('of TCP, nothing', () => expect(tracked({ gone: [lead(80, '172.30.0.2', 80, { protocol: 'tcp' })], made: [] })).toEqual({ gone: [], made: [] }));
  test('as lines of conntrack', () => {
    expect(flowLines({ gone: [lead(53, '172.30.0.2', 5353)], made: [lead(53, '172.30.0.3', 53, { hostAddress: HOST })] })).toEqual([
      'conntrack -D -p udp --orig-port-dst 53 --reply-src 172.30.0.2 --reply-port-src 5353', 'conntrack -D -p udp --orig-port-dst 53 --orig-dst 10.0.0.1',
    ]);
    expect(linesOf({ op: 'flows', gone: [lead(53, 'fd00::2', 53)] })).toEqual(['conntrack -D -p udp --orig-port-dst 53 --reply-src fd00::2 --reply-port-src 53']);
  });
});

test.each([
  [{ hostPort: 5300, containerPort: 53, protocol: 'udp', hostIP: '' } as const, '10.9.0.2/16', { hostPort: 5300, containerPort: 53, protocol: 'udp', to: '10.9.0.2' }], [{ hostPort: 80, containerPort: 8080, protocol: 'tcp', hostIP: '10.0.0.1' } as const, '10.9.0.2/16', { hostPort: 80, containerPort: 8080, protocol: 'tcp', to: '10.9.0.2', hostAddress: '10.0.0.1' }],
  [{ hostPort: 65535, containerPort: 1, protocol: 'sctp', hostIP: 'fd00::1' } as const, 'fd00:9::2/64', { hostPort: 65535, containerPort: 1, protocol: 'sctp', to: 'fd00:9::2', hostAddress: 'fd00::1' }],
])('what rules of portmap lead where is read out of them: %j', (mapping, address, led) => {
  const rules = portRules([mapping], { address }, true).map((rule) => ({ chain: rule.chain, expressions: { elem: expressionsOf(rule) } }) as unknown as Rule);
  expect(leadsIn(rules)).toEqual([led]);
});

test('completion of options that are commands', async () => {
  const after = (text: string): Promise<string[]> => candidates(new Words(text.split(' ')));
  expect(await after('conntrack --fl')).toEqual(['--flush']);
  expect(await after('conntrack -L --orig-po')).toEqual(['--orig-port-src', '--orig-port-dst']);
  expect(await after('conntrack -D -u AS')).toEqual(['ASSURED']);
});
