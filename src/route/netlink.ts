/** The front door to rtnetlink: one socket in one network namespace, and what can be done with it. */
import { Client, type SocketOptions } from '../socket/index.ts';
import { route as routeProtocol } from '../families/route/index.ts';
import type { NamespaceRef } from '../namespace/index.ts';
import * as actions from './actions.ts';
import * as addresses from './addresses.ts';
import * as filters from './filters.ts';
import * as links from './links.ts';
import { checkObject } from './names.ts';
import * as neighbours from './neighbours.ts';
import * as nsids from './nsids.ts';
import { bind, bindSync, type Async, type Sync } from './objects.ts';
import * as qdiscs from './qdiscs.ts';
import * as routes from './routes.ts';
import * as rules from './rules.ts';
import { watch, type Watch, type WatchedKind, type WatchOptions } from './watch.ts';

const plans = {
  link: { add: links.add, set: links.set, delete: links.remove, deleteGroup: links.removeGroup, get: links.get, list: links.list, addAltnames: links.addAltnames, deleteAltnames: links.removeAltnames, names: links.names },
  address: { add: addresses.add, replace: addresses.replace, delete: addresses.remove, list: addresses.list },
  route: { add: routes.add, append: routes.append, replace: routes.replace, delete: routes.remove, get: routes.get, list: routes.list },
  neighbour: { add: neighbours.add, replace: neighbours.replace, delete: neighbours.remove, list: neighbours.list },
  fdb: { add: neighbours.addFdb, append: neighbours.appendFdb, delete: neighbours.removeFdb, list: neighbours.listFdb },
  rule: { add: rules.add, delete: rules.remove, list: rules.list },
  qdisc: { add: qdiscs.add, replace: qdiscs.replace, change: qdiscs.change, delete: qdiscs.remove, list: qdiscs.list },
  tcClass: { add: qdiscs.addClass, replace: qdiscs.replaceClass, change: qdiscs.changeClass, delete: qdiscs.removeClass, list: qdiscs.listClasses },
  filter: { add: filters.add, replace: filters.replace, delete: filters.remove, deleteAll: filters.removeAll, get: filters.get, list: filters.list },
  chain: { add: filters.addChain, delete: filters.removeChain, get: filters.getChain, list: filters.listChains },
  action: { add: actions.add, replace: actions.replace, delete: actions.remove, flush: actions.flush, get: actions.get, all: actions.all },
  nsid: { set: nsids.set, get: nsids.get, list: nsids.list },
};
type Plans = typeof plans;

/** Where to work, and how. */
export interface OpenOptions extends Omit<SocketOptions, 'protocol' | 'groups' | 'namespace'> {
  /** The network namespace to work in: name, pid, path or descriptor. Default: this thread's. */
  readonly namespace?: NamespaceRef;
  /** Ends whatever is running on this connection. */
  readonly signal?: AbortSignal;
}

/** rtnetlink with promises. */
export interface Netlink extends Readonly<{ [K in keyof Plans]: Async<Plans[K]> }>, AsyncDisposable {
  /** The client below, for any request of the protocol. */
  readonly client: Client;
  /** Changes as they happen. Leaving the loop, or the signal, ends it. */
  watch<const K extends WatchedKind>(kinds: readonly K[], options?: WatchOptions): Watch<K>;
  /** Releases every descriptor; what is in flight is rejected. May be called again. */
  close(): void;
}
/** The same on the spot: every call returns when the kernel has answered. */
export interface NetlinkSync extends Readonly<{ [K in keyof Plans]: Sync<Plans[K]> }>, Disposable {
  /** The client below, for any request of the protocol. */
  readonly client: Client;
  /** Releases every descriptor; what is in flight is rejected. May be called again. */
  close(): void;
}

function openClient(given: OpenOptions): Client {
  checkObject(given, "options are an object, { namespace: 's1' }");
  const { signal: _signal, ...options } = given;
  return Client.open({ ...options, protocol: routeProtocol });
}

/**
 * Opens rtnetlink: one connection, in the namespace that is asked for, for as long as it is open. Errors come as rejections.
 * What is dropped without `close` keeps its descriptors until the process ends, or under Node the Worker that opened it.
 * @throws {NetlinkError} ERR_NETLINK_NO_TRANSPORT where no way into the kernel is found; ENOENT, EPERM for the namespace
 */
export async function open(options: OpenOptions = {}): Promise<Netlink> {
  const client = openClient(options), { signal } = options;
  const bound = Object.fromEntries(Object.entries(plans).map(([name, own]) => [name, bind(client, own, signal)])) as { [K in keyof Plans]: Async<Plans[K]> };
  return {
    ...bound,
    client,
    watch: (kinds, more = {}) => watch(client, kinds, { ...(signal && { signal }), ...more }),
    close: () => client.close(),
    [Symbol.asyncDispose]: async () => client.close(),
  };
}
/** Opens rtnetlink for calls that return when the kernel has answered. @throws {NetlinkError} */
export function openSync(options: Omit<OpenOptions, 'signal'> = {}): NetlinkSync {
  const client = openClient(options);
  const bound = Object.fromEntries(Object.entries(plans).map(([name, own]) => [name, bindSync(client, own)])) as { [K in keyof Plans]: Sync<Plans[K]> };
  return { ...bound, client, close: () => client.close(), [Symbol.dispose]: () => client.close() };
}
