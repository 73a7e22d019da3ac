/** `bridge fdb`: forwarding entries of bridges and VXLAN (net/core/rtnetlink.c, rtnl_fdb_*). */
import type { Context } from '../context.ts';
import { usage } from '../errors.ts';
import { act, at, parse, to, type Command, type Draft, type Grammar, type Row } from '../grammar.ts';
import type { RequestFlag } from '../kernel.ts';
import { address } from '../print/formats.ts';
import { Printer, type Json } from '../print/printer.ts';
import { device, integer, mac, oneOf, parseAddress, u16, u32, word } from '../values.ts';
import type { Words } from '../words.ts';

const vid = integer('VID', 0, 4095);

function addFlag(key: 'flags' | 'state', ...names: string[]): Row {
  return act((draft) => { draft[key] = [...((draft[key] ?? []) as string[]), ...names]; });
}

/** What the kernel tells of an entry that falls idle, and what counts as its use. */
function extension(draft: Draft, { notify, dontRefresh }: { notify?: string; dontRefresh?: true }): void {
  const { activityNotify = [], ...rest } = (draft['fdbExtAttrs'] ?? {}) as { activityNotify?: string[] };
  const bits = notify === undefined ? activityNotify : [...activityNotify, notify];
  draft['fdbExtAttrs'] = { ...(bits.length > 0 && { activityNotify: bits }), ...rest, ...(dontRefresh && { dontRefresh }) };
}

const changeOptions: Grammar = {
  dev: to('ifindex', device),
  self: addFlag('flags', 'self'),
  master: addFlag('flags', 'master'),
  router: addFlag('flags', 'router'),
  use: addFlag('flags', 'use'),
  extern_learn: addFlag('flags', 'extLearned'),
  sticky: addFlag('flags', 'sticky'),
  activity_notify: act((draft) => extension(draft, { notify: 'bit' })),
  inactive: act((draft) => extension(draft, { notify: 'inactiveBit' })),
  norefresh: act((draft) => extension(draft, { dontRefresh: true })),
  'local|permanent': addFlag('state', 'permanent'),
  'temp|static': addFlag('state', 'reachable'),
  dynamic: addFlag('state', 'reachable', '$dynamic'),
  dst: to('dst', word('ADDRESS', (given, _context, after) => parseAddress(given, after).address)),
  nhid: to('nhId', u32('ID')),
  port: to('port', u16('PORT')),
  vni: to('vni', integer('VNI', 0, 0xffffff)),
  src_vni: to('srcVni', integer('VNI', 0, 0xffffff)),
  via: to('viaIfindex', device),
  vlan: to('vlan', vid),
  to: to('lladdr', mac),
  '': to('lladdr', mac),
};

function message(context: Context, words: Words): Draft {
  const { lladdr, ifindex, flags, state, dst, nhId, port, vni, srcVni, viaIfindex, vlan, fdbExtAttrs } = parse(changeOptions, words, {}, context) as Draft & { flags?: string[]; state?: string[] };
  if (lladdr === undefined) throw usage('which address?', 'bridge fdb add LLADDR dev DEVICE');
  if (ifindex === undefined) throw usage('which link?', 'bridge fdb add LLADDR dev DEVICE');
  if (nhId !== undefined && (dst !== undefined || port !== undefined || vni !== undefined)) throw usage('nhid excludes dst, port and vni');
  const dynamic = state?.includes('$dynamic');
  const own = (state ?? []).filter((name) => name !== '$dynamic');
  // Only a dynamic entry ages; one that is neither static nor dynamic is an address of the bridge's own.
  const states = [...new Set([...(own.length === 0 ? ['permanent'] : own), ...(dynamic ? [] : ['noarp'])])];
  return {
    family: 'bridge',
    ifindex,
    state: states,
    flags: flags?.some((flag) => flag === 'self' || flag === 'master') ? flags : [...(flags ?? []), 'self'],
    lladdr,
    ...(dst !== undefined && { dst }),
    ...(vlan !== undefined && { vlan }),
    ...(nhId !== undefined && { nhId }),
    ...(port !== undefined && { port }),
    ...(vni !== undefined && { vni }),
    ...(srcVni !== undefined && { srcVni }),
    ...(viaIfindex !== undefined && { viaIfindex }),
    ...(fdbExtAttrs !== undefined && { fdbExtAttrs }),
  };
}

function change(summary: string, message_: 'newneigh' | 'delneigh', flags: readonly RequestFlag[], examples: readonly string[]): Command {
  return {
    summary,
    examples,
    usage: 'LLADDR dev DEVICE [ OPTIONS ]',
    options: changeOptions,
    run(context, words) {
      context.kernel.request(message_, message(context, words), flags);
    },
  };
}

interface Filter { br?: number; brport?: number; dev?: number; vlan?: number; state?: string; dynamic?: boolean }

function wanted<K extends keyof Filter>(key: K, value?: Filter[K]): NonNullable<Row['apply']> {
  return (draft, given) => { draft[key] = value ?? given; };
}

const filterOptions: Grammar = {
  'br|bridge': act(wanted('br'), device),
  brport: act(wanted('brport'), device),
  dev: act(wanted('brport'), device),
  vlan: act(wanted('vlan'), vid),
  state: act(wanted('state'), oneOf('permanent', 'static', 'stale', 'reachable', 'all')),
  dynamic: act(wanted('dynamic', true)),
  '': act(wanted('brport'), device, { same: ['dev', 'brport'] }),
};

/** What an entry is, as one word. */
function stateWord(state: readonly string[]): string {
  if (state.includes('permanent')) return 'permanent';
  if (state.includes('noarp')) return 'static';
  if (state.includes('stale')) return 'stale';
  if (state.includes('reachable')) return '';
  return state.length === 0 ? 'state=0x0' : state.join(',');
}

const flagWords: readonly (readonly [flag: string, word: string])[] = [['self', 'self'], ['router', 'router'], ['extLearned', 'extern_learn'], ['offloaded', 'offload'], ['master', 'master'], ['sticky', 'sticky']];

const hertz = 100;

export function printEntry(printer: Printer, entry: Json, filter: Filter): void {
  const { links, options } = printer.context;
  const flags = (entry['flags'] ?? []) as string[];
  printer.object(null, () => {
    printer.value('mac', '% ', entry['lladdr'], { paint: 'mac' });
    if (filter.brport === undefined && entry['ifindex']) printer.value('ifname', 'dev % ', links.name(Number(entry['ifindex'])), { paint: 'ifname' });
    printer.value('dst', 'dst % ', entry['dst'], address);
    printer.value('vlan', 'vlan % ', entry['vlan']);
    printer.value('port', 'port % ', entry['port']);
    printer.value('vni', 'vni % ', entry['vni']);
    printer.value('src_vni', 'src_vni % ', entry['srcVni']);
    if (entry['viaIfindex'] !== undefined) {
      if (entry['linkNetnsid'] === undefined) printer.value('viaIf', 'via % ', links.name(Number(entry['viaIfindex'])), { paint: 'ifname' });
      else printer.value('viaIfIndex', 'via ifindex % ', entry['viaIfindex']);
    }
    printer.value('nhid', 'nhid % ', entry['nhId']);
    printer.value('linkNetNsId', 'link-netnsid % ', entry['linkNetnsid']);
    const info = at(entry, 'cacheinfo') as { used: number; updated: number } | undefined;
    if (options.statistics > 0 && info) {
      printer.value('used', 'used %', Math.floor(info.used / hertz));
      printer.value('updated', '/% ', Math.floor(info.updated / hertz));
    }
    const activity = (at(entry, 'fdbExtAttrs.activityNotify') ?? []) as string[];
    for (const [bit, word] of [['bit', 'activity_notify'], ['inactiveBit', 'inactive']] as const) if (options.details > 0 && activity.includes(bit)) printer.value(word, `${word} `, true);
    const words = flagWords.filter(([flag]) => flags.includes(flag)).map(([, word]) => word).filter((word) => word !== 'master' || entry['master'] === undefined);
    printer.list('flags', words, words.map((word) => `${word} `).join(''));
    if (entry['master'] !== undefined) printer.value('master', 'master % ', links.name(Number(entry['master'])));
    printer.value('state', '%', stateWord(entry['state'] as string[]));
  });
  printer.text('\n');
}

const flushFlags: Grammar = Object.fromEntries(Object.entries({ added_by_user: 'use', extern_learn: 'extLearned', sticky: 'sticky', offloaded: 'offloaded', router: 'router' })
  .flatMap(([name, flag]) => [[name, must('flags', [flag])], [`no${name}`, must('flags', [], [flag])]]));

export const fdb: Command = {
  summary: 'forwarding database',
  examples: ['bridge fdb show', 'bridge fdb show br br0', 'bridge fdb add 02:00:00:00:00:07 dev veth0 master static', 'bridge fdb append 00:00:00:00:00:00 dev vx0 dst 10.0.0.9'],
  otherwise: 'show',
  commands: {
    add: change('add an entry', 'newneigh', ['create', 'excl'], ['bridge fdb add 02:00:00:00:00:07 dev veth0 master static']),
    append: change('add one more destination', 'newneigh', ['create', 'append'], ['bridge fdb append 00:00:00:00:00:00 dev vx0 dst 10.0.0.9']),
    replace: change('add an entry, or change it', 'newneigh', ['create', 'replace'], ['bridge fdb replace 02:00:00:00:00:07 dev vx0 dst 10.0.0.9']),
    'delete|del': change('delete an entry', 'delneigh', [], ['bridge fdb del 02:00:00:00:00:07 dev veth0 master']),
    get: {
      summary: 'print one entry',
      usage: 'LLADDR { br DEVICE | dev DEVICE } [ vlan VID ] [ OPTIONS ]',
      options: getOptions(),
      run(context, words) {
        const draft = parse(getOptions(), words, {}, context);
        if (draft['lladdr'] === undefined) throw usage('which address?', 'bridge fdb get LLADDR br DEVICE');
        const { flags, ifindex, ...rest } = draft;
        if (ifindex === undefined && draft['master'] === undefined) throw usage('which bridge or port?', 'bridge fdb get LLADDR br DEVICE');
        const answer = context.kernel.get('getneigh', { family: 'bridge', ...(ifindex !== undefined && { ifindex }), ...(flags !== undefined && { flags }), ...rest });
        if (!answer) return;
        const printer = new Printer(context);
        printEntry(printer, answer, {});
        printer.finish();
      },
    },
    'show|list|lst': {
      summary: 'print entries',
      examples: ['bridge fdb show', 'bridge -j fdb show br br0', 'bridge fdb show dev vx0'],
      usage: '[ br DEVICE ] [ brport DEVICE ] [ vlan VID ] [ state STATE ] [ dynamic ]',
      options: filterOptions,
      run: showEntries,
    },
    flush: {
      summary: 'delete learned entries',
      examples: ['bridge fdb flush dev br0', 'bridge fdb flush dev br0 brport veth0 vlan 10 nopermanent'],
      usage: 'dev DEVICE [ brport DEVICE ] [ vlan VID ] [ OPTIONS ]',
      options: flushOptions(),
      run(context, words) {
        const draft = parse(flushOptions(), words, {}, context);
        if (draft['ifindex'] === undefined) throw usage('which bridge?', 'bridge fdb flush dev DEVICE');
        const { ifindex, flags: given = [], ...rest } = draft as Draft & { flags?: string[] };
        // Without a word the device's own table is meant.
        const flags = given.includes('self') || given.includes('master') ? given : ['self', ...given];
        context.kernel.request('delneigh', { family: 'bridge', ifindex, flags, ...rest }, ['bulk']);
      },
    },
  },
};

function getOptions(): Grammar {
  return {
    'br|bridge': to('master', device),
    'brport|dev': to('ifindex', device),
    vlan: to('vlan', vid),
    vni: to('vni', integer('VNI', 0, 0xffffff)),
    self: addFlag('flags', 'self'),
    master: addFlag('flags', 'master'),
    dynamic: act(() => {}),
    to: to('lladdr', mac),
    '': to('lladdr', mac),
  };
}

type Bits = readonly string[];

/** A word of a flush: bits of the entries' `key` that must be set, or must not be. */
function must(key: 'state' | 'flags', set: Bits, unset: Bits = []): Row {
  const maskKey = key === 'state' ? 'ndmStateMask' : 'ndmFlagsMask';
  return act((draft) => {
    const of = (name: string): string[] => (draft[name] ?? []) as string[];
    draft[key] = [...of(key).filter((bit) => !unset.includes(bit)), ...set];
    draft[maskKey] = [...new Set([...of(maskKey), ...set, ...unset])];
  });
}

function flushOptions(): Grammar {
  return {
    dev: to('ifindex', device),
    brport: to('viaIfindex', device),
    vlan: to('vlan', vid),
    src_vni: to('srcVni', integer('VNI', 0, 0xffffff)),
    nhid: to('nhId', u32('ID')),
    vni: to('vni', integer('VNI', 0, 0xffffff)),
    port: to('port', u16('PORT')),
    dst: to('dst', word('ADDRESS', (given, _context, after) => parseAddress(given, after).address)),
    self: addFlag('flags', 'self'),
    master: addFlag('flags', 'master'),
    permanent: must('state', ['permanent']),
    nopermanent: must('state', [], ['permanent']),
    static: must('state', ['noarp'], ['permanent']),
    nostatic: must('state', [], ['noarp']),
    dynamic: must('state', [], ['noarp', 'permanent']),
    nodynamic: must('state', ['noarp']),
    ...flushFlags,
  };
}

function showEntries(context: Context, words: Words): void {
  const filter = parse(filterOptions, words, {}, context) as Filter;
  const body: Draft = {
    family: 'bridge',
    ...(filter.brport !== undefined && { ifindex: filter.brport }),
    ...(filter.br !== undefined && { master: filter.br }),
  };
  const entries = context.kernel.dump('getneigh', body);
  if (context.options.dryRun) return;
  const printer = new Printer(context);
  for (const entry of entries) {
    const state = entry['state'] as string[];
    if (entry['family'] !== 'bridge') continue;
    if (filter.brport !== undefined && entry['ifindex'] !== filter.brport) continue;
    if (filter.vlan !== undefined && entry['vlan'] !== filter.vlan) continue;
    if (filter.state !== undefined && filter.state !== 'all' && stateWord(state) !== (filter.state === 'reachable' ? '' : filter.state)) continue;
    if (filter.dynamic && state.includes('permanent')) continue;
    printEntry(printer, entry, filter);
    printer.spill();
  }
  printer.finish();
}
