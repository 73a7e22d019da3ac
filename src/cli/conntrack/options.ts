/** The words of `conntrack`, and which connections they mean. */
import { ctStatus, ProtoInfoDccp, ProtoInfoSctp, ProtoInfoTcp, type Conntrack } from '../../families/netfilter/index.ts';
import { ipProtocol } from '../../families/route/names.ts';
import { kernelName, type AnyCodec, type Enumeration } from '../../codec/index.ts';
import { ends, matches, type ConntrackFilter, type TupleFilter } from '../../netfilter/conntrack.ts';
import { familyOf, parsePrefix } from '../../route/prefix.ts';
import type { Context } from '../context.ts';
import { usage } from '../errors.ts';
import { act, is, parse, to, type Grammar, type ValueType } from '../grammar.ts';
import { choice, parseInteger, text, u16, u32, word } from '../values.ts';
import { didYouMean, find, keysOf, Words } from '../words.ts';
import { labelList, readLabels } from './labels.ts';

/** What a command line says of connections. Keys of `orig`, `reply` are a tuple's. */
export interface Said {
  family?: 'ipv4' | 'ipv6';
  orig?: Direction;
  reply?: Direction;
  protocol?: Conntrack['tupleOrig'] & {} extends { proto?: { num?: infer P } } ? P : never;
  zone?: number; mark?: { value: number; mask?: number }; status?: string[]; state?: string; timeout?: number;
  srcNat?: Nat; dstNat?: Nat; anyNat?: Nat;
  origVtag?: number; replyVtag?: number; role?: string;
  labels?: number[]; labelAdd?: number[]; labelDel?: number[] | 'all';
  output?: string[]; events?: string[]; zero?: true;
}
interface Direction { src?: string; dst?: string; sport?: number; dport?: number; icmpType?: number; icmpCode?: number; icmpId?: number; zone?: number }
export interface Nat { readonly address?: string; readonly port?: number }

const address: ValueType = word('ADDRESS[/LENGTH]', (given, _context, after) => { try { parsePrefix(given); return given; } catch { throw usage(`"${given}" is not an address for "${after}"`); } });
const transport: ValueType = word('PROTOCOL', (given) => {
  const names = Object.keys(ipProtocol.names), name = find(given.toLowerCase().replace(/^ipv6-icmp$/, 'icmpv6'), names, false), number = parseInteger(given);
  if (name !== undefined) return name;
  if (number === undefined || number < 0n || number > 255n) throw usage(`"${given}" is not a transport protocol`, didYouMean(given, names));
  return ipProtocol.byNumber.get(Number(number)) ?? Number(number);
}, { choices: ['tcp', 'udp', 'sctp', 'dccp', 'icmp', 'icmpv6', 'gre', 'udplite'] });
const masked: ValueType = word('MARK[/MASK]', (given, _context, after) => {
  const [value, mask] = given.split('/').map((part) => parseInteger(part));
  if (value === undefined || [value, mask ?? 0n].some((one) => one < 0n || one > 0xffffffffn) || (given.includes('/') && mask === undefined)) throw usage(`"${given}" is not a mark for "${after}"`, '5, 0x10/0xff');
  return { value: Number(value), ...(mask !== undefined && { mask: Number(mask) }) };
});
/** As the kernel's constants end: SEEN_REPLY. */
const upper = (key: string): string => kernelName('', key);
const listOf = (name: string, known: Readonly<Record<string, string>>): ValueType => word(name, (given, _context, after) => given.split(',').map((one) => {
  const key = find(one.toUpperCase(), Object.keys(known), false);
  if (key === undefined) throw usage(`"${one}" is not a value of "${after}"`, didYouMean(one.toUpperCase(), Object.keys(known)));
  return known[key] as string;
}).filter((one) => one !== ''), { choices: Object.keys(known) });
const statuses = { ...Object.fromEntries(Object.keys(ctStatus.names).map((key) => [upper(key), key])), UNSET: '' };
/** What nat options say beside that there is some. */
const nat = (path: string) => act((draft, _value, _context, words) => {
  const given = words.peek();
  if (given === undefined || given.startsWith('-')) { draft[path] = {}; return; }
  words.next();
  const [, bracketed, plain, port] = /^(?:\[([^\]]+)\]|([^:]*|[^:]*:[^:]*:.*?))(?::(\d+))?$/.exec(given) ?? [], at = bracketed ?? plain ?? '';
  try { if (at !== '') familyOf(at); } catch { throw usage(`"${given}" is no address to translate to`, 'ADDRESS, ADDRESS:PORT, :PORT'); }
  draft[path] = { ...(at !== '' && { address: at }), ...(port !== undefined && { port: Number(port) }) };
}, undefined, { help: 'translated, to this address and port if they are named: [ ADDRESS ][:PORT]' });

const statesOf = (set: { readonly shape: { readonly state: readonly [number, AnyCodec, ...unknown[]] } }): Enumeration<string> => set.shape.state[1] as Enumeration<string>;
export const states = { tcp: statesOf(ProtoInfoTcp), dccp: statesOf(ProtoInfoDccp), sctp: statesOf(ProtoInfoSctp) } as const;
const stateWords = Object.fromEntries(Object.values(states).flatMap(({ names }) => Object.keys(names)).map((key) => [upper(key), key]));
export { upper };

/** Of one connection, or of many. */
export const selecting: Grammar = {
  '-p|--protonum': to('protocol', transport),
  '-s|--src|--orig-src': to('orig.src', address, 'where the first packet came from'),
  '-d|--dst|--orig-dst': to('orig.dst', address, 'where it went, before any translation'),
  '-r|--reply-src': to('reply.src', address, 'where answers come from: where the connection leads'),
  '-q|--reply-dst': to('reply.dst', address),
  '--sport|--orig-port-src': to('orig.sport', u16('PORT')), '--dport|--orig-port-dst': to('orig.dport', u16('PORT')),
  '--reply-port-src': to('reply.sport', u16('PORT')), '--reply-port-dst': to('reply.dport', u16('PORT')),
  '--icmp-type|--icmpv6-type': to('orig.icmpType', u16('NUMBER')), '--icmp-code|--icmpv6-code': to('orig.icmpCode', u16('NUMBER')), '--icmp-id|--icmpv6-id': to('orig.icmpId', u16('NUMBER')),
  '--srckey|--orig-key-src': to('orig.sport', u16('KEY'), 'GRE'), '--dstkey|--orig-key-dst': to('orig.dport', u16('KEY')),
  '--reply-key-src': to('reply.sport', u16('KEY')), '--reply-key-dst': to('reply.dport', u16('KEY')),
  '-f|--family': to('family', choice({ ipv4: 'ipv4', ipv6: 'ipv6' })),
  '-w|--zone': to('zone', u16('ZONE')), '--orig-zone': to('orig.zone', u16('ZONE')), '--reply-zone': to('reply.zone', u16('ZONE')),
  '-m|--mark': to('mark', masked),
  '-u|--status': to('status', listOf('STATUS[,STATUS...]', statuses)),
  '--state': to('state', listOf('STATE', stateWords)),
  '-l|--label': to('labels', labelList, 'with all of these'),
  '-n|--src-nat': nat('srcNat'), '-g|--dst-nat': nat('dstNat'), '-j|--any-nat': nat('anyNat'),
  '-b|--buffer-size': act(() => {}, u32('BYTES'), { help: 'taken, and left to the socket, which grows it' }),
};
const OUTPUTS = ['extended', 'id', 'timestamp', 'ktimestamp', 'labels', 'xml', 'save', 'json'] as const;
/** Each of these is the whole of a line. */
const FORMS: readonly string[] = ['xml', 'save', 'json'];
export const printing: Grammar = {
  '-o|--output': to('output', word(`{ ${OUTPUTS.join(' | ')} }[,...]`, (given) => {
    const all = given.split(',').map((one) => {
      const key = find(one, OUTPUTS);
      if (key === undefined) throw usage(`"${one}" is not a form of output`, didYouMean(one, OUTPUTS));
      return key;
    }), forms = [...new Set(all)].filter((one) => FORMS.includes(one));
    if (forms.length > 1 || (forms[0] === 'save' && all.some((one) => one !== 'save'))) throw usage(`${all.join(' and ')} cannot be combined`, '-o save');
    return all;
  }, { choices: OUTPUTS })),
};
export const zeroing: Grammar = { '-z|--zero': is('zero', true, 'set counters to nothing') };
export const watching: Grammar = { '-e|--event-mask': to('events', listOf('EVENT[,EVENT...]', { NEW: 'new', UPDATES: 'update', DESTROY: 'destroy', ALL: 'all' }), 'default: all') };
export const making: Grammar = {
  '-t|--timeout': to('timeout', u32('SECONDS')),
  '--orig-vtag': to('origVtag', u32('TAG')), '--reply-vtag': to('replyVtag', u32('TAG')), '--role': to('role', choice({ client: 'original', server: 'reply' })),
};
export const labelling: Grammar = {
  '--label-add': to('labelAdd', labelList, 'beside those that it has'),
  '--label-del': act((draft, _value, _context, words) => {
    const given = words.peek();
    draft['labelDel'] = given === undefined || given.startsWith('-') ? 'all' : readLabels(words.next());
  }, undefined, { help: 'these, or all' }),
};
export const tableOption = (tables: readonly string[]): Grammar => ({ '': { ...to('table', { ...text(`[ ${tables.join(' | ')} ]`), choices: tables, fits: /^[^-]/ }) } });

/** Reads a line as getopt_long would: `-pudp`, `--dport=53`. */
export function read(grammar: Grammar, words: Words, context: Context): Said & { table?: string } {
  const takes = new Set(keysOf(grammar).filter((key) => grammar[key]?.type).flatMap((key) => key.split('|')));
  const apart = words.rest().flatMap((one) => {
    const [, name, value] = /^(--[a-z-]+)=(.*)$/s.exec(one) ?? [], short = /^-[a-zA-Z]/.exec(one)?.[0];
    if (name !== undefined) return [name, value as string];
    return short !== undefined && one.length > 2 && !one.startsWith('--') && takes.has(short) ? [short, one.slice(2)] : [one];
  });
  const said = parse(grammar, new Words(apart), {}, context) as Said & { table?: string };
  const [first] = [said.orig?.src, said.orig?.dst, said.reply?.src, said.reply?.dst].filter((one) => one !== undefined);
  if (first !== undefined) {
    const family = familyOf(first.split('/')[0] as string) === 'inet6' ? 'ipv6' : 'ipv4';
    if (said.family !== undefined && said.family !== family) throw usage(`${first} is not an address of ${said.family}`);
    said.family = family;
  }
  return said;
}

/** What of it the library filters by. */
export function filterOf({ family, orig, reply, protocol, zone, mark, status }: Said): ConntrackFilter {
  const one = (given: Direction | undefined, more: object): TupleFilter => { const { icmpType: _type, icmpCode: _code, icmpId: _id, zone: _zone, ...rest } = given ?? {}; return { ...rest, ...more }; };
  return {
    ...(family && { family }), ...(zone !== undefined && { zone }), ...(mark && { mark }), ...(status && { status: status as NonNullable<ConntrackFilter['status']> }),
    orig: one(orig, protocol === undefined ? {} : { protocol }), ...(reply && { reply: one(reply, {}) }),
  };
}
/** And what it does not. */
export function keeps(said: Said): (one: Conntrack) => boolean {
  const known = matches(filterOf(said)), { icmpType, icmpCode, icmpId, zone: origZone } = said.orig ?? {}, { state } = said, natted = said.srcNat ?? said.dstNat ?? said.anyNat;
  const is = (wanted: number | undefined, ...found: (number | undefined)[]): boolean => wanted === undefined || found.includes(wanted);
  return (one) => {
    if (said.labels && !said.labels.every((bit) => one.labels?.includes(bit))) return false;
    const { proto, zone } = one.tupleOrig ?? {}, { tcp, dccp, sctp } = one.protoinfo ?? {};
    return known(one) && is(icmpType, proto?.icmpType, proto?.icmpv6Type) && is(icmpCode, proto?.icmpCode, proto?.icmpv6Code) && is(icmpId, proto?.icmpId, proto?.icmpv6Id)
      && is(origZone, zone) && is(said.reply?.zone, one.tupleReply?.zone) && (state === undefined || [tcp, dccp, sctp].some((info) => String(info?.state) === String(state))) && (natted === undefined || translated(said, one));
  };
}
/** Whether what is asked of translation is so. */
function translated({ srcNat, dstNat, anyNat }: Said, { tupleOrig, tupleReply, status }: Conntrack): boolean {
  const out = ends(tupleOrig?.ip), back = ends(tupleReply?.ip);
  const side = (wanted: Nat, bit: 'srcNat' | 'dstNat', was: readonly [string | undefined, number | undefined], now: readonly [string | undefined, number | undefined]): boolean =>
    status?.includes(`${bit}Done`) === true && (was[0] !== now[0] || was[1] !== now[1]) && (wanted.address === undefined || wanted.address === now[0]) && (wanted.port === undefined || wanted.port === now[1]);
  const source = (wanted: Nat): boolean => side(wanted, 'srcNat', [out.src, tupleOrig?.proto?.srcPort], [back.dst, tupleReply?.proto?.dstPort]), target = (wanted: Nat): boolean => side(wanted, 'dstNat', [out.dst, tupleOrig?.proto?.dstPort], [back.src, tupleReply?.proto?.srcPort]);
  return anyNat ? source(anyNat) || target(anyNat) : (!srcNat || source(srcNat)) && (!dstNat || target(dstNat));
}
