/** NETLINK_NETFILTER: nf_tables, connection tracking, packets that are queued or logged, and what belongs to these. Source: include/uapi/linux/netfilter/nfnetlink.h, nf_tables.h, nfnetlink_conntrack.h, net/netfilter/nf_tables_api.c, nf_conntrack_netlink.c. */
import { protocol } from '../../codec/index.ts';
import { Acct } from './acct.ts';
import { Chain } from './chain.ts';
import { Compat } from './compat.ts';
import { Conntrack, ConntrackStats, ConntrackStatsCpu } from './conntrack.ts';
import { UserHelper } from './ct-helper.ts';
import { ctTimeoutPolicy } from './ct-timeout.ts';
import { Gen, Trace } from './events.ts';
import { Expectation, ExpectationStats } from './expectation.ts';
import { Flowtable } from './flowtable.ts';
import { Batch, typeOf } from './header.ts';
import { HookFunction } from './hook.ts';
import { LogConfig, LogPacket } from './log.ts';
import { nftObject } from './object.ts';
import { Osf } from './osf.ts';
import { QueueConfig, QueuePacket } from './queue.ts';
import { Rule } from './rule.ts';
import { Ipset, IpsetChange, IpsetPair, IpsetProtocol } from './ipset.ts';
import { NftSet, SetElemList } from './set.ts';
import { Table } from './table.ts';

const nft = (message: number): number => typeOf('nftables', message);
const queue = (message: number): number => typeOf('queue', message), log = (message: number): number => typeOf('ulog', message), osf = (message: number): number => typeOf('osf', message);
const acct = (message: number): number => typeOf('acct', message), timeout = (message: number): number => typeOf('ctnetlinkTimeout', message), helper = (message: number): number => typeOf('cthelper', message);
const ips = (message: number): number => typeOf('ipset', message);
const ct = (message: number): number => typeOf('ctnetlink', message), exp = (message: number): number => typeOf('ctnetlinkExp', message);

export const netfilter = protocol('netfilter', 12, {
  prefix: 'NFT_MSG_',
  messages: {
    batchBegin: [16, Batch, 'NFNL_MSG_BATCH_BEGIN'], batchEnd: [17, Batch, 'NFNL_MSG_BATCH_END'],
    newtable: [nft(0), Table], gettable: [nft(1), Table], deltable: [nft(2), Table], destroytable: [nft(26), Table],
    newchain: [nft(3), Chain], getchain: [nft(4), Chain], delchain: [nft(5), Chain], destroychain: [nft(27), Chain],
    newrule: [nft(6), Rule], getrule: [nft(7), Rule], delrule: [nft(8), Rule], getruleReset: [nft(25), Rule], destroyrule: [nft(28), Rule],
    newset: [nft(9), NftSet], getset: [nft(10), NftSet], delset: [nft(11), NftSet], destroyset: [nft(29), NftSet],
    newsetelem: [nft(12), SetElemList], getsetelem: [nft(13), SetElemList], delsetelem: [nft(14), SetElemList],
    destroysetelem: [nft(30), SetElemList], getsetelemReset: [nft(33), SetElemList],
    newgen: [nft(15), Gen], getgen: [nft(16), Gen],
    trace: [nft(17), Trace],
    newobj: [nft(18), nftObject], getobj: [nft(19), nftObject], delobj: [nft(20), nftObject], getobjReset: [nft(21), nftObject], destroyobj: [nft(31), nftObject],
    newflowtable: [nft(22), Flowtable], getflowtable: [nft(23), Flowtable], delflowtable: [nft(24), Flowtable], destroyflowtable: [nft(32), Flowtable],
    getCompat: [typeOf('nftCompat', 0), Compat, 'NFNL_MSG_COMPAT_GET'],
    newConntrack: [ct(0), Conntrack, 'IPCTNL_MSG_CT_NEW'], getConntrack: [ct(1), Conntrack, 'IPCTNL_MSG_CT_GET'], delConntrack: [ct(2), Conntrack, 'IPCTNL_MSG_CT_DELETE'],
    getConntrackCtrzero: [ct(3), Conntrack, 'IPCTNL_MSG_CT_GET_CTRZERO'], getConntrackStatsCpu: [ct(4), ConntrackStatsCpu, 'IPCTNL_MSG_CT_GET_STATS_CPU'],
    getConntrackStats: [ct(5), ConntrackStats, 'IPCTNL_MSG_CT_GET_STATS'], getConntrackDying: [ct(6), Conntrack, 'IPCTNL_MSG_CT_GET_DYING'],
    getConntrackUnconfirmed: [ct(7), Conntrack, 'IPCTNL_MSG_CT_GET_UNCONFIRMED'],
    newExpectation: [exp(0), Expectation, 'IPCTNL_MSG_EXP_NEW'], getExpectation: [exp(1), Expectation, 'IPCTNL_MSG_EXP_GET'], delExpectation: [exp(2), Expectation, 'IPCTNL_MSG_EXP_DELETE'],
    getExpectationStatsCpu: [exp(3), ExpectationStats, 'IPCTNL_MSG_EXP_GET_STATS_CPU'],
    queuePacket: [queue(0), QueuePacket, 'NFQNL_MSG_PACKET'], queueVerdict: [queue(1), QueuePacket, 'NFQNL_MSG_VERDICT'], queueConfig: [queue(2), QueueConfig, 'NFQNL_MSG_CONFIG'], queueVerdictBatch: [queue(3), QueuePacket, 'NFQNL_MSG_VERDICT_BATCH'],
    logPacket: [log(0), LogPacket, 'NFULNL_MSG_PACKET'], logConfig: [log(1), LogConfig, 'NFULNL_MSG_CONFIG'],
    addOsf: [osf(0), Osf, 'OSF_MSG_ADD'], delOsf: [osf(1), Osf, 'OSF_MSG_REMOVE'],
    newAcct: [acct(0), Acct, 'NFNL_MSG_ACCT_NEW'], getAcct: [acct(1), Acct, 'NFNL_MSG_ACCT_GET'], getAcctCtrzero: [acct(2), Acct, 'NFNL_MSG_ACCT_GET_CTRZERO'], delAcct: [acct(3), Acct, 'NFNL_MSG_ACCT_DEL'], acctOverquota: [acct(4), Acct, 'NFNL_MSG_ACCT_OVERQUOTA'],
    newCtTimeout: [timeout(0), ctTimeoutPolicy, 'IPCTNL_MSG_TIMEOUT_NEW'], getCtTimeout: [timeout(1), ctTimeoutPolicy, 'IPCTNL_MSG_TIMEOUT_GET'], delCtTimeout: [timeout(2), ctTimeoutPolicy, 'IPCTNL_MSG_TIMEOUT_DELETE'],
    setCtTimeoutDefault: [timeout(3), ctTimeoutPolicy, 'IPCTNL_MSG_TIMEOUT_DEFAULT_SET'], getCtTimeoutDefault: [timeout(4), ctTimeoutPolicy, 'IPCTNL_MSG_TIMEOUT_DEFAULT_GET'],
    newUserHelper: [helper(0), UserHelper, 'NFNL_MSG_CTHELPER_NEW'], getUserHelper: [helper(1), UserHelper, 'NFNL_MSG_CTHELPER_GET'], delUserHelper: [helper(2), UserHelper, 'NFNL_MSG_CTHELPER_DEL'],
    getIpsetProtocol: [ips(1), IpsetProtocol, 'IPSET_CMD_PROTOCOL'],
    newIpset: [ips(2), Ipset, 'IPSET_CMD_CREATE'], delIpset: [ips(3), Ipset, 'IPSET_CMD_DESTROY'], flushIpset: [ips(4), Ipset, 'IPSET_CMD_FLUSH'], renameIpset: [ips(5), IpsetPair, 'IPSET_CMD_RENAME'], swapIpset: [ips(6), IpsetPair, 'IPSET_CMD_SWAP'],
    getIpset: [ips(7), Ipset, 'IPSET_CMD_LIST'], getIpsetSave: [ips(8), Ipset, 'IPSET_CMD_SAVE'],
    newIpsetEntry: [ips(9), IpsetChange, 'IPSET_CMD_ADD'], delIpsetEntry: [ips(10), IpsetChange, 'IPSET_CMD_DEL'], testIpsetEntry: [ips(11), IpsetChange, 'IPSET_CMD_TEST'],
    getIpsetHeader: [ips(12), Ipset, 'IPSET_CMD_HEADER'], getIpsetType: [ips(13), Ipset, 'IPSET_CMD_TYPE'], getIpsetByname: [ips(14), Ipset, 'IPSET_CMD_GET_BYNAME'], getIpsetByindex: [ips(15), Ipset, 'IPSET_CMD_GET_BYINDEX'],
    getHook: [typeOf('hook', 0), HookFunction, 'NFNL_MSG_HOOK_GET'],
  },
  groups: {
    conntrackNew: [1, 'NFNLGRP_CONNTRACK_NEW'], conntrackUpdate: [2, 'NFNLGRP_CONNTRACK_UPDATE'], conntrackDestroy: [3, 'NFNLGRP_CONNTRACK_DESTROY'],
    conntrackExpNew: [4, 'NFNLGRP_CONNTRACK_EXP_NEW'], conntrackExpUpdate: [5, 'NFNLGRP_CONNTRACK_EXP_UPDATE'], conntrackExpDestroy: [6, 'NFNLGRP_CONNTRACK_EXP_DESTROY'],
    nftables: [7, 'NFNLGRP_NFTABLES'], acctQuota: [8, 'NFNLGRP_ACCT_QUOTA'], nftrace: [9, 'NFNLGRP_NFTRACE'],
  },
});

export * from './acct.ts';
export * from './chain.ts';
export * from './compat.ts';
export * from './conntrack.ts';
export * from './conntrack-protocols.ts';
export * from './ct-helper.ts';
export * from './ct-timeout.ts';
export * from './data.ts';
export * from './events.ts';
export * from './expectation.ts';
export * from './expressions/index.ts';
export * from './flowtable.ts';
export { Batch, BatchAttrs, families, Nfgenmsg, subsystems } from './header.ts';
export * from './hook.ts';
export * from './log.ts';
export * from './ipset.ts';
export * from './object.ts';
export { objectType } from './object-type.ts';
export * from './osf.ts';
export { copyModes, packetHook } from './packet.ts';
export * from './queue.ts';
export * from './rule.ts';
export * from './set.ts';
export * from './table.ts';
