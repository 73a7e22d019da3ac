/** nf_tables: transactions, the ruleset as objects, comments. Connection tracking: connections listed, forgotten, watched. Packets that are queued or logged. Counters by name, and how long connections are remembered. */
export type { AcctEvent, AcctFilter, AcctOptions, AcctQuota } from './acct.ts';
export type { CtTimeoutPolicy, TimeoutProtocol, Timeouts, TimeoutsOf } from './timeouts.ts';
export { open, openSync, type Netfilter, type NetfilterSync, type OpenOptions } from './netfilter.ts';
export { TransactionError, type Refusal, type TransactionOptions } from './transaction.ts';
export type { Ruleset, RulesetFilter, SetOf } from './ruleset.ts';
export { commentOf, readUserdata, userdataTypes, withComment, writeUserdata, type Userdata } from './userdata.ts';
export { ends, matches, type ConntrackFilter, type TupleFilter } from './conntrack.ts';
export type { ConnectionChange, ConnectionEvent, ConnectionsOptions } from './watch.ts';
export type { LogEvent, LogOptions, OnePacketChanges, PacketChanges, PacketLog, PacketQueue, PacketVerdict, QueueEvent, QueueOptions } from './packets.ts';
export type { IpsetChangeOptions, IpsetItem, IpsetOptions, IpsetTold } from './ipset.ts';
export { ipsetEntryText, ipsetTypes, parseIpsetEntry, type IpsetType } from './ipset-types.ts';
