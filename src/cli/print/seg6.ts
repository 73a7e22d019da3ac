/** Segment routing as `ip sr` prints it. */
import { seg6HmacAlgorithm } from '../../families/generic/seg6.ts';
import type { Json, Printer, Sheet } from './printer.ts';

/** As a C program has it: up to the first NUL. */
const text = (secret: unknown): string => new TextDecoder().decode((secret as Uint8Array | undefined) ?? new Uint8Array()).replace(/\0.*$/s, '');
const known = new Set<unknown>(Object.keys(seg6HmacAlgorithm.names));

const key: Sheet = [
  ['hmac', 'hmac % ', 'hmackeyid'],
  ['algo', 'algo % ', ({ algid }) => (known.has(algid) ? algid : '<unknown>')],
  ['secret', 'secret "%"', ({ secret }) => text(secret)],
];

export function printHmac(printer: Printer, body: Json): void {
  printer.object(null, () => printer.sheet(key, body));
  printer.text('\n');
}

export function printTunnelSource(printer: Printer, body: Json): void {
  printer.object(null, () => printer.value('tunsrc', 'tunsrc addr %', body['dst']));
  printer.text('\n');
}
