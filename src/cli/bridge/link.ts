/** `bridge link`: bridge ports as the bridge sees them (net/bridge/br_netlink.c). */
import { usage } from '../errors.ts';
import { act, at, is, parse, to, type Command, type Draft, type Grammar } from '../grammar.ts';
import { portStateName, portStates } from '../ip/kinds/bridge-slave.ts';
import { toggle, toggles } from '../ip/kinds/kind.ts';
import { flags, name } from '../print/link.ts';
import { linkName, via } from '../print/formats.ts';
import { Printer, type Json, type Sheet } from '../print/printer.ts';
import { choice, device, u16, u32, u8 } from '../values.ts';

const setOptions: Grammar = {
  dev: act((draft, value) => { draft['index'] = value; }, device),
  cost: to('protinfo.cost', u32()),
  priority: to('protinfo.priority', u16()),
  state: to('protinfo.state', choice(portStates, true)),
  ...toggles({
    guard: 'protinfo.guard', hairpin: 'protinfo.mode', fastleave: 'protinfo.fastLeave', root_block: 'protinfo.protect',
    learning: 'protinfo.learning', learning_sync: 'protinfo.learningSync', flood: 'protinfo.unicastFlood',
    mcast_flood: 'protinfo.mcastFlood', bcast_flood: 'protinfo.bcastFlood', mcast_to_unicast: 'protinfo.mcastToUcast',
    neigh_suppress: 'protinfo.neighSuppress', vlan_tunnel: 'protinfo.vlanTunnel', isolated: 'protinfo.isolated',
    locked: 'protinfo.locked', mab: 'protinfo.mab', neigh_vlan_suppress: 'protinfo.neighVlanSuppress', neigh_forward_grat: 'protinfo.neighForwardGrat',
  }),
  mcast_router: to('protinfo.multicastRouter', u8('{ 0 | 1 | 2 | 3 }')),
  mcast_max_groups: to('protinfo.mcastMaxGroups', u32()),
  backup_nhid: to('protinfo.backupNhid', u32('ID')),
  // A mode is the device's own, so the request goes to the device.
  hwmode: act((draft, value) => {
    ((draft['afSpec'] ??= {}) as Draft)['mode'] = value;
    addFlag(draft, 'self');
  }, choice({ vepa: 'vepa', veb: 'veb' })),
  backup_port: to('protinfo.backupPort', device),
  nobackup_port: is('protinfo.backupPort', 0),
  self: act((draft) => addFlag(draft, 'self')),
  master: act((draft) => addFlag(draft, 'master')),
};

function addFlag(draft: Draft, flag: string): void {
  const spec = (draft['afSpec'] ??= {}) as Draft;
  spec['flags'] = [...new Set([...((spec['flags'] ?? []) as string[]), flag])];
}

/** The state and costs of a port, on its line. */
const portSheet: Sheet = [
  ['state', 'state % ', 'state', via(portStateName)],
  ['priority', 'priority % ', 'priority'],
  ['cost', 'cost % ', 'cost'],
];

/** `-d`. */
const detailSheet: Sheet = [
  toggle('hairpin', 'mode'),
  toggle('guard'),
  toggle('root_block', 'protect'),
  toggle('fastleave', 'fastLeave'),
  toggle('learning'),
  toggle('learning_sync'),
  toggle('flood', 'unicastFlood'),
  toggle('mcast_flood'),
  toggle('bcast_flood'),
  ['mcast_router', 'mcast_router % ', 'multicastRouter'],
  toggle('mcast_to_unicast', 'mcastToUcast'),
  toggle('neigh_suppress'),
  toggle('neigh_vlan_suppress'),
  toggle('neigh_forward_grat'),
  toggle('vlan_tunnel'),
  ['backup_port', 'backup_port % ', 'backupPort', linkName],
  ['backup_nhid', 'backup_nhid % ', (port) => port['backupNhid'] || undefined],
  toggle('isolated'),
  toggle('locked'),
  toggle('mab'),
  ['mcast_n_groups', 'mcast_n_groups % ', 'mcastNGroups'],
  ['mcast_max_groups', 'mcast_max_groups % ', 'mcastMaxGroups'],
];

const headSheet: Sheet = [
  ['mtu', 'mtu % ', 'mtu'],
  ['master', 'master % ', 'master', linkName],
];

export function printPort(printer: Printer, link: Json): void {
  printer.object(null, () => {
    printer.value('ifindex', '%: ', link['index']);
    const down = name(printer, link, '%: ');
    flags(printer, link, down);
    printer.sheet(headSheet, link);
    const port = link['protinfo'] as Json | undefined;
    if (port) {
      printer.sheet(portSheet, port);
      if (printer.details) {
        printer.newline();
        printer.text('    ');
        printer.sheet(detailSheet, port);
      }
    }
    const mode = at(link, 'afSpec.mode');
    if (mode !== undefined) printer.value('hwmode', 'hwmode % ', String(mode).toUpperCase());
  });
  printer.text('\n');
}

const showOptions: Grammar = {
  dev: act((draft, value) => { draft['dev'] = value; }, device),
  master: act((draft, value) => { draft['master'] = value; }, device),
};

export const link: Command = {
  summary: 'bridge ports',
  examples: ['bridge link show', 'bridge -d link show dev veth0', 'bridge link set dev veth0 isolated on'],
  otherwise: 'show',
  commands: {
    'set|change': {
      summary: 'change a port',
      examples: ['bridge link set dev veth0 cost 10 priority 8', 'bridge link set dev veth0 learning off flood off'],
      usage: 'dev DEVICE [ OPTIONS ]',
      options: setOptions,
      run(context, words) {
        const { index, afSpec, protinfo } = parse(setOptions, words, {}, context);
        if (index === undefined) throw usage('which port?', 'bridge link set dev DEVICE ...');
        context.kernel.request('setlink', { family: 'bridge', index, protinfo: protinfo ?? {}, ...(afSpec !== undefined && { afSpec }) });
      },
    },
    'show|list|lst': {
      summary: 'print ports',
      examples: ['bridge link show', 'bridge -j -d link show'],
      usage: '[ dev DEVICE ] [ master DEVICE ]',
      options: showOptions,
      run(context, words) {
        const { dev, master } = parse(showOptions, words, {}, context);
        const links = context.kernel.dump('getlink', { family: 'bridge' });
        if (context.options.dryRun) return;
        const printer = new Printer(context);
        for (const port of links) {
          // The bridge itself is in the dump, too: it is no port.
          if (port['master'] === undefined && port['afSpec'] === undefined) continue;
          if (dev !== undefined && port['index'] !== dev) continue;
          if (master !== undefined && port['master'] !== master) continue;
          printPort(printer, port);
        }
        printer.finish();
      },
    },
  },
};
