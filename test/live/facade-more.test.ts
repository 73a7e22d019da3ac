/** The facade in unusual hands: across namespaces, refused, aborted, closed, all at once. */
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { readFileSync } from 'node:fs';
import { inetConf } from '../../src/families/route/index.ts';
import { create, list as namespaces, remove } from '../../src/namespace/index.ts';
import { bridge, macvlan, open, openSync, veth, vxlan, type Netlink, type NetlinkSync, type WatchEvent, type WatchedKind } from '../../src/route/index.ts';
import { descriptors, has, isolate, sh } from './support.ts';

const why = isolate();
if (why) console.warn(`skipped: ${why}`);
const iproute2 = !why && has('ip');
const refusal = (code: string, message?: RegExp): unknown => expect.objectContaining({ code, ...(message && { message: expect.stringMatching(message) as string }) });

describe.skipIf(why)('the facade', () => {
  let nl: Netlink, sync: NetlinkSync, a: NetlinkSync, b: NetlinkSync, held = 0;
  beforeAll(async () => {
    create('a');
    create('b');
    sync = openSync();
    sync.link.set('lo', { up: true });
    held = descriptors();
    nl = await open();
    a = openSync({ namespace: 'a' });
    b = openSync({ namespace: 'b' });
    sync.link.add(bridge('br0', {}, { up: true }));
    sync.link.add(veth('v0', { peer: { ifname: 'v1' } }, { master: 'br0', up: true }));
    sync.address.add('br0', '10.0.0.1/24');
    sync.address.add('br0', 'fd00::1/64', { flags: ['nodad'] });
  });
  afterAll(() => {
    for (const each of [nl, a, b]) each.close();
    // Dump sockets that are kept for the next dump are the client's own.
    expect(descriptors()).toBe(held);
    sync.close();
    for (const name of namespaces()) remove(name);
  });

  test('a link moves from namespace to namespace, and takes another name on the way', () => {
    sync.link.add(veth('m0', { peer: { ifname: 'm1' } }));
    sync.link.set('m1', { namespace: 'a' });
    a.link.set('m1', { namespace: 'b', ifname: 'moved' });
    expect(a.link.list().map((link) => link.ifname)).not.toContain('m1');
    const moved = b.link.get('moved');
    expect(moved.link).toBe(sync.link.get('m0').index);
    expect(moved.linkNetnsid).toBeTypeOf('number');
    sync.link.delete('m0');
    expect(() => b.link.get('moved')).toThrow(refusal('ENODEV') as Error);
  });

  test('a name is looked up once; then only whether the index still has it', async () => {
    const asked = async (made: () => unknown): Promise<number> => {
      const spies = [nl, sync].map(({ client }) => vi.spyOn(client.transport, 'send'));
      await made();
      const count = spies.reduce((sum, spy) => sum + spy.mock.calls.length, 0);
      for (const spy of spies) spy.mockRestore();
      return count;
    };
    sync.link.add(veth('n0', { peer: { ifname: 'n1' } }));
    for (const { address } of [nl, sync]) {
      expect(await asked(() => address.add('n0', '10.9.0.1/24'))).toBe(2);
      expect(await asked(() => address.delete('n0', '10.9.0.1/24'))).toBe(1);
    }
    // The names change places; an altname is another's name next.
    sync.link.set('n0', { ifname: 'n2' });
    sync.link.set('n1', { ifname: 'n0' });
    sync.address.add('n0', '10.9.0.1/24');
    expect(sync.address.list({ dev: sync.link.get('n0').index })).toMatchObject([{ local: '10.9.0.1' }]);
    sync.link.addAltnames('n2', ['other']);
    sync.address.add('other', '10.9.0.2/24');
    sync.link.deleteAltnames('n2', ['other']);
    sync.link.addAltnames('n0', ['other']);
    sync.address.add('other', '10.9.0.3/24');
    expect(sync.address.list({ dev: 'n0', family: 'inet' }).map(({ local }) => local)).toEqual(['10.9.0.1', '10.9.0.3']);
    await nl.address.add('n0', '10.9.0.4/24');
    // What is being sent comes first, also where a link of that name is there still.
    await Promise.all([nl.link.delete('n0'), nl.link.add(veth('n0', { peer: { ifname: 'n1' } })), nl.address.add('n0', '10.9.0.5/24')]);
    expect(sync.address.list({ dev: 'n0', family: 'inet' }).map(({ local }) => local)).toEqual(['10.9.0.5']);
    sync.link.delete('n0');
    for (const name of ['n0', 'n2', 'n0\0', '']) expect(() => sync.address.add(name, '10.9.0.1/24'), name).toThrow();
  });

  test('a stack of a refusal holds the callers', async () => {
    const missing = { dst: '10.9.0.0/16', dev: 'nobody' }, address = '10.0.0.1/24', taken = veth('v0', { peer: { ifname: 'v9' } });
    const ways: Record<string, () => unknown> = {
      sync: () => sync.address.add('br0', address), syncByName: () => sync.route.add(missing), syncList: () => sync.route.list({ dev: 'nobody' }),
      promise: () => nl.address.add('br0', address), byName: () => nl.route.add(missing), onAnotherThread: () => nl.link.add(taken),
      list: () => nl.route.list({ dev: 'nobody' }).toArray(), loop: async () => { for await (const _ of nl.route.list({ dev: 'nobody' })); },
      late: () => { const before = nl.link.set('v0', { mtu: 1500 }); return Promise.all([nl.address.add('br0', address), before]); },
    };
    const limit = Error.stackTraceLimit;
    for (const [name, way] of Object.entries(ways)) {
      // oxlint-disable-next-line unicorn/consistent-function-scoping -- names to look for
      async function theCaller(): Promise<void> { await way(); }
      async function itsCaller(): Promise<void> { await theCaller(); }
      const error = await itsCaller().then(() => undefined, (thrown: unknown) => thrown as Error);
      expect(error?.stack, name).toMatch(/^NetlinkError: RTM_[^]*theCaller[^]*itsCaller/);
    }
    expect(Error.stackTraceLimit).toBe(limit);
  });

  test('settings of IPv4 are set with the link', () => {
    const setting = (name: string): string => readFileSync(`/proc/sys/net/ipv4/conf/v0/${name}`, 'utf8').trim();
    sync.link.set('v0', { afSpec: { inet: { conf: inetConf({ forwarding: 1, rpFilter: 2, arpIgnore: 1 }) } } });
    expect(['forwarding', 'rp_filter', 'arp_ignore', 'arp_filter'].map(setting)).toEqual(['1', '2', '1', '0']);
    expect(sync.link.get('v0').afSpec?.inet?.conf?.slice(0, 8)).toEqual([1, expect.any(Number), 0, expect.any(Number), 1, 1, 1, 2]);
  });

  test('who is missing is named', async () => {
    expect(() => sync.link.get('nobody')).toThrow(refusal('ENODEV', /no interface 'nobody'/) as Error);
    expect(() => sync.link.get(9999)).toThrow(refusal('ENODEV', /no interface with index 9999/) as Error);
    expect(() => sync.link.set('v0', { master: 'br9' })).toThrow(refusal('ENODEV', /'br9'/) as Error);
    expect(() => sync.link.add(macvlan('mv', { mode: 'bridge' }, { link: 'eth9' }))).toThrow(refusal('ENODEV', /'eth9'/) as Error);
    await expect(nl.link.list({ master: 'br9' }).toArray()).rejects.toEqual(refusal('ENODEV', /'br9'/));
    expect(() => sync.link.set('v0', { namespace: 'nonesuch' })).toThrow(refusal('ENOENT', /\/run\/netns\/nonesuch/) as Error);
    expect(() => sync.link.add(veth('p0', { peer: { ifname: 'p1', namespace: 'nonesuch' } }))).toThrow(refusal('ENOENT') as Error);
    // More than 15 bytes, though fewer characters: an altname.
    sync.link.addAltnames('v0', ['端口端口端口']);
    expect(sync.link.get('端口端口端口').ifname).toBe('v0');
    sync.link.deleteAltnames('v0', ['端口端口端口']);
  });

  test('a typo never reaches the kernel', () => {
    const bad = (input: object): (() => void) => () => sync.link.add(input as never);
    expect(bad(bridge('br1', { vlanFiltring: 1 } as never))).toThrow(/linkinfo\.data: 'vlanFiltring' is not a key .* did you mean 'vlanFiltering'/);
    expect(bad(bridge('br1', { forwardDelay: '4' as never }))).toThrow(/linkinfo\.data\.forwardDelay: "4" is not a u32/);
    expect(bad(macvlan('m1', { mode: 'brigde' as never }, { link: 'v0' }))).toThrow(/linkinfo\.data\.mode: 'brigde' .* did you mean 'bridge'/);
    expect(bad(veth('p0', { peer: { ifnam: 'p1' } as never }))).toThrow(/linkinfo\.data\.peer: 'ifnam' .* did you mean 'ifname'/);
    expect(bad(vxlan('vx', { id: 7, group: 'ff05::100' }))).toThrow(/linkinfo\.data\.group: .* not an IPv4 address/);
    expect(bad({ ifname: 'x' })).toThrow(/needs a kind/);
    expect(() => sync.link.list({ select: ['ifnam' as never] })).toThrow(/did you mean 'ifname'/);
    expect(() => sync.route.add({ dst: '10.9.0.0/16', dev: 'br0', table: 'mian' })).toThrow(/no table 'mian', did you mean 'main'/);
    expect(() => nl.watch(['lnik' as never])).toThrow(/did you mean 'link'/);
    // Nothing would ever come of these.
    for (const kinds of [[], 'link', undefined]) expect(() => nl.watch(kinds as never)).toThrow(/watch takes a list of what to watch: link, /);
    expect(sync.link.list().map((link) => link.ifname)).toEqual(expect.not.arrayContaining(['br1', 'm1', 'p0', 'vx', 'x']));
  });

  test('VXLAN over IPv6', () => {
    sync.link.add(vxlan('vx6', { id: 7, group6: 'ff05::100', local6: 'fd00::1', link: 'br0', port: 4789 }));
    expect(sync.link.get('vx6').linkinfo).toMatchObject({ kind: 'vxlan', data: { group6: 'ff05::100', local6: 'fd00::1', link: sync.link.get('br0').index } });
    if (iproute2) expect(sh('ip -d link show vx6')).toMatch(/vxlan id 7 group ff05::100 local fd00::1 dev br0/);
    sync.link.delete('vx6');
  });

  test('IPv6 routes: default by family, several next hops, link-local gateways', () => {
    sync.route.add({ dst: 'default', dev: 'br0', family: 'inet6', metric: 50 });
    sync.route.add({ dst: 'default', gateway: 'fd00::9', metric: 60 });
    sync.route.add({ dst: 'fd13::/64', nexthops: [{ gateway: 'fd00::98' }, { gateway: 'fe80::97', dev: 'br0', weight: 5 }] });
    sync.route.add({ dst: '10.52.0.0/16', gateway: 'fe80::1', dev: 'br0' });
    if (iproute2) {
      expect(sh('ip -6 route show default')).toMatch(/default dev br0 metric 50.*\ndefault via fd00::9 dev br0 metric 60/);
      expect(sh('ip -6 route show fd13::/64')).toMatch(/nexthop via fd00::98 dev br0 weight 1.*\n.*nexthop via fe80::97 dev br0 weight 5/);
      expect(sh('ip route show 10.52.0.0/16')).toMatch(/via inet6 fe80::1 dev br0/);
    }
    // The kernel refuses the flag that tells the table.
    expect(sync.route.get('fd00::77')).toMatchObject({ dst: 'fd00::77', family: 'inet6' });
    for (const dst of ['fd13::/64', '10.52.0.0/16']) sync.route.delete({ dst });
    for (const metric of [50, 60]) sync.route.delete({ dst: 'default', family: 'inet6', metric });
    expect(sync.route.list({ family: 'inet6', table: 'main' }).filter((route) => route.dstLen === 0)).toEqual([]);
  });

  test('what a listing gives goes back in: routes, addresses, rules, forwarding entries', () => {
    sync.route.add({ dst: '10.6.0.0/16', nexthops: [{ gateway: '10.0.0.9', weight: 3 }, { gateway: '10.0.0.8' }], metric: 4, table: 300, metrics: { mtu: 1300 } });
    sync.route.add({ dst: 'default', gateway: '10.0.0.77', table: 300 });
    const routes = sync.route.list({ table: 300 });
    for (const route of routes) sync.route.delete(route);
    expect(sync.route.list({ table: 300 })).toEqual([]);
    for (const route of routes) sync.route.add(route);
    expect(sync.route.list({ table: 300 })).toEqual(routes);

    // One prefix by several links, of one metric.
    const twins = [['lo', 5], ['br0', 5]] as const;
    for (const [dev, metric] of twins) sync.route.append({ dst: 'fd09::/64', dev, metric, table: 301 });
    if (iproute2) expect(sh('ip -6 route show table 301').trim().split('\n')).toHaveLength(2);
    const both = sync.route.list({ table: 301, family: 'inet6' });
    expect(both).toHaveLength(2);
    expect(() => sync.route.add(both[1]!)).toThrow(/EEXIST/);
    for (const route of both) { sync.route.delete(route); sync.route.append(route); }
    expect(sync.route.list({ table: 301, family: 'inet6' })).toHaveLength(2);

    const own = sync.address.list({ dev: 'br0', family: 'inet' });
    for (const address of own) sync.address.delete('br0', address);
    expect(sync.address.list({ dev: 'br0', family: 'inet' })).toEqual([]);
    for (const address of own) sync.address.add('br0', address);
    expect(sync.address.list({ dev: 'br0', family: 'inet' })).toMatchObject([{ local: '10.0.0.1', prefixlen: 24 }]);

    sync.rule.add({ from: '10.0.0.0/8', table: 300, ipProto: 'tcp', sportRange: { start: 1, end: 9 }, flags: ['invert'], priority: 44 });
    if (iproute2) expect(sh('ip rule show priority 44')).toMatch(/not from 10\.0\.0\.0\/8 ipproto tcp sport 1-9 lookup 300/);
    const rule = sync.rule.list({ family: 'inet' }).find((each) => each.priority === 44)!;
    sync.rule.delete(rule);
    sync.rule.add(rule);
    expect(sync.rule.list({ family: 'inet' })).toContainEqual(rule);
    const rules = sync.rule.list({ family: 'inet' });
    for (const each of rules) { sync.rule.delete(each); sync.rule.add(each); }
    expect(sync.rule.list({ family: 'inet' })).toEqual(rules);
    // A rule goes by whatever of it is told.
    sync.rule.delete({ priority: 44 });
    expect(sync.rule.list().map((each) => each.priority)).not.toContain(44);

    sync.fdb.add({ dev: 'v0', lladdr: '02:00:00:00:00:55', flags: ['master'] });
    const entry = sync.fdb.list({ dev: 'v0' }).find((each) => each.lladdr === '02:00:00:00:00:55')!;
    sync.fdb.delete({ dev: 'v0', lladdr: '02:00:00:00:00:55', flags: ['master'] });
    sync.fdb.add({ ...entry, flags: ['master'] });
    expect(sync.fdb.list({ dev: 'v0' })).toContainEqual(expect.objectContaining({ lladdr: '02:00:00:00:00:55', state: ['permanent'] }));
  });

  test('an address goes with its length, or without', () => {
    sync.address.add('v0', '10.7.0.1/24');
    expect(() => sync.address.delete('v0', '10.7.0.1/25')).toThrow(refusal('EADDRNOTAVAIL') as Error);
    sync.address.delete('v0', '10.7.0.1');
    sync.address.add('v0', '10.9.0.1', { peer: '10.9.0.2/32' });
    sync.address.delete('v0', '10.9.0.1', { peer: '10.9.0.2/32' });
    expect(sync.address.list({ dev: 'v0', family: 'inet' })).toEqual([]);
    expect(() => sync.address.add('v0', 'fd01::1/64', { broadcast: '+' })).toThrow(/no broadcast/);
    sync.address.add('v0', '10.8.0.0/31', { broadcast: '+' });
    expect(sync.address.list({ dev: 'v0', family: 'inet' })[0]).not.toHaveProperty('broadcast');
  });

  test('a table that does not exist has no routes', async () => {
    expect(a.route.list({ table: 'main', family: 'inet' })).toEqual([]);
    expect(await nl.route.list({ table: 4242, family: 'inet6' }).toArray()).toEqual([]);
  });

  test('many at once, and one in the loop of another', async () => {
    const counts = await Promise.all(Array.from({ length: 8 }, async () => (await nl.link.list().toArray()).length));
    expect(new Set(counts)).toEqual(new Set([sync.link.list().length]));
    for await (const link of nl.link.list()) await nl.link.set(link.index, { ifalias: `was ${link.ifname}` });
    expect(sync.link.get('br0').ifalias).toBe('was br0');
    const [links, addresses] = [nl.link.list()[Symbol.asyncIterator](), nl.address.list()[Symbol.asyncIterator]()];
    expect([(await links.next()).value?.ifname, (await addresses.next()).value?.local]).toEqual(['lo', '127.0.0.1']);
    await links.return?.();
    await addresses.return?.();
    // A listing is asked for anew by each loop.
    const listing = nl.link.list();
    expect((await listing.toArray()).length).toBe((await listing.toArray()).length);
  });

  test('an aborted connection ends what runs on it', async () => {
    const abort = new AbortController(), doomed = await open({ signal: abort.signal });
    const seen: unknown[] = [], watching = (async () => { for await (const event of doomed.watch(['link'])) seen.push(event); })();
    const setting = doomed.link.set('br0', { mtu: 1400 });
    abort.abort(new Error('enough'));
    await expect(setting).rejects.toThrow('enough');
    await watching;
    await expect(doomed.link.list().toArray()).rejects.toThrow('enough');
    expect(await doomed.watch(['link']).next()).toEqual({ done: true, value: undefined });
    doomed.close();
  });

  test('closed is closed', async () => {
    const gone = await open(), goneSync = openSync(), watching = gone.watch(['link']), next = watching.next();
    for (const each of [gone, goneSync]) { each.close(); each.close(); }
    await gone[Symbol.asyncDispose]();
    expect((await next).done).toBe(true);
    await expect(gone.link.get('lo')).rejects.toEqual(refusal('ERR_NETLINK_CLOSED'));
    await expect(gone.link.list().toArray()).rejects.toEqual(refusal('ERR_NETLINK_CLOSED'));
    expect(() => gone.watch(['link'])).toThrow(refusal('ERR_NETLINK_CLOSED') as Error);
    expect(() => goneSync.link.list()).toThrow(refusal('ERR_NETLINK_CLOSED') as Error);
  });

  describe('watch', () => {
    /** What is told while `act` runs. */
    async function told<const K extends WatchedKind>(kinds: readonly K[], act: () => void | Promise<void>, options: { allNsid?: boolean } = {}): Promise<Exclude<WatchEvent<K>, { change: 'overrun' }>[]> {
      const events: Exclude<WatchEvent<K>, { change: 'overrun' }>[] = [], watching = nl.watch(kinds, options);
      const done = (async () => { for await (const event of watching) if (event.change !== 'overrun') events.push(event as never); })();
      await act();
      // Until nothing more comes: a busy machine takes its time for the first.
      for (let before = -1, turn = 0; turn < 15 && (before !== events.length || before === 0); turn++) {
        before = events.length;
        await new Promise((resolve) => setTimeout(resolve, 100));
      }
      await watching.return();
      await done;
      return events;
    }

    test('begins at the call', async () => {
      const events = await told(['link'], () => { sync.link.add(veth('w0', { peer: { ifname: 'w1' } })); sync.link.set('w0', { mtu: 1300 }); });
      expect(events.map((event) => [event.change, event.object.ifname, event.changed?.['mtu']])).toEqual(expect.arrayContaining([['add', 'w0', undefined], ['change', 'w0', [1500, 1300]]]));
      expect(events.some((event) => event.object.ifname === 'br0' && event.change === 'add')).toBe(false);
      sync.link.delete('w0');
    });
    test('ends while it waits, and before it began', async () => {
      const waiting = nl.watch(['link']), next = waiting.next();
      await waiting.return();
      expect((await next).done).toBe(true);
      const fresh = nl.watch(['link']);
      await fresh.return();
      expect((await fresh.next()).done).toBe(true);
    });
    test('a port that leaves its bridge is no link that goes', async () => {
      const events = await told(['link', 'port'], () => { sync.link.set('v0', { master: null }); sync.link.set('v0', { master: 'br0' }); });
      const about = events.filter((event) => event.object.ifname === 'v0' && event.change !== 'change').map((event) => [event.change, event.kind]);
      expect(about).toEqual([['delete', 'port'], ['add', 'port']]);
      expect(events.some((event) => event.kind === 'link' && event.changed?.['master'])).toBe(true);
    });
    test('a replaced route is a change', async () => {
      sync.route.add({ dst: '10.5.0.0/16', gateway: '10.0.0.9' });
      const events = await told(['route'], async () => { await nl.route.replace({ dst: '10.5.0.0/16', gateway: '10.0.0.8' }); await nl.route.delete({ dst: '10.5.0.0/16' }); });
      expect(events).toMatchObject([{ change: 'change', changed: { gateway: ['10.0.0.9', '10.0.0.8'] } }, { change: 'delete', object: { dst: '10.5.0.0' } }]);
    });
    test('namespaces that have an id here', async () => {
      const id = sync.nsid.get('a');
      expect(id).toBeTypeOf('number');
      create('c');
      using c = openSync({ namespace: 'c' });
      expect(sync.nsid.get('c')).toBeUndefined();
      const events = await told(['link', 'address'], () => {
        a.link.add(veth('q0', { peer: { ifname: 'q1' } }));
        a.address.add('q0', '10.1.1.1/24');
        c.link.add(veth('unseen0', { peer: { ifname: 'unseen1' } }));
        a.link.delete('q0');
      }, { allNsid: true });
      const seen = events.map((event) => [event.change, event.nsid, event.kind === 'link' ? event.object.ifname : event.object.local]);
      expect(seen).toEqual(expect.arrayContaining([['add', id, 'q0'], ['add', id, '10.1.1.1'], ['delete', id, 'q0']]));
      expect(seen.map(([, , name]) => name)).not.toContain('unseen0');
    });
  });
});
