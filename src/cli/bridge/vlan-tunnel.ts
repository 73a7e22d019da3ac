/** `bridge vlan tunnelshow`: which tunnel each VLAN of a port is (net/bridge/br_netlink_tunnel.c). */
import type { Context } from '../context.ts';
import { at, parse } from '../grammar.ts';
import { Printer } from '../print/printer.ts';
import { nameColumn, nameWidth } from '../print/vlandb.ts';
import type { Words } from '../words.ts';
import { showOptions, type Vid } from './vid.ts';

interface Tunnel { vid: number; id: number; flags: string[] }
interface Mapping { first: Tunnel; last: Tunnel }

/** Two entries enclose a range. */
function mappings(entries: readonly Tunnel[]): Mapping[] {
  const all: Mapping[] = [];
  for (const entry of entries) {
    const previous = all.at(-1);
    if (entry.flags.includes('rangeEnd') && previous) previous.last = entry;
    else all.push({ first: entry, last: entry });
  }
  return all;
}

/** The column of VLANs. */
const vlanWidth = 9;

/** Prints `10-20` or `10`, and says how long it is. */
function range(printer: Printer, key: string, first: number, last: number): number {
  printer.value(key, '%', first);
  if (first !== last) printer.value(`${key}End`, '-%', last);
  return (first === last ? String(first) : `${first}-${last}`).length;
}

export function showTunnels(context: Context, words: Words): void {
  const { dev, vid } = parse(showOptions, words, {}, context) as { dev?: number; vid?: Vid };
  const links = context.kernel.dump('getlink', { family: 'bridge', extMask: [context.options.compressVlans ? 'brvlanCompressed' : 'brvlan'] });
  if (context.options.dryRun) return;
  const printer = new Printer(context);
  printer.text(`${'port'.padEnd(nameWidth)}  ${'vlan-id'.padEnd(vlanWidth)}  tunnel-id\n`);
  for (const link of links) {
    const entries = at(link, 'afSpec.vlanTunnelInfo') as Tunnel[] | undefined;
    if (!entries || (dev !== undefined && link['index'] !== dev)) continue;
    const own = mappings(entries).filter(({ first, last }) => vid === undefined || (first.vid <= vid.first && (vid.last ?? vid.first) <= last.vid));
    if (own.length > 0) port(printer, context.links.name(Number(link['index'])), own);
  }
  printer.finish();
}

function port(printer: Printer, name: string, own: readonly Mapping[]): void {
  const body = (): void => own.forEach(({ first, last }, i) => {
    printer.object(null, () => {
      nameColumn(printer, i === 0 ? name : '');
      const width = range(printer, 'vlan', first.vid, last.vid);
      printer.text(`${' '.repeat(Math.max(0, vlanWidth - width))}  `);
      range(printer, 'tunid', first.id, last.id);
    });
    printer.newline();
  });
  printer.object(null, () => {
    printer.value('ifname', null, name);
    printer.array('tunnels', body);
  });
}

