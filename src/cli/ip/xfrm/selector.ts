/** SELECTOR: which packets a policy is for. */
import type { Context } from '../../context.ts';
import { usage } from '../../errors.ts';
import { act, to, type Draft, type Grammar, type ValueType } from '../../grammar.ts';
import { ipProtocolNumber } from '../../ip-protocols.ts';
import { device, familyOf, parseInteger, u16, u8, word } from '../../values.ts';
import type { TrafficSelector } from '../../../xfrm/index.ts';
import { block, prefix, prefixes, type Ends } from './values.ts';

const upper = word('{ tcp | udp | sctp | dccp | icmp | ipv6-icmp | mobility-header | gre | any | PROTO }', (given, _context, after) => {
  if (given === 'any') return 0;
  const number = ipProtocolNumber(given) ?? Number(parseInteger(given) ?? -1);
  if (number < 0 || number > 0xff) throw usage(`"${given}" is not a protocol for "${after}"`, 'a name of /etc/protocols, or a number up to 255');
  return number;
});
const greKey = word('{ DOTTED-QUAD | NUMBER }', (given, _context, after) => {
  const number = familyOf(given) === 'inet' ? BigInt(given.split('.').reduce((sum, byte) => sum * 256 + Number(byte), 0)) : parseInteger(given);
  if (number === undefined || number < 0n || number > 0xffffffffn) throw usage(`"${given}" is not a key for "${after}"`, '1.2.3.4, or a number up to 0xffffffff');
  return Number(number);
});
const link: ValueType = { ...device, name: '{ none | DEV }', read: (words, context, after) => (words.take('none') ? 0 : device.read(words, context, after)) };

export const selectorRows: Grammar = {
  src: to('src', prefix), dst: to('dst', prefix), dev: to('ifindex', link), proto: to('proto', upper),
  sport: to('sport', u16('PORT')), dport: to('dport', u16('PORT')), type: to('type', u8()), code: to('code', u8()), key: to('key', greKey),
};
const keys = Object.values(selectorRows).map(({ path }) => path as string);

export interface Given extends Ends { readonly ifindex?: number; readonly proto?: number; readonly sport?: number; readonly dport?: number; readonly type?: number; readonly code?: number; readonly key?: number }

/** Takes the words of a selector out of a draft. @returns undefined when there were none */
export function takeSelector(draft: Draft): Given | undefined {
  const given = Object.fromEntries(keys.filter((key) => draft[key] !== undefined).map((key) => [key, draft[key]]));
  for (const key of keys) delete draft[key];
  return Object.keys(given).length > 0 ? given : undefined;
}

/** As the library takes it. */
export const trafficOf = ({ src, dst, ...numbers }: Given): TrafficSelector => ({ ...prefixes({ ...(src && { src }), ...(dst && { dst }) }), ...numbers });
/** A port of 0 is any port here. */
export function anyPorts(sel: unknown, { sport, dport }: TrafficSelector): void {
  if (sport === 0) (sel as Draft)['sportMask'] = 0;
  if (dport === 0) (sel as Draft)['dportMask'] = 0;
}

/** `sel SELECTOR` of a state. */
export const selector = act((draft, given) => { draft['sel'] = trafficOf(given as Given); }, {
  name: 'SELECTOR', grammars: { sel: selectorRows },
  read: (words, context: Context, after) => block(selectorRows, words, context, after),
});
