/** The front door to NETLINK_XFRM: IPsec in one network namespace. */
import { xfrm } from '../families/xfrm/index.ts';
import { checkObject } from '../route/names.ts';
import type { OpenOptions } from '../route/index.ts';
import { bind, bindSync, type Async, type Sync } from '../route/objects.ts';
import type { Stream } from '../route/stream.ts';
import { Client } from '../socket/index.ts';
import { aevent, setAevent } from './aevent.ts';
import { migrate, migrateState } from './migrate.ts';
import * as policies from './policy.ts';
import * as states from './state.ts';
import { watch, type XfrmEvent, type XfrmGroup, type XfrmWatchOptions } from './watch.ts';

const statePlans = {
  add: states.add, update: states.update, get: states.get, list: states.list, delete: states.remove, flush: states.flush, allocate: states.allocate, counts: states.counts, aevent, setAevent, migrate: migrateState,
};
const policyPlans = {
  add: policies.add, update: policies.update, get: policies.get, list: policies.list, delete: policies.remove, flush: policies.flush, counts: policies.counts, defaults: policies.defaults, setDefaults: policies.setDefaults,
  thresholds: policies.thresholds, setThresholds: policies.setThresholds, migrate,
};
type StatePlans = typeof statePlans;
type PolicyPlans = typeof policyPlans;
export type { OpenOptions };

/** IPsec with promises. */
export interface Xfrm extends AsyncDisposable {
  /** States (security associations): how packets are transformed. */
  readonly state: Async<StatePlans>;
  /** Policies: which packets have to be transformed. */
  readonly policy: Async<PolicyPlans>;
  /** What happens, from the call on: all, or what these groups tell. Leaving the loop, `return()`, or the signal ends it. @throws {NetlinkError} EPERM: no CAP_NET_ADMIN */
  watch(groups?: readonly XfrmGroup[], options?: XfrmWatchOptions): Stream<XfrmEvent>;
  /** The client below, for any request of the protocol. */
  readonly client: Client<typeof xfrm>;
  /** Releases every descriptor; what is in flight is rejected. May be called again. */
  close(): void;
}
/** The same on the spot. */
export interface XfrmSync extends Disposable {
  readonly state: Sync<StatePlans>;
  readonly policy: Sync<PolicyPlans>;
  /** The client below, for any request of the protocol. */
  readonly client: Client<typeof xfrm>;
  /** Releases every descriptor; what is in flight is rejected. May be called again. */
  close(): void;
}

function openClient(given: OpenOptions): Client<typeof xfrm> {
  checkObject(given, "options are an object, { namespace: 's1' }");
  const { signal: _signal, ...options } = given;
  return Client.open({ ...options, protocol: xfrm });
}
/** Opens IPsec. Errors come as rejections. @throws {NetlinkError} as `open` of rtnetlink; EPROTONOSUPPORT where the kernel has no XFRM */
export async function openXfrm(options: OpenOptions = {}): Promise<Xfrm> {
  const client = openClient(options), { signal } = options;
  return {
    state: bind(client, statePlans, signal), policy: bind(client, policyPlans, signal), watch: (groups, more = {}) => watch(client, groups, { ...(signal && { signal }), ...more }),
    client, close: () => client.close(), [Symbol.asyncDispose]: async () => client.close(),
  };
}
/** Opens IPsec for calls that return when the kernel has answered. @throws {NetlinkError} as `openXfrm` */
export function openXfrmSync(options: Omit<OpenOptions, 'signal'> = {}): XfrmSync {
  const client = openClient(options);
  return { state: bindSync(client, statePlans), policy: bindSync(client, policyPlans), client, close: () => client.close(), [Symbol.dispose]: () => client.close() };
}
