/** Commands whose work is not one request: namespaces, batches, monitors, brctl; and how a run ends. */
import { spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { split } from '../../src/cli/batch.ts';
import { LiveKernel } from '../../src/cli/kernel-live.ts';
import { Captured } from '../../src/cli/output.ts';
import { run } from '../../src/cli/run.ts';
import { create, remove } from '../../src/namespace/index.ts';
import { has, isolate, sh } from './support.ts';

const why = isolate();
if (why) console.warn(`skipped: ${why}`);

async function nlkit(line: string): Promise<{ status: number; stdout: string; stderr: string }> {
  const out = new Captured();
  const status = await run(split(line), out);
  return { status, stdout: out.stdout, stderr: out.stderr };
}

const done = { status: 0, stdout: '', stderr: '' };
const folder = why ? '' : mkdtempSync(join(tmpdir(), 'nlkit-cli-'));
afterAll(() => { if (folder) rmSync(folder, { recursive: true }); });

describe.skipIf(why)('ip netns', () => {
  test('add, list, identify, pids, set, list-id, exec, del', async () => {
    expect(await nlkit('ip netns list')).toEqual(done);
    expect(await nlkit('ip netns add s1')).toEqual(done);
    expect(await nlkit('ip netns add s2')).toEqual(done);
    expect((await nlkit('ip netns')).stdout.trim().split('\n').sort()).toEqual(['s1', 's2']);
    expect(await nlkit('ip netns set s1 7')).toEqual(done);
    expect((await nlkit('ip netns list')).stdout).toContain('s1 (id: 7)\n');
    expect(JSON.parse((await nlkit('ip -j netns list')).stdout)).toContainEqual({ name: 's1', id: 7 });
    expect((await nlkit('ip netns list-id')).stdout).toBe('nsid 7 (iproute2 netns name: s1)\n');
    expect(await nlkit('ip -n s1 link add v0 type veth peer name v1')).toEqual(done);
    expect((await nlkit('ip -n s1 -br link')).stdout).toContain('v0@v1');
    expect((await nlkit('ip netns exec s1 false')).status).toBe(1);
    expect((await nlkit('ip netns exec s1 true')).status).toBe(0);
    expect((await nlkit('ip netns exec s1 sh -c "exit 42"')).status).toBe(42);
    expect((await nlkit('ip netns identify')).stdout).toBe('');
    expect(await nlkit('ip netns pids s1')).toEqual(done);
    expect((await nlkit('ip netns add s1')).status).toBe(2);
    expect(await nlkit('ip -n s1 link set v1 netns s2')).toEqual(done);
    expect((await nlkit('ip -n s2 -j link show v1')).stdout).toContain('"ifname":"v1"');
    expect(await nlkit('ip netns del s1')).toEqual(done);
    expect(await nlkit('ip -all netns del')).toEqual(done);
    expect(await nlkit('ip netns list')).toEqual(done);
    expect((await nlkit('ip -n s1 link')).status).not.toBe(0);
  });

  test.skipIf(!has('ip'))('what one tool makes the other uses', async () => {
    sh('ip netns add theirs');
    expect((await nlkit('ip netns list')).stdout).toContain('theirs');
    expect(await nlkit('ip netns add ours')).toEqual(done);
    expect(sh('ip netns list')).toContain('ours');
    expect(sh('ip -n ours -br link')).toContain('lo');
    expect(await nlkit('ip netns del theirs')).toEqual(done);
    sh('ip netns del ours');
  });
});

describe.skipIf(why)('batches', () => {
  test('many lines, one socket; errors say file and line', async () => {
    create('b');
    const file = join(folder, 'lines');
    writeFileSync(file, 'link add v0 type veth peer name v1\n# up\nlink set v0 up\naddress add 10.0.0.1/24 dev v0\n');
    expect(await nlkit(`ip -n b -batch ${file}`)).toEqual(done);
    expect((await nlkit('ip -n b -br address show dev v0')).stdout).toContain('10.0.0.1/24');
    writeFileSync(file, 'link set v0 mtu 1400\n\nlink set v0 mtuu 1300\nlink set v0 mtu 1200\n');
    const stopped = await nlkit(`ip -n b -batch ${file}`);
    expect(stopped.status).toBe(1);
    expect(stopped.stderr).toContain(`${file}:3: error: "mtuu" is not an option here`);
    expect((await nlkit('ip -n b -j link show v0')).stdout).toContain('"mtu":1400');
    const forced = await nlkit(`ip -n b -force -batch ${file}`);
    expect(forced.status).toBe(1);
    expect((await nlkit('ip -n b -j link show v0')).stdout).toContain('"mtu":1200');
    writeFileSync(file, 'link set nope up\n');
    expect((await nlkit(`ip -n b -batch ${file}`)).stderr).toContain(`${file}:1: error: there is no link "nope"`);
    remove('b');
  });
});

describe.skipIf(why)('how a run ends', () => {
  test('0 done, 1 wrong words, 2 refused', async () => {
    create('e');
    expect((await nlkit('ip -n e link add v0 type veth peer name v1')).status).toBe(0);
    expect((await nlkit('ip -n e link nosuch')).status).toBe(1);
    const refused = await nlkit('ip -n e link add v0 type veth peer name v9');
    expect(refused.status).toBe(2);
    expect(refused.stderr).toMatch(/^error: RTM_NEWLINK: EEXIST/);
    expect((await nlkit('ip -n e link show nope')).status).toBe(1);
    remove('e');
  });
  test('the kernel names the attribute that it refuses', async () => {
    create('e');
    await nlkit('ip -n e link add v0 type veth peer name v1');
    const { status, stderr } = await nlkit('ip -n e link set v0 mtu 1');
    expect(status).toBe(2);
    expect(stderr).toContain('mtu less than device minimum');
    remove('e');
  });
  test.skipIf(!has('ip'))('the rounds of a flush, and with -s -s what goes, as iproute2 tells them', async () => {
    create('f');
    await nlkit('ip -n f link add v0 type veth peer name v1');
    await nlkit('ip -n f link set v0 up');
    const before = ['address add 10.0.0.1/24 dev v0', 'address add 10.0.0.2/24 dev v0', 'route add 10.1.0.0/16 via 10.0.0.3', 'neigh add 10.0.0.9 lladdr 02:00:00:00:00:09 dev v0 nud stale'];
    for (const line of ['-s -4 address flush dev v0', '-s -s -4 address flush dev v0', '-s route flush 10.1.0.0/16', '-s -s route flush 10.1.0.0/16', '-s neigh flush dev v0', '-s -s neigh flush dev v0']) {
      const [theirs, ours] = [[] as string[], [] as string[]];
      for (const said of [theirs, ours]) {
        for (const one of before) sh(`ip -n f ${one} 2>/dev/null || true`);
        for (let i = 0; i < 2; i++) said.push(said === theirs ? sh(`ip -n f ${line}`) : (await nlkit(`ip -n f ${line}`)).stdout);
      }
      expect(ours.map((text) => text.trim())).toEqual(theirs.map((text) => text.trim()));
      expect(ours[0]).toContain('*** Round 1, deleting ');
    }
    expect((await nlkit('ip -n f -j -s -4 address flush dev v0')).stdout).toBe('');
    remove('f');
  });
  test('what it remarks of a line that it takes is told', async () => {
    create('w');
    await nlkit('ip -n w link add v0 type veth peer name v1');
    const { status, stderr } = await nlkit('tc -n w qdisc add dev v0 root handle 1: htb');
    if (status === 0) expect(await nlkit('tc -n w class add dev v0 parent 1: classid 1:1 htb rate 10gbit')).toMatchObject({ status: 0, stderr: 'warning: sch_htb: quantum of class 10001 is big. Consider r2q change.\n' });
    else console.warn(`skipped: remarks: ${stderr}`);
    remove('w');
  });
});

describe.skipIf(why)('ip monitor', () => {
  /** Runs a monitor in a namespace while something is done there, until it has said enough. */
  async function watch(line: string, act: () => Promise<unknown>, enough: (said: string) => boolean): Promise<string> {
    const out = new Captured();
    const stop = new AbortController();
    const [option, netns] = split(line).slice(1);
    expect(option).toBe('-n');
    class Stoppable extends LiveKernel {
      override monitor(groups: readonly string[], options: { allNamespaces?: boolean }) {
        const events = super.monitor(groups, { ...options, signal: stop.signal });
        listens();
        return events;
      }
    }
    let listens = (): void => {};
    const listening = new Promise<void>((resolve) => { listens = resolve; });
    const ended = run(split(line), out, () => new Stoppable(netns));
    await listening;
    // The other tool has begun by then, too.
    await new Promise((resolve) => setTimeout(resolve, 500));
    await act();
    for (let i = 0; i < 100 && !enough(out.stdout); i++) await new Promise((resolve) => setTimeout(resolve, 100));
    stop.abort();
    expect(await ended).toBe(0);
    return out.stdout;
  }

  test('JSON: one event a line, with what changed', async () => {
    create('m');
    await nlkit('ip -n m link add v0 type veth peer name v1');
    const said = await watch('ip -n m -j monitor link address', async () => {
      await nlkit('ip -n m link set v0 mtu 1400');
      await nlkit('ip -n m address add 10.0.0.1/24 dev v0');
      await nlkit('ip -n m link del v0');
    }, (text) => text.includes('"event":"del","object":"link"'));
    const events = said.trim().split('\n').map((line) => JSON.parse(line) as { event: string; object: string; changed?: Record<string, unknown>; value: Record<string, unknown> });
    expect(events.find(({ changed }) => changed?.['mtu'])).toMatchObject({ event: 'change', object: 'link', changed: { mtu: [1500, 1400] }, value: { ifname: 'v0', mtu: 1400 } });
    expect(events.find(({ object }) => object === 'address')).toMatchObject({ event: 'add', value: { family: 'inet', local: '10.0.0.1', prefixlen: 24 } });
    expect(events.find(({ event, object }) => event === 'del' && object === 'link')).toBeDefined();
    remove('m');
  });

  test.skipIf(!has('ip'))("text is iproute2's", async () => {
    create('t');
    await nlkit('ip -n t link add v0 type veth peer name v1');
    let theirs = '';
    const tool = spawn('timeout', ['60', 'ip', '-n', 't', 'monitor', 'link', 'address', 'route', 'label']);
    tool.stdout.on('data', (data: Buffer) => { theirs += data.toString(); });
    const enough = (text: string): boolean => /Deleted 3?2?.*v1/.test(text) && /Deleted .*v0/.test(text);
    const ours = await watch('ip -n t monitor link address route label', async () => {
      // The commands block the thread that the monitor is on.
      for (const line of ['link set v0 mtu 1400', 'address add 10.0.0.1/24 dev v0', 'link set v0 alias x', 'route add 10.9.0.0/16 dev v1', 'link set v1 up', 'link del v0']) {
        await nlkit(`ip -n t ${line}`);
        await new Promise((resolve) => setTimeout(resolve, 200));
      }
      for (let i = 0; i < 50 && !enough(theirs); i++) await new Promise((resolve) => setTimeout(resolve, 100));
    }, enough);
    tool.kill();
    // Every event asks for links by index where the name is not known; the order of events is the kernel's.
    expect(ours.split('\n')).toEqual(theirs.split('\n'));
    remove('t');
  });
});

describe.skipIf(why)('brctl', () => {
  test('makes, shows and changes bridges', async () => {
    create('br');
    const brctl = (line: string) => {
      const out = new Captured();
      return run(split(`-n br brctl ${line}`), out).then((status) => ({ status, stdout: out.stdout, stderr: out.stderr }));
    };
    expect(await brctl('addbr br0')).toEqual(done);
    await nlkit('ip -n br link set br0 address 02:00:00:00:00:01');
    await nlkit('ip -n br link add v0 address 02:00:00:00:00:10 type veth peer name v1');
    await nlkit('ip -n br link add v2 address 02:00:00:00:00:12 type veth peer name v3');
    expect(await brctl('addif br0 v0 v2')).toEqual(done);
    expect(await brctl('show')).toEqual({ status: 0, stderr: '', stdout: 'bridge name\tbridge id\t\tSTP enabled\tinterfaces\nbr0\t\t8000.020000000001\tno\t\tv0\n\t\t\t\t\t\t\tv2\n' });
    for (const line of ['stp br0 on', 'setfd br0 4', 'sethello br0 1.5', 'setmaxage br0 15', 'setageing br0 100', 'setbridgeprio br0 4096', 'setpathcost br0 v0 77', 'setportprio br0 v0 9', 'hairpin br0 v0 on', 'setmcsnoop br0 0']) expect(await brctl(line), line).toEqual(done);
    const { stdout } = await nlkit('ip -n br -j -d link');
    const links = JSON.parse(stdout) as { ifname: string; linkinfo?: { info_data?: object; info_slave_data?: object } }[];
    expect(links.find(({ ifname }) => ifname === 'br0')?.linkinfo?.info_data).toMatchObject({ stp_state: 1, forward_delay: 400, hello_time: 150, max_age: 1500, ageing_time: 10000, priority: 4096, mcast_snooping: 0 });
    expect(links.find(({ ifname }) => ifname === 'v0')?.linkinfo?.info_slave_data).toMatchObject({ cost: 77, priority: 9, hairpin: true });
    expect((await brctl('showstp br0')).stdout).toContain(' forward delay\t\t   4.00\t\t\tbridge forward delay\t   4.00');
    expect((await brctl('showmacs br0')).stdout).toMatch(/^port no\tmac addr\t\tis local\?\tageing timer\n {2}1\t02:00:00:00:00:10\tyes\t\t {3}0\.00\n/);
    expect((await brctl('addif br0 v0')).stderr).toContain('already a port');
    expect(await brctl('delif br0 v0')).toEqual(done);
    expect((await brctl('delif br0 v0')).status).toBe(1);
    await nlkit('ip -n br link set br0 up');
    expect((await brctl('delbr br0')).stderr).toContain('still up');
    await nlkit('ip -n br link set br0 down');
    expect(await brctl('delbr br0')).toEqual(done);
    expect((await brctl('show')).stdout).toBe('bridge name\tbridge id\t\tSTP enabled\tinterfaces\n');
    remove('br');
  });

  test.skipIf(!has('brctl'))("what it prints is bridge-utils'", async () => {
    create('br');
    sh('ip -n br link add br0 type bridge; ip -n br link add v0 type veth peer name v1; ip -n br link add v2 type veth peer name v3; ip -n br link set v0 master br0; ip -n br link set v2 master br0; ip -n br link add br1 type bridge stp_state 1');
    for (const line of ['show', 'show br0', 'showstp br0', 'showmacs br0']) {
      const out = new Captured();
      await run(split(`-n br brctl ${line}`), out);
      const theirs = spawnSync('ip', ['netns', 'exec', 'br', 'brctl', ...split(line)], { encoding: 'utf8' }).stdout;
      // Timers move between the two.
      const still = (text: string): string => text.replace(/(timer\t+) *[0-9.]+/g, '$1T').replace(/ +$/gm, '');
      expect(still(out.stdout), line).toBe(still(theirs));
    }
    remove('br');
  });
});
