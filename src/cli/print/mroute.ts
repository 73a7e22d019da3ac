/** A route of multicast packets. */
import { hundredths, linkName } from './formats.ts';
import type { Json, Printer, Sheet } from './printer.ts';
import { tableOf } from './route.ts';
import { Raw } from './json.ts';

/** Where copies leave; `hops` is the TTL that a packet must have. */
function outputs(printer: Printer, route: Json): void {
  const hops = route['multipath'] as Json[] | undefined;
  if (!hops) return;
  if (hops.length > 0) printer.text('Oifs: ');
  printer.array('multipath', () => {
    for (const hop of hops) {
      printer.object(null, () => {
        printer.value('oif', '%', hop['ifindex'], { ...linkName, paint: 'ifname' });
        if (Number(hop['hops']) > 1) printer.value('ttl', '(ttl %)', hop['hops']);
        printer.text(' ');
      });
    }
  });
}

const has = (flag: string) => (route: Json): boolean => (route['flags'] as unknown[]).includes(flag);
const unresolved = has('unresolved'), offloaded = has('offload');

const statistics: Sheet = [
  ['packets', '  % packets,', 'mfcStats.packets', { json: (value) => new Raw(String(value)) }],
  ['bytes', ' % bytes', 'mfcStats.bytes', { json: (value) => new Raw(String(value)) }],
  ['wrong_if', ', % arrived on wrong iif.', (route) => Number((route['mfcStats'] as Json)['wrongIf']) || undefined],
];

const sheet: Sheet = [
  ['src', null, (route) => route['src'] ?? 'unknown'],
  ['dst', null, (route) => route['dst'] ?? 'unknown'],
  (printer, route) => printer.text(`${`(${String(route['src'] ?? 'unknown')},${String(route['dst'] ?? 'unknown')})`.padEnd(32)} Iif: `),
  (printer, route) => {
    if (route['iif']) printer.value('iif', '%10 ', route['iif'], { ...linkName, paint: 'ifname' });
    else printer.value('iif', '% ', 'unresolved');
  },
  outputs,
  ['state', ' State: %', (route) => (unresolved(route) ? 'unresolved' : 'resolved')],
  ['offload', ' offload', (route) => (offloaded(route) ? null : undefined)],
  (printer, route) => {
    if (printer.statistics === 0) return;
    if (route['mfcStats'] !== undefined) {
      printer.newline();
      printer.sheet(statistics, route);
    }
    printer.value('expires', ', Age %', route['expires'], { text: hundredths, json: (ticks) => Number(hundredths(ticks)) });
  },
];

/** @param table The table that was asked for; 0: of all. */
export function printMroute(printer: Printer, route: Json, table: number): void {
  printer.object(null, () => {
    printer.sheet(sheet, route);
    const own = tableOf(route);
    if (own !== 0 && (own !== 254 || printer.details) && table === 0) printer.value('table', ' Table: %', printer.context.names.name('rt_tables', own));
  });
  printer.text('\n');
}
