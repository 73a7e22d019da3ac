/** Bonding and its ports. Source: drivers/net/bonding/bond_netlink.c. */
import { attrs, enumeration, flags, indexed, ipv4, ipv6, mac, s32, u16, u32, u8 } from '../../../codec/index.ts';

/** 802.3ad: the aggregator in use. */
export class BondAdInfo extends attrs('IFLA_BOND_AD_INFO_', {
  aggregator: [1, u16],
  numPorts: [2, u16],
  actorKey: [3, u16],
  partnerKey: [4, u16],
  partnerMac: [5, mac],
}) {}

export class Bond extends attrs('IFLA_BOND_', {
  mode: [1, enumeration(u8, { roundrobin: 0, activebackup: 1, xor: 2, broadcast: 3, '8023ad': 4, tlb: 5, alb: 6 }, 'BOND_MODE_')],
  /** Index of the port in use. */
  activeSlave: [2, u32],
  /** Milliseconds between link checks; 0: none. */
  miimon: [3, u32],
  /** Milliseconds before a port that came up is used. */
  updelay: [4, u32],
  /** Milliseconds before a port that went down is given up. */
  downdelay: [5, u32],
  useCarrier: [6, u8],
  /** Milliseconds between ARP checks; 0: none. */
  arpInterval: [7, u32],
  arpIpTarget: [8, indexed(ipv4, 0)],
  arpValidate: [9, enumeration(u32, { none: 0, active: 1, backup: 2, all: 3, filter: 4, filterActive: 5, filterBackup: 6 })],
  /** Whether one or every target must answer. */
  arpAllTargets: [10, enumeration(u32, { any: 0, all: 1 })],
  /** Index of the preferred port. */
  primary: [11, u32],
  primaryReselect: [12, enumeration(u8, { always: 0, better: 1, failure: 2 })],
  failOverMac: [13, enumeration(u8, { none: 0, active: 1, follow: 2 })],
  xmitHashPolicy: [14, enumeration(u8, { layer2: 0, layer34: 1, layer23: 2, encap23: 3, encap34: 4, vlanSrcmac: 5 }, 'BOND_XMIT_POLICY_')],
  /** IGMP reports sent after a failover. */
  resendIgmp: [15, u32],
  /** ARP and neighbour announcements sent after a failover. */
  numPeerNotif: [16, u8],
  allSlavesActive: [17, u8],
  /** Ports that must be up before the bond is. */
  minLinks: [18, u32],
  /** Seconds between learning packets. */
  lpInterval: [19, u32],
  /** Round robin: packets before the next port's turn; 0: at random. */
  packetsPerSlave: [20, u32],
  adLacpRate: [21, enumeration(u8, { slow: 0, fast: 1 })],
  /** What makes the best aggregator. */
  adSelect: [22, enumeration(u8, { stable: 0, bandwidth: 1, count: 2, prio: 3 })],
  adInfo: [23, BondAdInfo],
  adActorSysPrio: [24, u16],
  adUserPortKey: [25, u16],
  adActorSystem: [26, mac],
  tlbDynamicLb: [27, u8],
  /** Milliseconds between announcements. */
  peerNotifDelay: [28, u32],
  adLacpActive: [29, u8],
  /** ARP checks in a row that may fail. */
  missedMax: [30, u8],
  nsIp6Target: [31, indexed(ipv6, 0)],
  coupledControl: [32, u8],
  broadcastNeigh: [33, u8],
  lacpStrict: [34, u8],
}) {}

const portState = {
  lacpActivity: 0x1, lacpTimeout: 0x2, aggregation: 0x4, synchronization: 0x8, collecting: 0x10, distributing: 0x20, defaulted: 0x40, expired: 0x80,
} as const;

export class BondSlave extends attrs('IFLA_BOND_SLAVE_', {
  state: [1, enumeration(u8, { active: 0, backup: 1 }, 'BOND_STATE_')],
  miiStatus: [2, enumeration(u8, { up: 0, fail: 1, down: 2, back: 3 }, 'BOND_LINK_')],
  linkFailureCount: [3, u32],
  permHwaddr: [4, mac],
  queueId: [5, u16],
  adAggregatorId: [6, u16],
  adActorOperPortState: [7, flags(u8, portState, 'LACP_STATE_')],
  adPartnerOperPortState: [8, flags(u16, portState, 'LACP_STATE_')],
  /** The higher, the sooner chosen. */
  prio: [9, s32],
  actorPortPrio: [10, u16],
  adChurnActorState: [11, u8],
  adChurnPartnerState: [12, u8],
}) {}
