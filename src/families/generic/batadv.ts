/** batadv: the mesh of links of kind batadv. Source: include/uapi/linux/batman_adv.h, net/batman-adv/netlink.c. */
import { attrs, enumeration, flag, flags, genericFamily, ipv4, macAddress, pad, string, u16, u32, u64, u8 } from '../../codec/index.ts';

/** What is known of a client of the mesh: bits below 0x100 are told to the other nodes. */
export const batadvClientFlags = flags(u32, { del: 1, roam: 2, wifi: 0x10, isola: 0x20, nopurge: 0x100, new: 0x200, pending: 0x400, temp: 0x800 }, 'BATADV_TT_CLIENT_');

/** What is known of the queriers around. */
export const batadvMulticastFlags = flags(u32, {
  bridged: 1, querierIpv4Exists: 2, querierIpv6Exists: 4, querierIpv4Shadowing: 8, querierIpv6Shadowing: 0x10,
}, 'BATADV_MCAST_FLAGS_');

/** Whether a node asks gateways for addresses, or is one. */
export const batadvGatewayMode = enumeration(u8, { off: 0, client: 1, server: 2 }, 'BATADV_GW_MODE_');

/** Why a measurement ended. */
export const batadvThroughputReason = enumeration(u8, {
  complete: 3, cancel: 4, dstUnreachable: 128, resendLimit: 129, alreadyOngoing: 130, memoryError: 131, cantSend: 132, tooMany: 133,
}, 'BATADV_TP_REASON_');

/** The mesh, its links, or an entry of one of its tables. */
export class BatadvState extends attrs('BATADV_ATTR_', {
  moduleVersion: [1, string, 'BATADV_ATTR_VERSION'],
  algoName: [2, string],
  /** The link of kind batadv. */
  meshIfindex: [3, u32],
  meshIfname: [4, string],
  meshAddress: [5, macAddress],
  /** A link that the mesh runs over. */
  hardIfindex: [6, u32],
  hardIfname: [7, string],
  hardAddress: [8, macAddress],
  /** The node that an entry is about. */
  origAddress: [9, macAddress],
  tpmeterResult: [10, batadvThroughputReason],
  /** Milliseconds. */
  tpmeterTestTime: [11, u32],
  tpmeterBytes: [12, u64],
  /** Names a measurement. */
  tpmeterCookie: [13, u32],
  pad: [14, pad],
  active: [15, flag],
  ttAddress: [16, macAddress],
  /** Version of the table. */
  ttTtvn: [17, u8],
  ttLastTtvn: [18, u8],
  ttCrc32: [19, u32],
  ttVid: [20, u16],
  ttFlags: [21, batadvClientFlags],
  /** Of several: the one that is used. */
  flagBest: [22, flag],
  lastSeenMsecs: [23, u32],
  neighAddress: [24, macAddress],
  /** Quality to a neighbour (BATMAN_IV): 255 is best. */
  tq: [25, u8],
  /** 100 kbit/s (BATMAN_V). */
  throughput: [26, u32],
  /** 100 kbit/s. */
  bandwidthUp: [27, u32],
  /** 100 kbit/s. */
  bandwidthDown: [28, u32],
  router: [29, macAddress],
  blaOwn: [30, flag],
  blaAddress: [31, macAddress],
  blaVid: [32, u16],
  blaBackbone: [33, macAddress],
  blaCrc: [34, u16],
  datCacheIp4address: [35, ipv4],
  datCacheHwaddress: [36, macAddress],
  datCacheVid: [37, u16],
  mcastFlags: [38, u32],
  mcastFlagsPriv: [39, batadvMulticastFlags],
  vlanid: [40, u16],
  aggregatedOgmsEnabled: [41, u8],
  apIsolationEnabled: [42, u8],
  isolationMark: [43, u32],
  isolationMask: [44, u32],
  bondingEnabled: [45, u8],
  bridgeLoopAvoidanceEnabled: [46, u8],
  distributedArpTableEnabled: [47, u8],
  fragmentationEnabled: [48, u8],
  /** 100 kbit/s. */
  gwBandwidthDown: [49, u32],
  /** 100 kbit/s. */
  gwBandwidthUp: [50, u32],
  gwMode: [51, batadvGatewayMode],
  gwSelClass: [52, u32],
  hopPenalty: [53, u8],
  logLevel: [54, u32],
  multicastForcefloodEnabled: [55, u8],
  networkCodingEnabled: [56, u8],
  /** Milliseconds. */
  origInterval: [57, u32],
  /** Milliseconds. */
  elpInterval: [58, u32],
  /** 100 kbit/s; 0: measured. */
  throughputOverride: [59, u32],
  multicastFanout: [60, u32],
}) {}

/** batadv. */
export const batadv = genericFamily('batadv', 1, {
  prefix: 'BATADV_CMD_',
  commands: {
    getMesh: [1, BatadvState],
    tpMeter: [2, BatadvState],
    tpMeterCancel: [3, BatadvState],
    getRoutingAlgos: [4, BatadvState],
    getHardif: [5, BatadvState],
    getTranstableLocal: [6, BatadvState],
    getTranstableGlobal: [7, BatadvState],
    getOriginators: [8, BatadvState],
    getNeighbors: [9, BatadvState],
    getGateways: [10, BatadvState],
    getBlaClaim: [11, BatadvState],
    getBlaBackbone: [12, BatadvState],
    getDatCache: [13, BatadvState],
    getMcastFlags: [14, BatadvState],
    setMesh: [15, BatadvState],
    setHardif: [16, BatadvState],
    getVlan: [17, BatadvState],
    setVlan: [18, BatadvState],
  },
  groups: { config: 'config', tpmeter: 'tpmeter' },
  config: 'CONFIG_BATMAN_ADV',
  module: 'batman_adv',
});
