/** What happens to states and policies, and what they need: events of NETLINK_XFRM. */
import { didYouMean } from '../codec/index.ts';
import {
  xfrm, type UserAcquire, type UserExpire, type UserMapping, type Userpolicy, type UserPolexpire, type UserReport, type Usersa, type UsersaFlush, type UsersaId, type UserpolicyId, type XfrmAttrs,
} from '../families/xfrm/index.ts';
import { listen, type Stream } from '../route/stream.ts';
import type { Client } from '../socket/index.ts';
import { readAevent, type XfrmAevent } from './aevent.ts';
import { present, readMark, type Family, type XfrmMark, type XfrmProtocol } from './common.ts';
import { readMigration, readStateMoved, type XfrmMigration, type XfrmStateMoved } from './migrate.ts';
import { readPolicy, type XfrmDefaults, type XfrmPolicy, type XfrmPolicyType } from './policy.ts';
import { readSelector, type TrafficSelector } from './selector.ts';
import { readState, type XfrmState } from './state.ts';

/** XFRMNLGRP_*: what is told together. */
export type XfrmGroup = keyof typeof xfrm.groups;

/** A packet meets a policy, and a state that it wants is not there: somebody has to negotiate one, with this `seq`, which `policy.templates` describe. */
export interface XfrmAcquire {
  readonly src: string;
  readonly dst: string;
  readonly family: Family;
  readonly proto: XfrmProtocol;
  readonly spi: number;
  readonly seq: number;
  /** The packet. */
  readonly sel: TrafficSelector;
  readonly policy: XfrmPolicy;
  /** Bits of the algorithms that will do, as PF_KEY numbers them. */
  readonly aalgos: number;
  readonly ealgos: number;
  readonly calgos: number;
  readonly mark?: Required<XfrmMark>;
  /** Of an xfrm link. */
  readonly ifId?: number;
  /** The processor that wants a state of its own. */
  readonly pcpu?: number;
  readonly dir?: XfrmState['dir'];
}
/** A peer's address or port changed: NAT. */
export interface XfrmMapping {
  readonly dst: string;
  readonly family: Family;
  readonly proto: XfrmProtocol;
  readonly spi: number;
  readonly reqid: number;
  readonly from: { readonly src: string; readonly sport: number };
  readonly to: { readonly src: string; readonly sport: number };
}

/** What happened, by `kind`. */
export type XfrmEvent = (
  | { readonly kind: 'acquire' } & XfrmAcquire
  /** A limit is reached. `hard`: the state is gone; else a new one is wanted. */
  | { readonly kind: 'expire'; readonly hard: boolean; readonly state: XfrmState }
  | { readonly kind: 'policyExpire'; readonly hard: boolean; readonly policy: XfrmPolicy }
  | { readonly kind: 'state'; readonly change: 'add' | 'update' | 'delete'; readonly state: XfrmState }
  /** All of a protocol (0: of all protocols) are gone. */
  | { readonly kind: 'state'; readonly change: 'flush'; readonly proto: XfrmProtocol }
  | { readonly kind: 'policy'; readonly change: 'add' | 'update' | 'delete'; readonly policy: XfrmPolicy }
  | { readonly kind: 'policy'; readonly change: 'flush'; readonly type: XfrmPolicyType }
  /** What becomes of packets that no policy is for. */
  | { readonly kind: 'policy'; readonly change: 'defaults'; readonly defaults: XfrmDefaults }
  | { readonly kind: 'aevent' } & XfrmAevent
  /** A packet that Mobile IPv6 has to be told of. */
  | { readonly kind: 'report'; readonly proto: XfrmProtocol; readonly sel: TrafficSelector; readonly coaddr?: string }
  | { readonly kind: 'migrate' } & XfrmMigration
  | { readonly kind: 'migrateState' } & XfrmStateMoved
  | { readonly kind: 'mapping' } & XfrmMapping
) & { /** The namespace that it is from, by the id that it has here; absent: the socket's own. */ readonly nsid?: number }
  /** The kernel dropped events. */
  | { readonly kind: 'overrun' };

type Attributes = InstanceType<typeof XfrmAttrs>;
/** A state or policy that stands in a message of another kind, with the attributes beside it. */
const joined = <T>(inner: object, attributes: Attributes): T => ({ ...attributes, ...inner }) as T;
function acquire(body: InstanceType<typeof UserAcquire>): XfrmAcquire {
  const { id, saddr, sel, policy, aalgos, ealgos, calgos, seq, mark, ifId, saPcpu, saDir, ...attributes } = body;
  return {
    src: saddr, dst: id.daddr, family: (sel.family === 'unspec' ? policy.sel.family : sel.family) as Family, proto: id.proto, spi: id.spi, seq, sel: readSelector(sel) ?? {}, policy: readPolicy(joined(policy, present({ ...attributes, mark, ifId }))), aalgos, ealgos, calgos,
    ...present({ mark: mark && readMark(mark), ifId, pcpu: saPcpu, dir: saDir }),
  };
}
function mapping({ id, reqid, oldSaddr, oldSport, newSaddr, newSport }: InstanceType<typeof UserMapping>): XfrmMapping {
  return { dst: id.daddr, family: id.family as Family, proto: id.proto, spi: id.spi, reqid, from: { src: oldSaddr, sport: oldSport }, to: { src: newSaddr, sport: newSport } };
}
const state = (change: 'add' | 'update') => (body: InstanceType<typeof Usersa>): XfrmEvent => ({ kind: 'state', change, state: readState(body) });
const policy = (change: 'add' | 'update') => (body: InstanceType<typeof Userpolicy>): XfrmEvent => ({ kind: 'policy', change, policy: readPolicy(body) });
const defaults = (body: XfrmDefaults): XfrmEvent => ({ kind: 'policy', change: 'defaults', defaults: { in: body.in, fwd: body.fwd, out: body.out } });

/** By the message's key. */
const readers: Readonly<Record<string, (body: never) => XfrmEvent | undefined>> = {
  newsa: state('add'), updsa: state('update'),
  delsa: ({ usersa, ...attributes }: InstanceType<typeof UsersaId>): XfrmEvent | undefined => usersa && { kind: 'state', change: 'delete', state: readState(joined(usersa, attributes)) },
  flushsa: ({ proto }: InstanceType<typeof UsersaFlush>): XfrmEvent => ({ kind: 'state', change: 'flush', proto }),
  expire: ({ state: told, hard, ...attributes }: InstanceType<typeof UserExpire>): XfrmEvent => ({ kind: 'expire', hard: hard !== 0, state: readState(joined(told, attributes)) }),
  newpolicy: policy('add'), updpolicy: policy('update'),
  delpolicy: ({ userpolicy, ...attributes }: InstanceType<typeof UserpolicyId>): XfrmEvent | undefined => userpolicy && { kind: 'policy', change: 'delete', policy: readPolicy(joined(userpolicy, attributes)) },
  flushpolicy: ({ policyType }: Attributes): XfrmEvent => ({ kind: 'policy', change: 'flush', type: policyType?.type ?? 'main' }),
  polexpire: ({ pol, hard, ...attributes }: InstanceType<typeof UserPolexpire>): XfrmEvent => ({ kind: 'policyExpire', hard: hard !== 0, policy: readPolicy(joined(pol, attributes)) }),
  getdefault: defaults, setdefault: defaults,
  acquire: (body: InstanceType<typeof UserAcquire>): XfrmEvent => ({ kind: 'acquire', ...acquire(body) }),
  newae: (body: Parameters<typeof readAevent>[0]): XfrmEvent => ({ kind: 'aevent', ...readAevent(body) }),
  report: ({ proto, sel, coaddr }: InstanceType<typeof UserReport>): XfrmEvent => ({ kind: 'report', proto, sel: readSelector(sel) ?? {}, ...(coaddr !== undefined && { coaddr }) }),
  migrate: (body: InstanceType<typeof UserpolicyId>): XfrmEvent => ({ kind: 'migrate', ...readMigration(body) }),
  migrateState: (body: Parameters<typeof readStateMoved>[0]): XfrmEvent => ({ kind: 'migrateState', ...readStateMoved(body) }),
  mapping: (body: InstanceType<typeof UserMapping>): XfrmEvent => ({ kind: 'mapping', ...mapping(body) }),
};
/** An event of the protocol as an event here; undefined for what is none. */
export const readEvent = (key: string, body: object): XfrmEvent | undefined => readers[key]?.(body as never);

/** How to watch. */
export interface XfrmWatchOptions {
  /** Ends it quietly. */
  readonly signal?: AbortSignal;
  /** Namespaces that have an id here, too. */
  readonly allNsid?: boolean;
  /** Bytes of the socket's receive buffer: what the kernel keeps while nobody reads. Default 8 MiB. */
  readonly receiveBuffer?: number;
}
/** Events from the call on. Where nobody listens to `acquire`, packets that want a state are dropped at once. @throws {NetlinkError} EPERM; {TypeError} for what is no group */
export function watch(client: Client, groups: readonly XfrmGroup[] = Object.keys(xfrm.groups) as XfrmGroup[], options: XfrmWatchOptions = {}): Stream<XfrmEvent> {
  const stray = groups.find((group) => !Object.hasOwn(xfrm.groups, group));
  if (stray !== undefined) throw new TypeError(`nothing called '${stray}' can be watched${didYouMean(stray, Object.keys(xfrm.groups))}`);
  return listen<XfrmEvent>(client, groups, options, { kind: 'overrun' }, ({ message, body, nsid }) => {
    const event = readEvent(message?.key ?? '', body);
    return event && nsid !== undefined ? { ...event, nsid } as XfrmEvent : event;
  });
}
