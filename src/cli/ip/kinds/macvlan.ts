/** `type macvlan` and `type macvtap`: drivers/net/macvlan.c. */
import { act, at, to, type Draft, type Grammar } from '../../grammar.ts';
import { usage } from '../../errors.ts';
import type { Json, Printer, Sheet } from '../../print/printer.ts';
import type { Context } from '../../context.ts';
import { mac, oneOf, u32 } from '../../values.ts';
import type { Words } from '../../words.ts';
import { plain, type Kind } from './kind.ts';

function addFlag(draft: Draft, name: unknown): void {
  const flags = (draft['flags'] ?? []) as unknown[];
  draft['flags'] = name === 'null' ? flags : [...flags, name];
}

/** What to do with the senders of mode source: `add ADDR`, `del ADDR`, `set ADDR ...`, `flush`. */
const senders = {
  name: '{ { add | del } LLADDR | set [ LLADDR ... ] | flush }',
  choices: ['add', 'del', 'set', 'flush'],
  read(words: Words, context: Context, after: string): Draft {
    const mode = words.next(after);
    if (mode === 'flush') return { macaddrMode: mode };
    if (mode === 'add' || mode === 'del') return { macaddrMode: mode, macaddr: mac.read(words, context, mode) };
    if (mode !== 'set') throw usage(`"${mode}" is not add, del, set or flush`);
    const list: unknown[] = [];
    while (/^[0-9a-f]{1,2}(:[0-9a-f]{1,2})+$/i.test(words.peek() ?? '')) list.push(mac.read(words, context, mode));
    return { macaddrMode: mode, ...(list.length > 0 && { macaddrData: { macaddr: list } }) };
  },
};

const options: Grammar = {
  mode: to('mode', oneOf('private', 'vepa', 'bridge', 'passthru', 'source')),
  flag: act(addFlag, oneOf('null', 'nopromisc', 'nodst'), { repeat: true }),
  nopromisc: act((draft) => addFlag(draft, 'nopromisc')),
  nodst: act((draft) => addFlag(draft, 'nodst')),
  macaddr: act((draft, value) => Object.assign(draft, value), senders),
  bcqueuelen: to('bcQueueLen', u32('PACKETS')),
  bclim: to('bcCutoff', u32('LIMIT')),
};

function flag(name: string) {
  return (printer: Printer, data: Json): void => {
    if ((at(data, 'flags') as unknown[] | undefined)?.includes(name)) printer.value(name, `${name} `, true);
  };
}

function sources(printer: Printer, data: Json): void {
  if (data['mode'] !== 'source' || data['macaddrCount'] === undefined) return;
  printer.value('macaddr_count', 'remotes (%) ', data['macaddrCount']);
  const list = (at(data, 'macaddrData.macaddr') ?? []) as string[];
  if (data['macaddrData'] !== undefined) printer.list('macaddr_data', list, list.map((address) => `${address} `).join(''));
}

const sheet: Sheet = [
  plain('mode'),
  flag('nopromisc'),
  flag('nodst'),
  plain('bcqueuelen', 'bcQueueLen'),
  plain('usedbcqueuelen', 'bcQueueLenUsed'),
  plain('bclim', 'bcCutoff'),
  sources,
];

function finish(data: Draft): void {
  // A sender belongs to mode source alone; the kernel would keep silent about it.
  if (data['macaddrMode'] !== undefined && data['mode'] !== undefined && data['mode'] !== 'source') {
    throw usage('macaddr needs "mode source"');
  }
}

export const macvlan: Kind = { options, sheet, finish };
export const macvtap: Kind = macvlan;
