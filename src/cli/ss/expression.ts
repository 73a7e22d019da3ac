/** The expression of ss: words into conditions. Source: iproute2's misc/ssfilter.y, parse_hostcond of misc/ss.c. */
import { statSync } from 'node:fs';
import type { Context } from '../context.ts';
import { usage } from '../errors.ts';
import { familyOf, parseInteger, parsePrefix } from '../values.ts';
import { didYouMean } from '../words.ts';
import { etherTypeNumber } from './ethertypes.ts';
import type { Family, Selection } from './selection.ts';
import { servicePort } from './services.ts';

/** An end of a socket. `port`: of netlink a port id, of packet sockets an interface; undefined is any. */
export interface End {
  readonly side: 'src' | 'dst';
  /** Which sockets it is about: absent, any that have such a port. */
  readonly family?: Family;
  readonly port?: number;
  /** Of IP. */
  readonly prefix?: { readonly address: string; readonly length: number };
  /** Of netlink the protocol, of packet sockets the EtherType, of vsock the context. */
  readonly number?: number;
  /** Of unix: what a name looks like. */
  readonly pattern?: string;
}
export type Condition =
  | { readonly kind: 'and' | 'or'; readonly first: Condition; readonly second: Condition }
  | { readonly kind: 'not'; readonly inner: Condition }
  | { readonly kind: 'end'; readonly end: End }
  | { readonly kind: 'ports'; readonly side: 'src' | 'dst'; readonly least?: number; readonly most?: number }
  | { readonly kind: 'dev'; readonly index: number }
  | { readonly kind: 'mark'; readonly mark: number; readonly mask: number }
  | { readonly kind: 'cgroup'; readonly id: bigint }
  | { readonly kind: 'autobound' };

const operators: Readonly<Record<string, string>> = {
  '!': '!', not: '!', '&': '&', '&&': '&', and: '&', '|': '|', '||': '|', or: '|', '(': '(', ')': ')',
  '>=': '>=', ge: '>=', geq: '>=', '<=': '<=', le: '<=', leq: '<=', '!=': '!=', ne: '!=', neq: '!=', '=': '=', '==': '=', eq: '=', '>': '>', gt: '>', '<': '<', lt: '<',
};
const predicates = ['dst', 'src', 'dport', 'sport', 'dev', 'fwmark', 'cgroup', 'autobound'] as const;
/** The words of an expression, for completion. */
export const conditionWords: readonly string[] = [...predicates, 'and', 'or', 'not'];
type Predicate = (typeof predicates)[number];
const isPredicate = (word: string): word is Predicate => (predicates as readonly string[]).includes(word);

/** Words within words: a filter may be one argument. A backslash takes the next character as it is. */
const split = (words: readonly string[]): string[] => words.flatMap((word) => word.match(/(?:\\.|[^ \t\\])+/g) ?? []).map((word) => word.replace(/\\(.)/g, '$1'));

class Reader {
  readonly #words: readonly string[];
  readonly #context: Context;
  readonly #selection: Selection;
  #at = 0;

  constructor(words: readonly string[], context: Context, selection: Selection) {
    this.#words = words;
    this.#context = context;
    this.#selection = selection;
  }

  get done(): boolean {
    return this.#at >= this.#words.length;
  }

  #operator(): string | undefined {
    return operators[this.#words[this.#at] ?? ''];
  }

  #take(operator: string): boolean {
    if (this.#operator() !== operator) return false;
    this.#at++;
    return true;
  }

  /** From left to right: "or" binds as tightly as "and", which may be left out. */
  list(nested: boolean): Condition {
    let all = this.one();
    while (!this.done) {
      if (this.#operator() === ')') {
        if (nested) break;
        throw usage('")" closes nothing');
      }
      if (this.#take('|')) all = { kind: 'or', first: all, second: this.one() };
      else {
        this.#take('&');
        all = { kind: 'and', first: all, second: this.one() };
      }
    }
    return all;
  }

  one(): Condition {
    if (this.#take('!')) return { kind: 'not', inner: this.one() };
    if (this.#take('(')) {
      const inner = this.list(true);
      if (!this.#take(')')) throw usage('"(" is not closed');
      return inner;
    }
    const word = this.#words[this.#at++];
    if (word === undefined) throw usage('the filter is not complete', `known are ${predicates.join(', ')}`);
    if (!isPredicate(word)) throw usage(`"${word}" is not a condition`, word in operators ? `known are ${predicates.join(', ')}` : didYouMean(word, [...predicates, 'state', 'exclude', 'and', 'or', 'not']));
    return this.#predicate(word);
  }

  #predicate(word: Predicate): Condition {
    if (word === 'autobound') return { kind: 'autobound' };
    const operator = this.#operator();
    if (operator !== undefined) this.#at++;
    const ordered = operator === '<' || operator === '>' || operator === '<=' || operator === '>=', ports = word === 'sport' || word === 'dport';
    if (operator !== undefined && operator !== '=' && operator !== '!=' && !(ordered && ports)) throw usage(`"${word}" cannot be "${this.#words[this.#at - 1] as string}" something`, ports ? '=, !=, <, <=, > or >=' : '= or !=');
    const value = this.#words[this.#at++];
    if (value === undefined) throw usage(`"${word}" needs a value`);
    const not = (inner: Condition): Condition => (operator === '!=' ? { kind: 'not', inner } : inner);
    if (word === 'dev') return not({ kind: 'dev', index: this.#device(value) });
    if (word === 'fwmark') return not({ kind: 'mark', ...mark(value) });
    if (word === 'cgroup') return not({ kind: 'cgroup', id: cgroup(value) });
    const side = word === 'src' || word === 'sport' ? 'src' : 'dst', ends = this.#ends(side, value, ports), [end] = ends as [End];
    // A name may have several addresses: any of them.
    if (!ordered) return not(ends.map((one): Condition => ({ kind: 'end', end: one })).reduce((first, second) => ({ kind: 'or', first, second })));
    if (end.port === undefined) throw usage(`"${value}" is not a port that others are less or greater than`);
    if (operator === '>=') return { kind: 'ports', side, least: end.port };
    if (operator === '<=') return { kind: 'ports', side, most: end.port };
    return { kind: 'not', inner: { kind: 'ports', side, ...(operator === '<' ? { least: end.port } : { most: end.port }) } };
  }

  #device(word: string): number {
    const index = this.#context.links.find(word) ?? number(word);
    if (index === undefined) throw usage(`there is no link "${word}"`);
    return index;
  }

  /** `[FAMILY:]ADDRESS[:PORT]`, or only a port; more than one where a name of /etc/hosts has more addresses. */
  #ends(side: 'src' | 'dst', given: string, only: boolean): End[] {
    const [, prefix, rest] = /^(unix|link|netlink|vsock|inet6?):(.*)$/s.exec(given) ?? [];
    const family = prefix === undefined ? this.#selection.preferred : prefix === 'link' ? 'packet' : prefix as Family, word = rest ?? given;
    const ends = this.#hosts(family, word, only).map((one) => ({ side, ...(family && { family }), ...this.#parts(family, one, only) }));
    if (family) this.#selection.narrow(family);
    return ends;
  }

  /** A name, as each address that it has. */
  #hosts(family: Family | undefined, word: string, only: boolean): string[] {
    const [, name, port = ''] = /^([a-z0-9][a-z0-9._-]*)(:.*)?$/i.exec(word) ?? [];
    if (only || name === undefined || (family !== undefined && family !== 'inet' && family !== 'inet6')) return [word];
    const found = this.#context.names.addresses(name).filter((address) => family === undefined || familyOf(address) === family);
    return found.length === 0 ? [word] : found.map((address) => (address.includes(':') ? `[${address}]${port}` : `${address}${port}`));
  }

  #parts(family: Family | undefined, word: string, only: boolean): Omit<End, 'side'> {
    if (family === 'unix') return { pattern: word };
    const [address, port] = only ? ['', word.replace(/^:/, '')] : family === undefined || family === 'inet' || family === 'inet6' ? ends(word) : apart(word);
    const any = (text: string): boolean => text === '' || text === '*';
    const found: { port?: number; number?: number } = {};
    if (family === 'packet') {
      if (!any(port)) found.port = number(port) ?? this.#context.links.index(port);
      if (!any(address)) found.number = known(etherTypeNumber(address), address, 'an Ethernet protocol');
    } else if (family === 'netlink') {
      if (!any(port)) found.port = port === 'kernel' ? 0 : known(number(port), port, 'a port id', 'a number, or kernel');
      if (!any(address)) found.number = this.#context.names.require('nl_protos', address, 'protocol of netlink');
    } else if (family === 'vsock') {
      if (!any(port)) found.port = known(number(port), port, 'a port');
      if (!any(address)) found.number = known(number(address), address, 'a context of vsock');
    } else {
      if (!any(port)) found.port = this.#port(port);
      if (!any(address)) {
        const { address: whole, length } = parsePrefix(address, only ? 'port' : 'address', family ?? (address.includes(':') ? 'inet6' : undefined));
        if (!/^(any|all|default)$/.test(address)) return { ...found, family: familyOf(whole) as Family, prefix: { address: whole, length } };
      }
    }
    return found;
  }

  #port(word: string): number {
    const plain = number(word);
    if (plain !== undefined && plain >= 0) return plain;
    const { tables } = this.#selection, udp = tables.has('udp') ? servicePort(word, 'udp') : undefined, tcp = tables.has('tcp') ? servicePort(word, 'tcp') : undefined;
    if (udp !== undefined && tcp !== undefined && udp !== tcp) throw usage(`"${word}" is port ${udp} of UDP and ${tcp} of TCP`);
    const port = udp ?? tcp;
    if (port === undefined) throw usage(`"${word}" is not a port`, 'a number, or a name of /etc/services');
    return port;
  }
}

const number = (word: string): number | undefined => {
  const value = parseInteger(word);
  return value === undefined || value > 0xffffffffn || value < -0x80000000n ? undefined : Number(value);
};
function known(value: number | undefined, word: string, what: string, hint?: string): number {
  if (value === undefined) throw usage(`"${word}" is not ${what}`, hint);
  return value;
}
/** At the first colon. */
function apart(word: string): [address: string, port: string] {
  const at = word.indexOf(':');
  return at < 0 ? [word, ''] : [word.slice(0, at), word.slice(at + 1)];
}
/** `[ADDRESS]:PORT`, `*:PORT`, `ADDRESS/LENGTH:PORT`: at the last colon. */
function ends(word: string): [address: string, port: string] {
  const [, inside, after] = /^\[([^\]]*)\](.*)$/.exec(word) ?? [];
  if (inside !== undefined) {
    const [, length = '', port = ''] = /^(\/\d+)?(?::(.*))?$/.exec(after as string) ?? [];
    return [inside + length, port];
  }
  if (word.startsWith('[')) throw usage(`"${word}": "[" is not closed`);
  if (word.startsWith('*')) return ['', word.slice(1).replace(/^:/, '')];
  // Of an address of IPv6 without brackets the last colon is not the port's.
  if (familyOf(word.replace(/\/\d+$/, '')) === 'inet6') return [word, ''];
  const at = word.lastIndexOf(':');
  return at < 0 ? [word, ''] : [word.slice(0, at), word.slice(at + 1)];
}
function mark(word: string): { mark: number; mask: number } {
  const [value, mask] = word.split('/').map(number);
  if (value === undefined || (word.includes('/') && mask === undefined)) throw usage(`"${word}" is not a mark`, 'MARK or MARK/MASK');
  return { mark: value >>> 0, mask: (mask ?? 0xffffffff) >>> 0 };
}
/** A control group's id is the inode of its folder. */
function cgroup(path: string): bigint {
  try { return statSync(path, { bigint: true }).ino; } catch (error) { throw usage(`"${path}" is not a control group: ${(error as Error).message}`); }
}

/** Reads a filter; undefined where there is none. It may narrow the selection to the family that it names. */
export function readExpression(words: readonly string[], context: Context, selection: Selection): Condition | undefined {
  const all = split(words);
  return all.length === 0 ? undefined : new Reader(all, context, selection).list(false);
}
