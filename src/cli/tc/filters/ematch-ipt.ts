/** `ipt(-m policy --dir in --pol ipsec)`: matches of iptables, those that net/sched/em_ipt.c takes, as its extensions read and print them. */
import { ipv4Text, ipv6Text, parseIpv4, parseIpv6 } from '../../../codec/index.ts';
import type { Context } from '../../context.ts';
import type { Draft } from '../../grammar.ts';
import { parseInteger, parsePrefix } from '../../values.ts';
import type { Words } from '../../words.ts';
import { wrong, type EmatchKind } from './ematch-words.ts';

const PRE_ROUTING = 0, POST_ROUTING = 4, protocols: Readonly<Record<string, number>> = { esp: 50, ah: 51, ipcomp: 108 };
type Family = 'inet' | 'inet6';
interface Match {
  readonly revision: number;
  /** Only where packets come in. */
  readonly incoming?: true;
  readonly read: (words: Words, family: Family) => unknown;
  readonly text: (data: unknown, family: Family) => string;
}

function number(words: Words, after: string, most = 0xffffffff): number {
  const given = words.next(after), value = parseInteger(given);
  if (value === undefined || value < 0n || value > BigInt(most)) return wrong(`"${given}" is not a number for "${after}"`, `0 to ${most}`);
  return Number(value);
}
function oneOf<T extends string>(words: Words, after: string, ...all: T[]): T {
  const given = words.next(after);
  return all.find((one) => one === given) ?? wrong(`"${given}" is not a value of "${after}"`, all.join(', '));
}

interface Spec { parts: Record<string, number> }
interface Elem { saddr: number[]; smask: number[]; daddr: number[]; dmask: number[]; spi: number; reqid: number; proto: number; mode: string; match: Spec; invert: Spec }
const spec = (): Spec => ({ parts: { saddr: 0, daddr: 0, proto: 0, mode: 0, spi: 0, reqid: 0 } });
const none = (): number[] => Array.from({ length: 16 }, () => 0);
const elem = (): Elem => ({ saddr: none(), smask: none(), daddr: none(), dmask: none(), spi: 0, reqid: 0, proto: 0, mode: 'transport', match: spec(), invert: spec() });
/** Elements of a policy: XT_POLICY_MAX_ELEM. */
const most = 4;

function hostOf(words: Words, after: string, family: Family): { address: number[]; mask: number[] } {
  const { address, length, explicit } = parsePrefix(words.next(after), after, family), bytes = new Uint8Array(16), whole = family === 'inet' ? 4 : 16;
  (family === 'inet' ? parseIpv4 : parseIpv6)(address, bytes, 0);
  return { address: [...bytes], mask: Array.from({ length: 16 }, (_, i) => (!explicit ? 0xff : i < whole ? (0xff00 >> Math.min(8, Math.max(0, length - 8 * i))) & 0xff : 0)) };
}
/** What is compared -> how it is read. */
const compared: Readonly<Record<string, (one: Elem, words: Words, option: string, family: Family) => string>> = {
  '--reqid': (one, words, option) => { one.reqid = number(words, option); return 'reqid'; },
  '--spi': (one, words, option) => { one.spi = number(words, option); return 'spi'; },
  '--proto': (one, words, option) => { one.proto = protocols[words.peek() ?? ''] ?? number(words, option, 0xff); if (protocols[words.peek() ?? ''] !== undefined) words.next(); return 'proto'; },
  '--mode': (one, words, option) => { one.mode = oneOf(words, option, 'transport', 'tunnel'); return 'mode'; },
  '--tunnel-src': (one, words, option, family) => { const { address, mask } = hostOf(words, option, family); Object.assign(one, { saddr: address, smask: mask }); return 'saddr'; },
  '--tunnel-dst': (one, words, option, family) => { const { address, mask } = hostOf(words, option, family); Object.assign(one, { daddr: address, dmask: mask }); return 'daddr'; },
};
const policyWords = ['--dir', '--pol', '--strict', '--next', ...Object.keys(compared)].join(', ');

const policy: Match = {
  revision: 0, incoming: true,
  read(words, family) {
    const flags = new Set<string>(), pol = [elem()];
    while (words.peek() !== ')') {
      const inverted = words.take('!'), option = words.next('policy'), one = pol.at(-1) as Elem, read = compared[option];
      if (read) {
        const key = read(one, words, option, family);
        if (one.match.parts[key]) wrong(`"${option}" is given twice`, 'between elements of a policy stands --next');
        one.match.parts[key] = 1;
        one.invert.parts[key] = inverted ? 1 : 0;
      } else if (inverted) wrong(`"${option}" cannot be inverted`, Object.keys(compared).join(', '));
      else if (option === '--dir') flags.add(oneOf(words, option, 'in', 'out') === 'in' ? 'matchIn' : 'matchOut');
      else if (option === '--pol') { if (oneOf(words, option, 'ipsec', 'none') === 'none') flags.add('matchNone'); } else if (option === '--strict') flags.add('matchStrict');
      else if (option === '--next') pol.push(elem()); else wrong(`"${option}" is not a word of policy`, policyWords);
    }
    const said = (one: Elem): boolean => Object.values(one.match.parts).some((bit) => bit === 1);
    if (!flags.has('matchIn') && !flags.has('matchOut')) wrong('which way?', 'ipt(-m policy --dir in --pol ipsec)');
    if (flags.has('matchNone') && (flags.has('matchStrict') || pol.length > 1 || pol.some(said))) wrong('"--pol none" has no elements');
    if (!flags.has('matchStrict') && pol.length > 1) wrong('several elements are compared in order', '--strict');
    if (pol.length > most) wrong(`${pol.length} elements`, `at most ${most}`);
    if (flags.has('matchStrict') && !pol.every(said)) wrong('an element without anything to compare', Object.keys(compared).join(', '));
    if (pol.some((one) => (one.match.parts['saddr'] || one.match.parts['daddr']) && (one.mode === 'tunnel') === Boolean(one.invert.parts['mode']))) wrong('ends of a tunnel are those of mode tunnel', '--mode tunnel');
    return { pol: [...pol, ...Array.from({ length: most - pol.length }, elem)], flags: [...flags], len: flags.has('matchNone') ? 0 : pol.length };
  },
  text(data, family) {
    const { pol, flags, len } = data as { pol: Elem[]; flags: string[]; len: number };
    return ` policy match${flags.includes('matchIn') ? ' dir in' : ''}${flags.includes('matchOut') ? ' dir out' : ''} pol ${flags.includes('matchNone') ? 'none' : 'ipsec'}${flags.includes('matchStrict') ? ' strict' : ''}${
      pol.slice(0, len).map((one, i) => `${len > 1 ? ` [${i}]` : ''}${elemText(one, family)}`).join('')}`;
  },
};
function elemText(one: Elem, family: Family): string {
  const part = (key: string, text: string): string => (one.match.parts[key] ? `${one.invert.parts[key] ? ' !' : ''} ${text}` : '');
  const host = (address: number[], mask: number[]): string => {
    const length = mask.slice(0, family === 'inet' ? 4 : 16).reduce((sum, byte) => sum + byte.toString(2).replaceAll('0', '').length, 0);
    return `${(family === 'inet' ? ipv4Text : ipv6Text)(Uint8Array.from(address), 0)}${length === (family === 'inet' ? 32 : 128) ? '' : `/${length}`}`;
  };
  return part('reqid', `reqid ${one.reqid}`) + part('spi', `spi 0x${one.spi.toString(16)}`) + part('proto', `proto ${Object.keys(protocols).find((name) => protocols[name] === one.proto) ?? one.proto}`) + part('mode', `mode ${one.mode}`)
    + part('daddr', `tunnel-dst ${host(one.daddr, one.dmask)}`) + part('saddr', `tunnel-src ${host(one.saddr, one.smask)}`);
}

const types = ['unspec', 'unicast', 'local', 'broadcast', 'anycast', 'multicast', 'blackhole', 'unreachable', 'prohibit', 'throw', 'nat', 'xresolve'];
const limits: Readonly<Record<string, string>> = { '--limit-iface-in': 'limitIfaceIn', '--limit-iface-out': 'limitIfaceOut' };
const addrtype: Match = {
  revision: 1,
  read(words) {
    const said: Draft = {}, flags: string[] = [];
    while (words.peek() !== ')') {
      const inverted = words.take('!'), option = words.next('addrtype'), side = ({ '--src-type': 'source', '--dst-type': 'dest' } as const)[option as '--src-type'], limit = limits[option];
      if (limit !== undefined && !inverted) flags.push(limit);
      else if (side === undefined) wrong(`"${option}" is not a word of addrtype`, ['--src-type', '--dst-type', ...Object.keys(limits)].join(', '));
      else {
        said[side] = words.next(option).split(',').map((given) => types.find((type) => type === given.toLowerCase()) ?? wrong(`"${given}" is not a type of address`, types.join(', ')));
        if (inverted) flags.push(side === 'source' ? 'invertSource' : 'invertDest');
      }
    }
    if (Object.keys(said).length === 0) wrong('which addresses?', 'ipt(-m addrtype --dst-type local)');
    if (Object.values(limits).every((limit) => flags.includes(limit))) wrong('the link in and the link out exclude each other');
    return { source: [], dest: [], ...said, flags };
  },
  text(data) {
    const { source, dest, flags } = data as { source: string[]; dest: string[]; flags: string[] };
    const side = (name: string, set: readonly string[], invert: string): string => (set.length > 0 ? ` ${name} ${flags.includes(invert) ? '!' : ''}${types.filter((type) => set.includes(type)).map((type) => type.toUpperCase()).join(',')}` : '');
    return ` ADDRTYPE match${side('src-type', source, 'invertSource')}${side('dst-type', dest, 'invertDest')}${flags.includes('limitIfaceIn') ? ' limit-in' : ''}${flags.includes('limitIfaceOut') ? ' limit-out' : ''}`;
  },
};
const matches: Readonly<Record<string, Match>> = { policy, addrtype };

export const ipt: EmatchKind = {
  read(words: Words, _context: Context, incoming: boolean) {
    let nfproto = 2;
    if (words.take('-6') || words.take('--ipv6')) nfproto = 10;
    if (!words.take('-m') && !words.take('--match')) wrong('which match of iptables?', `ipt(-m NAME ...): ${Object.keys(matches).join(', ')}`);
    const matchName = words.next('-m'), match = matches[matchName] ?? wrong(`the kernel does not take the match "${matchName}" here`, Object.keys(matches).join(', '));
    const matchData = match.read(words, nfproto === 10 ? 'inet6' : 'inet');
    if (match.incoming && !incoming) wrong(`the kernel takes the match "${matchName}" only where packets come in`, 'tc filter add dev eth0 ingress ...');
    return { hook: incoming ? PRE_ROUTING : POST_ROUTING, matchName, matchRevision: match.revision, nfproto, matchData };
  },
  text(data) {
    const { matchName, nfproto, matchData } = data as { matchName: string; nfproto: number; matchData: unknown }, match = matches[matchName];
    return match && !(matchData instanceof Uint8Array) ? match.text(matchData, nfproto === 10 ? 'inet6' : 'inet') : matchName;
  },
};
