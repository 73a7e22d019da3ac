import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { other } from '../../src/codec/index.ts';
import { create, list as namespaces, remove } from '../../src/namespace/index.ts';
import { bridge, macvlan, open, openSync, veth, vxlan, type Netlink, type NetlinkSync, type WatchEvent } from '../../src/route/index.ts';
import { NetlinkError } from '../../src/socket/index.ts';
import { descriptors, has, isolate, sh } from './support.ts';

const why = isolate();
if (why) console.warn(`skipped: ${why}`);
const iproute2 = !why && has('ip');
if (!why && !iproute2) console.warn('no iproute2: what it reads back is not compared');
/** What iproute2 says of a link. */
const seen = (name: string, where = ''): Record<string, unknown> => (JSON.parse(sh(`ip ${where} -j -d link show ${name}`)) as Record<string, unknown>[])[0] as Record<string, unknown>;

describe.skipIf(why)('the facade', () => {
  let nl: Netlink, sync: NetlinkSync;
  const before = why ? 0 : descriptors();
  beforeAll(async () => {
    create('s1');
    nl = await open();
    sync = openSync();
    sync.link.set('lo', { up: true });
  });
  afterAll(() => {
    nl.close();
    sync.close();
    for (const name of namespaces()) remove(name);
    expect(descriptors()).toBe(before);
  });

  test('a veth pair, one end born in a namespace, the other a bridge port', async () => {
    await nl.link.add(bridge('br0', { forwardDelay: 400 }));
    await nl.link.add(veth('veth0', { peer: { ifname: 'eth0', namespace: 's1', mtu: 1400 } }));
    await nl.link.set('veth0', { master: 'br0', up: true });
    const [port] = await nl.link.list({ master: 'br0' }).toArray();
    expect(port).toMatchObject({ ifname: 'veth0', linkinfo: { kind: 'veth', slaveKind: 'bridge' } });
    if (port?.linkinfo?.slaveKind === 'bridge') expect(port.linkinfo.slaveData?.cost).toBe(2);
    if (iproute2) {
      expect(seen('veth0')).toMatchObject({ master: 'br0', linkinfo: { info_kind: 'veth', info_slave_kind: 'bridge' } });
      expect(seen('br0')).toMatchObject({ linkinfo: { info_kind: 'bridge', info_data: { forward_delay: 400 } } });
      expect(seen('eth0', '-n s1')).toMatchObject({ mtu: 1400 });
    }
    await nl.link.set('veth0', { master: null });
    expect((await nl.link.get('veth0')).master).toBeUndefined();
  });

  test('list filters, and decodes only what is selected', async () => {
    const names = await nl.link.list({ kind: 'veth', select: ['ifname'] }).toArray();
    expect(names.map((l) => l.ifname)).toEqual(['veth0']);
    expect(names[0]).not.toHaveProperty('mtu');
    expect(sync.link.list({ up: true }).map((l) => l.ifname)).toEqual(['lo', 'veth0']);
    expect(sync.link.list({ up: false }).map((l) => l.ifname)).toEqual(['br0']);
    expect([...sync.link.names().values()].sort()).toEqual(['br0', 'lo', 'veth0']);
  });

  test('whatever a link has may be selected: the kernel still tells it', () => {
    const only = (key: string): unknown => sync.link.list({ select: ['index', key as never] }).find((link) => link.index === 1);
    const lo = sync.link.list().find((link) => link.index === 1) as object;
    const keys = Object.keys(lo).filter((key) => !key.startsWith('$'));
    expect(keys).toEqual(expect.arrayContaining(['stats', 'stats64', 'afSpec', 'mtu']));
    for (const key of keys) expect(only(key), key).toMatchObject({ [key]: (lo as Record<string, unknown>)[key] });
    expect(only('afSpec.inet6.stats')).toMatchObject({ afSpec: { inet6: { stats: expect.anything() as unknown } } });
  });

  test('macvlan on top of a veth, VXLAN with data', () => {
    sync.link.add(macvlan('mv0', { mode: 'bridge' }, { link: 'veth0', address: '02:00:00:00:00:01' }));
    expect(sync.link.get('mv0')).toMatchObject({ address: '02:00:00:00:00:01', linkinfo: { kind: 'macvlan', data: { mode: 'bridge' } } });
    sync.link.add(vxlan('vx0', { id: 42, link: 'veth0', group: '239.1.1.1', port: 4789 }));
    expect(sync.link.get('vx0').linkinfo).toMatchObject({ kind: 'vxlan', data: { id: 42, group: '239.1.1.1', port: 4789 } });
    if (iproute2) {
      expect(seen('mv0')).toMatchObject({ link: 'veth0', linkinfo: { info_data: { mode: 'bridge' } } });
      expect(seen('vx0')).toMatchObject({ linkinfo: { info_data: { id: 42, group: '239.1.1.1', port: 4789 } } });
    }
    sync.link.delete('vx0');
    sync.link.delete('mv0');
  });

  test('addresses', () => {
    sync.address.add('br0', '10.0.0.1/24', { broadcast: '+' });
    sync.address.add('br0', 'fd00::1/64');
    const own = sync.address.list({ dev: 'br0', family: 'inet' });
    expect(own).toHaveLength(1);
    expect(own[0]).toMatchObject({ family: 'inet', prefixlen: 24, local: '10.0.0.1', broadcast: '10.0.0.255' });
    expect(() => sync.address.add('br0', '10.0.0.1/24')).toThrow(expect.objectContaining({ code: 'EEXIST', syscall: 'RTM_NEWADDR' }) as Error);
    expect(() => sync.address.add('br0', '10.0.0.300/24')).toThrow(/not an IP address/);
    if (iproute2) expect(sh('ip -o addr show br0')).toMatch(/10\.0\.0\.1\/24 brd 10\.0\.0\.255/);
    sync.address.delete('br0', 'fd00::1/64');
  });

  test('routes', () => {
    sync.link.set('br0', { up: true });
    sync.route.add({ dst: '10.1.0.0/16', gateway: '10.0.0.2' });
    sync.route.add({ dst: '10.2.0.0/16', dev: 'br0', table: 100, metric: 5 });
    sync.route.add({ dst: '10.3.0.0/16', nexthops: [{ gateway: '10.0.0.2' }, { gateway: '10.0.0.3', weight: 3 }] });
    if (iproute2) {
      expect(sh('ip route show 10.1.0.0/16')).toMatch(/^10\.1\.0\.0\/16 via 10\.0\.0\.2 dev br0/);
      expect(sh('ip route show table 100')).toMatch(/^10\.2\.0\.0\/16 dev br0 scope link metric 5/);
      expect(sh('ip route show 10.3.0.0/16')).toMatch(/weight 3/);
    }
    expect(sync.route.list({ family: 'inet', table: 100 })).toMatchObject([{ dst: '10.2.0.0', dstLen: 16, priority: 5, scope: 'link' }]);
    expect(sync.route.get('10.1.2.3')).toMatchObject({ gateway: '10.0.0.2' });
    sync.route.delete({ dst: '10.1.0.0/16' });
    expect(() => sync.route.delete({ dst: '10.1.0.0/16' })).toThrow(expect.objectContaining({ code: 'ESRCH' }) as Error);
    expect(() => sync.route.add({ dst: '10.9.0.0/16', gateway: '192.0.2.1' })).toThrow(expect.objectContaining({ code: 'ENETUNREACH' }) as Error);
  });

  test('neighbours, forwarding entries, rules, namespace ids', () => {
    sync.neighbour.add({ dev: 'br0', dst: '10.0.0.9', lladdr: '02:00:00:00:00:09' });
    expect(sync.neighbour.list({ dev: 'br0', family: 'inet' }).filter((n) => n.state.includes('permanent'))).toMatchObject([{ dst: '10.0.0.9', lladdr: '02:00:00:00:00:09', state: ['permanent'] }]);
    sync.rule.add({ from: '10.5.0.0/16', table: 100, priority: 77 });
    expect(sync.rule.list({ family: 'inet' }).find((r) => r.priority === 77)).toMatchObject({ src: '10.5.0.0', srcLen: 16 });
    sync.rule.delete({ from: '10.5.0.0/16', table: 100, priority: 77 });
    expect(sync.nsid.get('s1')).toBeTypeOf('number');
    sync.link.set('veth0', { master: 'br0' });
    sync.fdb.add({ dev: 'veth0', lladdr: '02:00:00:00:00:0a', flags: ['master'] });
    expect(sync.neighbour.list({ family: 'bridge' }).some((n) => n.lladdr === '02:00:00:00:00:0a')).toBe(true);
    if (iproute2) expect(sh('bridge fdb show')).toContain('02:00:00:00:00:0a dev veth0 master br0');
  });

  test('altnames', () => {
    sync.link.addAltnames('br0', ['a-name-that-is-longer-than-fifteen-bytes']);
    expect(sync.link.get('a-name-that-is-longer-than-fifteen-bytes').ifname).toBe('br0');
    sync.link.deleteAltnames('br0', ['a-name-that-is-longer-than-fifteen-bytes']);
  });

  test('a refusal names the attribute, nested ones too', async () => {
    const refused = await nl.link.add(veth('v1', { peer: { ifname: 'a-name-that-is-too-long' } })).catch((e: unknown) => e);
    expect(refused).toBeInstanceOf(NetlinkError);
    expect(refused).toMatchObject({ code: 'ERANGE', syscall: 'RTM_NEWLINK', extack: { path: 'linkinfo.data.peer.ifname' } });
    expect((refused as Error).message).toContain('linkinfo.data.peer.ifname');
    // A bridge port cannot carry a macvlan as well.
    sync.link.set('veth0', { master: 'br0' });
    const busy = await nl.link.add(macvlan('mv1', { mode: 'bridge' }, { link: 'veth0' })).catch((e: unknown) => e);
    expect(busy).toMatchObject({ code: 'EBUSY' });
    expect(await nl.link.add({ ifname: 'x', linkinfo: { kind: other('nonesuch') } }).catch((e: unknown) => e)).toMatchObject({ code: 'EOPNOTSUPP' });
    expect(await nl.link.get('nobody').catch((e: unknown) => e)).toMatchObject({ code: 'ENODEV' });
    expect(sync.link.list().map((l) => l.ifname)).not.toContain('mv1');
  });

  test('watch tells what changed from what to what', async () => {
    const abort = new AbortController(), events: WatchEvent[] = [];
    const done = (async () => { for await (const event of nl.watch(['link'], { signal: abort.signal })) { events.push(event); if (event.change === 'delete') break; } })();
    await new Promise((resolve) => setTimeout(resolve, 200));
    await nl.link.add(veth('w0', { peer: { ifname: 'w1' } }));
    await nl.link.set('w0', { mtu: 1300 });
    await nl.link.delete('w0');
    await done;
    const about = events.filter((e) => e.change !== 'overrun' && e.kind === 'link' && (e.object as { ifname?: string }).ifname === 'w0');
    expect(about.map((e) => e.change)).toContain('add');
    expect(about.find((e) => e.change === 'change' && e.changed?.['mtu'])).toMatchObject({ changed: { mtu: [1500, 1300] } });
  });

  test('a link group goes at once', () => {
    for (let i = 0; i < 5; i++) sync.link.add(veth(`g${i}`, { peer: { ifname: `h${i}` } }, { group: 7 }));
    sync.link.deleteGroup(7);
    expect(sync.link.list().filter((l) => /^[gh]\d/.test(l.ifname ?? ''))).toEqual([]);
  });

  test('a socket in a namespace stays there', () => {
    using there = openSync({ namespace: 's1' });
    expect(there.link.list().map((l) => l.ifname).sort()).toEqual(['eth0', 'lo']);
    there.link.set('eth0', { namespace: { pid: process.pid } });
    expect(sync.link.list().map((l) => l.ifname)).toContain('eth0');
  });
});
