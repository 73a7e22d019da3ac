/** Counters by name and times by name on a real kernel: nfacct and nfct see what we make, we see what they make; rules of iptables count. */
import { spawnSync } from 'node:child_process';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { open, openSync, type Netfilter, type NetfilterSync } from '../../src/netfilter/index.ts';
import { descriptors, has, isolate, PATIENCE, sh } from './support.ts';

/** Why one of the two cannot be tested. */
function lacks(command: string, module: string, ...asks: string[]): string | undefined {
  spawnSync('modprobe', ['-a', module]);
  if (!has(command)) return `no ${command} to look with`;
  const { status, stderr } = spawnSync(command, asks, { encoding: 'utf8' });
  return status === 0 ? undefined : `${module}: ${stderr.trim()}`;
}
const why = isolate();
const whyNoCounters = why ?? lacks('nfacct', 'nfnetlink_acct', 'list'), whyNoTimes = why ?? lacks('nfct', 'nfnetlink_cttimeout', 'list', 'timeout');
/** Rules belong to a namespace that is not there without `isolate`. */
function lacksRules(): string | undefined {
  if (!has('iptables') || !has('ping')) return 'rules that count: no iptables or no ping';
  const { status, stderr } = spawnSync('sh', ['-c', 'nfacct add probe; iptables -A OUTPUT -m nfacct --nfacct-name probe && iptables -F OUTPUT; said=$?; nfacct delete probe; exit $said'], { encoding: 'utf8' });
  return status === 0 ? undefined : `rules that count: ${stderr.trim()}`;
}
const whyNoRules = whyNoCounters ?? lacksRules();
for (const reason of new Set([whyNoCounters, whyNoTimes, whyNoRules])) if (reason) console.warn(`skipped: ${reason}`);

describe.skipIf(whyNoCounters)('counters', () => {
  let nf: NetfilterSync;
  beforeAll(() => { nf = openSync(); });
  afterAll(() => nf.close());
  const theirs = (): string[] => sh('nfacct list').split('\n').filter(Boolean).map((line) => line.replace(/\b0+(?=\d)/g, '').trim());

  test('what we make, nfacct tells', () => {
    nf.acct.add('web');
    nf.acct.add('begun', { packets: 7n, bytes: 4200n });
    nf.acct.add('few', { quota: { packets: 3n } });
    nf.acct.add('small', { quota: { bytes: 5_000_000_000n } });
    expect(theirs()).toEqual([
      '{ pkts = 0, bytes = 0 } = web;', '{ pkts = 7, bytes = 4200 } = begun;',
      '{ pkts = 0, bytes = 0, quota = 3, mode = packet, overquota = no } = few;', '{ pkts = 0, bytes = 0, quota = 5000000000, mode = byte, overquota = no } = small;',
    ]);
    expect(() => nf.acct.add('web')).toThrow(expect.objectContaining({ code: 'EEXIST' }) as Error);
    expect(() => nf.acct.add('n'.repeat(40))).toThrow();
  });
  test('what nfacct makes, we tell; by what their quota is of', () => {
    sh('nfacct add theirs packet 9');
    const names = (quota?: 'packets' | 'bytes' | 'none'): (string | undefined)[] => nf.acct.list(quota ? { quota } : {}).map(({ name }) => name);
    expect(names()).toEqual(['web', 'begun', 'few', 'small', 'theirs']);
    expect(names('packets')).toEqual(['few', 'theirs']);
    expect(names('bytes')).toEqual(['small']);
    expect(names('none')).toEqual(['web', 'begun']);
    expect(nf.acct.get('theirs')).toMatchObject({ name: 'theirs', pkts: 0n, bytes: 0n, quota: 9n, flags: ['quotaPkts'] });
    expect(() => nf.acct.get('nosuch')).toThrow(expect.objectContaining({ code: 'ENOENT' }) as Error);
  });
  test('read and begun anew', () => {
    expect(nf.acct.get('begun', { reset: true })).toMatchObject({ pkts: 7n, bytes: 4200n });
    expect(nf.acct.get('begun')).toMatchObject({ pkts: 0n, bytes: 0n });
    expect(() => nf.acct.reset('nosuch')).toThrow(expect.objectContaining({ code: 'ENOENT' }) as Error);
    expect(theirs().join()).not.toContain('nosuch');
  });

  test.skipIf(whyNoRules)('rules count; the quota that is used up is told once, and again after a reset', async () => {
    sh('ip link set lo up; iptables -A OUTPUT -o lo -p icmp -m nfacct --nfacct-name web; iptables -A OUTPUT -o lo -p icmp -m nfacct --nfacct-name few');
    const before = descriptors(), control = new AbortController();
    const listening: Netfilter = await open(), told: unknown[] = [];
    const events = listening.acct.watch({ signal: control.signal });
    const next = async (): Promise<void> => { told.push((await events.next()).value); };
    // It listens from the call on, not from the first step.
    sh('ping -c 2 -i 0.2 127.0.0.1');
    await next();
    // Two packets out, two answers.
    expect(nf.acct.get('web')).toMatchObject({ pkts: 4n, bytes: 336n, use: expect.any(Number) as number });
    expect(told).toMatchObject([{ counter: { name: 'few', flags: ['quotaPkts', 'overquota'], quota: 3n } }]);
    expect(theirs()).toContain('{ pkts = 4, bytes = 336, quota = 3, mode = packet, overquota = yes } = few;');
    nf.acct.reset('few');
    expect(nf.acct.get('few')).toMatchObject({ pkts: 0n, flags: ['quotaPkts'] });
    sh('ping -c 2 -i 0.2 127.0.0.1');
    await next();
    expect(told).toHaveLength(2);
    expect(() => nf.acct.delete('few')).toThrow(expect.objectContaining({ code: 'EBUSY' }) as Error);
    control.abort();
    expect(await events.next()).toMatchObject({ done: true });
    listening.close();
    expect(descriptors()).toBe(before);
    nf.acct.flush();
    expect(nf.acct.list().map(({ name }) => name)).toEqual(['web', 'few']);
    sh('iptables -F OUTPUT');
  }, PATIENCE);
  test('taken away', () => {
    nf.acct.add('one');
    nf.acct.delete('one');
    expect(() => nf.acct.delete('one')).toThrow(expect.objectContaining({ code: 'ENOENT' }) as Error);
    nf.acct.flush();
    expect(theirs()).toEqual([]);
  });
});

describe.skipIf(whyNoTimes)('times', () => {
  let nf: NetfilterSync;
  beforeAll(() => { nf = openSync(); });
  afterAll(() => nf.close());
  /** What nfct says of a policy, state by state. */
  const theirs = (name: string): Record<string, number> => Object.fromEntries([...sh(`nfct get timeout ${name}`).matchAll(/\.([A-Z_0-9]+) = (\d+),/g)].map(([, state, seconds]) => [state, Number(seconds)]));

  test('what we make and change, nfct tells', () => {
    nf.timeouts.add('short', { family: 'ipv4', protocol: 'tcp', seconds: { established: 100, close: 5 } });
    expect(theirs('short')).toMatchObject({ ESTABLISHED: 100, CLOSE: 5, SYN_SENT: 120 });
    nf.timeouts.set('short', { family: 'ipv4', protocol: 'tcp', seconds: { established: 200 } });
    expect(theirs('short')).toMatchObject({ ESTABLISHED: 200, CLOSE: 10 });
    nf.timeouts.add('names', { family: 'ipv6', protocol: 'udp', seconds: { unreplied: 3, replied: 33 } });
    expect(theirs('names')).toEqual({ UNREPLIED: 3, REPLIED: 33 });
    expect(() => nf.timeouts.add('short', { family: 'ipv4', protocol: 'tcp', seconds: {} })).toThrow(expect.objectContaining({ code: 'EEXIST' }) as Error);
    expect(() => nf.timeouts.set('short', { family: 'ipv4', protocol: 'udp', seconds: {} })).toThrow(expect.objectContaining({ code: 'EINVAL' }) as Error);
    // @ts-expect-error UDP has no such state
    expect(() => nf.timeouts.add('wrong', { family: 'ipv4', protocol: 'udp', seconds: { established: 1 } })).toThrow(/established/);
  });
  test('what nfct makes, we tell', () => {
    sh('nfct add timeout theirs inet icmp timeout 44');
    expect(nf.timeouts.get('theirs')).toMatchObject({ name: 'theirs', l3proto: 'ipv4', l4proto: 'icmp', data: { timeout: 44 }, use: 1 });
    expect(nf.timeouts.list().map(({ name }) => name).sort()).toEqual(['names', 'short', 'theirs']);
    expect(() => nf.timeouts.get('nosuch')).toThrow(expect.objectContaining({ code: 'ENOENT' }) as Error);
  });
  test('what holds where no policy does', () => {
    const was = nf.timeouts.getDefault({ family: 'ipv4', protocol: 'tcp' });
    expect(was.data).toMatchObject({ established: Number(sh('cat /proc/sys/net/netfilter/nf_conntrack_tcp_timeout_established')) });
    nf.timeouts.setDefault({ family: 'ipv4', protocol: 'tcp', seconds: { established: 1234 } });
    expect(sh('cat /proc/sys/net/netfilter/nf_conntrack_tcp_timeout_established').trim()).toBe('1234');
    expect(nf.timeouts.getDefault({ family: 'ipv4', protocol: 'tcp' }).data).toEqual({ ...was.data, established: 1234 });
  });
  test('taken away', () => {
    nf.timeouts.delete('theirs');
    expect(() => nf.timeouts.delete('theirs')).toThrow(expect.objectContaining({ code: 'ENOENT' }) as Error);
    nf.timeouts.flush();
    expect(sh('nfct list timeout').trim()).toBe('');
    expect(nf.timeouts.list()).toEqual([]);
  });
});
