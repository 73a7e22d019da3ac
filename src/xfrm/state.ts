/** States (security associations): how packets are transformed. Requests as net/xfrm/xfrm_user.c takes them. */
import type { Value } from '../codec/index.ts';
import {
  xfrm, type Sadinfo, type Usersa, type XfrmAttrs, type XfrmStats, type XfrmUserOffload, type XfrmUsersaInfo,
} from '../families/xfrm/index.ts';
import type { Listed } from '../route/objects.ts';
import { ask, type Plan } from '../route/plan.ts';
import { parsePrefix, within } from '../route/prefix.ts';
import { algorithmBodies, checkAlgorithms, readAlgorithms, type XfrmAlgorithms } from './algorithms.ts';
import {
  agree, checkId, checkKeys, contextBody, endsFamily, isMobile, limitsBody, markBody, markToFind, outputMarkBody, own, present, readLimits, readMark, readOutputMark, some, XfrmInputError, type Body, type Family, type Keys, type Names, type XfrmLimits,
  type XfrmMark, type XfrmMode, type XfrmProtocol, type XfrmUsage,
} from './common.ts';
import { readReplay, replayBody, type XfrmWindow } from './replay.ts';
import { readSelector, selectorBody, type TrafficSelector } from './selector.ts';

const { messages } = xfrm;
type Attributes = InstanceType<typeof XfrmAttrs>;
type Told = InstanceType<typeof Usersa>;

/** What a state is found by; `list` gives it. Of Mobile IPv6, `src` counts and there is no SPI. */
export interface XfrmStateRef {
  readonly src?: string | undefined;
  readonly dst?: string | undefined;
  /** Where no address tells it. */
  readonly family?: Family | undefined;
  readonly proto?: XfrmProtocol | undefined;
  /** Security parameters index, as packets carry it. */
  readonly spi?: number | undefined;
  /** Of the packets that it is for. */
  readonly mark?: XfrmMark | undefined;
}
/**
 * Of mode 'iptfs' (kernel 6.14): many packets in one, and large ones in parts. The kernel's defaults are in /proc/sys/net/core/xfrm_iptfs_*. A kernel that was built without it makes such states all the same,
 * and no packet passes: it tells no `iptfs` of them.
 */
export interface XfrmIptfs {
  /** Of states for what comes in: microseconds that a missing packet is waited for. */
  readonly dropTime?: number;
  /** Packets that may come out of order. */
  readonly reorderWindow?: number;
  /** Of states for what goes out: packets are never spread over several. */
  readonly dontFrag?: boolean;
  /** Microseconds that the first packet waits for others. */
  readonly initDelay?: number;
  /** Bytes that may wait. */
  readonly maxQueueSize?: number;
  /** Bytes that a packet is sent with at the most; 0: as the path allows. */
  readonly packetSize?: number;
}
/** A state as you describe it, or as it was told. */
export interface XfrmStateInput extends XfrmStateRef, XfrmAlgorithms, XfrmWindow {
  /** Default: 'transport'. */
  readonly mode?: XfrmMode | undefined;
  /** By which templates of policies name it; 0: any. */
  readonly reqid?: number | undefined;
  /** Of the acquire that it answers: the waiting packets then go by it. */
  readonly seq?: number | undefined;
  /** 'esn': sequence numbers of 64 bits. */
  readonly flags?: Value<typeof XfrmUsersaInfo>['flags'];
  readonly extraFlags?: NonNullable<Attributes['saExtraFlags']>;
  /** Which packets inside a tunnel. */
  readonly sel?: TrafficSelector;
  readonly limits?: XfrmLimits;
  /** NAT traversal: `type` 'espinudp', the two ports, and the original address `oa` of transport mode ('0.0.0.0'). */
  readonly encap?: NonNullable<Attributes['encap']>;
  /** Care-of address of Mobile IPv6. */
  readonly coaddr?: string;
  /** What packets that went through are marked with. */
  readonly outputMark?: XfrmMark;
  /** Of an xfrm link. */
  readonly ifId?: number;
  /** Bytes that packets of a tunnel are padded to. */
  readonly tfcpad?: number;
  /** Work that a device does: its index; flags 'inbound', and 'packet' where it does all. */
  readonly offload?: Partial<Value<typeof XfrmUserOffload>>;
  /** Only for what comes in, or only for what goes out (kernel 6.10). */
  readonly dir?: 'in' | 'out' | number;
  /** Only for packets of one processor; with `dir` (kernel 6.13). */
  readonly pcpu?: number;
  /** Seconds between two packets that keep a NAT's memory (kernel 6.11). */
  readonly natKeepaliveInterval?: number;
  /** Seconds that a peer's new address must be quiet before it is told. */
  readonly mtimerThresh?: number;
  readonly iptfs?: XfrmIptfs;
  /** A context of SELinux. */
  readonly securityContext?: string;
  /** When `aevents` are told: packets, and tenths of a second, between two. Not told with the state, but by `aevent`. */
  readonly replayThresh?: number;
  readonly etimerThresh?: number;
}
/** A state as the kernel tells it; it goes back into `add` and `update`, which leave out what only the kernel says. */
export interface XfrmState extends XfrmStateInput {
  readonly src: string;
  readonly dst: string;
  readonly family: Family;
  readonly proto: XfrmProtocol;
  readonly spi: number;
  readonly mode: XfrmMode;
  readonly reqid: number;
  readonly seq: number;
  readonly flags: Value<typeof XfrmUsersaInfo>['flags'];
  readonly replayWindow: number;
  readonly mark?: Required<XfrmMark>;
  readonly current: XfrmUsage;
  /** Packets that were refused, by reason. */
  readonly stats: Readonly<Value<typeof XfrmStats>>;
  /** Seconds since 1970. */
  readonly lastused?: bigint;
}

// What is wrong.

const keys: Keys<XfrmState> = {
  src: 1, dst: 1, family: 1, proto: 1, spi: 1, mark: 1, aead: 1, enc: 1, auth: 1, authTrunc: 1, comp: 1, replayWindow: 1, replay: 1, mode: 1, reqid: 1, seq: 1, flags: 1, extraFlags: 1, sel: 1, limits: 1, encap: 1, coaddr: 1, outputMark: 1, ifId: 1,
  tfcpad: 1, offload: 1, dir: 1, pcpu: 1, natKeepaliveInterval: 1, mtimerThresh: 1, iptfs: 1, securityContext: 1, replayThresh: 1, etimerThresh: 1, current: 1, stats: 1, lastused: 1,
};
const filterKeys: Keys<XfrmStateFilter> = { src: 1, dst: 1, family: 1, proto: 1, spi: 1, mode: 1, reqid: 1, flags: 1, ifId: 1, dir: 1 };

/** The modes of a protocol, and what they need. */
function checkMode({ proto, mode, coaddr, dir, iptfs }: XfrmStateInput, { word }: Names): void {
  const mobile = isMobile(proto), called = word(proto), fits: readonly XfrmMode[] = mobile ? ['routeoptimization', 'inTrigger'] : ['transport', 'tunnel', ...(proto === 'esp' ? ['beet', 'iptfs'] as const : [])];
  if (proto !== 0xff && !fits.includes(mode ?? 'transport')) throw new XfrmInputError('mode', mode === undefined ? `${called} needs a mode` : `${called} has no such mode`, `mode ${fits.map(word).join(' or ')}`);
  if (mobile && coaddr === undefined) throw new XfrmInputError('coaddr', `${called} needs a care-of address`, "coaddr: '2001:db8::3'");
  if (!mobile && coaddr !== undefined) throw new XfrmInputError('coaddr', `${called} has no care-of address`);
  if (mode === 'iptfs' && dir === undefined) throw new XfrmInputError('iptfs', 'iptfs needs a direction', "dir: 'in' or 'out'");
  if (mode !== 'iptfs' && iptfs) throw new XfrmInputError('iptfs', 'options of iptfs are for mode iptfs');
}
/** Each end's family, or the one that is told. */
function familyWith(ref: XfrmStateRef): Family {
  const family = endsFamily(ref) ?? ref.family;
  if (family === undefined) throw new XfrmInputError('family', 'of which family?', "dst: '192.0.2.2'");
  return family;
}

// What is sent.

const idBody = ({ src, dst, proto, spi }: XfrmStateRef): Body => ({ ...(src !== undefined && { saddr: src }), id: { ...(dst !== undefined && { daddr: dst }), ...(spi !== undefined && { spi }), ...(proto !== undefined && { proto }) } });
/** Attributes in the order in which they were given. */
const ordered: Readonly<Record<string, (value: never) => Body>> = { ...algorithmBodies, encap: (encap: object) => ({ encap }), coaddr: (coaddr: string) => ({ coaddr }), securityContext: (context: string) => ({ secCtx: contextBody(context) }) };
const iptfsKeys = { dropTime: 'iptfsDropTime', reorderWindow: 'iptfsReorderWindow', dontFrag: 'iptfsDontFrag', initDelay: 'iptfsInitDelay', maxQueueSize: 'iptfsMaxQsize', packetSize: 'iptfsPktSize' } as const satisfies { [K in keyof XfrmIptfs]: keyof Attributes };
/** An attribute without a value is there or not. */
function iptfsBody(iptfs: XfrmIptfs): Body {
  checkKeys(iptfs, iptfsKeys, 'iptfs');
  return Object.fromEntries(Object.entries(iptfs).filter(([, value]) => value !== undefined && value !== false).map(([key, value]) => [iptfsKeys[key as keyof XfrmIptfs], value]));
}

/** NEWSA or UPDSA. @param names What keys and names are called in an error @throws {XfrmInputError} */
export function stateBody(state: XfrmStateInput, names: Names = own): Body {
  checkKeys(state, keys, 'a state');
  const { proto, sel, limits, flags, offload, mark, outputMark, iptfs, extraFlags, ifId, tfcpad, dir, pcpu, natKeepaliveInterval, mtimerThresh, replayThresh, etimerThresh } = state;
  checkId(state, names);
  checkMode(state, names);
  checkAlgorithms(state, proto!, names);
  const { replayWindow, attributes } = replayBody(state, flags?.includes('esn') ?? false, dir === 'out');
  const family = familyWith(state), inOrder = Object.entries(state).map(([key, value]) => (Object.hasOwn(ordered, key) && value !== undefined ? ordered[key]!(value as never) : {}));
  return present({
    ...(sel && { sel: selectorBody(sel, 'unspec', names) }), ...idBody(state), lft: limitsBody(limits), seq: state.seq, reqid: state.reqid, family, mode: state.mode, replayWindow, flags,
    ...Object.assign({}, ...inOrder) as Body, offloadDev: offload, ...attributes, saExtraFlags: extraFlags, ...(mark && { mark: markBody(mark) }), ifId, tfcpad,
    ...outputMarkBody(outputMark), saDir: dir, saPcpu: pcpu,
    natKeepaliveInterval, mtimerThresh, ...(iptfs && iptfsBody(iptfs)), replayThresh, etimerThresh, $unknown: (state as Body)['$unknown'],
  });
}
/** What one state is asked for, or deleted, by. @throws {XfrmInputError} */
export function stateRefBody(ref: XfrmStateRef, names: Names = own): Body {
  checkId(ref, names);
  const family = familyWith(ref), { src = family === 'inet' ? '0.0.0.0' : '::', dst, spi, proto, mark } = ref;
  return present({ daddr: dst, spi, family, proto, srcaddr: src, ...markToFind(mark) });
}

/** What an SPI is taken for. */
export interface XfrmSpiInput extends Pick<XfrmStateInput, keyof XfrmStateRef | 'mode' | 'reqid' | 'seq' | 'dir' | 'pcpu' | 'ifId'> {
  /** Bounds, both or none. Default: 0x100 to 0x0fffffff, of IPComp to 0xffff. */
  readonly min?: number | undefined;
  readonly max?: number | undefined;
}
/** Bounds of the PF_KEY of old; IPComp's have 16 bits. */
const LEAST_SPI = 0x100, MOST_SPI = 0x0fffffff;
/** ALLOCSPI. @throws {XfrmInputError} */
export function allocateBody(given: XfrmSpiInput, names: Names = own): Body {
  const { proto, mode, reqid, seq, mark, dir, pcpu, ifId, min = LEAST_SPI, max = proto === 'comp' ? 0xffff : MOST_SPI } = given;
  checkId(given, names);
  if ((given.min === undefined) !== (given.max === undefined)) throw new XfrmInputError('bounds', 'an SPI has two bounds, or none', 'min: 0x100, max: 0x1ff');
  if (min > max) throw new XfrmInputError('bounds', `there is nothing from ${min} to ${max}`);
  return present({ info: present({ ...idBody({ ...given, spi: undefined }), mode, reqid, seq, family: familyWith(given) }), min, max, ...markToFind(mark), ifId, saDir: dir, saPcpu: pcpu });
}

// What is told.

/** A state as it goes back into `add`: of a message that has one, with its attributes. */
export function readState(body: Told): XfrmState {
  const { id, saddr, family, mode, reqid, seq, flags, lft, curlft, stats, sel, replayWindow, encap, coaddr, mark, ifId, tfcpad, offloadDev, saDir, saPcpu, saExtraFlags, natKeepaliveInterval, mtimerThresh, secCtx, lastused } = body;
  const iptfs = Object.fromEntries(Object.entries(iptfsKeys).flatMap(([key, attribute]) => (body[attribute] === undefined ? [] : [[key, body[attribute]]]))) as XfrmIptfs;
  return {
    src: saddr, dst: id.daddr, family: family as Family, proto: id.proto, spi: id.spi, mode, reqid, seq, flags, ...readReplay(body, replayWindow), ...readAlgorithms(body),
    ...present({
      sel: readSelector(sel, family), limits: readLimits(lft), encap, coaddr, mark: mark && readMark(mark), ifId, tfcpad, offload: offloadDev, dir: saDir, pcpu: saPcpu, extraFlags: saExtraFlags, natKeepaliveInterval, mtimerThresh,
      outputMark: readOutputMark(body), iptfs: Object.keys(iptfs).length > 0 ? iptfs : undefined, securityContext: secCtx?.context, $unknown: body.$unknown,
    }),
    current: curlft, stats, ...(lastused !== undefined && { lastused }),
  };
}

/** Which states. */
export interface XfrmStateFilter {
  /** 'ADDRESS/LENGTH' that its ends lie in. The kernel compares these, and the protocol. */
  readonly src?: string | undefined;
  readonly dst?: string | undefined;
  readonly family?: Family | undefined;
  readonly proto?: XfrmProtocol | undefined;
  readonly spi?: number | undefined;
  readonly mode?: XfrmMode | undefined;
  readonly reqid?: number | undefined;
  /** States that have one of them. */
  readonly flags?: readonly (string | number)[] | undefined;
  readonly ifId?: number | undefined;
  readonly dir?: XfrmState['dir'] | undefined;
}
/** A dump, and which of what it tells is wanted. @throws {XfrmInputError} */
export function stateQuery(filter: XfrmStateFilter, names: Names = own): { body: Body; keep: (state: Told) => boolean } {
  checkKeys(filter, filterKeys, 'a filter of states');
  checkId(filter, names, false);
  const { proto, spi, mode, reqid, flags, ifId, dir } = filter, [src, dst] = [filter.src, filter.dst].map((one) => (one === undefined ? undefined : parsePrefix(one))), family = endsFamily(filter) ?? filter.family;
  const from = within(src?.length === 0 ? undefined : filter.src), to = within(dst?.length === 0 ? undefined : filter.dst);
  return {
    body: { ...(proto !== undefined && { protocol: proto }), addressFilter: { ...(src && { saddr: src.address }), ...(dst && { daddr: dst.address }), family: family ?? 'unspec', splen: src?.length ?? 0, dplen: dst?.length ?? 0 } },
    keep: (state) => from(state.saddr) && to(state.id.daddr) && some(flags, state.flags)
      && agree([[family, state.family], [proto, state.id.proto], [spi, state.id.spi], [mode, state.mode], [reqid, state.reqid], [ifId, state.ifId ?? 0], [dir, state.saDir]]),
  };
}

// What is asked.

/** Makes a state. @throws {NetlinkError} EEXIST; ENOSYS where the kernel lacks an algorithm, EPROTONOSUPPORT the protocol; {XfrmInputError} */
export function* add(state: XfrmStateInput): Plan<void> { yield* ask({ message: messages.newsa, body: stateBody(state) }); }
/** Changes a state, or gives keys to one that was allocated. @throws {NetlinkError} ESRCH; {XfrmInputError} */
export function* update(state: XfrmStateInput): Plan<void> { yield* ask({ message: messages.updsa, body: stateBody(state) }); }
/** One state, with what it has counted. @throws {NetlinkError} ESRCH */
export function* get(ref: XfrmStateRef): Plan<XfrmState> {
  const [reply] = yield* ask({ message: messages.getsa, body: stateRefBody(ref) });
  return readState(reply!.body as Told);
}
/** States, as they are told while others come and go. */
// oxlint-disable-next-line require-yield -- listings are plans, whether they look names up or not
export function* list(filter: XfrmStateFilter = {}): Plan<Listed<XfrmState, Told>> {
  const { body, keep } = stateQuery(filter);
  return { request: { message: messages.getsa, body }, keep, read: readState };
}
/** Deletes a state. @throws {NetlinkError} ESRCH; {XfrmInputError} */
export function* remove(ref: XfrmStateRef): Plan<void> { yield* ask({ message: messages.delsa, body: stateRefBody(ref) }); }
/** Deletes all, or all of a protocol. */
export function* flush(proto?: XfrmProtocol): Plan<void> { yield* ask({ message: messages.flushsa, body: proto === undefined ? {} : { proto } }); }
/** A state that waits for its keys: `update({ ...allocated, aead })` gives them. */
export type XfrmAllocated = Pick<XfrmState, 'src' | 'dst' | 'family' | 'proto' | 'spi' | 'mode' | 'reqid' | 'seq'> & Pick<XfrmStateInput, 'mark' | 'ifId' | 'dir' | 'pcpu'>;
/**
 * Takes an SPI, for what a peer is going to send. The kernel waits for the keys as long as for an answer to an acquire (30 s: /proc/sys/net/core/xfrm_acq_expires).
 * @throws {NetlinkError} ENOENT: none is free; {XfrmInputError}
 */
export function* allocate(given: XfrmSpiInput): Plan<XfrmAllocated> {
  const [reply] = yield* ask({ message: messages.allocspi, body: allocateBody(given) });
  // Its limit and its selector are those of waiting, not of the state to come.
  const { src, dst, family, proto, spi, mode, reqid, seq, mark, ifId, dir, pcpu } = readState(reply!.body as Told);
  return { src, dst, family, proto, spi, mode, reqid, seq, ...present({ mark, ifId, dir, pcpu }) };
}
/** How many there are, and in how many buckets: there are so many, and may be so many. */
export interface XfrmStateCounts { readonly count: number; readonly buckets: number; readonly maxBuckets: number }
/** The header of questions about counts: the kernel looks at none of its bits, and iproute2 sets all. */
export const COUNTS = { flags: 0xffffffff } as const;
/** How many there are. */
export function* counts(): Plan<XfrmStateCounts> {
  const [reply] = yield* ask({ message: messages.getsadinfo, body: COUNTS }), { cnt = 0, hinfo } = reply!.body as InstanceType<typeof Sadinfo>;
  return { count: cnt, buckets: hinfo?.sadhcnt ?? 0, maxBuckets: hinfo?.sadhmcnt ?? 0 };
}
