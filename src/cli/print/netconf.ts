/** Settings of an address family on an interface. */
import { onOff, via } from './formats.ts';
import type { Json, Printer, Sheet } from './printer.ts';

/** Not interfaces: all of them, and what new ones start with. */
const special: Readonly<Record<number, string>> = { [-1]: 'all', [-2]: 'default' };

const sheet: Sheet = [
  ['family', '% ', 'family'],
  ['interface', '% ', 'ifindex', { ...via((index, printer) => special[index as number] ?? printer.context.links.name(Number(index))), paint: 'ifname' }],
  ['forwarding', 'forwarding % ', 'forwarding', onOff],
  ['rp_filter', 'rp_filter % ', 'rpFilter', via((mode) => (typeof mode === 'number' ? 'unknown' : mode))],
  ['mc_forwarding', 'mc_forwarding % ', 'mcForwarding', onOff],
  ['proxy_neigh', 'proxy_neigh % ', 'proxyNeigh', onOff],
  ['ignore_routes_with_linkdown', 'ignore_routes_with_linkdown % ', 'ignoreRoutesWithLinkdown', onOff],
  ['input', 'input % ', 'input', onOff],
];

export function printNetconf(printer: Printer, settings: Json): void {
  printer.object(null, () => printer.sheet(sheet, settings));
  printer.text('\n');
}
