/**
 * NETLINK_AUDIT: the audit system's state, its rules, and its records, which are text. Source: include/uapi/linux/audit.h, kernel/audit.c, auditfilter.c.
 * To the audit daemon the kernel sends records whose nlmsg_len is 16 too small (it counts the text only); to the group it is as everywhere.
 */
import { array, attrs, binary, enumeration, flags, protocol, s32, stringBare, struct, tail, u32, type AnyCodec } from '../codec/index.ts';

const statusMask = { enabled: 1, failure: 2, pid: 4, rateLimit: 8, backlogLimit: 0x10, backlogWaitTime: 0x20, lost: 0x40, backlogWaitTimeActual: 0x80 } as const;
export class AuditStatus extends struct('audit_status', {
  /** Of requests: which of the following are set. */
  mask: flags(u32, statusMask, 'AUDIT_STATUS_'),
  /** 0: off, 1: on, 2: on, and locked until the machine is started anew. */
  enabled: u32,
  /** What happens when records are lost. */
  failure: enumeration(u32, { silent: 0, printk: 1, panic: 2 }, 'AUDIT_FAIL_'),
  /** Of the audit daemon; 0: there is none. */
  pid: u32,
  /** Records a second; 0: any number. */
  rateLimit: u32,
  /** How many records may wait; 0: any number. */
  backlogLimit: u32,
  lost: u32,
  /** How many records wait. */
  backlog: u32,
  /** What this kernel can do. */
  featureBitmap: flags(u32, { backlogLimit: 1, backlogWaitTime: 2, executablePath: 4, excludeExtend: 8, sessionidFilter: 0x10, lostReset: 0x20, filterFs: 0x40 }, 'AUDIT_FEATURE_BITMAP_'),
  /** Ticks of the kernel's clock that who makes records waits at most; and how long all have waited. */
  backlogWaitTime: u32,
  backlogWaitTimeActual: u32,
}) {}
const feature = flags(u32, { onlyUnsetLoginuid: 1, loginuidImmutable: 2 });
export class AuditFeatures extends struct('audit_features', {
  /** 1. */
  vers: u32,
  /** Of requests: which of `features` are set, or cleared. */
  mask: feature,
  features: feature,
  /** Those that cannot be changed any more. */
  lock: feature,
}) {}
/** Whether input on terminals is recorded, of the asking process. */
export class AuditTtyStatus extends struct('audit_tty_status', { enabled: u32, logPasswd: u32 }) {}

/** What a rule compares. */
const field = enumeration(u32, {
  pid: 0, uid: 1, euid: 2, suid: 3, fsuid: 4, gid: 5, egid: 6, sgid: 7, fsgid: 8, loginuid: 9, pers: 10, arch: 11, msgtype: 12, subjUser: 13, subjRole: 14, subjType: 15, subjSen: 16, subjClr: 17,
  ppid: 18, objUser: 19, objRole: 20, objType: 21, objLevLow: 22, objLevHigh: 23, loginuidSet: 24, sessionid: 25, fstype: 26, devmajor: 100, devminor: 101, inode: 102, exit: 103, success: 104,
  watch: 105, perm: 106, dir: 107, filetype: 108, objUid: 109, objGid: 110, fieldCompare: 111, exe: 112, saddrFam: 113, arg0: 200, arg1: 201, arg2: 202, arg3: 203, filterkey: 210,
}, 'AUDIT_');
/** How. */
const operator = enumeration(u32, {
  bitMask: 0x08000000, lessThan: 0x10000000, greaterThan: 0x20000000, notEqual: 0x30000000, equal: 0x40000000, bitTest: 0x48000000, lessThanOrEqual: 0x50000000, greaterThanOrEqual: 0x60000000,
}, 'AUDIT_');
export class AuditRule extends struct('audit_rule_data', {
  /** The list; with `prepend`, at its head. */
  flags: enumeration(u32, { user: 0, task: 1, entry: 2, watch: 3, exit: 4, exclude: 5, fs: 6, uringExit: 7, prepend: 0x10 }, 'AUDIT_FILTER_'),
  action: enumeration(u32, { never: 0, possible: 1, always: 2 }, 'AUDIT_'),
  /** How many of `fields`, `values` and `fieldflags` there are. */
  fieldCount: u32,
  /** The system calls: bit n of all of them is call n. */
  mask: array(u32, 64),
  fields: array(field, 64),
  /** Numbers; of texts, how long they are: they follow in this order. */
  values: array(u32, 64),
  fieldflags: array(operator, 64),
  /** Bytes of all texts. */
  buflen: u32,
}) {}
const auditRule = tail(AuditRule, 'buf', stringBare);

/** A request that says nothing. */
class Nothing extends attrs('AUDIT_NOTHING_', {}) {}
/** "audit(SECONDS.MILLISECONDS:SERIAL): KEY=VALUE ...": records of one event have one serial number. */
const auditRecord = tail(struct('audit record', {}), 'text', stringBare);
/** Number of each kind of record. */
const records = {
  user: 1005, login: 1006, userAvc: 1107, userTty: 1124, daemonStart: 1200, daemonEnd: 1201, daemonAbort: 1202, daemonConfig: 1203, syscall: 1300, path: 1302, ipc: 1303,
  socketcall: 1304, configChange: 1305, sockaddr: 1306, cwd: 1307, execve: 1309, ipcSetPerm: 1311, mqOpen: 1312, mqSendrecv: 1313, mqNotify: 1314, mqGetsetattr: 1315,
  kernelOther: 1316, fdPair: 1317, objPid: 1318, tty: 1319, eoe: 1320, bprmFcaps: 1321, capset: 1322, mmap: 1323, netfilterPkt: 1324, netfilterCfg: 1325, seccomp: 1326,
  proctitle: 1327, featureChange: 1328, replace: 1329, kernModule: 1330, fanotify: 1331, timeInjoffset: 1332, timeAdjntpval: 1333, bpf: 1334, eventListener: 1335,
  uringop: 1336, openat2: 1337, dmCtrl: 1338, dmEvent: 1339, avc: 1400, selinuxErr: 1401, avcPath: 1402, macPolicyLoad: 1403, macStatus: 1404, macConfigChange: 1405,
  macUnlblAllow: 1406, macCipsov4Add: 1407, macCipsov4Del: 1408, macMapAdd: 1409, macMapDel: 1410, macIpsecAddsa: 1411, macIpsecDelsa: 1412, macIpsecAddspd: 1413,
  macIpsecDelspd: 1414, macIpsecEvent: 1415, macUnlblStcadd: 1416, macUnlblStcdel: 1417, macCalipsoAdd: 1418, macCalipsoDel: 1419, ipeAccess: 1420, ipeConfigChange: 1421,
  ipePolicyLoad: 1422, landlockAccess: 1423, landlockDomain: 1424, macTaskContexts: 1425, macObjContexts: 1426, anomPromiscuous: 1700, anomAbend: 1701, anomLink: 1702,
  anomCreat: 1703, integrityData: 1800, integrityMetadata: 1801, integrityStatus: 1802, integrityHash: 1803, integrityPcr: 1804, integrityRule: 1805,
  integrityEvmXattr: 1806, integrityPolicyRule: 1807, integrityUserspace: 1808, kernel: 2000,
} as const;
type Records = { readonly [K in keyof typeof records]: readonly [number: (typeof records)[K], schema: typeof auditRecord] };

export const audit = protocol('audit', 9, {
  prefix: 'AUDIT_',
  messages: {
    get: [1000, AuditStatus, undefined, Nothing], set: [1001, AuditStatus],
    signalInfo: [1010, tail(struct('audit_sig_info', { uid: u32, pid: s32 }), 'ctx', stringBare), undefined, Nothing],
    addRule: [1011, auditRule], delRule: [1012, auditRule], listRules: [1013, auditRule, undefined, Nothing],
    trim: [1014, Nothing], makeEquiv: [1015, binary], ttyGet: [1016, AuditTtyStatus, undefined, Nothing], ttySet: [1017, AuditTtyStatus],
    setFeature: [1018, AuditFeatures], getFeature: [1019, AuditFeatures],
    ...(Object.fromEntries(Object.entries(records).map(([key, number]): [string, readonly [number, AnyCodec]] => [key, [number, auditRecord]])) as Records),
  },
  groups: { readlog: [1, 'AUDIT_NLGRP_READLOG'] },
});
