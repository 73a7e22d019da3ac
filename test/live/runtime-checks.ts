/**
 * What a runtime must be able to do, without a test framework: bundled and run on each by scripts/test-runtimes.mjs, in
 * network and mount namespaces of its own. Prints a line of JSON a check.
 */
import { strict as assert } from 'node:assert';
import { closeSync, existsSync, readdirSync, readlinkSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Link, type Route, route } from '../../src/families/route/index.ts';
import { create, enter, exec, execSync, list, openNamespace, remove } from '../../src/namespace/index.ts';
import { Client, type NetlinkError, inheritedSocket, libc, openSocket, runtime } from '../../src/socket/index.ts';
import { deviceRequests, ifreq, interfaceRequest } from '../../src/socket/ioctl.ts';

const { messages } = route;
const getLink = (ifname: string) => ({ message: messages.getlink, body: { ifname } });
const veth = (ifname: string, peer: string) => ({ message: messages.newlink, flags: ['create', 'excl'] as const, body: { ifname, linkinfo: { kind: 'veth', data: { peer: { ifname: peer } } } } });
const delLink = (ifname: string) => ({ message: messages.dellink, body: { ifname } });
const addRoute = (i: number) => ({ message: messages.newroute, flags: ['create', 'excl'] as const, body: { family: 'inet', dstLen: 32, table: 254, protocol: 'static', scope: 'link', type: 'unicast', dst: `10.${i >> 16}.${(i >> 8) & 255}.${i & 255}`, oif: 1 } });
const dumpRoutes = { message: messages.getroute, body: { family: 'inet' } };
const isStatic = (r: Route): boolean => r.protocol === 'static';
const descriptors = (): number => readdirSync('/proc/self/fd').length;
const here = (): string => readlinkSync('/proc/thread-self/ns/net');
const failure = async (body: () => unknown): Promise<NetlinkError> => {
  try { await body(); } catch (error) { return error as NetlinkError; }
  throw new Error('it did not fail');
};

class Skip extends Error {}
const client = Client.open({ protocol: route });

const checks: Record<string, () => unknown> = {
  'loader': () => libc().loader,
  'errno is read back at once': async () => {
    const socket = openSocket();
    for (let i = 0; i < 2000; i++) assert.equal(socket.receive(), undefined);
    socket.close();
    assert.equal((await failure(() => socket.send(new Uint8Array(16)))).code, 'ERR_NETLINK_CLOSED');
  },
  'request, sync': () => {
    client.requestSync({ message: messages.setlink, body: { index: 1, flags: ['up'], change: ['up'] } });
    assert.ok((client.requestSync(getLink('lo'))[0]!.body as Link).flags!.includes('up'));
  },
  'request, async': async () => assert.equal(((await client.request(getLink('lo')))[0]!.body as Link).ifname, 'lo'),
  'refusal names the attribute': async () => {
    const error = await failure(() => client.request(veth('v0', 'much-too-long-name')));
    assert.equal(error.code, 'ERANGE');
    assert.equal(error.extack?.path, 'linkinfo.data.peer.ifname');
  },
  'deleting a link leaves the loop free': async () => {
    await client.request(veth('a0', 'a1'));
    let turns = 0;
    const timer = setInterval(() => turns++, 1);
    await sleep(20);
    turns = 0;
    const start = performance.now();
    await client.request(delLink('a0'));
    const took = performance.now() - start;
    clearInterval(timer);
    assert.ok(turns >= Math.min(3, took / 4), `${turns} turns in ${took} ms`);
  },
  'batch': () => {
    const results = client.batchSync([...Array.from({ length: 1000 }, (_, i) => addRoute(i + 1)), addRoute(1)]);
    assert.equal(results.filter((result) => result.status === 'fulfilled').length, 1000);
    assert.equal((results.at(-1) as PromiseRejectedResult).reason.code, 'EEXIST');
  },
  'dump, sync': () => assert.equal(client.dumpSync(dumpRoutes, { filter: isStatic }).length, 1000),
  'dumps beside each other': async () => {
    const count = async () => { let n = 0; for await (const chunk of client.dumpChunks(dumpRoutes, { filter: isStatic })) n += chunk.length; return n; };
    assert.deepEqual(await Promise.all([count(), count(), count()]), [1000, 1000, 1000]);
  },
  'monitor: every event in order': async () => {
    const monitor = client.monitor(['ipv4Route']);
    client.batchSync(Array.from({ length: 3000 }, (_, i) => addRoute(10_000 + i)));
    const seen: unknown[] = [];
    while (seen.length < 3000) for (const event of await monitor.nextBatch()) seen.push(event.overrun ? 'overrun' : (event.body as Route).dst);
    assert.deepEqual(seen, Array.from({ length: 3000 }, (_, i) => addRoute(10_000 + i).body.dst));
    monitor.close();
  },
  'monitor: single events': async () => {
    const monitor = client.monitor(['ipv4Route']);
    for (let i = 0; i < 20; i++) {
      const next = monitor.next();
      await sleep(1);
      client.requestSync(addRoute(20_000 + i));
      assert.equal(((await next).value!.body as Route).dst, addRoute(20_000 + i).body.dst);
    }
    await monitor.return();
  },
  'monitor: overruns are reported, and it goes on': async () => {
    const monitor = client.monitor(['ipv4Route'], { receiveBuffer: 4096 });
    for (let round = 0; round < 3; round++) {
      client.batchSync(Array.from({ length: 500 }, (_, i) => addRoute(100_000 + 1000 * round + i)));
      for (let overran = false; !overran;) for (const event of await monitor.nextBatch()) overran ||= event.overrun === true;
      await sleep(20);
      const last = addRoute(200_000 + round);
      client.requestSync(last);
      for (let arrived = false; !arrived;) for (const event of await monitor.nextBatch()) arrived ||= (event.body as Route | undefined)?.dst === last.body.dst;
    }
    monitor.close();
  },
  'monitor: a slow reader loses nothing': async () => {
    const monitor = client.monitor(['ipv4Route'], { receiveBuffer: 64 * 1024 * 1024 });
    client.batchSync(Array.from({ length: 10_000 }, (_, i) => addRoute(300_000 + i)));
    let count = 0;
    for await (const event of monitor) {
      assert.ok(!event.overrun);
      if (count % 2000 === 0) await sleep(5);
      if (++count === 10_000) break;
    }
  },
  'monitor: AbortSignal': async () => {
    const monitor = client.monitor(['link'], { signal: AbortSignal.timeout(20) });
    assert.equal((await monitor.next()).done, true);
  },
  'namespaces': () => {
    const home = here();
    create('n1');
    assert.deepEqual(list(), ['n1']);
    assert.notEqual(enter('n1', here), home);
    assert.equal(here(), home);
    const inside = Client.open({ protocol: route, namespace: 'n1' });
    inside.requestSync(veth('only', 'there'));
    assert.ok(inside.dumpSync({ message: messages.getlink, body: {} }).some((link) => (link as Link).ifname === 'only'));
    inside.close();
  },
  'exec in a namespace': async () => {
    assert.deepEqual(execSync('n1', 'ls', ['/sys/class/net']).stdout!.toString().split(/\s+/).filter(Boolean).sort(), ['lo', 'only', 'there']);
    const child = exec('n1', 'sh', ['-c', 'exit 3'], { stdio: 'ignore' });
    assert.equal(await new Promise((done) => child.on('exit', done)), 3);
  },
  'monitor: all-nsid': async () => {
    const fd = openNamespace('n1');
    client.requestSync({ message: messages.newnsid, body: { nsid: 7, fd } });
    closeSync(fd);
    const monitor = client.monitor(['link'], { allNsid: true });
    const inside = Client.open({ protocol: route, namespace: 'n1' });
    inside.requestSync(veth('far0', 'far1'));
    for (let nsid: number | undefined; nsid === undefined;) for (const event of await monitor.nextBatch()) if ((event.body as Link).ifname === 'far0') assert.equal((nsid = event.nsid), 7);
    inside.close();
    monitor.close();
    remove('n1');
    assert.deepEqual(list(), []);
  },
  'inherited descriptor': async () => {
    if (runtime === 'deno') throw new Skip('Deno\'s file calls take no foreign descriptor');
    const socket = openSocket();
    const one = new Client(inheritedSocket(socket.fd), { protocol: route });
    assert.equal((one.requestSync(getLink('lo'))[0]!.body as Link).ifname, 'lo');
    assert.equal(((await one.request(getLink('lo')))[0]!.body as Link).ifname, 'lo');
    one.close();
  },
  'ioctl takes an address, and on devices a number': () => {
    const SIOCGIFINDEX = 0x8933, TUNSETIFF = 0x400454ca, TUNSETPERSIST = 0x400454cb, TAP_NO_PI = 0x1002;
    assert.equal(new DataView(interfaceRequest(SIOCGIFINDEX, 'lo', new Uint8Array(4)).buffer).getInt32(16, true), 1);
    assert.throws(() => interfaceRequest(SIOCGIFINDEX, 'nobody', new Uint8Array(4)), { code: 'ENODEV' });
    if (!existsSync('/dev/net/tun')) throw new Skip('there is no /dev/net/tun');
    const named = { name: 'TUNSETIFF', number: TUNSETIFF, argument: ifreq('tap9', Uint8Array.of(TAP_NO_PI & 255, TAP_NO_PI >> 8)) };
    const outlive = (on: number) => deviceRequests('/dev/net/tun', [named, { name: 'TUNSETPERSIST', number: TUNSETPERSIST, argument: on }]);
    outlive(1);
    assert.equal((client.requestSync(getLink('tap9'))[0]!.body as Link).ifname, 'tap9');
    outlive(0);
    assert.throws(() => client.requestSync(getLink('tap9')), { code: 'ENODEV' });
  },
  'hundreds of sockets, no descriptor left': async () => {
    const before = descriptors();
    const clients = Array.from({ length: 200 }, () => Client.open({ protocol: route }));
    const monitors = clients.map((one) => one.monitor(['ipv4Route']));
    await sleep(10);
    client.requestSync(addRoute(400_000));
    for (const monitor of monitors) assert.equal(((await monitor.next()).value!.body as Route).dst, addRoute(400_000).body.dst);
    for (const one of clients) one.close();
    await sleep(200);
    assert.ok(descriptors() <= before, `${descriptors()} descriptors, ${before} before`);
  },
};

let failed = 0;
for (const [name, check] of Object.entries(checks)) {
  const start = performance.now();
  const line: Record<string, unknown> = { name };
  try {
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<never>((_, reject) => { timer = setTimeout(() => reject(new Error('not done after 10 s')), 10_000); });
    const result = await Promise.race([Promise.resolve(check()), late]).finally(() => clearTimeout(timer));
    if (typeof result === 'string') line['note'] = result;
  } catch (error) {
    if (error instanceof Skip) line['skipped'] = error.message;
    else {
      failed++;
      line['error'] = (error as Error).stack ?? String(error);
    }
  }
  console.log(JSON.stringify({ ...line, ms: Math.round(performance.now() - start) }));
}
client.close();
process.exitCode = failed > 0 ? 1 : 0;
console.log(JSON.stringify({ name: 'end' }));
