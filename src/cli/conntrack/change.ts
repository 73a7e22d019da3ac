/** Connections as a command line describes them. */
import type { Conntrack, NatRange, Tuple } from '../../families/netfilter/index.ts';
import { usage } from '../errors.ts';
import { relabelled } from './labels.ts';
import { states, type Nat, type Said } from './options.ts';

type Direction = NonNullable<Said['orig']>;
/** An echo, and its answer: types of ICMP and ICMPv6 that belong together. */
const ANSWERS: Readonly<Record<string, Readonly<Record<number, number>>>> = { icmp: { 8: 0, 0: 8, 13: 14, 14: 13, 15: 16, 16: 15, 17: 18, 18: 17 }, icmpv6: { 128: 129, 129: 128, 139: 140, 140: 139 } };

function tuple({ family, protocol }: Said, { src, dst, sport, dport, icmpType, icmpCode, icmpId, zone }: Direction): Tuple {
  const six = family === 'ipv6', ip = { ...(src !== undefined && { [six ? 'v6Src' : 'v4Src']: src }), ...(dst !== undefined && { [six ? 'v6Dst' : 'v4Dst']: dst }) };
  const icmp = protocol === 'icmp' ? { icmpType: icmpType ?? 0, icmpCode: icmpCode ?? 0, icmpId: icmpId ?? 0 } : protocol === 'icmpv6' ? { icmpv6Type: icmpType ?? 0, icmpv6Code: icmpCode ?? 0, icmpv6Id: icmpId ?? 0 } : undefined;
  return { ip, proto: { ...(protocol !== undefined && { num: protocol }), ...(icmp ?? { srcPort: sport ?? 0, dstPort: dport ?? 0 }) }, ...(zone !== undefined && { zone }) };
}
function whole(said: Said, need: readonly (keyof Direction)[], of: Direction | undefined): of is Direction {
  if (said.protocol === undefined) throw usage('which protocol?', '-p udp');
  return of !== undefined && need.every((key) => of[key] !== undefined);
}
const head = ({ family, zone }: Said): object => ({ ...(family && { family }), ...(zone !== undefined && { zone }) });

/** One that is there, by one of its directions. @throws {CliError} */
export function oneOf(said: Said): Partial<Conntrack> {
  if (whole(said, ['src', 'dst'], said.orig)) return { ...head(said), tupleOrig: tuple(said, said.orig) };
  if (whole(said, ['src', 'dst'], said.reply)) return { ...head(said), tupleReply: tuple(said, said.reply) };
  throw usage('which connection?', '-s ADDRESS -d ADDRESS, and --sport PORT --dport PORT');
}

const range = ({ address, port }: Nat): NatRange => {
  const six = address?.includes(':'), at = address === undefined ? {} : six ? { v6Minip: address, v6Maxip: address } : { v4Minip: address, v4Maxip: address };
  return { ...at, ...(port !== undefined && { proto: { portMin: port, portMax: port } }) };
};
function protoinfo({ protocol, state, origVtag, replyVtag, role }: Said): Conntrack['protoinfo'] | undefined {
  const [wanted] = [state].flat();
  if (wanted === undefined) return undefined;
  if (typeof protocol !== 'string' || !(protocol in states)) throw usage(`${protocol} has no states`);
  if (!(wanted in states[protocol as keyof typeof states].names)) throw usage(`"${wanted}" is not a state of ${protocol}`);
  const more = protocol === 'sctp' ? { vtagOriginal: origVtag ?? 0, vtagReply: replyVtag ?? 0 } : protocol === 'dccp' ? { role, handshakeSeq: 0n } : {};
  return { [protocol]: { state: wanted, ...more } } as Conntrack['protoinfo'];
}
const settings = (said: Said): object => {
  const { timeout, mark, status, srcNat, dstNat } = said, info = protoinfo(said);
  return { ...(timeout !== undefined && { timeout }), ...(mark && { mark: mark.value, ...(mark.mask !== undefined && { markMask: mark.mask }) }), ...(status && { status }), ...(info && { protoinfo: info }), ...(srcNat && { natSrc: range(srcNat) }), ...(dstNat && { natDst: range(dstNat) }) };
};

/** One that is to be made: answers come the way back, unless something else is said. The kernel confirms it, and takes no status that says otherwise. @throws {CliError} */
export function described(said: Said): Partial<Conntrack> {
  const { orig, reply, protocol, timeout } = said;
  if (!whole(said, ['src', 'dst'], orig)) throw usage('from where to where?', '-s ADDRESS -d ADDRESS');
  if (timeout === undefined) throw usage('for how long?', '-t SECONDS');
  const type = ANSWERS[String(protocol)]?.[orig.icmpType ?? 0], back: Direction = {
    ...(orig.dst !== undefined && { src: orig.dst }), ...(orig.src !== undefined && { dst: orig.src }), ...(orig.dport !== undefined && { sport: orig.dport }), ...(orig.sport !== undefined && { dport: orig.sport }),
    ...(type !== undefined && { icmpType: type, icmpCode: orig.icmpCode ?? 0, icmpId: orig.icmpId ?? 0 }), ...reply,
  };
  return { ...head(said), tupleOrig: tuple(said, orig), tupleReply: tuple(said, back), ...settings(said), ...(said.labelAdd && { labels: said.labelAdd }), ...(said.status && { status: ['confirmed', ...said.status] as NonNullable<Conntrack['status']> }) };
}
/** One that is there, with what of it is to change. Status bits can be set, not taken away. */
export function change(one: Conntrack, said: Said): Partial<Conntrack> {
  const { family, tupleOrig, tupleReply, zone, status = [] } = one, protocol = tupleOrig?.proto?.num;
  return { ...(family && { family }), ...(tupleOrig && { tupleOrig }), ...(tupleReply && { tupleReply }), ...(zone !== undefined && { zone }), ...settings({ ...said, ...(protocol !== undefined && { protocol }) }), ...relabelled(one, said.labelAdd, said.labelDel), ...(said.status && { status: [...new Set([...status, ...said.status])] as NonNullable<Conntrack['status']> }) };
}
