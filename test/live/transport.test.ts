import { spawnSync } from 'node:child_process';
import { release } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';
import { Worker } from 'node:worker_threads';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Link, type Route, route } from '../../src/families/route/index.ts';
import { create, enter, remove } from '../../src/namespace/index.ts';
import { Client, NetlinkError, openSocket } from '../../src/socket/index.ts';
import { NOBODY, bundle, readable } from '../support/bundle.ts';
import { PATIENCE, descriptors, has, isolate, sh } from './support.ts';

const [major = 0, minor = 0] = release().split('.').map(Number);
const why = isolate() ?? (has('ip') ? undefined : 'no iproute2');
if (why) console.warn(`skipped: ${why}`);
const { messages } = route;

/** What a call throws, or a promise rejects with. */
const failure = async (body: () => unknown): Promise<NetlinkError> => {
  try {
    await body();
  } catch (error) {
    expect(error).toBeInstanceOf(NetlinkError);
    return error as NetlinkError;
  }
  throw new Error('it did not fail');
};
const veth = (name: string, peer: string) => ({ message: messages.newlink, flags: ['create', 'excl'] as const, body: { ifname: name, linkinfo: { kind: 'veth', data: { peer: { ifname: peer } } } } });
const getLink = (ifname: string) => ({ message: messages.getlink, body: { ifname } });
const dumpRoutes = { message: messages.getroute, body: { family: 'inet' } };
const addRoute = (i: number, more: object = {}) => ({ message: messages.newroute, flags: ['create', 'excl'] as const, body: { family: 'inet', dstLen: 32, table: 254, protocol: 'static', scope: 'link', type: 'unicast', dst: `10.${i >> 16}.${(i >> 8) & 255}.${i & 255}`, oif: 1, ...more } });

describe.skipIf(why)('the client on a live kernel', () => {
  let client: Client, before = 0;
  beforeAll(() => {
    sh('ip link set lo up');
    before = descriptors();
    client = Client.open({ protocol: route });
  });
  afterAll(async () => {
    client.close();
    await sleep(50);
    expect(descriptors()).toBe(before);
  });

  test('a request is acknowledged, sync and async', async () => {
    client.requestSync(veth('a0', 'a1'));
    expect(sh('ip -br link show a0')).toContain('a0@a1');
    const [reply] = client.requestSync(getLink('a0'));
    expect((reply!.body as Link).ifname).toBe('a0');
    expect(reply!.message).toBe(messages.newlink);
    expect(((await client.request(getLink('a1')))[0]!.body as Link).ifname).toBe('a1');
    await client.request({ message: messages.dellink, body: { ifname: 'a0' } });
    expect((await failure(() => client.request(getLink('a0')))).code).toBe('ENODEV');
  });

  test('a refusal names the attribute, its value and a hint', async () => {
    client.requestSync(veth('b0', 'b1'));
    const twice = await failure(() => client.requestSync(veth('b0', 'b2')));
    expect(twice).toMatchObject({ code: 'EEXIST', errno: -17, syscall: 'RTM_NEWLINK', hint: expect.stringContaining('exists') });
    expect(new DataView(twice.request!.buffer, twice.request!.byteOffset).getUint32(0, true)).toBe(twice.request!.length);
    const long = await failure(() => client.request({ message: messages.newlink, flags: ['create'], body: { ifname: 'c0', linkinfo: { kind: 'veth', data: { peer: { ifname: 'x'.repeat(16) } } } } }));
    expect(long).toMatchObject({ code: 'ERANGE', extack: { path: 'linkinfo.data.peer.ifname', value: 'x'.repeat(16) }, hint: expect.stringContaining('15 bytes') });
    expect(long.message).toContain('linkinfo.data.peer.ifname');
    const unknown = await failure(() => client.request({ message: messages.newlink, flags: ['create'], body: { ifname: 'c0', linkinfo: { kind: 'no-such-kind' } } }));
    expect(unknown).toMatchObject({ code: 'EOPNOTSUPP', hint: expect.stringContaining('module') });
    client.requestSync({ message: messages.newlink, flags: ['create'], body: { ifname: 'br0', linkinfo: { kind: 'bridge' } } });
    const index = (name: string) => (client.requestSync(getLink(name))[0]!.body as Link).index;
    client.requestSync({ message: messages.setlink, body: { index: index('b0'), master: index('br0') } });
    const busy = await failure(() => client.requestSync({ message: messages.newlink, flags: ['create'], body: { ifname: 'mv0', link: index('b0'), linkinfo: { kind: 'macvlan', data: { mode: 'bridge' } } } }));
    expect(busy).toMatchObject({ code: 'EBUSY', hint: expect.stringContaining('bridge port') });
    const gone = await failure(() => client.requestSync({ message: messages.delroute, body: { family: 'inet', dstLen: 32, dst: '10.9.9.9', table: 254 } }));
    expect(gone).toMatchObject({ code: 'ESRCH', hint: expect.stringContaining('no route') });
    sh('ip link del b0; ip link del br0');
  });

  test('several requests in flight keep their order', async () => {
    const results = await Promise.all([
      client.request(veth('d0', 'd1')),
      client.request({ message: messages.setlink, body: { ifname: 'd0', flags: ['up'], change: ['up'] } }),
      client.request(getLink('d0')),
      ...Array.from({ length: 50 }, () => client.request(getLink('d1'))),
    ]);
    expect((results[2]![0]!.body as Link).flags).toContain('up');
    expect(results.slice(3).every((replies) => (replies[0]!.body as Link).ifname === 'd1')).toBe(true);
    await client.request({ message: messages.dellink, body: { ifname: 'd0' } });
  });

  test('deleting a link leaves the event loop free', async () => {
    for (let i = 0; i < 5; i++) await client.request(veth(`e${i}`, `f${i}`));
    let turns = 0;
    const timer = setInterval(() => turns++, 1);
    const start = performance.now();
    for (let i = 0; i < 5; i++) await client.request({ message: messages.dellink, body: { ifname: `e${i}` } });
    const took = performance.now() - start;
    clearInterval(timer);
    // Each waits about 16 ms in the kernel; a blocked loop would turn once a delete.
    expect(turns).toBeGreaterThan(Math.min(12, took / 8));
  });

  test('echo brings what was made', ({ skip }) => {
    skip(major < 6 || (major === 6 && minor < 2), 'RTM_NEWLINK heeds NLM_F_ECHO since Linux 6.2');
    const replies = client.requestSync({ ...veth('g0', 'g1'), flags: ['create', 'excl', 'echo'] });
    expect(replies.map((reply) => reply.message?.name)).toContain('RTM_NEWLINK');
    sh('ip link del g0');
  });

  test('a batch of thousands: results in order, refusals in place', async () => {
    const count = 1000;
    const requests = Array.from({ length: count }, (_, i) => addRoute(i + 1));
    requests.splice(500, 0, addRoute(1));
    const results = client.batchSync(requests);
    expect(results).toHaveLength(count + 1);
    expect(results.flatMap((result, i) => (result.status === 'rejected' ? [[i, result.reason.code]] : []))).toEqual([[500, 'EEXIST']]);
    expect(sh('ip route show table main proto static | wc -l')).toBe(String(count));
    // All refused: more errors than a batch may have acknowledgements.
    const again = await client.batch(requests);
    expect(again.every((result) => result.status === 'rejected' && result.reason.code === 'EEXIST')).toBe(true);
    const mixed = await client.batch([getLink('lo'), addRoute(5000), getLink('none'), getLink('lo')]);
    expect(mixed.map((result) => (result.status === 'fulfilled' ? result.value.map((reply) => reply.message?.key) : result.reason.code))).toEqual([['newlink'], [], 'ENODEV', ['newlink']]);
  });

  test('dumps: sync, streamed, beside each other, left early, aborted', async () => {
    const all = client.dumpSync(dumpRoutes).filter((r) => (r as Route).protocol === 'static');
    expect(all).toHaveLength(1001);
    const counts = await Promise.all(Array.from({ length: 8 }, async () => {
      let count = 0;
      for await (const chunk of client.dumpChunks(dumpRoutes, { filter: (r: Route) => r.protocol === 'static' })) count += chunk.length;
      return count;
    }));
    expect(counts).toEqual(Array.from({ length: 8 }, () => 1001));
    const selected = client.dumpSync(dumpRoutes, { select: ['dst'] });
    // With the field that tells how to read it.
    expect(Object.keys(selected.at(-1)!)).toEqual(['family', 'dst']);
    for await (const _ of client.dump(dumpRoutes)) break;
    const abort = new AbortController();
    const aborted = (async () => { for await (const _ of client.dump(dumpRoutes, { signal: abort.signal })) abort.abort(new Error('enough')); })();
    await aborted.catch((error: Error) => expect(error.message).toBe('enough'));
    expect(client.dumpSync(dumpRoutes).length).toBe(client.dumpSync(dumpRoutes).length);
    await expect(client.request(getLink('lo'), { signal: AbortSignal.abort(new Error('before')) })).rejects.toThrow('before');
    // Strict checking: a dump request with a field that no dump takes.
    const strict = await failure(() => client.dumpSync({ message: messages.getroute, body: { family: 'inet', dstLen: 8, dst: '10.0.0.0' } }));
    expect(strict.code).toBe('EINVAL');
    expect(strict.extack?.message).toBeTruthy();
  });

  test('a dump of a table that changes is begun anew, and fails with what it has when it changes each time', async () => {
    client.batchSync(Array.from({ length: 40 }, (_, i) => veth(`h${i}`, `i${i}`)));
    const writer = Client.open({ protocol: route });
    let changes = 1, made = 0;
    const change = (): boolean => {
      if (changes-- > 0) writer.requestSync(veth(`m${++made}`, `n${made}`));
      return true;
    };
    const dumpLinks = { message: messages.getlink, body: {} };
    const links = client.dumpSync(dumpLinks, { filter: change }) as Link[];
    expect(made).toBe(1);
    expect(new Set(links.map((link) => link.ifname)).size).toBe(links.length);
    expect(links.map((link) => link.ifname)).toContain('m1');
    changes = 1;
    const names: string[] = [];
    for await (const link of client.dump(dumpLinks, { filter: change })) names.push((link as Link).ifname!);
    expect(made).toBe(2);
    expect(names).toContain('m2');
    expect(new Set(names).size).toBe(names.length);
    changes = Infinity;
    const failed = await failure(() => client.dumpSync(dumpLinks, { filter: (link: Link) => (link.ifname === 'lo' ? change() : true), retries: 1 }));
    expect(failed).toMatchObject({ code: 'ERR_NETLINK_DUMP_INTERRUPTED' });
    expect(failed.partial!.length).toBeGreaterThan(40);
    expect(made).toBe(4);
    writer.close();
    sh('ip -o link show type veth | cut -d" " -f2 | cut -d@ -f1 | grep "^[hm]" | while read l; do echo "link del $l"; done | ip -batch -');
  });

  test('monitor: every event, in order, from its opening on', async () => {
    await using monitor = client.monitor(['ipv4Route']);
    client.batchSync(Array.from({ length: 6000 }, (_, i) => addRoute(100_000 + i)));
    const seen: string[] = [];
    while (seen.length < 6000) for (const event of await monitor.nextBatch()) seen.push((event.body as Route).dst as string);
    expect(seen).toEqual(Array.from({ length: 6000 }, (_, i) => addRoute(100_000 + i).body.dst));
  });

  test('monitor: an overrun is reported, and later events arrive', async () => {
    const monitor = client.monitor(['ipv4Route'], { receiveBuffer: 4096 });
    for (let round = 0; round < 2; round++) {
      client.batchSync(Array.from({ length: 1000 }, (_, i) => addRoute(200_000 + 10_000 * round + i)));
      let overran = false, seen = 0;
      while (!overran) for (const event of await monitor.nextBatch()) if (event.overrun) overran = true; else seen++;
      expect(seen).toBeLessThan(1000);
      await sleep(50);
      client.requestSync(addRoute(300_000 + round));
      let last = '';
      while (last !== addRoute(300_000 + round).body.dst) for (const event of await monitor.nextBatch()) if (!event.overrun) last = (event.body as Route).dst as string;
    }
    monitor.close();
    expect(await monitor.next()).toMatchObject({ done: true });
  });

  test('monitor: a reader that lags holds the events in the socket', async () => {
    const monitor = client.monitor(['ipv4Route'], { receiveBuffer: 64 * 1024 * 1024 });
    let count = 0;
    client.requestSync(addRoute(399_999));
    for await (const event of monitor) {
      if (count === 0) {
        client.batchSync(Array.from({ length: 20_000 }, (_, i) => addRoute(400_000 + i)));
        await sleep(30);
      }
      expect(event.overrun).toBeUndefined();
      if (++count === 20_001) break;
    }
    expect(count).toBe(20_001);
    expect(monitor.closed).toBe(true);
  }, 20_000);

  test('monitor: the signal ends it', async () => {
    const abort = new AbortController();
    const monitor = client.monitor(['link'], { signal: abort.signal });
    const next = monitor.next();
    abort.abort();
    expect(await next).toMatchObject({ done: true });
    const events = [...client.monitorSync(['link'], { timeout: 20 })];
    expect(events).toEqual([]);
  });

  test('monitor: events of other namespaces carry their id', async () => {
    create('far');
    sh('ip netns set far 42');
    const monitor = client.monitor(['link'], { allNsid: true });
    const far = Client.open({ protocol: route, namespace: 'far' });
    far.requestSync(veth('j0', 'j1'));
    client.requestSync(veth('k0', 'k1'));
    const seen = new Map<string, number | undefined>();
    while (!seen.has('k1')) for (const event of await monitor.nextBatch()) if (!event.overrun) seen.set((event.body as Link).ifname!, event.nsid);
    expect([...seen]).toEqual([['j1', 42], ['j0', 42], ['k1', undefined], ['k0', undefined]].sort((a, b) => [...seen.keys()].indexOf(a[0] as string) - [...seen.keys()].indexOf(b[0] as string)));
    far.close();
    monitor.close();
    sh('ip link del k0');
    remove('far');
  });

  test('a client of a namespace opens its other sockets there too', async () => {
    create('s9');
    const inside = enter('s9', () => Client.open({ protocol: route }));
    const named = Client.open({ protocol: route, namespace: 's9' });
    inside.requestSync(veth('only', 'here'));
    for (const one of [inside, named]) {
      const names: string[] = [];
      for await (const link of one.dump({ message: messages.getlink, body: {} }, { select: ['ifname'] })) names.push((link as Link).ifname!);
      expect(names.sort()).toContain('only');
      const monitor = one.monitor(['link']);
      one.requestSync({ message: messages.setlink, body: { ifname: 'only', mtu: one === inside ? 1400 : 1300 } });
      expect(((await monitor.next()).value!.body as Link).ifname).toBe('only');
      one.close();
      expect(monitor.closed).toBe(true);
    }
    remove('s9');
  });

  test('a closed client refuses and rejects', async () => {
    const closing = Client.open({ protocol: route });
    closing.close();
    closing.close();
    expect((await failure(() => closing.requestSync(getLink('lo')))).code).toBe('ERR_NETLINK_CLOSED');
    expect((await failure(() => closing.request(getLink('lo')))).code).toBe('ERR_NETLINK_CLOSED');
    const socket = openSocket();
    socket.close();
    expect(() => socket.receive()).toThrow(/closed/);
  });

  test('hundreds of sockets, each with its events, and no descriptor left', async () => {
    const count = descriptors();
    const clients = Array.from({ length: 300 }, () => Client.open({ protocol: route, namespace: { pid: process.pid } }));
    const monitors = clients.map((one) => one.monitor(['ipv4Route']));
    client.requestSync(addRoute(500_000));
    for (const monitor of monitors) expect(((await monitor.next()).value!.body as Route).dst).toBe(addRoute(500_000).body.dst);
    for (const one of clients) one.close();
    await sleep(100);
    expect(descriptors()).toBe(count);
  });

  test.skipIf(!has('setpriv'))('not permitted: the capability is named, in each of the ways that it arrives', () => {
    using unprivileged = readable('test/support/unprivileged.ts');
    const [setpriv, ...drop] = NOBODY;
    const { stdout, stderr } = spawnSync(setpriv, [...drop, process.execPath, unprivileged.program], { encoding: 'utf8', timeout: PATIENCE });
    expect(stderr).toBe('');
    expect(JSON.parse(stdout)).toEqual({
      read: 'lo',
      acknowledgement: { code: 'EPERM', syscall: 'RTM_NEWLINK', capability: 'CAP_NET_ADMIN' },
      systemCall: { code: 'EPERM', syscall: 'setns', capability: 'CAP_SYS_ADMIN' },
      create: { code: 'EPERM', syscall: 'setns', capability: 'CAP_SYS_ADMIN' },
    });
  });

  test('what a worker leaves open ends with it, however it ends', async () => {
    const program = bundle('test/support/open-in-worker.ts');
    const run = (how: string) => new Promise<void>((resolve, reject) => {
      const worker = new Worker(program, { workerData: how });
      worker.once('error', reject);
      worker.once('exit', () => { resolve(); });
      worker.once('message', () => { if (how === 'is terminated') void worker.terminate(); });
    });
    // What the first worker of a process brings stays.
    await run('closes');
    const before = descriptors();
    for (const how of ['closes', 'ends', 'exits', 'is terminated']) {
      for (let i = 0; i < 3; i++) await run(how);
      expect(descriptors(), how).toBe(before);
    }
  });

  test.skipIf(!has('unshare'))('not permitted, with the capability: where it counts is told, and it is not said to lack', async () => {
    const program = bundle('test/support/network-admin.ts');
    const told = (...before: string[]) => spawnSync(before[0] ?? process.execPath, [...before.slice(1), ...(before.length ? [process.execPath] : []), program], { encoding: 'utf8', timeout: PATIENCE }).stdout.trim();
    expect(told()).toMatch(/^(machine|namespace)$/);
    expect(told('unshare', '-Urn')).toBe('namespace');
    expect(told('unshare', '-Ur')).toBe('nowhere');
    client.requestSync(veth('d0', 'd1'));
    client.requestSync({ message: messages.newlink, flags: ['create', 'excl'], body: { ifname: 'bd', linkinfo: { kind: 'bridge' } } });
    const [port, bridge] = ['d0', 'bd'].map((name) => (client.requestSync(getLink(name))[0]!.body as Link).index) as [number, number];
    client.requestSync({ message: messages.setlink, body: { index: port, master: bridge } });
    const error = await failure(() => client.requestSync({ message: messages.newneigh, flags: ['create'], body: { family: 'bridge', ifindex: port, state: ['reachable'], flags: ['master'], lladdr: '02:00:00:00:00:01' } }));
    expect(error).toMatchObject({ code: 'EPERM', message: expect.stringMatching(/not permitted: \(a bridge port that neither learns nor forwards/) as string });
    expect(error.capability).toBeUndefined();
    for (const name of ['d0', 'bd']) client.requestSync({ message: messages.dellink, body: { ifname: name } });
  });

  test.skipIf(!has('python3'))('an inherited descriptor needs no loader', () => {
    const parent = `import os,socket,subprocess,sys
s=socket.socket(16,3,0); s.bind((0,0)); s.setblocking(os.environ['BLOCKING']=='1'); os.dup2(s.fileno(),9); os.dup2(9,3)
os.execvpe(sys.argv[1],sys.argv[1:],{**os.environ,'LISTEN_FDS':'1','LISTEN_PID':str(os.getpid()),'NLKIT_LOADER':'none'})`;
    using inherited = readable('test/support/inherited.ts');
    for (const BLOCKING of ['0', '1']) {
      const { stdout, stderr } = spawnSync('python3', ['-c', parent, process.execPath, inherited.program], { encoding: 'utf8', timeout: PATIENCE, env: { ...process.env, BLOCKING } });
      expect(stderr).toBe('');
      expect(JSON.parse(stdout)).toEqual({ sync: 'lo', async: 'lo', dumped: ['lo'], refused: 'ENODEV' });
    }
  });
});
