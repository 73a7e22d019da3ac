/** nfsd: the NFS server: threads, versions, listeners, exports. Source: include/uapi/linux/nfsd_netlink.h, fs/nfsd/nfsctl.c. */
import { attrs, be16, be32, binary, flag, flags, genericFamily, ipv4, ipv6, multi, pad, s32, s64, string, u32, u64, u8 } from '../../codec/index.ts';
import { SockaddrStorage } from '../diag/sctp-info.ts';
import { sockaddr } from '../sockaddr.ts';

/** How a folder is exported. */
export const nfsdExportFlags = flags(u32, {
  readonly: 1, insecurePort: 2, rootsquash: 4, allsquash: 8, async: 0x10, gatheredWrites: 0x20, noreaddirplus: 0x40, securityLabel: 0x80,
  signFh: 0x100, nohide: 0x200, nosubtreecheck: 0x400, noauthnlm: 0x800, msnfs: 0x1000, fsid: 0x2000, crossmount: 0x4000, noacl: 0x8000,
  v4root: 0x10000, pnfs: 0x20000,
}, 'NFSD_EXPORT_FLAGS_');

/** What TLS a client must speak. */
export const nfsdTransportSecurity = flags(u32, { none: 1, tls: 2, mtls: 4 }, 'NFSD_XPRTSEC_MODE_');
/** What the kernel asks user space for. */
export const nfsdCacheType = flags(u32, { svcExport: 1, expkey: 2 }, 'NFSD_CACHE_TYPE_');

/** A call that is being served. */
export class NfsdRpcStatus extends attrs('NFSD_A_RPC_STATUS_', {
  xid: [1, be32],
  flags: [2, u32],
  prog: [3, u32],
  progVersion: [4, u8, 'NFSD_A_RPC_STATUS_VERSION'],
  proc: [5, u32],
  /** Microseconds since boot when it came. */
  serviceTime: [6, s64],
  pad: [7, pad],
  saddr4: [8, ipv4],
  daddr4: [9, ipv4],
  saddr6: [10, ipv6],
  daddr6: [11, ipv6],
  sport: [12, be16],
  dport: [13, be16],
  compoundOps: [14, multi(u32)],
}) {}

/** The server. */
export class NfsdServer extends attrs('NFSD_A_SERVER_', {
  /** Of each pool. */
  threads: [1, multi(u32)],
  /** Seconds. */
  gracetime: [2, u32],
  /** Seconds. */
  leasetime: [3, u32],
  scope: [4, string],
  minThreads: [5, u32],
  /** Signs file handles. */
  fhKey: [6, binary],
}) {}

/** A version of the protocol. */
export class NfsdVersion extends attrs('NFSD_A_VERSION_', { major: [1, u32], minor: [2, u32], enabled: [3, flag] }) {}
/** Versions, each in a nest of its own. */
export class NfsdVersions extends attrs('NFSD_A_SERVER_PROTO_', { versions: [1, multi(NfsdVersion), 'NFSD_A_SERVER_PROTO_VERSION'] }) {}

/** A socket that is listened on. */
export class NfsdSocket extends attrs('NFSD_A_SOCK_', {
  addr: [1, sockaddr],
  /** "tcp", "udp", "rdma". */
  transportName: [2, string],
}) {}

/** Sockets, each in a nest of its own. */
export class NfsdSockets extends attrs('NFSD_A_SERVER_SOCK_', { addr: [1, multi(NfsdSocket)] }) {}
/** How threads are spread. */
export class NfsdPoolMode extends attrs('NFSD_A_POOL_MODE_', { mode: [1, string], npools: [2, u32] }) {}
/** What user space is asked for. */
export class NfsdCache extends attrs('NFSD_A_CACHE_NOTIFY_', { cacheType: [1, nfsdCacheType] }) {}
/** Where a folder is, too. */
export class NfsdLocation extends attrs('NFSD_A_FSLOCATION_', { host: [1, string], path: [2, string] }) {}
/** Places, each in a nest of its own. */
export class NfsdLocations extends attrs('NFSD_A_FSLOCATIONS_', { location: [1, multi(NfsdLocation)] }) {}
/** How a client may say who it is. */
export class NfsdAuthFlavor extends attrs('NFSD_A_AUTH_FLAVOR_', { pseudoflavor: [1, u32], flags: [2, nfsdExportFlags] }) {}

/** A folder that is exported. */
export class NfsdExport extends attrs('NFSD_A_SVC_EXPORT_', {
  seqno: [1, u64],
  client: [2, string],
  path: [3, string],
  /** It is not exported. */
  negative: [4, flag],
  /** Seconds since 1970. */
  expiry: [5, u64],
  anonUid: [6, u32],
  anonGid: [7, u32],
  fslocations: [8, NfsdLocations],
  uuid: [9, binary],
  secinfo: [10, multi(NfsdAuthFlavor)],
  xprtsec: [11, multi(nfsdTransportSecurity)],
  flags: [12, nfsdExportFlags],
  fsid: [13, s32],
}) {}

/** Questions, or their answers. */
export class NfsdExports extends attrs('NFSD_A_SVC_EXPORT_REQS_', { requests: [1, multi(NfsdExport)] }) {}

/** What a file handle's beginning stands for. */
export class NfsdExportKey extends attrs('NFSD_A_EXPKEY_', {
  seqno: [1, u64],
  client: [2, string],
  fsidtype: [3, u8],
  fsid: [4, binary],
  negative: [5, flag],
  expiry: [6, u64],
  path: [7, string],
}) {}

/** Questions, or their answers. */
export class NfsdExportKeys extends attrs('NFSD_A_EXPKEY_REQS_', { requests: [1, multi(NfsdExportKey)] }) {}
/** What is to be asked for anew. */
export class NfsdCacheFlush extends attrs('NFSD_A_CACHE_FLUSH_', { mask: [1, nfsdCacheType] }) {}
/** Whose locks go. */
export class NfsdUnlockIp extends attrs('NFSD_A_UNLOCK_IP_', { address: [1, SockaddrStorage] }) {}
/** Of which file system locks go. */
export class NfsdUnlockFilesystem extends attrs('NFSD_A_UNLOCK_FILESYSTEM_', { path: [1, string] }) {}
/** Of which folder locks go. */
export class NfsdUnlockExport extends attrs('NFSD_A_UNLOCK_EXPORT_', { path: [1, string] }) {}

/** How often an operation was asked for. */
export class NfsdOperationCount extends attrs('NFSD_A_SERVER_PROC_ENTRY_', { op: [1, u32], count: [2, u64], pad: [3, pad] }) {}
/** What the server did so far. The first message of a dump has the counters; procedures and operations may follow in others. */
export class NfsdServerStats extends attrs('NFSD_A_SERVER_STATS_', {
  /** Of the cache of replies. */
  rcHits: [1, u64], rcMisses: [2, u64], rcNocache: [3, u64],
  pad: [4, pad],
  fhStale: [5, u64],
  /** Bytes. */
  ioRead: [6, u64], ioWrite: [7, u64],
  /** Packets, and connections. */
  netcnt: [8, u32], netudpcnt: [9, u32], nettcpcnt: [10, u32], nettcpconn: [11, u32],
  rpccnt: [12, u32], rpcbadfmt: [13, u32], rpcbadauth: [14, u32], rpcbadclnt: [15, u32],
  proc2Ops: [16, multi(NfsdOperationCount)], proc3Ops: [17, multi(NfsdOperationCount)], proc4Ops: [18, multi(NfsdOperationCount)],
  proc4opsOps: [19, multi(NfsdOperationCount)],
  /** Of calls back to clients. */
  proc4cbOps: [20, multi(NfsdOperationCount)],
}) {}

/** nfsd. */
export const nfsd = genericFamily('nfsd', 1, {
  prefix: 'NFSD_CMD_',
  commands: {
    rpcStatusGet: [1, NfsdRpcStatus],
    threadsSet: [2, NfsdServer],
    threadsGet: [3, NfsdServer],
    versionSet: [4, NfsdVersions],
    versionGet: [5, NfsdVersions],
    listenerSet: [6, NfsdSockets],
    listenerGet: [7, NfsdSockets],
    poolModeSet: [8, NfsdPoolMode],
    poolModeGet: [9, NfsdPoolMode],
    cacheNotify: [10, NfsdCache],
    svcExportGetReqs: [11, NfsdExports],
    svcExportSetReqs: [12, NfsdExports],
    expkeyGetReqs: [13, NfsdExportKeys],
    expkeySetReqs: [14, NfsdExportKeys],
    cacheFlush: [15, NfsdCacheFlush],
    unlockIp: [16, NfsdUnlockIp],
    unlockFilesystem: [17, NfsdUnlockFilesystem],
    unlockExport: [18, NfsdUnlockExport],
    serverStatsGet: [19, NfsdServerStats],
  },
  groups: { none: 'none', exportd: 'exportd' },
  config: 'CONFIG_NFSD',
  module: 'nfsd',
});
