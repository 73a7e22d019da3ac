/** Values that states and policies of IPsec share. */
import type { Context } from '../../context.ts';
import { usage } from '../../errors.ts';
import { act, to, type Draft, type Grammar, type Row, type ValueType } from '../../grammar.ts';
import type { Kernel } from '../../kernel.ts';
import { choice, parseInteger, parsePrefix, text, u32, u64, word, type Prefix } from '../../values.ts';
import { didYouMean, find, type Words } from '../../words.ts';
import { modes, protocols } from '../../xfrm-words.ts';
import { decode, encode, type Flags } from '../../../codec/index.ts';
import { xfrm, XFRM_INF } from '../../../families/xfrm/index.ts';

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

export interface Ends { readonly src?: Prefix; readonly dst?: Prefix }
/** The family of what was given of two ends. */
export function familyOf({ src, dst }: Ends): 'inet' | 'inet6' | undefined {
  if (src && dst && src.family !== dst.family) throw usage(`${src.address} and ${dst.address} are of different families`);
  return (dst ?? src)?.family;
}

/** Which states an SPI is for, and how large it may be. */
export function checkId({ proto, spi = 0 }: { proto?: unknown; spi?: number }, needsProtocol = true): void {
  if (proto === undefined && needsProtocol) throw usage('which protocol?', `proto ${Object.keys(protocols).join(' | ')}`);
  if (spi !== 0 && (proto === 'routing' || proto === 'dstopts')) throw usage('states of Mobile IPv6 have no SPI');
  if (spi > 0xffff && proto === 'comp') throw usage(`${spi} is out of range for "spi"`, 'SPIs of IPComp have 16 bits');
}

/** `mark MARK [ mask MASK ]`. @param mask What it is when it is not given */
export function masked(name: string, mask: number): ValueType {
  const number = u32(name);
  return { name: `${name} [ mask MASK ]`, read: (words, context, after) => ({ v: number.read(words, context, after), m: words.take('mask') ? u32('MASK').read(words, context, 'mask') : mask }) };
}
export interface Mark { readonly v: number; readonly m: number }
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
  ((draft['lft'] ??= { ...unlimited }) as Draft)[key] = number;
}, limit, { repeat: true });
export const unlimited = { softByteLimit: XFRM_INF, hardByteLimit: XFRM_INF, softPacketLimit: XFRM_INF, hardPacketLimit: XFRM_INF } as const;

/** A context of SELinux. */
export const context = act((draft, value) => {
  const length = new TextEncoder().encode(value as string).length + 1;
  // Its header has 8 bytes, and exttype is XFRMA_SEC_CTX.
  draft['secCtx'] = { len: 8 + length, exttype: 8, ctxAlg: 'selinux', ctxDoi: 'lsm', ctxLen: length, context: value };
}, text('CTX'));

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
