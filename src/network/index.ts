/** Container networks as docker and CNI make them: bridges, macvlan, ipvlan, overlays; addresses; each operation whole or not at all. */
import * as lending from './lend.ts';
import * as manage from './manage.ts';
import * as operations from './networks.ts';
import { perform, performSync, Session, type Operation, type Traced } from './operation.ts';
import type { NamespaceRef } from '../namespace/index.ts';

export { blockedLines, type Blocked } from './blocked.ts';
export { NetworkError, type NetworkCode } from './error.ts';
export { hostsText, type Host } from './hosts.ts';
export * from './ipam/index.ts';
export { DRIVERS, MODES, OWNER, containerOf, networkOf, ownerOf, type Container, type ContainerInput, type DriverName, type Network, type NetworkInput, type Peer, type SubnetSpec } from './spec.ts';
export { TRANSPORTS, clash, parsePublish, publishText, type Publish } from './publish.ts';
export type { Attachment, Record } from './store.ts';
export { declarations, type Applied, type Collected, type Hosts, type Inspected, type Plan } from './manage.ts';
export type { Declared } from './networks.ts';
export type { Recovered } from './journal.ts';
export type { Traced, Where } from './operation.ts';
export type { Planned, Step } from './steps.ts';
export { linesOf } from './lines.ts';

const all = { create: operations.create, remove: operations.remove, attach: operations.attach, detach: operations.detach, lend: lending.lend, publish: lending.publish, freeSubnet: lending.freeSubnet, inspect: manage.inspect, list: manage.list, hosts: manage.hosts, gc: manage.gc, plan: manage.plan, planGone: manage.planGone, apply: manage.apply, export: manage.exported };
type All = typeof all;
type Rest<F> = F extends (session: Session, ...rest: infer A) => Operation<infer R> ? [A, R] : never;

/** Where networks are kept, and in which network namespace they are. */
export interface NetworksOptions {
  /** The folder of state. Default: $NLKIT_STATE, or /var/lib/nlkit. */
  readonly state?: string;
  /** The host's network namespace. Default: this thread's. */
  readonly namespace?: NamespaceRef;
  /** Hears each step of an operation. */
  readonly trace?: (event: Traced) => void;
  /** Hears what was done, but not quite. Default: a warning of the process. */
  readonly warn?: (text: string) => void;
  readonly signal?: AbortSignal;
}
export const stateFolder = (): string => process.env['NLKIT_STATE'] || '/var/lib/nlkit';

/** Operations with promises. */
export type Networks = { readonly [K in keyof All]: (...args: Rest<All[K]>[0]) => Promise<Rest<All[K]>[1]> };
/** The same, on the spot. */
export type NetworksSync = { readonly [K in keyof All]: (...args: Rest<All[K]>[0]) => Rest<All[K]>[1] };

type Any = (session: Session, ...args: unknown[]) => Operation<unknown>;
const bound = (run: (operation: Any, args: unknown[]) => unknown): unknown => Object.fromEntries(Object.entries(all).map(([name, operation]) => [name, (...args: unknown[]) => run(operation as Any, args)]));

/** Networks of a host. Nothing is opened before an operation, or stays open after it. */
export function networks({ state = stateFolder(), namespace, trace, warn, signal }: NetworksOptions = {}): Networks {
  return bound(async (operation, args) => {
    const session = new Session(state, namespace, trace, warn);
    try { return await perform(session, operation(session, ...args), signal); } finally { session.close(); }
  }) as Networks;
}
/** The same for calls that return when all is done. */
export function networksSync({ state = stateFolder(), namespace, trace, warn }: Omit<NetworksOptions, 'signal'> = {}): NetworksSync {
  return bound((operation, args) => {
    const session = new Session(state, namespace, trace, warn);
    try { return performSync(session, operation(session, ...args)); } finally { session.close(); }
  }) as NetworksSync;
}
