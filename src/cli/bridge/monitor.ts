/** `bridge monitor`: ports, forwarding entries, multicast groups, VLANs and network identifiers as they change. */
import type { Command } from '../grammar.ts';
import { printVlandb } from '../print/vlandb.ts';
import { watcher, watchOptions, type WatchTable } from '../watch.ts';
import { printEntry } from './fdb.ts';
import { printPort } from './link.ts';
import { groups } from './mdb.ts';
import { printVnis } from './vni.ts';

const ports = { family: 'bridge' };

const table: WatchTable = {
  link: { groups: { any: ['link'] }, messages: ['link'], label: 'LINK', dump: ['getlink', ports], print: (printer, body) => printPort(printer, body) },
  fdb: {
    groups: { any: ['neigh'] }, messages: ['neigh'], label: 'NEIGH', dump: ['getneigh', ports],
    // Neighbours of IPv4 and IPv6 come in the same group.
    accepts: (body) => body['family'] === 'bridge',
    print: (printer, body) => printEntry(printer, body, {}),
  },
  mdb: { groups: { any: ['mdb'] }, messages: ['mdb'], label: 'MDB', print: (printer, body) => groups(printer, body, undefined) },
  vlan: { groups: { any: ['brvlan'] }, messages: ['vlan'], label: 'VLAN', unusual: true, print: (printer, body) => printVlandb(printer, body) },
  vni: { groups: { any: ['tunnel'] }, messages: ['tunnel'], label: 'TUNNEL', unusual: true, print: (printer, body) => printVnis(printer, body) },
};

export const monitor: Command = {
  summary: 'changes as they happen',
  examples: ['bridge monitor', 'bridge -ts monitor all', 'bridge -j monitor link fdb   # NDJSON, one event a line'],
  usage: '[ all | link | fdb | mdb | vlan | vni ] [ file FILE ] [ label ] [ all-nsid ] [ dev DEVICE ]',
  options: watchOptions(table),
  run: watcher(table),
};
