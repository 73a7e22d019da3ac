/** Sockets by the library: listed with the kernel's own filter, closed, watched. */
import { createServer, connect, type Server, type Socket } from 'node:net';
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { spawnSync } from 'node:child_process';
import { beforeAll, afterAll, describe, expect, test } from 'vitest';
import { open, openSync, type DestroyedEvent, type SocketDiag } from '../../src/diag/index.ts';
import { has, isolate, sh } from './support.ts';

const why = isolate();
if (why) console.warn(`skipped: ${why}`);

describe.skipIf(why)('sockets', () => {
  let server: Server, client: Socket, accepted: Socket, sockets: SocketDiag;
  const port = 8001;
  beforeAll(async () => {
    sh('ip link set lo up');
    server = createServer((socket) => { accepted = socket; socket.on('error', () => {}); }).listen(port, '127.0.0.1');
    await once(server, 'listening');
    client = connect(port, '127.0.0.1');
    client.on('error', () => {});
    await once(client, 'connect');
    sockets = await open();
  });
  afterAll(() => {
    sockets?.close();
    client?.destroy();
    accepted?.destroy();
    server?.close();
  });

  test('of TCP, by state, port and address', async () => {
    const [listener, ...more] = await sockets.inet.list({ family: 'inet', protocol: 'tcp', states: ['listen'] }).toArray();
    expect(more).toEqual([]);
    expect(listener).toMatchObject({ state: 'listen', id: { src: '127.0.0.1', sport: port, dport: 0 } });
    const own = client.localPort as number;
    const all = await sockets.inet.list({ family: 'inet', protocol: 'tcp', filter: { and: [{ src: '127.0.0.0/8' }, { or: [{ sport: own }, { dport: own }] }] }, show: ['info', 'cong', 'skmeminfo'] }).toArray();
    expect(all.map(({ id }) => [id.sport, id.dport]).sort()).toEqual([[own, port], [port, own]].sort());
    for (const { info, cong, skmeminfo } of all) { expect(info?.sndMss).toBeGreaterThan(0); expect(cong).toMatch(/\w/); expect(skmeminfo?.rcvbuf).toBeGreaterThan(0); }
    using sync = openSync();
    expect(sync.inet.list({ family: 'inet', protocol: 'tcp', filter: { not: { src: '127.0.0.1' } } })).toEqual([]);
    expect(sync.inet.list({ family: 'inet6', protocol: 'tcp' })).toEqual([]);
    expect(sync.inet.list({ family: 'inet', protocol: 'tcp', filter: { sport: { min: port, max: port } } })).toHaveLength(2);
    if (has('ss')) expect(spawnSync('ss', ['-Htan'], { encoding: 'utf8' }).stdout.trim().split('\n')).toHaveLength(3);
  });

  test('of other families', async () => {
    const udp = createSocket('udp4');
    udp.bind(5300, '127.0.0.1');
    await once(udp, 'listening');
    try {
      expect(await sockets.inet.list({ family: 'inet', protocol: 'udp', filter: { sport: 5300 } }).toArray()).toMatchObject([{ state: 'close', id: { sport: 5300 } }]);
    } finally { udp.close(); }
    const unix = createServer().listen('/run/named');
    await once(unix, 'listening');
    try {
      const [named] = (await sockets.unix.list({ states: ['listen'] }).toArray()).filter(({ name }) => name && Buffer.from(name).toString().startsWith('/run/named'));
      expect(named).toMatchObject({ type: 'stream', state: 'listen' });
    } finally { unix.close(); }
    expect(await sockets.netlink.list({ protocol: 4 }).toArray()).toContainEqual(expect.objectContaining({ protocol: 4, portid: 0 }));
    expect(await sockets.packet.list().toArray()).toEqual([]);
    expect(await sockets.inet.list({ family: 'inet', protocol: 'mptcp' }).toArray().catch((error: { code?: string }) => error.code)).toSatisfy((found: unknown) => found === 'ENOENT' || found === 'EINVAL' || Array.isArray(found));
  });

  test('in a namespace', async () => {
    sh('ip netns add other');
    try {
      await using other = await open({ namespace: 'other' });
      expect(await other.inet.list({ family: 'inet', protocol: 'tcp' }).toArray()).toEqual([]);
    } finally { sh('ip netns del other'); }
  });

  test('that are closed, by us and by their owners', async () => {
    const gone: DestroyedEvent[] = [], stop = new AbortController();
    const events = sockets.inet.destroyed({ protocols: ['tcp'], signal: stop.signal });
    const own = client.localPort as number, [one] = await sockets.inet.list({ family: 'inet', protocol: 'tcp', filter: { sport: own } }).toArray();
    const failed = new Promise((resolve) => { client.once('error', ({ code }: Error & { code?: string }) => resolve(code)); });
    const closed = await sockets.inet.destroy('tcp', one!).catch((error: { code?: string }) => error.code);
    if (closed === 'EOPNOTSUPP') {
      console.warn('skipped: this kernel closes no sockets (CONFIG_INET_DIAG_DESTROY)');
      stop.abort();
      return;
    }
    expect(closed).toBe(true);
    expect(await failed).toBe('ECONNABORTED');
    expect(await sockets.inet.destroy('tcp', one!)).toBe(false);
    accepted.destroy();
    for await (const event of events) { gone.push(event); if (gone.length === 2) break; }
    expect(gone).toMatchObject([{ change: 'destroy', protocol: 'tcp' }, { change: 'destroy' }]);
    expect(gone.map((event) => (event.change === 'destroy' ? event.socket.id.sport : 0)).sort()).toEqual([own, port].sort());
    stop.abort();
  });
});
