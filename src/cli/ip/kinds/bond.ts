/** `type bond` and `bond_slave`: drivers/net/bonding/bond_netlink.c. */
import { act, at, is, to } from '../../grammar.ts';
import { usage } from '../../errors.ts';
import { via } from '../../print/formats.ts';
import type { Cell, Json, Printer, Sheet } from '../../print/printer.ts';
import { choice, device, familyOf, integer, mac, onOff, s32, text, u16, u32, u8 } from '../../values.ts';
import { plain, toggle, type Kind } from './kind.ts';

/** iproute2's words for the schema's names. */
const words = {
  mode: {
    'balance-rr': 'roundrobin', 'active-backup': 'activebackup', 'balance-xor': 'xor', broadcast: 'broadcast',
    '802.3ad': '8023ad', 'balance-tlb': 'tlb', 'balance-alb': 'alb',
  },
  arpValidate: { none: 'none', active: 'active', backup: 'backup', all: 'all', filter: 'filter', filter_active: 'filterActive', filter_backup: 'filterBackup' },
  arpAllTargets: { any: 'any', all: 'all' },
  primaryReselect: { always: 'always', better: 'better', failure: 'failure' },
  failOverMac: { none: 'none', active: 'active', follow: 'follow' },
  xmitHashPolicy: {
    layer2: 'layer2', 'layer3+4': 'layer34', 'layer2+3': 'layer23', 'encap2+3': 'encap23', 'encap3+4': 'encap34', 'vlan+srcmac': 'vlanSrcmac',
  },
  adLacpRate: { slow: 'slow', fast: 'fast' },
  adSelect: { stable: 'stable', bandwidth: 'bandwidth', count: 'count' },
} as const;

function named(key: string, path: keyof typeof words): Cell {
  const back = Object.fromEntries(Object.entries(words[path]).map(([word, name]) => [name, word]));
  return [key, `${key} % `, path, via((value) => back[value as string] ?? value)];
}

/** Addresses separated by commas. */
function targets(path: string, family: 'inet' | 'inet6') {
  return act((draft, value) => {
    const list = value === '' ? [] : String(value).split(',');
    const wrong = list.find((address) => familyOf(address) !== family);
    if (wrong !== undefined) throw usage(`"${wrong}" is not an ${family} address`);
    draft[path] = list;
  }, text('ADDRESS,...'));
}

function targetList(key: string, path: string) {
  return (printer: Printer, data: Json): void => {
    const list = (data[path] as string[] | undefined)?.filter((address) => address !== '0.0.0.0' && address !== '::');
    if (!list || data[path] === undefined) return;
    if (list.length > 0) printer.list(key, list, `${key} ${list.join(',')} `);
  };
}

/** A port by name. */
const port = (key: string, path: string): Cell => [key, `${key} % `, (data, printer) => (data[path] ? printer.context.links.name(Number(data[path])) : undefined)];

export const bond: Kind = {
  options: {
    mode: to('mode', choice(words.mode, true)),
    active_slave: to('activeSlave', device),
    clear_active_slave: is('activeSlave', 0),
    miimon: to('miimon', u32('MILLISECONDS')),
    updelay: to('updelay', u32('MILLISECONDS')),
    downdelay: to('downdelay', u32('MILLISECONDS')),
    peer_notify_delay: to('peerNotifDelay', u32('MILLISECONDS')),
    use_carrier: to('useCarrier', u8('{ 0 | 1 }')),
    arp_interval: to('arpInterval', u32('MILLISECONDS')),
    arp_ip_target: targets('arpIpTarget', 'inet'),
    ns_ip6_target: targets('nsIp6Target', 'inet6'),
    arp_validate: to('arpValidate', choice(words.arpValidate, true)),
    arp_all_targets: to('arpAllTargets', choice(words.arpAllTargets, true)),
    primary: to('primary', device),
    primary_reselect: to('primaryReselect', choice(words.primaryReselect, true)),
    fail_over_mac: to('failOverMac', choice(words.failOverMac, true)),
    xmit_hash_policy: to('xmitHashPolicy', choice(words.xmitHashPolicy, true)),
    resend_igmp: to('resendIgmp', u32()),
    'num_grat_arp|num_unsol_na': to('numPeerNotif', u8()),
    all_slaves_active: to('allSlavesActive', u8('{ 0 | 1 }')),
    min_links: to('minLinks', u32()),
    lp_interval: to('lpInterval', u32('SECONDS')),
    packets_per_slave: to('packetsPerSlave', u32()),
    tlb_dynamic_lb: to('tlbDynamicLb', u8('{ 0 | 1 }')),
    lacp_rate: to('adLacpRate', choice(words.adLacpRate, true)),
    lacp_active: to('adLacpActive', choice({ off: 0, on: 1 }, true)),
    coupled_control: to('coupledControl', onOff),
    ad_select: to('adSelect', choice(words.adSelect, true)),
    ad_user_port_key: to('adUserPortKey', integer('PORTKEY', 0, 1023)),
    ad_actor_sys_prio: to('adActorSysPrio', u16('PRIORITY')),
    ad_actor_system: to('adActorSystem', mac),
    arp_missed_max: to('missedMax', u8()),
    broadcast_neighbor: to('broadcastNeigh', onOff),
    lacp_strict: to('lacpStrict', onOff),
  },
  sheet: [
    named('mode', 'mode'),
    port('active_slave', 'activeSlave'),
    plain('miimon'),
    plain('updelay'),
    plain('downdelay'),
    plain('peer_notify_delay', 'peerNotifDelay'),
    plain('use_carrier'),
    plain('arp_interval'),
    plain('arp_missed_max', 'missedMax'),
    targetList('arp_ip_target', 'arpIpTarget'),
    targetList('ns_ip6_target', 'nsIp6Target'),
    // The one "none" that is null in JSON.
    ['arp_validate', 'arp_validate % ', 'arpValidate', { text: (value) => String(arpValidate(value)), json: (value) => (value === 'none' ? null : arpValidate(value)) }],
    named('arp_all_targets', 'arpAllTargets'),
    port('primary', 'primary'),
    named('primary_reselect', 'primaryReselect'),
    named('fail_over_mac', 'failOverMac'),
    named('xmit_hash_policy', 'xmitHashPolicy'),
    plain('resend_igmp'),
    plain('num_peer_notif', 'numPeerNotif', 'num_grat_arp'),
    plain('all_slaves_active'),
    toggle('lacp_strict'),
    plain('min_links'),
    plain('lp_interval'),
    plain('packets_per_slave'),
    ['ad_lacp_active', 'lacp_active % ', 'adLacpActive', via((value) => (value ? 'on' : 'off'))],
    ['ad_lacp_rate', 'lacp_rate % ', 'adLacpRate'],
    toggle('coupled_control'),
    toggle('broadcast_neighbor', 'broadcastNeigh'),
    ['ad_select', 'ad_select % ', 'adSelect'],
    (printer, data) => {
      const info = at(data, 'adInfo') as Json | undefined;
      if (info) printer.object('ad_info', () => printer.sheet(aggregator, info));
    },
    plain('ad_actor_sys_prio'),
    plain('ad_user_port_key'),
    plain('ad_actor_system'),
    plain('tlb_dynamic_lb'),
  ],
};

function arpValidate(value: unknown): unknown {
  return Object.entries(words.arpValidate).find(([, name]) => name === value)?.[0] ?? value;
}

const aggregator: Cell[] = [
  ['aggregator', 'ad_aggregator % ', 'aggregator'],
  ['num_ports', 'ad_num_ports % ', 'numPorts'],
  ['actor_key', 'ad_actor_key % ', 'actorKey'],
  ['partner_key', 'ad_partner_key % ', 'partnerKey'],
  ['partner_mac', 'ad_partner_mac % ', 'partnerMac'],
];

export const bondSlave: Kind = {
  options: {
    queue_id: to('queueId', u16()),
    prio: to('prio', s32('PRIORITY')),
    actor_port_prio: to('actorPortPrio', u16('PRIORITY')),
  },
  sheet: [
    ['state', 'state % ', 'state', via((value) => String(value).toUpperCase())],
    ['mii_status', 'mii_status % ', 'miiStatus', via((value) => ({ up: 'UP', fail: 'GOING_DOWN', down: 'DOWN', back: 'GOING_BACK' })[value as string] ?? value)],
    plain('link_failure_count'),
    ['perm_hwaddr', 'perm_hwaddr % ', 'permHwaddr'],
    plain('queue_id'),
    plain('prio'),
    plain('actor_port_prio'),
    ['ad_aggregator_id', 'ad_aggregator_id % ', 'adAggregatorId'],
    ...portState('ad_actor_oper_port_state', 'adActorOperPortState'),
    ...portState('ad_partner_oper_port_state', 'adPartnerOperPortState'),
  ],
};

/** The port state of 802.3ad, lowest bit first: the schema's names and iproute2's. */
const portStates = {
  lacpActivity: 'active', lacpTimeout: 'short_timeout', aggregation: 'aggregating', synchronization: 'in_sync',
  collecting: 'collecting', distributing: 'distributing', defaulted: 'defaulted', expired: 'expired',
};

/** As the number it is on the wire. */
function bits(value: unknown): number {
  const order = Object.keys(portStates);
  return (value as (string | number)[]).reduce<number>((sum, bit) => sum | (typeof bit === 'number' ? bit : 1 << order.indexOf(bit)), 0);
}

/** The number, then its bits by name. */
function portState(key: string, path: string): Sheet {
  return [[key, `${key} % `, path, via(bits)], (printer, data) => {
    if (data[path] === undefined) return;
    const names = Object.values(portStates).filter((_name, bit) => bits(data[path]) & (1 << bit));
    printer.list(`${key}_str`, names, `${key}_str <${names.join(',')}> `);
  }];
}

