/** What states and policies share: families, marks, limits, security contexts; and what is wrong with a request before the kernel has seen it. */
import { didYouMean, type Value } from '../codec/index.ts';
import { ipProtocol } from '../families/route/index.ts';
import { XFRM_INF, type mode, type XfrmLifetimeCfg, type XfrmLifetimeCur, type xfrmProtocol, type xfrmUserSecCtx } from '../families/xfrm/index.ts';
import { checkObject } from '../route/names.ts';
import { familyOf, parsePrefix, type Family } from '../route/prefix.ts';

export type { Family };
/** What transforms packets: 'esp', 'ah', 'comp' (IPComp); 'routing' and 'dstopts' of Mobile IPv6; 255: any of the first three. */
export type XfrmProtocol = Value<typeof xfrmProtocol>;
/** What of a packet is transformed: what it carries ('transport'), or all of it ('tunnel'; 'iptfs', kernel 6.14; 'beet', a tunnel whose inner addresses are fixed and not sent). The other two are of Mobile IPv6. */
export type XfrmMode = Value<typeof mode>;
/** A body as the schemas have it, while it is put together. */
export type Body = Record<string, unknown>;

/** All keys of what people write: the compiler says where one is missing. */
export type Keys<T> = { readonly [K in keyof Required<T>]: unknown };
/** A misspelt selector would be one of all packets, a misspelt filter one of all states. @param what of which it is, for the error @throws {TypeError} for a key that nobody would read */
export function checkKeys<T extends object>(given: T, keys: Keys<T>, what: string): void {
  checkObject(given, `${what} is an object`);
  const stray = Object.keys(given).find((key) => !Object.hasOwn(keys, key) && !key.startsWith('$') && given[key as keyof T] !== undefined);
  if (stray !== undefined) throw new TypeError(`'${stray}' is not a key of ${what}${didYouMean(stray, Object.keys(keys))}`);
}

/** What is wrong, for who says it in words of their own. */
export type XfrmProblem = 'protocol' | 'spi' | 'family' | 'mode' | 'coaddr' | 'algorithm' | 'esn' | 'window' | 'iptfs' | 'bounds' | 'direction' | 'policy' | 'selector' | 'moves';
/** What the kernel would refuse, mostly with EINVAL and nothing more: said here, and nothing is sent. */
export class XfrmInputError extends TypeError {
  readonly problem: XfrmProblem;
  /** The message without its hint. */
  readonly what: string;
  /** What to do about it. */
  readonly hint: string | undefined;
  constructor(problem: XfrmProblem, what: string, hint?: string) {
    super(hint === undefined ? what : `${what} (${hint})`);
    this.problem = problem;
    this.what = what;
    this.hint = hint;
  }
  static { Object.defineProperty(this.prototype, 'name', { value: 'XfrmInputError', configurable: true, writable: true }); }
}
/** How things are called in an error: other tools have other words. */
export interface Names {
  /** The schemas' names, and the keys of states. */
  readonly word: (name: unknown) => string;
  /** IPPROTO_*. */
  readonly protocol: (number: number) => string;
}
const protocols = new Map<number, keyof typeof ipProtocol.names>(Object.entries(ipProtocol.names).map(([name, number]) => [number, name as keyof typeof ipProtocol.names]));
/** The name of IPPROTO_*, where it has one here. */
export const protocolName = (number: number): keyof typeof ipProtocol.names | number => protocols.get(number) ?? number;
export const own: Names = { word: String, protocol: (number) => String(protocolName(number)) };

/** The family of what was given of two ends. @throws {XfrmInputError} where they differ, {TypeError} for what is no address */
export function endsFamily({ src, dst }: { readonly src?: string | undefined; readonly dst?: string | undefined }): Family | undefined {
  const [from, to] = [src, dst].map((one) => one && familyOf(parsePrefix(one).address));
  if (from && to && from !== to) throw new XfrmInputError('family', `${parsePrefix(src!).address} and ${parsePrefix(dst!).address} are of different families`);
  return (to || from || undefined) as Family | undefined;
}

/** Which states an SPI is for, and how large it may be. */
export function checkId({ proto, spi = 0 }: { readonly proto?: XfrmProtocol | undefined; readonly spi?: number | undefined }, names: Names, needsProtocol = true): void {
  if (proto === undefined && needsProtocol) throw new XfrmInputError('protocol', 'which protocol?', "proto: 'esp', 'ah', 'comp', 'routing' or 'dstopts'");
  if (spi !== 0 && isMobile(proto)) throw new XfrmInputError('spi', 'states of Mobile IPv6 have no SPI', `${names.word(proto)} is found by its addresses`);
  if (spi > 0xffff && proto === 'comp') throw new XfrmInputError('spi', `${spi} is out of range for "spi"`, 'SPIs of IPComp have 16 bits');
}
export const isMobile = (proto: unknown): boolean => proto === 'routing' || proto === 'dstopts';

/** Bits of a packet's mark, and which of them count (default: all). */
export interface XfrmMark { readonly value: number; readonly mask?: number }
const markKeys: Keys<XfrmMark> = { value: 1, mask: 1 };
export function markBody(given: XfrmMark): Body {
  checkKeys(given, markKeys, 'a mark');
  const { value, mask = 0xffffffff } = given;
  return { v: value >>> 0, m: mask >>> 0 };
}
/** A mark by which something is to be found: one of no bits is none. */
export function markToFind(mark: XfrmMark | undefined): Body {
  const body = mark && markBody(mark);
  return body && ((body['v'] as number) & (body['m'] as number)) !== 0 ? { mark: body } : {};
}
export const readMark = (mark: { v: number; m: number }): Required<XfrmMark> => ({ value: mark.v, mask: mark.m });
/** What a state marks packets with, in attributes of their own: the mask is left out where none is given. */
export const outputMarkBody = (mark: XfrmMark | undefined): Body => (mark ? { setMark: markBody(mark)['v'], ...(mark.mask !== undefined && { setMarkMask: mark.mask >>> 0 }) } : {});
export const readOutputMark = ({ setMark: value, setMarkMask: mask }: { setMark?: number; setMarkMask?: number }): XfrmMark | undefined => (value === undefined ? undefined : { value, ...(mask !== undefined && { mask }) });

/** At a soft limit a new state is asked for, at a hard one this one ends. Bytes, packets, seconds since it was made (`Add`) or first used (`Use`); what is left out has no limit. */
export type XfrmLimits = { readonly [K in keyof Value<typeof XfrmLifetimeCfg>]?: bigint | number };
/** What was used so far; times in seconds since 1970, 0: never. */
export type XfrmUsage = Readonly<Value<typeof XfrmLifetimeCur>>;
/** No limit: all bits of what is counted, none of a time. */
const unlimited: Readonly<Record<string, bigint>> = { softByteLimit: XFRM_INF, hardByteLimit: XFRM_INF, softPacketLimit: XFRM_INF, hardPacketLimit: XFRM_INF };
function limit(key: string, value: bigint | number): bigint {
  if (typeof value === 'number' && !Number.isInteger(value)) throw new TypeError(`limits.${key}: ${value} is not a whole number`);
  return BigInt(value);
}
export const limitsBody = (limits: XfrmLimits = {}): Body => ({ ...unlimited, ...Object.fromEntries(Object.entries(limits).map(([key, value]) => [key, limit(key, value)])) });
/** Those that there are; undefined where there is none. */
export function readLimits(lft: Value<typeof XfrmLifetimeCfg>): XfrmLimits | undefined {
  const limits = Object.entries(lft).filter(([key, value]) => value !== (unlimited[key] ?? 0n));
  return limits.length > 0 ? Object.fromEntries(limits) as XfrmLimits : undefined;
}

/** struct xfrm_user_sec_ctx has 8 bytes; its `exttype` is XFRMA_SEC_CTX. */
const SEC_CTX_SIZE = 8, XFRMA_SEC_CTX = 8;
/** A context of SELinux: 'system_u:object_r:ipsec_spd_t:s0'. */
export function contextBody(context: string): Value<typeof xfrmUserSecCtx> {
  const ctxLen = new TextEncoder().encode(context).length + 1;
  return { len: SEC_CTX_SIZE + ctxLen, exttype: XFRMA_SEC_CTX, ctxAlg: 'selinux', ctxDoi: 'lsm', ctxLen, context };
}

/** What is there: keys without a value are left out. */
export const present = <T extends object>(object: T): { [K in keyof T]: Exclude<T[K], undefined> } => Object.fromEntries(Object.entries(object).filter(([, value]) => value !== undefined)) as { [K in keyof T]: Exclude<T[K], undefined> };
/** All of them are as they are asked for, where they are. */
export const agree = (pairs: readonly (readonly [wanted: unknown, is: unknown])[]): boolean => pairs.every(([wanted, is]) => wanted === undefined || wanted === is);
/** Whether there is one of those flags. */
export const some = (wanted: readonly unknown[] | undefined, flags: readonly unknown[]): boolean => wanted === undefined || flags.some((flag) => wanted.includes(flag));
