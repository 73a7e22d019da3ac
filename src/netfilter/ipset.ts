/** IP sets: made, filled, asked, told. Requests as net/netfilter/ipset/ip_set_core.c takes them. */
import { decode, encode, HOST_LITTLE_ENDIAN } from '../codec/index.ts';
import { IPSET_PROTOCOL, IPSET_PROTOCOL_MIN, IpsetEntry, IpsetHeader, IpsetChange, netfilter, type Ipset, type IpsetProtocol } from '../families/netfilter/index.ts';
import { ask, dump, type Plan } from '../route/plan.ts';
import { NetlinkError, type Request } from '../socket/index.ts';
import { explained } from './ipset-errors.ts';
import { guessIpsetType, inOrder, ipsetEntryText, ipsetTypes, parseIpsetAddresses, parseIpsetEntry, type PortNames } from './ipset-types.ts';

const { messages } = netfilter;

/** What a set is made with; which of them it may have, its type says. What is left out is the kernel's default. */
export interface IpsetOptions {
  /** Of types `hash:...`. Default: 'ipv4'. */
  readonly family?: 'ipv4' | 'ipv6';
  /** Of types `bitmap:...`: '10.0.0.0/24', '10.0.0.1-10.0.0.99', '1000-2000'. */
  readonly range?: string;
  /** Seconds that entries stay, where nothing else is said of them; 0: for ever. */
  readonly timeout?: number;
  readonly counters?: boolean;
  readonly comment?: boolean;
  readonly skbinfo?: boolean;
  /** When it is full, new entries take the place of others. */
  readonly forceadd?: boolean;
  readonly hashsize?: number;
  readonly maxelem?: number;
  readonly bucketsize?: number;
  readonly initval?: number;
  /** A prefix's length: addresses that it makes the same are one. */
  readonly netmask?: number;
  readonly bitmask?: string;
  readonly markmask?: number;
  /** Of lists: entries at the most. */
  readonly size?: number;
  /** It is no mistake when the same set is there already. */
  readonly exist?: boolean;
}
/** An entry, with what is said of it. */
export interface IpsetItem {
  /** '10.0.0.1', '10.0.0.0/24', '10.0.0.1,tcp:80', '10.0.0.1,02:00:00:00:00:01', the name of a set ...: as the type says. */
  readonly entry: string;
  readonly timeout?: number;
  readonly packets?: bigint;
  readonly bytes?: bigint;
  readonly comment?: string;
  /** An exception: what is in a prefix beside it, but not this. */
  readonly nomatch?: boolean;
  /** Of links: all whose names begin so. */
  readonly wildcard?: boolean;
  readonly skbmark?: { readonly mark: number; readonly mask?: number };
  /** A class of traffic control: 0x00010010 is 1:10. */
  readonly skbprio?: number;
  readonly skbqueue?: number;
  /** Of lists: before or behind which set. */
  readonly before?: string;
  readonly after?: string;
}
export interface IpsetChangeOptions {
  /** It is no mistake when an entry is there already, or is not there. */
  readonly exist?: boolean;
  /** Numbers of ports by name. */
  readonly ports?: PortNames;
  /** Where the entries are from: the number of each one's line, which the kernel writes into a refusal. Default: 1, 2 ... */
  readonly lines?: readonly number[];
}
/** A set as it is told. */
export interface IpsetTold extends Ipset { readonly entries: readonly IpsetEntry[] }

/** What a connection has found out: which version of the protocol the kernel speaks with us. */
export interface IpsetSession { version?: number }

/** Asks with the errors of ipset in words. */
function* speak<T>(plan: Plan<T>, typename?: string): Plan<T> {
  try {
    return yield* plan;
  } catch (error) {
    throw explained(error, typename);
  }
}
function* version(session: IpsetSession): Plan<number> {
  if (session.version !== undefined) return session.version;
  const [reply] = yield* speak(ask({ message: messages.getIpsetProtocol, body: { protocol: IPSET_PROTOCOL } })), { protocol = IPSET_PROTOCOL, protocolMin = protocol } = (reply?.body ?? {}) as IpsetProtocol;
  if (protocol < IPSET_PROTOCOL_MIN || protocolMin > IPSET_PROTOCOL) throw new NetlinkError({ code: 'EPROTONOSUPPORT', message: `this kernel speaks versions ${protocolMin} to ${protocol} of ipset's protocol, not ${IPSET_PROTOCOL_MIN} to ${IPSET_PROTOCOL}` });
  return (session.version = Math.min(protocol, IPSET_PROTOCOL));
}
/** NFPROTO_IPV4, as ipset's own; the kernel does not look. */
const family = 'ipv4';
function* head(session: IpsetSession, setname?: string): Plan<{ family: typeof family; protocol: number; setname?: string }> {
  return { family, protocol: yield* version(session), ...(setname !== undefined && { setname }) };
}
const answerOf = (replies: readonly { readonly body: object }[]): Partial<Ipset> => (replies[0]?.body ?? {}) as Partial<Ipset>;

function headerOf(typename: string, options: IpsetOptions): IpsetHeader {
  const { range, timeout, counters, comment, skbinfo, forceadd, bitmask, family: _family, exist: _exist, ...numbers } = options, cadtFlags: NonNullable<IpsetHeader['cadtFlags']>[number][] = [];
  for (const [flag, on] of Object.entries({ withCounters: counters, withComment: comment, withForceadd: forceadd, withSkbinfo: skbinfo })) if (on) cadtFlags.push(flag as typeof cadtFlags[number]);
  const told: IpsetHeader = { ...(timeout !== undefined && { timeout }), ...(cadtFlags.length > 0 && { cadtFlags }), ...(bitmask !== undefined && { bitmask: parseIpsetAddresses(bitmask).from }), ...numbers };
  if (range !== undefined) {
    const { ip, cidr, ipTo, port, portTo } = typename === 'bitmap:port' ? parseIpsetEntry(range, typename, undefined) : parseIpsetEntry(range, 'bitmap:ip', 'ipv4');
    Object.assign(told, { ip, cidr, ipTo, port, portTo });
  }
  const numbersOf = IpsetHeader.shape as Readonly<Record<string, readonly [number, ...unknown[]]>>;
  return Object.fromEntries(Object.entries(told).filter(([, one]) => one !== undefined).sort(([a], [b]) => (numbersOf[a]?.[0] ?? 99) - (numbersOf[b]?.[0] ?? 99)));
}

/** What there is to know of a set beside its entries: its type, above all. @throws {NetlinkError} ENOENT */
export function* header(session: IpsetSession, name: string): Plan<Partial<Ipset>> {
  return answerOf(yield* speak(ask({ message: messages.getIpsetHeader, body: yield* head(session, name) })));
}

const marked = ({ mark, mask = 0xffffffff }: NonNullable<IpsetItem['skbmark']>): bigint => BigInt(mark) << 32n | BigInt(mask);
/** An entry as the kernel takes it. @throws {TypeError} */
export function ipsetEntryOf(given: IpsetItem | string, typename: string, of: 'ipv4' | 'ipv6' | undefined, ports?: PortNames): IpsetEntry {
  const { entry, nomatch, wildcard, skbmark, before, after, ...more } = typeof given === 'string' ? { entry: given } as IpsetItem : given, parsed = parseIpsetEntry(entry, typename, of, ports);
  const cadtFlags = [...(parsed.cadtFlags ?? []), ...(before === undefined ? [] : ['before' as const]), ...(nomatch ? ['nomatch' as const] : []), ...(wildcard ? ['ifaceWildcard' as const] : [])], nameref = before ?? after;
  return inOrder({ ...parsed, ...more, ...(cadtFlags.length > 0 && { cadtFlags }), ...(skbmark && { skbmark: marked(skbmark) }), ...(nameref !== undefined && { nameref }) });
}

/** Bytes of entries in one message: an attribute holds 64 KiB, and a refusal that says where comes back with all of it. */
const MOST = 16_384;
const NLATTR = 4;
function* parcels(all: readonly IpsetEntry[]): Generator<IpsetEntry[]> {
  let some: IpsetEntry[] = [], size = 0;
  for (const entry of all) {
    const more = encode(IpsetEntry, entry).length + NLATTR;
    if (some.length > 0 && size + more > MOST) { yield some; some = []; size = 0; }
    some.push(entry);
    size += more;
  }
  if (some.length > 0) yield some;
}

const CHANGES = { add: messages.newIpsetEntry, delete: messages.delIpsetEntry } as const;
/** NLM_F_EXCL, by the name that its bit has of what deletes: without it, what is there already, or is not there, is no mistake. */
const EXCL = { add: 'excl', delete: 'bulk' } as const;
/** Which of many entries was refused: the kernel writes its number into the request that it sends back. */
function refusedOf(error: unknown): number | undefined {
  const { echoed } = error as Partial<NetlinkError>;
  return echoed && (decode(IpsetChange, echoed) as IpsetChange).lineno;
}
/** Entries that come or go: one as it is, several in as few messages as hold them. What is behind one that is refused is left undone; `entry` of the error is its place. */
function* change(session: IpsetSession, how: keyof typeof CHANGES, name: string, given: IpsetItem | string | readonly (IpsetItem | string)[], { exist = false, ports, lines }: IpsetChangeOptions = {}): Plan<void> {
  const { typename, setFamily } = yield* header(session, name), items = Array.isArray(given) ? given as readonly (IpsetItem | string)[] : [given as IpsetItem | string], of = setFamily === 'ipv6' || setFamily === 'ipv4' ? setFamily : undefined;
  const first = items[0], type = typename ?? guessIpsetType(typeof first === 'string' ? first : first?.entry ?? ''), all = items.map((item) => ipsetEntryOf(item, type, of, ports)), own = yield* head(session, name);
  const request = (body: Partial<IpsetChange>): Request => ({ message: CHANGES[how], flags: exist ? [] : [EXCL[how]], body: { ...own, ...body } });
  if (all.length === 1 && !lines) {
    yield* speak(ask(request({ data: inOrder({ ...all[0] as IpsetEntry, lineno: 0 }) })), type);
    return;
  }
  const numbers = lines ?? all.map((_, i) => i + 1);
  let done = 0;
  for (const some of parcels(all)) {
    try {
      yield* speak(ask(request({ lineno: numbers[done] as number, adt: { data: some.map((entry, i) => ({ ...entry, lineno: numbers[done + i] as number })) } })), type);
    } catch (error) {
      const at = numbers.indexOf(refusedOf(error) ?? NaN);
      throw at < 0 ? error : Object.assign(error as Error, { entry: at, message: `${(error as Error).message} (entry ${at + 1}, ${ipsetEntryText(all[at] as IpsetEntry, type)}: those behind it are left undone)` });
    }
    done += some.length;
  }
}

/** Whether an entry is in a set; `entry`: as the set's type writes it. */
export function* tested(session: IpsetSession, name: string, given: IpsetItem | string, { ports }: Pick<IpsetChangeOptions, 'ports'> = {}): Plan<{ is: boolean; entry: string }> {
  const { typename, setFamily } = yield* header(session, name), type = typename ?? guessIpsetType(typeof given === 'string' ? given : given.entry), data = ipsetEntryOf(given, type, setFamily === 'ipv6' || setFamily === 'ipv4' ? setFamily : undefined, ports), entry = ipsetEntryText(data, type);
  try {
    yield* speak(ask({ message: messages.testIpsetEntry, body: { ...(yield* head(session, name)), data } }), type);
    return { is: true, entry };
  } catch (error) {
    if ((error as { code?: string }).code === 'IPSET_ERR_EXIST') return { is: false, entry };
    throw error;
  }
}

const swapped = (n: number): number => ((n & 0xff) << 24 | (n & 0xff00) << 8 | n >>> 8 & 0xff00 | n >>> 24) >>> 0;
/** The mask of marks is asked for in network byte order, and told in the host's (mtype_head of ip_set_hash_gen.h). */
const straight = (data: IpsetHeader | undefined): { data?: IpsetHeader } => (data === undefined ? {} : { data: data.markmask === undefined || !HOST_LITTLE_ENDIAN ? data : { ...data, markmask: swapped(data.markmask) } });
/** A set's messages together. */
export function joinIpsets(all: readonly Ipset[]): IpsetTold[] {
  const sets: (IpsetTold & { entries: IpsetEntry[] })[] = [];
  for (const one of all) {
    const { adt, ...own } = one, last = sets.at(-1), more = adt?.data ?? [];
    if (last?.setname === one.setname && one.data === undefined) last!.entries.push(...more);
    else sets.push({ ...own, ...straight(own.data), entries: [...more] });
  }
  return sets;
}
/** Sets with their entries, or one. `entries: false`: what there is to know of them beside; `names: true`: not even that. @throws {NetlinkError} ENOENT */
export function* sets(session: IpsetSession, name?: string, { entries = true, names = false }: { entries?: boolean; names?: boolean } = {}): Plan<IpsetTold[]> {
  const flags = [...(names ? ['listSetname' as const] : []), ...(entries || names ? [] : ['listHeader' as const])];
  return joinIpsets(yield* speak(dump<Ipset>({ message: messages.getIpset, body: { ...(yield* head(session, name)), ...(flags.length > 0 && { flags }) } })));
}

/** All plans of a connection. */
export const ipsetPlans = (session: IpsetSession = {}) => ({
  /** Makes a set; the kernel loads the module of its type. @throws {NetlinkError} EEXIST, IPSET_ERR_FIND_TYPE, and what the kernel says of the options */
  *create(name: string, type: string, options: IpsetOptions = {}): Plan<void> {
    const known = ipsetTypes[type];
    if (!known) throw new TypeError(`"${type}" is not a type of sets: ${Object.keys(ipsetTypes).join(', ')}`);
    const own = yield* head(session), setFamily = known.family === 'both' ? options.family ?? 'ipv4' : known.family, data = headerOf(type, options);
    const { revision = 0 } = answerOf(yield* speak(ask({ message: messages.getIpsetType, body: { ...own, typename: type, setFamily } })));
    yield* speak(ask({ message: messages.newIpset, flags: options.exist ? ['create'] : ['create', 'excl'], body: { ...own, setname: name, typename: type, revision, setFamily, data } }), type);
  },
  /** One goes, or all. @throws {NetlinkError} ENOENT, IPSET_ERR_BUSY where a rule or a list has it */
  *destroy(name?: string, { exist = false }: Pick<IpsetChangeOptions, 'exist'> = {}): Plan<void> { yield* speak(ask({ message: messages.delIpset, flags: exist ? [] : [EXCL.delete], body: yield* head(session, name) })); },
  /** The entries of one go, or of all. @throws {NetlinkError} ENOENT */
  *flush(name?: string): Plan<void> { yield* speak(ask({ message: messages.flushIpset, body: yield* head(session, name) })); },
  /** Gives a set another name. @throws {NetlinkError} ENOENT, IPSET_ERR_EXIST_SETNAME2, IPSET_ERR_REFERENCED */
  *rename(name: string, to: string): Plan<void> { yield* speak(ask({ message: messages.renameIpset, body: { ...(yield* head(session, name)), setname2: to } })); },
  /** Two sets of one type change places, for whoever refers to them, at once. @throws {NetlinkError} ENOENT, IPSET_ERR_EXIST_SETNAME2, IPSET_ERR_TYPE_MISMATCH */
  *swap(name: string, other: string): Plan<void> { yield* speak(ask({ message: messages.swapIpset, body: { ...(yield* head(session, name)), setname2: other } })); },
  /** An entry, or many in as few messages as hold them. @throws {NetlinkError} ENOENT, IPSET_ERR_EXIST; {TypeError} for what is no entry of the set's type */
  *add(name: string, entries: IpsetItem | string | readonly (IpsetItem | string)[], options?: IpsetChangeOptions): Plan<void> { yield* change(session, 'add', name, entries, options); },
  /** Takes an entry away, or many. @throws {NetlinkError} ENOENT, IPSET_ERR_EXIST where it is not there */
  *delete(name: string, entries: IpsetItem | string | readonly (IpsetItem | string)[], options?: IpsetChangeOptions): Plan<void> { yield* change(session, 'delete', name, entries, options); },
  /** Whether it is in the set. @throws {NetlinkError} ENOENT where there is no such set */
  *test(name: string, entry: IpsetItem | string, options?: Pick<IpsetChangeOptions, 'ports'>): Plan<boolean> { return (yield* tested(session, name, entry, options)).is; },
  /** Which version of the protocol is spoken. */
  version: (): Plan<number> => version(session),
});
