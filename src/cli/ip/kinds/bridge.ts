/** `type bridge`: net/bridge/br_netlink.c. Times are in centiseconds, as the kernel keeps them. */
import { act, at, is, store, to, type Draft, type Grammar, type Row } from '../../grammar.ts';
import { bridge as bridgeId, counter, seconds, via } from '../../print/formats.ts';
import type { Cell } from '../../print/printer.ts';
import { mac, oneOf, u16, u32, u64, u8, vlanProtocol } from '../../values.ts';
import { plain, type Kind } from './kind.ts';
import { vlanProtocolName } from './vlan.ts';

/** One bit of IFLA_BR_MULTI_BOOLOPT, by the schema's name: its mask says which bits change. */
function boolopt(name: string): Row {
  return act((draft, value) => {
    const { optval, optmask } = (at(draft, 'multiBoolopt') ?? { optval: [], optmask: [] }) as Boolopt;
    store(draft, 'multiBoolopt', { optval: value ? [...optval, name] : optval, optmask: [...optmask, name] });
  }, u8('{ 0 | 1 }'), { repeat: true });
}

interface Boolopt { optval: (string | number)[]; optmask: (string | number)[] }

function boolBit(name: string) {
  return (data: Draft): number | undefined => {
    const options = at(data, 'multiBoolopt') as Boolopt | undefined;
    return options?.optmask.includes(name) ? Number(options.optval.includes(name)) : undefined;
  };
}

/** Long-lived counters of the kernel, which reports bigint. */
function interval(key: string, text: string, path: string): Cell {
  return [key, `${text} % `, path, counter];
}

/** How a bridge, or one VLAN of it, asks who listens. */
export const queryOptions: Grammar = {
  mcast_last_member_count: to('mcastLastMemberCnt', u32()),
  mcast_startup_query_count: to('mcastStartupQueryCnt', u32()),
  mcast_last_member_interval: to('mcastLastMemberIntvl', u64('CENTISECONDS')),
  mcast_membership_interval: to('mcastMembershipIntvl', u64('CENTISECONDS')),
  mcast_querier_interval: to('mcastQuerierIntvl', u64('CENTISECONDS')),
  mcast_query_interval: to('mcastQueryIntvl', u64('CENTISECONDS')),
  mcast_query_response_interval: to('mcastQueryResponseIntvl', u64('CENTISECONDS')),
  mcast_startup_query_interval: to('mcastStartupQueryIntvl', u64('CENTISECONDS')),
};

export const bridge: Kind = {
  options: {
    fdb_flush: is('fdbFlush', true),
    fdb_max_learned: to('fdbMaxLearned', u32()),
    forward_delay: to('forwardDelay', u32('CENTISECONDS')),
    hello_time: to('helloTime', u32('CENTISECONDS')),
    max_age: to('maxAge', u32('CENTISECONDS')),
    ageing_time: to('ageingTime', u32('CENTISECONDS')),
    stp_state: to('stpState', u32('{ 0 | 1 }')),
    stp_mode: to('stpMode', oneOf('auto', 'user', 'kernel')),
    priority: to('priority', u16()),
    group_fwd_mask: to('groupFwdMask', u16('MASK')),
    group_address: to('groupAddr', mac),
    no_linklocal_learn: boolopt('noLlLearn'),
    vlan_filtering: to('vlanFiltering', u8('{ 0 | 1 }')),
    vlan_protocol: to('vlanProtocol', vlanProtocol),
    vlan_default_pvid: to('vlanDefaultPvid', u16('VID')),
    vlan_stats_enabled: to('vlanStatsEnabled', u8('{ 0 | 1 }')),
    vlan_stats_per_port: to('vlanStatsPerPort', u8('{ 0 | 1 }')),
    mcast_snooping: to('mcastSnooping', u8('{ 0 | 1 }')),
    mcast_vlan_snooping: boolopt('mcastVlanSnooping'),
    mst_enabled: boolopt('mstEnable'),
    mdb_offload_fail_notification: boolopt('mdbOffloadFailNotification'),
    fdb_local_vlan_0: boolopt('fdbLocalVlan0'),
    mcast_router: to('mcastRouter', u8('{ 0 | 1 | 2 }')),
    mcast_query_use_ifaddr: to('mcastQueryUseIfaddr', u8('{ 0 | 1 }')),
    mcast_querier: to('mcastQuerier', u8('{ 0 | 1 }')),
    mcast_hash_elasticity: to('mcastHashElasticity', u32()),
    mcast_hash_max: to('mcastHashMax', u32()),
    ...queryOptions,
    mcast_stats_enabled: to('mcastStatsEnabled', u8('{ 0 | 1 }')),
    mcast_igmp_version: to('mcastIgmpVersion', u8('{ 2 | 3 }')),
    mcast_mld_version: to('mcastMldVersion', u8('{ 1 | 2 }')),
    nf_call_iptables: to('nfCallIptables', u8('{ 0 | 1 }')),
    nf_call_ip6tables: to('nfCallIp6tables', u8('{ 0 | 1 }')),
    nf_call_arptables: to('nfCallArptables', u8('{ 0 | 1 }')),
  },
  sheet: [
    plain('forward_delay'),
    plain('hello_time'),
    plain('max_age'),
    plain('ageing_time'),
    plain('stp_state'),
    plain('stp_mode'),
    plain('priority'),
    plain('vlan_filtering'),
    ['vlan_protocol', 'vlan_protocol % ', 'vlanProtocol', via(vlanProtocolName)],
    ['bridge_id', 'bridge_id % ', 'bridgeId', bridgeId],
    ['root_id', 'designated_root % ', 'rootId', bridgeId],
    plain('root_port'),
    plain('root_path_cost'),
    plain('topology_change'),
    plain('topology_change_detected'),
    ['hello_timer', 'hello_timer % ', 'helloTimer', seconds],
    ['tcn_timer', 'tcn_timer % ', 'tcnTimer', seconds],
    ['topology_change_timer', 'topology_change_timer % ', 'topologyChangeTimer', seconds],
    ['gc_timer', 'gc_timer % ', 'gcTimer', seconds],
    plain('fdb_n_learned', 'fdbNLearned'),
    plain('fdb_max_learned'),
    plain('vlan_default_pvid'),
    plain('vlan_stats_enabled'),
    plain('vlan_stats_per_port'),
    ['group_fwd_mask', 'group_fwd_mask % ', 'groupFwdMask', via((value) => (value ? `0x${Number(value).toString(16)}` : '0'))],
    ['group_addr', 'group_address % ', 'groupAddr'],
    plain('mcast_snooping'),
    ['no_linklocal_learn', 'no_linklocal_learn % ', boolBit('noLlLearn')],
    ['mcast_vlan_snooping', 'mcast_vlan_snooping % ', boolBit('mcastVlanSnooping')],
    ['mst_enabled', 'mst_enabled % ', boolBit('mstEnable')],
    ['mdb_offload_fail_notification', 'mdb_offload_fail_notification % ', boolBit('mdbOffloadFailNotification')],
    ['fdb_local_vlan_0', 'fdb_local_vlan_0 % ', boolBit('fdbLocalVlan0')],
    plain('mcast_router'),
    plain('mcast_query_use_ifaddr'),
    plain('mcast_querier'),
    plain('mcast_hash_elasticity'),
    plain('mcast_hash_max'),
    plain('mcast_last_member_cnt', 'mcastLastMemberCnt', 'mcast_last_member_count'),
    plain('mcast_startup_query_cnt', 'mcastStartupQueryCnt', 'mcast_startup_query_count'),
    interval('mcast_last_member_intvl', 'mcast_last_member_interval', 'mcastLastMemberIntvl'),
    interval('mcast_membership_intvl', 'mcast_membership_interval', 'mcastMembershipIntvl'),
    interval('mcast_querier_intvl', 'mcast_querier_interval', 'mcastQuerierIntvl'),
    interval('mcast_query_intvl', 'mcast_query_interval', 'mcastQueryIntvl'),
    interval('mcast_query_response_intvl', 'mcast_query_response_interval', 'mcastQueryResponseIntvl'),
    interval('mcast_startup_query_intvl', 'mcast_startup_query_interval', 'mcastStartupQueryIntvl'),
    plain('mcast_stats_enabled'),
    plain('mcast_igmp_version'),
    plain('mcast_mld_version'),
    plain('nf_call_iptables'),
    plain('nf_call_ip6tables', 'nfCallIp6tables'),
    plain('nf_call_arptables'),
  ],
};
