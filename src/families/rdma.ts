/**
 * NETLINK_RDMA: devices of RDMA, their ports and what is made on them, as `rdma` of iproute2 shows them. Source: include/uapi/rdma/rdma_netlink.h,
 * drivers/infiniband/core/nldev.c. Messages have no header: all is attributes, of one numbering, nests' too.
 */
import { attrs, binary, enumeration, multi, pad, protocol, s32, s64, string, u32, u64, u8 } from '../codec/index.ts';
import { sockaddr } from './sockaddr.ts';

const prefix = 'RDMA_NLDEV_ATTR_';
const nodeType = enumeration(u8, { ibCa: 1, ibSwitch: 2, ibRouter: 3, rnic: 4, usnic: 5, usnicUdp: 6, unspecified: 7 }, 'RDMA_NODE_');
/** IB_PORT_* of include/rdma/ib_verbs.h, and the port's physical state, as IBTA numbers them. */
const portState = enumeration(u8, { nop: 0, down: 1, init: 2, armed: 3, active: 4, activeDefer: 5 });
const physState = enumeration(u8, { noChange: 0, sleep: 1, polling: 2, disabled: 3, armed: 4, linkUp: 5, errorRecover: 6, phyTest: 7 });

/** Single values: of a device, a port, an object; which of them come depends on the question. */
const values = {
  pad: [0, pad],
  devIndex: [1, u32], devName: [2, string], portIndex: [3, u32], capFlags: [4, u64], fwVersion: [5, string], nodeGuid: [6, u64], sysImageGuid: [7, u64],
  subnetPrefix: [8, u64], lid: [9, u32], smLid: [10, u32], lmc: [11, u8], portState: [12, portState], portPhysState: [13, physState], devNodeType: [14, nodeType],
  resSummaryEntryName: [17, string], resSummaryEntryCurr: [18, u64], resLqpn: [21, u32], resRqpn: [22, u32], resRqPsn: [23, u32], resSqPsn: [24, u32],
  resPathMigState: [25, u8], resType: [26, u8], resState: [27, u8], resPid: [28, u32], resKernName: [29, string], resPs: [32, u32], resSrcAddr: [33, sockaddr],
  resDstAddr: [34, sockaddr], resCqe: [37, u32], resUsecnt: [38, u64], resPollCtx: [39, u8], resRkey: [42, u32], resLkey: [43, u32], resIova: [44, u64],
  resMrlen: [45, u64], resLocalDmaLkey: [48, u32], resUnsafeGlobalRkey: [49, u32], ndevIndex: [50, u32], ndevName: [51, string], driverString: [54, string],
  driverPrintType: [55, u8], driverS32: [56, s32], driverU32: [57, u32], driverS64: [58, s64], driverU64: [59, u64], resPdn: [60, u32], resCqn: [61, u32],
  resMrn: [62, u32], resCmIdn: [63, u32], resCtxn: [64, u32], linkType: [65, string], sysAttrNetnsMode: [66, u8, 'RDMA_NLDEV_SYS_ATTR_NETNS_MODE'],
  devProtocol: [67, string], netNsFd: [68, u32, 'RDMA_NLDEV_NET_NS_FD'], chardevType: [69, string], chardevName: [70, string], chardevAbi: [71, u64],
  chardev: [72, u64], uverbsDriverId: [73, u64], statMode: [74, u32], statRes: [75, u32], statAutoModeMask: [76, u32], statCounterId: [79, u32],
  statHwcounterEntryName: [82, string], statHwcounterEntryValue: [83, u64], devDim: [84, u8], resRaw: [85, binary], resSrqn: [90, u32], minRange: [91, u32],
  maxRange: [92, u32], sysAttrCopyOnFork: [93, u8, 'RDMA_NLDEV_SYS_ATTR_COPY_ON_FORK'], statHwcounterIndex: [94, u32], statHwcounterDynamic: [95, u8],
  sysAttrPrivilegedQkeyMode: [96, u8, 'RDMA_NLDEV_SYS_ATTR_PRIVILEGED_QKEY_MODE'], driverDetails: [97, u8], resSubtype: [98, string], devType: [99, u8],
  parentName: [100, string], nameAssignType: [101, u8], eventType: [102, u8], sysAttrMonitorMode: [103, u8, 'RDMA_NLDEV_SYS_ATTR_MONITOR_MODE'],
  statOpcounterEnabled: [104, u8], frmrPoolKeyAts: [108, u8], frmrPoolKeyAccessFlags: [109, u32], frmrPoolKeyVendorKey: [110, u64],
  frmrPoolKeyNumDmaBlocks: [111, u64], frmrPoolQueueHandles: [112, u32], frmrPoolMaxInUse: [113, u64], frmrPoolInUse: [114, u64], frmrPoolsAgingPeriod: [115, u32],
  frmrPoolPinnedHandles: [116, u32], frmrPoolKeyKernelVendorKey: [117, u64], resSummaryEntryMax: [118, u64],
} as const;

/** How many objects of a kind there are. */
export class RdmaSummaryEntry extends attrs(prefix, { pad: [0, pad], resSummaryEntryName: [17, string], resSummaryEntryCurr: [18, u64], resSummaryEntryMax: [118, u64] }) {}
export class RdmaSummary extends attrs(prefix, { resSummaryEntry: [16, multi(RdmaSummaryEntry)] }) {}
/** What a driver tells beside: names and values in turn. */
export class RdmaDriver extends attrs(prefix, { driverEntry: [53, binary], driverString: [54, multi(string)], driverPrintType: [55, multi(u8)], driverS32: [56, multi(s32)], driverU32: [57, multi(u32)], driverS64: [58, multi(s64)], driverU64: [59, multi(u64)], pad: [0, pad] }) {}
export class RdmaHwcounter extends attrs(prefix, { pad: [0, pad], statHwcounterEntryName: [82, string], statHwcounterEntryValue: [83, u64], statHwcounterIndex: [94, u32], statHwcounterDynamic: [95, u8] }) {}
export class RdmaHwcounters extends attrs(prefix, { statHwcounterEntry: [81, multi(RdmaHwcounter)] }) {}
/** One object. */
const entry = { ...values, driver: [52, RdmaDriver], statHwcounters: [80, RdmaHwcounters] } as const;
export class RdmaQpEntry extends attrs(prefix, entry) {}
export class RdmaQps extends attrs(prefix, { resQpEntry: [20, multi(RdmaQpEntry)], resLqpn: [21, multi(u32)] }) {}
export class RdmaCmIds extends attrs(prefix, { resCmIdEntry: [31, multi(RdmaQpEntry)] }) {}
export class RdmaCqs extends attrs(prefix, { resCqEntry: [36, multi(RdmaQpEntry)] }) {}
export class RdmaMrs extends attrs(prefix, { resMrEntry: [41, multi(RdmaQpEntry)], resMrn: [62, multi(u32)] }) {}
export class RdmaPds extends attrs(prefix, { resPdEntry: [47, multi(RdmaQpEntry)] }) {}
export class RdmaCtxs extends attrs(prefix, { resCtxEntry: [87, multi(RdmaQpEntry)] }) {}
/** Those that share a receive queue: numbers, or ranges of them. */
const srqEntry = { ...entry, resQp: [19, RdmaQps] } as const;
export class RdmaSrqEntry extends attrs(prefix, srqEntry) {}
export class RdmaSrqs extends attrs(prefix, { resSrqEntry: [89, multi(RdmaSrqEntry)] }) {}
export class RdmaCounterEntry extends attrs(prefix, { ...entry, resQp: [19, RdmaQps], resMr: [40, RdmaMrs] }) {}
export class RdmaCounters extends attrs(prefix, { statCounterEntry: [78, multi(RdmaCounterEntry)] }) {}
export class RdmaFrmrKey extends attrs(prefix, { pad: [0, pad], frmrPoolKeyAts: [108, u8], frmrPoolKeyAccessFlags: [109, u32], frmrPoolKeyVendorKey: [110, u64], frmrPoolKeyNumDmaBlocks: [111, u64], frmrPoolKeyKernelVendorKey: [117, u64] }) {}
export class RdmaFrmrPool extends attrs(prefix, { ...values, frmrPoolKey: [107, RdmaFrmrKey] }) {}
export class RdmaFrmrPools extends attrs(prefix, { frmrPoolEntry: [106, multi(RdmaFrmrPool)] }) {}

export class RdmaNldev extends attrs(prefix, {
  ...entry,
  resSummary: [15, RdmaSummary], resQp: [19, RdmaQps], resCmId: [30, RdmaCmIds], resCq: [35, RdmaCqs], resMr: [40, RdmaMrs], resPd: [46, RdmaPds], resCtx: [86, RdmaCtxs], resSrq: [88, RdmaSrqs],
  statCounter: [77, RdmaCounters], frmrPools: [105, RdmaFrmrPools], frmrPoolKey: [107, RdmaFrmrKey],
}) {}

/** RDMA_NL_NLDEV, in the upper 6 bits of a message's type. */
const NLDEV = 5, nldev = (command: number): number => NLDEV << 10 | command;
export const rdma = protocol('rdma', 20, {
  prefix: 'RDMA_NLDEV_CMD_',
  messages: {
    get: [nldev(1), RdmaNldev], set: [nldev(2), RdmaNldev], newlink: [nldev(3), RdmaNldev], dellink: [nldev(4), RdmaNldev], portGet: [nldev(5), RdmaNldev],
    sysGet: [nldev(6), RdmaNldev], sysSet: [nldev(7), RdmaNldev], resGet: [nldev(9), RdmaNldev], resQpGet: [nldev(10), RdmaNldev], resCmIdGet: [nldev(11), RdmaNldev],
    resCqGet: [nldev(12), RdmaNldev], resMrGet: [nldev(13), RdmaNldev], resPdGet: [nldev(14), RdmaNldev], getChardev: [nldev(15), RdmaNldev],
    statSet: [nldev(16), RdmaNldev], statGet: [nldev(17), RdmaNldev], statDel: [nldev(18), RdmaNldev], resQpGetRaw: [nldev(19), RdmaNldev],
    resCqGetRaw: [nldev(20), RdmaNldev], resMrGetRaw: [nldev(21), RdmaNldev], resCtxGet: [nldev(22), RdmaNldev], resSrqGet: [nldev(23), RdmaNldev],
    statGetStatus: [nldev(24), RdmaNldev], resSrqGetRaw: [nldev(25), RdmaNldev], newdev: [nldev(26), RdmaNldev], deldev: [nldev(27), RdmaNldev],
    monitor: [nldev(28), RdmaNldev], frmrPoolsGet: [nldev(29), RdmaNldev], frmrPoolsSet: [nldev(30), RdmaNldev],
  },
  groups: { iwpm: [2, 'RDMA_NL_GROUP_IWPM'], ls: [3, 'RDMA_NL_GROUP_LS'], notify: [4, 'RDMA_NL_GROUP_NOTIFY'] },
});
