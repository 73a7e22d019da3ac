/** Many containers at once: every one gets in, none gets another's address, and what one more costs does not grow. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { create, list, remove } from '../../src/namespace/index.ts';
import { networks, networksSync } from '../../src/network/index.ts';
import { inProcesses, plain } from '../support/network.ts';
import { descriptors, has, isolate, PATIENCE, sh } from './support.ts';

const why = isolate() ?? (has('ip') && has('bridge') ? undefined : 'no iproute2 to look with');
if (why) console.warn(`skipped: ${why}`);
const state = '/run/state', net = networksSync({ state });
/** What fits into half a minute here; the benchmark has a thousand (`npm run bench -- --only containers`). */
const MANY = 300, PROCESSES = 4, EACH = 10;
/** The host, some containers, and our files: to look into each container would take longer than what is tested. */
const there = (): string => plain(sh(`ip -d link; ip address; ip route show table all; nft list ruleset 2>&1; cat /proc/sys/net/ipv4/ip_forward; for n in 0 7 ${MANY - 1}; do ip -n c$n address; ip -n c$n route show table all; done; find ${state} -type f ! -name lock -exec grep -H '' {} +; true`).replace(/valid_lft.*|state (UP|DOWN|UNKNOWN)|(hello|tcn|gc|topology_change)_timer +[\d.]+/g, ''));

describe.skipIf(why)('many containers at once', () => {
  let nothing = '', before = 0;
  beforeAll(async () => {
    sh('ip link set lo up');
    for (let n = 0; n < MANY; n++) create(`c${n}`);
    await networks({ state }).gc();
    before = descriptors();
    nothing = there();
  }, PATIENCE * 6);
  afterAll(() => { for (const name of list()) remove(name); });

  test('by promises of one process: one network, each its own address; detached at once, too', async () => {
    const all = networks({ state });
    await all.create({ name: 'big', subnets: ['10.50.0.0/16'] });
    const got = await Promise.all(Array.from({ length: MANY }, (_, n) => all.attach('big', { name: `c${n}`, namespace: `c${n}` })));
    expect(new Set(got.map(({ addresses }) => addresses[0])).size).toBe(MANY);
    expect(sh('bridge link show | grep -c "master nl-big state forwarding"')).toBe(String(MANY));
    expect(net.hosts('big').hosts).toHaveLength(MANY);
    expect(sh(`grep -c '10\\.50\\.' ${net.hosts('big').path}`)).toBe(String(MANY));
    await Promise.all(Array.from({ length: MANY }, (_, n) => all.detach('big', `c${n}`)));
    await all.remove('big');
    expect(there()).toBe(nothing);
    expect(descriptors()).toBe(before);
  }, PATIENCE * 12);

  test('by several processes, into one pool', async () => {
    net.create({ name: 'big', subnets: ['10.50.0.0/24'] });
    process.env['NLKIT_STATE'] = state;
    const calls = Array.from({ length: PROCESSES }, (_, process) => ({ kind: 'attach-many', args: ['big', Array.from({ length: EACH }, (_one, n) => `c${process * EACH + n}`)] }));
    const got = (await inProcesses(calls)).flatMap((text) => JSON.parse(text) as string[]);
    expect(new Set(got).size).toBe(PROCESSES * EACH);
    net.remove('big', { force: true });
    expect(there()).toBe(nothing);
  }, PATIENCE * 6);

  test('a waiter that gives up leaves the row; those behind it go on', async () => {
    const quit = new AbortController(), all = networks({ state }), other = networks({ state, signal: quit.signal });
    const first = all.create({ name: 'one', subnets: ['10.51.0.0/24'] }), second = other.create({ name: 'two', subnets: ['10.52.0.0/24'] }), third = all.create({ name: 'three', subnets: ['10.53.0.0/24'] });
    quit.abort(new Error('enough'));
    await expect(second).rejects.toThrow('enough');
    await Promise.all([first, third]);
    expect(net.list().map(({ name }) => name)).toEqual(['one', 'three']);
    for (const name of ['one', 'three']) net.remove(name);
    expect(there()).toBe(nothing);
  }, PATIENCE);
});
