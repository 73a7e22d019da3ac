/** How connections look: as conntrack-tools print them, and as JSON. */
import { families, type Conntrack, type CtCounters, type Tuple } from '../../families/netfilter/index.ts';
import { ipProtocol } from '../../families/route/names.ts';
import { ends } from '../../netfilter/conntrack.ts';
import { labelNames, labelWord } from './labels.ts';
import { upper } from './options.ts';

export const numberOf = (num: NonNullable<Tuple['proto']>['num']): number => (typeof num === 'number' ? num : num === undefined ? 0 : ipProtocol.names[num]);
/** Protocols that libnetfilter_conntrack has a name for. */
export const NAMED: ReadonlySet<string> = new Set(['tcp', 'udp', 'udplite', 'icmp', 'icmpv6', 'sctp', 'gre', 'dccp']);

export const stateOf = ({ protoinfo }: Conntrack): string | undefined => { const state = (protoinfo?.tcp ?? protoinfo?.sctp ?? protoinfo?.dccp)?.state; return state === undefined ? undefined : upper(String(state)); };
type Facts = Record<string, unknown>;
/** One direction, under the names that are printed. */
export function direction(tuple: Tuple | undefined, counters: CtCounters | undefined): Facts {
  const { srcPort, dstPort, icmpType, icmpCode, icmpId, icmpv6Type, icmpv6Code, icmpv6Id, num } = tuple?.proto ?? {}, type = icmpType ?? icmpv6Type;
  return {
    ...ends(tuple?.ip),
    ...(type !== undefined ? { type, code: icmpCode ?? icmpv6Code, id: icmpId ?? icmpv6Id } : num === 'gre' ? { srckey: srcPort, dstkey: dstPort } : srcPort !== undefined && { sport: srcPort, dport: dstPort }),
    ...(tuple?.zone !== undefined && { zone: tuple.zone }),
    ...(counters && { packets: counters.packets ?? counters.packets32, bytes: counters.bytes ?? counters.bytes32 }),
  };
}
const at = (nanoseconds: bigint | undefined): number | undefined => (nanoseconds === undefined ? undefined : Number(nanoseconds) / 1e9);
/** All of it that is worth a name: times in seconds since 1970. */
export function facts(one: Conntrack): Facts {
  const { family, tupleOrig, tupleReply, status, timeout, mark, zone, use, id, help, secctx, labels, timestamp, countersOrig, countersReply } = one, num = tupleOrig?.proto?.num, state = stateOf(one);
  return {
    family, protocol: num, protonum: numberOf(num), ...(timeout !== undefined && { timeout }), ...(state !== undefined && { state }),
    orig: direction(tupleOrig, countersOrig), reply: direction(tupleReply, countersReply), ...(status && { status: status.map((bit) => (typeof bit === 'number' ? bit : upper(bit))) }),
    ...(mark !== undefined && { mark }), ...(secctx?.name !== undefined && { secctx: secctx.name }), ...(zone !== undefined && { zone }), ...(timestamp && { start: at(timestamp.start), ...(timestamp.stop !== undefined && { stop: at(timestamp.stop) }) }),
    ...(help?.name !== undefined && { helper: help.name }), ...(labels && labels.length > 0 && { labels }), ...(use !== undefined && { use }), ...(id !== undefined && { id }),
  };
}

/** Whole seconds, from whole seconds on. */
export function ageOf(start: bigint, stop: bigint | undefined): bigint {
  const nanoseconds = (stop ?? BigInt(Math.floor(Date.now() / 1000)) * 1_000_000_000n) - start;
  return nanoseconds > 0n ? nanoseconds / 1_000_000_000n : 0n;
}
/** As asctime(3). */
const clock = (nanoseconds: bigint): string => new Date(Number(nanoseconds / 1_000_000n)).toString().slice(0, 24).replace(/^(\w+ \w+ )0?(\d+) (\d{4}) (.*)$/, (_, day: string, date: string, year: string, time: string) => `${day}${date.padStart(2)} ${time} ${year}`);
function sides(tuple: Facts, zone: string): string[] {
  const { zone: own, packets, bytes, ...rest } = tuple, key = (name: string, value: unknown): string => `${name}=${name.endsWith('key') ? `0x${Number(value).toString(16)}` : String(value)}`;
  return [...Object.entries(rest).map(([name, value]) => key(name, value)), ...(own === undefined ? [] : [`${zone}=${String(own)}`]), ...(packets === undefined ? [] : [`packets=${String(packets)}`, `bytes=${String(bytes)}`])];
}
/** A line, as conntrack-tools print it. @param output what -o names */
export function line(one: Conntrack, output: ReadonlySet<string>): string {
  const { tupleOrig, tupleReply, status = [], timeout, mark, zone, use, id, help, secctx, timestamp, labels = [] } = one, num = tupleOrig?.proto?.num, has = (bit: (typeof status)[number]): boolean => status.includes(bit), state = stateOf(one);
  const { start, stop } = timestamp ?? {}, protocol = num !== undefined && NAMED.has(String(num)) ? String(num) : 'unknown';
  const names = output.has('labels') && labels.length > 0 ? labelNames() : undefined;
  return [
    ...(output.has('extended') ? [`${String(one.family).padEnd(8)} ${families[one.family as keyof typeof families]}`] : []),
    `${protocol.padEnd(8)} ${numberOf(num)}`, ...(timeout === undefined ? [] : [timeout]), ...(state === undefined ? [] : [state]),
    ...sides(direction(tupleOrig, one.countersOrig), 'zone-orig'), ...(one.status && !has('seenReply') ? ['[UNREPLIED]'] : []), ...sides(direction(tupleReply, one.countersReply), 'zone-reply'),
    ...(has('hwOffload') ? ['[HW_OFFLOAD]'] : has('offload') ? ['[OFFLOAD]'] : has('assured') ? ['[ASSURED]'] : []),
    ...(mark === undefined ? [] : [`mark=${mark}`]), ...(secctx?.name === undefined ? [] : [`secctx=${secctx.name}`]), ...(zone === undefined ? [] : [`zone=${zone}`]),
    ...(start === undefined ? [] : [`delta-time=${ageOf(start, stop)}`]),
    ...(output.has('ktimestamp') && start !== undefined ? [`[start=${clock(start)}]`, ...(stop === undefined ? [] : [`[stop=${clock(stop)}]`])] : []),
    ...(help?.name === undefined ? [] : [`helper=${help.name}`]), ...(use === undefined ? [] : [`use=${use}`]), ...(output.has('id') && id !== undefined ? [`id=${id}`] : []),
    ...(names ? [`labels=${labels.map((bit) => labelWord(bit, names)).join(',')}`] : []),
  ].join(' ');
}
