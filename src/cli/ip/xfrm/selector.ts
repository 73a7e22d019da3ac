/** SELECTOR: which packets a policy is for. */
import type { Context } from '../../context.ts';
import { usage } from '../../errors.ts';
import { act, to, type Draft, type Grammar, type ValueType } from '../../grammar.ts';
import { ipProtocolName, ipProtocolNumber } from '../../ip-protocols.ts';
import { device, familyOf as familyOfAddress, parseInteger, u16, u8, word, type Prefix } from '../../values.ts';
import { inPrefix } from '../prefix.ts';
import { block, familyOf, prefix, type Ends } from './values.ts';

const ANY = 0, ICMP = 1, TCP = 6, UDP = 17, DCCP = 33, GRE = 47, ICMPV6 = 58, SCTP = 132, MOBILITY = 135;

const upper = word('{ tcp | udp | sctp | dccp | icmp | ipv6-icmp | mobility-header | gre | any | PROTO }', (given, _context, after) => {
  if (given === 'any') return 0;
  const number = ipProtocolNumber(given) ?? Number(parseInteger(given) ?? -1);
  if (number < 0 || number > 0xff) throw usage(`"${given}" is not a protocol for "${after}"`, 'a name of /etc/protocols, or a number up to 255');
  return number;
});
const greKey = word('{ DOTTED-QUAD | NUMBER }', (given, _context, after) => {
  const number = familyOfAddress(given) === 'inet' ? BigInt(given.split('.').reduce((sum, byte) => sum * 256 + Number(byte), 0)) : parseInteger(given);
  if (number === undefined || number < 0n || number > 0xffffffffn) throw usage(`"${given}" is not a key for "${after}"`, '1.2.3.4, or a number up to 0xffffffff');
  return Number(number);
});
const link: ValueType = { ...device, name: '{ none | DEV }', read: (words, context, after) => (words.take('none') ? 0 : device.read(words, context, after)) };

export const selectorRows: Grammar = {
  src: to('src', prefix), dst: to('dst', prefix), dev: to('ifindex', link), proto: to('proto', upper),
  sport: to('sport', u16('PORT')), dport: to('dport', u16('PORT')), type: to('type', u8()), code: to('code', u8()), key: to('key', greKey),
};
const keys = Object.values(selectorRows).map(({ path }) => path as string);

interface Given extends Ends { readonly ifindex?: number; readonly proto?: number; readonly sport?: number; readonly dport?: number; readonly type?: number; readonly code?: number; readonly key?: number }

/** Takes the words of a selector out of a draft. @returns undefined when there were none */
export function takeSelector(draft: Draft): Given | undefined {
  const given = Object.fromEntries(keys.filter((key) => draft[key] !== undefined).map((key) => [key, draft[key]]));
  for (const key of keys) delete draft[key];
  return Object.keys(given).length > 0 ? given : undefined;
}

/** struct xfrm_selector. @param family What it is where no address tells */
export function selectorOf(given: Given, family: string): Draft {
  const { src, dst, proto = 0, sport, dport, type, code, key, ifindex } = given;
  const only = (words: string, ...allowed: number[]): void => {
    if (!allowed.includes(proto)) throw usage(`${words} of ${proto === ANY ? 'any protocol' : ipProtocolName(proto)} cannot be told`, `with proto ${allowed.filter((one) => one !== ANY).map(ipProtocolName).join(', ')}`);
  };
  if (sport !== undefined || dport !== undefined) only('ports', ANY, TCP, UDP, SCTP, DCCP);
  if (type !== undefined || code !== undefined) only('types and codes', ICMP, ICMPV6, MOBILITY);
  if (key !== undefined) only('the key', GRE);
  const half = (value: number | undefined, always: boolean): [number, number] => [value ?? 0, value !== undefined && (always || value !== 0) ? 0xffff : 0];
  const [first, firstMask] = key !== undefined ? [key >>> 16, 0xffff] : half(type ?? sport, type !== undefined);
  const [second, secondMask] = key !== undefined ? [key & 0xffff, 0xffff] : half(code ?? dport, code !== undefined);
  return {
    ...(dst && { daddr: dst.address, prefixlenD: dst.length }), ...(src && { saddr: src.address, prefixlenS: src.length }),
    dport: second, dportMask: secondMask, sport: first, sportMask: firstMask, family: familyOf(given) ?? family, proto, ...(ifindex !== undefined && { ifindex }),
  };
}

/** `sel SELECTOR` of a state. */
export const selector = act((draft, given) => { draft['sel'] = selectorOf(given as Given, 'unspec'); }, {
  name: 'SELECTOR', grammars: { sel: selectorRows },
  read: (words, context: Context, after) => block(selectorRows, words, context, after),
});

/** Whether a selector is one that was asked for: only what is given is compared. */
export function selects({ src, dst, ...given }: Given, sel: Draft): boolean {
  const { ifindex, proto, sport, dport, type, code, key } = given, wanted = key === undefined ? { sport: type ?? sport, dport: code ?? dport } : { sport: key >>> 16, dport: key & 0xffff };
  const within = (prefix: Prefix | undefined, address: unknown): boolean => prefix === undefined || prefix.length === 0 || inPrefix(String(address), prefix);
  return within(src, sel['saddr']) && within(dst, sel['daddr']) && Object.entries({ ifindex, proto, ...wanted }).every(([name, value]) => value === undefined || value === sel[name]);
}
