/** `ip nexthop`: next hop objects, groups of them, and the buckets of resilient groups (net/ipv4/nexthop.c). */
import type { Context } from '../context.ts';
import { usage } from '../errors.ts';
import { act, is, parse, store, to, type Command, type Draft, type Grammar, type Row } from '../grammar.ts';
import type { RequestFlag } from '../kernel.ts';
import { numberOf } from '../print/formats.ts';
import { printBucket, printNexthop } from '../print/nexthop.ts';
import { Printer, type Json } from '../print/printer.ts';
import { choice, device, onOff, parseAddress, parseInteger, protocol, u16, u32, word } from '../values.ts';
import type { Words } from '../words.ts';
import { routeProtocol } from '../../families/route/names.ts';
import { encapsulation } from './route-encap.ts';
import { vrfTable } from './route-options.ts';

const id = u32('ID');

/** Most that the two bytes of a weight hold. */
const maxWeight = 0x10000;

/** `1,10/2,20`: members with weights. */
const group = word('ID[,WEIGHT][/ID[,WEIGHT]...]', (given): Draft[] => given.split('/').map((member) => {
  const [identifier = '', weight = '1', ...rest] = member.split(',');
  const [number, share] = [parseInteger(identifier), parseInteger(weight)];
  if (number === undefined || number < 0n || number > 0xffffffffn || rest.length > 0) throw usage(`"${member}" is not a member of a group`, 'members are ID or ID,WEIGHT with slashes between: 1,10/2,20');
  if (share === undefined || share < 1n || share > BigInt(maxWeight)) throw usage(`"${weight}" is not a weight`, `between 1 and ${maxWeight}`);
  const less = Number(share) - 1;
  return { id: Number(number), weight: less & 0xff, weightHigh: less >> 8 };
}));

/** Whole seconds on the command line, clock ticks (USER_HZ) on the wire. */
const ticks = word('SECONDS', (given, _context, after) => {
  const seconds = parseInteger(given);
  if (seconds === undefined || seconds < 0n || seconds * 100n > 0xffffffffn) throw usage(`"${given}" is not a time in seconds for "${after}"`);
  return Number(seconds) * 100;
});

/** `via ADDRESS`, `via inet6 ADDRESS`. */
const gateway: Row = act((draft, value) => {
  const { family, address } = value as { family: string; address: string };
  if (draft['family'] !== 'unspec' && draft['family'] !== family) throw usage(`${address} is not of the family ${String(draft['family'])}`);
  draft['family'] = family;
  draft['gateway'] = address;
}, {
  name: '[ inet | inet6 ] ADDRESS',
  read(words, context, after) {
    const first = words.next(after);
    const explicit = first === 'inet' || first === 'inet6';
    return parseAddress(explicit ? words.next(first) : first, after, explicit ? first : context.options.family);
  },
});

const changeOptions: Grammar = {
  id: to('id', id),
  via: gateway,
  dev: to('oif', device),
  onlink: is('flags', ['onlink']),
  encap: act((draft, value) => { Object.assign(draft, value); }, encapsulation),
  blackhole: is('blackhole', true, 'packets end here'),
  group: to('group', group),
  fdb: is('fdb', true, 'for forwarding entries of VXLAN, not for routes'),
  dst_port: to('dstPort', u16('PORT'), 'of VXLAN, with fdb'),
  type: to('groupType', choice({ mpath: 'mpath', resilient: 'res' })),
  buckets: to('resGroup.buckets', u16('BUCKETS'), 'type resilient'),
  idle_timer: to('resGroup.idleTimer', ticks, 'type resilient'),
  unbalanced_timer: to('resGroup.unbalancedTimer', ticks, 'type resilient'),
  hw_stats: to('hwStatsEnable', onOff, 'have the hardware count'),
  'protocol|proto': to('protocol', protocol),
};

function message(context: Context, words: Words): Draft {
  const draft = parse(changeOptions, words, { family: context.options.family ?? 'unspec' }, context);
  if (draft['resGroup'] !== undefined && draft['groupType'] !== 'res') throw usage('buckets and timers are for "type resilient"', 'ip nexthop add id 20 group 1/2 type resilient buckets 32');
  // A next hop that is only a way out, or nowhere, has a family all the same.
  if (draft['family'] === 'unspec' && (draft['oif'] !== undefined || draft['blackhole'] !== undefined)) draft['family'] = 'inet';
  return draft;
}

function change(summary: string, flags: readonly RequestFlag[], examples: readonly string[]): Command {
  return {
    summary,
    examples,
    usage: 'id ID { [ via ADDRESS ] [ dev DEVICE ] [ onlink ] [ encap TYPE ... ] | blackhole | group MEMBERS [ type TYPE ... ] } [ fdb ] [ protocol PROTOCOL ]',
    options: changeOptions,
    run: (context, words) => {
      context.kernel.change('newnexthop', message(context, words), flags);
    },
  };
}

interface Filter { id?: number; protocol?: number; attributes: Draft; bucketOf?: number }

const attribute = (key: string): Row['apply'] => (draft, value) => store(draft, `attributes.${key}`, value ?? true);

const selectors: Grammar = {
  id: to('id', id),
  dev: act(attribute('oif')!, device),
  vrf: act((draft, value, context) => {
    vrfTable(Number(value), context);
    store(draft, 'attributes.master', value);
  }, device),
  master: act(attribute('master')!, device),
};

const filterOptions: Grammar = {
  ...selectors,
  groups: act(attribute('groups')!),
  fdb: act(attribute('fdb')!),
  'protocol|proto': to('protocol', protocol),
};

const bucketOptions: Grammar = { ...selectors, nhid: to('bucketOf', id) };

function filterOf(grammar: Grammar, context: Context, words: Words): Filter {
  return parse(grammar, words, { attributes: {} }, context) as unknown as Filter;
}

/** Counters are asked for only when they are wanted. Kernels before 6.9, which have none, refuse the question: they are asked again without. */
function withCounters<T>({ options: { statistics } }: Context, ask: (counters: Draft) => T): T {
  if (statistics === 0) return ask({});
  try {
    return ask({ opFlags: statistics === 1 ? ['dumpStats'] : ['dumpStats', 'dumpHwStats'] });
  } catch (error) {
    if ((error as { code?: string }).code !== 'EINVAL') throw error;
    return ask({});
  }
}

function dump(context: Context, { protocol: wanted, attributes }: Filter): Json[] {
  return withCounters(context, (counters) => context.kernel.dump('getnexthop', { family: context.options.family ?? 'unspec', ...attributes, ...counters }))
    .filter((hop) => wanted === undefined || numberOf(routeProtocol, hop['protocol']) === wanted);
}

function print(context: Context, hops: readonly Json[], one: (printer: Printer, hop: Json) => void): void {
  if (context.options.dryRun) return;
  const printer = new Printer(context);
  for (const hop of hops) {
    one(printer, hop);
    printer.spill();
  }
  printer.finish();
}

function printOne(context: Context, number: number): void {
  const hop = withCounters(context, (counters) => context.kernel.get('getnexthop', { family: 'unspec', id: number, ...counters }));
  print(context, hop ? [hop] : [], printNexthop);
}

/** `id ID` alone. */
function identifier(words: Words, context: Context, example: string): number {
  const { id: number } = parse({ id: to('id', id) }, words, {}, context);
  if (number === undefined) throw usage('which next hop?', example);
  return number as number;
}

/** Groups go first: a group without members goes by itself, and then there would be nothing to delete. */
function flush(context: Context, words: Words): void {
  const everything = words.done;
  const filter = filterOf(filterOptions, context, words);
  if (filter.id !== undefined) return void context.kernel.request('delnexthop', { family: 'unspec', id: filter.id });
  let flushed = 0;
  const rounds = everything ? [{ ...filter, attributes: { groups: true } }, filter] : [filter];
  for (const round of rounds) for (const hop of dump(context, round)) flushed += remove(context, hop['id'] as number);
  if (!context.options.dryRun) context.out.write(flushed > 0 ? `Flushed ${flushed} nexthops\n` : 'Nothing to flush\n');
}

/** Gone already is as good as deleted. */
function remove(context: Context, number: number): number {
  try {
    context.kernel.request('delnexthop', { family: 'unspec', id: number });
    return 1;
  } catch (error) {
    if ((error as { code?: string }).code !== 'ENOENT') throw error;
    return 0;
  }
}

const bucket: Command = {
  summary: 'buckets of resilient groups',
  examples: ['ip nexthop bucket show id 20', 'ip nexthop bucket get id 20 index 5'],
  otherwise: 'show',
  commands: {
    'show|list|lst': {
      summary: 'print buckets',
      examples: ['ip nexthop bucket show id 20', 'ip nexthop bucket show nhid 3'],
      usage: '[ id ID ] [ nhid ID ] [ dev DEVICE ] [ master DEVICE ] [ vrf NAME ]',
      options: bucketOptions,
      run(context, words) {
        const { id: number, attributes, bucketOf } = filterOf(bucketOptions, context, words);
        const body: Draft = {
          family: context.options.family ?? 'unspec',
          ...(number !== undefined && { id: number }),
          ...attributes,
          ...(bucketOf !== undefined && { resBucket: { nhId: bucketOf } }),
        };
        print(context, context.kernel.dump('getnexthopbucket', body), printBucket);
      },
    },
    get: {
      summary: 'print one bucket',
      examples: ['ip nexthop bucket get id 20 index 5'],
      usage: 'id ID index INDEX',
      options: { id: to('id', id), index: to('index', u16('INDEX')) },
      run(context, words) {
        const { id: number, index } = parse({ id: to('id', id), index: to('index', u16('INDEX')) }, words, {}, context);
        if (number === undefined || index === undefined) throw usage('which bucket?', 'ip nexthop bucket get id ID index INDEX');
        const found = context.kernel.get('getnexthopbucket', { family: 'unspec', id: number, resBucket: { index } });
        print(context, found ? [found] : [], printBucket);
      },
    },
  },
};

export const nexthop: Command = {
  summary: 'next hop objects and groups',
  examples: ['ip nexthop', 'ip nexthop add id 1 via 10.0.0.2 dev eth0', 'ip nexthop add id 10 group 1,2/3,5', 'ip route add 10.7.0.0/16 nhid 10'],
  otherwise: 'show',
  commands: {
    add: change('add a next hop', ['create', 'excl'], ['ip nexthop add id 1 via 10.0.0.2 dev eth0', 'ip nexthop add id 4 blackhole', 'ip nexthop add id 20 group 1/2 type resilient buckets 32 idle_timer 60']),
    replace: change('add a next hop, or change it', ['create', 'replace'], ['ip nexthop replace id 1 via 10.0.0.3 dev eth0']),
    'delete|del': {
      summary: 'delete a next hop',
      examples: ['ip nexthop del id 1'],
      usage: 'id ID',
      options: { id: to('id', id) },
      run: (context, words) => {
        context.kernel.change('delnexthop', { family: 'unspec', id: identifier(words, context, 'ip nexthop del id ID') });
      },
    },
    'show|list|lst': {
      summary: 'print next hops',
      examples: ['ip nexthop', 'ip -s nexthop show groups', 'ip -j -d nexthop show dev eth0'],
      options: filterOptions,
      run(context, words) {
        const filter = filterOf(filterOptions, context, words);
        if (filter.id !== undefined) printOne(context, filter.id);
        else print(context, dump(context, filter), printNexthop);
      },
    },
    get: {
      summary: 'print one next hop',
      examples: ['ip nexthop get id 1'],
      usage: 'id ID',
      options: { id: to('id', id) },
      run: (context, words) => printOne(context, identifier(words, context, 'ip nexthop get id ID')),
    },
    flush: {
      summary: 'delete all next hops that match',
      examples: ['ip nexthop flush', 'ip nexthop flush dev eth0'],
      options: filterOptions,
      run: flush,
    },
    bucket,
  },
};
