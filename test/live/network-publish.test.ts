/** Published ports: one more sends as much where many are as where few are, and whoever changed the table, it becomes what is declared. */
import { spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest';
import { create, list, remove } from '../../src/namespace/index.ts';
import { networksSync } from '../../src/network/index.ts';
import { Client } from '../../src/socket/index.ts';
import { dials, plain, serve, snapshot } from '../support/network.ts';
import { has, isolate, PATIENCE, sh } from './support.ts';

const why = isolate() ?? (!has('ip') || !has('nft') || spawnSync('nft', ['list', 'ruleset']).status !== 0 ? 'no iproute2 and nft to look with' : undefined);
if (why) console.warn(`skipped: ${why}`);
const state = '/run/state', FEW = 3, MANY = process.env['NLKIT_SLOW'] ? 12 : 40, name = (n: number): string => `c${String(n).padStart(3, '0')}`;
const table = (): string => sh('nft list table inet nlkit');

describe.skipIf(why)('published ports', () => {
  const net = networksSync({ state });
  let nothing = '';
  const attach = (n: number, publish = [`${10000 + n}:80`, `127.0.0.1:${20000 + n}:81/udp`]): unknown => net.attach('lab', { name: name(n), namespace: name(n), publish });
  /** What is there is what would be made from nothing. */
  function isWhole(): void {
    const now = table();
    sh('nft delete table inet nlkit');
    net.apply(net.export().networks);
    expect(table()).toBe(now);
  }
  beforeAll(() => {
    sh('ip link set lo up');
    for (let n = 0; n < FEW; n++) create(name(n));
    net.gc();
    nothing = plain(snapshot(state));
  });
  afterEach(() => {
    for (const one of net.list()) net.remove(one.name, { force: true });
    expect(plain(snapshot(state))).toBe(nothing);
  });
  afterAll(() => { for (const one of list()) remove(one); });

  test(`as many bytes and datagrams for one more beside ${MANY} as beside one`, () => {
    const sent: number[] = [], open = Client.open.bind(Client);
    const spy = vi.spyOn(Client, 'open').mockImplementation((options) => {
      const client = open(options), send = client.transport.send.bind(client.transport);
      client.transport.send = (bytes) => { sent.push(bytes.length); send(bytes); };
      return client;
    });
    // A session of its own: its sockets are opened under watch, or there already.
    const counted = (run: () => void): number[] => { sent.length = 0; run(); expect(sent.length).toBeGreaterThan(2); return [...sent]; };
    for (let n = FEW; n <= MANY; n++) create(name(n));
    try {
      net.create({ name: 'lab', subnets: ['10.50.0.0/16', 'fd00:1::/64'] });
      attach(0);
      const come = counted(() => attach(1)), go = counted(() => net.detach('lab', name(1)));
      for (let n = 1; n < MANY; n++) attach(n);
      expect(counted(() => attach(MANY))).toEqual(come);
      expect(counted(() => net.detach('lab', name(MANY)))).toEqual(go);
      // It is what somebody else changed that makes it more.
      sh('nft add table inet other');
      expect(counted(() => attach(MANY)).reduce((a, b) => a + b)).toBeGreaterThan(come.reduce((a, b) => a + b) + MANY * 50);
      sh('nft delete table inet other');
    } finally { spy.mockRestore(); }
    expect(sh('nft list map inet nlkit ports_ip').match(/comment/g)).toHaveLength(MANY + 1);
    isWhole();
    net.remove('lab', { force: true });
    for (let n = FEW; n <= MANY; n++) remove(name(n));
  }, PATIENCE * 12);

  test.each<[string, string]>([
    ['the whole ruleset', 'nft flush ruleset'], ['our table', 'nft delete table inet nlkit'], ['an element', 'nft delete element inet nlkit ports_ip { tcp . 10000 }'], ['all elements', 'nft flush map inet nlkit ports_ip'],
    ['a chain\'s rules', 'nft flush chain inet nlkit publish'], ['an element that is ours to make', 'nft add element inet nlkit ports_ip { tcp . 10002 : 203.0.113.9 . 9 }'], ['an element that is ours to take', 'nft delete element inet nlkit ports_ip { tcp . 10001 }'],
    ['a rule of theirs', 'nft insert rule inet nlkit forward drop'],
  ])('somebody changes %s: the next one who comes or goes puts it in order', async (_what, line) => {
    net.create({ name: 'lab', subnets: ['10.50.0.0/16'] });
    for (const n of [0, 1]) attach(n);
    sh(line);
    attach(2);
    isWhole();
    sh(line.replace('10002', '10003'));
    net.detach('lab', name(1));
    expect(table()).not.toMatch(/10001|203\.0\.113/);
    isWhole();
    const end = serve(name(0), 80, 'zero');
    expect(await dials('', '10.50.0.1', 10000)).toMatch(/^zero/);
    await end();
  }, PATIENCE * 4);

  test('what is known of the firewall is known of this machine\'s start, and lost without harm', () => {
    net.create({ name: 'lab', subnets: ['10.50.0.0/16'] });
    attach(0);
    const note = readFileSync(`${state}/lock`, 'utf8');
    expect(note).toMatch(/^nf_tables [-0-9a-f]{36} \d+:\d+ \d+\n$/);
    sh('nft delete element inet nlkit ports_ip { tcp . 10000 }');
    // As if the same number came about after another start.
    writeFileSync(`${state}/lock`, note.replace(/ [0-9a-f]{8}-/, ' 00000000-').replace(/(\d+)\n/, (_all, genid) => `${Number(genid) + 1}\n`));
    attach(1);
    isWhole();
    writeFileSync(`${state}/lock`, note.slice(0, 20));
    net.detach('lab', name(1));
    isWhole();
  }, PATIENCE * 2);

  test('a port that is taken is refused, whatever the address; ports that do not meet are not', () => {
    net.create({ name: 'lab', subnets: ['10.50.0.0/16'] });
    net.create({ name: 'two', subnets: ['10.51.0.0/16', 'fd00:2::/64'] });
    attach(0, ['80:80', '127.0.0.1:90:90', '0.0.0.0:70:70/udp']);
    const other = (publish: string): unknown => net.attach('two', { name: name(1), namespace: name(1), publish: [publish] });
    for (const one of ['80:1', '10.50.0.1:80:1', '[::1]:80:1', '90:1', '0.0.0.0:90:1', '127.0.0.1:90:1', '70:1/udp', '127.0.0.1:70:1/udp']) expect(() => other(one), one).toThrow(/is published already: .* of c000 in lab/);
    for (const one of ['80:1/udp', '127.0.0.2:90:1', '[::]:90:1', '[::1]:90:1', '70:1', '[::]:70:1/udp']) { other(one); net.detach('two', name(1)); }
    isWhole();
  }, PATIENCE * 4);

  test('apply gives a port of one container to another, in either order', () => {
    const lab = (...ports: string[][]) => [{ name: 'lab', subnets: ['10.50.0.0/16'], containers: ports.map((publish, n) => ({ name: name(n), namespace: name(n), publish })) }];
    net.apply(lab(['80:80'], []));
    for (const ports of [[[], ['80:80']], [['80:80'], []], [['81:80', '80:80'], ['82:80']]]) {
      net.apply(lab(...ports));
      expect(net.apply(lab(...ports))).toEqual({ changed: [] });
      isWhole();
    }
  }, PATIENCE * 2);
});
