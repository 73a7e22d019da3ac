/** How long connection tracking remembers: times by name, for rules to choose, and those that hold otherwise. Requests as net/netfilter/nfnetlink_cttimeout.c takes them. */
import type { Value } from '../codec/index.ts';
import { netfilter, type ctTimeoutPolicyAttrs, type ctTimeouts } from '../families/netfilter/index.ts';
import type { Listed } from '../route/objects.ts';
import { ask, type Plan } from '../route/plan.ts';

const { messages } = netfilter;

/** Transport protocols whose connections have times of their own. */
export type TimeoutProtocol = keyof typeof ctTimeouts;
/** What times are of. */
export interface TimeoutsOf { readonly family: 'ipv4' | 'ipv6'; readonly protocol: TimeoutProtocol }
/** Times of one protocol: seconds, by state; states that are left out have the kernel's default. */
export type Timeouts = { readonly [P in TimeoutProtocol]: TimeoutsOf & { readonly protocol: P; readonly seconds: Partial<Value<(typeof ctTimeouts)[P]>> } }[TimeoutProtocol];
export type CtTimeoutPolicy = Value<typeof ctTimeoutPolicyAttrs>;

const body = ({ family, protocol, seconds }: TimeoutsOf & Partial<Timeouts>, name?: string): object => ({ ...(name !== undefined && { name }), l3proto: family, l4proto: protocol, ...(seconds && { data: seconds }) });

/** Policies, as they are told while others come and go. */
// oxlint-disable-next-line require-yield -- listings are plans, whether they look names up or not
export function* list(): Plan<Listed<CtTimeoutPolicy>> { return { request: { message: messages.getCtTimeout, body: {} }, keep: () => true }; }
/** One policy. @throws {NetlinkError} ENOENT */
export function* get(name: string): Plan<CtTimeoutPolicy> {
  const [reply] = yield* ask({ message: messages.getCtTimeout, body: { name } });
  return reply!.body as CtTimeoutPolicy;
}
/** Makes a policy. @param name at most 31 bytes @throws {NetlinkError} EEXIST; EOPNOTSUPP: the kernel has no times of the protocol */
export function* add(name: string, times: Timeouts): Plan<void> {
  yield* ask({ message: messages.newCtTimeout, flags: ['create', 'excl'], body: body(times, name) });
}
/** Changes a policy, or makes it: states that are left out have the kernel's default again. @throws {NetlinkError} EINVAL: it is of another family or protocol */
export function* set(name: string, times: Timeouts): Plan<void> {
  yield* ask({ message: messages.newCtTimeout, flags: ['create', 'replace'], body: body(times, name) });
}
/** Takes a policy away. @throws {NetlinkError} ENOENT; EBUSY: rules refer to it */
export function* remove(name: string): Plan<void> { yield* ask({ message: messages.delCtTimeout, body: { name } }); }
/** Takes all policies away that no rule refers to. */
export function* flush(): Plan<void> { yield* ask({ message: messages.delCtTimeout, body: {} }); }

/** What holds in this network namespace where no policy does (kernel 3.12). @throws {NetlinkError} EOPNOTSUPP: the kernel has no times of the protocol */
export function* getDefault(of: TimeoutsOf): Plan<CtTimeoutPolicy> {
  const [reply] = yield* ask({ message: messages.getCtTimeoutDefault, body: body(of) });
  return reply!.body as CtTimeoutPolicy;
}
/** Changes what holds where no policy does; what is left out stays. @throws {NetlinkError} as `getDefault` */
export function* setDefault(times: Timeouts): Plan<void> {
  yield* ask({ message: messages.setCtTimeoutDefault, body: body(times) });
}
