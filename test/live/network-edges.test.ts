/** Networks at their edges: loopback, isolation without br_netfilter, names of containers, overlays' own parts. */
import { spawn, spawnSync } from 'node:child_process';
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { create, list, remove } from '../../src/namespace/index.ts';
import { networksSync } from '../../src/network/index.ts';
import { cli, kernelHas, pings, plain, snapshot } from '../support/network.ts';
import { has, isolate, NO_OWN_ETC, OWN_ETC, PATIENCE, sh } from './support.ts';

const why = isolate() ?? (has('ip') && has('ping') ? undefined : 'no iproute2 and ping to look with');
if (why) console.warn(`skipped: ${why}`);
const nft = !why && has('nft') && spawnSync('nft', ['list', 'ruleset']).status === 0;
const state = '/run/state', net = networksSync({ state });

/** A server in a container that answers each connection. */
async function serving<T>(name: string, port: number, during: () => T): Promise<T> {
  const server = spawn('ip', ['netns', 'exec', name, process.execPath, '-e', `require('net').createServer((c) => c.on('error', () => {}).end(c.remoteAddress)).listen(${port}, '::', () => console.log('up'))`], { stdio: ['ignore', 'pipe', 'inherit'] });
  await new Promise((ready) => server.stdout.once('data', ready));
  try { return during(); } finally {
    const ended = new Promise((done) => server.once('close', done));
    server.kill('SIGKILL');
    await ended;
  }
}
/** What answers there: its view of who asks; nothing: nobody does. */
const asks = (from: string, address: string, port: number): string =>
  spawnSync('sh', ['-c', `${from} ${process.execPath} -e 'require("net").connect(${port}, "${address}").on("data", (d) => console.log(String(d))).on("error", () => {}).setTimeout(1500, () => process.exit())'`], { encoding: 'utf8', timeout: PATIENCE }).stdout.trim();

describe.skipIf(why)('networks at their edges', () => {
  let nothing = '';
  beforeAll(() => {
    for (const name of ['web', 'db']) create(name);
    sh('ip link set lo up; for n in web db; do ip -n $n link set lo up; done');
    net.gc();
    nothing = plain(snapshot(state));
  });
  afterEach(() => {
    for (const { name } of net.list()) net.remove(name, { force: true });
    expect(plain(snapshot(state))).toBe(nothing);
  });
  afterAll(() => { for (const name of list()) remove(name); });

  test.skipIf(!nft)('a published port answers on the host\'s loopback addresses; containers reach nothing of the host\'s there', async () => {
    net.create({ name: 'lab', subnets: ['172.30.0.0/24'] });
    net.attach('lab', { name: 'web', namespace: 'web', publish: ['8080:80', '127.0.0.1:8081:80'] });
    net.attach('lab', { name: 'db', namespace: 'db' });
    await serving('web', 80, () => {
      for (const [address, port] of [['127.0.0.1', 8080], ['127.0.0.7', 8080], ['172.30.0.1', 8080], ['127.0.0.1', 8081]] as const) expect(asks('', address, port), `${address}:${port}`).toBe('::ffff:172.30.0.1');
      expect(asks('', '172.30.0.1', 8081), 'published on a loopback address only').toBe('');
    });
    // A container that sends to the host's loopback address by the bridge: to a service there, and to a port published there.
    sh('ip netns exec db sysctl -qw net.ipv4.conf.all.route_localnet=1; ip -n db addr del 127.0.0.1/8 dev lo; ip -n db route add 127.0.0.1/32 via 172.30.0.1');
    await serving('web', 80, () => {
      expect(asks('ip netns exec db', '172.30.0.1', 8080), 'the way is open').not.toBe('');
      expect(asks('ip netns exec db', '127.0.0.1', 8081)).toBe('');
      sh('nft flush chain inet nlkit guard');
      expect(asks('ip netns exec db', '127.0.0.1', 8081), 'without the guard').not.toBe('');
    });
    sh('ip -n db route del 127.0.0.1/32 via 172.30.0.1; ip -n db addr add 127.0.0.1/8 dev lo; ip netns exec db sysctl -qw net.ipv4.conf.all.route_localnet=0');
  }, PATIENCE * 2);

  test('without icc, and without br_netfilter: neither by the switch, nor by the host; out they do', () => {
    // Without the module there is no such file, and with 0 what it hooks in does nothing.
    const filter = '/proc/sys/net/bridge/bridge-nf-call-iptables', was = existsSync(filter) ? readFileSync(filter, 'utf8') : undefined;
    if (was !== undefined) writeFileSync(filter, '0');
    net.create({ name: 'one', icc: true, subnets: ['172.30.1.0/24'] });
    net.attach('one', { name: 'web', namespace: 'web' });
    net.attach('one', { name: 'db', namespace: 'db' });
    expect(pings('web', '172.30.1.3'), 'with icc').toBe(true);
    net.remove('one', { force: true });
    net.create({ name: 'two', icc: false, subnets: ['172.30.1.0/24'] });
    const { port } = net.attach('two', { name: 'web', namespace: 'web' });
    net.attach('two', { name: 'db', namespace: 'db' });
    expect(sh(`bridge -d link show dev ${port}`)).toContain('isolated on');
    expect(pings('web', '172.30.1.3'), 'by the switch').toBe(false);
    sh('ip -n web route add 172.30.1.3/32 via 172.30.1.1');
    if (nft) expect(pings('web', '172.30.1.3'), 'by the host').toBe(false);
    expect(pings('web', '172.30.1.1')).toBe(true);
    if (was !== undefined) writeFileSync(filter, was);
  }, PATIENCE * 2);

  test('names: a hosts file, kept as containers come and go; it stands in the place of /etc/hosts', async () => {
    net.create({ name: 'lab', subnets: ['172.30.0.0/24', 'fd00:1::/64'] });
    const { path } = net.hosts('lab');
    sh(OWN_ETC);
    sh(`mkdir -p /etc/netns/web && ln -s ${path} /etc/netns/web/hosts`);
    const known = (name: string): string => spawnSync('ip', ['netns', 'exec', 'web', 'getent', 'ahosts', name], { encoding: 'utf8' }).stdout.split('\n').filter((line) => line.includes('STREAM')).map((line) => line.split(' ')[0]).sort().join(' ');
    try {
      net.attach('lab', { name: 'web', namespace: 'web' });
      expect(known('db')).toBe('');
      net.attach('lab', { name: 'db', namespace: 'db', aliases: ['sql', 'db.lab'] });
      for (const name of ['db', 'sql', 'db.lab']) expect(known(name), name).toBe('172.30.0.3 fd00:1::3');
      expect(known('localhost')).not.toBe('');
      const { stdout } = await cli(state, 'net', 'hosts', 'lab');
      const sorted = (text: string): string[] => text.split('\n').sort();
      expect(sorted(stdout)).toEqual(sorted(readFileSync(path, 'utf8')));
      expect(stdout).toContain('172.30.0.3\tdb sql db.lab\n');
      expect((await cli(state, 'net', 'hosts', 'lab', '--file')).stdout).toBe(`${path}\n`);
      net.apply([{ name: 'lab', containers: [{ name: 'db', namespace: 'db', aliases: ['other'] }] }]);
      expect([known('sql'), known('other')]).toEqual(['', '172.30.0.3 fd00:1::3']);
      net.detach('lab', 'db');
      expect([known('db'), known('web')]).toEqual(['', '172.30.0.2 fd00:1::2']);
      // A file that was lost comes back whole.
      rmSync(path);
      net.attach('lab', { name: 'db', namespace: 'db' });
      expect([known('db'), known('web')]).toEqual(['172.30.0.4 fd00:1::4', '172.30.0.2 fd00:1::2']);
    } finally { sh(NO_OWN_ETC); }
  }, PATIENCE * 2);
});

describe.skipIf(why || !kernelHas('vxlan', 'id 1 dstport 4789'))('an overlay', () => {
  test('a container takes of its own host\'s part, and the hardware address that follows; else it is refused', () => {
    sh('ip link add ua type veth peer name ub && ip addr add 198.51.100.1/24 dev ua && ip link set ua up && ip link set ub up');
    create('web');
    net.create({ name: 'over', driver: 'vxlan', vni: 42, subnets: ['10.60.0.0/24'], local: '198.51.100.1', peers: ['198.51.100.2'] });
    const before = plain(snapshot(state)), attach = (more: object) => () => net.attach('over', { name: 'web', namespace: 'web', ...more });
    expect(attach({ ips: ['10.60.0.200'] })).toThrow(/10\.60\.0\.200 is of the host 198\.51\.100\.2 in over: this host's part is 10\.60\.0\.0\/25/);
    expect(attach({ mac: '02:00:00:00:00:01' })).toThrow(/not known to the other hosts/);
    expect(attach({ ips: ['10.60.0.9'], mac: '02:00:00:00:00:01' })).toThrow(/not known to the other hosts/);
    expect(plain(snapshot(state))).toBe(before);
    expect(attach({ ips: ['10.60.0.9'], mac: '02:42:0a:3c:00:09' })().addresses).toEqual(['10.60.0.9/24']);
    expect(sh('ip -n web -j link show eth0')).toMatch(/"mtu":1450.*"02:42:0a:3c:00:09"/);
    net.remove('over', { force: true });
    sh('ip link del ua');
    remove('web');
  }, PATIENCE);
});
