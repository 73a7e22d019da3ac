/** Networks on kinds of links that not every kernel has: ipvlan, VLANs of a parent, VLANs of a bridge. */
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { create, list, remove } from '../../src/namespace/index.ts';
import { networksSync } from '../../src/network/index.ts';
import { changes, kernelHas, pings, snapshot } from '../support/network.ts';
import { has, isolate, sh } from './support.ts';

const why = isolate() ?? (has('ip') && has('ping') ? undefined : 'no iproute2 and ping to look with');
if (why) console.warn(`skipped: ${why}`);
const kernel = (kind: string, more?: string): boolean => {
  const there = !why && kernelHas(kind, more);
  if (!why && !there) console.warn(`skipped: this kernel has no ${kind}: npm run test:vm -- network-stacked`);
  return there;
};
const ipvlan = kernel('ipvlan', 'mode l2'), vlan = kernel('vlan', 'id 9');
const state = '/run/state', net = networksSync({ state });

describe.skipIf(why)('stacked on a parent', () => {
  let nothing = '';
  beforeAll(() => {
    for (const name of ['web', 'db', 'out']) create(name);
    sh('ip link set lo up && ip link add up0 type veth peer name eth0 netns out && ip link set up0 up && ip -n out addr add 192.0.2.2/24 dev eth0 && ip -n out link set eth0 up');
    net.gc();
    nothing = snapshot(state);
  });
  afterEach(() => {
    for (const { name } of net.list()) net.remove(name, { force: true });
    expect(changes(nothing, snapshot(state))).toEqual([]);
  });
  afterAll(() => { for (const name of list()) remove(name); });

  test.skipIf(!ipvlan).each([['l2'], ['l3'], ['l3s']])('ipvlan %s: siblings reach each other', (mode) => {
    net.create({ name: 'lan', driver: 'ipvlan', parent: 'up0', mode, subnets: [{ subnet: '192.0.2.0/24', gateway: '192.0.2.2', range: '192.0.2.128/25' }] });
    net.attach('lan', { name: 'web', namespace: 'web' });
    net.attach('lan', { name: 'db', namespace: 'db' });
    expect(pings('web', '192.0.2.129')).toBe(true);
    expect(sh('ip -n web -d link show eth0')).toContain(`ipvlan  mode ${mode}`);
    expect(sh('ip -n web route show default')).toBe(mode === 'l2' ? 'default via 192.0.2.2 dev eth0' : 'default dev eth0 scope link');
    if (mode === 'l2') expect(pings('web', '192.0.2.2')).toBe(true);
  });

  test.skipIf(!vlan)('a VLAN of the parent is made on demand, shared, and goes with the last network on it', () => {
    sh('ip -n out link add link eth0 name eth0.5 type vlan id 5 && ip -n out addr add 198.51.100.2/24 dev eth0.5 && ip -n out link set eth0.5 up');
    const before = snapshot(state);
    net.create({ name: 'five', driver: 'macvlan', parent: 'up0', vlan: 5, subnets: [{ subnet: '198.51.100.0/24', gateway: '198.51.100.2', range: '198.51.100.128/25' }] });
    net.create({ name: 'other', driver: 'macvlan', parent: 'up0.5', subnets: ['10.70.0.0/24'] });
    net.attach('five', { name: 'web', namespace: 'web' });
    expect(pings('web', '198.51.100.2')).toBe(true);
    expect(sh('ip -d link show up0.5')).toMatch(/vlan protocol 802.1Q id 5/);
    net.remove('five', { force: true });
    expect(sh('ip link show up0.5')).toContain('alias nlkit:other');
    net.remove('other');
    expect(changes(before, snapshot(state))).toEqual([]);
    sh('ip -n out link del eth0.5');
  });

  test.skipIf(!vlan)('a VLAN that was there before stays', () => {
    sh('ip link add link up0 name up0.6 type vlan id 6 && ip link set up0.6 up');
    net.create({ name: 'six', driver: 'macvlan', parent: 'up0.6', subnets: ['10.71.0.0/24'] });
    net.remove('six');
    expect(sh('ip link show up0.6')).not.toContain('alias');
    sh('ip link del up0.6');
  });

  test.skipIf(!vlan)('a bridge whose ports are all in one VLAN', () => {
    net.create({ name: 'tagged', vlan: 10, subnets: ['10.72.0.0/24'] });
    net.attach('tagged', { name: 'web', namespace: 'web' });
    const { port } = net.attach('tagged', { name: 'db', namespace: 'db' });
    expect(pings('web', '10.72.0.3')).toBe(true);
    expect(pings('web', '10.72.0.1')).toBe(true);
    expect(sh(`bridge vlan show dev ${port}`)).toMatch(/10 PVID Egress Untagged/);
  });
});
