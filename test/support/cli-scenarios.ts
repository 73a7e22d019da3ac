/** Command lines that iproute2 and nlkit must have the same effect with. A scenario is one fresh namespace for each. */
export interface Scenario {
  readonly name: string;
  /** Run by iproute2 on both sides. `@` stands for the side's own suffix of namespace names. */
  readonly setup?: readonly string[];
  /** Run by iproute2 on one side and by nlkit on the other. A line that begins with `!` must be refused by both. */
  readonly lines: readonly string[];
  /** Lines do not build on each other: after each, iproute2 runs these and then the setup again. */
  readonly undo?: readonly string[];
}

const veth = ['ip link add v0 address 02:00:00:00:00:10 type veth peer name v1 address 02:00:00:00:00:11'];
const pair = [...veth, 'ip link set v0 up', 'ip link set v1 up'];
const bridged = [...veth, 'ip link add br0 address 02:00:00:00:00:01 type bridge', 'ip link set v0 master br0 up', 'ip link set v1 up', 'ip link set br0 up'];
const routed = [...pair, 'ip address add 10.0.0.1/24 dev v0', 'ip address add fd00::1/64 dev v0 nodad', 'ip link set lo up'];

/** Lines of which each begins anew. */
const each = (name: string, setup: readonly string[], undo: readonly string[], lines: readonly string[]): Scenario => ({ name, setup, undo, lines });
const gone = (...names: string[]): string[] => names.map((name) => `ip link del ${name}`);

/** A kernel of the test's own. Loading the module of ifb makes two links in the namespace of the machine, and no test may do that to a machine that is not. */
const disposable = process.env['NLKIT_LIVE'] !== undefined;

export const scenarios: readonly Scenario[] = [
  { name: 'a new name', setup: veth, lines: ['ip link set v0 name other', 'ip link set dev other name v0'] },
  // -- links ------------------------------------------------------------------------------------------------
  { name: 'veth', lines: ['ip link add v0 type veth peer name v1', 'ip link add v2 mtu 1400 txqueuelen 99 type veth peer name v3 mtu 1300', 'ip link add type veth', 'ip link add name v8 address 02:00:00:00:00:88 type veth peer v9 address 02:00:00:00:00:99'] },
  { name: 'veth into a namespace', setup: ['ip netns add s@'], lines: ['ip link add v0 type veth peer name eth0 netns s@', 'ip link add v1 netns s@ type veth peer name v2'] },
  { name: 'moving a link', setup: ['ip netns add s@', ...veth], lines: ['ip link set v1 netns s@', 'ip link set v0 up'] },
  { name: 'moving a link with a new name', setup: ['ip netns add s@', ...veth], lines: ['ip link set dev v1 netns s@ name eth0'] },
  { name: 'many queues', lines: ['ip link add v0 numtxqueues 4 numrxqueues 3 type veth peer name v1', 'ip link add index 77 v2 type veth peer name v3'] },
  { name: 'abbreviations', setup: veth, lines: ['ip l se v0 up', 'ip li set v1 mt 1400', 'ip l set v0 txq 7', 'ip a a 10.0.0.1/24 dev v0', 'ip r a 10.9.0.0/16 via 10.0.0.2'] },
  each('set', veth, gone('v1'), [
    'ip link set v0 up', 'ip link set dev v0 up', 'ip link set v0 down', 'ip link set v0 mtu 1400', 'ip link set v0 txqueuelen 500', 
    'ip link set v0 address 02:00:00:00:00:77', 'ip link set v0 alias "a link"', 'ip link set v0 group 7', 'ip link set v0 promisc on',
    'ip link set v0 allmulticast on', 'ip link set v0 multicast off', 'ip link set v0 arp off', 'ip link set v0 dynamic on', 'ip link set v0 addrgenmode none',
    'ip link set v0 protodown on', 'ip link set v0 gso_max_size 32768', 'ip link set v0 gso_max_segs 100', 'ip link set v0 up mtu 1399 promisc on alias x',
    'ip link set v0 broadcast ff:ff:ff:ff:ff:00', 'ip link set v0 carrier off', 'ip link set v0 mode dormant', 'ip link set v0 state dormant',
  ]),
  { name: 'groups', setup: veth, lines: ['ip link set v0 group 9', 'ip link set v1 group 9', 'ip link set group 9 up', 'ip link set group 9 mtu 1390'] },
  { name: 'deleting a group', setup: [...veth, 'ip link set v0 group 9'], lines: ['ip link del group 9'] },
  { name: 'deleting', setup: veth, lines: ['ip link del v0'] },
  { name: 'deleting, in full', setup: veth, lines: ['ip link delete dev v1 type veth'] },
  { name: 'altnames', setup: veth, lines: ['ip link property add dev v0 altname one altname two', 'ip link property del dev v0 altname one', 'ip link set two mtu 1300', 'ip link property add dev v1 altname a-name-that-is-longer-than-fifteen', 'ip link set a-name-that-is-longer-than-fifteen up'] },
  { name: 'bridge', lines: ['ip link add br0 type bridge', 'ip link set br0 up', 'ip link del br0'] },
  each('bridge', [], gone('br0'), [
    'ip link add br0 type bridge forward_delay 400 hello_time 150 max_age 1500 ageing_time 20000', 'ip link add br0 type bridge stp_state 1 priority 4096',
    'ip link add br0 type bridge mcast_snooping 0', 'ip link add br0 type bridge group_fwd_mask 0x8', 'ip link add br0 type bridge group_address 01:80:c2:00:00:04',
    'ip link add br0 type bridge mcast_router 2 mcast_querier 1 mcast_query_use_ifaddr 1', 'ip link add br0 type bridge mcast_hash_max 512 mcast_last_member_count 3 mcast_startup_query_count 4',
    'ip link add br0 type bridge mcast_last_member_interval 200 mcast_membership_interval 20000 mcast_querier_interval 20000 mcast_query_interval 10000 mcast_query_response_interval 900 mcast_startup_query_interval 3000',
    'ip link add br0 type bridge no_linklocal_learn 1', 'ip link add br0 type bridge nf_call_iptables 1 nf_call_ip6tables 1 nf_call_arptables 1', 'ip link add br0 type bridge mcast_stats_enabled 1 mcast_igmp_version 3 mcast_mld_version 2',
    'ip link add br0 type bridge vlan_filtering 1', 'ip link add br0 type bridge vlan_filtering 1 vlan_default_pvid 7 vlan_protocol 802.1ad', 'ip link add br0 type bridge vlan_stats_enabled 1', 'ip link add br0 type bridge vlan_stats_per_port 1',
    'ip link add br0 type bridge mcast_vlan_snooping 0 no_linklocal_learn 1',
  ]),
  { name: 'bridge, changed', setup: bridged, lines: ['ip link set br0 type bridge stp_state 1', 'ip link set br0 type bridge priority 8192 ageing_time 1000', 'ip link set br0 type bridge fdb_flush', 'ip link set dev v0 type bridge_slave cost 55 priority 7 hairpin on', 'ip link set v0 type bridge_slave learning off flood off'] },
  each('bridge port', bridged, gone('v0', 'br0'), [
    'ip link set v0 nomaster', 'ip link set v0 type bridge_slave guard on', 'ip link set v0 type bridge_slave root_block on', 'ip link set v0 type bridge_slave fastleave on', 'ip link set v0 type bridge_slave mcast_flood off bcast_flood off',
    'ip link set v0 type bridge_slave proxy_arp on', 'ip link set v0 type bridge_slave proxy_arp_wifi on', 'ip link set v0 type bridge_slave neigh_suppress on', 'ip link set v0 type bridge_slave isolated on', 'ip link set v0 type bridge_slave locked on',
    'ip link set v0 type bridge_slave mcast_to_unicast on', 'ip link set v0 type bridge_slave group_fwd_mask 8', 'ip link set v0 type bridge_slave mcast_router 2', 'ip link set v0 type bridge_slave vlan_tunnel on',
    'bridge link set dev v0 cost 10', 'bridge link set dev v0 priority 9', 'bridge link set dev v0 guard on hairpin on', 'bridge link set dev v0 learning off flood off', 'bridge link set dev v0 isolated on', 'bridge link set dev v0 mcast_router 0', 'bridge link set dev v0 neigh_suppress on locked on', 'bridge link set dev v0 root_block on fastleave on mcast_flood off bcast_flood off mcast_to_unicast on',
    'bridge fdb add 02:00:00:00:00:77 dev v0 master static', 'bridge fdb add 02:00:00:00:00:77 dev v0 master', 'bridge fdb add 02:00:00:00:00:77 dev v0 master dynamic', 'bridge fdb add 02:00:00:00:00:77 dev v0 master static sticky', 'bridge fdb add 02:00:00:00:00:77 dev v0 self', 'bridge fdb add 02:00:00:00:00:77 dev br0 self', 'bridge fdb replace 02:00:00:00:00:77 dev v0 master extern_learn',
  ]),
  { name: 'fdb', setup: bridged, lines: ['bridge fdb add 02:00:00:00:00:77 dev v0 master static', 'bridge fdb add 02:00:00:00:00:78 dev v0 master temp', 'bridge fdb del 02:00:00:00:00:77 dev v0 master', '!bridge fdb add 02:00:00:00:00:78 dev v0 master'] },
  { name: 'mdb', setup: bridged, lines: ['bridge mdb add dev br0 port v0 grp 239.1.1.1 permanent', 'bridge mdb add dev br0 port v0 grp ff02::77:1 permanent', 'bridge mdb del dev br0 port v0 grp 239.1.1.1'] },
  { name: 'bridge vlans', setup: [...veth, 'ip link add br0 type bridge vlan_filtering 1', 'ip link set v0 master br0'], lines: ['bridge vlan add dev v0 vid 10', 'bridge vlan add dev v0 vid 20 pvid untagged', 'bridge vlan add dev v0 vid 100-110', 'bridge vlan del dev v0 vid 1', 'bridge vlan add dev br0 vid 30 self', 'bridge vlan del dev v0 vid 104-106', 'bridge vlan set dev v0 vid 10 state blocking'] },
  each('macvlan', veth, gone('v0'), [
    ...['private', 'vepa', 'bridge', 'passthru', 'source'].map((mode) => `ip link add m0 link v0 type macvlan mode ${mode}`), 'ip link add link v0 name m0 type macvlan', 'ip link add m0 link v0 type macvlan mode passthru nopromisc',
    'ip link add m0 link v0 address 02:00:00:00:00:50 type macvlan mode bridge bcqueuelen 500', 'ip link add m0 link v0 type macvlan mode vepa flag nodst', 'ip link add m0 link v0 mtu 1200 type macvlan mode bridge', 'ip link add m0 link v0 type macvtap mode bridge',
  ]),
  { name: 'macvlan, changed', setup: [...veth, 'ip link add m0 link v0 type macvlan mode bridge'], lines: ['ip link set m0 type macvlan mode private', 'ip link set m0 up', 'ip link set m0 type macvlan mode vepa', 'ip link set m0 type macvlan bcqueuelen 77'] },
  { name: 'macvlan sources', setup: [...veth, 'ip link add m0 link v0 type macvlan mode source'], lines: ['ip link set m0 type macvlan macaddr add 02:00:00:00:00:01', 'ip link set m0 type macvlan macaddr add 02:00:00:00:00:02', 'ip link set m0 type macvlan macaddr del 02:00:00:00:00:01', 'ip link set m0 type macvlan macaddr set 02:00:00:00:00:03 02:00:00:00:00:04'] },
  each('ipvlan', ['ip link add d0 address 02:00:00:00:00:30 type dummy'], gone('d0'), ['l2', 'l3', 'l3s'].flatMap((mode) => ['', ' bridge', ' private', ' vepa'].map((flag) => `ip link add i0 link d0 type ipvlan mode ${mode}${flag}`))),
  each('ipvlan', ['ip link add d0 address 02:00:00:00:00:30 type dummy'], gone('d0'), ['ip link add i0 link d0 type ipvlan', 'ip link add i0 link d0 type ipvtap mode l2']),
  { name: 'ipvlan, changed', setup: ['ip link add d0 type dummy', 'ip link add i0 link d0 type ipvlan mode l2'], lines: ['ip link set i0 type ipvlan mode l3', 'ip link set i0 type ipvlan mode l3s private'] },
  each('vlan', veth, gone('v0'), [
    'ip link add link v0 name v0.5 type vlan id 5', 'ip link add v0.5 link v0 type vlan id 5 protocol 802.1ad', 'ip link add link v0 name v0.6 type vlan id 6 reorder_hdr off', 'ip link add link v0 name v0.6 type vlan id 6 gvrp on mvrp on loose_binding on', 'ip link add link v0 name v0.7 type vlan id 7 ingress-qos-map 1:2 3:4 egress-qos-map 5:6', 'ip link add link v0 name v0.7 type vlan proto 802.1Q id 7 bridge_binding on',
  ]),
  { name: 'vlan, changed', setup: [...veth, 'ip link set v0 up', 'ip link add link v0 name v0.5 type vlan id 5'], lines: ['ip link set v0.5 type vlan egress-qos-map 1:7', 'ip link set v0.5 type vlan reorder_hdr off', 'ip link set v0.5 up'] },
  each('vxlan', routed, gone('x0', 'v0'), [
    'ip link add x0 type vxlan id 42 dstport 4789', 'ip link add x0 type vxlan id 42 remote 10.0.0.9 dev v0 dstport 4789', 'ip link add x0 type vxlan id 42 group 239.1.1.1 dev v0 dstport 0', 'ip link add x0 type vxlan id 42 remote fd00::9 local fd00::1 dstport 4789', 'ip link add x0 type vxlan id 42 local 10.0.0.1 ttl 5 tos 16 dstport 4789',
    'ip link add x0 type vxlan id 42 dstport 4789 srcport 1000 2000 ageing 77 maxaddress 100', 'ip link add x0 type vxlan id 42 dstport 4789 nolearning proxy rsc l2miss l3miss', 'ip link add x0 type vxlan external dstport 4789', 'ip link add x0 type vxlan id 42 dstport 4789 noudpcsum udp6zerocsumtx udp6zerocsumrx', 'ip link add x0 type vxlan id 42 dstport 4789 gbp', 'ip link add x0 type vxlan id 42 dstport 4789 df set ttl inherit', 'ip link add x0 type vxlan id 42 dstport 4789 remcsumtx remcsumrx', 'ip link add x0 type vxlan id 42 dstport 4789 ttl auto tos inherit', 'ip link add x0 type vxlan external vnifilter dstport 4789',
  ]),
  { name: 'vxlan fdb', setup: [...routed, 'ip link add x0 type vxlan id 42 dstport 4789'], lines: ['bridge fdb append 00:00:00:00:00:00 dev x0 dst 10.0.0.9', 'bridge fdb append 00:00:00:00:00:00 dev x0 dst 10.0.0.8', 'bridge fdb add 02:00:00:00:00:05 dev x0 dst 10.0.0.7 port 4790 vni 43', 'bridge fdb replace 02:00:00:00:00:05 dev x0 dst 10.0.0.6', 'bridge fdb del 00:00:00:00:00:00 dev x0 dst 10.0.0.9', 'bridge fdb add 02:00:00:00:00:06 dev x0 dst 10.0.0.7 via v0'] },
  each('small kinds', [], gone('d0', 'f0', 'n0', 'red', 'c0'), ['ip link add d0 type dummy', ...(disposable ? ['ip link add f0 type ifb'] : []), 'ip link add n0 type nlmon', 'ip link add d0 numtxqueues 3 mtu 9000 type dummy', 'ip link add red type vrf table 10', 'ip link add red type vrf table 1000', 'ip link add c0 type vcan']),
  { name: 'vrf', setup: veth, lines: ['ip link add red type vrf table 10', 'ip link set v0 vrf red', 'ip link set v1 master red', 'ip route add vrf red blackhole 10.5.0.0/16', 'ip link set v1 nomaster'] },
  each('bond', [], gone('b0'), [
    'ip link add b0 type bond', 'ip link add b0 type bond mode 802.3ad lacp_rate fast', 'ip link add b0 type bond mode active-backup miimon 100 updelay 200 downdelay 300', 'ip link add b0 type bond mode balance-xor xmit_hash_policy layer3+4', 'ip link add b0 type bond mode 4 ad_select bandwidth min_links 2', 'ip link add b0 type bond mode active-backup arp_interval 100 arp_ip_target 10.0.0.1,10.0.0.2 arp_validate all',
    'ip link add b0 type bond mode active-backup fail_over_mac active primary_reselect better num_grat_arp 3', 'ip link add b0 type bond mode balance-tlb tlb_dynamic_lb 0', 'ip link add b0 type bond mode balance-rr packets_per_slave 5 resend_igmp 2 lp_interval 3 all_slaves_active 1',
  ]),
  { name: 'bond ports', setup: ['ip link add d0 address 02:00:00:00:00:30 type dummy', 'ip link add d1 address 02:00:00:00:00:31 type dummy'], lines: ['ip link add b0 address 02:00:00:00:00:40 type bond mode active-backup', 'ip link set d0 master b0', 'ip link set d1 master b0', 'ip link set b0 up', 'ip link set b0 type bond active_slave d1', 'ip link set d0 type bond_slave queue_id 3', 'ip link set b0 type bond primary d0'] },
  { name: 'refused links', setup: bridged, lines: ['!ip link add v0 type veth peer name v9', '!ip link add m0 link v0 type macvlan', '!ip link set nope up', '!ip link add x type nosuchkind', '!ip link set v0 mtu 10', '!ip link set v0 master v1', '!ip link set br0 master br0', '!ip link del nope', '!ip link add a-name-that-is-too-long type dummy', '!ip link set v0 name v1', '!ip link set v0 netns nosuchnamespace', '!ip link add m1 link nope type macvlan', '!ip link set v0 mtu x', '!ip link set v0 nosuchword', '!ip link add', '!ip link set'] },
  // -- addresses --------------------------------------------------------------------------------------------
  each('address', pair, ['ip address flush dev lo', ...gone('v0')], [
    'ip address add 10.0.0.1/24 dev v0', 'ip address add 10.0.0.1 dev v0', 'ip address add 10.0.0.1/24 brd + dev v0', 'ip address add 10.0.0.1/24 broadcast 10.0.0.77 dev v0', 'ip address add 10.0.0.1/24 brd - dev v0', 'ip address add 10.0.0.1 peer 10.0.0.2 dev v0', 'ip address add 10.0.0.1 peer 10.0.0.2/24 dev v0', 'ip address add 10.0.0.1/24 dev v0 label v0:x', 'ip address add 10.0.0.1/24 dev v0 scope link', 'ip address add 10.0.0.1/24 dev v0 scope host',
    'ip address add 10.0.0.1/24 dev v0 valid_lft 1000 preferred_lft 500', 'ip address add 10.0.0.1/24 dev v0 noprefixroute', 'ip address add 10.0.0.1/24 dev v0 metric 77', 'ip address add 127.0.0.5/8 dev lo', 'ip address add fd00::1/64 dev v0', 'ip address add fd00::1/64 dev v0 nodad', 'ip address add fd00::1/64 dev v0 nodad noprefixroute', 'ip address add fd00::1/64 dev v0 nodad preferred_lft 0', 'ip address add fd00::1 peer fd00::2/64 dev v0 nodad', 'ip address add fd00::1/64 dev v0 nodad home', 'ip address add fd00::1/64 dev v0 nodad mngtmpaddr', 'ip -6 address add fd00::5 dev v0 nodad', 'ip address replace 10.0.0.1/24 dev v0', 'ip addr add local 10.0.0.9/24 dev v0', 'ip address add dev v0 10.0.0.3/24', 'ip a add 10.0.0.4/255.255.255.0 dev v0',
  ]),
  { name: 'addresses, changed and deleted', setup: routed, lines: ['ip address add 10.0.0.2/24 dev v0', 'ip address del 10.0.0.1/24 dev v0', 'ip address change 10.0.0.2/24 dev v0 valid_lft 900 preferred_lft 800', 'ip address del fd00::1/64 dev v0', 'ip address replace fd00::2/64 dev v0 nodad', '!ip address del 10.9.9.9/24 dev v0', '!ip address add 10.0.0.2/24 dev v0', '!ip address add 10.0.0.300/24 dev v0', '!ip address add 10.0.0.3/33 dev v0', '!ip address add 10.0.0.3/24', '!ip address add 10.0.0.3/24 dev nope', 'ip address add 10.0.0.3/24 dev v0 label other'] },
  { name: 'flushing addresses', setup: [...routed, 'ip address add 10.0.0.2/24 dev v0', 'ip address add 10.1.0.1/24 dev v1'], lines: ['ip address flush dev v0'] },
  { name: 'flushing addresses of a family', setup: routed, lines: ['ip -4 address flush dev v0'] },
  { name: 'flushing addresses of a prefix', setup: [...routed, 'ip address add 10.1.0.1/24 dev v0'], lines: ['ip address flush to 10.1.0.0/16'] },
  // -- routes -----------------------------------------------------------------------------------------------
  each('route', routed, ['ip -6 route flush table 200', 'ip -6 route del blackhole fd66::/64', 'ip -6 route del unreachable fd66::/64', 'ip route flush table 100', 'ip route flush table 1000', 'ip route flush type blackhole', 'ip route flush type unreachable', 'ip route flush type prohibit', 'ip route flush type throw', ...gone('v0')], [
    'ip route add 10.7.0.0/16 via 10.0.0.9', 'ip route add 10.7.0.0/16 dev v0', 'ip route add default via 10.0.0.9', 'ip route add 10.7.0.1 via 10.0.0.9', 'ip route add 10.7/16 via 10.0.0.9', 'ip route add default dev v0 metric 100', 'ip route add 10.7.0.0/16 via 10.0.0.9 metric 7 mtu 1400 advmss 1300', 'ip route add 10.7.0.0/16 via 10.0.0.9 mtu lock 1400 hoplimit 9 initcwnd 20 initrwnd 30', 'ip route add 10.7.0.0/16 via 10.0.0.9 rtt 100ms rttvar 50ms rto_min 200ms window 1000 cwnd 5 ssthresh 9 reordering 4', 'ip route add 10.7.0.0/16 via 10.0.0.9 features ecn quickack 1', 'ip route add 10.7.0.0/16 via 10.0.0.9 congctl reno',
    'ip route add blackhole 10.66.0.0/16', 'ip route add unreachable 10.66.0.0/16', 'ip route add prohibit 10.66.0.0/16', 'ip route add throw 10.66.0.0/16', 'ip route add local 10.66.0.1 dev v0', 'ip route add broadcast 10.66.0.255 dev v0', 'ip route add multicast 239.0.0.0/8 dev v0', 'ip route add unicast 10.7.0.0/16 via 10.0.0.9', 'ip route add 10.7.0.0/16 via 10.0.0.9 table 100', 'ip route add 10.7.0.0/16 via 10.0.0.9 table 1000', 'ip route add 10.7.0.0/16 via 10.0.0.9 proto static', 'ip route add 10.7.0.0/16 via 10.0.0.9 proto 77', 'ip route add 10.7.0.0/16 dev v0 scope link src 10.0.0.1', 'ip route add 10.7.0.0/16 dev v0 scope 200', 'ip route add 10.7.0.0/16 via 192.0.2.1 dev v0 onlink', 'ip route add 10.7.0.0/16 tos 0x10 via 10.0.0.9', 'ip route add 10.7.0.0/16 via 10.0.0.9 realm 5', 'ip route add 10.7.0.0/16 via inet6 fd00::9',
    'ip route add 10.7.0.0/16 nexthop via 10.0.0.9 weight 2 nexthop via 10.0.0.8', 'ip route add 10.7.0.0/16 nexthop via 10.0.0.9 dev v0 weight 255 nexthop dev v1', 'ip route add 10.7.0.0/16 proto static metric 5 nexthop via 10.0.0.9 nexthop via 10.0.0.8 onlink dev v0', 'ip route replace default via 10.0.0.9', 'ip route append 10.7.0.0/16 via 10.0.0.9', 'ip route prepend 10.7.0.0/16 via 10.0.0.9',
    'ip route add fd01::/64 via fd00::9', 'ip -6 route add default via fd00::9', 'ip route add default via fd00::9', 'ip -6 route add fd01::/64 dev v0 metric 5', 'ip route add fd01::/64 via fd00::9 mtu 1300 expires 1000', 'ip route add fd01::/64 via fd00::9 pref high', 'ip -6 route add blackhole fd66::/64', 'ip -6 route add unreachable fd66::/64', 'ip route add fd01::/64 nexthop via fd00::9 nexthop via fd00::8', 'ip -6 route add fd01::/64 from fd00::/64 via fd00::9', 'ip route add fd01::/64 via fd00::9 table 200 proto static src fd00::1',
    'ip route add 10.7.0.0/16 encap ip id 7 dst 10.0.0.5 dev v0', 'ip r add 10.8.0.0/16 via 10.0.0.9 dev v0 src 10.0.0.1',
  ]),
  { name: 'routes, changed and deleted', setup: routed, lines: ['ip route add 10.7.0.0/16 via 10.0.0.9', 'ip route change 10.7.0.0/16 via 10.0.0.8', 'ip route append 10.7.0.0/16 via 10.0.0.7', 'ip route del 10.7.0.0/16 via 10.0.0.8', 'ip route add 10.8.0.0/16 via 10.0.0.9 metric 5', 'ip route add 10.8.0.0/16 via 10.0.0.9 metric 6', 'ip route del 10.8.0.0/16 metric 6', 'ip route add fd01::/64 via fd00::9', 'ip route del fd01::/64', '!ip route del 10.99.0.0/16', '!ip route add 10.8.0.0/16 via 10.0.0.9 metric 5', '!ip route add 10.9.0.0/16 via 203.0.113.1', '!ip route add 10.9.0.0/16 via', '!ip route add 10.9.0.0/99 via 10.0.0.9', '!ip route add 10.9.0.0/16 dev nope', '!ip route add 10.9.0.0/16 via 10.0.0.9 table nosuchtable', '!ip route add 10.9.0.0/16', '!ip route get 203.0.113.1'] },
  { name: 'flushing routes', setup: [...routed, 'ip route add 10.7.0.0/16 via 10.0.0.9', 'ip route add 10.8.0.0/16 via 10.0.0.9 proto static', 'ip route add 10.9.0.0/16 via 10.0.0.9 table 100'], lines: ['ip route flush proto static', 'ip route flush table 100', 'ip route flush 10.7.0.0/16'] },
  { name: 'flushing routes of a link', setup: [...routed, 'ip route add 10.7.0.0/16 via 10.0.0.9'], lines: ['ip route flush dev v0'] },
  // -- rules ------------------------------------------------------------------------------------------------
  each('rule', routed, ['ip -6 rule del from fd00::/64', 'ip -6 rule del to fd01::/64', 'ip rule flush', 'ip rule add priority 32766 table main', ...gone('v0')], [
    'ip rule add from 10.0.0.0/24 table 100', 'ip rule add from 10.0.0.0/24 table 100 priority 1000', 'ip rule add to 10.9.0.0/16 lookup main pref 999', 'ip rule add fwmark 7 table 7', 'ip rule add fwmark 0x10/0xff table 8', 'ip rule add iif v0 table 9', 'ip rule add oif v0 table 9', 'ip rule add from all table 1000', 'ip rule add not from 10.0.0.5 table 10', 'ip rule add from 10.1.0.0/16 blackhole', 'ip rule add from 10.1.0.0/16 prohibit', 'ip rule add from 10.1.0.0/16 unreachable', 'ip rule add priority 5 goto 32766', 'ip rule add uidrange 1000-2000 table 11', 'ip rule add ipproto tcp dport 80 table 12', 'ip rule add ipproto udp sport 1000-2000 table 12', 'ip rule add tos 0x10 table 13', 'ip rule add table main suppress_prefixlength 0', 'ip rule add table main suppress_ifgroup 5', 'ip rule add from 10.0.0.0/24 table 100 protocol static', 'ip rule add l3mdev', 'ip -6 rule add from fd00::/64 table 100', 'ip -6 rule add to fd01::/64 table 100', 'ip rule add from 10.2.0.0/16 realms 3/4 table 5', 'ip rule add type blackhole from 10.3.0.0/16',
  ]),
  { name: 'rules, deleted', setup: ['ip rule add from 10.0.0.0/24 table 100 priority 1000', 'ip rule add from 10.1.0.0/24 table 101', 'ip rule add fwmark 7 table 7'], lines: ['ip rule del priority 1000', 'ip rule del from 10.1.0.0/24 table 101', 'ip rule del fwmark 7', '!ip rule del priority 4242', '!ip rule add', '!ip rule add from x table 7'] },
  // -- neighbours -------------------------------------------------------------------------------------------
  each('neighbour', routed, gone('v0'), [
    'ip neigh add 10.0.0.33 lladdr 02:00:00:00:00:33 dev v0', 'ip neigh add 10.0.0.33 lladdr 02:00:00:00:00:33 nud reachable dev v0', 'ip neigh add 10.0.0.33 lladdr 02:00:00:00:00:33 nud stale dev v0', 'ip neigh add 10.0.0.33 dev v0 lladdr 02:00:00:00:00:33 nud noarp', 'ip neigh add proxy 10.0.0.44 dev v0', 'ip neigh replace fd00::33 lladdr 02:00:00:00:00:33 dev v0', 'ip neigh add fd00::33 lladdr 02:00:00:00:00:33 dev v0 router', 'ip neigh add 10.0.0.33 lladdr 02:00:00:00:00:33 dev v0 extern_learn', 'ip neigh add 10.0.0.33 lladdr 02:00:00:00:00:33 dev v0 protocol static',
  ]),
  { name: 'neighbours, changed and deleted', setup: [...routed, 'ip neigh add 10.0.0.33 lladdr 02:00:00:00:00:33 dev v0'], lines: ['ip neigh change 10.0.0.33 lladdr 02:00:00:00:00:34 dev v0', 'ip neigh add 10.0.0.35 lladdr 02:00:00:00:00:35 dev v0', 'ip neigh del 10.0.0.33 dev v0', '!ip neigh add 10.0.0.35 lladdr 02:00:00:00:00:36 dev v0', '!ip neigh del 10.0.0.99 dev v0', '!ip neigh add 10.0.0.35 lladdr zz dev v0'] },
  { name: 'flushing neighbours', setup: [...routed, 'ip neigh add 10.0.0.33 lladdr 02:00:00:00:00:33 nud stale dev v0', 'ip neigh add 10.0.0.34 lladdr 02:00:00:00:00:33 dev v0'], lines: ['ip neigh flush dev v0'] },
];
