/** `bridge vlan global`: options of a VLAN that hold for the whole bridge (net/bridge/br_vlan_options.c). */
import type { Context } from '../context.ts';
import { usage } from '../errors.ts';
import { act, parse, to, type Command, type Grammar } from '../grammar.ts';
import { queryOptions } from '../ip/kinds/bridge.ts';
import { Printer, type Json } from '../print/printer.ts';
import { nameWidth, printVlandb } from '../print/vlandb.ts';
import { device, u16, u8 } from '../values.ts';
import type { Words } from '../words.ts';
import { vidRange, type Vid } from './vid.ts';

const which: Grammar = {
  dev: act((draft, value) => { draft['index'] = value; }, device),
  vid: act((draft, value) => { draft['vid'] = value; }, vidRange),
};

const setOptions: Grammar = {
  ...which,
  mcast_snooping: to('mcastSnooping', u8('{ 0 | 1 }')),
  mcast_querier: to('mcastQuerier', u8('{ 0 | 1 }')),
  mcast_igmp_version: to('mcastIgmpVersion', u8('{ 2 | 3 }')),
  mcast_mld_version: to('mcastMldVersion', u8('{ 1 | 2 }')),
  ...queryOptions,
  msti: to('msti', u16('INSTANCE')),
};

function set(context: Context, words: Words): void {
  const { index, vid, ...options } = parse(setOptions, words, {}, context) as { index?: number; vid?: Vid };
  if (index === undefined || vid === undefined) throw usage('which bridge and which VLAN?', 'bridge vlan global set dev BRIDGE vid VID ...');
  const entry = { id: vid.first, ...(vid.last !== undefined && { range: vid.last }), ...options };
  context.kernel.request('newvlan', { family: 'bridge', ifindex: index, globalOptions: [entry] });
}

function show(context: Context, words: Words): void {
  const { index, vid } = parse(which, words, {}, context) as { index?: number; vid?: Vid };
  const found = context.kernel.dump('getvlan', { family: 'bridge', flags: ['global'] });
  if (context.options.dryRun) return;
  const printer = new Printer(context);
  printer.text(`${'port'.padEnd(nameWidth)}  vlan-id  \n`);
  for (const message of found) {
    if (index !== undefined && message['ifindex'] !== index) continue;
    const own = ((message['globalOptions'] ?? []) as Json[]).filter((entry) => vid === undefined || (Number(entry['id']) <= vid.first && vid.first <= Number(entry['range'] ?? entry['id'])));
    if (own.length > 0) printVlandb(printer, { ...message, globalOptions: own });
  }
  printer.finish();
}

export const global: Command = {
  summary: 'options of VLANs for the whole bridge',
  examples: ['bridge vlan global show', 'bridge vlan global set dev br0 vid 10 mcast_snooping 1'],
  otherwise: 'show',
  commands: {
    set: { summary: 'change options', usage: 'dev BRIDGE vid VID[-VID] [ OPTIONS ]', options: setOptions, run: set },
    'show|list|lst': { summary: 'print options', usage: '[ dev BRIDGE ] [ vid VID ]', options: which, run: show },
  },
};
