/** Published UDP ports and senders that never rest: what is published leads where it should from the next packet on, and nothing else is touched. */
import { spawnSync } from 'node:child_process';
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest';
import { create, list, remove } from '../../src/namespace/index.ts';
import { networksSync } from '../../src/network/index.ts';
import { Client, NetlinkError } from '../../src/socket/index.ts';
import { hasZones } from '../support/conntrack.ts';
import { cli, inProcess } from '../support/network.ts';
import { receive, send, type Hearing } from '../support/udp.ts';
import { has, isolate, PATIENCE, sh } from './support.ts';

const needed = ['ip', 'nft', 'conntrack'].filter((tool) => !has(tool));
const why = isolate() ?? (needed.length > 0 ? `no ${needed.join(', ')}` : spawnSync('sh', ['-c', 'nft add table inet probe && nft delete table inet probe']).status !== 0 ? 'this kernel has no nf_tables of family inet' : spawnSync('conntrack', ['-C']).status !== 0 ? 'this kernel has no connection tracking over netlink' : undefined);
if (why) console.warn(`skipped: ${why}`);
const state = '/run/state', OUT = '10.200.0.2', HOST = '10.200.0.1', PORT = 5300;
/** Entries, by the mark that they were made with. */
const marks = (): number[] => [...sh('conntrack -L 2>/dev/null || true').matchAll(/mark=([1-9]\d*)/g)].map(([, mark]) => Number(mark)).sort((a, b) => a - b);

describe.skipIf(why)('published ports and connections', () => {
  const warned: string[] = [], net = networksSync({ state, warn: (text) => warned.push(text) }), started: Hearing[] = [];
  const one = async (hearing: Promise<Hearing>): Promise<Hearing> => { const got = await hearing; started.push(got); return got; };
  const nlkit = async (...words: string[]): Promise<void> => { expect(await cli(state, ...words)).toMatchObject({ status: 0, stderr: '' }); };
  const attach = (name: string, ...publish: string[]): Promise<void> => nlkit('net', 'attach', 'lab', name, '--netns', name, ...publish.flatMap((port) => ['-p', port]));
  beforeAll(() => {
    for (const name of ['out', 'a', 'b']) create(name);
    sh(`ip link set lo up; ip link add up0 type veth peer name eth0 netns out; ip addr add ${HOST}/24 dev up0; ip addr add fd00:200::1/64 dev up0 nodad; ip link set up0 up
      ip -n out addr add ${OUT}/24 dev eth0; ip -n out addr add fd00:200::2/64 dev eth0 nodad; ip -n out link set eth0 up; ip -n out route add default via ${HOST}`);
    net.create({ name: 'lab', subnets: ['10.50.0.0/16', 'fd00:50::/64'] });
  });
  afterEach(async () => {
    for (const hearing of started.splice(0)) await hearing.end();
    for (const name of Object.keys(net.list()[0]?.containers ?? {})) net.detach('lab', name);
    sh('conntrack -F');
    expect(warned.splice(0)).toEqual([]);
  });
  afterAll(() => {
    for (const { name } of net.list()) net.remove(name);
    for (const name of list()) remove(name);
    sh('ip link del up0 2>/dev/null || true');
  });

  test.each([['IPv4', HOST], ['IPv6', 'fd00:200::1'], ['the host itself', '']])('%s: a port goes from one container to another, and to one that nobody had', async (_what, to) => {
    const sender = await one(send(to === '' ? '' : 'out', to || HOST, PORT, 7777)), inner = to.includes(':') ? '::' : '0.0.0.0', [a, b] = [await one(receive('a', inner, 53)), await one(receive('b', inner, 53))];
    // It began before the port was published.
    await attach('a', `${PORT}:53/udp`);
    await a.hears();
    await sender.hears();
    await nlkit('net', 'detach', 'lab', 'a');
    // An answer that was under way may have begun a connection of its own.
    expect(sh('conntrack -L -p udp 2>/dev/null')).not.toMatch(/ dport=5300 .* src=(10\.50|fd00:50)/);
    await attach('b', `${PORT}:53/udp`);
    await b.hears();
    expect(await a.rests()).toBe(true);
    // Both are there.
    await attach('a');
    net.publish('lab', 'b', []);
    net.publish('lab', 'a', [`${to.includes(':') ? `[${to}]` : HOST}:${PORT}:53/udp`]);
    await a.hears();
    expect(await b.rests()).toBe(true);
  }, PATIENCE * 3);

  test('a port of one address goes before the same of all: who goes there stays there', async () => {
    const sender = await one(send('out', HOST, PORT, 7777)), a = await one(receive('a', '0.0.0.0', 53));
    await attach('a', `${HOST}:${PORT}:53/udp`, `${PORT}:54/udp`);
    await a.hears();
    const before = sh(`conntrack -L -p udp --dport ${PORT} -o id 2>/dev/null`).match(/id=\d+/)?.[0];
    net.publish('lab', 'a', [`${HOST}:${PORT}:53/udp`]);
    net.publish('lab', 'a', [`${HOST}:${PORT}:53/udp`, `${PORT}:54/udp`]);
    expect(sh(`conntrack -L -p udp --dport ${PORT} -o id 2>/dev/null`)).toContain(before);
    await sender.hears();
  }, PATIENCE);

  test('nothing else is forgotten', async () => {
    const lines = [
      // Stale: to the host's port, whatever the address, and led elsewhere or nowhere.
      [1, `-p udp -s ${OUT} -d ${HOST} --sport 1 --dport ${PORT}`], [2, `-p udp -s ${OUT} -d ${HOST} --sport 2 --dport ${PORT} --dst-nat 10.50.0.99:53`], [3, `-p udp -s 127.0.0.1 -d 127.0.0.1 --sport 3 --dport ${PORT}`], [4, `-p udp -s ${OUT} -d ${HOST} --sport 4 --dport ${PORT} -w 7`],
      // Another port, another protocol, another machine's port, the other direction, a container's own port.
      [11, `-p udp -s ${OUT} -d ${HOST} --sport 1 --dport 5301`], [12, `-p tcp -s ${OUT} -d ${HOST} --sport 1 --dport ${PORT} --state ESTABLISHED`], [13, `-p udp -s 10.50.0.2 -d ${OUT} --sport 1 --dport ${PORT}`],
      [14, `-p udp -s ${HOST} -d ${OUT} --sport ${PORT} --dport 9`], [15, `-p udp -s ${OUT} -d 10.50.0.2 --sport 1 --dport ${PORT}`],
    ] as const;
    const zones = hasZones();
    if (!zones) console.warn('no zones: none are tried');
    for (const [mark, line] of lines) if (zones || !line.includes(' -w ')) sh(`conntrack -I ${line} -m ${mark} -t 100`);
    await attach('a', `${PORT}:${PORT}/udp`);
    expect(marks()).toEqual([11, 12, 13, 14, 15]);
    const { addresses } = net.inspect('lab').containers['a'] as { addresses: readonly string[] }, own = addresses.map((text) => text.split('/')[0] as string).find((text) => text.includes('.')) as string;
    sh(`conntrack -I -p udp -s ${OUT} -d ${HOST} --sport 5 --dport ${PORT} --dst-nat ${own}:${PORT} -m 21 -t 100; conntrack -I -p udp -s ${OUT} -d ${own} --sport 6 --dport ${PORT} -m 22 -t 100; conntrack -I -p udp -s ${OUT} -d ${HOST} --sport 7 --dport 5302 --dst-nat ${own}:${PORT} -m 23 -t 100`);
    await nlkit('net', 'detach', 'lab', 'a');
    expect(marks()).toEqual([11, 12, 13, 14, 15, 22, 23]);
  });

  test('a network that goes with its containers, and a detachment that was killed, leave none', async () => {
    const address = (): string => net.inspect('lab').containers['a']?.addresses[0]?.split('/')[0] ?? '';
    const made = (to: string): void => void sh(`conntrack -F; conntrack -I -p udp -s ${OUT} -d ${HOST} --sport 5 --dport ${PORT} --dst-nat ${to}:53 -m 31 -t 100`);
    let kills = 0;
    for (;; kills++) {
      await attach('a', `${PORT}:53/udp`);
      const to = address();
      made(to);
      if (!inProcess(state, 'detach', ['lab', 'a'], kills + 1).killed) break;
      // As if it had been killed before it came to them.
      made(to);
      net.gc();
      expect(net.inspect('lab').containers).toEqual({});
      expect(marks(), `killed after ${kills + 1} events`).toEqual([]);
    }
    expect(kills).toBeGreaterThan(3);
    await attach('a', `${PORT}:53/udp`);
    made(address());
    net.remove('lab', { force: true });
    expect(marks()).toEqual([]);
    net.create({ name: 'lab', subnets: ['10.50.0.0/16', 'fd00:50::/64'] });
  }, PATIENCE * 6);

  test('somebody flushes the ruleset: with the rules, senders come back', async () => {
    await one(send('out', HOST, PORT, 7777));
    const a = await one(receive('a', '0.0.0.0', 53));
    await attach('a', `${PORT}:53/udp`);
    await a.hears();
    sh('nft flush ruleset; conntrack -F');
    expect(await a.rests()).toBe(true);
    net.apply(net.export().networks);
    await a.hears();
  }, PATIENCE);

  test('where connections cannot be asked for, the port is published all the same, and it is said', () => {
    const dump = Client.prototype.dumpSync, spy = vi.spyOn(Client.prototype, 'dumpSync').mockImplementation(function (this: Client, request, options) {
      if (request.message.name.startsWith('IPCTNL_')) throw new NetlinkError({ code: 'EOPNOTSUPP', message: 'IPCTNL_MSG_CT_GET: EOPNOTSUPP' });
      return dump.call(this, request, options);
    });
    try { net.attach('lab', { name: 'a', namespace: 'a', publish: [`${PORT}:53/udp`, '80:80'] }); } finally { spy.mockRestore(); }
    expect(warned.splice(0)).toEqual([expect.stringMatching(/^udp port 5300: who sends already .* IPCTNL_MSG_CT_GET: EOPNOTSUPP/)]);
    expect(sh('nft list map inet nlkit ports_ip')).toContain('udp . 5300');
  });
});
