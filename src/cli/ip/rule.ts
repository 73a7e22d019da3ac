/** `ip rule`, and `ip mrule` of multicast packets: net/core/fib_rules.c. */
import type { Context } from '../context.ts';
import { usage } from '../errors.ts';
import { act, only, parse, to, type Command, type Draft, type Grammar, type ValueType } from '../grammar.ts';
import { Printer, type Json } from '../print/printer.ts';
import { printRule } from '../print/rule.ts';
import { addressLike, choice, deviceName, group, parseInteger, parsePrefix, protocol, s32, tableId, text, u32, word, type Prefix } from '../values.ts';
import type { Words } from '../words.ts';
import { multicastFamilies, multicastFamily } from './mroute.ts';
import { realms } from './route-options.ts';
import { load, restore, save, savedRules } from './saved.ts';

const prefixWord = word('PREFIX', (given, context, after) => parsePrefix(given, after, context.options.family), { fits: addressLike });

/** Source or destination; `all` is anything, and needs no attribute. */
function side(key: 'src' | 'dst') {
  return act((draft: Draft, value: unknown): void => {
    const { address, family, length, explicit } = value as Prefix;
    if (length === 0 && explicit) return;
    if (draft['family'] !== undefined && draft['family'] !== family) throw usage(`${address} and ${draft['src'] ?? draft['dst']} are of different families`);
    draft['family'] = family;
    draft[key] = address;
    draft[`${key}Len`] = length;
  }, prefixWord);
}

/** `1000-2000`, or one number for both ends. */
function range(name: string, max: number) {
  return word(name, (given, _context, after) => {
    const ends = given.split('-').map((end) => Number(parseInteger(end) ?? -1));
    const [start = -1, end = start] = ends;
    if (ends.length > 2 || start < 0 || end < start || end > max) throw usage(`"${given}" is not a range for "${after}"`, '1000 or 1000-2000');
    return { start, end };
  });
}

function number(given: string, max: number, after: string): number {
  const value = parseInteger(given);
  if (value === undefined || value < 0n || value > BigInt(max)) throw usage(`"${given}" is not a number for "${after}"`, `0 to ${max}`);
  return Number(value);
}

/** A value and, where it is given, its mask. */
function masked(key: string, maskKey: string, type: ReturnType<typeof word>) {
  return act((draft: Draft, given: unknown): void => {
    const { value, mask } = given as { value: unknown; mask?: number };
    draft[key] = value;
    if (mask !== undefined) draft[maskKey] = mask;
  }, type);
}

/** A range, or one port with a mask; all bits of a port need no mask. */
const ports: ValueType = {
  ...range('{ PORT[-PORT] | PORT/MASK }', 0xffff),
  read(words, context, after) {
    const [port = '', mask] = (words.peek() ?? '').split('/');
    if (mask === undefined) return { value: range('PORT[-PORT]', 0xffff).read(words, context, after) };
    words.next(after);
    const value = number(port, 0xffff, after), bits = number(mask, 0xffff, after);
    return { value: { start: value, end: value }, mask: bits === 0xffff ? undefined : bits };
  },
};

const mark = word('MARK[/MASK]', (given, _context, after) => {
  const [value, mask] = given.split('/').map((part) => parseInteger(part));
  if (value === undefined || (given.includes('/') && mask === undefined)) throw usage(`"${given}" is not a mark for "${after}"`);
  return { value: Number(value), mask: mask === undefined ? undefined : Number(mask) };
});

const actions = { blackhole: 'blackhole', prohibit: 'prohibit', unreachable: 'unreachable', nop: 'nop' } as const;
const actionRows: Grammar = Object.fromEntries(Object.entries(actions).map(([name, action]) => [name, act((draft) => { draft['action'] = action; })]));

const options: Grammar = {
  not: act((draft) => { draft['flags'] = ['invert']; }),
  from: side('src'),
  to: side('dst'),
  'preference|priority|order|pref': to('priority', u32('NUMBER')),
  'tos|dsfield': to('tos', word('TOS', (given, context, after) => {
    const named = context.names.number('rt_dsfield', given) ?? (/^[0-9a-f]{1,2}$/i.test(given) ? Number.parseInt(given, 16) : undefined);
    if (named === undefined || named > 255) throw usage(`"${given}" is not a TOS for "${after}"`);
    return named;
  }, { completes: 'rt_dsfield' })),
  dscp: masked('dscp', 'dscpMask', word('DSCP[/MASK]', (given, context, after) => {
    const [dscp = '', mask] = given.split('/');
    const named = context.names.number('rt_dsfield', dscp);
    const value = /^\d/.test(dscp) ? parseInteger(dscp) : named === undefined ? undefined : BigInt(named >> 2);
    if (value === undefined || value < 0n || value > 63n) throw usage(`"${given}" is not a DSCP for "${after}"`, '0 to 63, or a name');
    return { value: Number(value), mask: mask === undefined ? undefined : number(mask, 63, after) };
  }, { completes: 'rt_dsfield' })),
  flowlabel: masked('flowlabel', 'flowlabelMask', word('FLOWLABEL[/MASK]', (given, _context, after) => {
    const [label = '', mask] = given.split('/');
    return { value: number(label, 0xfffff, after), mask: mask === undefined ? 0xfffff : number(mask, 0xfffff, after) };
  })),
  fwmark: act((draft, value) => {
    const { value: given, mask } = value as { value: number; mask?: number };
    draft['fwmark'] = given;
    if (mask !== undefined) draft['fwmask'] = mask;
  }, mark),
  realms: to('flow', realms),
  'protocol': to('protocol', protocol),
  'table|lookup': act((draft, value) => { draft['tableNumber'] = value; }, tableId),
  'suppress_prefixlength|sup_pl': to('suppressPrefixlen', s32('NUMBER')),
  'suppress_ifgroup|sup_group': to('suppressIfgroup', group),
  'iif|dev': to('iifname', deviceName),
  oif: to('oifname', deviceName),
  l3mdev: act((draft) => { draft['l3mdev'] = 1; }),
  uidrange: to('uidRange', range('UID[-UID]', 0xffffffff)),
  ipproto: to('ipProto', choice({ icmp: 'icmp', tcp: 'tcp', udp: 'udp', 'ipv6-icmp': 'icmpv6', icmpv6: 'icmpv6', sctp: 'sctp', gre: 'gre', esp: 'esp', ah: 'ah', dccp: 'dccp' }, 255)),
  sport: masked('sportRange', 'sportMask', ports),
  dport: masked('dportRange', 'dportMask', ports),
  tun_id: act((draft, value) => { draft['tunId'] = BigInt(value as number); }, u32('ID')),
  goto: act((draft, value) => {
    draft['action'] = 'goto';
    draft['goto'] = value;
  }, u32('PRIORITY')),
  type: act((draft, value) => { draft['action'] = value; }, choice(actions)),
  ...actionRows,
};

/** What multicast routing looks at: the kernel takes the other selectors, and forgets them. */
const multicastWords = ['not', 'preference|priority|order|pref', 'fwmark', 'protocol', 'table|lookup', 'iif|dev', 'oif', 'l3mdev', 'uidrange', 'tun_id', 'goto', 'type', ...Object.keys(actions)];

/** Rules of one sort of packets. */
interface Sort {
  readonly word: 'rule' | 'mrule';
  readonly summary: string;
  /** A selector, for examples. */
  readonly selector: string;
  readonly options: Grammar;
  readonly filter: Grammar;
  /** The family of requests. @param given What an address among the words is of. */
  family(context: Context, given?: unknown): string;
}

function message(sort: Sort, context: Context, words: Words, adding: boolean): Draft {
  const draft: Draft = parse(sort.options, words, {}, context);
  const { tableNumber, family: given, srcLen, dstLen, tos, action, flags, ...attributes } = draft as Draft & { tableNumber?: number };
  const family = sort.family(context, given);
  let table = tableNumber;
  // iproute2's default, unless the rule takes the table elsewhere.
  if (adding && table === undefined && attributes['l3mdev'] === undefined && action === undefined) table = 254;
  if (attributes['l3mdev'] !== undefined && table !== undefined) throw usage('l3mdev and table exclude each other');
  return {
    family,
    ...(dstLen !== undefined && { dstLen }),
    ...(srcLen !== undefined && { srcLen }),
    ...(tos !== undefined && { tos }),
    table: table !== undefined && table < 256 ? table : 0,
    action: action ?? (table !== undefined || adding ? 'toTbl' : 'unspec'),
    ...(flags !== undefined && { flags }),
    ...attributes,
    ...(table !== undefined && table > 255 && { tableId: table }),
  };
}

const filterOptions: Grammar = {
  ...options,
  'preference|priority|order|pref': to('priority', u32('NUMBER')),
  'table|lookup': act((draft, value) => { draft['tableNumber'] = value; }, { ...text('TABLE'), read: (words, context, after) => (words.take('all') ? undefined : tableId.read(words, context, after)) }),
  '': side('src'),
};

/** Whether a rule has what was asked for. */
function matches(rule: Json, filter: Draft): boolean {
  for (const [key, value] of Object.entries(filter)) {
    if (value === undefined || key === 'family') continue;
    if (key === 'tableNumber') {
      if ((rule['tableId'] ?? rule['table']) !== value) return false;
    } else if (key === 'priority') {
      if ((rule['priority'] ?? 0) !== value) return false;
    } else if (JSON.stringify(rule[key]) !== JSON.stringify(value)) return false;
  }
  return true;
}

function dump(sort: Sort, context: Context, words: Words): Json[] {
  const filter = parse(sort.filter, words, {}, context);
  const family = sort.family(context, filter['family']);
  return context.kernel.dump('getrule', { family }).filter((rule) => matches(rule, filter));
}

const rules = (sort: Sort): Command => ({
  summary: sort.summary,
  examples: [`ip ${sort.word}`, `ip ${sort.word} add ${sort.selector} table 100 priority 1000`, `ip ${sort.word} del priority 1000`],
  otherwise: 'show',
  commands: {
    add: {
      summary: 'add a rule',
      examples: [`ip ${sort.word} add ${sort.selector} table 100`, `ip ${sort.word} add fwmark 7 lookup main`, `ip ${sort.word} add iif eth0 blackhole`],
      usage: '[ SELECTORS ] [ table TABLE | ACTION ]',
      options: sort.options,
      run(context, words) {
        if (words.done) throw usage('which packets, and which table?', `ip ${sort.word} add ${sort.selector} table 100`);
        context.kernel.change('newrule', message(sort, context, words, true), ['create', 'excl']);
      },
    },
    'delete|del': {
      summary: 'delete a rule',
      examples: [`ip ${sort.word} del priority 1000`, `ip ${sort.word} del ${sort.selector} table 100`],
      options: sort.options,
      run(context, words) {
        if (words.done) throw usage('which rule?', `ip ${sort.word} del priority 1000`);
        context.kernel.change('delrule', message(sort, context, words, false));
      },
    },
    'show|list|lst': {
      summary: 'print rules',
      examples: [`ip ${sort.word}`, `ip -6 ${sort.word}`, `ip -j ${sort.word} show table 100`],
      options: sort.filter,
      run(context, words) {
        const found = dump(sort, context, words);
        if (context.options.dryRun) return;
        const printer = new Printer(context);
        for (const one of found) printRule(printer, one);
        printer.finish();
      },
    },
    save: {
      summary: 'write rules to standard output, for restore',
      examples: [`ip ${sort.word} save > FILE`],
      run(context, words) {
        if (!words.done) throw usage('all rules are saved', `ip ${sort.word} save > FILE`);
        const found = context.kernel.dump('getrule', { family: sort.family(context) }, { exact: true });
        if (!context.options.dryRun) save(context, savedRules, found);
      },
    },
    restore: { summary: 'add the rules that standard input holds', examples: [`ip ${sort.word} restore < FILE`], run: (context) => restore(context, savedRules, load(savedRules)) },
    flush: {
      summary: 'delete all rules but those of priority 0',
      options: sort.filter,
      run(context, words) {
        for (const one of dump(sort, context, words)) if (one['priority'] !== undefined) context.kernel.request('delrule', one);
      },
    },
  },
});

export const rule = rules({ word: 'rule', summary: 'which routing table is asked', selector: 'from 10.0.0.0/24', options, filter: filterOptions, family: (context, given) => String(given ?? context.options.family ?? 'inet') });

export const mrule = rules({
  word: 'mrule', summary: 'which table is asked for multicast packets', selector: 'iif eth0',
  options: only(options, multicastWords), filter: only(filterOptions, multicastWords), family: (context) => multicastFamilies[multicastFamily(context)],
});
