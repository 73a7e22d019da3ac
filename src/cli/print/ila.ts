/** Locators that are written anew, as `ip ila` prints them: a table without a head. */
import { ilaChecksum, ilaIdentifier, locator } from './encap.ts';
import type { Format, Json, Printer, Sheet } from './printer.ts';

/** A link by name; any is *. */
const link = (index: unknown, printer: Printer): string => (Number(index) === 0 ? '*' : printer.context.links.name(Number(index)));
const device: Format = { text: (index, printer) => link(index, printer).padEnd(16), json: link, paint: 'ifname' };

const sheet: Sheet = [
  ['locator_match', '%20', 'locatorMatch', locator],
  ['locator', '%20', 'locator', locator],
  ['interface', '%', 'ifindex', device],
  ['csum_mode', '%', 'csumMode', ilaChecksum],
  ['ident_type', '%', 'identType', ilaIdentifier],
];

export function printMapping(printer: Printer, body: Json): void {
  printer.object(null, () => printer.sheet(sheet, body));
  printer.newline();
}
