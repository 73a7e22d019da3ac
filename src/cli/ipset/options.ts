/** The words of `ipset`. */
import type { IpsetItem, IpsetOptions } from '../../netfilter/index.ts';
import { act, is, to, type Grammar, type ValueType } from '../grammar.ts';
import { usage } from '../errors.ts';
import { choice, integer, text, u16, u32, u64, word } from '../values.ts';

/** What a line says beside its command. */
export interface Said {
  exist?: true; output?: 'plain' | 'save' | 'xml' | 'json'; quiet?: true; sorted?: true; names?: true; terse?: true; file?: string;
  set?: string; other?: string;
}
export type Created = Said & IpsetOptions & { type?: string };
export type Changed = Said & Omit<IpsetItem, 'skbmark'> & { entry?: string; skbmark?: IpsetItem['skbmark'] };

/** Options of every command: they may stand anywhere. */
export const common: Grammar = {
  '-!|-exist|--exist': is('exist', true, 'what is there already, or is not there, is no mistake'),
  '-o|-output|--output': to('output', choice({ plain: 'plain', save: 'save', xml: 'xml', json: 'json' })),
  '-q|-quiet|--quiet': is('quiet', true, 'the status says it'),
  '-r|-resolve|--resolve': act(() => { throw usage('names of hosts are not looked up here'); }),
  '-s|-sorted|--sorted': is('sorted', true, 'entries in order'), '-n|-name|--name': is('names', true, 'names of sets only'), '-t|-terse|--terse': is('terse', true, 'no entries'),
  '-f|-file|--file': to('file', { ...text('FILE'), completes: 'file' }, 'in place of standard input, or output'),
};

/** Seconds: INT_MAX milliseconds. */
const timeout = integer('SECONDS', 0, 2_147_483), hex32: ValueType = u32('NUMBER');
export const creating: Grammar = {
  range: to('range', text('FROM-TO'), 'of bitmaps: 10.0.0.0/24, 10.0.0.1-10.0.0.99, 1000-2000'), family: to('family', choice({ inet: 'ipv4', inet6: 'ipv6', ipv4: 'ipv4', ipv6: 'ipv6' })), '-4': is('family', 'ipv4'), '-6': is('family', 'ipv6'),
  hashsize: to('hashsize', u32('BUCKETS')), maxelem: to('maxelem', u32('ENTRIES')), bucketsize: to('bucketsize', integer('ENTRIES', 2, 255)), initval: to('initval', hex32),
  netmask: to('netmask', integer('LENGTH', 1, 128)), bitmask: to('bitmask', text('MASK')), markmask: to('markmask', hex32), size: to('size', u32('ENTRIES'), 'of lists'), timeout: to('timeout', timeout),
  counters: is('counters', true), comment: is('comment', true), forceadd: is('forceadd', true, 'when it is full, new entries take the place of others'), skbinfo: is('skbinfo', true),
  'probes|resize|gc': act(() => {}, u32('NUMBER'), { help: 'taken, and ignored' }),
};
const wrongMark = (given: string, after: string): never => { throw usage(`"${given}" is not a value of "${after}"`, after === 'skbmark' ? '0x5, 0x5/0xff' : '1:10'); };
const masked: ValueType = word('MARK[/MASK]', (given, _context, after) => {
  const [, mark = '', mask] = /^(0x[0-9a-f]+)(?:\/(0x[0-9a-f]+))?$/i.exec(given) ?? [];
  if (mark === '' || [mark, mask ?? '0'].some((one) => Number(one) > 0xffffffff)) wrongMark(given, after);
  return { mark: Number(mark), ...(mask !== undefined && { mask: Number(mask) }) };
});
const priority: ValueType = word('MAJOR:MINOR', (given, _context, after) => {
  const [, major = '', minor = ''] = /^([0-9a-f]{1,4}):([0-9a-f]{1,4})$/i.exec(given) ?? [];
  if (major === '') wrongMark(given, after);
  return Number(`0x${major}`) * 0x10000 + Number(`0x${minor}`);
});
export const describing: Grammar = {
  timeout: to('timeout', timeout), packets: to('packets', u64('NUMBER')), bytes: to('bytes', u64('NUMBER')), comment: to('comment', text('TEXT')), nomatch: is('nomatch', true, 'an exception'), wildcard: is('wildcard', true, 'all links whose names begin so'),
  skbmark: to('skbmark', masked), skbprio: to('skbprio', priority), skbqueue: to('skbqueue', u16('QUEUE')), before: to('before', text('SET')), after: to('after', text('SET')),
};

const takes = (key: string): boolean => common[key]?.type !== undefined;
const known = new Map(Object.keys(common).flatMap((key) => key.split('|').map((one) => [one, key] as const)));
/** Options may stand before the command: behind it they go. */
export function apart(words: readonly string[]): string[] {
  const options: string[] = [], others: string[] = [];
  for (let i = 0; i < words.length; i++) {
    const one = words[i] as string, key = known.get(one);
    if (key === undefined || others.at(-1) === 'comment') others.push(one);
    else options.push(one, ...(takes(key) && i + 1 < words.length ? [words[++i] as string] : []));
  }
  return [...others, ...options];
}
