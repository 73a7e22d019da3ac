/** Policies: which packets have to be transformed, and by which states. Requests as net/xfrm/xfrm_user.c takes them. */
import type { Value } from '../codec/index.ts';
import {
  xfrm, type dir as directions, type Spdinfo, type Userpolicy, type UserpolicyDefault, type XfrmUserOffload, type XfrmUserpolicyInfo, type XfrmUserpolicyType, type XfrmUserTmpl,
} from '../families/xfrm/index.ts';
import type { Listed } from '../route/objects.ts';
import { ask, type Plan } from '../route/plan.ts';
import {
  agree, checkId, checkKeys, contextBody, endsFamily, limitsBody, markBody, markToFind, own, present, readLimits, readMark, some, XfrmInputError, type Body, type Family, type Keys, type Names, type XfrmLimits, type XfrmMark, type XfrmMode,
  type XfrmProtocol, type XfrmUsage,
} from './common.ts';
import { readSelector, selectorBody, selects, type TrafficSelector } from './selector.ts';
import { COUNTS } from './state.ts';

const { messages } = xfrm;
type Info = Value<typeof XfrmUserpolicyInfo>;
type Told = InstanceType<typeof Userpolicy>;
/** Which way packets go; numbers from 3 on: 3 more than these, the policy of one socket. */
export type XfrmDirection = Value<typeof directions>;
/** 'main', or 'sub' (of Mobile IPv6). */
export type XfrmPolicyType = Value<typeof XfrmUserpolicyType>['type'];

/** A state that a policy wants. */
export interface XfrmTemplate {
  readonly proto: XfrmProtocol;
  /** Of a tunnel. Default: the packet's. */
  readonly src?: string;
  readonly dst?: string;
  /** Where no address tells it. Default: the policy's. */
  readonly family?: Family;
  /** Default: any. */
  readonly spi?: number;
  readonly reqid?: number;
  /** Default: 'transport'. */
  readonly mode?: XfrmMode;
  /** Packets may go without. */
  readonly optional?: boolean;
  readonly share?: Value<typeof XfrmUserTmpl>['share'];
  /** Bits of the algorithms that will do, as PF_KEY numbers them. Default: all. */
  readonly aalgos?: number;
  readonly ealgos?: number;
  readonly calgos?: number;
}
/** What a policy is found by: `index`, or else all of the rest. `list` gives both. */
export interface XfrmPolicyRef {
  readonly dir?: XfrmDirection | undefined;
  /** Which packets. Default: all of IPv4. */
  readonly sel?: TrafficSelector | undefined;
  readonly index?: number | undefined;
  readonly type?: XfrmPolicyType | undefined;
  readonly mark?: XfrmMark | undefined;
  /** Of an xfrm link. */
  readonly ifId?: number | undefined;
  /** A context of SELinux. */
  readonly securityContext?: string | undefined;
}
/** A policy as you describe it, or as it was told. */
export interface XfrmPolicyInput extends XfrmPolicyRef {
  /** The lowest wins. Default: 0. */
  readonly priority?: number | undefined;
  /** 'allow' (the default): by the states of the templates, or as it is where there are none. */
  readonly action?: Info['action'] | undefined;
  readonly flags?: Info['flags'];
  readonly share?: Info['share'];
  readonly limits?: XfrmLimits;
  /** In the order in which they are applied; six at most. */
  readonly templates?: readonly XfrmTemplate[];
  /** Work that a device does, all of it: its index (kernel 6.2). */
  readonly offload?: Partial<Value<typeof XfrmUserOffload>>;
}
/** A policy as the kernel tells it; it goes back into `add` and `update`, which leave out what only the kernel says. */
export interface XfrmPolicy extends XfrmPolicyInput {
  readonly dir: XfrmDirection;
  readonly sel: TrafficSelector;
  readonly index: number;
  readonly priority: number;
  readonly action: Info['action'];
  readonly flags: Info['flags'];
  readonly share: Info['share'];
  readonly mark?: Required<XfrmMark>;
  readonly current: XfrmUsage;
}

// What is sent.

const keys: Keys<XfrmPolicy> = {
  dir: 1, sel: 1, index: 1, type: 1, mark: 1, ifId: 1, securityContext: 1, priority: 1, action: 1, flags: 1, share: 1, limits: 1, templates: 1, offload: 1, current: 1,
};
const templateKeys: Keys<XfrmTemplate> = { proto: 1, src: 1, dst: 1, family: 1, spi: 1, reqid: 1, mode: 1, optional: 1, share: 1, aalgos: 1, ealgos: 1, calgos: 1 };
const filterKeys: Keys<XfrmPolicyFilter> = { sel: 1, family: 1, dir: 1, index: 1, type: 1, action: 1, priority: 1, flags: 1, ifId: 1, sockets: 1 };

/** All bits: any algorithm will do. */
const ANY = 0xffffffff, algorithmMasks = ['aalgos', 'ealgos', 'calgos'] as const;
/** struct xfrm_user_tmpl. @param family The policy's */
function templateBody(given: XfrmTemplate, family: Family | 'unspec', names: Names): Body {
  checkKeys(given, templateKeys, 'a template');
  const { src, dst, proto, spi, mode, reqid, optional, share } = given;
  checkId(given, names);
  return present({
    id: { ...(dst !== undefined && { daddr: dst }), ...(spi !== undefined && { spi }), proto }, family: endsFamily(given) ?? given.family ?? family, saddr: src, reqid, mode, share, optional: optional === undefined ? undefined : Number(optional),
    ...Object.fromEntries(algorithmMasks.map((key) => [key, given[key] ?? ANY])),
  });
}
function needsDirection({ dir }: XfrmPolicyRef): void { if (dir === undefined) throw new XfrmInputError('direction', 'which direction?', "dir: 'in', 'out' or 'fwd'"); }
const typeBody = (type: XfrmPolicyType | undefined): Body => (type === undefined ? {} : { policyType: { type } });
/** NEWPOLICY or UPDPOLICY. @param names What keys and names are called in an error @throws {XfrmInputError} */
export function policyBody(policy: XfrmPolicyInput, names: Names = own): Body {
  checkKeys(policy, keys, 'a policy');
  needsDirection(policy);
  const { limits, priority, index, dir, action, flags, share, type, templates, mark, securityContext, ifId, offload } = policy, sel = selectorBody(policy.sel ?? {}, 'inet', names);
  return present({
    sel, lft: limitsBody(limits), priority, index, dir, action, flags, share, ...typeBody(type), tmpl: templates?.map((one) => templateBody(one, sel.family, names)), ...(mark && { mark: markBody(mark) }),
    secCtx: securityContext === undefined ? undefined : contextBody(securityContext), ifId, offloadDev: offload, $unknown: (policy as Body)['$unknown'],
  });
}
/** What one policy is asked for, or deleted, by. @throws {XfrmInputError} */
export function policyRefBody(ref: XfrmPolicyRef, names: Names = own): Body {
  needsDirection(ref);
  const { sel, index, dir, type, mark, ifId, securityContext } = ref;
  if (!sel && index === undefined) throw new XfrmInputError('policy', 'which policy?', "sel: { src: '10.1.0.0/16', dst: '10.2.0.0/16' }, or index");
  return present({ sel: selectorBody(sel ?? {}, 'inet', names), index, dir, ...typeBody(type), ifId, ...markToFind(mark), secCtx: securityContext === undefined ? undefined : contextBody(securityContext) });
}

// What is told.

function readTemplate({ id, family, saddr, reqid, mode, share, optional, ...masks }: Value<typeof XfrmUserTmpl>): XfrmTemplate {
  return {
    proto: id.proto, src: saddr, dst: id.daddr, family: family as Family, spi: id.spi, reqid, mode, optional: optional !== 0, share, ...Object.fromEntries(algorithmMasks.filter((key) => masks[key] !== ANY).map((key) => [key, masks[key]])),
  };
}
/** A policy as it goes back into `add`: struct xfrm_userpolicy_info, with the attributes of its message. */
export function readPolicy(body: Told): XfrmPolicy {
  const { sel, lft, curlft, priority, index, dir, action, flags, share, policyType, tmpl, mark, ifId, secCtx, offloadDev } = body;
  return {
    dir, sel: readSelector(sel) ?? { family: 'unspec' }, index, priority, action, flags, share,
    ...present({
      type: policyType?.type, limits: readLimits(lft), templates: tmpl?.map(readTemplate), mark: mark && readMark(mark), ifId, securityContext: secCtx?.context, offload: offloadDev, $unknown: body.$unknown,
    }),
    current: curlft,
  };
}

/** Which policies. */
export interface XfrmPolicyFilter {
  /** Selectors that lie in these prefixes, and have these numbers. */
  readonly sel?: TrafficSelector | undefined;
  readonly family?: Family | undefined;
  readonly dir?: XfrmDirection | undefined;
  readonly index?: number | undefined;
  readonly type?: XfrmPolicyType | undefined;
  readonly action?: Info['action'] | undefined;
  readonly priority?: number | undefined;
  /** Policies that have one of them. */
  readonly flags?: readonly (string | number)[] | undefined;
  readonly ifId?: number | undefined;
  /** Those of sockets, too. Default: true. */
  readonly sockets?: boolean | undefined;
}
/** Directions of the policies of sockets begin here: XFRM_POLICY_MAX. */
const SOCKET = 3;
/** Whether a policy is one of those: the kernel tells all. @throws {XfrmInputError} */
export function policyMatches(filter: XfrmPolicyFilter): (policy: Told) => boolean {
  checkKeys(filter, filterKeys, 'a filter of policies');
  const { sel = {}, dir, index, type, action, priority, flags, ifId, sockets = true } = filter;
  const every = (text: string | undefined): string | undefined => (text?.endsWith('/0') ? undefined : text), { src, dst, ...rest } = sel;
  const family = endsFamily(sel) ?? filter.family, wanted = selects(present({ src: every(src), dst: every(dst), ...rest }));
  return (policy) => wanted(policy.sel) && (sockets || !(typeof policy.dir === 'number' && policy.dir >= SOCKET)) && some(flags, policy.flags)
    && agree([[family, policy.sel.family], [dir, policy.dir], [index, policy.index], [type, policy.policyType?.type ?? 'main'], [action, policy.action], [priority, policy.priority], [ifId, policy.ifId ?? 0]]);
}

// What is asked.

/** Makes a policy. @throws {NetlinkError} EEXIST; {XfrmInputError} */
export function* add(policy: XfrmPolicyInput): Plan<void> { yield* ask({ message: messages.newpolicy, body: policyBody(policy) }); }
/** Makes it, or puts it in the place of the one with that selector and direction. @throws {NetlinkError}; {XfrmInputError} */
export function* update(policy: XfrmPolicyInput): Plan<void> { yield* ask({ message: messages.updpolicy, body: policyBody(policy) }); }
/** One policy. @throws {NetlinkError} ENOENT; {XfrmInputError} */
export function* get(ref: XfrmPolicyRef): Plan<XfrmPolicy> {
  const [reply] = yield* ask({ message: messages.getpolicy, body: policyRefBody(ref) });
  return readPolicy(reply!.body as Told);
}
/** Policies, as they are told while others come and go. */
// oxlint-disable-next-line require-yield -- listings are plans, whether they look names up or not
export function* list(filter: XfrmPolicyFilter = {}): Plan<Listed<XfrmPolicy, Told>> { return { request: { message: messages.getpolicy, body: {} }, keep: policyMatches(filter), read: readPolicy }; }
/** Deletes a policy. @throws {NetlinkError} ENOENT; {XfrmInputError} */
export function* remove(ref: XfrmPolicyRef): Plan<void> { yield* ask({ message: messages.delpolicy, body: policyRefBody(ref) }); }
/** Deletes all, of a type (default: 'main'). Those of sockets stay. */
export function* flush(type?: XfrmPolicyType): Plan<void> { yield* ask({ message: messages.flushpolicy, body: typeBody(type) }); }

/** What becomes of packets that no policy is for. */
export type XfrmDefaults = { readonly [K in 'in' | 'fwd' | 'out']: Value<typeof UserpolicyDefault>[K] };
/** What becomes of packets that no policy is for, a direction each. @throws {NetlinkError} EINVAL before kernel 5.14 */
export function* defaults(): Plan<XfrmDefaults> {
  const [reply] = yield* ask({ message: messages.getdefault, body: {} }), told = reply!.body as XfrmDefaults;
  return { in: told.in, fwd: told.fwd, out: told.out };
}
/** What is left out stays. @throws {NetlinkError} as `defaults` */
export function* setDefaults(given: Partial<XfrmDefaults>): Plan<void> { yield* ask({ message: messages.setdefault, body: given }); }

/** How long the prefixes of a selector must be, at this end (`lbits`) and at the other (`rbits`), for its policy to be hashed: the others are tried in turn. */
export interface XfrmThresholds { readonly inet: { readonly lbits: number; readonly rbits: number }; readonly inet6: { readonly lbits: number; readonly rbits: number } }
/** How many there are by direction, those of sockets apart, and in how many buckets: there are so many, and may be so many. */
export interface XfrmPolicyCounts {
  readonly in: number; readonly out: number; readonly fwd: number;
  readonly sockets: { readonly in: number; readonly out: number; readonly fwd: number };
  readonly buckets: number; readonly maxBuckets: number;
}
function* info(): Plan<InstanceType<typeof Spdinfo>> {
  const [reply] = yield* ask({ message: messages.getspdinfo, body: COUNTS });
  return reply!.body as InstanceType<typeof Spdinfo>;
}
/** How many there are. */
export function* counts(): Plan<XfrmPolicyCounts> {
  const { info: told, hinfo } = yield* info();
  return {
    in: told?.incnt ?? 0, out: told?.outcnt ?? 0, fwd: told?.fwdcnt ?? 0, sockets: { in: told?.inscnt ?? 0, out: told?.outscnt ?? 0, fwd: told?.fwdscnt ?? 0 }, buckets: hinfo?.spdhcnt ?? 0, maxBuckets: hinfo?.spdhmcnt ?? 0,
  };
}
/** Which policies are hashed. */
export function* thresholds(): Plan<XfrmThresholds> {
  const { ipv4Hthresh, ipv6Hthresh } = yield* info(), none = { lbits: 0, rbits: 0 };
  return { inet: ipv4Hthresh ?? none, inet6: ipv6Hthresh ?? none };
}
/** What is left out stays. @throws {NetlinkError} EINVAL: more bits than an address has */
export function* setThresholds({ inet, inet6 }: Partial<XfrmThresholds>): Plan<void> { yield* ask({ message: messages.newspdinfo, body: { ...COUNTS, ...(inet && { ipv4Hthresh: inet }), ...(inet6 && { ipv6Hthresh: inet6 }) } }); }
