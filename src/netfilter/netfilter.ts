/** The front door to nf_tables, connection tracking, counters, packets that are queued or logged: one socket in one network namespace. */
import { netfilter } from '../families/netfilter/index.ts';
import { bind, bindSync, type Async, type Sync } from '../route/objects.ts';
import { run, runSync } from '../route/plan.ts';
import { Client } from '../socket/index.ts';
import type { OpenOptions } from '../route/index.ts';
import * as acct from './acct.ts';
import * as conntrack from './conntrack.ts';
import { PacketLog, PacketQueue, type LogOptions, type QueueOptions } from './packets.ts';
import { ipsetPlans, sets, type IpsetTold } from './ipset.ts';
import { revise, ruleset } from './ruleset.ts';
import * as timeouts from './timeouts.ts';
import { generation, transaction } from './transaction.ts';
import { connections, type ConnectionEvent, type ConnectionsOptions } from './watch.ts';

const plans = { transaction, generation, ruleset, revise };
type Plans = typeof plans;
const connectionPlans = { list: conntrack.list, get: conntrack.get, add: conntrack.make, set: conntrack.change, delete: conntrack.remove, flush: conntrack.flush, count: conntrack.count, statistics: conntrack.statistics };
type ConnectionPlans = typeof connectionPlans;
const acctPlans = { list: acct.list, get: acct.get, add: acct.add, reset: acct.reset, delete: acct.remove, flush: acct.flush };
type AcctPlans = typeof acctPlans;
const timeoutPlans = { list: timeouts.list, get: timeouts.get, add: timeouts.add, set: timeouts.set, delete: timeouts.remove, flush: timeouts.flush, getDefault: timeouts.getDefault, setDefault: timeouts.setDefault };
type TimeoutPlans = typeof timeoutPlans;
type IpsetPlans = ReturnType<typeof ipsetPlans>;
/** How sets are told. */
interface TellSets<R> {
  /** Sets, with their entries: all, or one. `entries: false`: their headers, `names: true`: their names only. @throws {NetlinkError} ENOENT */
  (name?: string, options?: { entries?: boolean; names?: boolean }): R;
}
export type { OpenOptions };

/** nf_tables and connection tracking with promises. */
export interface Netfilter extends Async<Plans>, AsyncDisposable {
  /** Connections that the kernel knows. */
  readonly conntrack: Async<ConnectionPlans> & {
    /** As they come, change and go. Leaving the loop, or the signal, ends it. */
    watch(options?: ConnectionsOptions): AsyncGenerator<ConnectionEvent, void, undefined>;
  };
  /** Takes the packets of a queue, from now on: each waits for a verdict. @throws {NetlinkError} EPERM: no CAP_NET_ADMIN, or another socket has the queue */
  queue(number: number, options?: QueueOptions): PacketQueue;
  /** Takes the packets that are logged to a group, from now on. @throws {NetlinkError} as `queue` */
  log(group: number, options?: LogOptions): PacketLog;
  /** IP sets. */
  readonly ipset: Async<IpsetPlans> & { readonly list: TellSets<Promise<IpsetTold[]>> };
  /** Counters by name. */
  readonly acct: Async<AcctPlans> & {
    /** Those whose quota is used up, from now on. Leaving the loop, or the signal, ends it. */
    watch(options?: { readonly signal?: AbortSignal }): AsyncGenerator<acct.AcctEvent, void, undefined>;
  };
  /** How long connections are remembered. */
  readonly timeouts: Async<TimeoutPlans>;
  /** The client below, for any request of the protocol. */
  readonly client: Client;
  /** Releases every descriptor; what is in flight is rejected. May be called again. */
  close(): void;
}
/** The same on the spot. */
export interface NetfilterSync extends Sync<Plans>, Disposable {
  /** Connections that the kernel knows. */
  readonly conntrack: Sync<ConnectionPlans>;
  /** IP sets. */
  readonly ipset: Sync<IpsetPlans> & { readonly list: TellSets<IpsetTold[]> };
  /** Counters by name. */
  readonly acct: Sync<AcctPlans>;
  /** How long connections are remembered. */
  readonly timeouts: Sync<TimeoutPlans>;
  /** The client below, for any request of the protocol. */
  readonly client: Client;
  /** Releases every descriptor; what is in flight is rejected. May be called again. */
  close(): void;
}

/** Bytes: a transaction is one datagram, and each of its messages may be refused. */
const SEND_BUFFER = 8 << 20, RECEIVE_BUFFER = 2 << 20;
export const openClient = ({ signal: _signal, ...options }: OpenOptions): Client => Client.open({ sendBuffer: SEND_BUFFER, receiveBuffer: RECEIVE_BUFFER, ...options, protocol: netfilter });

/** Opens nf_tables. Errors come as rejections. @throws {NetlinkError} as `open` of rtnetlink */
export async function open(options: OpenOptions = {}): Promise<Netfilter> {
  const client = openClient(options), { signal } = options;
  const watched = { ...bind(client, connectionPlans, signal), watch: (more: ConnectionsOptions = {}) => connections(client, { ...(signal && { signal }), ...more }) };
  const packets = { queue: (number: number, more: QueueOptions = {}) => new PacketQueue(client, number, { ...(signal && { signal }), ...more }), log: (group: number, more: LogOptions = {}) => new PacketLog(client, group, { ...(signal && { signal }), ...more }) };
  const session = {}, ipset = { ...bind(client, ipsetPlans(session), signal), list: (...args: Parameters<TellSets<void>>) => run(client, sets(session, ...args), signal) };
  const counters = { ...bind(client, acctPlans, signal), watch: (more: { readonly signal?: AbortSignal } = {}) => acct.used(client, { ...(signal && { signal }), ...more }) };
  return { ...bind(client, plans, signal), conntrack: watched, ipset, acct: counters, timeouts: bind(client, timeoutPlans, signal), ...packets, client, close: () => client.close(), [Symbol.asyncDispose]: async () => client.close() };
}
/** Opens nf_tables for calls that return when the kernel has answered. @throws {NetlinkError} */
export function openSync(options: Omit<OpenOptions, 'signal'> = {}): NetfilterSync {
  const client = openClient(options);
  const session = {}, ipset = { ...bindSync(client, ipsetPlans(session)), list: (...args: Parameters<TellSets<void>>) => runSync(client, sets(session, ...args)) };
  return { ...bindSync(client, plans), conntrack: bindSync(client, connectionPlans), ipset, acct: bindSync(client, acctPlans), timeouts: bindSync(client, timeoutPlans), client, close: () => client.close(), [Symbol.dispose]: () => client.close() };
}
