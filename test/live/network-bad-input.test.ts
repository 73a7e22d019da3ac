/** What cannot be is refused: in words that say why and what to do, with the status that the command has for it, and with nothing left behind. */
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { exits } from '../../src/cli/errors.ts';
import { create, list, remove } from '../../src/namespace/index.ts';
import { networksSync, NetworkError } from '../../src/network/index.ts';
import { NOBODY, readable } from '../support/bundle.ts';
import { cli, inProcess, kernelHas, plain, snapshot, WORKER } from '../support/network.ts';
import { has, isolate, PATIENCE, sh } from './support.ts';

const why = isolate() ?? (has('ip') && has('bridge') ? undefined : 'no iproute2 to look with');
if (why) console.warn(`skipped: ${why}`);
const state = '/run/state', net = networksSync({ state });
const lacks = (kind: string, more = ''): boolean => !why && !kernelHas(kind, more);

describe.skipIf(why)('what cannot be', () => {
  let before = '';
  beforeAll(() => {
    for (const name of ['web', 'db', 'gone']) create(name);
    sh('ip link set lo up; ip link add up0 type veth peer name up1; ip addr add 192.0.2.1/24 dev up0; ip link set up0 up; ip link set up1 up; ip link add br9 type bridge; ip link add p0 type veth peer name p1; ip link set p0 master br9 up; ip link set p1 up');
    net.create({ name: 'lab', subnets: [{ subnet: '172.30.0.0/24', range: '172.30.0.4/31' }] });
    net.attach('lab', { name: 'web', namespace: 'web', publish: ['8080:80'] });
    net.create({ name: 'full', subnets: [{ subnet: '172.31.0.0/24', range: '172.31.0.4/32' }] });
    net.attach('full', { name: 'web', namespace: 'web' });
    before = plain(snapshot(state));
  });
  afterEach(() => { expect(plain(snapshot(state))).toBe(before); });
  afterAll(() => {
    for (const { name } of net.list()) net.remove(name, { force: true });
    for (const name of list()) remove(name);
  });

  test.each<[string, string, number, RegExp, RegExp]>([
    ['a subnet of another network', 'create x --subnet 172.30.0.128/25', exits.refused, /172\.30\.0\.128\/25 overlaps 172\.30\.0\.0\/24, in use by network lab/, /leave it out/],
    ['a subnet around a route of the host', 'create x --subnet 192.0.0.0/8', exits.refused, /overlaps 192\.0\.2\.0\/24, in use by the (address|route)/, /leave it out/],
    ['two subnets that overlap', 'create x --subnet 10.1.0.0/16 --subnet 10.1.2.0/24', exits.usage, /10\.1\.0\.0\/16 and 10\.1\.2\.0\/24 overlap/, /at most one/],
    ['an exhausted pool', 'attach full db --netns db', exits.refused, /no address is left in 172\.31\.0\.0\/24/, /detach what is not needed/],
    ['an address that is taken', 'attach lab db --netns db --ip 172.30.0.4', exits.refused, /172\.30\.0\.4 is taken, by web/, /^/],
    ['the gateway', 'attach lab db --netns db --ip 172.30.0.1', exits.usage, /172\.30\.0\.1 is the gateway/, /^/],
    ['an address of elsewhere', 'attach lab db --netns db --ip 10.0.0.1', exits.usage, /10\.0\.0\.1 is in none of the subnets of lab/, /172\.30\.0\.0\/24/],
    ['a namespace that is not there', 'attach lab db --netns nowhere', exits.usage, /no network namespace .*nowhere/, /ip netns list/],
    ['the host\'s own namespace', `attach lab db --netns ${process.pid}`, exits.usage, /host's own/, /one of its own/],
    ['a container that is attached', 'attach lab web --netns web', exits.refused, /web is attached to lab already/, /net detach lab web/],
    ['a namespace that has an address of the subnet', 'attach lab other --netns web', exits.refused, /has 172\.30\.0\.4 of 172\.30\.0\.0\/24 already/, /another name/],
    ['a port that is published', 'attach lab db --netns db -p 127.0.0.1:8080:81', exits.refused, /127\.0\.0\.1:8080:81\/tcp is published already: 8080:80\/tcp of web in lab/, /another host port/],
    ['an interface that is there', 'attach lab db --netns db --ifname lo', exits.refused, /has an interface "lo" already/, /--ifname/],
    ['a parent that is a port', 'create x --driver macvlan --parent p0 --subnet 10.9.0.0/24', exits.refused, /p0 is a port of br9/, /release the port/],
    ['a parent that is not there', 'create x --driver macvlan --parent nope --subnet 10.9.0.0/24', exits.usage, /no link "nope"/, /ip link/],
    ['a parent without a subnet', 'create x --driver macvlan --parent up0', exits.usage, /needs its subnet/, /--subnet/],
    ['a host address that is not there', 'create x --driver vxlan --vni 7 --local 203.0.113.1 --subnet 10.9.0.0/24', exits.usage, /this host has no address 203\.0\.113\.1/, /ip address/],
    ['a network that has containers', 'rm lab', exits.refused, /web is attached to lab/, /rm --force lab/],
    ['a network that is not there', 'detach none web', exits.usage, /no network "none"/, /there are full, lab/],
    ['a container that is not there', 'detach lab none', exits.usage, /none is not attached to lab/, /attached are web/],
    ['names that mean something in JavaScript', 'detach lab constructor', exits.usage, /constructor is not attached to lab/, /attached are web/],
    ['a name with a path in it', 'attach ../lab web --netns db', exits.usage, /no network "\.\.\/lab"/, /there are/],
  ])('%s: %s', async (_what, line, status, says, hint) => {
    const got = await cli(state, 'net', ...line.split(' '));
    expect(got).toMatchObject({ status, stdout: '', stderr: expect.stringMatching(says) as string });
    expect(got.stderr).toMatch(hint);
  });

  test.each([['link.add', 6], ['address.add', 10], ['the last step', 12]])('a namespace that goes away midway, at %s', (_what, at) => {
    let events = 0, error: unknown;
    const watched = networksSync({ state, trace: ({ phase }) => { if (phase === 'logged' && ++events === at) remove('gone'); } });
    net.create({ name: 'brief', subnets: ['172.29.0.0/24'] });
    const was = plain(snapshot(state));
    try { watched.attach('brief', { name: 'gone', namespace: 'gone', publish: ['9090:90'] }); } catch (thrown) { error = thrown; }
    expect(events).toBeGreaterThanOrEqual(at);
    expect(error).toBeInstanceOf(NetworkError);
    expect(error).toMatchObject({ code: 'GONE', message: expect.stringMatching(/gone went away while gone was plugged in/) as string });
    create('gone');
    // What the namespace had in it goes a moment after it.
    let now = plain(snapshot(state));
    for (let n = 0; n < 20 && now !== was; n++) { sh('sleep 0.2'); now = plain(snapshot(state)); }
    expect(now).toBe(was);
    net.remove('brief');
  }, PATIENCE);

  test('a bridge that somebody took away', async () => {
    net.create({ name: 'brief', subnets: ['172.29.0.0/24'] });
    sh('ip link del nl-brief');
    const got = await cli(state, 'net', 'attach', 'brief', 'db', '--netns', 'db');
    expect(got).toMatchObject({ status: exits.usage, stderr: expect.stringMatching(/the link nl-brief of brief is not there[^]*net apply/) as string });
    net.remove('brief');
  });

  test.skipIf(!has('setpriv'))('no permission: to the state, and to the kernel', () => {
    using worker = readable(WORKER);
    const nobody = { as: NOBODY, program: worker.program };
    for (const [kind, args] of [['attach', ['lab', { name: 'db', namespace: 'db' }]], ['detach', ['lab', 'web']]] as const) {
      expect(inProcess(state, kind, [...args], 0, nobody)).toMatchObject({ status: 1, stderr: expect.stringMatching(/the state folder cannot be written to: EACCES[^]*DENIED[^]*run as root/) as string });
    }
    // Nor can they keep others from it.
    sh(`chmod 644 ${state}/lock`);
    net.gc();
    expect(sh(`${NOBODY.join(' ')} flock -n ${state}/lock true 2>&1; echo $?`)).toMatch(/Permission denied\n[1-9]/);
    sh('mkdir -m 777 /run/theirs');
    const { status, stderr } = inProcess('/run/theirs', 'create', [{ name: 'own', subnets: ['10.9.0.0/24'] }], 0, nobody);
    expect({ status, stderr }).toMatchObject({ status: 1, stderr: expect.stringMatching(/EPERM: Operation not permitted: needs CAP_NET_ADMIN/) as string });
    expect(sh('find /run/theirs -name "*own*" -o -path "*/journal/*"')).toBe('');
    sh('rm -r /run/theirs');
  });

  test.skipIf(!lacks('ipvlan', 'mode l2'))('a kind that the kernel does not have: ipvlan', async () => {
    net.create({ name: 'lan', driver: 'ipvlan', parent: 'up0', subnets: ['10.9.0.0/24'] });
    expect(await cli(state, 'net', 'attach', 'lan', 'db', '--netns', 'db')).toMatchObject({ status: exits.refused, stderr: expect.stringMatching(/this kernel makes no ipvlan links[^]*modprobe ipvlan/) as string });
    net.remove('lan');
  });
  test.skipIf(!lacks('vlan', 'id 9'))('a kind that the kernel does not have: the VLAN of a parent', async () => {
    expect(await cli(state, 'net', 'create', 'lan', '--driver', 'macvlan', '--parent', 'up0', '--vlan', '5', '--subnet', '10.9.0.0/24')).toMatchObject({ status: exits.refused, stderr: expect.stringMatching(/this kernel makes no vlan links[^]*modprobe vlan/) as string });
  });
});
