/** `bridge vlan`: which VLANs pass which port (net/bridge/br_netlink.c). */
import type { Context } from '../context.ts';
import { vlanRanges, type VlanRange } from '../../route/vlans.ts';
import { usage } from '../errors.ts';
import { act, at, parse, type Command, type Draft, type Grammar } from '../grammar.ts';
import { Printer, type Json } from '../print/printer.ts';
import { nameColumn, nameWidth, printCounted, printVlandb, vlanFlags, type Counted } from '../print/vlandb.ts';
import { choice, device, u32, u8 } from '../values.ts';
import { portStates } from '../ip/kinds/bridge-slave.ts';
import type { Words } from '../words.ts';
import { showOptions, vidRange, type Vid } from './vid.ts';

function flag(name: string, key = 'flags') {
  return act((draft: Draft) => { draft[key] = [...((draft[key] ?? []) as string[]), name]; });
}

const changeOptions: Grammar = {
  dev: act((draft, value) => { draft['index'] = value; }, device),
  vid: act((draft, value) => { draft['vid'] = value; }, vidRange),
  pvid: flag('pvid'),
  untagged: flag('untagged'),
  self: flag('self', 'target'),
  master: flag('master', 'target'),
  tunnel_info: act((draft, value) => { draft['tunnel'] = value; }, {
    name: 'id TUNNEL_ID',
    read(words, _context, after): Vid {
      if (!words.take('id')) throw usage(`"${after}" is followed by "id TUNNEL_ID"`);
      const given = words.next('id');
      const [first, last] = given.split('-').map(Number);
      if (first === undefined || !Number.isInteger(first) || first > 0xffffff) throw usage(`"${given}" is not a tunnel id`);
      return { first, last };
    },
  }),
};

/** A range goes as two entries, its ends. */
function entries(vid: Vid, flags: readonly string[]): Draft[] {
  if (vid.last === undefined) return [{ flags, vid: vid.first }];
  return [{ flags: [...flags, 'rangeBegin'], vid: vid.first }, { flags: [...flags, 'rangeEnd'], vid: vid.last }];
}

function modify(context: Context, words: Words, message: 'setlink' | 'dellink'): void {
  const { index, vid, flags = [], target, tunnel } = parse(changeOptions, words, {}, context) as { index?: number; vid?: Vid; flags?: string[]; target?: string[]; tunnel?: Vid };
  if (index === undefined || vid === undefined) throw usage('which port and which VLAN?', 'bridge vlan add dev DEVICE vid VID');
  if (vid.last !== undefined && flags.includes('pvid')) throw usage('a range cannot be the pvid');
  // A tunnel mapping comes by itself; the VLAN must be there.
  const tunnels = tunnel && (vid.last === undefined
    ? [{ id: tunnel.first, vid: vid.first, flags: [] }]
    : [{ id: tunnel.first, vid: vid.first, flags: ['rangeBegin'] }, { id: tunnel.last ?? tunnel.first + vid.last - vid.first, vid: vid.last, flags: ['rangeEnd'] }]);
  context.kernel.request(message, {
    family: 'bridge',
    index,
    afSpec: { ...(target && { flags: target }), ...(tunnels ? { vlanTunnelInfo: tunnels } : { vlanInfo: entries(vid, flags) }) },
  });
}

function printRange(printer: Printer, { first, last, flags }: VlanRange<string>, port: string): void {
  printer.object(null, () => {
    nameColumn(printer, port);
    printer.value('vlan', '%', first);
    if (last !== first) printer.value('vlanEnd', '-%', last);
    // A range has the flag of its end.
    vlanFlags(printer, first === last ? flags : [...flags, 'rangeEnd']);
  });
  printer.newline();
}

/** Whether a VLAN, or a range of them, is of those that were asked for. */
function asked(vid: Vid | undefined, first: number, last = first): boolean {
  return vid === undefined || (first <= vid.first && (vid.last ?? vid.first) <= last);
}

function show(context: Context, words: Words): void {
  const { dev, vid } = parse(showOptions, words, {}, context) as { dev?: number; vid?: Vid };
  const { statistics, details } = context.options;
  if (details > 0) return showDatabase(context, dev, vid);
  if (statistics > 0) return showCounters(context, dev, vid);
  // The kernel joins neighbours that do not differ when it is asked to.
  const links = context.kernel.dump('getlink', { family: 'bridge', extMask: [context.options.compressVlans ? 'brvlanCompressed' : 'brvlan'] });
  if (context.options.dryRun) return;
  const printer = new Printer(context);
  printer.text(`${'port'.padEnd(nameWidth)}  vlan-id  \n`);
  for (const link of links) {
    const info = (link['afSpec'] as Json | undefined)?.['vlanInfo'] as { vid: number; flags: string[] }[] | undefined;
    if (!info || (dev !== undefined && link['index'] !== dev)) continue;
    const own = vlanRanges(info).filter(({ first, last }) => asked(vid, first, last));
    if (own.length === 0) continue;
    printer.object(null, () => {
      const name = context.links.name(Number(link['index']));
      printer.value('ifname', null, name);
      printer.array('vlans', () => own.forEach((range, i) => printRange(printer, range, i === 0 ? name : '')));
    });
  }
  printer.finish();
}

/** `-d`: the VLAN database, where every VLAN has options. */
function showDatabase(context: Context, dev: number | undefined, vid: Vid | undefined): void {
  const { statistics } = context.options;
  // The kernel refuses to tell of one link that is no port: as iproute2 does, all are asked for.
  const found = context.kernel.dump('getvlan', { family: 'bridge', ...(statistics > 0 && { flags: ['stats'] }) });
  if (context.options.dryRun) return;
  const printer = new Printer(context);
  printer.text(`${'port'.padEnd(nameWidth)}  vlan-id  \n`);
  for (const message of found) {
    if (dev !== undefined && message['ifindex'] !== dev) continue;
    const entry = ((message['entry'] ?? []) as Json[]).filter((one) => {
      const { vid: first } = one['info'] as { vid: number };
      return asked(vid, first, one['range'] as number | undefined);
    });
    if (entry.length > 0) printVlandb(printer, { ...message, entry });
  }
  printer.finish();
}

/** `-s`: counters, of bridges first and then of ports. */
function showCounters(context: Context, dev: number | undefined, vid: Vid | undefined): void {
  const printer = new Printer(context);
  printer.text(`${'port'.padEnd(nameWidth)}  vlan-id\n`);
  for (const group of ['linkXstats', 'linkXstatsSlave'] as const) {
    for (const stats of context.kernel.dump('getstats', { family: 'unspec', ifindex: 0, filterMask: [group] })) {
      const all = (at(stats, `${group}.bridge.vlan`) ?? []) as Counted[];
      // A bridge also counts for VLANs that only ports have: those are told by the ports.
      const own = all.filter(({ vid: one, flags }) => asked(vid, one) && (!flags.includes('master') || flags.includes('brentry')));
      if (own.length === 0 || (dev !== undefined && stats['ifindex'] !== dev)) continue;
      const name = context.links.name(Number(stats['ifindex']));
      printer.object(null, () => {
        printer.value('ifname', null, name);
        printer.array('vlans', () => own.forEach((one, i) => printCounted(printer, one, i === 0 ? name : '')));
      });
    }
  }
  if (!context.options.dryRun) printer.finish();
}

const setOptions: Grammar = {
  dev: act((draft, value) => { draft['index'] = value; }, device),
  vid: act((draft, value) => { draft['vid'] = value; }, vidRange),
  state: act((draft, value) => { draft['state'] = value; }, choice(portStates, true)),
  mcast_router: act((draft, value) => { draft['mcastRouter'] = value; }, u8('{ 0 | 1 | 2 }')),
  mcast_max_groups: act((draft, value) => { draft['mcastMaxGroups'] = value; }, u32()),
  neigh_suppress: act((draft, value) => { draft['neighSuppress'] = value; }, choice({ on: 1, off: 0 })),
  neigh_forward_grat: act((draft, value) => { draft['neighForwardGrat'] = value; }, choice({ on: 1, off: 0 })),
};

export const vlan: Command = {
  summary: 'VLANs of ports',
  examples: ['bridge vlan show', 'bridge vlan add dev veth0 vid 10 pvid untagged', 'bridge vlan del dev veth0 vid 1', 'bridge -j vlan show'],
  otherwise: 'show',
  commands: {
    add: {
      summary: 'let a VLAN pass',
      examples: ['bridge vlan add dev veth0 vid 10 pvid untagged', 'bridge vlan add dev br0 vid 10-20 self'],
      usage: 'dev DEVICE vid VID[-VID] [ pvid ] [ untagged ] [ self ] [ master ]',
      options: changeOptions,
      run: (context, words) => modify(context, words, 'setlink'),
    },
    'delete|del': {
      summary: 'let a VLAN pass no more',
      examples: ['bridge vlan del dev veth0 vid 1'],
      usage: 'dev DEVICE vid VID[-VID] [ self ] [ master ]',
      options: changeOptions,
      run: (context, words) => modify(context, words, 'dellink'),
    },
    set: {
      summary: 'change a VLAN at a port',
      examples: ['bridge vlan set dev veth0 vid 10 state forwarding'],
      usage: 'dev DEVICE vid VID[-VID] [ OPTIONS ]',
      options: setOptions,
      run(context, words) {
        const { index, vid, ...options } = parse(setOptions, words, {}, context) as { index?: number; vid?: Vid };
        if (index === undefined || vid === undefined) throw usage('which port and which VLAN?', 'bridge vlan set dev DEVICE vid VID ...');
        const entry = { info: { flags: ['onlyOpts'], vid: vid.first }, ...(vid.last !== undefined && { range: vid.last }), ...options };
        context.kernel.request('newvlan', { family: 'bridge', ifindex: index, entry: [entry] });
      },
    },
    tunnelshow: {
      summary: 'print which tunnels VLANs are',
      examples: ['bridge -compressvlans vlan tunnelshow'],
      usage: '[ dev DEVICE ] [ vid VID ]',
      options: showOptions,
      run: async (context, words) => (await import('./vlan-tunnel.ts')).showTunnels(context, words),
    },
    global: async () => (await import('./vlan-global.ts')).global,
    'show|list|lst': {
      summary: 'print VLANs',
      examples: ['bridge vlan show', 'bridge -s vlan show dev veth0'],
      usage: '[ dev DEVICE ] [ vid VID ]',
      options: showOptions,
      run: show,
    },
  },
};
