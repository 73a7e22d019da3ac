/**
 * Next hops, settings, multicast addresses, labels, tokens, neighbour tables, statistics, VRFs, network identifiers and
 * spanning tree instances: changed by nlkit and by iproute2 the kernel's state is the same, and both print it alike.
 */
import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { split } from '../../src/cli/batch.ts';
import { Captured } from '../../src/cli/output.ts';
import { run } from '../../src/cli/run.ts';
import { expected } from '../support/differences.ts';
import { KernelState } from './kernel-state.ts';
import { batched, type Said, Shell } from './shell.ts';
import { has, iproute2Version, isolate, kernelVersion } from './support.ts';

const why = isolate() ?? (has('ip') && has('bridge') ? undefined : 'iproute2 is not installed');
if (why) console.warn(`skipped: ${why}`);

const table = expected('live/cli-objects', why ? 0 : iproute2Version(), kernelVersion());

const shell = why ? undefined : new Shell();
afterAll(() => shell?.close());
const sh = (line: string): Promise<Said> => shell!.run(line);
const inside = (line: string, namespace: string): string => line.replace(/^(ip|bridge) /, `$1 -n ${namespace} `);

async function nlkit(line: string): Promise<{ status: number; stdout: string; stderr: string }> {
  const out = new Captured();
  const status = await run(split(line), out);
  return { status, stdout: out.stdout, stderr: out.stderr };
}

const lacking = /Unknown device type|not supported|Unknown .*kind|No such device|No such file|vlan_filtering|Dump terminated|does not exist|Cannot find device|Operation not supported|is unknown|unknown command|Invalid VRF|argument|Cannot find|Not a/i;
const skipped: string[] = [];
const skip = (what: string, said = ''): void => { skipped.push(`${what}: ${said.trim().split('\n')[0]}`); };

/** Prepares a namespace; a line that begins with `?` may be beyond this kernel. */
async function prepare(namespace: string, rig: readonly string[]): Promise<void> {
  expect((await sh(`ip netns add ${namespace}`)).stderr).toBe('');
  const there = rig.map((line) => line.replace(/^sysctl/, `ip netns exec ${namespace} sysctl`));
  for (let i = 0, end; i < there.length; i = end) {
    end = i + 1;
    const line = there[i]!.replace(/^\?/, ''), optional = line !== there[i];
    // What must succeed goes to one process, up to what may fail.
    while (!optional && end < there.length && !there[end]!.startsWith('?')) end++;
    const { status, stderr } = await sh(optional ? inside(line, namespace) : ['set -e', ...batched(there.slice(i, end), namespace)].join('\n'));
    if (status === 0) continue;
    if (!optional || !lacking.test(stderr)) expect.fail(`${line}: ${stderr}`);
    skip(line, stderr);
  }
}

const basis = [
  'ip link set lo up', 'ip link add v0 address 02:00:00:00:00:10 type veth peer name v1 address 02:00:00:00:00:11', 'ip link set v0 up', 'ip link set v1 up', 'ip address add 192.0.2.1/24 dev v0', 'ip address add 2001:db8::1/64 dev v0 nodad',
  'ip link add br0 address 02:00:00:00:00:01 type bridge', 'ip link set v1 master br0', 'ip link set br0 up',
  '?ip link add x4 type vxlan external vnifilter dstport 4791 local 192.0.2.1', '?ip link set x4 up',
  'sysctl -qw net.ipv6.conf.v0.accept_ra=2 net.ipv6.conf.v0.forwarding=0',
];
const switched = ['?ip link add br1 address 02:00:00:00:00:02 type bridge vlan_filtering 1 vlan_default_pvid 0 mst_enabled 1', '?ip link add d0 address 02:00:00:00:00:20 type dummy', '?ip link set d0 master br1', '?bridge vlan add dev d0 vid 10', '?bridge vlan add dev d0 vid 20', '?bridge vlan add dev br1 vid 10 self', '?bridge vlan global set dev br1 vid 10 msti 2', '?bridge vlan global set dev br1 vid 20 msti 3', '?ip link add red type vrf table 10', '?ip link add blue type vrf table 20'];

describe.skipIf(why)('both print alike', () => {
  const rig = [
    ...basis, ...switched, 'sysctl -qw net.ipv4.conf.v0.rp_filter=2 net.ipv4.conf.v0.forwarding=1',
    'ip nexthop add id 1 via 192.0.2.2 dev v0', 'ip nexthop add id 2 via 2001:db8::2 dev v0 proto bird', 'ip nexthop add id 3 dev v1', 'ip nexthop add id 4 blackhole', 'ip nexthop add id 5 via 203.0.113.1 dev v0 onlink', 'ip nexthop add id 6 via 192.0.2.3 dev v0',
    'ip nexthop add id 9 via 192.0.2.3 fdb', 'ip nexthop add id 10 group 1/6', 'ip nexthop add id 11 group 1,10/6,20', 'ip nexthop add id 12 group 9 fdb', 'ip nexthop add id 20 group 1/6 type resilient buckets 4 idle_timer 2 unbalanced_timer 300', 'ip nexthop add id 30 encap ip id 9 dst 10.0.0.5 dev v0',
    'ip addrlabel add prefix 2001:db8::/32 dev v0 label 42', 'ip token set ::5 dev v0', 'ip maddress add 33:33:00:00:00:77 dev v0', 'ip ntable change name arp_cache dev v0 queue 8 base_reachable 25000 app_probes 1 proxy_delay 700', '?ip stats set dev v0 l3_stats on',
    '?bridge vni add dev x4 vni 1000', '?bridge vni add dev x4 vni 2000-2005 remote 192.0.2.9', '?bridge vni add dev x4 vni 3000,3003 remote 2001:db8::1',
  ];
  const forms = (options: readonly string[], tool: string, ...objects: string[]): string[] => options.flatMap((option) => objects.map((object) => `${tool} ${option} ${object}`.replace(/ +/g, ' ')));
  const lines = [
    ...forms(['', '-d', '-j', '-j -d', '-j -p', '-4', '-6', '-o', '-N', '-s', '-s -s', '-j -s', '-o -s'], 'ip', 'nexthop', 'nexthop show groups'),
    ...forms(['', '-j'], 'ip', 'nexthop show dev v0', 'nexthop show fdb', 'nexthop show proto 12', 'nexthop show id 5', 'nexthop get id 20', 'nexthop show master br0', 'nexthop bucket', 'nexthop bucket show id 20', 'nexthop bucket show nhid 6', 'nexthop bucket show dev v0', 'nexthop bucket get id 20 index 2'),
    ...forms(['', '-j', '-4', '-6', '-6 -j -p'], 'ip', 'netconf', 'netconf show dev lo'),
    ...forms(['', '-j', '-j -p', '-4', '-6 -j', '-0', '-o'], 'ip', 'maddress', 'maddress show dev v0'),
    ...forms(['', '-j', '-j -p', '-o'], 'ip', 'addrlabel', 'addrlabel list', 'token', 'token list dev v0', 'token get dev v0'),
    ...forms(['', '-j', '-s', '-s -j', '-6', '-o'], 'ip', 'ntable', 'ntable show dev v0', 'ntable show name arp_cache', 'ntable show name ndisc_cache dev lo'),
    ...forms(['', '-j', '-s', '-s -j', '-o'], 'ip', 'stats show', 'stats show dev v1', 'stats show dev br0 group xstats', 'stats show group link', 'stats show dev v1 group xstats_slave subgroup bridge suite stp', 'stats show dev v0 group offload', 'stats show group offload subgroup l3_stats', 'stats show dev v0 group offload subgroup hw_stats_info group afstats'),
    ...forms(['', '-j'], 'ip', 'vrf', 'vrf show'), 'ip vrf show red',
    ...forms(['', '-s', '-o', '-c', '-j', '-j -s'], 'bridge', 'vni', 'vni show dev x4'),
  ];

  const mask = (text: string): string => text
    .replace(/(idle_time"?:? ?)[0-9.]+/g, '$1T').replace(/(last_(?:flush|rand)"?:? ?"?)[0-9-]+ [0-9:]+/g, '$1T').replace(/((?:entries|allocs|destroys|lookups|hits|refcnt|periodic_gc_runs|forced_gc_runs|hash_grows|res_failed|hash_rnd|hash_mask|bytes|packets|multicast|dropped)"?:? ?)"?[0-9a-fx]+/g, '$1N')
    .replace(/^( {4,})\d[\d ]*$/gm, '$1N').replace(/\\ {6,}\d[\d ]*/g, '\\ N').replace(/ +(RX|TX):.*$/gm, ' $1');

  beforeAll(async () => {
    await prepare('shown', rig);
    // Duplicate address detection and carrier settle.
    await sh('sleep 3');
  }, 120_000);
  afterAll(async () => { await sh('ip netns del shown'); });

  test.each(lines)('%s', async (line) => {
    let attempt = 0;
    for (;;) {
      const theirs = await sh(inside(line, 'shown'));
      const ours = await nlkit(inside(line, 'shown'));
      const [mine = '', wanted = ''] = table.even(line, ours.stdout, theirs.stdout).map(mask);
      if (theirs.status !== 0 && lacking.test(theirs.stderr)) return skip(line, theirs.stderr);
      // A counter that changes its width, or an event between the two: once more.
      if (mine !== wanted && ++attempt < 3) continue;
      expect(mine.split('\n')).toEqual(wanted.split('\n'));
      expect(ours.stderr).toBe('');
      expect(ours.status === 0).toBe(theirs.status === 0);
      if (line.includes('-j')) expect(() => JSON.parse(ours.stdout)).not.toThrow();
      return;
    }
  });

});

interface Change { readonly name: string; readonly setup?: readonly string[]; readonly lines: readonly string[]; readonly asked: readonly string[]; /** A difference: where it is due, iproute2 lacks the words. */ readonly unless?: string }

const nexthops = ['ip -j -d nexthop', 'ip -j nexthop bucket'];
const changes: readonly Change[] = [
  {
    name: 'next hops', asked: nexthops,
    lines: ['ip nexthop add id 1 via 192.0.2.2 dev v0', 'ip nexthop add id 2 via inet6 2001:db8::2 dev v0 proto bird', 'ip nexthop add id 3 dev v1', 'ip nexthop add id 4 blackhole', 'ip nexthop add id 5 via 203.0.113.1 dev v0 onlink', 'ip nexthop add via 192.0.2.3 dev v0', 'ip nexthop replace id 1 via 192.0.2.9 dev v0', 'ip nexthop replace id 7 via 192.0.2.10 dev v0', 'ip nexthop del id 3', '!ip nexthop add id 1 via 192.0.2.8 dev v0', '!ip nexthop del id 99', '!ip nexthop add id 8', '!ip nexthop add id 8 via 192.0.2.2', '!ip nexthop add id 8 dev nope', '!ip nexthop get id 99', '!ip nexthop add id x', '!ip nexthop get'],
  },
  {
    name: 'groups of next hops', setup: ['ip nexthop add id 1 via 192.0.2.2 dev v0', 'ip nexthop add id 2 via 192.0.2.3 dev v0', 'ip nexthop add id 3 via 192.0.2.4 dev v0', 'ip nexthop add id 4 via 192.0.2.5 fdb'], asked: nexthops,
    lines: ['ip nexthop add id 10 group 1/2', 'ip nexthop add id 11 group 1,10/2,20 type mpath', 'ip nexthop add id 12 group 4 fdb', 'ip nexthop add id 20 group 1/2 type resilient buckets 4 idle_timer 60 unbalanced_timer 300', 'ip nexthop replace id 20 group 1/2/3 type resilient buckets 4', 'ip nexthop replace id 10 group 1,5/3', 'ip route add 10.7.0.0/16 nhid 10', 'ip nexthop del id 2', '!ip nexthop add id 13 group 1/1', '!ip nexthop add id 13 group 77', '!ip nexthop add id 13 group a', '!ip nexthop add id 13 group 1,0', '!ip nexthop add id 13 group 1 type foo', '!ip nexthop bucket get id 20'],
  },
  { name: 'flushing next hops', setup: ['ip nexthop add id 1 via 192.0.2.2 dev v0', 'ip nexthop add id 2 via 192.0.2.3 dev v0 proto 77', 'ip nexthop add id 3 dev v1', 'ip nexthop add id 10 group 1/2'], asked: nexthops, lines: ['ip nexthop flush proto 77', 'ip nexthop flush dev v1', 'ip nexthop flush'] },
  { name: 'hardware counters of next hops', unless: 'nexthop-counters', setup: ['ip nexthop add id 1 via 192.0.2.2 dev v0'], asked: ['ip -s -j nexthop'], lines: ['ip nexthop add id 10 group 1 hw_stats on', 'ip nexthop replace id 10 group 1 hw_stats off', 'ip nexthop add id 11 group 1,300'] },
  { name: 'address labels', asked: ['ip -j addrlabel'], lines: ['ip addrlabel add prefix 2001:db8::/32 label 42', 'ip addrlabel add prefix 2001:db8:1::/48 dev v0 label 43', 'ip addrlabel del prefix 2001:db8::/32 label 42', '!ip addrlabel add prefix 2001:db8:2::/48', '!ip addrlabel add label 3', '!ip addrlabel del prefix 2001:db8::/32 label 42', '!ip addrlabel add prefix 10.0.0.0/8 label 3', 'ip addrlabel flush'] },
  { name: 'tokens', asked: ['ip -j token'], lines: ['ip token set ::5 dev v0', 'ip token set ::6 dev v0', 'ip token del dev v0', '!ip token set ::5', '!ip token set dev v0', '!ip token set 1.2.3.4 dev v0', '!ip token set ::5 dev lo'] },
  { name: 'neighbour tables', asked: ['ip -j ntable show dev v0'], lines: ['ip ntable change name arp_cache dev v0 queue 8 base_reachable 25000 retrans 900 gc_stale 50000 delay_probe 4000', 'ip ntable change name arp_cache dev v0 app_probes 1 ucast_probes 2 mcast_probes 4 anycast_delay 900 proxy_delay 700 proxy_queue 60 locktime 800', 'ip -6 ntable change name ndisc_cache dev v0 queue 9', '!ip ntable change name nope dev v0 queue 9', '!ip ntable change dev v0 queue 9', '!ip ntable change name arp_cache dev v0'] },
  { name: 'statistics', asked: ['ip -j stats show dev v0 group offload subgroup hw_stats_info'], lines: ['ip stats set dev v0 l3_stats on', 'ip stats set dev v0 l3_stats off', '!ip stats set dev v0', '!ip stats set l3_stats on', '!ip stats set dev v0 l3_stats maybe', '!ip stats show group nope', '!ip stats show subgroup nope'] },
  { name: 'multicast addresses', asked: ['ip -j -0 maddress show dev v0'], lines: ['ip maddress add 33:33:00:00:00:77 dev v0', 'ip maddress add 01:00:5e:00:00:09 dev v0', 'ip maddress del 33:33:00:00:00:77 dev v0', '!ip maddress del 33:33:00:00:00:77 dev v0', '!ip maddress add 224.1.1.1 dev v0', '!ip maddress add 33:33:00:00:00:77'] },
  { name: 'network identifiers', asked: ['bridge -j vni'], lines: ['bridge vni add dev x4 vni 1000', 'bridge vni add dev x4 vni 2000-2005 remote 192.0.2.9', 'bridge vni add dev x4 vni 3000,3003-3004 remote 2001:db8::1', 'bridge vni del dev x4 vni 2001-2002', '!bridge vni add dev x4', '!bridge vni add vni 5', '!bridge vni add dev v0 vni 5', '!bridge vni add dev x4 vni x'] },
  { name: 'spanning tree instances', unless: 'words-newer', setup: switched, asked: [], lines: ['bridge mst set dev d0 msti 2 state blocking', 'bridge mst set dev d0 msti 3 state 1', '!bridge mst set dev d0 msti 2', '!bridge mst set dev d0 msti 2 state nope', 'bridge mst set dev d0 msti 77 state 1'] },
];

describe.skipIf(why)('both do alike', () => {
  test.each(changes.map((change) => [change.name, change] as const))('%s', async (name, { setup = [], lines, asked, unless = '' }) => {
    if (table.due.includes(unless)) {
      expect((await sh(lines[0]!)).status).not.toBe(0);
      return skip(name, `iproute2: ${table.meet(unless).theirs}`);
    }
    const sides = ['theirs', 'ours'];
    const ask = async (): Promise<Record<string, unknown>> => {
      const { stdout } = await sh(sides.flatMap((side) => asked.map((line) => `${inside(line, side)}; echo @@@`)).join('\n'));
      const answers = stdout.split('@@@\n').slice(0, -1).map((text) => JSON.parse(text.replace(/"(idle_time|reachable|refcnt)":[0-9.]+/g, '"$1":0').trim() || '[]') as unknown);
      // Which of a link's addresses is older is a matter of luck.
      for (const { maddr } of answers.flat() as { maddr?: object[] }[]) maddr?.sort((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1));
      return { theirs: answers.slice(0, asked.length), ours: answers.slice(asked.length) };
    };
    let kernel: KernelState[] = [];
    const compare = async (after: string): Promise<void> => {
      if (kernel.length > 0) {
        const [a, b] = kernel.map((state) => state.read());
        expect(a).toContain('"lo"');
        if (a === b) return;
        // iproute2 does not tell instances whole.
        if (asked.length === 0) return void expect.soft(b, after).toBe(a);
      }
      const { theirs, ours } = await ask();
      expect.soft({ after, state: ours }).toEqual({ after, state: theirs });
    };
    try {
      for (const side of sides) await prepare(side, [...basis, ...setup]);
      // Of the rest, what the kernel is asked for does not tell all.
      if (/^(next hops|groups|flushing|tokens|network identifiers|spanning)/.test(name)) kernel = sides.map((side) => new KernelState(side));
      await compare('the setup');
      for (const given of lines) {
        const refused = given.startsWith('!');
        const line = given.replace(/^!/, '');
        const theirs = await sh(inside(line, 'theirs'));
        if (!refused && theirs.status !== 0) {
          if (!lacking.test(theirs.stderr)) expect.soft(`iproute2 refuses "${line}": ${theirs.stderr}`).toBe('');
          skip(line, theirs.stderr);
          return;
        }
        const ours = await nlkit(inside(line, 'ours'));
        expect.soft(`${line}: ${ours.status === 0 ? 'done' : `refused ${refused ? '' : ours.stderr}`}`.trim()).toBe(`${line}: ${refused ? 'refused' : 'done'}`);
        if (refused) expect.soft(theirs.status, line).not.toBe(0);
        await compare(line);
      }
    } finally {
      for (const state of kernel) state.close();
      await sh(sides.map((side) => `ip netns del ${side}`).join('; '));
    }
  }, 300_000);
});

/** Control groups are the machine's own, whatever the namespace. */
const noGroups = why ?? (process.env['NLKIT_VM'] ? undefined : 'processes are put into VRFs only on a kernel of their own: npm run test:vm');
if (!why && noGroups) console.warn(`skipped: ${noGroups}`);

describe.skipIf(noGroups)('processes in VRFs', () => {
  test('a process is in the VRF, is found there, and its sockets are bound to it', async () => {
    if ((await sh('ip link add red9 type vrf table 9')).status !== 0) return void console.warn('skipped: this kernel has no VRFs');
    const before = readFileSync('/proc/self/cgroup', 'utf8');
    try {
      const done = spawn('sh', ['-c', 'sleep 5'], { stdio: 'ignore' });
      const said = await nlkit('ip vrf exec red9 sh -c "ip vrf identify $$ > /run/said; ip vrf pids red9 >> /run/said; exit 7"');
      expect(said).toMatchObject({ status: 7, stderr: '' });
      // iproute2 becomes the command; nlkit waits for it, in the VRF too.
      expect(readFileSync('/run/said', 'utf8')).toMatch(/^red9\n( +\d+ {2}node\n)? +\d+ {2}sh\n/);
      expect(readFileSync('/proc/self/cgroup', 'utf8')).toBe(before);
      expect(await nlkit('ip vrf identify')).toMatchObject({ status: 0, stdout: '' });
      expect(await nlkit('ip vrf exec nope true')).toMatchObject({ status: 1 });
      done.kill();
    } finally {
      await sh('ip link del red9');
    }
  }, 120_000);
});

test.skipIf(why)('the differences are those of the table', () => { expect(table.missing()).toEqual([]); });

test('what could not be compared here', () => {
  if (skipped.length > 0) console.warn(`skipped, this kernel or iproute2 lacks it:\n  ${skipped.join('\n  ')}`);
  expect(skipped.length).toBeLessThan(60);
});
