/**
 * What iproute2 has learned after 6.15, beside an iproute2 that knows it and a kernel that has it (Linux 7.3): what both make of each line is the same, and both
 * print it alike.
 */
import { describe, expect, test } from 'vitest';
import { beside } from './beside.ts';
import { iproute2Version } from './support.ts';

const { why: missing, sh, nlkit, alike, doAlike } = beside();
const NEWEST = 703;
const why = missing ?? (iproute2Version() < NEWEST ? 'iproute2 is older than 7.3: npm run test:vm -- --kernel 7.3 --suite sid cli-newer' : undefined);
if (!missing && why) console.warn(`skipped: ${why}`);

/** Two links, a bridge with VLANs and a port, a bond. */
const rig = [
  'ip -n NAMESPACE link add d0 address 02:00:00:00:00:10 type dummy', 'ip -n NAMESPACE link set d0 up', 'ip -n NAMESPACE address add 192.0.2.1/24 dev d0', 'ip -n NAMESPACE address add 2001:db8::1/64 dev d0 nodad',
  'ip -n NAMESPACE link add br0 address 02:00:00:00:00:01 type bridge vlan_filtering 1', 'ip -n NAMESPACE link add p0 address 02:00:00:00:00:11 type dummy', 'ip -n NAMESPACE link set p0 master br0',
  'ip -n NAMESPACE link add b0 address 02:00:00:00:00:02 type bond mode 802.3ad', 'ip -n NAMESPACE link add s0 address 02:00:00:00:00:02 type dummy', 'ip -n NAMESPACE link set s0 master b0',
].join('\n');

interface Newer { readonly name: string; readonly asked: readonly string[]; readonly lines: readonly string[]; readonly shown?: readonly string[] }
const newer: readonly Newer[] = [
  {
    name: 'settings of IPv4 by netlink', asked: ['ip -j link show d0; ip netns exec $N sh -c "grep -rs . /proc/sys/net/ipv4/conf/d0 | sort"'],
    lines: [
      'ip link set d0 inet forwarding on rp_filter 2 arp_ignore 8 tag 7 medium_id 3 force_igmp_version 2 igmpv2_unsolicited_report_interval 5000', 'ip link set d0 inet forwarding off',
      'ip link set d0 inet proxy_arp on accept_redirects off secure_redirects off send_redirects off shared_media off accept_source_route on bootp_relay on log_martians on arp_filter on disable_xfrm on disable_policy on mtu 1400',
      'ip link set d0 inet promote_secondaries on arp_notify on accept_local on src_vmark on proxy_arp_pvlan on route_localnet on bc_forwarding on ignore_routes_with_linkdown on drop_unicast_in_l2_multicast on drop_gratuitous_arp on arp_evict_nocarrier off',
      'ip link set d0 inet arp_announce 2 arp_accept 2 igmpv3_unsolicited_report_interval 900', '!ip link set d0 inet bogus on', '!ip link set d0 inet forwarding 3', '!ip link set d0 inet', '!ip link set d0 inet rp_filter 3',
    ],
  },
  {
    name: 'bridges', asked: ['ip -d -j link show type bridge'], shown: ['ip -d link show type bridge', 'ip -d -j link show type bridge'],
    lines: [
      'ip link set br0 type bridge stp_mode user', 'ip link set br0 type bridge stp_mode kernel', 'ip link set br0 type bridge stp_mode auto', 'ip link set br0 type bridge fdb_local_vlan_0 1', 'ip link set br0 type bridge mdb_offload_fail_notification 1 fdb_local_vlan_0 0',
      '!ip link set br0 type bridge stp_mode bogus', 'ip link add br1 address 02:00:00:00:00:03 type bridge stp_mode user fdb_local_vlan_0 1 mdb_offload_fail_notification 1',
    ],
  },
  {
    name: 'ports of a bridge', asked: ['ip -d -j link show p0', 'bridge -d -j link show', 'bridge -d -j vlan show'],
    shown: ['ip -d link show p0', 'bridge -d link show', 'bridge -d -j link show', 'bridge -d vlan show', 'bridge -d -j vlan show'],
    lines: ['ip link set p0 type bridge_slave neigh_forward_grat off', 'bridge link set dev p0 neigh_forward_grat on', 'bridge vlan add dev p0 vid 5', 'bridge vlan set dev p0 vid 5 neigh_suppress on', 'bridge vlan set dev p0 vid 5 neigh_forward_grat on'],
  },
  {
    name: 'forwarding entries', asked: ['bridge -d -j fdb show br br0 | sed s/02:00/02:00/'], shown: ['bridge -d fdb show br br0', 'bridge -j fdb show br br0'],
    lines: [
      'bridge fdb add 02:00:00:00:00:55 dev p0 master static activity_notify', 'bridge fdb replace 02:00:00:00:00:55 dev p0 master static activity_notify inactive norefresh', 'bridge fdb replace 02:00:00:00:00:55 dev p0 master static activity_notify',
      '!bridge fdb add 02:00:00:00:00:56 dev p0 master static inactive',
    ],
  },
  {
    name: 'bonds and their ports', asked: ['ip -d -j link show b0', 'ip -d -j link show s0'], shown: ['ip -d link show b0', 'ip -d -j link show b0', 'ip -d link show s0', 'ip -d -j link show s0'],
    lines: ['ip link set b0 type bond lacp_strict on', 'ip link set b0 type bond broadcast_neighbor on', 'ip link set b0 type bond lacp_strict off', 'ip link set s0 type bond_slave actor_port_prio 17', '!ip link set b0 type bond lacp_strict maybe'],
  },
  {
    name: 'tunnels', asked: ['ip -d -j link show type geneve', 'ip -d -j link show type vxlan'], shown: ['ip -d link show type geneve', 'ip -d -j link show type geneve', 'ip -d link show type vxlan'],
    lines: [
      'ip link add g0 address 02:00:00:00:00:20 type geneve id 5 remote 192.0.2.9 local 192.0.2.1', 'ip link add g1 address 02:00:00:00:00:21 type geneve id 6 remote 2001:db8::9 local 2001:db8::1', '!ip link add g2 type geneve id 7 remote 192.0.2.9 local 239.0.0.1',
      'ip link add x0 address 02:00:00:00:00:22 type vxlan id 5 dstport 4789 mcroute', 'ip link add x1 address 02:00:00:00:00:23 type vxlan id 6 dstport 4790 nomcroute',
    ],
  },
  {
    name: 'neighbours', asked: ['ip -j neigh show dev d0'], shown: ['ip neigh show', 'ip -j neigh show'],
    lines: ['ip neigh add 192.0.2.9 lladdr 02:00:00:00:00:99 dev d0 extern_valid', 'ip neigh add 192.0.2.10 lladdr 02:00:00:00:00:98 dev d0 extern_valid extern_learn nud stale', '!ip neigh add 192.0.2.11 dev d0 extern_valid managed'],
  },
  {
    name: 'neighbour tables', asked: ['ip -j ntable show dev d0'], shown: ['ip ntable show dev d0', 'ip -j ntable show dev d0 name arp_cache'],
    lines: ['ip ntable change name arp_cache dev d0 mcast_reprobes 3', 'ip ntable change name ndisc_cache dev d0 mcast_reprobes 2'],
  },
  {
    name: 'next hops', asked: ['ip -j nexthop'], shown: ['ip nexthop', 'ip -d -j nexthop'],
    lines: ['ip nexthop add id 3 via 192.0.2.4 fdb dst_port 4789', 'ip nexthop add id 4 via 192.0.2.5 dst_port 4790 fdb', '!ip nexthop add id 1 via 192.0.2.3 dev d0 dst_port 5'],
  },
  {
    name: 'segments', asked: ['ip -j route', 'ip -6 -j route show 2001:db8:5::/64'], shown: ['ip route', 'ip -j route', 'ip -6 route show 2001:db8:5::/64'],
    lines: ['ip route add 10.0.0.0/8 encap seg6 mode encap segs 2001:db8::9 lookup 100 dev d0', 'ip -6 route add 2001:db8:5::/64 encap seg6 mode encap segs 2001:db8::9 lookup main dev d0'],
  },
  { name: 'endpoints of MPTCP', asked: ['ip -j mptcp endpoint show'], shown: ['ip mptcp endpoint show', 'ip -j mptcp endpoint show'], lines: ['ip mptcp endpoint add 192.0.2.1 laminar'] },
  { name: 'OpenVPN', asked: ['ip -d -j link show type ovpn'], shown: ['ip -d link show type ovpn', 'ip -d -j link show type ovpn'], lines: ['ip link add o0 type ovpn', 'ip link add o1 type ovpn mode mp', 'ip link add o2 type ovpn mode p2p', '!ip link add o3 type ovpn mode x'] },
];

describe.skipIf(why)('both do alike', () => {
  test.each(newer.map((one) => [one.name, one] as const))('%s', async (_name, { asked, lines }) => {
    await sh('modprobe -qa ovpn mptcp');
    // Numbers that the kernel makes up, and times.
    const told = async (line: string): Promise<{ status: number; stdout: string; stderr: string }> => {
      const namespace = /-n (\w+)/.exec(line)![1]!, said = await sh(line.replaceAll('$N', namespace));
      return { ...said, stdout: said.stdout.replace(/"(reachable|refcnt|seq_nr)": ?\d+/g, '"$1":0').replace(/"(gc_timer|hello_timer)":[\d.]+/g, '"$1":0') };
    };
    await doAlike(asked, lines, rig, told);
  }, 300_000);
});

describe.skipIf(why)('both print alike', () => {
  test.each(newer.filter(({ shown }) => shown).map((one) => [one.name, one] as const))('%s', async (_name, { lines, shown = [] }) => {
    const steady = (text: string): string => text.replace(/(reachable|refcnt)("?:?) ?\d+/g, '$1$2 N').replace(/(gc_timer|hello_timer)("?:?) *[\d.]+/g, '$1$2 N');
    try {
      expect(await sh(`ip netns add there && ip -n there link set lo up\n${rig.replaceAll('NAMESPACE', 'there')}`)).toMatchObject({ status: 0, stderr: '' });
      for (const line of lines.filter((one) => !one.startsWith('!'))) expect(await nlkit(line.replace(/^(ip|bridge) /, '$1 -n there '))).toMatchObject({ status: 0, stderr: '' });
      for (const line of shown) await alike(line, 'there', steady);
    } finally {
      await sh('ip netns del there');
    }
  }, 300_000);
  test('counters of VLANs', async () => {
    try {
      expect(await sh(`ip netns add there && ip -n there link set lo up\n${rig.replaceAll('NAMESPACE', 'there')}\nbridge -n there vlan add dev br0 vid 5 self; bridge -n there vlan add dev p0 vid 7`)).toMatchObject({ status: 0, stderr: '' });
      for (const line of ['ip stats show dev br0 group xstats subgroup bridge suite vlan', 'ip -j stats show dev br0 group xstats subgroup bridge suite vlan', 'ip -j stats show dev p0 group xstats_slave subgroup bridge suite vlan', 'ip stats show dev p0 group xstats_slave subgroup bridge', 'ip link xstats type bridge']) await alike(line, 'there');
    } finally {
      await sh('ip netns del there');
    }
  }, 120_000);
});
