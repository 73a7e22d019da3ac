/** Traffic selectors: which packets. */
import type { Value } from '../codec/index.ts';
import { ipProtocol } from '../families/route/index.ts';
import type { XfrmSelector } from '../families/xfrm/index.ts';
import { ipv4Within, parsePrefix, within } from '../route/prefix.ts';
import { agree, checkKeys, endsFamily, own, protocolName, XfrmInputError, type Body, type Family, type Keys, type Names } from './common.ts';

/** Which packets: those of which all that is told is so. */
export interface TrafficSelector {
  /** 'ADDRESS/LENGTH', or an address. Default: all. */
  readonly src?: string;
  readonly dst?: string;
  /** Where no address tells it. */
  readonly family?: Family | 'unspec';
  /** IPPROTO_*: 'tcp', or its number. */
  readonly proto?: keyof typeof ipProtocol.names | number;
  /** Of TCP, UDP, SCTP, DCCP, or of any protocol; the masks say which bits count. Default: all of them. */
  readonly sport?: number;
  readonly sportMask?: number;
  readonly dport?: number;
  readonly dportMask?: number;
  /** Of ICMP, ICMPv6 and Mobile IPv6's header (135). */
  readonly type?: number;
  readonly code?: number;
  /** Of GRE. */
  readonly key?: number;
  /** The index of an interface. */
  readonly ifindex?: number;
  /** The id of a user. */
  readonly user?: number;
}
type Told = Value<typeof XfrmSelector>;
const keys: Keys<TrafficSelector> = { src: 1, dst: 1, family: 1, proto: 1, sport: 1, sportMask: 1, dport: 1, dportMask: 1, type: 1, code: 1, key: 1, ifindex: 1, user: 1 };

const ANY = 0, ICMP = 1, TCP = 6, UDP = 17, DCCP = 33, GRE = 47, ICMPV6 = 58, SCTP = 132, MOBILITY = 135, ALL = 0xffff;
const typed = [ICMP, ICMPV6, MOBILITY], ported = [ANY, TCP, UDP, SCTP, DCCP];

function numberOf(proto: TrafficSelector['proto'] = ANY): number {
  const number = typeof proto === 'number' ? proto : ipProtocol.names[proto];
  if (number === undefined) throw new TypeError(`'${proto}' is no protocol here: ${Object.keys(ipProtocol.names).join(', ')}, or a number`);
  return number;
}

/** The two numbers that stand where ports do, with their masks. */
function numbers(given: TrafficSelector, proto: number, { protocol: say }: Names): [first: number, firstMask: number, second: number, secondMask: number] {
  const { sport, sportMask, dport, dportMask, type, code, key } = given;
  const only = (what: string, allowed: readonly number[]): void => {
    if (!allowed.includes(proto)) throw new XfrmInputError('selector', `${what} of ${proto === ANY ? 'any protocol' : say(proto)} cannot be told`, `with proto ${allowed.filter((one) => one !== ANY).map(say).join(', ')}`);
  };
  // What has masks is as the kernel told it.
  if ((sport !== undefined && sportMask === undefined) || (dport !== undefined && dportMask === undefined)) only('ports', ported);
  if (type !== undefined || code !== undefined) only('types and codes', typed);
  if (key !== undefined) only('the key', [GRE]);
  if (key !== undefined) return [key >>> 16, ALL, key & ALL, ALL];
  const half = (value: number | undefined, mask: number | undefined): [number, number] => [value ?? 0, mask ?? (value === undefined ? 0 : ALL)];
  return [...half(type ?? sport, sportMask), ...half(code ?? dport, dportMask)];
}
/** struct xfrm_selector. @param family What it is where neither an address nor `family` tells @param names What protocols are called in an error */
export function selectorBody(given: TrafficSelector, family: Family | 'unspec', names: Names = own): Body & { family: Family | 'unspec' } {
  checkKeys(given, keys, 'a selector');
  const { src, dst, ifindex, user } = given, proto = numberOf(given.proto), from = src === undefined ? undefined : parsePrefix(src), to = dst === undefined ? undefined : parsePrefix(dst);
  const [sport, sportMask, dport, dportMask] = numbers(given, proto, names), ends = endsFamily(given);
  return {
    ...(to && { daddr: to.address, prefixlenD: to.length }), ...(from && { saddr: from.address, prefixlenS: from.length }),
    dport, dportMask, sport, sportMask, family: given.family ?? ends ?? family, proto, ...(ifindex !== undefined && { ifindex }), ...(user !== undefined && { user }),
  };
}

/** As `selectorBody` takes it. Undefined where it says nothing, not even a family. @param family What it is of where it does not tell: a state that waits for its keys does not */
export function readSelector(sel: Told, family: unknown = 'unspec'): TrafficSelector | undefined {
  const { prefixlenS, prefixlenD, proto, sport, sportMask, dport, dportMask, ifindex, user } = sel, unspec = sel.family === 'unspec' && (family === 'unspec' || prefixlenS + prefixlenD === 0);
  const [saddr, daddr] = [sel.saddr, sel.daddr].map((address) => (sel.family === 'unspec' && family === 'inet' && !unspec ? ipv4Within(address) : address)) as [string, string];
  const end = (address: string, length: number): string | undefined => (unspec && length === 0 && address === '::' ? undefined : `${address}/${length}`);
  const [first, second] = typed.includes(proto) ? ['type', 'code'] as const : ['sport', 'dport'] as const, whole = proto === GRE && sportMask === ALL && dportMask === ALL;
  // Type and code have no masks of their own; nor have ports that count as a whole.
  const half = (name: 'type' | 'code' | 'sport' | 'dport', mask: 'sportMask' | 'dportMask', value: number, bits: number): object =>
    (bits === 0 && value === 0 ? {} : bits === ALL && proto !== GRE && (name !== 'sport' && name !== 'dport' || ported.includes(proto)) ? { [name]: value } : { [mask.slice(0, 5)]: value, [mask]: bits });
  const [src, dst] = [end(saddr, prefixlenS), end(daddr, prefixlenD)];
  const read = {
    ...(src !== undefined && { src }), ...(dst !== undefined && { dst }), ...(proto !== ANY && { proto: protocolName(proto) }),
    ...(whole ? { key: sport * 0x10000 + dport } : { ...half(first, 'sportMask', sport, sportMask), ...half(second, 'dportMask', dport, dportMask) }),
    ...(ifindex !== 0 && { ifindex }), ...(user !== 0 && { user }),
  } as TrafficSelector;
  if (!unspec) return read;
  return Object.keys(read).length > 0 ? { ...read, family: 'unspec' } : undefined;
}

/** Whether a selector is one of those: prefixes that lie in these, and the same of what else is given. */
export function selects(given: TrafficSelector): (sel: Told) => boolean {
  checkKeys(given, keys, 'a selector');
  const { ifindex, key, sport, dport, type, code, user } = given, proto = given.proto === undefined ? undefined : numberOf(given.proto), from = within(given.src), to = within(given.dst);
  const [first, second] = key === undefined ? [type ?? sport, code ?? dport] : [key >>> 16, key & ALL];
  return (sel) => from(sel.saddr) && to(sel.daddr) && agree([[ifindex, sel.ifindex], [proto, sel.proto], [first, sel.sport], [second, sel.dport], [user, sel.user]]);
}
