/** Bridge and bridge port. Times are centiseconds unless said otherwise. Source: net/bridge/br_netlink.c. */
import { attrs, be16, enumeration, flag, flags, ipv4, ipv6, mac, macAddress, pad, struct, u16, u32, u64, u8 } from '../../../codec/index.ts';
import { vlanProtocols } from './vlan.ts';

/** Spanning tree identifier: the lower wins. */
export class BridgeId extends struct('ifla_bridge_id', { prio: be16, addr: macAddress }) {}

const boolopts = flags(u32, { noLlLearn: 0x1, mcastVlanSnooping: 0x2, mstEnable: 0x4, mdbOffloadFailNotification: 0x8, fdbLocalVlan0: 0x10 });
/** Only the bits in `optmask` change. */
export class BridgeBoolopt extends struct('br_boolopt_multi', { optval: boolopts, optmask: boolopts }) {}

/** Who asks for multicast memberships, and through which port (an index); the timers say how long they count. */
export class BridgeQuerier extends attrs('BRIDGE_QUERIER_', {
  ipAddress: [1, ipv4],
  ipPort: [2, u32],
  ipOtherTimer: [3, u64],
  pad: [4, pad],
  ipv6Address: [5, ipv6],
  ipv6Port: [6, u32],
  ipv6OtherTimer: [7, u64],
}) {}

export class Bridge extends attrs('IFLA_BR_', {
  /** Time in each of listening and learning. */
  forwardDelay: [1, u32],
  helloTime: [2, u32],
  maxAge: [3, u32],
  /** Life of a learned forwarding entry. */
  ageingTime: [4, u32],
  /** 0 off, 1 the kernel's spanning tree, 2 user space's. */
  stpState: [5, u32],
  priority: [6, u16],
  vlanFiltering: [7, u8],
  vlanProtocol: [8, vlanProtocols],
  /** Bit n: frames to 01:80:c2:00:00:0n are forwarded. */
  groupFwdMask: [9, u16],
  rootId: [10, BridgeId],
  bridgeId: [11, BridgeId],
  rootPort: [12, u16],
  rootPathCost: [13, u32],
  topologyChange: [14, u8],
  topologyChangeDetected: [15, u8],
  helloTimer: [16, u64],
  tcnTimer: [17, u64],
  topologyChangeTimer: [18, u64],
  gcTimer: [19, u64],
  /** Where spanning tree frames go. */
  groupAddr: [20, mac],
  /** Forget all learned entries. Sent only. */
  fdbFlush: [21, flag],
  /** 0 never, 1 when a querier is heard, 2 always. */
  mcastRouter: [22, u8],
  mcastSnooping: [23, u8],
  mcastQueryUseIfaddr: [24, u8],
  mcastQuerier: [25, u8],
  mcastHashElasticity: [26, u32],
  mcastHashMax: [27, u32],
  mcastLastMemberCnt: [28, u32],
  mcastStartupQueryCnt: [29, u32],
  mcastLastMemberIntvl: [30, u64],
  mcastMembershipIntvl: [31, u64],
  mcastQuerierIntvl: [32, u64],
  mcastQueryIntvl: [33, u64],
  mcastQueryResponseIntvl: [34, u64],
  mcastStartupQueryIntvl: [35, u64],
  nfCallIptables: [36, u8],
  nfCallIp6tables: [37, u8],
  nfCallArptables: [38, u8],
  /** VLAN of untagged frames at new ports; 0: none. */
  vlanDefaultPvid: [39, u16],
  pad: [40, pad],
  vlanStatsEnabled: [41, u8],
  mcastStatsEnabled: [42, u8],
  /** 2 or 3. */
  mcastIgmpVersion: [43, u8],
  /** 1 or 2. */
  mcastMldVersion: [44, u8],
  vlanStatsPerPort: [45, u8],
  multiBoolopt: [46, BridgeBoolopt],
  mcastQuerierState: [47, BridgeQuerier],
  fdbNLearned: [48, u32],
  /** Most learned entries; 0: no limit. */
  fdbMaxLearned: [49, u32],
  stpMode: [50, enumeration(u32, { auto: 0, user: 1, kernel: 2 }, 'BR_STP_MODE_')],
}) {}

/** Spanning tree states, of a port and of a port in one VLAN. */
export const portStates = enumeration(u8, { disabled: 0, listening: 1, learning: 2, forwarding: 3, blocking: 4 }, 'BR_STATE_');

export class BridgePort extends attrs('IFLA_BRPORT_', {
  state: [1, portStates],
  priority: [2, u16],
  cost: [3, u32],
  /** 1: hairpin, frames may go back out where they came in. */
  mode: [4, u8],
  /** 1: spanning tree frames that come in shut the port. */
  guard: [5, u8],
  /** 1: never becomes the root port. */
  protect: [6, u8],
  /** 1: a member that leaves is dropped at once. */
  fastLeave: [7, u8],
  learning: [8, u8],
  /** 1: frames to unknown addresses go out here. */
  unicastFlood: [9, u8],
  proxyarp: [10, u8],
  learningSync: [11, u8],
  proxyarpWifi: [12, u8],
  rootId: [13, BridgeId],
  bridgeId: [14, BridgeId],
  designatedPort: [15, u16],
  designatedCost: [16, u16],
  id: [17, u16],
  no: [18, u16],
  topologyChangeAck: [19, u8],
  configPending: [20, u8],
  messageAgeTimer: [21, u64],
  forwardDelayTimer: [22, u64],
  holdTimer: [23, u64],
  /** Forget the port's learned entries. Sent only. */
  flush: [24, flag],
  /** 0 never, 1 when a querier is heard, 2 always, 3 for a while. */
  multicastRouter: [25, u8],
  pad: [26, pad],
  mcastFlood: [27, u8],
  /** 1: multicast is sent to each member by unicast. */
  mcastToUcast: [28, u8],
  /** 1: VLANs are mapped to tunnel identifiers. */
  vlanTunnel: [29, u8],
  bcastFlood: [30, u8],
  groupFwdMask: [31, u16],
  /** 1: the bridge answers ARP and neighbour requests it knows the answer to. */
  neighSuppress: [32, u8],
  /** 1: never sends to another isolated port. */
  isolated: [33, u8],
  /** Index of the port to use while this one has no carrier. */
  backupPort: [34, u32],
  mrpRingOpen: [35, u8],
  mrpInOpen: [36, u8],
  mcastEhtHostsLimit: [37, u32],
  mcastEhtHostsCnt: [38, u32],
  /** 1: only senders in the forwarding table may pass. */
  locked: [39, u8],
  /** 1: senders that a locked port turned away are listed as locked entries. */
  mab: [40, u8],
  mcastNGroups: [41, u32],
  /** Most multicast groups; 0: no limit. */
  mcastMaxGroups: [42, u32],
  neighVlanSuppress: [43, u8],
  /** Next hop to send by while the port has no carrier; 0: none. */
  backupNhid: [44, u32],
  neighForwardGrat: [45, u8],
}) {}
