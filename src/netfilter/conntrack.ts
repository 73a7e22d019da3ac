/** Connections that the kernel knows: listed, filtered, forgotten, counted. Requests as net/netfilter/nf_conntrack_netlink.c takes them. */
import { checkKeys, didYouMean, type Keys, type MessageType, type Value } from '../codec/index.ts';
import { netfilter, type Conntrack, type ConntrackStats, type ConntrackStatsCpu, type ctStatus, type Tuple, type TupleIp } from '../families/netfilter/index.ts';
import { ipProtocol } from '../families/route/index.ts';
import { everyOne, type Listed } from '../route/objects.ts';
import { ask, dump, type Plan } from '../route/plan.ts';
import { parsePrefix, within } from '../route/prefix.ts';

const { messages } = netfilter;

/** One direction of a connection, as far as it is told. */
export interface TupleFilter {
  /** 'ADDRESS' or 'ADDRESS/LENGTH'. */
  readonly src?: string;
  readonly dst?: string;
  /** IPPROTO_*: 'udp', or its number. */
  readonly protocol?: NonNullable<Tuple['proto']>['num'];
  readonly sport?: number;
  readonly dport?: number;
}
/** Which connections: those of which all that is told is so. */
export interface ConntrackFilter {
  /** Where the connections are that are asked for. Default: those that are established in the table; kernels before 6.4 tell of those that are not confirmed, too. */
  readonly table?: 'conntrack' | 'dying' | 'unconfirmed';
  /** Default: both. */
  readonly family?: 'ipv4' | 'ipv6';
  /** As the first packet went. */
  readonly orig?: TupleFilter;
  /** As answers come: its source is where the connection leads. */
  readonly reply?: TupleFilter;
  /** Of both directions; 0: of those that have none, or one that is of one direction. */
  readonly zone?: number;
  /** Bits of the mark, and which of them count (default: all). */
  readonly mark?: { readonly value: number; readonly mask?: number };
  /** Bits that are set, whatever others are. */
  readonly status?: Value<typeof ctStatus>;
  readonly id?: number;
}

const tupleKeys: Keys<TupleFilter> = { src: 1, dst: 1, protocol: 1, sport: 1, dport: 1 };
const filterKeys: Keys<ConntrackFilter> = { table: 1, family: 1, orig: 1, reply: 1, zone: 1, mark: 1, status: 1, id: 1 };
const familyNames = ['ipv4', 'ipv6'];

/** The two ends of a tuple, of whichever family it is. */
export const ends = (ip: TupleIp | undefined): { src: string | undefined; dst: string | undefined } => ({ src: ip?.v4Src ?? ip?.v6Src, dst: ip?.v4Dst ?? ip?.v6Dst });

const equals = <T>(wanted: T | undefined, value: T | undefined): boolean => wanted === undefined || wanted === value;
function direction(filter: TupleFilter = {}): (tuple: Tuple | undefined) => boolean {
  checkKeys(filter, tupleKeys, 'one direction of a connection');
  const { src, dst, protocol, sport, dport } = filter;
  if (typeof protocol === 'string' && !Object.hasOwn(ipProtocol.names, protocol)) throw new TypeError(`'${protocol}' is no protocol${didYouMean(protocol, Object.keys(ipProtocol.names))}`);
  const from = within(src), to = within(dst);
  return (tuple) => {
    const there = ends(tuple?.ip), proto = tuple?.proto;
    return from(there.src) && to(there.dst) && equals(protocol, proto?.num) && equals(sport, proto?.srcPort) && equals(dport, proto?.dstPort);
  };
}
/** Whether a connection is one of those. @throws {TypeError} for what is no address */
export function matches(filter: ConntrackFilter): (connection: Conntrack) => boolean {
  checkKeys(filter, filterKeys, 'a filter of connections');
  const { family, orig, reply, zone, mark, status = [], id } = filter;
  checkFamily(family);
  const out = direction(orig), back = direction(reply), mask = mark?.mask ?? 0xffffffff;
  return (one) => equals(family, one.family) && equals(id, one.id) && (zone === undefined || (one.zone ?? 0) === zone)
    && (mark === undefined || (((one.mark ?? 0) ^ mark.value) & mask) === 0) && status.every((bit) => one.status?.includes(bit)) && out(one.tupleOrig) && back(one.tupleReply);
}

function checkFamily(family: string | undefined): void {
  if (family !== undefined && !familyNames.includes(family)) throw new TypeError(`the family of connections is 'ipv4' or 'ipv6', not '${family}'`);
}
/** Is there anything that tells some connections from others? */
const chooses = ({ table: _table, ...filter }: ConntrackFilter): boolean =>
  Object.values(filter).some((value: unknown) => value !== undefined && (typeof value !== 'object' || Array.isArray(value) || Object.values(value as object).some((part) => part !== undefined)));

/**
 * What of a direction the kernel compares itself (since 5.8; earlier ones tell all): whole addresses of IPv4, and ports of a protocol.
 * Of IPv6 addresses it lets through what differs (ctnetlink_filter_match_tuple, 6.18, takes ipv6_addr_cmp for a yes).
 */
function compared({ src, dst, protocol, sport, dport }: TupleFilter = {}, family: 'ipv4' | 'ipv6'): { tuple: Partial<Tuple>; flags: string[] } | undefined {
  const whole = (text: string | undefined): string | undefined => { const { address, length } = text === undefined || family === 'ipv6' ? { address: undefined, length: 0 } : parsePrefix(text); return length === 32 ? address : undefined; };
  const from = whole(src), to = whole(dst), flags = [...(from === undefined ? [] : ['ipSrc']), ...(to === undefined ? [] : ['ipDst'])], proto: Record<string, unknown> = {};
  if (protocol !== undefined) {
    proto['num'] = protocol;
    flags.push('protoNum');
    if (sport !== undefined) { proto['srcPort'] = sport; flags.push('protoSrcPort'); }
    if (dport !== undefined) { proto['dstPort'] = dport; flags.push('protoDstPort'); }
  }
  const ip = { ...(from !== undefined && { v4Src: from }), ...(to !== undefined && { v4Dst: to }) };
  return flags.length === 0 ? undefined : { flags, tuple: { ip, ...(protocol !== undefined && { proto }) } };
}
/** What narrows a dump: all of it is only asked for, and looked at again by `matches`. */
function narrowing({ family, orig, reply, zone, mark, status }: ConntrackFilter): object {
  const out = family && compared(orig, family), back = family && compared(reply, family);
  return {
    family: family ?? 'unspec',
    ...(mark && { mark: mark.value >>> 0, markMask: (mark.mask ?? 0xffffffff) >>> 0 }), ...(status && status.length > 0 && { status, statusMask: status }), ...(zone !== undefined && zone !== 0 && { zone }),
    ...(out && { tupleOrig: out.tuple }), ...(back && { tupleReply: back.tuple }), ...((out ?? back) && { filter: { ...(out && { origFlags: out.flags }), ...(back && { replyFlags: back.flags }) } }),
  };
}
const tables = { conntrack: messages.getConntrack, dying: messages.getConntrackDying, unconfirmed: messages.getConntrackUnconfirmed };

/** Asks for connections, as few as the kernel can tell apart. @param zero sets their counters to nothing */
export const asked = (filter: ConntrackFilter, zero = false): { message: MessageType; body: object } => {
  const { table = 'conntrack' } = filter;
  return { message: (zero ? messages.getConntrackCtrzero : tables[table]), body: table === 'conntrack' ? narrowing(filter) : { family: filter.family ?? 'unspec' } };
};
/** Connections, as they are told while others come and go: one may be told twice, or not at all. @param options `zero` sets their counters to nothing */
// oxlint-disable-next-line require-yield -- listings are plans, whether they look names up or not
export function* list(filter: ConntrackFilter = {}, { zero = false }: { zero?: boolean } = {}): Plan<Listed<Conntrack>> {
  return { request: asked(filter, zero), keep: matches(filter) };
}
/** What tells one connection from all others. */
export const nameOf = ({ family, tupleOrig, zone, id }: Conntrack): object => ({ family, tupleOrig, ...(zone !== undefined && { zone }), ...(id !== undefined && { id }) });
/** One connection, by one of its tuples. @throws {NetlinkError} ENOENT */
export function* get(one: Partial<Conntrack>): Plan<Conntrack> {
  const [reply] = yield* ask({ message: messages.getConntrack, body: one });
  return reply!.body as Conntrack;
}
/** Makes the kernel forget one. @returns false when it has done so already */
export function* forget(one: Conntrack): Plan<boolean> {
  try {
    yield* ask({ message: messages.delConntrack, body: nameOf(one) });
    return true;
  } catch (error) {
    if ((error as { code?: string }).code === 'ENOENT') return false;
    throw error;
  }
}
/**
 * Makes the kernel forget those that match: their next packets begin new ones. @returns which they were
 * @throws {NetlinkError}; {TypeError} where all would match: `flush` is for that
 */
export function* remove(filter: ConntrackFilter): Plan<Conntrack[]> {
  matches(filter);
  if (!chooses(filter)) throw new TypeError('which connections? Without a condition all would be forgotten: flush() does that');
  const gone: Conntrack[] = [];
  for (const one of yield* everyOne(list(filter))) if (yield* forget(one)) gone.push(one);
  return gone;
}
/** Makes the kernel forget all, or all of a family. */
export function* flush(family: 'ipv4' | 'ipv6' | 'unspec' = 'unspec'): Plan<void> {
  if (family !== 'unspec') checkFamily(family);
  yield* ask({ message: messages.delConntrack, body: { family } });
}
/** Makes one. @throws {NetlinkError} EEXIST */
export function* make(one: Partial<Conntrack>): Plan<void> { yield* ask({ message: messages.newConntrack, flags: ['create', 'excl'], body: one }); }
/** Changes the one with its tuple. @throws {NetlinkError} ENOENT */
export function* change(one: Partial<Conntrack>): Plan<void> { yield* ask({ message: messages.newConntrack, body: one }); }
/** How many are known, and how many may be (kernel 5.1). */
export function* count(): Plan<ConntrackStats> {
  const [reply] = yield* ask({ message: messages.getConntrackStats, body: {} });
  return reply!.body as ConntrackStats;
}
/** What each processor counted; `resId` is its number. */
export const statistics = (): Plan<ConntrackStatsCpu[]> => dump<ConntrackStatsCpu>({ message: messages.getConntrackStatsCpu, body: {} });
