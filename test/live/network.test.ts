/** Networks of containers on a live kernel: what the system's ping and HTTP clients reach, what iproute2 and nft see, and that nothing is left. */
import { spawn, spawnSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { create, list, remove } from '../../src/namespace/index.ts';
import { linesOf, networks, networksSync, NetworkError } from '../../src/network/index.ts';
import { dials, kernelHas, pings, plain, serve, snapshot, settled } from '../support/network.ts';
import { descriptors, has, isolate, sh } from './support.ts';

const why = isolate() ?? (has('ip') && has('ping') ? undefined : 'no iproute2 and ping to look with');
if (why) console.warn(`skipped: ${why}`);
const nft = !why && has('nft') && spawnSync('nft', ['list', 'ruleset']).status === 0;
if (!why && !nft) console.warn('no nft: rules are not compared');
const state = '/run/state', net = networksSync({ state });
const refused = (code: string, words: RegExp) => (error: unknown): void => { expect(error).toBeInstanceOf(NetworkError); expect(error).toMatchObject({ code, message: expect.stringMatching(words) as string }); };
const refusal = (run: () => unknown): unknown => { try { run(); } catch (error) { return error; } return undefined; };

describe.skipIf(why)('networks', () => {
  let nothing = '', before = 0;
  beforeAll(async () => {
    for (const name of ['web', 'db', 'out']) create(name);
    sh('ip link set lo up && ip link add up0 type veth peer name eth0 netns out && ip addr add 192.0.2.1/24 dev up0 && ip link set up0 up && ip -n out addr add 192.0.2.2/24 dev eth0 && ip -n out link set eth0 up');
    // What is opened once and kept, is open from here on.
    await networks({ state }).gc();
    before = descriptors();
    nothing = plain(snapshot(state));
  });
  afterEach(() => {
    for (const { name } of net.list()) net.remove(name, { force: true });
    expect(plain(snapshot(state))).toBe(nothing);
  });
  afterAll(() => { for (const name of list()) remove(name); expect(descriptors()).toBe(before); });

  test('a bridge: two containers reach each other and the world, in both families; nothing is left', async () => {
    const made = net.create({ name: 'lab', subnets: ['172.30.0.0/24', 'fd00:1::/64'], mtu: 1400 });
    expect(made.subnets[0]).toEqual({ subnet: '172.30.0.0/24', gateway: '172.30.0.1' });
    net.attach('lab', { name: 'web', namespace: 'web', mac: '02:00:00:00:00:07' });
    await networks({ state }).attach('lab', { name: 'db', namespace: '/run/netns/db', ips: ['172.30.0.77'], ifname: 'net7' });
    expect(JSON.parse(sh('ip -n web -j link show eth0'))).toMatchObject([{ address: '02:00:00:00:00:07', mtu: 1400, ifalias: 'nlkit:lab:web' }]);
    expect(JSON.parse(sh('ip -j link show nl-lab'))).toMatchObject([{ ifalias: 'nlkit:lab', mtu: 1400 }]);
    for (const to of ['172.30.0.77', '172.30.0.1', '192.0.2.2', 'fd00:1::3', 'fd00:1::1']) expect(pings('web', to), to).toBe(true);
    expect(pings('db', '172.30.0.2')).toBe(true);
    expect(pings('out', '172.30.0.2'), 'from outside, unasked').toBe(false);
    expect(net.inspect('lab')).toMatchObject({ state: 'up', containers: { web: { alive: true }, db: { ifname: 'net7', addresses: ['172.30.0.77/24', 'fd00:1::3/64'] } } });
  });

  test('networks are apart; so are containers without icc; an internal network has no way out', () => {
    net.create({ name: 'one', icc: false });
    net.create({ name: 'two', internal: true });
    const web = net.attach('one', { name: 'web', namespace: 'web' }), db = net.attach('one', { name: 'db', namespace: 'db' });
    expect(pings('web', '192.0.2.2')).toBe(true);
    expect(pings('web', db.addresses[0]!.split('/')[0]!)).toBe(false);
    net.detach('one', 'db');
    const there = net.attach('two', { name: 'db', namespace: 'db' }).addresses[0]!.split('/')[0]!;
    expect(pings('web', there)).toBe(false);
    expect(pings('db', '192.0.2.2')).toBe(false);
    sh(`ip -n db route add default via ${there.replace(/\d+$/, '1')}`);
    expect(pings('db', '192.0.2.2')).toBe(false);
    expect(pings('db', web.addresses[0]!.split('/')[0]!)).toBe(false);
    sh('ip -n db route del default');
  });

  test.skipIf(!nft)('published ports: from outside, from the host, from another network, from the container itself; nft reads our rules', async () => {
    net.create({ name: 'lab', subnets: ['172.30.0.0/24'] });
    net.create({ name: 'two', subnets: ['172.30.1.0/24'] });
    net.attach('lab', { name: 'web', namespace: 'web', publish: ['8080:80', '192.0.2.1:5353:53/udp'] });
    net.attach('two', { name: 'db', namespace: 'db' });
    const server = spawn('ip', ['netns', 'exec', 'web', process.execPath, '-e', 'require("http").createServer((_, r) => r.end("it is web")).listen(80, "0.0.0.0", () => console.log("up"))'], { stdio: ['ignore', 'pipe', 'inherit'] });
    await new Promise((ready) => server.stdout.once('data', ready));
    const get = (from: string, url: string): string => spawnSync('sh', ['-c', `${from} ${process.execPath} -e 'fetch("${url}", { signal: AbortSignal.timeout(8000) }).then((r) => r.text()).then(console.log, () => console.log("no"))'`], { encoding: 'utf8' }).stdout.trim();
    try {
      for (const from of ['ip netns exec out', '', 'ip netns exec db', 'ip netns exec web']) expect(get(from, 'http://192.0.2.1:8080/'), from).toBe('it is web');
      expect(pings('db', '172.30.0.2'), 'what is not published').toBe(false);
    } finally {
      const ended = new Promise((done) => server.once('close', done));
      server.kill('SIGKILL');
      await ended;
    }
    expect(sh('nft list map inet nlkit addresses_ip')).toContain('192.0.2.1 . udp . 5353 comment "nlkit:lab:web" : 172.30.0.2 . 53');
    expect(sh('nft list map inet nlkit ports_ip')).toContain('tcp . 8080 comment "nlkit:lab:web" : 172.30.0.2 . 80');
    // The text that `plan` prints is what the messages made: nft, given that text, makes the same, of some elements and of all.
    const lab = { name: 'lab', subnets: ['172.30.0.0/24'], containers: [{ name: 'web', namespace: 'web', publish: ['8080:80', '192.0.2.1:5353:53/udp', '9000:90'] }] }, three = { name: 'three', subnets: ['172.30.2.0/24'] };
    const steps = net.plan([lab, three]).flatMap((one) => one.steps);
    for (const [op, declared] of [['ports', lab], ['firewall', three]] as const) {
      const lines = linesOf(steps.find(({ do: step }) => step.op === op)!.do).join('\n');
      sh(op === 'ports' ? lines : `nft -f - <<'END'\n${lines}\nEND`);
      const theirs = sh('nft list table inet nlkit');
      net.apply([declared]);
      expect(sh('nft list table inet nlkit')).toBe(theirs);
    }
    refused('CONFLICT', /8080:81\/tcp is published already/)(refusal(() => net.attach('two', { name: 'x', namespace: 'out', publish: ['8080:81'] })));
  });

  test('apply mends what was broken, and changes what can change', () => {
    const lab = { name: 'lab', subnets: ['172.30.0.0/24'], containers: [{ name: 'web', namespace: 'web' }, { name: 'db', namespace: 'db' }] };
    expect(net.apply([lab])).toEqual({ changed: ['lab', 'lab web', 'lab db'] });
    expect(net.apply([lab])).toEqual({ changed: [] });
    expect(net.plan([lab])).toEqual([]);
    expect(net.apply(net.export().networks)).toEqual({ changed: [] });
    sh('ip link del nl-lab');
    expect(net.inspect('lab').state).toBe('missing');
    expect(net.apply([lab])).toEqual({ changed: ['lab'] });
    expect(pings('web', '172.30.0.3')).toBe(true);
    if (nft) { sh('nft delete table inet nlkit'); expect(net.apply([lab])).toEqual({ changed: ['lab'] }); expect(pings('web', '192.0.2.2')).toBe(true); }
    net.apply([{ ...lab, icc: false }]);
    expect(pings('web', '172.30.0.3')).toBe(false);
    refused('CONFLICT', /the subnets of lab cannot change/)(refusal(() => net.apply([{ ...lab, subnets: ['172.31.0.0/24'] }])));
    expect(net.apply([{ name: 'lab', containers: [{ name: 'web', namespace: 'web' }] }], { prune: true })).toEqual({ changed: ['lab db'] });
  });

  test('macvlan passthru takes the parent alone', async () => {
    net.create({ name: 'lan', driver: 'macvlan', parent: 'up0', mode: 'passthru', subnets: [{ subnet: '192.0.2.0/24', gateway: '192.0.2.2', range: '192.0.2.128/25' }] });
    net.attach('lan', { name: 'web', namespace: 'web' });
    expect(pings('web', '192.0.2.2')).toBe(true);
    const was = await settled(state);
    expect(refusal(() => net.attach('lan', { name: 'db', namespace: 'db' }))).toMatchObject({ code: 'EINVAL' });
    expect(snapshot(state)).toBe(was);
    refused('INVALID', /share the parent's hardware address/)(refusal(() => net.attach('lan', { name: 'db', namespace: 'db', mac: '02:00:00:00:00:01' })));
  });

  test('what cannot be is said, with a hint, and leaves nothing', () => {
    net.create({ name: 'lab', subnets: ['172.30.0.0/29'] });
    refused('EXISTS', /already/)(refusal(() => net.create({ name: 'lab' })));
    refused('CONFLICT', /overlaps 172.30.0.0\/29, in use by network lab/)(refusal(() => net.create({ name: 'x', subnets: ['172.30.0.0/16'] })));
    refused('CONFLICT', /in use by the (address|route)/)(refusal(() => net.create({ name: 'x', subnets: ['192.0.2.128/25'] })));
    sh('ip link add br9 type bridge && ip link add p0 type veth peer name p1 && ip link set p0 master br9 up && ip link set p1 up');
    refused('CONFLICT', /p0 is a port of br9/)(refusal(() => net.create({ name: 'x', driver: 'macvlan', parent: 'p0', subnets: ['10.9.0.0/24'] })));
    refused('NOT_FOUND', /no link "nope"/)(refusal(() => net.create({ name: 'x', driver: 'macvlan', parent: 'nope', subnets: ['10.9.0.0/24'] })));
    sh('ip link add nl-x type dummy 2>/dev/null || ip link add nl-x type bridge');
    refused('CONFLICT', /"nl-x" is there/)(refusal(() => net.create({ name: 'x', subnets: ['10.9.0.0/24'] })));
    sh('ip link del br9; ip link del p0; ip link del nl-x');
    refused('NOT_FOUND', /no network namespace/)(refusal(() => net.attach('lab', { name: 'a', namespace: 'nowhere' })));
    refused('INVALID', /host's own/)(refusal(() => net.attach('lab', { name: 'a', namespace: process.pid })));
    refused('NOT_FOUND', /no network "none"/)(refusal(() => net.remove('none')));
    for (let n = 0; n < 5; n++) { create(`full${n}`); net.attach('lab', { name: `full${n}`, namespace: `full${n}` }); }
    refused('EXHAUSTED', /no address is left/)(refusal(() => net.attach('lab', { name: 'web', namespace: 'web' })));
    refused('IN_USE', /are attached/)(refusal(() => net.remove('lab')));
    for (let n = 0; n < 5; n++) remove(`full${n}`);
    // Namespaces and what is in them end a little later.
    for (let n = 0; n < 50 && Object.keys(net.inspect('lab').containers).length > 0; n++) { net.gc(); sh('sleep 0.1'); }
    expect(net.inspect('lab').containers).toEqual({});
  });

  test('files that are damaged or another\'s are left as they are', () => {
    mkdirSync(`${state}/networks`, { recursive: true });
    for (const [text, what] of [['{"half', /is damaged/], ['{}', /is not a network of nlkit's/], ['{"nlkit":"network","version":9}', /version 9/]] as const) {
      writeFileSync(`${state}/networks/odd.json`, text);
      refused('STATE', what)(refusal(() => net.create({ name: 'lab' })));
      expect(sh(`cat ${state}/networks/odd.json`)).toBe(text);
    }
    sh(`rm ${state}/networks/odd.json`);
    writeFileSync(`${state}/journal/000`, 'not a journal\n');
    refused('STATE', /is damaged/)(refusal(() => net.create({ name: 'lab' })));
    sh(`rm ${state}/journal/000`);
  });

  // An emulated machine takes seconds for each.
  const many = process.env['NLKIT_SLOW'] ? 40 : 200;
  test(`${many} containers, and none`, () => {
    net.create({ name: 'big', subnets: ['10.50.0.0/16'] });
    for (let n = 0; n < many; n++) { create(`c${n}`); net.attach('big', { name: `c${n}`, namespace: `c${n}` }); }
    expect(new Set(Object.values(net.inspect('big').containers).map(({ addresses }) => addresses[0])).size).toBe(many);
    expect(sh('bridge link show | grep -c nl-big')).toBe(String(many));
    expect(pings('c0', `10.50.0.${many + 1}`)).toBe(true);
    net.remove('big', { force: true });
    for (let n = 0; n < many; n++) remove(`c${n}`);
  }, 600_000);
});

describe.skipIf(why || !kernelHas('vxlan', 'id 1 dstport 4789'))('an overlay of two hosts', () => {
  test('containers of both reach each other; nothing is flooded; rm leaves nothing', async () => {
    for (const name of ['hostA', 'hostB', 'ca', 'cb']) create(name);
    sh('ip link add ua netns hostA type veth peer name ub netns hostB');
    for (const [host, link, address] of [['hostA', 'ua', '198.51.100.1'], ['hostB', 'ub', '198.51.100.2']]) sh(`ip -n ${host} link set lo up; ip -n ${host} addr add ${address}/24 dev ${link}; ip -n ${host} link set ${link} up`);
    const a = networksSync({ state: '/run/a', namespace: 'hostA' }), b = networksSync({ state: '/run/b', namespace: 'hostB' }), over = { name: 'over', driver: 'vxlan', vni: 42, subnets: ['10.60.0.0/24'] } as const;
    a.gc(); b.gc();
    // Namespaces of tests before this one may still be going.
    const before = plain(await settled('/run/a'));
    a.create({ ...over, local: '198.51.100.1', peers: ['198.51.100.2'] });
    b.create({ ...over, local: '198.51.100.2', peers: ['198.51.100.1'] });
    const there = a.attach('over', { name: 'ca', namespace: 'ca' }), here = b.attach('over', { name: 'cb', namespace: 'cb' });
    expect([there.addresses, here.addresses]).toEqual([['10.60.0.2/24'], ['10.60.0.128/24']]);
    expect(pings('ca', '10.60.0.128')).toBe(true);
    expect(pings('cb', '10.60.0.2')).toBe(true);
    const long = 'over '.repeat(20_000), end = serve('cb', 80, long);
    expect(await dials('ca', '10.60.0.128', 80), 'a stream').toBe(`${long} 10.60.0.2`);
    await end();
    expect(sh('ip -n ca -j link show eth0')).toContain('"mtu":1450');
    const fdb = sh('bridge -n hostA fdb show dev vx-over');
    expect(fdb).toContain('02:42:0a:3c:00:80 dst 198.51.100.2 self permanent');
    expect(fdb).not.toMatch(/00:00:00:00:00:00 dst/);
    const sent = Number(JSON.parse(sh('ip -n hostA -j -s link show ua'))[0].stats64.tx.packets as number);
    expect(pings('ca', '10.60.0.99'), 'an address that nobody has').toBe(false);
    expect(Number(JSON.parse(sh('ip -n hostA -j -s link show ua'))[0].stats64.tx.packets) - sent, 'packets for it').toBeLessThan(2);
    a.remove('over', { force: true });
    b.remove('over', { force: true });
    expect(plain(snapshot('/run/a'))).toBe(before);
    for (const name of list()) remove(name);
  });
});
