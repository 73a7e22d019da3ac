/** `type bridge_slave`: a bridge's port (net/bridge/br_netlink.c, br_setport). */
import { is, to } from '../../grammar.ts';
import { bridge as bridgeId, hex, link, seconds, via } from '../../print/formats.ts';
import { choice, device, u16, u32, u8 } from '../../values.ts';
import { plain, toggle, toggles, type Kind } from './kind.ts';

/** BR_STATE_*, by iproute2's words. */
export const portStates = { disabled: 0, listening: 1, learning: 2, forwarding: 3, blocking: 4 };

const stateNames = Object.keys(portStates);

export function portStateName(value: unknown): unknown {
  return typeof value === 'number' ? (stateNames[value] ?? value) : value;
}

/** Bits of IFLA_BRPORT_GROUP_FWD_MASK that have names: the three link-local protocols a bridge may not pass. */
function forwardMask(value: unknown): string {
  const mask = Number(value);
  const names = [[1, 'stp'], [4, 'lacp'], [0x4000, 'lldp']].filter(([bit]) => mask & (bit as number));
  const rest = mask & ~(1 | 4 | 0x4000);
  const words = [...names.map(([, name]) => name), ...(rest || mask === 0 ? [`0x${rest.toString(16)}`] : [])];
  return words.join(',');
}

export const bridgeSlave: Kind = {
  options: {
    fdb_flush: is('flush', true),
    state: to('state', choice(portStates, true)),
    priority: to('priority', u16()),
    cost: to('cost', u32()),
    ...toggles({
      guard: 'guard', hairpin: 'mode', fastleave: 'fastLeave', root_block: 'protect', learning: 'learning',
      flood: 'unicastFlood', proxy_arp: 'proxyarp', proxy_arp_wifi: 'proxyarpWifi', mcast_fast_leave: 'fastLeave',
      mcast_flood: 'mcastFlood', bcast_flood: 'bcastFlood', mcast_to_unicast: 'mcastToUcast',
      neigh_suppress: 'neighSuppress', vlan_tunnel: 'vlanTunnel', isolated: 'isolated', locked: 'locked', mab: 'mab', neigh_vlan_suppress: 'neighVlanSuppress',
      neigh_forward_grat: 'neighForwardGrat',
    }),
    mcast_router: to('multicastRouter', u8('{ 0 | 1 | 2 | 3 }')),
    group_fwd_mask: to('groupFwdMask', u16('MASK')),
    mcast_max_groups: to('mcastMaxGroups', u32()),
    backup_nhid: to('backupNhid', u32('ID')),
    backup_port: to('backupPort', device),
    nobackup_port: is('backupPort', 0),
  },
  sheet: [
    ['state', 'state % ', 'state', via(portStateName)],
    plain('priority'),
    plain('cost'),
    toggle('hairpin', 'mode'),
    toggle('guard'),
    toggle('root_block', 'protect'),
    toggle('fastleave', 'fastLeave'),
    toggle('learning'),
    toggle('flood', 'unicastFlood'),
    ['id', 'port_id % ', 'id', hex],
    ['no', 'port_no % ', 'no', hex],
    plain('designated_port'),
    plain('designated_cost'),
    ['bridge_id', 'designated_bridge % ', 'bridgeId', bridgeId],
    ['root_id', 'designated_root % ', 'rootId', bridgeId],
    ['hold_timer', 'hold_timer % ', 'holdTimer', seconds],
    ['message_age_timer', 'message_age_timer % ', 'messageAgeTimer', seconds],
    ['forward_delay_timer', 'forward_delay_timer % ', 'forwardDelayTimer', seconds],
    plain('topology_change_ack'),
    plain('config_pending'),
    toggle('proxy_arp', 'proxyarp'),
    toggle('proxy_arp_wifi', 'proxyarpWifi'),
    plain('multicast_router', 'multicastRouter', 'mcast_router'),
    [null, 'mcast_fast_leave % ', 'fastLeave', { text: (value) => (value ? 'on' : 'off') }],
    toggle('mcast_flood'),
    toggle('bcast_flood'),
    toggle('mcast_to_unicast', 'mcastToUcast'),
    toggle('neigh_suppress'),
    toggle('neigh_vlan_suppress'),
    toggle('neigh_forward_grat'),
    ['group_fwd_mask', 'group_fwd_mask % ', 'groupFwdMask', via((value) => (value ? `0x${Number(value).toString(16)}` : '0'))],
    ['group_fwd_mask_str', 'group_fwd_mask_str % ', 'groupFwdMask', via(forwardMask)],
    toggle('vlan_tunnel'),
    toggle('isolated'),
    toggle('locked'),
    toggle('mab'),
    ['backup_port', 'backup_port % ', 'backupPort', link],
  ],
};
