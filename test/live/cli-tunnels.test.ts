/** TUN and TAP devices, tunnels, and routes of multicast packets: made by nlkit and by iproute2 they are the same, and both print them alike. */
import { spawn, spawnSync } from 'node:child_process';
import { existsSync, writeFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { split } from '../../src/cli/batch.ts';
import { LiveKernel } from '../../src/cli/kernel-live.ts';
import { Captured } from '../../src/cli/output.ts';
import { run } from '../../src/cli/run.ts';
import { libc } from '../../src/socket/libc.ts';
import { cString } from '../../src/socket/signatures.ts';
import { expected } from '../support/differences.ts';
import { MulticastRouter } from '../support/multicast.ts';
import { batched, type Said, Shell } from './shell.ts';
import { has, iproute2Version, isolate, PATIENCE } from './support.ts';

const why = isolate() ?? (has('ip') ? undefined : 'iproute2 is not installed');
if (why) console.warn(`skipped: ${why}`);

const version = why ? 0 : iproute2Version(), table = expected('live/cli-tunnels', version);

const shell = why ? undefined : new Shell();
afterAll(() => shell?.close());
const sh = (line: string): Promise<Said> => shell!.run(line);
const inside = (line: string, namespace: string): string => line.replace(/^ip /, `ip -n ${namespace} `);

async function nlkit(line: string): Promise<Said> {
  const out = new Captured();
  const status = await run(split(line), out);
  return { status, stdout: out.stdout, stderr: out.stderr };
}

async function prepare(namespace: string, rig: readonly string[]): Promise<void> {
  expect(await sh(['set -e', `ip netns add ${namespace}`, ...batched(rig, namespace)].join('\n'))).toMatchObject({ status: 0, stderr: '' });
}

/** Clocks go on, and so do counters. */
const mask = (text: string): string => text.replace(/(Age |"expires":)[0-9.]+/g, '$1T');

/** Compares what both print. iproute2 ends no line after a lone tunnel over IPv6, and puts the commas of a list of tunnels on lines of their own. */
async function alike(line: string, namespace: string): Promise<void> {
  const theirs = await sh(inside(line, namespace)), ours = await nlkit(inside(line, namespace));
  expect(theirs.status, theirs.stderr).toBe(0);
  expect(ours).toMatchObject({ status: 0, stderr: '' });
  if (/ -j/.test(line)) expect(JSON.parse(mask(ours.stdout).replace(/:T/g, ':0'))).toEqual(JSON.parse(mask(theirs.stdout).replace(/:T/g, ':0')));
  else expect(mask(ours.stdout).trimEnd().split('\n')).toEqual(mask(theirs.stdout).trimEnd().split('\n'));
}

const forms = (options: readonly string[], ...objects: string[]): string[] => options.flatMap((option) => objects.map((object) => `ip ${option} ${object}`.replace(/ +/g, ' ')));

interface Change {
  readonly lines: readonly string[];
  readonly asked: readonly string[];
  readonly setup?: readonly string[];
  /** Ask after each line, not only after the last. */
  readonly each?: boolean;
}

/** What netlink cannot say, or is random: limits of the MTU and the unused header of VTI; addresses of links. */
const same = (text: string): unknown => JSON.parse(text.trim() || '[]', (key, value: unknown) => (/^(min_mtu|max_mtu|ifindex|permaddr|address|stats64)$/.test(key) ? undefined : value)) as unknown;
const withoutHeader = (list: unknown): unknown => (list as { ifname?: string; nopmtudisc?: null }[]).map(({ nopmtudisc, ...rest }) => (rest.ifname?.startsWith('v') ? rest : { ...rest, nopmtudisc }));

async function doAlike({ lines, asked, setup = [], each = false }: Change): Promise<void> {
  const sides = ['theirs', 'ours'];
  const compare = async (after: string): Promise<void> => {
    const { stdout } = await sh(sides.flatMap((side) => asked.map((line) => `${inside(line, side)}; echo @@@`)).join('\n'));
    const answers = stdout.split('@@@\n').slice(0, -1).map((text) => withoutHeader(same(text)));
    expect(answers.length).toBe(2 * asked.length);
    expect.soft({ after, state: answers.slice(asked.length) }).toEqual({ after, state: answers.slice(0, asked.length) });
  };
  try {
    for (const side of sides) await prepare(side, setup);
    for (const given of lines) {
      const refused = given.startsWith('!'), line = given.replace(/^!/, '');
      const theirs = await sh(inside(line, 'theirs')), ours = await nlkit(inside(line, 'ours'));
      expect.soft({ line, ours: ours.status === 0, said: refused ? '' : ours.stderr + ours.stdout }).toEqual({ line, ours: !refused, said: '' });
      expect.soft({ line, theirs: theirs.status === 0, said: refused ? '' : theirs.stderr }).toEqual({ line, theirs: !refused, said: '' });
      if (each) await compare(line);
    }
    if (!each) await compare(lines.join('; '));
  } finally {
    await sh(sides.map((side) => `ip netns del ${side}`).join('; '));
  }
}

const noTun = why ?? (existsSync('/dev/net/tun') || spawnSync('sh', ['-c', 'modprobe tun && mkdir -p /dev/net && mknod /dev/net/tun c 10 200']).status === 0 ? undefined : 'there is no /dev/net/tun');
if (!why && noTun) console.warn(`skipped: ${noTun}`);

describe.skipIf(noTun)('tuntap', () => {
  test('both do alike', () => doAlike({
    each: true, asked: ['ip -j tuntap', 'ip -j -d link show type tun'],
    lines: [
      'ip tuntap add dev t0 mode tun', 'ip tuntap add name t1 mode tap user 1000 group 50 pi', 'ip tuntap add t2 mode tap multi_queue vnet_hdr one_queue', 'ip tuntap add mode tun', 'ip tap add t3 mode tap user root group root',
      'ip tuntap del t0 mode tun', 'ip tuntap delete dev t2 mode tap multi_queue', 'ip tuntap del nothing mode tap',
      '!ip tuntap add t5', '!ip tuntap add t5 mode tub', '!ip tuntap add t5 mode tun user nobody-at-all', '!ip tuntap add lo mode tap', '!ip tuntap add t1 mode tun', '!ip tuntap del t1', '!ip tuntap frob',
    ],
  }), 120_000);

  describe('both print alike', () => {
    let attached: ReturnType<typeof spawn> | undefined;
    beforeAll(async () => {
      await prepare('shown', ['ip tuntap add dev t0 mode tun user 1000 group 50 pi', 'ip tuntap add t1 mode tap multi_queue vnet_hdr', 'ip tuntap add t2 mode tap user 0']);
      if (!existsSync('/usr/bin/python3')) return void console.warn('skipped: without /usr/bin/python3 nobody has a device open');
      writeFileSync('/run/attach.py', [
        'import fcntl, os, struct, time', 'device = [os.open("/dev/net/tun", os.O_RDWR) for _ in "123"]',
        'for fd, name, flags in zip(device, (b"t1", b"t1", b"t9"), (0x5102, 0x5102, 0x1002)): fcntl.ioctl(fd, 0x400454ca, struct.pack("16sH22x", name, flags))',
        'print("ready", flush=True)', 'time.sleep(600)',
      ].join('\n'));
      attached = spawn('ip', ['netns', 'exec', 'shown', '/usr/bin/python3', '/run/attach.py'], { stdio: ['ignore', 'pipe', 'inherit'] });
      await new Promise((resolve) => { attached!.stdout!.once('data', resolve); });
    }, 120_000);
    afterAll(async () => {
      attached?.kill();
      await sh('ip netns del shown');
    });

    test.each(forms(['', '-j', '-j -p', '-o', '-N', '-4', '-s', '-c=always'], 'tuntap', 'tuntap list'))('%s', (line) => alike(line, 'shown'));
    test.each(['ip -d tuntap', 'ip -o -d tuntap show'])('%s: who has a device open', async (line) => {
      await alike(line, 'shown');
      if (attached) expect((await nlkit(inside(line, 'shown'))).stdout).toMatch(/t1: .*\n?\tAttached to processes:python3\((\d+)\)python3\(\1\)/);
    });

    test('as JSON the processes are a list, and a name picks one device', async () => {
      const [t1] = JSON.parse((await nlkit('ip -n shown -j -d tuntap show dev t1')).stdout) as { processes: object[] }[];
      expect(t1).toMatchObject({ ifname: 't1', flags: ['tap', 'multi_queue', 'vnet_hdr', 'persist'] });
      if (attached) expect(() => JSON.parse(spawnSync('ip', ['-n', 'shown', '-j', '-d', 'tuntap'], { encoding: 'utf8' }).stdout) as unknown).toThrow(SyntaxError);
      table.meet('tuntap-json');
      if (attached) expect(t1!.processes).toEqual([{ name: 'python3', pid: attached.pid }, { name: 'python3', pid: attached.pid }]);
      expect((JSON.parse((await nlkit('ip -n shown -j tuntap show mode tun')).stdout) as { ifname: string }[]).map(({ ifname }) => ifname)).toEqual(['t0']);
    });

    test('without a name nothing is deleted', async () => {
      table.meet('tuntap-nobody');
      expect(await nlkit('ip -n shown tuntap del mode tun')).toMatchObject({ status: 1, stderr: expect.stringMatching(/which device/) as string });
      expect(await sh('ip -n shown tuntap del mode tun')).toMatchObject({ status: 0, stdout: '', stderr: '' });
    });

    test('what only sysfs tells', async () => {
      table.meet('tuntap-sysfs');
      const named = await sh('ip -n shown tuntap add t8 mode tun one_queue; ip -n shown tuntap show');
      expect(named.stdout).toMatch(/^t8: tun one_queue persist$/m);
      expect((await nlkit('ip -n shown tuntap show t8')).stdout).toBe('t8: tun persist\n');
      await sh('ip -n shown tuntap del t8 mode tun');
      // Here sysfs is of this namespace once it is mounted.
      await sh('ip tuntap add t8 mode tun one_queue');
      try {
        const c = libc(), [none, sys, sysfs] = ['none', '/sys', 'sysfs'].map(cString) as [Uint8Array, Uint8Array, Uint8Array];
        expect(c.mount(c.pointer(none), c.pointer(sys), c.pointer(sysfs), c.size(0), c.nullPointer)).toBe(0);
        try {
          expect((await nlkit('ip tuntap show t8')).stdout).toBe('t8: tun one_queue persist\n');
        } finally {
          c.umount2(c.pointer(sys), 0);
        }
      } finally {
        await sh('ip tuntap del t8 mode tun');
      }
    });
  });
});

/** Loading a module makes a link in every namespace, the machine's own among them: only where the machine is the test's. */
const kinds = ['ipip', 'gre', 'sit', 'vti', 'ip6tnl', 'ip6gre', 'vti6'];
const noTunnels = why ?? (process.env['NLKIT_LIVE'] === undefined ? 'tunnels are compared on a kernel of their own: npm run test:vm'
  : kinds.map((kind) => spawnSync('ip', ['link', 'add', 'try0', 'type', kind, ...(kind.includes('6') ? ['remote', '2001:db8::1'] : ['remote', '192.0.2.1'])], { encoding: 'utf8' }).stderr + (spawnSync('ip', ['link', 'del', 'try0']) && '')).join('') || undefined);
if (!why && noTunnels) console.warn(`skipped: ${noTunnels}`);

/** A kernel with CONFIG_IPV6_SIT_6RD. */
const noRapid = noTunnels || spawnSync('sh', ['-c', 'ip tunnel add try1 mode sit remote 192.0.2.1 && ip tunnel 6rd dev try1 6rd-prefix 2001:db8::/32; s=$?; ip tunnel del try1; exit $s']).status !== 0;

describe.skipIf(noTunnels)('tunnels', () => {
  const made = [
    'ip tunnel add x0 mode ipip remote 10.0.0.1 local 10.0.0.2 ttl 64 tos inherit dev lo', 'ip tunnel add x1 mode ip/ip remote 10.0.0.1 local 10.0.0.3 nopmtudisc tos 10', 'ip tunnel add x2 mode gre remote 10.0.0.1 key 5 seq csum',
    'ip tunnel add x3 mode gre/ip remote 10.0.0.1 ikey 1.2.3.4 okey 7 icsum oseq tos 11', 'ip tunnel add x4 mode gre remote 239.1.1.1 local 10.0.0.2', 'ip tunnel add x5 mode sit remote 10.0.0.1', 'ip tunnel add x6 mode ipv6/ip remote any local 10.0.0.5 ttl 33',
    'ip tunnel add x7 mode isatap local 10.0.0.6', 'ip tunnel add v8 mode vti remote 10.0.0.1 local 10.0.0.2 key 9', 'ip tunnel add v9 mode vti local 10.0.0.7 ikey 3', 'ip tunnel add name ipip7 remote 10.0.7.1', 'ip tunnel add gre7 remote 10.0.7.1', 'ip tunnel add sit7 remote 10.0.7.1',
    'ip tunnel add isatap7 local 10.0.7.1', 'ip tunnel add vti7 local 10.0.7.1 key 8', 'ip tunnel add mode ipip remote 10.0.9.9', 'ip tunnel add mode gre remote 10.0.9.9 dev lo',
  ];
  const made6 = [
    'ip -6 tunnel add z0 mode ip6ip6 remote fd00::1 local fd00::2', 'ip -6 tunnel add z1 mode ipip6 remote fd00::1 local fd00::3 encaplimit none hoplimit 3 tclass 0x12 flowlabel 0x345',
    'ip -6 tunnel add z2 mode any remote fd00::1 local fd00::4 tclass inherit flowlabel inherit dscp inherit allow-localremote dev lo', 'ip -6 tunnel add z3 mode ip6gre remote fd00::1 key 5 csum seq', 'ip -6 tunnel add z4 mode gre/ipv6 remote fd00::9 ikey 4',
    'ip -6 tunnel add z6 remote fd00::66', 'ip tunnel add z7 mode ip6ip6 remote fd00::77', 'ip -6 tunnel add vz5 mode vti6 remote fd00::1 local fd00::2 key 7',
  ];
  const asked = ['ip -j -d link show', 'ip -j tunnel', 'ip -j -6 tunnel'];

  test('made', () => doAlike({
    asked, lines: [
      ...made, '!ip tunnel add q7 local 10.0.7.1', '!ip tunnel add x0 mode ipip remote 10.0.0.99', '!ip tunnel add y0 mode ipip remote 10.0.0.1 local 10.0.0.2 dev lo', '!ip tunnel add y1 mode ipip remote 10.0.0.1 key 5', '!ip tunnel add y2 mode ipip remote fd00::1',
      '!ip tunnel add y3 mode ipip ttl 64 nopmtudisc', '!ip tunnel add y4 mode foo', '!ip tunnel add y5 mode gre remote 239.1.1.1', '!ip -0 tunnel',
    ],
  }), 900_000);

  test('made over IPv6', () => doAlike({ asked, lines: [...made6, '!ip tunnel add z8 mode ip6ip6 remote fd00::78 local 10.0.0.1', '!ip -6 tunnel add z9 mode sit remote fd00::1'] }), 900_000);

  test('changed', () => doAlike({
    asked, setup: [...made, ...made6],
    lines: [
      'ip tunnel change x0 ttl 33', '!ip tunnel change x0 mode gre', 'ip tunnel change x2 remote 10.0.0.9', 'ip tunnel change x2 key 77', 'ip tunnel change x5 ttl 9', 'ip tunnel change x7 ttl 9', 'ip -6 tunnel change z0 hoplimit 9',
      '!ip tunnel change nothing mode ipip ttl 9', '!ip tunnel change lo ttl 9',
    ],
  }), 900_000);

  test('deleted', () => doAlike({
    asked, setup: [...made, ...made6],
    lines: [
      'ip tunnel del x0', '!ip tunnel del x0', 'ip tunnel del x2 mode gre', 'ip tunnel del name x5', 'ip tunnel del mode ipip remote 10.0.0.1 local 10.0.0.3', '!ip tunnel del gre0', '!ip tunnel del lo', '!ip tunnel del remote 10.0.7.1',
      'ip -6 tunnel del z0', 'ip -6 tunnel del z3', '!ip -6 tunnel del ip6tnl0', 'ip tunnel del z1', '!ip tunnel frob',
    ],
  }), 900_000);

  test('potential routers of ISATAP', () => doAlike({
    each: true, asked: ['ip -j tunnel'], setup: [made[5]!, made[7]!],
    lines: [
      'ip tunnel prl dev x7 prl-default 10.1.1.1', 'ip tunnel prl dev x7 prl-nodefault 10.1.1.2', 'ip tunnel prl dev x7 prl-delete 10.1.1.1', '!ip tunnel prl dev x7 prl-delete 10.1.1.9', '!ip tunnel prl dev x7', '!ip tunnel prl', '!ip tunnel 6rd dev x5',
    ],
  }), 300_000);

  test.skipIf(noRapid)('prefixes of rapid deployment', () => doAlike({
    each: true, asked: ['ip -j tunnel'], setup: [made[5]!],
    lines: ['ip tunnel 6rd dev x5 6rd-prefix 2001:db8::/32', 'ip tunnel 6rd dev x5 6rd-prefix 2001:db8::/32 6rd-relay_prefix 10.0.0.0/8', 'ip tunnel 6rd dev x5 6rd-reset'],
  }), 300_000);

  test.skipIf(noRapid)("a relay's prefix alone", async () => {
    table.meet('rapid-relay');
    const tool = (line: string) => sh(`ip -n alone ${line}`);
    try {
      await sh('ip netns add alone');
      await tool('tunnel add r1 mode sit remote 10.0.0.1');
      expect(await nlkit('ip -n alone tunnel 6rd dev r1 6rd-relay_prefix 10.0.0.0/8')).toMatchObject({ status: 1, stderr: expect.stringContaining('which prefix?') as string });
      expect((await tool('-d link show r1')).stdout).toContain('6rd-prefix 2002::/16');
      expect((await tool('tunnel 6rd dev r1 6rd-relay_prefix 10.0.0.0/8')).status).toBe(0);
      expect((await tool('-d link show r1')).stdout).not.toContain('6rd-prefix 2002::/16');
    } finally {
      await sh('ip netns del alone');
    }
  }, 120_000);

  describe('both print alike', () => {
    beforeAll(() => prepare('shown', [...made, ...made6, 'ip tunnel prl dev x7 prl-default 10.1.1.1', 'ip tunnel prl dev x7 prl-nodefault 10.1.1.2', 'ip link add n1 type ipip local 10.3.0.1 remote 10.3.0.3 mode any', 'ip link add n2 type sit local 10.3.0.1 remote 10.3.0.2 mode ipip', 'ip link add n3 type ip6tnl local fd03::1 remote fd03::2 mode any']), 300_000);
    afterAll(async () => { await sh('ip netns del shown'); });

    test.each([
      ...forms(['', '-j', '-o', '-s', '-o -s', '-4', '-d', '-N'], 'tunnel'), ...forms(['', '-j -p', '-c=always', '-s'], 'tunnel show x2', 'tunnel list x7', 'tunnel lst x3'), ...forms([''], 'tunnel show dev lo', 'tunnel show remote 10.0.0.1'),
      // Of a lone tunnel over IPv6 it gives text, whatever it is asked for.
      ...forms(['-6', '-6 -j', '-6 -s', '-6 -o', '-6 -c=always'], 'tunnel', 'tunnel show remote fd00::1', 'tunnel show dev lo'), ...forms(['-6', '-6 -s', '-6 -o'], 'tunnel show z3'),
    ])('%s', (line) => alike(line, 'shown'), 120_000);

    test('counters, and a lone tunnel, as JSON', async () => {
      for (const [id, line] of [['tunnel-json-counters', 'ip -n shown -s -j tunnel'], ['tunnel-json-one', 'ip -n shown -6 -j tunnel show z3']] as const) {
        table.meet(id);
        expect(() => JSON.parse(spawnSync('sh', ['-c', line], { encoding: 'utf8' }).stdout) as unknown).toThrow(SyntaxError);
        expect(JSON.parse((await nlkit(line)).stdout)).toEqual(expect.arrayContaining([expect.objectContaining({ ifname: id === 'tunnel-json-one' ? 'z3' : 'x2' })]));
      }
    });

    test('limits to the MTU, and the header of VTI', async () => {
      table.meet('tunnel-limits');
      table.meet('tunnel-vti');
      expect((await sh('ip -n shown tunnel add w1 mode vti local 10.0.9.7 key 55')).status).toBe(0);
      expect((await nlkit('ip -n shown tunnel add w2 mode ipip local 10.0.9.8')).status).toBe(0);
      expect((await sh('ip -n shown tunnel add w3 mode vti local 10.0.9.9 ttl 5; ip -n shown tunnel show w3')).stdout).toMatch(/ttl 5/);
      expect(await nlkit('ip -n shown tunnel add w4 mode vti local 10.0.9.10 ttl 5')).toMatchObject({ status: 1 });
      await nlkit('ip -n shown tunnel add w4 mode vti local 10.0.9.10');
      expect((await sh('ip -n shown tunnel show w1; ip -n shown tunnel show w4')).stdout).toMatch(/^w1: [^\n]* ttl inherit key 55\nw4: [^\n]* ttl inherit nopmtudisc /);
      expect((await sh('ip -n shown -d link show w2')).stdout).toMatch(/maxmtu 0 /);
      expect((await sh('ip -n shown tunnel add w5 mode ipip local 10.0.9.11; ip -n shown -d link show w5')).stdout).not.toMatch(/maxmtu 0 /);
    });

    test('a limit of encapsulations that is no number', async () => {
      table.meet('tunnel-encaplimit');
      const line = 'ip -n shown -6 tunnel add w6 mode ip6ip6 remote fd00::99 encaplimit x';
      expect(await nlkit(line)).toEqual({ status: 1, stdout: '', stderr: expect.stringMatching(/"x" is not a.* for "encaplimit"/) as string });
      expect(await sh(`${line}; ip -n shown -6 tunnel show w6`)).toMatchObject({ status: 0, stdout: expect.stringMatching(/^w6: .* encaplimit \d/) as string });
    });

    test('GRE over IPv6 is changed, which iproute2 says and does not do', async () => {
      table.meet('tunnel-change');
      expect(await nlkit('ip -n shown -6 tunnel change z4 hoplimit 9')).toEqual({ status: 0, stdout: '', stderr: '' });
      expect((await sh('ip -n shown -d link show z4')).stdout).toMatch(/ip6gre remote fd00::9 .*hoplimit 9 .*ikey 0\.0\.0\.4/);
      expect(await sh('ip -n shown -6 tunnel change z4 hoplimit 7; ip -n shown -d link show z4')).toMatchObject({ status: 0, stdout: expect.stringMatching(/hoplimit 9 /) as string });
    });

    test('a mode, a key and a name alone pick tunnels', async () => {
      const names = async (line: string): Promise<string[]> => (JSON.parse((await nlkit(`ip -n shown -j tunnel show ${line}`)).stdout) as { ifname: string }[]).map(({ ifname }) => ifname);
      expect(await names('mode gre')).toEqual(['gre0', 'x2', 'x3', 'x4', 'gre7', 'gre1']);
      expect(await names('key 5')).toEqual(['x2']);
      expect(await names('z3')).toEqual(['z3']);
      table.meet('tunnel-mode');
      expect((await sh('ip -n shown tunnel show mode gre')).stdout).toMatch(/^gre0: [^\n]*\n$/);
      expect((await nlkit('ip -n shown tunnel show lo')).stderr).toMatch(/"lo" is not a tunnel/);
    });
  });
});

const noRouters = why ?? (() => {
  try {
    for (const family of ['inet', 'inet6'] as const) new MulticastRouter({ path: '/proc/thread-self/ns/net' }, family).close();
    return undefined;
  } catch (error) {
    return `this kernel routes no multicast: ${(error as Error).message}`;
  }
})();
if (!why && noRouters) console.warn(`skipped: ${noRouters}`);

describe.skipIf(noRouters)('multicast', () => {
  const routers: MulticastRouter[] = [];
  const pairs = [0, 1, 2].flatMap((i) => [`ip link add v${i} type veth peer name p${i}`, `ip link set v${i} up`, `ip address add 192.0.${i + 2}.1/24 dev v${i}`]);

  beforeAll(async () => {
    await prepare('routed', ['ip link set lo up', ...pairs]);
    expect(await sh(['ip netns add source', 'ip -n routed link set p0 netns source', 'ip -n source link set p0 up', 'ip -n source address add 192.0.2.9/24 dev p0', 'ip -n source route add 224.0.0.0/4 dev p0'].join(' && '))).toMatchObject({ status: 0 });
    const indexes = (JSON.parse((await sh('ip -n routed -j link')).stdout) as { ifname: string; ifindex: number }[]).filter(({ ifname }) => ifname.startsWith('v')).map(({ ifindex }) => ifindex);
    expect(indexes.length).toBe(3);
    const [a, b, c] = [new MulticastRouter('routed', 'inet'), new MulticastRouter('routed', 'inet6'), new MulticastRouter('routed', 'inet', 100)] as const;
    routers.push(a, b, c);
    for (const router of routers) router.interfaces(...indexes);
    a.route('192.0.2.5', '239.1.1.1', 0, [0, 1]);
    a.route('192.0.2.6', '239.1.1.2', 0, [0, 3, 1]);
    a.route('192.0.3.6', '239.1.1.3', 1, []);
    b.route('2001:db8::5', 'ff05::1', 0, [0, 1, 1]);
    c.route('192.0.2.7', '239.1.1.9', 0, [0, 1]);
    // A packet that no route is there for waits.
    await sh("ip netns exec source bash -c 'echo x > /dev/udp/239.7.7.7/9'");
  }, 120_000);
  afterAll(async () => {
    for (const router of routers) router.close();
    await sh('ip netns del routed; ip netns del source');
  });

  test.each([
    ...forms(['', '-j', '-s', '-s -j', '-d', '-6', '-6 -j -p', '-6 -s', '-o -s', '-c=always', '-N'], 'mroute'),
    ...forms(['', '-j -s', '-6', '-6 -d'], 'mroute show table all'), ...forms(['', '-j'], 'mroute list table 100', 'mroute lst table default', 'mroute show iif v0'),
  ])('%s', (line) => alike(line, 'routed'));

  test('a packet that waits is told', async () => {
    expect((await nlkit('ip -n routed mroute')).stdout).toMatch(/^\(192\.0\.2\.9,239\.7\.7\.7\) +Iif: unresolved {2}State: unresolved$/m);
  });

  test('prefixes, which iproute2 has words for and refuses', async () => {
    const groups = async (line: string): Promise<string[]> => (JSON.parse((await nlkit(`ip -n routed -j ${line}`)).stdout) as { dst: string }[]).map(({ dst }) => dst);
    expect(await groups('mroute show 239.1.1.0/31')).toEqual(['239.1.1.1']);
    expect(await groups('mroute show to 239.1.1.2 from 192.0.2.0/24')).toEqual(['239.1.1.2']);
    expect(await groups('mroute show from 192.0.3.0/24')).toEqual(['239.1.1.3']);
    expect(await groups('-6 mroute show ff00::/8')).toEqual(['ff05::1']);
    if (version < 615) expect((await sh('ip -n routed mroute show 239.1.1.2')).status).not.toBe(0);
  });

  test('rules', () => doAlike({
    each: true, asked: ['ip -j mrule', 'ip -6 -j mrule', 'ip -j rule'], setup: pairs.slice(0, 2),
    lines: ['ip mrule add iif v0 table 100', 'ip mrule add blackhole', 'ip mrule add pref 5', 'ip -6 mrule add iif v0 table 6', 'ip mrule add fwmark 7 oif v0 lookup 9 pref 8', 'ip mrule del pref 5', '!ip mrule del pref 77', '!ip -0 mrule', '!ip mrule add from 10.0.0.0/8 table 5', 'ip mrule flush'],
  }), 120_000);

  test('ip monitor mroute', async () => {
    await prepare('heard', ['ip link set lo up', ...pairs]);
    const tool = spawn('ip', ['-n', 'heard', 'monitor', 'mroute', 'label'], { stdio: ['ignore', 'pipe', 'inherit'] });
    let theirs = '';
    tool.stdout.setEncoding('utf8').on('data', (text: string) => { theirs += text; });
    const stop = new AbortController(), sides = [new Captured(), new Captured()];
    let listening = 0;
    class Stoppable extends LiveKernel {
      override monitor(groups: readonly string[]) {
        const events = super.monitor(groups, { signal: stop.signal });
        listening++;
        return events;
      }
    }
    const until = async (done: () => boolean): Promise<void> => {
      for (let wait = 0; wait < 200 && !done(); wait++) await new Promise((resolve) => { setTimeout(resolve, PATIENCE / 200); });
    };
    const ended = ['ip -n heard monitor mroute label', 'ip -n heard -j monitor mroute'].map((line, i) => run(split(line), sides[i]!, (netns) => new Stoppable(netns)));
    try {
      await until(() => listening === 2);
      await new Promise((resolve) => { setTimeout(resolve, PATIENCE / 20); });
      const router = new MulticastRouter('heard', 'inet');
      router.interfaces(1);
      router.route('192.0.2.5', '239.1.1.1', 0, []);
      router.close();
      await until(() => theirs.includes('Deleted') && sides.every(({ stdout }) => /Deleted|"del"/.test(stdout)));
      expect(theirs).toMatch(/^\[MROUTE\]\(192\.0\.2\.5,239\.1\.1\.1\) [^]*^\[MROUTE\]Deleted /m);
      expect(sides[0]!.stdout).toBe(theirs);
      const events = sides[1]!.stdout.trim().split('\n').map((line) => JSON.parse(line) as { event: string; object: string; value: object });
      expect(events).toMatchObject([{ event: 'add', object: 'mroute', value: { src: '192.0.2.5', dst: '239.1.1.1', iif: 'lo' } }, { event: 'del', object: 'mroute' }]);
    } finally {
      stop.abort();
      tool.kill();
      await Promise.all(ended);
      await sh('ip netns del heard');
    }
  }, 120_000);
});

test('differences', () => {
  const parts = { tuntap: noTun, tunnel: noTunnels, rapid: noRapid || undefined };
  expect(table.missing().filter((id) => parts[id.split('-')[0] as 'tunnel'] === undefined)).toEqual([]);
});
