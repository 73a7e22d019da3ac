/** SMC_GEN_NETLINK and SMC_PNETID: connections over shared memory (RFC 7609), their devices, and which devices belong together. Source: include/uapi/linux/smc.h, net/smc/smc_netlink.c, net/smc/smc_pnet.c. */
import { attrs, genericFamily, pad, string, u16, u32, u64, u8, uint } from '../../codec/index.ts';

/** This host. */
export class SmcSystem extends attrs('SMC_NLA_SYS_', {
  ver: [1, u8],
  rel: [2, u8],
  isIsmV2: [3, u8],
  localHost: [4, string],
  seid: [5, string],
  isSmcrV2: [6, u8],
}) {}

/** What version 2 agreed on. */
export class SmcGroupVersion extends attrs('SMC_NLA_LGR_V2_', { ver: [0, u8], rel: [1, u8], os: [2, u8], negEid: [3, string], peerHost: [4, string] }) {}
/** The same, of RDMA. */
export class SmcRdmaGroupVersion extends attrs('SMC_NLA_LGR_R_V2_', { direct: [1, u8], maxConns: [2, u8], maxLinks: [3, u8] }) {}

/** Connections that share links, over RDMA. */
export class SmcRdmaGroup extends attrs('SMC_NLA_LGR_R_', {
  id: [1, u32],
  role: [2, u8],
  type: [3, u8],
  pnetid: [4, string],
  vlanId: [5, u8],
  connsNum: [6, u32],
  v2Common: [7, SmcGroupVersion],
  v2: [8, SmcRdmaGroupVersion],
  netCookie: [9, u64],
  pad: [10, pad],
  bufType: [11, u8],
  sndbufAlloc: [12, uint],
  rmbAlloc: [13, uint],
}) {}

/** A link of such a group. */
export class SmcLink extends attrs('SMC_NLA_LINK_', {
  id: [1, u8],
  ibDev: [2, string],
  ibPort: [3, u8],
  gid: [4, string],
  peerGid: [5, string],
  connCnt: [6, u32],
  netDev: [7, u32],
  uid: [8, u32],
  peerUid: [9, u32],
  state: [10, u32],
}) {}

/** Connections that share memory within a machine. */
export class SmcInternalGroup extends attrs('SMC_NLA_LGR_D_', {
  id: [1, u32],
  gid: [2, u64],
  peerGid: [3, u64],
  vlanId: [4, u8],
  connsNum: [5, u32],
  pnetid: [6, string],
  chid: [7, u16],
  pad: [8, pad],
  v2Common: [9, SmcGroupVersion],
  extGid: [10, u64],
  peerExtGid: [11, u64],
  sndbufAlloc: [12, uint],
  dmbAlloc: [13, uint],
}) {}

/** A port of a device. */
export class SmcPort extends attrs('SMC_NLA_DEV_PORT_', {
  pnetUsr: [1, u8],
  pnetid: [2, string],
  netdev: [3, u32],
  state: [4, u8],
  valid: [5, u8],
  lnkCnt: [6, u32],
}) {}

/** A device. */
export class SmcDevice extends attrs('SMC_NLA_DEV_', {
  useCnt: [1, u32],
  isCrit: [2, u8],
  pciFid: [3, u32],
  pciChid: [4, u16],
  pciVendor: [5, u16],
  pciDevice: [6, u16],
  pciId: [7, string],
  port: [8, SmcPort],
  port2: [9, SmcPort],
  ibName: [10, string],
}) {}

/** How many, by size: up to 8 KB, 16 KB, .... */
export class SmcSizes extends attrs('SMC_NLA_STATS_PLOAD_', {
  pad: [0, pad],
  upTo8K: [1, u64, 'SMC_NLA_STATS_PLOAD_8K'],
  upTo16K: [2, u64, 'SMC_NLA_STATS_PLOAD_16K'],
  upTo32K: [3, u64, 'SMC_NLA_STATS_PLOAD_32K'],
  upTo64K: [4, u64, 'SMC_NLA_STATS_PLOAD_64K'],
  upTo128K: [5, u64, 'SMC_NLA_STATS_PLOAD_128K'],
  upTo256K: [6, u64, 'SMC_NLA_STATS_PLOAD_256K'],
  upTo512K: [7, u64, 'SMC_NLA_STATS_PLOAD_512K'],
  upTo1024K: [8, u64, 'SMC_NLA_STATS_PLOAD_1024K'],
  larger: [9, u64, 'SMC_NLA_STATS_PLOAD_G_1024K'],
}) {}

/** Buffers that were too small, full, or used again. */
export class SmcBuffers extends attrs('SMC_NLA_STATS_RMB_', {
  pad: [0, pad],
  sizeSmPeerCnt: [1, u64],
  sizeSmCnt: [2, u64],
  fullPeerCnt: [3, u64],
  fullCnt: [4, u64],
  reuseCnt: [5, u64],
  allocCnt: [6, u64],
  dgradeCnt: [7, u64],
}) {}

/** Counters of one technology. */
export class SmcTechnologyStats extends attrs('SMC_NLA_STATS_T_', {
  pad: [0, pad],
  txRmbSize: [1, SmcSizes],
  rxRmbSize: [2, SmcSizes],
  txploadSize: [3, SmcSizes],
  rxploadSize: [4, SmcSizes],
  txRmbStats: [5, SmcBuffers],
  rxRmbStats: [6, SmcBuffers],
  clntV1Succ: [7, u64],
  clntV2Succ: [8, u64],
  srvV1Succ: [9, u64],
  srvV2Succ: [10, u64],
  sendpageCnt: [11, u64],
  spliceCnt: [12, u64],
  corkCnt: [13, u64],
  ndlyCnt: [14, u64],
  urgDataCnt: [15, u64],
  rxBytes: [16, u64],
  txBytes: [17, u64],
  rxCnt: [18, u64],
  txCnt: [19, u64],
  rxRmbUsage: [20, uint],
  txRmbUsage: [21, uint],
}) {}

/** Counters. */
export class SmcStats extends attrs('SMC_NLA_STATS_', {
  pad: [0, pad],
  smcdTech: [1, SmcTechnologyStats],
  smcrTech: [2, SmcTechnologyStats],
  clntHsErrCnt: [3, u64],
  srvHsErrCnt: [4, u64],
}) {}

/** Why connections went on as TCP, and how often. */
export class SmcFallbackStats extends attrs('SMC_NLA_FBACK_STATS_', {
  pad: [0, pad],
  type: [1, u8],
  srvCnt: [2, u64],
  clntCnt: [3, u64],
  rsnCode: [4, u32],
  rsnCnt: [5, u16],
}) {}

/** What is told of. */
export class SmcState extends attrs('SMC_GEN_', {
  sysInfo: [1, SmcSystem],
  lgrSmcr: [2, SmcRdmaGroup],
  linkSmcr: [3, SmcLink],
  lgrSmcd: [4, SmcInternalGroup],
  devSmcd: [5, SmcDevice],
  devSmcr: [6, SmcDevice],
  stats: [7, SmcStats],
  fbackStats: [8, SmcFallbackStats],
}) {}

/** An identifier that administrators gave. */
export class SmcUserEid extends attrs('SMC_NLA_EID_TABLE_', { entry: [1, string] }) {}
/** The machine's own. */
export class SmcSystemEid extends attrs('SMC_NLA_SEID_', { entry: [1, string], enabled: [2, u8] }) {}
/** Whether handshakes are left out under load. */
export class SmcHandshakeLimitation extends attrs('SMC_NLA_HS_LIMITATION_', { enabled: [1, u8] }) {}

/** SMC_GEN_NETLINK. */
export const smc = genericFamily('SMC_GEN_NETLINK', 1, {
  prefix: 'SMC_NETLINK_',
  commands: {
    getSysInfo: [1, SmcState],
    getLgrSmcr: [2, SmcState],
    getLinkSmcr: [3, SmcState],
    getLgrSmcd: [4, SmcState],
    getDevSmcd: [5, SmcState],
    getDevSmcr: [6, SmcState],
    getStats: [7, SmcState],
    getFbackStats: [8, SmcState],
    dumpUeid: [9, SmcUserEid],
    addUeid: [10, SmcUserEid],
    removeUeid: [11, SmcUserEid],
    flushUeid: [12, SmcUserEid],
    dumpSeid: [13, SmcSystemEid],
    enableSeid: [14, SmcSystemEid],
    disableSeid: [15, SmcSystemEid],
    dumpHsLimitation: [16, SmcHandshakeLimitation],
    enableHsLimitation: [17, SmcHandshakeLimitation],
    disableHsLimitation: [18, SmcHandshakeLimitation],
  },
  config: 'CONFIG_SMC',
  module: 'smc',
});

/** Devices of one physical network. */
export class SmcPnetid extends attrs('SMC_PNETID_', { name: [1, string], ethname: [2, string], ibname: [3, string], ibport: [4, u8] }) {}

/** SMC_PNETID. */
export const smcPnetid = genericFamily('SMC_PNETID', 1, {
  prefix: 'SMC_PNETID_',
  commands: {
    get: [1, SmcPnetid],
    add: [2, SmcPnetid],
    del: [3, SmcPnetid],
    flush: [4, SmcPnetid],
  },
  config: 'CONFIG_SMC',
  module: 'smc',
});
