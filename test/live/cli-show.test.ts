/** What nlkit prints is what iproute2 prints, on the same namespace. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Captured } from '../../src/cli/output.ts';
import { run } from '../../src/cli/run.ts';
import { split } from '../../src/cli/batch.ts';
import { Shell } from './shell.ts';
import { expected } from '../support/differences.ts';
import { has, iproute2Version, isolate, kernelVersion } from './support.ts';

const why = isolate() ?? (has('ip') && has('bridge') ? undefined : 'iproute2 is not installed');
if (why) console.warn(`skipped: ${why}`);

const veth = 'ip link add veth0 type veth peer name veth1';
/** What there is to see. A line that begins with `?` may be beyond this kernel. */
const rig = [
  'ip link set lo up', 'ip netns add s1', veth, 'ip link add br0 type bridge', 'ip link set veth0 master br0', 'ip link set br0 up', 'ip link set veth0 up', 'ip link set veth1 up',
  'ip address add 10.0.0.1/24 dev br0', 'ip address add 10.0.0.2/24 dev br0', 'ip address add 10.9.0.1 peer 10.9.0.2/32 dev veth1', 'ip address add fd00::1/64 dev br0 nodad',
  'ip address add 10.0.5.1/24 brd + dev veth1 label veth1:x valid_lft 100 preferred_lft 50', 'ip link add mv0 link br0 type macvlan mode bridge', '?ip link add vx0 type vxlan id 42 remote 10.0.0.9 dev br0 dstport 4789',
  'ip link add vx1 type vxlan external dstport 4790', 'ip link set mv0 alias hello', 'ip link property add dev mv0 altname foobar', 'ip link add veth2 type veth peer name eth0 netns s1', 'ip link add ms0 link br0 type macvlan mode source',
  'ip link set ms0 type macvlan macaddr add 02:00:00:00:00:01', 'ip route add 10.7.0.0/16 via 10.0.0.9 dev br0', 'ip route add default via 10.0.0.9 metric 100 mtu 1400', 'ip route add 10.8.0.0/16 nexthop via 10.0.0.9 weight 2 nexthop via 10.0.0.8',
  'ip route add blackhole 10.77.0.0/16', 'ip route add fd01::/64 via fd00::9', 'ip route add 10.78.0.0/16 dev veth1 table 100 proto static src 10.0.0.1', 'ip route add 10.79.0.0/16 via 10.0.0.9 mtu lock 1300 rtt 100ms hoplimit 9 congctl reno', 'ip route add 10.80.0.0/16 via inet6 fd00::9 dev br0',
  'ip route add 10.83.0.0/16 via 10.0.0.9 rtt 2s rttvar 1500ms rto_min 5s', 'ip address add 10.0.6.1/31 brd + dev veth1', 'ip address add 10.0.7.1/24 dev veth1 metric 77',
  'ip route add 10.81.0.0/16 via 10.0.0.9 realm 5 tos 0x10', 'ip route add 10.82.0.0/16 encap ip id 7 dst 10.0.0.5 dev br0', 'ip -6 route add unreachable fd66::/64', 'ip route add fd02::/64 via fd00::9 expires 1000 pref high',
  'ip rule add from 10.0.0.0/24 table 100 pref 1000', 'ip rule add fwmark 0x10/0xff to 10.9.0.0/16 iif br0 lookup 1000 pref 1001', 'ip rule add not from 10.1.1.1 blackhole pref 1002', 'ip rule add ipproto tcp dport 80-90 uidrange 5-6 table 8 pref 1003', 'ip rule add table main suppress_prefixlength 0 pref 1004', 'ip rule add pref 1005 goto 32766',
  'ip neigh add 10.0.0.33 lladdr 02:00:00:00:00:33 dev br0', 'ip neigh add 10.0.0.34 lladdr 02:00:00:00:00:34 nud stale dev br0', 'ip neigh add proxy 10.0.0.44 dev br0', 'bridge fdb add 02:00:00:00:00:77 dev veth0 master static',
  '?ip link add d0 type dummy', '?ip link add link d0 name d0.5 type vlan id 5 ingress-qos-map 1:2 egress-qos-map 3:4', '?ip link add iv0 link d0 type ipvlan mode l3 private', '?ip link add bd0 type bond mode active-backup miimon 100', '?ip link add red type vrf table 10', '?ip link set d0 vrf red',
  '?ip link add br1 type bridge vlan_filtering 1', '?ip link add d1 type dummy', '?ip link set d1 master br1', '?bridge vlan add dev d1 vid 10-12', '?bridge vlan add dev d1 vid 20 pvid untagged',
  // The database of VLANs: states, routers, counters, what holds for a whole bridge, tunnels, instances of spanning trees.
  '?ip link set br1 type bridge vlan_stats_enabled 1', '?ip link set br1 type bridge mcast_vlan_snooping 1', '?bridge vlan add dev br1 vid 10-12 self', '?bridge vlan set dev d1 vid 11 state blocking', '?bridge vlan set dev d1 vid 10 mcast_router 2', '?bridge vlan global set dev br1 vid 10 mcast_querier 1', '?bridge vlan global set dev br1 vid 11 mcast_igmp_version 3 mcast_mld_version 2',
  '?ip link add x7 type vxlan external dstport 4793', '?ip link set x7 master br1', '?bridge link set dev x7 vlan_tunnel on', '?bridge vlan add dev x7 vid 20-23', '?bridge vlan add dev x7 vid 20-23 tunnel_info id 200-203',
  '?ip link add br2 type bridge vlan_filtering 1 vlan_default_pvid 0', '?ip link set br2 type bridge mst_enabled 1', '?ip link add d3 type dummy', '?ip link set d3 master br2', '?bridge vlan add dev d3 vid 10-11', '?bridge vlan add dev d3 vid 13', '?bridge vlan add dev br2 vid 10-13 self', '?bridge vlan global set dev br2 vid 10 msti 2', '?bridge vlan global set dev br2 vid 11 msti 3',
  'bridge mdb add dev br0 port veth0 grp 239.1.1.1 permanent',
];

const forms = (options: readonly string[], tool: string, ...objects: string[]): string[] => options.flatMap((option) => objects.map((object) => `${tool} ${option} ${object}`.replace(/ +/g, ' ')));

const lines = [
  ...forms(['', '-d', '-s', '-s -s', '-br', '-j', '-j -p', '-j -d', '-j -d -p', '-j -s', '-j -s -s', '-o', '-o -d', '-br -j', '-4', '-6', '-4 -j', '-6 -j', '-6 -d', '-0', '-d -s'], 'ip', 'link show', 'address show'),
  ...forms(['', '-d', '-j', '-j -d', '-s', '-6', '-6 -j', '-o', '-j -p', '-4'], 'ip', 'route show', 'route show table all', 'rule show', 'neigh show'),
  ...forms(['-N', '-N -j'], 'ip', 'route show', 'route show table all', 'neigh show', 'link show'),
  ...forms(['', '-d', '-j', '-j -d', '-s', '-j -s', '-j -p'], 'bridge', 'link show', 'fdb show', 'mdb show'),
  ...forms(['', '-j'], 'bridge', 'vlan show', 'vlan show dev veth0', 'vlan show vid 10', 'fdb show br br0', 'fdb show dev veth0', 'fdb show brport veth0', 'link show dev veth0', 'link show dev br0', 'fdb get 02:00:00:00:00:77 br br0', 'mdb show dev br0', 'fdb show state permanent', 'fdb show dynamic'),
  ...forms(['', '-d', '-s', '-d -s', '-o', '-o -d', '-c', '-compressvlans', '-j', '-j -d', '-j -s', '-j -p'], 'bridge', 'vlan', 'vlan global show', 'vlan tunnelshow'),
  ...forms(['', '-d', '-s', '-j'], 'bridge', 'vlan show dev d1', 'vlan show dev br1', 'vlan show dev d1 vid 11', 'vlan show dev lo', 'vlan global show dev br1 vid 10', 'vlan global show dev d1', 'vlan global show dev lo', 'vlan tunnelshow dev x7 vid 21'),
  ...forms(['', '-j', '-d'], 'ip', 'link show veth0', 'link show dev br0', 'link show master br0', 'link show type bridge', 'link show type macvlan', 'link show up', 'link show group default', 'link show foobar', 'link show type veth up', 'link show nomaster', 'link show type bridge_slave'),
  ...forms(['', '-j', '-br'], 'ip', 'address show dev br0', 'address show up', 'address show scope link', 'address show to 10.0.0.0/24', 'address show dynamic', 'address show permanent dev veth1', 'address show secondary', 'address show primary', 'address show type veth', 'address show master br0'),
  ...forms(['', '-j', '-d', '-j -d'], 'ip', 'route get 10.0.0.99', 'route get 10.7.1.1', 'route get fd01::7', 'route get 10.0.0.99 from 10.0.0.1', 'route get fibmatch 10.7.1.1', 'route get 10.0.0.99 oif br0', 'route get 127.0.0.1', 'route get 10.0.0.99 mark 7'),
  ...forms(['', '-j'], 'ip', 'route show dev br0', 'route show 10.7.0.0/16', 'route show table 100', 'route show proto static', 'route list match 10.7.1.1', 'route show root 10.0.0.0/8', 'route show exact 10.7.0.0/16', 'route show scope link', 'route show table local', 'route show via 10.0.0.9', 'route show type blackhole', 'route show default', '-6 route show dev br0', 'route show metric 100'),
  ...forms(['', '-j'], 'ip', 'rule show table 100', 'rule list pref 1000', 'neigh show dev br0', 'neigh show nud permanent', 'neigh show proxy', 'neigh show to 10.0.0.33', 'neigh show nud all'),
  ...forms(['-s', '-j -s', '-br'], 'ip', 'neigh show'),
  'ip neigh get 10.0.0.33 dev br0', 'ip l', 'ip a', 'ip r', 'ip n', 'ip ru', 'ip li sh', 'ip a s', 'ip r l', 'ip -j -br a s dev lo', 'ip addr show label veth1*', 'ip netns list-id',
];

/** Clocks and counters. */
function mask(text: string): string {
  return text
    .replace(/(timer +)[0-9.]+/g, '$1T').replace(/"timer":"[ 0-9.]+"/g, '').replace(/((?:temp|permanent) +)[0-9]+\.[0-9]+/g, '$1').replace(/("[a-z_]*timer": ?)[0-9.]+/g, '$1T').replace(/("(?:used|updated|confirmed|age|bytes|packets|dropped|multicast)": ?)\d+/g, '$1N')
    .replace(/ used \d+\/\d+(\/\d+)?/g, ' used T').replace(/((?:valid|preferred)_lft) \d+sec/g, '$1 Tsec').replace(/(life_time": ?)\d{1,3}\b/g, '$1T').replace(/(expires"?:? ?)\d+/g, '$1T').replace(/(users|age) \d+/g, '$1 N').replace(/"(users|used)": ?\d+/g, '$1')
    .replace(/([RT]X: )\d+ bytes \d+ packets/g, '$1B P').replace(/("[rt]x_(?:bytes|packets)": ?)\d+/g, '$1N').replace(/^( +)\d+ +\d+ +(\d+ +)\d+ +\d+ +\d+ /gm, ' B P $2').replace(/\\ +\d+ +\d+ +(\d+ +){4}/g, '\\ B P ');
}

const table = expected('live/cli-show', why ? 0 : iproute2Version(), kernelVersion());

const inside = (line: string): string => line.replace(/^(\w+)/, '$1 -n show');
const lacking = /Unknown device type|not supported|Operation not supported|Cannot find device|does not exist|No such device|Cannot find network device|Device does not exist|argument|garbage|is unknown|unknown command|Dump terminated|Not a valid VRF|Cannot find bridge device/i;

const skipped: string[] = [];
const shell = why ? undefined : new Shell();
afterAll(() => shell?.close());

describe.skipIf(why)('nlkit prints what iproute2 prints', () => {
  beforeAll(async () => {
    expect((await shell!.run('ip netns add show')).stderr).toBe('');
    for (const given of rig) {
      const { status, stderr } = await shell!.run(inside(given.replace(/^\?/, '')).replace('-n show netns', 'netns'));
      if (status === 0) continue;
      if (!given.startsWith('?') || !lacking.test(stderr)) expect.fail(`${given}: ${stderr}`);
      console.warn(`not shown, this kernel lacks it: ${given.slice(1)}`);
    }
    // Duplicate address detection and carrier settle.
    await shell!.run('sleep 3');
  }, 120_000);

  test.each(lines)('%s', async (line) => {
    let same = false;
    // A counter that changes its width, or an event between the two: once more.
    for (let attempt = 0; attempt < 3 && !same; attempt++) {
      const theirs = await shell!.run(inside(line));
      // The database of VLANs is not in every kernel.
      if (theirs.status !== 0 && /Dump terminated/.test(theirs.stderr)) return void skipped.push(`${line}: ${theirs.stderr.trim().split('\n')[0]}`);
      const out = new Captured();
      const status = await run(split(inside(line)), out);
      const [ours = '', wanted = ''] = table.even(line, out.stdout, theirs.stdout).map(mask);
      same = ours === wanted;
      if (same || attempt === 2) {
        if (theirs.status === 0) expect(out.stderr).toBe('');
        expect(ours.split('\n')).toEqual(wanted.split('\n'));
        expect(status === 0).toBe(theirs.status === 0);
        if (line.includes('-j') && out.stdout !== '') expect(() => JSON.parse(out.stdout)).not.toThrow();
      }
    }
  });
});

describe.skipIf(why)('instances of spanning trees', () => {
  const rig = ['ip link add d0 type dummy', 'ip link add d1 type dummy', 'ip link add br1 type bridge vlan_filtering 1 vlan_default_pvid 0', 'ip link set br1 type bridge mst_enabled 1', 'ip link set d0 master br1', 'ip link set d1 master br1', 'bridge vlan add dev d0 vid 10-11', 'bridge vlan add dev d1 vid 10', 'bridge vlan add dev br1 vid 10-11 self', 'bridge vlan global set dev br1 vid 10 msti 2', 'bridge vlan global set dev br1 vid 11 msti 3', 'bridge mst set dev d0 msti 2 state blocking', 'bridge mst set dev d0 msti 3 state 1'];
  const inside = (line: string): string => line.replace(/^(\w+)/, '$1 -n trees');
  let lacks = '';
  beforeAll(async () => {
    const { stderr } = await shell!.run(['ip netns add trees', 'set -e', ...rig.map(inside)].join('\n'));
    if (stderr !== '' && !lacking.test(stderr)) expect.fail(stderr);
    lacks = stderr;
  }, 120_000);
  afterAll(async () => { await shell!.run('ip netns del trees'); });

  test.each(['', '-d', '-s', '-o', '-c', '-j', '-j -p'].flatMap((option) => ['mst', 'mst show dev d0', 'mst show dev d1'].map((words) => `bridge ${option} ${words}`.replace(/ +/g, ' '))))('%s', async (line) => {
    const theirs = await shell!.run(inside(line)), out = new Captured();
    if (table.due.includes('words-newer')) {
      expect(theirs.stderr).toMatch(/is unknown/);
      return void table.meet('words-newer');
    }
    if (lacks !== '') return void skipped.push(`${line}: ${lacks.trim()}`);
    const status = await run(split(inside(line)), out);
    expect({ status, stdout: out.stdout.split('\n'), stderr: out.stderr }).toEqual({ ...theirs, stdout: theirs.stdout.split('\n') });
    expect(out.stdout).toMatch(/state/);
  });

  test('mst-terminated: bridge mst, where the port of another bridge has no instances', async () => {
    const { status, stdout } = await shell!.run(inside('bridge mst')), out = new Captured();
    if (status !== 0) return void skipped.push(`bridge mst: ${lacks.trim()}`);
    expect(await shell!.run(['set -e', ...['ip link add br2 type bridge', 'ip link add v0 master br2 type veth'].map(inside)].join('\n'))).toMatchObject({ status: 0 });
    table.meet('mst-terminated');
    expect(await shell!.run(inside('bridge mst'))).toMatchObject({ status: 255, stderr: 'Dump terminated\n' });
    expect({ status: await run(split(inside('bridge mst')), out), stdout: out.stdout, stderr: out.stderr }).toEqual({ status: 0, stdout, stderr: '' });
  });
});

test.skipIf(why)('what could not be compared here', () => {
  if (skipped.length > 0) console.warn(`skipped, this kernel or iproute2 lacks it:\n  ${skipped.join('\n  ')}`);
  expect(skipped.every((line) => /^bridge .*(vlan|mst)/.test(line))).toBe(true);
});
test.skipIf(why)('the differences are those of the table', async () => {
  console.log(`differences met: ${[...table.seen].sort().join(', ')} of ${table.due.join(', ')}`);
  // Where a kernel has no instances there are none to tell.
  const lacks = skipped.some((line) => line.startsWith('bridge mst:')) ? ['mst-terminated'] : [];
  expect(table.missing().filter((id) => !lacks.includes(id))).toEqual([]);
});
