/** The same line by bridge-utils' brctl and by nlkit, each in a namespace of its own: the same state afterwards, the same print. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { split } from '../../src/cli/batch.ts';
import { Captured } from '../../src/cli/output.ts';
import { run } from '../../src/cli/run.ts';
import { differences, expected } from '../support/differences.ts';
import { KernelState } from './kernel-state.ts';
import { like } from './outcome.ts';
import { Shell } from './shell.ts';
import { has, isolate } from './support.ts';

const why = isolate() ?? (has('brctl') ? has('ip') ? undefined : 'iproute2 is not installed' : 'brctl is not installed (Debian: bridge-utils)');
if (why) console.warn(`skipped: ${why}`);

const sides = ['theirs', 'ours'] as const;
const rig = [0, 1, 2].map((n) => `link add p${n} address 02:00:00:00:00:1${n} up type veth peer name q${n} address 02:00:00:00:00:2${n}`);

/** In order, each on what those before it left; `!`: both refuse. A line of ip is run by iproute2 on both sides. */
const changes = [
  'addbr br0', '!addbr br0', '!addbr', 'addbr br9', 'delbr br9', '!delbr br9', '!delbr p0', '!delbr', 'ip link set br0 address 02:00:00:00:00:01 up', '!delbr br0',
  'addif br0 p0', '!addif br0 p0', '!addif br0 nope', '!addif nope p1', '!addif br0', '!addif br0 lo', '!addif br0 br0', 'addif br0 p1 p2',
  'delif br0 p2', '!delif br0 p2', '!delif br0 nope', '!delif nope p1', '!delif br0', 'addif br0 p2', 'delif br0 p1 p2', 'addif br0 p1 p2',
  'stp br0 on', 'stp br0 off', 'stp br0 yes', 'stp br0 no', 'stp br0 1', 'stp br0 0', '!stp br0 maybe', '!stp br0 true', '!stp br0', '!stp nope on', '!stp p0 on', 'stp br0 on',
  'setfd br0 4', 'setfd br0 4.5', 'setfd br0 2.019', '!setfd br0 1', '!setfd br0 31', '!setfd br0 x', '!setfd br0 -4', '!setfd nope 4', '!setfd br0',
  'sethello br0 1.5', 'sethello br0 1', '!sethello br0 0', '!sethello br0 11', '!sethello br0 x', '!sethello nope 2',
  'setmaxage br0 15', 'setmaxage br0 19.99', '!setmaxage br0 1', '!setmaxage br0 41', '!setmaxage br0 x', '!setmaxage nope 20',
  'setageing br0 100', 'setageing br0 1.239', 'setageing br0 .5', 'setageing br0 0', 'setageing br0 1e2', '!setageing br0 x', '!setageing nope 5', 'setageing br0 300',
  'setbridgeprio br0 4096', 'setbridgeprio br0 4097', 'setbridgeprio br0 0x100', 'setbridgeprio br0 0', 'setbridgeprio br0 65535', '!setbridgeprio br0 x', '!setbridgeprio nope 5',
  'setpathcost br0 p0 77', 'setpathcost br0 p0 65535', 'setpathcost br0 p0 1', '!setpathcost br0 p0 0', '!setpathcost br0 p0 65536', '!setpathcost br0 p0 x', '!setpathcost br0 nope 5', '!setpathcost br0 q0 5', '!setpathcost br0 p0',
  'setportprio br0 p0 7', 'setportprio br0 p0 0', 'setportprio br0 p0 63', '!setportprio br0 p0 64', '!setportprio br0 p0 x', '!setportprio br0 nope 5', '!setportprio br0 q0 5',
  'hairpin br0 p0 on', 'hairpin br0 p0 off', 'hairpin br0 p0 yes', 'hairpin br0 p0 no', 'hairpin br0 p0 1', '!hairpin br0 p0 maybe', '!hairpin br0 q0 on', '!hairpin nope p0 on', '!hairpin br0 p0',
  '!nosuch br0', '!show nope', '!show p0', '!showmacs nope', '!showmacs q0', '!showmacs', '!showstp nope', '!showstp q0', '!showstp',
  'addbr br1', 'ip link set br1 address 02:00:00:00:00:02',
];

/** Where the two differ on purpose. After the rest of the changes, as the namespaces are no longer alike then. */
const table = expected('live/cli-brctl');
const differ = differences.filter(({ id }) => table.ids.includes(id)).flatMap(({ id, shown = [] }) => shown.map((one) => [id, one.line, one] as const));

const shows = ['show', 'show br0', 'show br1 br0', 'show br0 nope', 'show nope', 'show p0', 'show br0 p0', 'showmacs br0', 'showmacs br1', 'showstp br0', 'showstp br1'];

describe.skipIf(why)('nlkit brctl beside brctl', () => {
  const shell = new Shell();
  const real = (side: string, line: string) => shell.run(line.startsWith('ip ') ? line.replace('ip', `ip -n ${side}`) : `ip netns exec ${side} brctl ${line}`);
  const nlkit = async (line: string) => {
    const out = new Captured();
    return { status: await run(split(`-n ours brctl ${line}`), out), stdout: out.stdout, stderr: out.stderr };
  };
  const states = async (): Promise<Record<string, string[]>> => {
    const { stdout } = await shell.run(sides.flatMap((side) => [`ip -n ${side} -j -d link`, `bridge -n ${side} -j fdb`, 'echo @@@']).join('\n'));
    // Timers, and the random addresses of bridges without ports.
    return Object.fromEntries(sides.map((side, i) => [side, stdout.split('@@@\n')[i]!.replace(/"[a-z_]*timer":[ 0-9.]+/g, '').replace(/"(?!02)([0-9a-f]{2}:){5}[0-9a-f]{2}"|\.([0-9a-f]{1,2}:){5}[0-9a-f]{1,2}"/g, '*').split('},')]));
  };
  let kernel: KernelState[] = [];
  beforeAll(async () => {
    for (const side of sides) expect((await shell.run(`ip netns add ${side} && printf '${rig.join('\\n')}\\n' | ip -n ${side} -batch -`)).stderr).toBe('');
    kernel = sides.map((side) => new KernelState(side));
  }, 120_000);
  afterAll(() => {
    for (const state of kernel) state.close();
    shell.close();
  });

  /** Alike, now or soon: counters run, and the kernel has work of its own to do after some changes. */
  const alike = async (read: () => Promise<readonly [ours: unknown, theirs: unknown]>): Promise<void> => {
    let pair = await read();
    for (let again = 0; again < 5 && JSON.stringify(pair[0]) !== JSON.stringify(pair[1]); again++) {
      await shell.run('sleep 0.3');
      pair = await read();
    }
    expect.soft(pair[0]).toEqual(pair[1]);
  };

  test.each(changes)('%s', async (given) => {
    const line = given.replace(/^!/, '');
    const theirs = await real('theirs', line);
    const ours = await (line.startsWith('ip ') ? real('ours', line) : nlkit(line));
    const refused = given.startsWith('!');
    expect.soft([theirs.status !== 0, ours.status !== 0, ours.stdout], `${theirs.stderr}${ours.stderr}`).toEqual([refused, refused, refused ? '' : theirs.stdout]);
    const [a, b] = kernel.map((state) => state.read());
    expect(a).toContain('"lo"');
    // Where the kernel says the same of both, iproute2 has nothing to tell apart.
    if (a !== b) await alike(async () => {
      const state = await states();
      return [state['ours'], state['theirs']];
    });
  }, 60_000);

  test('brctl-floating: setageing br0 2.3', async () => {
    table.meet('brctl-floating');
    const ageing = async (side: string) => (JSON.parse((await shell.run(`ip -n ${side} -j -d link show br0`)).stdout) as [{ linkinfo: { info_data: { ageing_time: number } } }])[0].linkinfo.info_data.ageing_time;
    expect(await nlkit('setageing br0 2.3')).toMatchObject({ status: 0 });
    expect(await real('theirs', 'setageing br0 2.3')).toMatchObject({ status: 0 });
    // In ticks of the kernel, of which there are 100 to 1000 a second.
    expect(await ageing('theirs')).toBeLessThan(await ageing('ours'));
    expect(230 - await ageing('ours')).toBeLessThanOrEqual(1);
  });
  test.each(differ)('%s: %s', async (id, line, { theirs, ours }) => {
    table.meet(id);
    expect.soft(await real('theirs', line)).toEqual(like(theirs));
    const before = await states();
    expect.soft(await nlkit(line)).toEqual(like(ours));
    expect.soft((await states())['ours']).toEqual(before['ours']);
  }, 60_000);
  test('every difference is met', () => { expect([...table.seen].sort()).toEqual(table.ids); });

  /** Timers move between the two. */
  const still = (text: string): string => text.replace(/(timer\t+) *[0-9.]+/g, '$1T').replace(/(no\t\t) +(?!0\.00$)[0-9.]+$/gm, '$1T');
  const same = (line: string) => alike(async () => {
    const ours = await nlkit(line);
    const theirs = await real('ours', line);
    return [{ ...ours, status: ours.status !== 0, stdout: still(ours.stdout), stderr: '' }, { ...theirs, status: theirs.status !== 0, stdout: still(theirs.stdout), stderr: '' }];
  });
  test('links come up', async () => {
    expect((await shell.run("printf 'link set q0 up\\nlink set q1 up\\nlink set q2 up\\n' | ip -n ours -batch -")).stderr).toBe('');
  });
  test.each(shows)('%s prints the same', same, 60_000);

  test('learned addresses, static ones, and those of VLANs', async () => {
    const fdb = (...lines: string[]) => shell.run(['set -e', ...lines.map((line) => `bridge -n ours fdb add ${line}`)].join('\n'));
    // A port that is not forwarding learns nothing.
    expect(await nlkit('stp br0 off')).toMatchObject({ status: 0 });
    // What is learned must last as long as the test.
    expect(await nlkit('setageing br0 300')).toMatchObject({ status: 0 });
    expect(await shell.run("for i in $(seq 100); do bridge -n ours link show dev p1 | grep -q 'state forwarding' && exit; sleep 0.1; done; exit 1")).toMatchObject({ status: 0 });
    expect((await fdb('02:00:00:00:00:99 dev p1 master dynamic', '02:00:00:00:00:05 dev p0 master static', '02:00:00:00:00:06 dev p2 master permanent')).stderr).toBe('');
    await same('showmacs br0');
    expect((await nlkit('showmacs br0')).stdout).toMatch(/02:00:00:00:00:99\tno/);
    const filtering = await shell.run('ip -n ours link set br0 type bridge vlan_filtering 1');
    if (filtering.status !== 0) return void console.warn(`skipped: VLANs: ${filtering.stderr.trim()}`);
    expect((await fdb('02:00:00:00:00:98 dev p1 master dynamic vlan 1')).stderr).toBe('');
    await same('showmacs br0');
  }, 60_000);
});
