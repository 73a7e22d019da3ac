/** The words of `ip tunnel`: each mode is a kind of link, and takes the words of that kind that the tool has for it. */
import type { Context } from '../context.ts';
import { usage } from '../errors.ts';
import { act, only, parse, type Draft, type Grammar, type Row, type ValueType } from '../grammar.ts';
import { tunnelKinds } from '../print/tunnel.ts';
import { text, word } from '../values.ts';
import { alternatives, didYouMean, find, keysOf, type Words } from '../words.ts';
import { kinds } from './kinds/index.ts';
import type { Kind } from './kinds/kind.ts';

export type Family = keyof typeof tunnelKinds;

export interface Mode {
  readonly kind: string;
  /** What the mode says of the link. */
  readonly data?: Draft;
}

const modes: Readonly<Record<string, Mode>> = {
  'gre|gre/ip': { kind: 'gre' },
  'ipip|ip/ip': { kind: 'ipip', data: { proto: 'ipip' } },
  isatap: { kind: 'sit', data: { proto: 'ipv6', flags: ['isatap'] } },
  'sit|ipv6/ip': { kind: 'sit', data: { proto: 'ipv6' } },
  vti: { kind: 'vti' },
  'ip6ip6|ipv6/ipv6': { kind: 'ip6tnl', data: { proto: 'ipv6' } },
  'ipip6|ip/ipv6|ipv4/ipv6|ip4ip6': { kind: 'ip6tnl', data: { proto: 'ipip' } },
  'ip6gre|gre/ipv6': { kind: 'ip6gre' },
  vti6: { kind: 'vti6' },
  'any|any/ipv6': { kind: 'ip6tnl', data: { proto: 'ip' } },
};

export const familyOfKind = (kind: string): Family | undefined => (Object.keys(tunnelKinds) as Family[]).find((family) => (tunnelKinds[family] as readonly string[]).includes(kind));

const modeWords = keysOf(modes);

const modeType: ValueType = word('MODE', (given) => {
  const key = find(given, modeWords, false);
  if (key === undefined) throw usage(`"${given}" is not a mode of tunnels`, didYouMean(given, modeWords));
  return key;
}, { choices: modeWords.map((key) => alternatives(key)[0] as string) });

const ends = ['remote', 'local', 'dev'], keyed = ['key', 'ikey', 'okey'];
const header = [...keyed, 'seq', 'iseq', 'oseq', 'csum', 'icsum', 'ocsum'];
const outer = ['ttl|hoplimit|hlim', 'tos|tclass|dsfield', 'pmtudisc', 'nopmtudisc'];
const outer6 = ['hoplimit|ttl|hlim', 'encaplimit', 'tclass|tc|tos|dsfield', 'flowlabel|fl', 'dscp', 'allow-localremote', 'noallow-localremote'];

const words: Readonly<Record<string, readonly string[]>> = {
  ipip: [...ends, ...outer], sit: [...ends, ...outer], gre: [...ends, ...header, ...outer], vti: [...ends, ...keyed],
  ip6tnl: [...ends, ...outer6], ip6gre: [...ends, ...header, ...outer6], vti6: [...ends, ...keyed],
};

const rowsOf = (kind: string): Grammar => only((kinds[kind] as Kind).options, words[kind] as readonly string[]);

/** A name stands with or without its word. */
const naming = (mode: Row['apply'], name: Row['apply']): Grammar => ({ mode: act(mode!, modeType), name: act(name!, text('NAME')), '': act(name!, text('NAME'), { same: ['name'] }) });
const nothing = (): void => {};

/** All that any mode takes, for help and completion. */
export const tunnelOptions: Grammar = { ...naming(nothing, nothing), ...rowsOf('gre'), ...only(rowsOf('ip6tnl'), outer6.slice(1)) };

/** First the words are only looked through: what they may be depends on the mode, which may come last. */
const probing: Grammar = {
  ...Object.fromEntries(Object.entries(tunnelOptions).map(([key, { type }]) => [key, act((draft) => { (draft['given'] as string[]).push(key); }, type && text(type.name))])),
  ...naming((draft, value) => { draft['mode'] = value; }, (draft, value) => { draft['name'] = value; }),
};

/** What a line is about. */
export interface Line {
  readonly mode?: string;
  readonly name?: string;
  /** Keys of the other words. */
  readonly given: readonly string[];
}

/** Looks through the words, and leaves them where they are. */
export function look(words: Words, context: Context): Line {
  const { at } = words;
  const line = parse(probing, words, { given: [] }, context) as unknown as Line;
  words.at = at;
  return line;
}

/** The family that is asked for. @param mode Says it as well. */
export function familyOf(context: Context, mode?: Mode): Family {
  const asked = context.options.family, told = mode && familyOfKind(mode.kind);
  if (asked !== undefined && asked !== 'inet' && asked !== 'inet6') throw usage('tunnels go over IPv4 or IPv6');
  if (asked !== undefined && told !== undefined && asked !== told) throw usage(`tunnels of that mode go over ${told === 'inet' ? 'IPv4' : 'IPv6'}`, `ip -${told === 'inet' ? 4 : 6} tunnel ...`);
  return told ?? asked ?? 'inet';
}

/** A mode by its key. */
export const modeOf = (key: string | undefined): Mode | undefined => (key === undefined ? undefined : modes[key]);

/** Without a mode the beginning of a name tells it, as `gre1` does; over IPv6 all is IPv6 in IPv6. */
export function modeByName(name: string | undefined, family: Family): Mode | undefined {
  if (family === 'inet6') return modes['ip6ip6|ipv6/ipv6'];
  const key = modeWords.find((each) => familyOfKind((modes[each] as Mode).kind) === 'inet' && name?.startsWith(alternatives(each)[0] as string));
  return modeOf(key);
}

/** The words of a line as data of a kind of link. @param start What the data begins with */
export function readTunnel(kind: string, line: Line, start: Draft, words: Words, context: Context, creating: boolean): Draft {
  const rows = rowsOf(kind), own = keysOf(rows);
  for (const key of line.given) {
    const given = alternatives(key)[0] as string;
    if (!alternatives(key).some((each) => find(each, own, false) !== undefined)) throw usage(`"${given}" is no word of tunnels of the kind ${kind}`, `theirs are ${own.map((each) => alternatives(each)[0]).join(', ')}`);
  }
  const data = parse({ ...rows, ...naming(nothing, nothing) }, words, start, context);
  (kinds[kind] as Kind).finish?.(data, context, creating);
  if (kind === 'gre' && data['ttl'] && data['pmtudisc'] === 0) throw usage('a fixed TTL and nopmtudisc exclude each other', 'leave out "nopmtudisc", or say "ttl inherit"');
  return data;
}
