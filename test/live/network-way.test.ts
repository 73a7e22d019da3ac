/** A container of several networks keeps a way out as long as one of them is one. */
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { create, list, remove } from '../../src/namespace/index.ts';
import { linesOf, networksSync } from '../../src/network/index.ts';
import { inProcess } from '../support/network.ts';
import { has, isolate, PATIENCE, sh } from './support.ts';

const why = isolate() ?? (has('ip') ? undefined : 'no iproute2 to look with');
if (why) console.warn(`skipped: ${why}`);
const state = '/run/state', STRIDE = process.env['NLKIT_SLOW'] ? 5 : 1;

describe.skipIf(why)('the way out', () => {
  const net = networksSync({ state });
  const defaults = (): string[] => ['-4', '-6'].flatMap((family) => sh(`ip ${family} -n web route show default`).split('\n')).map((line) => line.replace(/ (metric|pref|linkdown).*/, '').trim()).filter((line) => line !== '');
  const attach = (...names: string[]): void => { for (const name of names) net.attach(name, { name: 'web', namespace: 'web' }); };
  beforeAll(() => {
    sh('ip link set lo up');
    create('web');
    net.create({ name: 'both', subnets: ['172.30.1.0/24', 'fd00:1::/64'] });
    net.create({ name: 'four', subnets: ['172.30.2.0/24'] });
    net.create({ name: 'last', subnets: ['172.30.3.0/24', 'fd00:3::/64'] });
    net.create({ name: 'closed', subnets: ['172.30.4.0/24'], internal: true });
  });
  afterEach(() => { for (const { name, containers } of net.list()) if (containers['web']) net.detach(name, 'web'); });
  afterAll(() => {
    for (const { name } of net.list()) net.remove(name, { force: true });
    for (const name of list()) remove(name);
  });
  const BOTH = ['default via 172.30.1.1 dev eth1', 'default via fd00:1::1 dev eth1'];

  test('goes over to the network that it has been in for longest, for each family', () => {
    attach('closed', 'both', 'last', 'four');
    expect(defaults()).toEqual(BOTH);
    net.detach('both', 'web');
    expect(defaults()).toEqual(['default via 172.30.3.1 dev eth2', 'default via fd00:3::1 dev eth2']);
    net.detach('last', 'web');
    expect(defaults()).toEqual(['default via 172.30.2.1 dev eth3']);
    attach('both');
    expect(defaults()).toEqual(['default via 172.30.2.1 dev eth3', BOTH[1]]);
    net.detach('closed', 'web');
    expect(defaults()).toEqual(['default via 172.30.2.1 dev eth3', BOTH[1]]);
    net.detach('four', 'web');
    expect(defaults()).toEqual(BOTH);
    net.detach('both', 'web');
    expect(defaults()).toEqual([]);
  }, PATIENCE);

  test('stays where it is, when another network is left, or somebody else led it', () => {
    attach('both', 'four');
    net.detach('four', 'web');
    expect(defaults()).toEqual(BOTH.map((line) => line.replace('eth1', 'eth0')));
    attach('four');
    sh('ip -n web route replace default via 172.30.2.9 && ip -n web route add default via 172.30.1.9 metric 900');
    net.detach('both', 'web');
    expect(defaults()).toEqual(['default via 172.30.2.9 dev eth1']);
  }, PATIENCE);

  test('when the network itself is taken away, and its lines say so', () => {
    attach('both', 'four');
    expect(net.planGone('both', { force: true }).flatMap(({ steps }) => steps.flatMap((step) => linesOf(step.do)))).toContain('ip -n web route add default via 172.30.2.1 dev eth1');
    net.remove('both', { force: true });
    expect(defaults()).toEqual(['default via 172.30.2.1 dev eth1']);
    net.create({ name: 'both', subnets: ['172.30.1.0/24', 'fd00:1::/64'] });
  }, PATIENCE);

  test('wherever it is cut short', () => {
    const before = BOTH.map((line) => line.replace('eth1', 'eth0')), after = ['default via 172.30.2.1 dev eth1'];
    for (let at = 1; ; at += STRIDE) {
      attach('both', 'four');
      const { killed, status, stderr } = inProcess(state, 'detach', ['both', 'web'], at);
      if (killed) net.gc();
      else expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
      expect(net.inspect('both').containers['web'] ? before : after, `killed at ${at}`).toEqual(defaults());
      for (const name of ['both', 'four']) if (net.inspect(name).containers['web']) net.detach(name, 'web');
      if (!killed) { expect(at).toBeGreaterThan(3); break; }
    }
  }, PATIENCE * 4);
});
