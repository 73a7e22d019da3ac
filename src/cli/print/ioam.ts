/** Namespaces, schemas and traces of in-situ measurement as `ip ioam` prints them. */
import { bytes } from './formats.ts';
import type { Format, Json, Printer, Sheet } from './printer.ts';

/** C's %#0Nx: zeros up to the width; zero itself has no 0x. */
const padded = (digits: number) => (value: unknown): string => (Number(value) === 0 ? '0'.repeat(digits + 2) : `0x${(value as number | bigint).toString(16).padStart(digits, '0')}`);
const plain = (value: unknown): string => (value as number | bigint).toString(16);

const namespace: Sheet = [
  ['namespace', 'namespace %', 'nsId'],
  ['schema', ' [schema %]', 'scId'],
  ['data', ', data %', 'nsData', { text: padded(8), json: plain }],
  ['wide', ', wide %', 'nsDataWide', { text: padded(16), json: (value) => (Number(value) === 0 ? '0' : `0x${plain(value)}`) }],
];

export function printNamespace(printer: Printer, body: Json): void {
  printer.object(null, () => printer.sheet(namespace, body));
  printer.newline();
}

const octets: Format = { text: (value) => Array.from(value as Uint8Array, (byte) => ` ${byte.toString(16).padStart(2, '0')}`).join(''), json: (value) => Array.from(value as Uint8Array) };

const schema: Sheet = [
  ['schema', 'schema %', 'scId'],
  ['namespace', ' [namespace %]', 'nsId'],
  ['data', ', data:%', ({ scData = new Uint8Array() }) => scData, octets],
];

export function printSchema(printer: Printer, body: Json): void {
  printer.object(null, () => printer.sheet(schema, body));
  printer.newline();
}

const trace: Sheet = [
  ['namespace', 'Namespace=% ', 'traceNamespace'],
  ['nodelen', 'NodeLen=% ', 'traceNodelen'],
  ['type', 'Type=% ', 'traceType', { text: padded(6) }],
  ['data', 'Data=%', ({ traceData = new Uint8Array() }) => traceData, { text: bytes, json: bytes }],
];

export function printTrace(printer: Printer, body: Json): void {
  printer.object(null, () => {
    printer.value('event', null, body['cmd']);
    printer.text('[TRACE] ');
    printer.sheet(trace, body);
  });
  printer.text('\n');
}
