/** Values that states and policies of IPsec share. */
import type { Context } from '../../context.ts';
import { usage } from '../../errors.ts';
import { act, to, type Draft, type Grammar, type Row, type ValueType } from '../../grammar.ts';
import { ipProtocolName } from '../../ip-protocols.ts';
import type { Kernel } from '../../kernel.ts';
import { choice, parseInteger, parsePrefix, text, u32, u64, word, type Prefix } from '../../values.ts';
import { didYouMean, find, type Words } from '../../words.ts';
import { algorithms, modes, protocols, wordFor } from '../../xfrm-words.ts';
import { decode, encode, type Flags } from '../../../codec/index.ts';
import { xfrm } from '../../../families/xfrm/index.ts';
import { XfrmInputError, type Names, type XfrmProblem } from '../../../xfrm/index.ts';

/** The kernel, spoken to in NETLINK_XFRM. */
export const ipsec = (context: Context): Kernel => context.kernel.speak(xfrm);

export const protocol = choice(protocols);
export const mode = choice(modes);

/** An address, or a prefix where one is looked for. A word for any address has a family only when -4 or -6 gives one. */
export const prefix = word('ADDR[/PLEN]', (given, context, after) => {
  if (context.options.family === undefined && /^(any|all|default)$/.test(given)) throw usage(`"${given}" is not an IP address for "${after}"`, 'with -4 or -6 it stands for that family\'s');
  return parsePrefix(given, after, context.options.family);
});

/** What a state is found by: `src`, `dst`, `proto` and `spi` of a draft. */
export const idRows: Grammar = { src: to('src', prefix), dst: to('dst', prefix), proto: to('proto', protocol), spi: to('spi', u32('SPI')) };

/** What was given of two ends. */
export interface Ends { readonly src?: Prefix; readonly dst?: Prefix }
/** Addresses as they are; prefixes as text. */
export const addresses = ({ src, dst }: Ends): { src?: string; dst?: string } => ({ ...(src && { src: src.address }), ...(dst && { dst: dst.address }) });
export const prefixes = ({ src, dst }: Ends): { src?: string; dst?: string } => ({ ...(src && { src: `${src.address}/${src.length}` }), ...(dst && { dst: `${dst.address}/${dst.length}` }) });

/** What the library calls things is called otherwise here. */
const vocabulary = { ...protocols, ...modes, ...algorithms };
export const names: Names = { word: (name) => wordFor(vocabulary, name), protocol: ipProtocolName };
const hints: Partial<Record<XfrmProblem, string>> = {
  protocol: `proto ${Object.keys(protocols).join(' | ')}`, coaddr: 'coa ADDR', esn: 'replay-window 64 flag esn', iptfs: 'dir { in | out }', bounds: 'min 0x100 max 0x1ff', direction: 'dir in, out or fwd',
  policy: 'its selector, as src 10.1.0.0/16 dst 10.2.0.0/16, or index INDEX',
};
/** What the library finds wrong with a request is wrong with the line. */
export function checked<T>(body: () => T): T {
  try { return body(); } catch (error) {
    if (!(error instanceof XfrmInputError)) throw error;
    throw usage(error.what, error.hint && (hints[error.problem] ?? error.hint));
  }
}

/** `mark MARK [ mask MASK ]`. @param mask What it is when it is not given */
export function masked(name: string, mask: number): ValueType {
  const number = u32(name);
  return { name: `${name} [ mask MASK ]`, read: (words, context, after) => ({ value: number.read(words, context, after), mask: words.take('mask') ? u32('MASK').read(words, context, 'mask') : mask }) };
}
export const mark = to('mark', masked('MARK', 0xffffffff));

/** One word or more of a list, or all bits as one number. */
export function flagList(names: Readonly<Record<string, string>>, codec: Flags<string>): ValueType {
  const known = Object.keys(names);
  return {
    name: 'FLAG ...', choices: known,
    read(words, _context, after) {
      const first = words.next(after);
      // Without 0x it would be a name.
      const number = first.startsWith('0x') ? parseInteger(first) : undefined;
      if (number !== undefined && number < 1n << BigInt(8 * codec.base.size)) return [...decode(codec, encode(codec, [Number(number)]))];
      if (!Object.hasOwn(names, first)) throw usage(`"${first}" is not a value of "${after}"`, didYouMean(first, known));
      const flags = [names[first]];
      for (let next = words.peek(); next !== undefined && Object.hasOwn(names, next); next = words.peek()) flags.push(names[words.next()] as string);
      return flags;
    },
  };
}
/** Flags add up. */
export const flagRow = (path: string, type: ValueType): Row => act((draft, value) => { draft[path] = [...new Set([...((draft[path] ?? []) as unknown[]), ...(value as unknown[])])]; }, type, { repeat: true });

const limits = {
  'time-soft': 'softAddExpiresSeconds', 'time-hard': 'hardAddExpiresSeconds', 'time-use-soft': 'softUseExpiresSeconds', 'time-use-hard': 'hardUseExpiresSeconds',
  'byte-soft': 'softByteLimit', 'byte-hard': 'hardByteLimit', 'packet-soft': 'softPacketLimit', 'packet-hard': 'hardPacketLimit',
} as const;
const limit: ValueType = {
  name: 'LIMIT NUMBER', choices: Object.keys(limits),
  read(words, context, after) {
    const name = words.next(after), key = find(name, Object.keys(limits), false) as keyof typeof limits | undefined;
    if (key === undefined) throw usage(`"${name}" is not a value of "${after}"`, didYouMean(name, Object.keys(limits)));
    return [limits[key], u64('NUMBER').read(words, context, name)];
  },
};
export const limitRow = act((draft, value) => {
  const [key, number] = value as [string, bigint];
  ((draft['limits'] ??= {}) as Draft)[key] = number;
}, limit, { repeat: true });

/** A context of SELinux. */
export const context = to('securityContext', text('CTX'));

/** Reads the words of a table as long as they follow each other: a selector, a template. */
export function block(grammar: Grammar, words: Words, context: Context, after: string): Draft {
  const draft: Draft = {};
  const seen = new Set<string>();
  for (let key = words.peek(); key !== undefined && Object.hasOwn(grammar, key) && !seen.has(key); key = words.peek()) {
    words.next();
    seen.add(key);
    const row = grammar[key] as Row, value = row.type?.read(words, context, key);
    if (row.path !== undefined) draft[row.path] = value;
    row.apply?.(draft, value, context, words);
  }
  if (seen.size === 0) throw usage(words.done ? `"${after}" needs a value` : `"${words.peek()}" does not belong to "${after}"`, `it takes ${Object.keys(grammar).join(', ')}`);
  return draft;
}
