/** What goes through networks of containers, and what does not: TCP, sizes, pings by driver and mode, chains of others; and what `rm` leaves. */
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { create, list, remove } from '../../src/namespace/index.ts';
import { networksSync, type NetworkInput } from '../../src/network/index.ts';
import { changes, dials, kernelHas, pings, reaches, serve, snapshot } from '../support/network.ts';
import { has, isolate, sh } from './support.ts';

const why = isolate() ?? (has('ip') && has('ping') && has('bash') ? undefined : 'no iproute2, ping and bash to look with');
if (why) console.warn(`skipped: ${why}`);
const ipvlan = !why && kernelHas('ipvlan', 'mode l2'), nft = !why && has('nft'), iptables = !why && has('iptables-nft') && sh('iptables-nft -S >/dev/null 2>&1 && echo yes || true') === 'yes';
if (!why && !ipvlan) console.warn('skipped: this kernel has no ipvlan: npm run test:vm -- network-traffic');
if (!why && !(nft && iptables)) console.warn(`skipped: no ${[...(nft ? [] : ['nft']), ...(iptables ? [] : ['iptables-nft'])].join(', ')} to make chains of others with`);
const state = '/run/state', net = networksSync({ state });
const HOST = ['192.0.2.1', '2001:db8:1::1'] as const, OUT = ['192.0.2.2', '2001:db8:1::2'] as const;
const bare = (address: string | undefined): string => (address as string).split('/')[0] as string;

describe.skipIf(why)('traffic', () => {
  let nothing = '', servers: (() => Promise<void>)[] = [];
  beforeAll(() => {
    for (const name of ['web', 'db', 'other', 'inner', 'out']) create(name);
    sh('ip link set lo up && ip link add up0 type veth peer name eth0 netns out && ip link set up0 up && ip -n out link set eth0 up');
    for (const n of [0, 1] as const) sh(`ip addr add ${HOST[n]}/${n ? 64 : 24} dev up0 ${n ? 'nodad' : ''} && ip -n out addr add ${OUT[n]}/${n ? 64 : 24} dev eth0 ${n ? 'nodad' : ''}`);
    // Who knows the way is still not let in.
    sh(`ip -n out route add 172.30.0.0/24 via ${HOST[0]} && ip -n out route add fd00:1::/64 via ${HOST[1]}`);
    net.gc();
    // A port may come up late.
    expect(pings('out', HOST[0])).toBe(true);
    nothing = snapshot(state);
  });
  afterEach(async () => {
    for (const end of servers) await end();
    servers = [];
    for (const { name } of net.list()) net.remove(name, { force: true });
    expect(changes(nothing, snapshot(state))).toEqual([]);
  });
  afterAll(() => { for (const name of list()) remove(name); });

  test('TCP in both families: within a network, out, in by published ports from everywhere; not between networks, not unasked, not out of an internal one', async () => {
    const lab = net.create({ name: 'lab', subnets: ['172.30.0.0/24', 'fd00:1::/64'] });
    net.create({ name: 'two', subnets: ['172.30.1.0/24', 'fd00:2::/64'] });
    net.create({ name: 'shut', subnets: ['172.30.2.0/24', 'fd00:3::/64'], internal: true });
    const web = net.attach('lab', { name: 'web', namespace: 'web', publish: ['8080:80'] }).addresses.map(bare), db = net.attach('lab', { name: 'db', namespace: 'db' }).addresses.map(bare);
    net.attach('two', { name: 'other', namespace: 'other' });
    net.attach('shut', { name: 'inner', namespace: 'inner' });
    sh(`ip -n inner route add default via 172.30.2.1 && ip -n inner route add default via fd00:3::1`);
    servers = [serve('web', 80, 'web'), serve('out', 81, 'out')];
    for (const [from, to] of [['web', '172.30.0.1'], ['db', '172.30.0.2'], ['other', '172.30.1.1'], ['inner', '172.30.2.1']] as const) expect(pings(from, to), 'the ports are up').toBe(true);
    for (const n of [0, 1] as const) {
      const gateway = lab.subnets[n]?.gateway as string, calls: Record<string, [from: string, to: string, port: number, said: string | undefined]> = {
        'within the network': ['db', web[n] as string, 80, `web ${db[n]}`],
        'from the host': ['', web[n] as string, 80, `web ${gateway}`],
        'out, as the host': ['web', OUT[n], 81, `out ${HOST[n]}`],
        'published, from outside': ['out', HOST[n], 8080, `web ${OUT[n]}`],
        'published, from the host': ['', HOST[n], 8080, `web ${HOST[n]}`],
        'published, from another network': ['other', HOST[n], 8080, `web ${gateway}`],
        'published, from a neighbour': ['db', HOST[n], 8080, `web ${gateway}`],
        'published, from the container itself': ['web', HOST[n], 8080, `web ${gateway}`],
        'from another network': ['other', web[n] as string, 80, undefined],
        'from outside, unasked': ['out', web[n] as string, 80, undefined],
        'out of an internal network': ['inner', OUT[n], 81, undefined],
        'from an internal network to a published port': ['inner', HOST[n], 8080, undefined],
      };
      const heard = await Promise.all(Object.entries(calls).map(async ([what, [from, to, port]]) => [what, await dials(from, to, port)] as const));
      expect(Object.fromEntries(heard)).toEqual(Object.fromEntries(Object.entries(calls).map(([what, [, , , said]]) => [what, said])));
    }
  });

  test('the MTU: what fits passes whole, and nothing larger; a stream from a wider link finds it out', async () => {
    net.create({ name: 'lab', subnets: ['172.30.0.0/24', 'fd00:1::/64'], mtu: 1400 });
    net.attach('lab', { name: 'web', namespace: 'web' });
    net.attach('lab', { name: 'db', namespace: 'db' });
    // Headers: IPv4 20, IPv6 40; ICMP 8.
    for (const [to, headers] of [['172.30.0.3', 28], ['fd00:1::3', 48]] as const) {
      const fits = (size: number): string => sh(`ip netns exec web ping -c 1 -W 5 -M do -s ${size - headers} ${to} 2>&1 || true`);
      expect(pings('web', to)).toBe(true);
      expect(fits(1400)).toContain('1 received');
      expect(fits(1401)).toMatch(/message too long, mtu[=:] ?1400|[Mm]essage too long/);
    }
    const long = 'long '.repeat(60_000);
    servers = [serve('out', 81, long), serve('web', 80, long)];
    expect(await dials('web', OUT[0], 81)).toBe(`${long} ${HOST[0]}`);
    expect(await dials('', '172.30.0.2', 80)).toBe(`${long} 172.30.0.1`);
  });

  /** Whom a mode lets through: a neighbour; the world and back; the host that the parent is in, and back. */
  const MODES: readonly [driver: 'macvlan' | 'ipvlan', mode: string, routed: boolean, neighbour: boolean, out: boolean, host: boolean][] = [
    ['macvlan', 'bridge', false, true, true, false],
    ['macvlan', 'private', false, false, true, false],
    ['macvlan', 'vepa', false, false, true, false],
    ['macvlan', 'passthru', false, false, true, false],
    ['ipvlan', 'l2', false, true, true, false],
    // Nobody answers for the containers where they are asked for: the world needs a route by the host.
    ['ipvlan', 'l3', false, true, false, false],
    ['ipvlan', 'l3', true, true, true, false],
    ['ipvlan', 'l3s', false, true, false, false],
    ['ipvlan', 'l3s', true, true, true, false],
  ];
  const on = (driver: NetworkInput['driver'] & {}, mode: string): NetworkInput => ({ name: 'lan', driver, parent: 'up0', mode, subnets: [{ subnet: '192.0.2.0/24', gateway: OUT[0], range: '192.0.2.128/25' }] });
  for (const driver of ['macvlan', 'ipvlan'] as const) test.skipIf(driver === 'ipvlan' && !ipvlan).each(MODES.filter(([of]) => of === driver))('%s %s (route to it: %s): a neighbour %s, the world %s, the host %s', async (_driver, mode, routed, neighbour, out, host) => {
    net.create(on(driver, mode));
    const web = bare(net.attach('lan', { name: 'web', namespace: 'web' }).addresses[0]);
    const db = mode === 'passthru' ? '192.0.2.129' : bare(net.attach('lan', { name: 'db', namespace: 'db' }).addresses[0]);
    expect([web, db]).toEqual(['192.0.2.128', '192.0.2.129']);
    // What the mode before had answered is forgotten: all ipvlans have their parent's MAC.
    sh('ip -n out neigh flush all');
    if (routed) sh(`ip -n out route add 192.0.2.128/25 via ${HOST[0]}`);
    const asked = { 'web db': db, 'db web': web, 'web out': OUT[0], 'out web': web, 'web host': HOST[0], ' host web': web };
    const got = await Promise.all(Object.entries(asked).map(async ([who, to]) => [who, await reaches(who.split(' ')[0] as string, to)] as const));
    expect(Object.fromEntries(got)).toEqual({ 'web db': neighbour, 'db web': neighbour, 'web out': out, 'out web': out, 'web host': host, ' host web': host });
    if (out) { servers = [serve('out', 81, 'out')]; expect(await dials('web', OUT[0], 81)).toBe(`out ${web}`); }
    if (routed) sh('ip -n out route del 192.0.2.128/25');
  });

  test('macvlan vepa: a switch that sends frames back lets neighbours reach each other', async () => {
    sh(`ip -n out addr del ${OUT[0]}/24 dev eth0 && ip -n out link add sw0 type bridge && ip -n out link set sw0 up && ip -n out link set eth0 master sw0 && ip -n out link set eth0 type bridge_slave hairpin on && ip -n out addr add ${OUT[0]}/24 dev sw0`);
    net.create(on('macvlan', 'vepa'));
    const [web, db] = ['web', 'db'].map((name) => bare(net.attach('lan', { name, namespace: name }).addresses[0]));
    expect([await reaches('web', db as string), await reaches('db', web as string), await reaches('web', OUT[0])]).toEqual([true, true, true]);
    sh(`ip -n out link del sw0 && ip -n out addr add ${OUT[0]}/24 dev eth0 && ip -n out route add 172.30.0.0/24 via ${HOST[0]}`);
  });

  test.skipIf(!nft)('rm leaves what others have set as it was: addresses, routes, rules, tables, neighbours, switches', () => {
    const own = ['ip rule add from 10.9.9.0/24 table 100 priority 77', 'ip route add 10.9.9.0/24 dev up0 table 100', 'ip route add 10.9.8.0/24 via 192.0.2.2 metric 7', 'ip neigh add 192.0.2.77 lladdr 02:00:00:00:00:77 dev up0',
      'nft add table inet mine', "nft 'add chain inet mine forward { type filter hook forward priority 5; policy accept; }'", 'nft add rule inet mine forward ip saddr 10.9.9.0/24 counter drop',
      'sysctl -qw net.ipv4.conf.up0.rp_filter=2', 'sysctl -qw net.ipv6.conf.up0.accept_ra=0', 'sysctl -qw net.ipv6.conf.up0.forwarding=1'];
    sh(own.join(' && '));
    const before = snapshot(state);
    net.create({ name: 'lab', subnets: ['172.30.0.0/24', 'fd00:1::/64'], mtu: 1400 });
    net.create({ name: 'lan', driver: 'macvlan', parent: 'up0', subnets: [{ subnet: '192.0.2.0/24', gateway: OUT[0], range: '192.0.2.128/25' }] });
    for (const name of ['web', 'db']) net.attach('lab', { name, namespace: name, publish: name === 'web' ? ['8080:80'] : [] });
    net.attach('lan', { name: 'other', namespace: 'other' });
    expect(pings('web', OUT[0])).toBe(true);
    expect(pings('other', OUT[0])).toBe(true);
    for (const name of ['lab', 'lan']) net.remove(name, { force: true });
    expect(changes(before, snapshot(state)), 'told apart').toEqual([]);
    expect(snapshot(state)).toBe(before);
    sh('ip rule del priority 77 && ip route flush table 100 && ip route del 10.9.8.0/24 && ip neigh del 192.0.2.77 dev up0 && nft delete table inet mine && sysctl -qw net.ipv4.conf.up0.rp_filter=0 net.ipv6.conf.up0.accept_ra=1 net.ipv6.conf.up0.forwarding=0');
  });

  test.skipIf(!nft || !iptables)('chains of others that drop what is forwarded are told, with lines that let it pass', () => {
    const blocked = (name: string) => net.inspect(name).blocked;
    // As docker leaves it.
    sh('iptables-nft -N DOCKER-USER && iptables-nft -A DOCKER-USER -j RETURN && iptables-nft -I FORWARD -j DOCKER-USER && iptables-nft -P FORWARD DROP');
    net.create({ name: 'lab', subnets: ['172.30.0.0/24'] });
    net.create({ name: 'shut', subnets: ['172.30.2.0/24'], internal: true });
    net.attach('lab', { name: 'web', namespace: 'web' });
    expect(pings('web', OUT[0])).toBe(false);
    expect(blocked('shut')).toEqual([]);
    expect(blocked('lab')).toEqual([{ family: 'ip', table: 'filter', chain: 'FORWARD', allow: ['iptables -I DOCKER-USER -i nl-lab -j ACCEPT', 'iptables -I DOCKER-USER -o nl-lab -j ACCEPT'] }]);
    sh(blocked('lab')[0]?.allow[0] as string);
    expect(blocked('lab')[0]?.allow, 'one way is open').toEqual(['iptables -I DOCKER-USER -o nl-lab -j ACCEPT']);
    sh(blocked('lab')[0]?.allow.join(' && ') as string);
    expect(blocked('lab')).toEqual([]);
    expect(pings('web', OUT[0])).toBe(true);
    sh("nft 'add table inet guard; add chain inet guard fw { type filter hook forward priority 10; policy drop; }'");
    expect(pings('web', OUT[0])).toBe(false);
    sh(blocked('lab').flatMap(({ allow }) => allow).map((line) => line.replace(/"/g, '\\"')).join(' && '));
    expect(blocked('lab')).toEqual([]);
    expect(pings('web', OUT[0])).toBe(true);
    sh('nft flush ruleset');
  });
});
