/** Ports of foo over UDP as `ip fou` prints them. */
import { linkName } from './formats.ts';
import type { Format, Json, Printer, Sheet } from './printer.ts';

const host: Format = { host: true };
/** An address; what is zero is any, and not said. */
const given = (v4: string, v6: string) => (body: Json): unknown => [body[v4], body[v6]].find((one) => one !== undefined && one !== '0.0.0.0' && one !== '::');

const sheet: Sheet = [
  ['port', 'port %', 'port'],
  ['gue', ' gue', ({ type }) => (type === 'gue' ? null : undefined)],
  ['ipproto', ' ipproto %', ({ type, ipproto }) => (type === 'gue' ? undefined : ipproto)],
  ['family', null, 'af'],
  [null, ' -6', ({ af }) => (af === 'inet6' ? true : undefined)],
  ['local', ' local %', given('localV4', 'localV6'), host],
  ['peer', ' peer %', given('peerV4', 'peerV6'), host],
  ['peer_port', ' peer_port %', ({ peerPort }) => peerPort || undefined],
  ['dev', ' dev %', ({ ifindex }) => ifindex || undefined, linkName],
];

export function printFou(printer: Printer, body: Json): void {
  printer.object(null, () => printer.sheet(sheet, body));
  printer.text('\n');
}
