/** A prefix that an IPv6 router advertises. */
import { link } from './formats.ts';
import type { Json, Printer, Sheet } from './printer.ts';

const has = (flag: string) => (prefix: Json): unknown => (((prefix['flags'] ?? []) as string[]).includes(flag) ? null : undefined);

const sheet: Sheet = [
  ['prefix', 'prefix %/', 'address', { paint: 'inet6' }],
  ['prefix_len', '%', 'len'],
  ['dev', 'dev % ', 'ifindex', link],
  ['onlink', 'onlink ', has('onlink')],
  ['autoconf', 'autoconf ', has('autoconf')],
  ['valid_lft', 'valid % ', 'cacheinfo.validTime'],
  ['preferred_lft', 'preferred % ', 'cacheinfo.preferredTime'],
];

export function printPrefix(printer: Printer, prefix: Json): void {
  printer.object(null, () => printer.sheet(sheet, prefix));
  printer.text('\n');
}
