/** Counters by name, which rules count by (`-m nfacct` of iptables): made, read, reset, watched. Requests as net/netfilter/nfnetlink_acct.c takes them. */
import { netfilter, type Acct } from '../families/netfilter/index.ts';
import type { Listed } from '../route/objects.ts';
import { ask, type Plan } from '../route/plan.ts';
import { listen, type Stream } from '../route/stream.ts';
import type { Client } from '../socket/index.ts';

const { messages } = netfilter;

/** What a counter counts up to, in one of two units: what comes then is told by `watch`, and rules can ask for it. */
export type AcctQuota = { readonly packets: bigint } | { readonly bytes: bigint };
export interface AcctOptions {
  readonly quota?: AcctQuota;
  /** What it has counted when it begins. Default: nothing. */
  readonly packets?: bigint;
  readonly bytes?: bigint;
}
export interface AcctFilter {
  /** Only counters with a quota of packets, with one of bytes, or with none. */
  readonly quota?: 'packets' | 'bytes' | 'none';
  /** Whether the counters, once read, begin anew. */
  readonly reset?: boolean;
}

const UNITS = ['quotaPkts', 'quotaBytes'] as const;
const quotas = { packets: ['quotaPkts'], bytes: ['quotaBytes'], none: [] } as const;
const read = (reset: boolean) => (reset ? messages.getAcctCtrzero : messages.getAcct);

/** Counters, as they are told while others come and go. */
// oxlint-disable-next-line require-yield -- listings are plans, whether they look names up or not
export function* list({ quota, reset = false }: AcctFilter = {}): Plan<Listed<Acct>> {
  const value = quota && quotas[quota];
  return {
    request: { message: read(reset), body: { ...(value && { filter: { mask: UNITS, value } }) } },
    // Kernels before 3.17 do not filter.
    keep: ({ flags = [] }) => value === undefined || UNITS.every((unit) => flags.includes(unit) === (value as readonly string[]).includes(unit)),
  };
}
/** One counter. @throws {NetlinkError} ENOENT */
export function* get(name: string, { reset = false }: { readonly reset?: boolean } = {}): Plan<Acct> {
  const [reply] = yield* ask({ message: read(reset), body: { name } });
  return reply!.body as Acct;
}
/** Makes a counter. @param name at most 31 bytes @throws {NetlinkError} EEXIST */
export function* add(name: string, { quota, packets = 0n, bytes = 0n }: AcctOptions = {}): Plan<void> {
  const limit = quota && ('packets' in quota ? { flags: quotas.packets, quota: quota.packets } : { flags: quotas.bytes, quota: quota.bytes });
  yield* ask({ message: messages.newAcct, flags: ['create', 'excl'], body: { name, pkts: packets, bytes, ...limit } });
}
/** Lets a counter begin anew; its quota is not used up any more. @throws {NetlinkError} ENOENT */
export function* reset(name: string): Plan<void> {
  // A counter that is not there would be made: that it is, the first request says.
  yield* get(name);
  yield* ask({ message: messages.newAcct, flags: ['replace'], body: { name } });
}
/** Takes a counter away. @throws {NetlinkError} ENOENT; EBUSY: rules count by it */
export function* remove(name: string): Plan<void> { yield* ask({ message: messages.delAcct, body: { name } }); }
/** Takes all counters away that no rule counts by. */
export function* flush(): Plan<void> { yield* ask({ message: messages.delAcct, body: {} }); }

/** A quota was used up, or the kernel dropped events. */
export type AcctEvent = { readonly counter: Acct; readonly overrun?: never } | { readonly overrun: true; readonly counter?: never };
/** Counters whose quota is used up, from the call on, until the loop is left, the signal, or closing the client. @throws {NetlinkError} EPERM */
export function used(client: Client, { signal }: { readonly signal?: AbortSignal } = {}): Stream<AcctEvent> {
  return listen<AcctEvent>(client, ['acctQuota'], signal ? { signal } : {}, { overrun: true }, ({ body }) => ({ counter: body as Acct }));
}
