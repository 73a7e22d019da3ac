/** `--atomic -batch`: all lines or none, by what iproute2 sees before and after. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { split } from '../../src/cli/batch.ts';
import { Captured } from '../../src/cli/output.ts';
import { run } from '../../src/cli/run.ts';
import { has, isolate, sh } from './support.ts';

const why = isolate() ?? (has('ip') && has('bridge') ? undefined : 'no iproute2');
if (why) console.warn(`skipped: ${why}`);

const folder = why ? '' : mkdtempSync(join(tmpdir(), 'nlkit-atomic-'));
afterAll(() => { if (folder) rmSync(folder, { recursive: true }); });

async function atomic(lines: readonly string[], more = ''): Promise<{ status: number; stdout: string; stderr: string }> {
  const out = new Captured(), file = join(folder, 'lines');
  writeFileSync(file, `${lines.join('\n')}\n`);
  const status = await run(split(`ip ${more} --atomic -batch ${file}`), out);
  return { status, stdout: out.stdout, stderr: out.stderr.replaceAll(file, 'FILE') };
}

/** What is there before: of each kind of object some, and ones that others hang on. */
const before = `
ip link set lo up
ip link add v0 type veth peer name v1
ip link add v2 type veth peer name v3
ip link add br0 address 02:00:00:00:00:b0 type bridge
ip link add p0 address 02:00:00:00:00:a0 type veth peer name p1
ip link set p0 master br0
for l in v0 v1 v2 v3 p0 p1 br0; do ip link set $l addrgenmode none; ip link set $l up; done
ip link set v0 alias "the first"
ip link property add dev v0 altname uplink
ip addr add 192.0.2.1/24 dev v0
ip addr add 192.0.2.2/24 dev v0
ip addr add 198.51.100.1 peer 198.51.100.2/32 dev v0
ip addr add fd00::1/64 dev v0 nodad
ip addr add fd00::2/64 dev v0 nodad
ip addr add 10.77.0.1/24 dev br0
ip neigh add 192.0.2.9 lladdr 02:00:00:00:00:09 dev v0 nud permanent
ip neigh add fd00::9 lladdr 02:00:00:00:00:09 dev v0 nud permanent
ip neigh add 192.0.2.8 lladdr 02:00:00:00:00:08 dev v2 nud permanent
ip neigh add proxy 192.0.2.99 dev v0
ip route add 10.1.0.0/16 via 192.0.2.9
ip route add 10.1.0.0/16 via 192.0.2.8 metric 50
ip route append 10.1.0.0/16 via 192.0.2.7
ip route append 10.1.0.0/16 via 192.0.2.6
ip route add 10.2.0.0/16 src 192.0.2.2 via 192.0.2.9 mtu 1300 table 100
ip route add 10.3.0.0/16 nexthop via 192.0.2.9 weight 2 nexthop via 192.0.2.8
ip route add 10.9.0.0/16 dev v2
ip route add blackhole 10.66.0.0/16
ip -6 route add fd01::/64 via fd00::9
ip -6 route append fd01::/64 via fd00::8
ip -6 route add fd02::/64 dev v2
ip nexthop add id 1 via 192.0.2.9 dev v0
ip nexthop add id 2 via 192.0.2.8 dev v0
ip nexthop add id 10 group 1/2,3
ip route add 10.4.0.0/16 nhid 10
ip rule add from 10.0.0.0/8 table 100 priority 500
ip rule add from 10.1.0.0/16 table 101 priority 500
ip rule add from 10.2.0.0/16 table 102 priority 500
ip -6 rule add to fd01::/64 table 100 priority 600
ip addrlabel add prefix fd05::/32 label 77
bridge fdb add 02:00:00:00:00:f1 dev p0 master static
bridge fdb add 02:00:00:00:00:f2 dev v0 self
`;

const lines = [
  // Routes: new ones, replaced ones, the first, middle and last of several, those that others are reached by.
  'route add 10.5.0.0/16 via 192.0.2.9', 'route add unreachable 10.67.0.0/16', 'route replace 10.1.0.0/16 via 192.0.2.5', 'route replace 10.6.0.0/16 dev v0',
  'route append 10.1.0.0/16 via 192.0.2.4', 'route prepend 10.1.0.0/16 via 192.0.2.3', 'route del 10.1.0.0/16 via 192.0.2.7', 'route change 10.2.0.0/16 via 192.0.2.8 table 100',
  'route del 10.3.0.0/16', 'route del blackhole 10.66.0.0/16', '-- route add fd03::/64 via fd00::9', 'route append fd01::/64 via fd00::7', 'route del fd01::/64 via fd00::9', 'route replace fd01::/64 via fd00::6',
  // Neighbours.
  'neigh add 192.0.2.10 lladdr 02:00:00:00:00:0a dev v0', 'neigh replace 192.0.2.9 lladdr 02:00:00:00:00:19 dev v0', 'neigh del fd00::9 dev v0', 'neigh add proxy 192.0.2.98 dev v0', 'neigh del proxy 192.0.2.99 dev v0',
  // Rules, next hops, labels.
  'rule add from 10.9.0.0/16 table 100', 'rule add from 10.3.0.0/16 table 100 priority 500', 'rule del from 10.1.0.0/16 table 101 priority 500', 'nexthop add id 3 via 192.0.2.7 dev v0', 'nexthop replace id 2 via 192.0.2.6 dev v0',
  'nexthop replace id 10 group 1/3', 'nexthop del id 1', 'addrlabel add prefix fd06::/32 label 78', 'addrlabel del prefix fd05::/32 label 77',
  // Addresses: the first of a device, which takes all with it when it goes; the main one of a network.
  'addr add 203.0.113.1/24 dev v2', 'addr add 192.0.2.3/24 dev v0', 'addr replace fd00::1/64 dev v0 preferred_lft 100 valid_lft 200', 'addr add fd00::3/64 dev v0 nodad', 'addr del 192.0.2.1/24 dev v0', 'addr del fd00::2/64 dev v0',
  // Links.
  'link set v2 mtu 1400', 'link set v2 txqueuelen 77', 'link set v2 alias "other words"', 'link set v0 alias ""', 'link set v2 multicast off', 'link set br0 type bridge forward_delay 400 stp_state 1',
  'link property add dev v0 altname other', 'link property del dev v0 altname uplink', 'link set v1 master br0', 'link set p0 type bridge_slave cost 77', 'link set v3 address 02:00:00:00:00:33', 'link set v2 group 7',
  'link add n0 type veth peer name n1', 'link set n0 up', 'link set n1 master br0', 'addr add 10.88.0.1/24 dev n0', 'route add 10.89.0.0/16 via 10.88.0.2', 'link set n0 down', 'link set n0 name n9', 'link set n9 up mtu 1300', 'link del n9', 'link add br1 type bridge',
  'link set v2 down', 'link set v2 name w2', 'link set w2 up', 'link set v0 down',
].map((line) => line.replace('-- ', ''));

/** What iproute2 prints of everything; without clocks, and what a link does after it was up. */
function state(): string {
  const asked: [string, string[]][] = [
    ['ip -j -d -batch -', ['link', 'addr', 'route show table all', 'rule', 'neigh show nud permanent', 'neigh show proxy', 'nexthop', 'addrlabel']],
    ['ip -6 -j -d -batch -', ['rule', 'route show table all']],
    ['bridge -j -d -batch -', ['link', 'fdb']],
  ];
  return asked.map(([command, words]) => {
    const { stdout, status, stderr } = spawnSync('sh', ['-c', command], { encoding: 'utf8', input: words.join('\n') });
    if (status !== 0) throw new Error(`${command}: ${stderr}`);
    return stdout.split('\n').filter(Boolean).map((list) => {
      const all = JSON.parse(list, (key, value) => (/_timer$|^(valid|preferred)_life_time$|^expires$|^operstate$|^state$/.test(key) && typeof value !== 'object' ? undefined : value)) as unknown[];
      const shown = all.map((one) => JSON.stringify(one)), unordered = (one: string): boolean => one.includes('"ff00::/8"') || one.startsWith('{"mac"');
      // Tables of hashes have no order; that of the routes to ff00::/8 is the order in which the devices came up.
      return [...shown.filter((one) => !unordered(one)), ...shown.filter(unordered).sort(), ''].join('\n');
    }).join('\n');
  }).join('\n');
}

/** Devices settle within a moment: carriers and the forwarding state of ports. */
async function settled(wanted: string): Promise<string> {
  let now = state();
  for (let i = 0; i < 10 && now !== wanted; i++) {
    await new Promise((resolve) => { setTimeout(resolve, 200); });
    now = state();
  }
  return now;
}

describe.skipIf(why)('--atomic', () => {
  let start = '';
  beforeAll(async () => {
    sh(`set -e; ${before.trim()}`);
    // Carriers and ports settle.
    await new Promise((resolve) => { setTimeout(resolve, 2500); });
    start = state();
  }, 60_000);

  test('a batch that fails at any of its lines leaves all as it was', async () => {
    for (let at = 1; at <= lines.length; at++) {
      // No way leads there: the kernel refuses it.
      const failed = await atomic([...lines.slice(0, at), 'route add 10.99.0.0/16 via 172.31.255.1']);
      expect.soft(failed.stderr, lines[at - 1]).toMatch(new RegExp(`^FILE:${at + 1}: error: RTM_NEWROUTE: ENETUNREACH[^]*\nnote: what earlier lines did was taken back\n$`));
      expect.soft(failed.status, lines[at - 1]).toBe(2);
      expect.soft(await settled(start), `after ${lines[at - 1]}`).toBe(start);
    }
  }, 600_000);

  test('each line alone, and a line that is refused itself', async () => {
    for (const line of lines.filter((one) => !/n0|n1|n9|w2/.test(one))) {
      const failed = await atomic([line, line.startsWith('route add') ? line : 'route add 10.99.0.0/16 via 172.31.255.1']);
      expect.soft(failed, line).toMatchObject({ status: 2, stderr: expect.stringMatching(/\nnote: what earlier lines did was taken back\n$/) });
      expect.soft(await settled(start), `after ${line}`).toBe(start);
    }
  }, 600_000);

  test('what cannot be taken back is refused before anything is done', async () => {
    const refused = {
      'link del v0': 'deleting v0 cannot be taken back',
      'link del group 0': 'the links of a group cannot be taken back',
      'link set v0 netns 1': 'a link in another network namespace cannot be taken back',
      'link set p0 nomaster': 'taking p0 out of its bridge cannot be taken back',
      'link add type veth': 'a link whose name the kernel chooses',
      'netns add s1': '"ip netns add" cannot be taken back',
      'netns exec s1 true': '"ip netns exec" cannot be taken back',
      'maddr add 33:33:00:00:00:77 dev v0': '"ip maddress add" cannot be taken back',
      'link set v0 mtuu 1': '"mtuu" is not an option here',
      'link set nope up': 'there is no link "nope"',
    };
    for (const [line, message] of Object.entries(refused)) {
      const { status, stderr, stdout } = await atomic(['link set v2 mtu 1400', 'link show v2', line]);
      expect.soft({ status, stdout }, line).toEqual({ status: 1, stdout: '' });
      expect.soft(stderr).toContain(`FILE:3: error: ${message}`);
      expect.soft(stderr).not.toContain('note:');
      expect(state(), line).toBe(start);
    }
    expect((await atomic([], '-force')).stderr).toContain('--atomic does not');
    const out = new Captured();
    expect(await run(['ip', '--atomic', 'link'], out)).toBe(1);
  });

  test('when all lines can be done, all are', async () => {
    const shown = [...lines, 'link show w2'];
    const { status, stdout, stderr } = await atomic(shown);
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    expect(stdout).toMatch(/^\d+: w2@v3: /);
    expect(sh('ip -o link show w2')).toContain('mtu 1400');
    expect(sh('ip route show 10.5.0.0/16 table all; ip -o link show br1')).toContain('br1');
  });
});
