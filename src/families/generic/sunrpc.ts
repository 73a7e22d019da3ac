/** sunrpc: what the RPC server asks user space for. Source: include/uapi/linux/sunrpc_netlink.h, net/sunrpc/netlink.c. */
import { attrs, flag, flags, genericFamily, multi, string, u32, u64 } from '../../codec/index.ts';

/** What is asked for: a client's domain, or a user's groups. */
export const sunrpcCacheType = flags(u32, { ipMap: 1, unixGid: 2 }, 'SUNRPC_CACHE_TYPE_');
/** What user space is asked for. */
export class SunrpcCache extends attrs('SUNRPC_A_CACHE_NOTIFY_', { cacheType: [1, sunrpcCacheType] }) {}

/** The domain of a client. */
export class SunrpcIpMap extends attrs('SUNRPC_A_IP_MAP_', {
  seqno: [1, u64],
  class: [2, string],
  addr: [3, string],
  domain: [4, string],
  negative: [5, flag],
  /** Seconds since 1970. */
  expiry: [6, u64],
}) {}

/** Questions, or their answers. */
export class SunrpcIpMaps extends attrs('SUNRPC_A_IP_MAP_REQS_', { requests: [1, multi(SunrpcIpMap)] }) {}
/** The groups of a user. */
export class SunrpcUnixGid extends attrs('SUNRPC_A_UNIX_GID_', { seqno: [1, u64], uid: [2, u32], gids: [3, multi(u32)], negative: [4, flag], expiry: [5, u64] }) {}
/** Questions, or their answers. */
export class SunrpcUnixGids extends attrs('SUNRPC_A_UNIX_GID_REQS_', { requests: [1, multi(SunrpcUnixGid)] }) {}
/** What is to be asked for anew. */
export class SunrpcCacheFlush extends attrs('SUNRPC_A_CACHE_FLUSH_', { mask: [1, sunrpcCacheType] }) {}

/** sunrpc. */
export const sunrpc = genericFamily('sunrpc', 1, {
  prefix: 'SUNRPC_CMD_',
  commands: {
    cacheNotify: [1, SunrpcCache],
    ipMapGetReqs: [2, SunrpcIpMaps],
    ipMapSetReqs: [3, SunrpcIpMaps],
    unixGidGetReqs: [4, SunrpcUnixGids],
    unixGidSetReqs: [5, SunrpcUnixGids],
    cacheFlush: [6, SunrpcCacheFlush],
  },
  groups: { none: 'none', exportd: 'exportd' },
  config: 'CONFIG_SUNRPC',
  module: 'sunrpc',
});
