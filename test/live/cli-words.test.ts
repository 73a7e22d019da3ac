/**
 * Multicast groups and forwarding entries, rules with masks, colours, units, extended counters, saved files and recordings: beside the real
 * tools. `NLKIT_IPROUTE2` may name a folder with another iproute2 than the one installed: most of this wants 6.15.
 */
import { spawn, spawnSync } from 'node:child_process';
import { closeSync, openSync, readFileSync, writeFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { split } from '../../src/cli/batch.ts';
import { Captured } from '../../src/cli/output.ts';
import { run } from '../../src/cli/run.ts';
import { expected } from '../support/differences.ts';
import { has, iproute2Version, isolate } from './support.ts';

const folder = process.env['NLKIT_IPROUTE2'];
if (folder !== undefined) process.env['PATH'] = `${folder}:${process.env['PATH']}`;
const why = isolate() ?? (has('ip') && has('bridge') ? undefined : 'iproute2 is not installed');
if (why) console.warn(`skipped: ${why}`);

const version = why ? 0 : iproute2Version(), table = expected('live/cli-words', version);
const newTool = version >= 615;
if (!why && !newTool) console.warn(`iproute2 ${version / 100} is older than 6.15: groups, rules and VLANs are not compared (NLKIT_IPROUTE2 names a newer one)`);

const sh = (line: string) => spawnSync('timeout', ['30', 'sh', '-c', line], { encoding: 'utf8' });
const inside = (line: string, namespace: string): string => line.replace(/^(ip|bridge)\b/, `$1 -n ${namespace}`);
const lacking = /Unknown device type|not supported|No such device|No such file|does not exist|Cannot find device|is unknown|is a garbage|vlan_filtering|Vlan filtering|Cannot find bridge/i;
const skipped: string[] = [];

async function nlkit(line: string): Promise<{ status: number; out: Captured }> {
  const out = new Captured();
  return { status: await run(split(line), out), out };
}

/** Prepares a namespace in one shell; a line that begins with `?` may be beyond this kernel. */
function prepare(namespace: string, rig: readonly string[]): void {
  const script = [`ip netns add ${namespace}`, ...rig].map((given, i) => `${inside(given.replace(/^\?/, ''), i === 0 ? '' : namespace).replace(' -n  ', ' ')} 2>&1 || echo "!! ${i}"`);
  let said = '';
  for (const line of spawnSync('timeout', ['60', 'sh', '-c', script.join('\n')], { encoding: 'utf8' }).stdout.split('\n')) {
    const failed = /^!! (\d+)$/.exec(line);
    if (!failed) said += line;
    else {
      const given = rig[Number(failed[1]) - 1] ?? 'ip netns add';
      if (!given.startsWith('?') || !lacking.test(said)) expect.fail(`${given}: ${said}`);
      skipped.push(`${given}: ${said.trim()}`);
      said = '';
    }
  }
}

const basis = [
  'ip link set lo up', 'ip link add v0 address 02:00:00:00:00:10 type veth peer name v1 address 02:00:00:00:00:11', 'ip link add br0 address 02:00:00:00:00:01 type bridge',
  'ip link set v0 master br0 up', 'ip link set v1 up', 'ip link set br0 up', 'ip address add 10.0.0.1/24 dev br0', 'ip address add fd00::1/64 dev br0 nodad',
  'ip route add 10.7.0.0/16 via 10.0.0.9 mtu 1400', 'ip route add blackhole 10.8.0.0/16', 'ip route add fd01::/64 via fd00::9', 'ip neigh add 10.0.0.33 lladdr 02:00:00:00:00:33 dev br0',
  'bridge fdb add 02:00:00:00:00:77 dev v0 master static', 'bridge mdb add dev br0 port v0 grp 239.1.1.1 permanent',
];
const groups = [
  'ip link add x0 type vxlan id 42 dstport 4789 local 10.0.0.1', 'bridge mdb add dev br0 port v0 grp 239.1.1.5 src 10.0.0.7 permanent proto bgp', 'bridge mdb add dev br0 port v0 grp ff0e::6 source_list 2001:db8::1,2001:db8::2 filter_mode exclude permanent',
  'bridge mdb add dev br0 port v0 grp 01:00:5e:01:02:03 permanent', '?bridge mdb add dev x0 port x0 grp 239.1.1.2 permanent dst 10.0.0.6 vni 8 src_vni 77 dst_port 99 via v1', '?bridge mdb add dev x0 port x0 grp 0.0.0.0 permanent dst 10.0.0.6',
  'ip link set v0 type bridge_slave mcast_router 2', '?ip rule add from 10.0.0.0/24 dscp 0x10/0x3c table 7', '?ip rule add sport 0x50/0xff dport 80/0xffff table 8', 'ip rule add sport 5 dport 6-7 table 8', '?ip rule add dscp 5 table 8',
  '?ip -6 rule add flowlabel 0x345/0xfff table 9', '?ip -6 rule add flowlabel 5 table 9 pref 77',
];
const filtered = [
  '?ip link add br1 address 02:00:00:00:00:02 type bridge vlan_filtering 1', '?ip link add x1 type vxlan external dstport 4790 local 10.0.0.1', '?ip link set x1 master br1', '?bridge link set dev x1 vlan_tunnel on', '?bridge vlan add dev x1 vid 10', '?bridge vlan add dev x1 vid 20-23',
  '?bridge vlan add dev x1 vid 10 tunnel_info id 100', '?bridge vlan add dev x1 vid 20-23 tunnel_info id 200-203', '?bridge vlan add dev br1 vid 7 self pvid untagged',
];

const forms = (options: readonly string[], tool: string, ...objects: string[]): string[] => options.flatMap((option) => objects.map((object) => `${tool} ${option} ${object}`.replace(/ +/g, ' ')));
const lines = [
  ...forms(['-c'], 'ip', 'route', '-6 route', 'route get 10.7.0.1', 'rule', 'neigh', 'address show dev br0', '-br address', '-o address', 'link show dev v0', '-br link'),
  ...forms(['-c'], 'bridge', 'link', 'fdb show br br0'),
  ...forms(['-h -s', '-h -s -s', '-h -iec -s', '-iec -s'], 'ip', 'link show lo', 'address show lo'),
  ...forms(['-r'], 'ip', 'address show lo', 'route', 'neigh'),
  ...forms(['', '-j'], 'ip', 'link xstats type bridge', 'link xstats type bridge_slave dev v0', 'link xstats type bridge dev br0 igmp', 'link show type veth', 'link show type nosuchkind', 'link show down', 'link show novf dev v0', 'route get 10.0.0.255'),
  ...(newTool ? [
    ...forms(['', '-d', '-s', '-d -s', '-j', '-j -d -s', '-o', '-c'], 'bridge', 'mdb', 'mdb show dev br0'), ...forms(['', '-d', '-j'], 'bridge', 'mdb get dev br0 grp 239.1.1.5 src 10.0.0.7', 'mdb get dev x0 grp 239.1.1.2 src_vni 77', 'mdb get dev br0 grp 239.9.9.9'),
    ...forms(['', '-j', '-o', '-compressvlans', '-j -compressvlans'], 'bridge', 'vlan tunnelshow', 'vlan tunnelshow dev x1 vid 21', 'vlan show'), ...forms(['-s', '-s -j', '-d', '-d -j', '-d -s'], 'bridge', 'vlan show dev x1', 'vlan show dev br1'),
    ...forms(['', '-j', '-N', '-6', '-6 -j'], 'ip', 'rule'), ...forms(['', '-j'], 'ip', 'route get fd00::7 flowlabel 0x55'), 'ip -N address',
  ] : []),
];
const mask = (text: string): string => text.replace(/ \d{3}\.\d\d\b/g, ' T').replace(/ used \d+\/\d+\/\d+/g, ' used').replace(/(bytes|packets)": ?\d+/g, '$1').replace(/("?expires"?:? ?)\d+/g, '$1T');

describe.skipIf(why)('both print alike', () => {
  beforeAll(() => {
    prepare('shown', [...basis, ...(newTool ? [...groups, ...filtered] : [])]);
    // Duplicate address detection and carrier settle; then what counters count comes by the loop only.
    spawnSync('sleep', ['3']);
    sh('ip netns exec shown ping -c 30 -i 0.01 -s 1400 -q 10.0.0.1');
  }, 120_000);
  afterAll(() => { sh('ip netns del shown'); });

  test.each(lines)('%s', async (line) => {
    for (let attempt = 1; ; attempt++) {
      const theirs = spawnSync('timeout', ['20', ...split(inside(line, 'shown'))], { encoding: 'utf8' });
      const { status, out } = await nlkit(inside(line, 'shown'));
      const [ours = '', wanted = ''] = table.even(line, out.stdout, theirs.stdout).map(mask);
      if (theirs.status !== 0 && lacking.test(theirs.stderr)) return void skipped.push(`${line}: ${theirs.stderr.trim()}`);
      if (ours !== wanted && attempt < 3) continue;
      expect(ours.split('\n')).toEqual(wanted.split('\n'));
      return expect(status === 0).toBe(theirs.status === 0);
    }
  });
});

describe.skipIf(why || !newTool)('both do alike', () => {
  const fdb = ['bridge fdb add 02:00:00:00:00:78 dev v0 master', 'bridge fdb add 02:00:00:00:00:79 dev v0 master dynamic', 'bridge fdb add 02:00:00:00:00:7a dev v0 master static extern_learn', 'bridge fdb add 02:00:00:00:00:7b dev v0 master static sticky'];
  test.each([
    ...['', ' permanent', ' nopermanent', ' static', ' nostatic', ' dynamic', ' nodynamic', ' extern_learn', ' noextern_learn', ' sticky', ' nosticky', ' added_by_user', ' brport v0', ' brport br0', ' vlan 5'].map((word) => `bridge fdb flush dev br0${word}`),
    ...['', ' port v0', ' permanent', ' nopermanent', ' proto bgp', ' vid 5', ' port br0'].map((word) => `bridge mdb flush dev br0${word}`),
  ])('%s', async (line) => {
    const sides = ['theirs', 'ours'] as const;
    // The kernel makes entries on its own time, too: only those that were asked for are compared.
    const ask = (side: string): string[] => [
      ...(JSON.parse(sh(inside('bridge -j fdb show br br0', side)).stdout) as { mac: string; state: string }[]).filter(({ mac }) => mac.startsWith('02:00:00:00:00:7')),
      ...(JSON.parse(sh(inside('bridge -j -d mdb show dev br0', side)).stdout) as [{ mdb: { grp: string }[] }])[0].mdb.filter(({ grp }) => !grp.startsWith('ff02')),
    ].map((entry) => JSON.stringify({ ...entry, index: 0 })).sort();
    try {
      for (const side of sides) prepare(side, [...basis, ...groups.filter((one) => /br0/.test(one)), ...fdb]);
      expect(ask('ours')).toEqual(ask('theirs'));
      expect(sh(inside(line, 'theirs'))).toMatchObject({ status: 0, stderr: '' });
      const { status, out } = await nlkit(inside(line, 'ours'));
      expect({ status, said: out.stderr }).toEqual({ status: 0, said: '' });
      expect(ask('ours')).toEqual(ask('theirs'));
    } finally {
      sh(sides.map((side) => `ip netns del ${side}`).join('; '));
    }
  }, 60_000);
});

/** Descriptor 0 is a file for a while: the lowest that is free is the next that is opened. */
async function reading<T>(path: string, body: () => Promise<T>): Promise<T> {
  closeSync(0);
  expect(openSync(path, 'r')).toBe(0);
  try {
    return await body();
  } finally {
    closeSync(0);
    openSync('/dev/null', 'r');
  }
}

/** The messages of a saved file: what the kernel's flags, sequence and port were is no part of it. */
function entries(bytes: Uint8Array): string[] {
  const view = Buffer.from(bytes), out = [view.subarray(0, 4).toString('hex')];
  for (let at = 4, length = 0; at < view.length; at += (length + 3) & ~3) {
    length = view.readUInt32LE(at);
    out.push(view.subarray(at, at + 6).toString('hex') + view.subarray(at + 16, at + length).toString('hex'));
  }
  return out;
}

describe.skipIf(why)('saved files', () => {
  beforeAll(() => { prepare('kept', [...basis, 'ip rule add from 10.1.0.0/16 table 7']); spawnSync('sleep', ['2']); }, 60_000);
  afterAll(() => { sh('ip netns del kept'); });

  test.each(['ip route save', 'ip route save table all', 'ip -6 route save', 'ip address save', 'ip address save dev br0', 'ip -6 address save', 'ip rule save', 'ip -6 rule save'])('%s: the same file, and both read it', async (line) => {
    expect(sh(`${inside(line, 'kept')} > /run/theirs`).stderr).toBe('');
    const { status, out } = await nlkit(inside(line, 'kept'));
    expect(status).toBe(0);
    expect(entries(out.bytes)).toEqual(entries(readFileSync('/run/theirs')));
    if (/rule/.test(line)) return;
    const show = inside(line.replace(/save.*/, 'showdump'), 'kept');
    writeFileSync('/run/ours', out.bytes);
    const [theirs, read] = [sh(`${show} < /run/theirs`).stdout, sh(`${show} < /run/ours`).stdout];
    expect(read).toBe(theirs);
    const { out: shown } = await reading('/run/theirs', () => nlkit(show));
    expect(table.even(show, shown.stdout, theirs)[0]).toBe(theirs);
  });

  test.each([['route', 'ip route flush table main', 'ip route'], ['address', 'ip address flush dev br0', 'ip -4 -o address'], ['rule', 'ip rule flush', 'ip rule']])('%s: each restores what the other saved', async (object, gone, question) => {
    const before = sh(inside(question, 'kept')).stdout;
    sh(`${inside(`ip ${object} save`, 'kept')} > /run/theirs`);
    const { out } = await nlkit(inside(`ip ${object} save`, 'kept'));
    writeFileSync('/run/ours', out.bytes);
    sh(inside(gone, 'kept'));
    expect(sh(inside(question, 'kept')).stdout).not.toBe(before);
    const { status, out: said } = await reading('/run/theirs', () => nlkit(inside(`ip ${object} restore`, 'kept')));
    expect({ status, said: said.stderr }).toEqual({ status: 0, said: '' });
    const now = new Set(sh(inside(question, 'kept')).stdout.split('\n'));
    expect(now).toEqual(new Set(before.split('\n')));
    sh(inside(gone, 'kept'));
    expect(sh(`${inside(`ip ${object} restore`, 'kept')} < /run/ours`).status).toBe(0);
    expect(new Set(sh(inside(question, 'kept')).stdout.split('\n'))).toEqual(now);
  });

  test('another kind of file is refused', async () => {
    sh(`${inside('ip rule save', 'kept')} > /run/rules`);
    const { status, out } = await reading('/run/rules', () => nlkit(inside('ip route restore', 'kept')));
    expect(status).toBe(4);
    expect(out.stderr).toMatch(/no file of saved routes.*\n.*0x71706986/);
  });
});

describe.skipIf(why || !has('rtmon'))('recordings', () => {
  test('what rtmon wrote is told as iproute2 tells it', async () => {
    prepare('heard', ['ip link set lo up']);
    const recorder = spawn('ip', ['netns', 'exec', 'heard', 'rtmon', 'file', '/run/recording', 'all'], { stdio: 'ignore' });
    spawnSync('sleep', ['1']);
    for (const line of ['ip link add v0 address 02:00:00:00:00:10 type veth peer name v1', 'ip link set v0 mtu 1400', 'ip link set v0 up', 'ip address add 10.0.0.1/24 dev v0', 'ip route add 10.9.0.0/16 dev v0', 'ip rule add from 10.0.0.0/8 table 9', 'ip address del 10.0.0.1/24 dev v0']) sh(inside(line, 'heard'));
    spawnSync('sleep', ['1']);
    recorder.kill();
    try {
      for (const line of ['ip monitor file /run/recording', 'ip -o monitor all file /run/recording', ...(newTool ? ['ip -d monitor file /run/recording'] : [])]) {
        const theirs = sh(inside(line, 'heard')).stdout;
        expect(theirs).toMatch(/10\.9\.0\.0\/16/);
        expect((await nlkit(inside(line, 'heard'))).out.stdout.split('\n')).toEqual(theirs.split('\n'));
      }
    } finally {
      sh('ip netns del heard');
    }
  }, 60_000);
});

test.skipIf(why)('the differences are those of the table', () => { expect(table.missing()).toEqual([]); });

test('what could not be compared here', () => {
  if (skipped.length > 0) console.warn(`skipped, this kernel or iproute2 lacks it:\n  ${skipped.join('\n  ')}`);
  expect(skipped.length).toBeLessThan(60);
});
