/** A ruleset as messages of nf_tables. Pure. */
import { HOST_LITTLE_ENDIAN } from '../codec/index.ts';
import { netfilter } from '../families/netfilter/index.ts';
import { withComment } from '../netfilter/index.ts';
import type { Request } from '../socket/index.ts';
import { chainsOf, elementsOf, maps, TABLE, TABLE_COMMENT, type FilterChain, type FilterMap, type FilterRule, type MapElement, type Match, type Ruleset } from './firewall.ts';
import { BITS, parseIp, parseSubnet, sizeOf, type Family, type Ip } from './ipam/index.ts';
import { bare } from './names.ts';

/** One expression: its name, and what it says. */
export interface Expr { readonly name: string; readonly data: object }
const { messages } = netfilter;
/** NFPROTO_IPV4, NFPROTO_IPV6; where addresses stand in the header, and how long they are. */
const PROTO = { inet: 2, inet6: 10 } as const, NFPROTO = { inet: 'ipv4', inet6: 'ipv6' } as const;
const ADDRESS = { inet: { saddr: 12, daddr: 16, len: 4 }, inet6: { saddr: 8, daddr: 24, len: 16 } } as const;
/** IPPROTO_*. */
export const TRANSPORT = { tcp: 6, udp: 17, sctp: 132 } as const;
const IFNAMSIZ = 16, DPORT = { offset: 2, len: 2 } as const;
/** NF_CT_STATE_BIT(IP_CT_ESTABLISHED) and of IP_CT_RELATED; IPS_DST_NAT; RTN_LOCAL. */
const KNOWN = 2 | 4, DST_NAT = 0x20, RTN_LOCAL = 2;

const bigEndian = (value: bigint, length: number): Uint8Array => Uint8Array.from({ length }, (_, i) => Number(value >> BigInt(8 * (length - 1 - i)) & 255n));
function native(value: number): Uint8Array {
  const bytes = new Uint8Array(4);
  new DataView(bytes.buffer).setUint32(0, value, HOST_LITTLE_ENDIAN);
  return bytes;
}
function text(value: string, length: number): Uint8Array {
  const bytes = new Uint8Array(length);
  bytes.set(new TextEncoder().encode(value));
  return bytes;
}

const meta = (key: string, dreg = 1): Expr => ({ name: 'meta', data: { key, dreg } });
const payload = (base: string, offset: number, len: number, dreg = 1): Expr => ({ name: 'payload', data: { dreg, base, offset, len } });
const compare = (value: Uint8Array, op: 'eq' | 'neq' = 'eq'): Expr => ({ name: 'cmp', data: { sreg: 1, op, data: { value } } });
const mask = (value: Uint8Array): Expr => ({ name: 'bitwise', data: { sreg: 1, dreg: 1, len: value.length, mask: { value }, xor: { value: new Uint8Array(value.length) } } });
const immediate = (dreg: number, data: object): Expr => ({ name: 'immediate', data: { dreg, data } });

/** An address or a subnet in the header of its family: of packets that are known to be of it. */
export function addressed(on: 'saddr' | 'daddr', net: string, not = false): Expr[] {
  const { family, base, length } = net.includes('/') ? parseSubnet(net) : { family: parseIp(net).family, base: parseIp(net).value, length: BITS[parseIp(net).family] };
  const { len } = ADDRESS[family], whole = { family, base, length };
  const narrowed = length === BITS[family] ? [] : [mask(bigEndian((1n << BigInt(BITS[family])) - sizeOf(whole), len))];
  return [payload('networkHeader', ADDRESS[family][on], len), ...narrowed, compare(bigEndian(base, len), not ? 'neq' : 'eq')];
}
const ofFamily = (family: Family): Expr[] => [meta('nfproto'), compare(Uint8Array.of(PROTO[family]))];
function matched(match: Match): Expr[] {
  switch (match.on) {
    case 'iifname': case 'oifname': return [meta(match.on), compare(text(match.link, IFNAMSIZ), match.not ? 'neq' : 'eq')];
    case 'saddr': case 'daddr': return [...ofFamily(parseIp(bare(match.net)).family), ...addressed(match.on, match.net, match.not)];
    case 'family': return ofFamily(match.family);
    case 'dport': return [meta('l4proto'), compare(Uint8Array.of(TRANSPORT[match.protocol])), payload('transportHeader', DPORT.offset, DPORT.len), compare(bigEndian(BigInt(match.port), DPORT.len))];
    case 'known': return [{ name: 'ct', data: { key: 'state', dreg: 1 } }, mask(native(KNOWN)), compare(native(0), 'neq')];
    case 'dnat': return [{ name: 'ct', data: { key: 'status', dreg: 1 } }, mask(native(DST_NAT)), compare(native(0), 'neq')];
    case 'local': return [{ name: 'fib', data: { dreg: 1, result: 'addrtype', flags: ['daddr'] } }, compare(native(RTN_LOCAL))];
  }
}
function decided(verdict: FilterRule['verdict']): Expr[] {
  if (verdict === 'masquerade') return [{ name: 'masq', data: {} }];
  if (typeof verdict === 'string') return [immediate(0, { verdict: { code: verdict } })];
  if ('dnatBy' in verdict) return ledBy(verdict.dnatBy);
  if ('jump' in verdict) return [immediate(0, { verdict: { code: 'jump', chain: verdict.jump } })];
  const to: Ip = parseIp(verdict.dnat);
  return [
    immediate(1, { value: bigEndian(to.value, ADDRESS[to.family].len) }), immediate(2, { value: bigEndian(BigInt(verdict.port), DPORT.len) }),
    { name: 'nat', data: { type: 'dnat', family: NFPROTO[to.family], regAddrMin: 1, regProtoMin: 2 } },
  ];
}

/** The n-th word of the registers: NFT_REG_1 and on are four of NFT_REG32_00 and on, and the first of four is told by their name. */
const WORD = 4, register = (n: number): number => (n % 4 === 0 ? 1 + n / 4 : 8 + n);
/** Fields of a concatenation fill words; `datatype` is nft's number for what they are, TYPE_* of its include/datatype.h. */
const FIELD = { inet: { len: 4, datatype: 7 }, inet6: { len: 16, datatype: 8 }, protocol: { len: 1, datatype: 12 }, port: { len: 2, datatype: 13 } } as const;
type Field = keyof typeof FIELD;
const wordsOf = (fields: readonly Field[]): number => fields.reduce((sum, field) => sum + Math.ceil(FIELD[field].len / WORD), 0);
/** How nft numbers a concatenation: six bits a field. */
const datatypeOf = (fields: readonly Field[]): number => fields.reduce((sum, field) => sum << 6 | FIELD[field].datatype, 0);
const joined = (...fields: readonly (readonly [Field, bigint])[]): Uint8Array => {
  const bytes = new Uint8Array(WORD * wordsOf(fields.map(([field]) => field)));
  let at = 0;
  for (const [field, value] of fields) { bytes.set(bigEndian(value, FIELD[field].len), at); at += WORD * wordsOf([field]); }
  return bytes;
};
const keyOf = ({ family, addressed }: FilterMap): Field[] => [...(addressed ? [family] : []), 'protocol', 'port'], dataOf = ({ family }: FilterMap): Field[] => [family, 'port'];

/** Looks up where the packet is led to, and leads it there. */
function ledBy(map: FilterMap): Expr[] {
  const { daddr, len } = ADDRESS[map.family], at = map.addressed ? wordsOf([map.family]) : 0;
  return [
    ...(map.addressed ? [payload('networkHeader', daddr, len)] : []), meta('l4proto', register(at)), payload('transportHeader', DPORT.offset, DPORT.len, register(at + 1)),
    { name: 'lookup', data: { set: map.name, sreg: 1, dreg: 1 } }, { name: 'nat', data: { type: 'dnat', family: NFPROTO[map.family], regAddrMin: 1, regProtoMin: register(wordsOf([map.family])) } },
  ];
}

/** What a rule looks for, and what it does. */
export const expressionsOf = ({ when, verdict }: Pick<FilterRule, 'when' | 'verdict'>): Expr[] => [...when.flatMap(matched), ...decided(verdict)];

const head = { family: 'inet' } as const;

const chainRequest = ({ name, base }: FilterChain): Request => ({
  message: messages.newchain, flags: ['create'],
  body: { ...head, table: TABLE, name, ...(base && { hook: { hooknum: base.hook, priority: base.priority }, type: base.type, policy: 'accept' }) },
});
const ruleRequest = (chain: string, { when, verdict, comment: words }: FilterRule): Request => ({
  message: messages.newrule, flags: ['create', 'append'],
  body: { ...head, table: TABLE, chain, expressions: { elem: expressionsOf({ when, verdict }) }, userdata: withComment(words) },
});

const mapRequest = (map: FilterMap, n: number): Request => {
  const key = keyOf(map), data = dataOf(map);
  return { message: messages.newset, flags: ['create'], body: { ...head, table: TABLE, name: map.name, id: n + 1, flags: ['map'], keyType: datatypeOf(key), keyLen: WORD * wordsOf(key), dataType: datatypeOf(data), dataLen: WORD * wordsOf(data) } };
};
const number = (address: string): bigint => parseIp(address).value;
/** An element's key as the kernel has it. */
export const keyBytes = ({ map, hostAddress, protocol, hostPort }: Pick<MapElement, 'map' | 'hostAddress' | 'protocol' | 'hostPort'>): Uint8Array =>
  joined(...(hostAddress === undefined ? [] : [[map.family, number(hostAddress)] as const]), ['protocol', BigInt(TRANSPORT[protocol])], ['port', BigInt(hostPort)]);
const elemOf = (element: MapElement): object => ({
  key: { value: keyBytes(element) }, data: { value: joined([element.map.family, number(element.to)], ['port', BigInt(element.containerPort)]) }, userdata: withComment(element.comment, 'element'),
});
/** Requests about elements, one a map; many elements are several, since an attribute has a length of 16 bits. */
const MOST = 256;
function aboutElements(message: Request['message'], elements: readonly MapElement[], form: (element: MapElement) => object, flags: NonNullable<Request['flags']>): Request[] {
  return maps.flatMap(({ name }) => {
    const own = elements.filter(({ map }) => map.name === name);
    return Array.from({ length: Math.ceil(own.length / MOST) }, (_, n): Request => ({ message, flags, body: { ...head, table: TABLE, set: name, elements: { elem: own.slice(n * MOST, (n + 1) * MOST).map(form) } } }));
  });
}
const newElements = (elements: readonly MapElement[]): Request[] => aboutElements(messages.newsetelem, elements, elemOf, ['create']);

/** What takes elements out, and puts others in. */
export const elementMessages = (gone: readonly MapElement[], made: readonly MapElement[]): Request[] =>
  [...aboutElements(messages.delsetelem, gone, (element) => ({ key: { value: keyBytes(element) } }), []), ...newElements(made)];

/** What takes the table's place, whatever it was: to be sent as one transaction. */
export function messagesOf(ruleset: Ruleset): Request[] {
  const table: Request = { message: messages.newtable, flags: ['create'], body: { ...head, name: TABLE, userdata: withComment(TABLE_COMMENT, 'table') } };
  const chains = chainsOf(ruleset), gone: Request = { message: messages.deltable, body: { ...head, name: TABLE } };
  if (ruleset.length === 0) return [table, gone];
  return [
    table, gone, table, ...maps.map(mapRequest), ...newElements(elementsOf(ruleset)), ...chains.map(chainRequest),
    ...chains.flatMap(({ name, rules }) => rules.map((rule) => ruleRequest(name, rule))),
  ];
}
