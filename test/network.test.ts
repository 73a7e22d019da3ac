/** Declarations, and plans made from them: nothing is asked of a kernel here. */
import { spawnSync } from 'node:child_process';
import { describe, expect, test } from 'vitest';
import { containerOf, declarations, linesOf, networkOf, NetworkError, parsePublish, publishText, type NetworkInput, type Step } from '../src/network/index.ts';
import { shares } from '../src/network/drivers/index.ts';
import { entriesOf } from '../src/network/drivers/vxlan.ts';
import { chainsOf, elementChanges, elementsOf, isExact, maps, publishedBy, rulesetOf, withPorts } from '../src/network/firewall.ts';
import { elementLines } from '../src/network/firewall-lines.ts';
import { messagesOf } from '../src/network/firewall-messages.ts';
import { hostsOf } from '../src/network/hosts.ts';
import { macOf, markOf, portName, readMark } from '../src/network/names.ts';
import { planNetwork, planRemove, type Scene } from '../src/network/plan.ts';
import { planAttach, planDetach } from '../src/network/plan-container.ts';
import { clash } from '../src/network/publish.ts';
import type { Observed } from '../src/network/observed.ts';
import type { Record } from '../src/network/store.ts';
import { declaredIn } from '../src/network/spec.ts';
import { pick } from '../src/network/subnets.ts';
import { parseSubnet } from '../src/network/index.ts';

const bare: Observed = { links: [], addresses: [], routes: [], entries: [], firewall: 'ours', sysctls: new Map([['net/ipv4/ip_forward', '0'], ['net/ipv4/conf/up0/forwarding', '0'], ['net/ipv6/conf/all/forwarding', '1']]) };
const scene = (records: Record[] = [], seen: Partial<Observed> = {}): Scene => ({ state: '/s', seen: { ...bare, ...seen }, records: new Map(records.map((record) => [record.network.name, record])) });
const lab = (more: Partial<NetworkInput> = {}) => networkOf({ name: 'lab', subnets: ['172.30.0.0/24'], ...more });
const ops = (steps: readonly ({ do: Step } | Step)[]): string[] => steps.map((step) => ('do' in step ? step.do.op : step.op));

describe('declarations', () => {
  test('one form, which is a declaration again', () => {
    const all: NetworkInput[] = [
      { name: 'a' }, { name: 'b', subnets: ['10.0.0.0/24', { subnet: 'FD00:0::/64', gateway: 'fd00::9' }], mtu: 1400, icc: false, labels: { x: 'y' }, reserved: ['10.0.0.9'] },
      { name: 'c', driver: 'macvlan', parent: 'eth0', vlan: 5, subnets: ['10.0.0.0/24'] }, { name: 'd', driver: 'vxlan', vni: 7, local: '192.0.2.1', peers: ['192.0.2.2=10.0.0.128/25'], subnets: [{ subnet: '10.0.0.0/24', range: '10.0.0.0/25' }] },
    ];
    for (const input of all) { const once = networkOf(input); expect(networkOf(once)).toEqual(once); }
    expect(networkOf(all[2]!)).toMatchObject({ parent: 'eth0.5', mode: 'bridge' });
    expect(networkOf(all[1]!).subnets).toEqual([{ subnet: '10.0.0.0/24', gateway: '10.0.0.1' }, { subnet: 'fd00::/64', gateway: 'fd00::9' }]);
  });
  test.each([
    [{ name: '-x' }, /cannot name a network/], [{ name: 'a', driver: 'brigde' }, /no driver "brigde"/], [{ name: 'a', parent: 'eth0' }, /bridge networks have no parent/],
    [{ name: 'a', subnets: ['10.0.0.0/24', '10.0.0.0/25'] }, /overlap/], [{ name: 'a', subnets: ['10.0.0.0/24', '10.0.1.0/24'] }, /two subnets of one family/],
    [{ name: 'a', subnets: ['10.0.0.1/24'] }, /bits behind/], [{ name: 'a', subnets: [{ subnet: '10.0.0.0/24', gateway: '10.0.1.1' }] }, /not in/],
    [{ name: 'a', driver: 'macvlan' }, /needs a parent/], [{ name: 'a', driver: 'ipvlan', parent: 'e', mode: 'l4' }, /no mode "l4"/], [{ name: 'a', driver: 'vxlan' }, /needs an identifier/],
    [{ name: 'a', driver: 'vxlan', vni: 1, local: '192.0.2.1', peers: ['192.0.2.1'] }, /is this host/], [{ name: 'a', driver: 'vxlan', vni: 1, local: '192.0.2.1', peers: ['fd00::1'] }, /different families/],
    [{ name: 'a', subnets: ['224.0.0.0/24'] }, /multicast/], [{ name: 'a', subnets: ['ff02::/64'] }, /multicast/], [{ name: 'a', subnets: ['fe80::/64'] }, /link-local/], [{ name: 'a', subnets: ['127.1.0.0/16'] }, /loopback/], [{ name: 'a', subnets: ['::ffff:10.0.0.0/120'] }, /IPv4 addresses/],
    [{ name: 'a', mtu: 1e6 }, /MTU 1000000 is out of range/], [{ name: 'a', subnets: ['fd00::/64'], mtu: 1000 }, /IPv6 needs an MTU/], [{ name: 'a', colour: 'red' }, /no "colour"/], [{ name: 'a', reserved: ['10.9.9.9'], subnets: ['10.0.0.0/24'] }, /in none of the subnets/],
  ])('%j is refused', (input, why) => {
    const error = (() => { try { networkOf(input as NetworkInput); } catch (thrown) { return thrown; } return undefined; })();
    expect(error).toBeInstanceOf(NetworkError);
    expect(error).toMatchObject({ code: 'INVALID', message: expect.stringMatching(why) as string });
  });
  test('containers', () => {
    expect(containerOf({ name: 'web', ips: ['172.30.0.9'], publish: ['80:80'] }, lab())).toMatchObject({ publish: [{ protocol: 'tcp', hostPort: 80, containerPort: 80 }] });
    for (const [input, why] of [[{ mac: '01:00:00:00:00:00' }, /not one host's/], [{ mac: 'x' }, /not a hardware address/], [{ ips: ['10.0.0.1'] }, /none of the subnets/], [{ ifname: 'a/b' }, /cannot name an interface/], [{ ifname: 'all' }, /"all" cannot name an interface/], [{ publish: ['0:80'] }, /not a port/], [{ publish: ['80'] }, /publishes no port/]] as const) {
      expect(() => containerOf({ name: 'web', ...input }, lab())).toThrow(why);
    }
    expect(() => containerOf({ name: 'web', publish: ['80:80'] }, networkOf({ name: 'm', driver: 'macvlan', parent: 'e', subnets: ['10.0.0.0/24'] }))).toThrow(/publish no ports/);
  });
  test('ports', () => {
    for (const text of ['8080:80/tcp', '127.0.0.1:53:53/udp', '[fd00::1]:1:2/sctp']) expect(publishText(parsePublish(text))).toBe(text);
    expect(clash(parsePublish('80:80'), parsePublish('10.0.0.1:80:81'))).toBe(true);
    expect(clash(parsePublish('10.0.0.2:80:80'), parsePublish('10.0.0.1:80:81'))).toBe(false);
    expect(clash(parsePublish('80:80/udp'), parsePublish('80:80/tcp'))).toBe(false);
    expect(clash(parsePublish('0.0.0.0:80:80'), parsePublish('10.0.0.1:80:80'))).toBe(true);
  });
  test('two ports of which only one could be had, and ports that lead nowhere', () => {
    for (const publish of [['80:80', '80:81'], ['80:80', '80:80'], ['127.0.0.1:80:80', '127.0.0.1:80:81'], ['80:80', '0.0.0.0:80:81'], ['80:80', '[::]:80:81']]) expect(() => containerOf({ name: 'web', publish }, lab()), publish.join()).toThrow(/published twice/);
    // What is published at one address goes before what is published at all.
    for (const publish of [['80:80', '80:80/udp'], ['80:80', '127.0.0.1:80:81'], ['0.0.0.0:80:80', '[::]:80:81'], ['127.0.0.1:80:80', '127.0.0.2:80:81']]) expect(containerOf({ name: 'web', publish }, lab()).publish).toHaveLength(2);
    const six = networkOf({ name: 'six', subnets: ['fd00::/64'] });
    expect(() => declaredIn(six, { name: 'web', publish: ['127.0.0.1:80:80'] })).toThrow(/leads nowhere: six has no IPv4 subnet/);
    expect(() => declaredIn(lab(), { name: 'web', publish: ['[::1]:80:80'] })).toThrow(/leads nowhere: lab has no IPv6 subnet/);
    expect(declaredIn(six, { name: 'web', publish: ['80:80', '[::1]:81:80'] }).publish).toHaveLength(2);
  });
  test('the lines of a plan are for a shell, whatever things are called', () => {
    const where = { path: "/run/netns/it's $(x)", dev: 1, ino: 2 }, lines = [
      ...linesOf({ op: 'link.set', ifname: 'a;b', set: { up: true }, where }), ...linesOf({ op: 'link.delete', ifname: 'eth0', mark: { kind: 'macvlan', alias: '' }, where: { ...where, path: '/proc/7/root/new\nline' } }),
      ...linesOf({ op: 'ports', network: 'lab', container: 'web', was: [], now: publishedBy('web', { publish: [parsePublish('80:80')], addresses: ['172.30.0.2/24'] }) }),
    ];
    const said = lines.map((line) => spawnSync('bash', ['-c', `ip() { printf '%s\\0' ip "$@"; }; nft() { printf '%s\\0' nft "$@"; }; nsenter() { printf '%s\\0' nsenter "$@"; }\n${line}`], { encoding: 'utf8' }).stdout.split('\0').slice(0, -1));
    expect(said).toEqual([
      ['ip', '-n', "it's $(x)", 'link', 'set', 'dev', 'a;b', 'up'], ['nsenter', '--net=/proc/7/root/new\nline', 'ip', 'link', 'delete', 'dev', 'eth0'],
      ['nft', 'add element inet nlkit ports_ip { tcp . 80 comment "nlkit:lab:web" : 172.30.0.2 . 80 }'],
    ]);
  });
  test('who has which name: not everybody\'s own', () => {
    const addresses = ['10.0.0.2/24'];
    expect(hostsOf('web', { addresses, aliases: ['www', 'localhost'] })).toEqual([{ address: '10.0.0.2', names: ['web', 'www'] }]);
    expect(hostsOf('localhost', { addresses, aliases: ['x'] })).toEqual([]);
  });
  test('files', () => {
    expect(declarations('{"name":"a"}')).toEqual([{ name: 'a' }]);
    expect(declarations('{"networks":[{"name":"a"},{"name":"b"}]}')).toHaveLength(2);
    for (const [text, why] of [['{', /not JSON/], ['[1]', /is an object/], ['[{"name":"a"},{"name":"a"}]', /twice/], ['{"name":"a","containers":[{}]}', /containers of a/]] as const) expect(() => declarations(text)).toThrow(why);
  });
  test('names and marks', () => {
    expect(macOf('172.30.0.2')).toBe('02:42:ac:1e:00:02');
    expect(portName('a', 'b')).toHaveLength(14);
    expect(readMark(markOf('lab', 'web'))).toEqual({ network: 'lab', container: 'web' });
    for (const alias of [undefined, 'lab', 'nlkit', 'other:lab']) expect(readMark(alias)).toBeUndefined();
  });
});

describe('plans', () => {
  test('a network from nothing: each step has its way back; done again there is nothing to do', () => {
    const { steps, record } = planNetwork(scene(), lab());
    expect(ops(steps)).toEqual(['record.write', 'hosts', 'pool.make', 'link.add', 'link.set', 'address.add', 'sysctl', 'link.set', 'sysctl', 'firewall']);
    expect(steps.filter(({ undo }) => undo).map(({ undo }) => undo!.op)).toEqual(['record.delete', 'pool.drop', 'link.delete', 'sysctl', 'firewall']);
    expect(record.sysctls).toEqual([['net/ipv4/ip_forward', '0'], ['net/ipv4/conf/up0/forwarding', '0']]);
    expect(steps.flatMap(({ do: step }) => linesOf(step)).slice(2, 8)).toEqual([
      'ip link add name nl-lab address 02:42:ac:1e:00:01 type bridge', 'ip link set dev nl-lab alias nlkit:lab', 'ip address add 172.30.0.1/24 broadcast + dev nl-lab', 'sysctl -w net.ipv4.conf.nl-lab.route_localnet=1', 'ip link set dev nl-lab up', 'sysctl -w net.ipv4.ip_forward=1',
    ]);
    const link = { index: 9, ifname: 'nl-lab', ifalias: 'nlkit:lab', flags: ['up'], address: '02:42:ac:1e:00:01', linkinfo: { kind: 'bridge' } };
    const there = { links: [link], addresses: [{ family: 'inet', index: 9, local: '172.30.0.1', address: '172.30.0.1', prefixlen: 24 }], sysctls: new Map([['net/ipv4/ip_forward', '1']]) } as unknown as Partial<Observed>;
    expect(planNetwork(scene([record], there), lab()).steps).toEqual([]);
    expect(ops(planNetwork(scene([record], { ...there, addresses: [], firewall: 'none' }), lab()).steps)).toEqual(['address.add', 'firewall']);
    expect(() => planNetwork(scene([], { ...there, addresses: [], links: [{ ...link, ifalias: 'theirs' }] } as unknown as Partial<Observed>), lab())).toThrow(/is there/);
    expect(() => planNetwork(scene([record]), lab({ subnets: ['172.31.0.0/24'] }))).toThrow(/cannot change/);
  });
  test('what was changed for one network is put back by the last that needs it', () => {
    const first = planNetwork(scene(), lab()).record, second = planNetwork(scene([first], { sysctls: new Map([['net/ipv4/ip_forward', '1']]) }), networkOf({ name: 'two', subnets: ['10.0.0.0/24'] })).record;
    expect(second.sysctls).toEqual([]);
    const steps = planRemove(scene([first, second]), first), heir = steps.find((step) => step.op === 'record.write') as Step & { op: 'record.write' };
    expect(ops(steps)).not.toContain('sysctl');
    expect((JSON.parse(heir.text) as Record).sysctls).toEqual(first.sysctls);
    expect(ops(planRemove(scene([first]), first))).toEqual(['firewall', 'link.delete', 'sysctl', 'pool.drop', 'record.delete']);
  });
  test('a container: reserved first, taken out last; its port is the only thing to take back', () => {
    const { record } = planNetwork(scene(), lab({ icc: false })), where = { path: '/run/netns/web', dev: 1, ino: 2 };
    const { steps, record: after } = planAttach(scene([record]), record, { container: containerOf({ name: 'web', publish: ['80:80'] }, record.network), where, inside: bare, addresses: [{ address: '172.30.0.2', set: '0' }] });
    expect(ops(steps)).toEqual(['pool.reserve', 'record.write', 'hosts', 'link.add', 'link.set', 'sysctl', 'link.set', 'link.set', 'address.add', 'link.set', 'route.add', 'ports']);
    expect(steps.map(({ undo }) => undo?.op)).toEqual(['pool.release', 'record.delete', 'hosts', 'link.delete', undefined, undefined, undefined, undefined, undefined, undefined, undefined, 'ports']);
    expect(steps.flatMap(({ do: step }) => linesOf(step))).toContain(`bridge link set dev ${portName('lab', 'web')} hairpin on isolated on`);
    expect(ops(planDetach(scene([after]), after, ['web']).steps)).toEqual(['ports', 'link.delete', 'pool.release', 'hosts', 'record.delete']);
    expect(() => planRemove(scene([after]), after)).toThrow(/web is attached/);
    const ruleset = rulesetOf([after]), rules = chainsOf(ruleset);
    expect(elementsOf(ruleset)).toMatchObject([{ map: { name: 'ports_ip' }, protocol: 'tcp', hostPort: 80, to: '172.30.0.2', containerPort: 80, comment: 'nlkit:lab:web' }]);
    expect(messagesOf(ruleset).map(({ message }) => message.key)).toEqual(['newtable', 'deltable', 'newtable', ...maps.map(() => 'newset'), 'newsetelem', ...rules.map(() => 'newchain'), ...rules.flatMap(({ rules: all }) => all.map(() => 'newrule'))]);
    expect(messagesOf([]).map(({ message }) => message.key)).toEqual(['newtable', 'deltable']);
  });
  test('published ports: an element each, in the map of its family and address; only what changes is sent', () => {
    const of = (publish: string[], addresses = ['172.30.0.2/24', 'fd00::2/64']) => publishedBy('web', { publish: publish.map(parsePublish), addresses });
    const was = of(['80:80', '127.0.0.1:53:53/udp']), now = of(['80:80', '0.0.0.0:81:80', '[::1]:9:9/sctp']);
    expect(elementsOf([{ name: 'lab', publish: was }]).map(({ map: { name }, hostAddress, hostPort, to }) => [name, hostAddress, hostPort, to])).toEqual([['ports_ip', undefined, 80, '172.30.0.2'], ['ports_ip6', undefined, 80, 'fd00::2'], ['addresses_ip', '127.0.0.1', 53, '172.30.0.2']]);
    const { gone, made } = elementChanges({ network: 'lab', container: 'web', was, now });
    expect([gone, made].map((all) => all.map(({ map: { name }, hostPort }) => `${name} ${hostPort}`))).toEqual([['addresses_ip 53'], ['ports_ip 81', 'addresses_ip6 9']]);
    expect(elementLines({ gone, made })).toEqual([
      'delete element inet nlkit addresses_ip { 127.0.0.1 . udp . 53 }', 'add element inet nlkit ports_ip { tcp . 81 comment "nlkit:lab:web" : 172.30.0.2 . 80 }', 'add element inet nlkit addresses_ip6 { ::1 . sctp . 9 comment "nlkit:lab:web" : fd00::2 . 9 }',
    ]);
    const { record } = planNetwork(scene(), lab()), ruleset = rulesetOf([record]), change = { network: 'lab', container: 'web', was: [], now };
    expect(withPorts(withPorts(ruleset, change), { ...change, now: [] })).toEqual(ruleset);
    expect(isExact(withPorts(ruleset, change))).toBe(true);
    expect(isExact(withPorts(ruleset, { ...change, now: of(['80:80', '80:81']) }))).toBe(false);
  });
  test('free subnets', () => {
    expect(pick('inet', 'x', [])).toBe('172.16.0.0/24');
    expect(pick('inet', 'x', [{ subnet: parseSubnet('172.16.0.0/12'), by: '' }, { subnet: parseSubnet('192.168.0.0/24'), by: '' }])).toBe('192.168.1.0/24');
    expect(pick('inet6', 'x', [])).toMatch(/^fd[0-9a-f:]+::\/64$/);
    expect(pick('inet6', 'x', [{ subnet: parseSubnet(pick('inet6', 'x', [])), by: '' }])).not.toBe(pick('inet6', 'x', []));
    expect(() => pick('inet', 'x', [{ subnet: parseSubnet('0.0.0.0/0'), by: '' }])).toThrow(/no free IPv4/);
  });
  test('an overlay: each host has its part, and all agree on it', () => {
    const hosts = ['192.0.2.3', '192.0.2.1', '192.0.2.2'], of = (local: string) => networkOf({ name: 'o', driver: 'vxlan', vni: 1, local, peers: hosts.filter((other) => other !== local), subnets: ['10.0.0.0/24'] });
    const own = Object.fromEntries(hosts.map((host) => [host, shares(of(host)).local]));
    expect(own).toEqual({ '192.0.2.1': '10.0.0.0/26', '192.0.2.2': '10.0.0.64/26', '192.0.2.3': '10.0.0.128/26' });
    for (const host of hosts) for (const { address, range } of shares(of(host)).peers) expect(range).toBe(own[address]);
    const entries = entriesOf(of('192.0.2.2'));
    expect(entries).toHaveLength(126);
    expect(entries).toContainEqual({ ip: '10.0.0.130', mac: '02:42:0a:00:00:82', via: '192.0.2.3' });
    expect(entries.some(({ ip }) => ip === '10.0.0.1' || ip === '10.0.0.0')).toBe(false);
    expect(() => entriesOf(networkOf({ ...of('192.0.2.1'), subnets: ['10.0.0.0/8'] }))).toThrow(/each is an entry/);
    expect(() => shares(networkOf({ ...of('192.0.2.1'), peers: ['192.0.2.2=10.0.0.0/25', '192.0.2.3'] }))).toThrow(/every host has its range/);
  });
});
