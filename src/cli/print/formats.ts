/** Ways of writing values that more than one sheet uses. */
import { routeProtocol } from '../../families/route/names.ts';
import { Raw } from './json.ts';
import type { Format, Printer } from './printer.ts';

/** The kernel's spelling of a name: `lowerUp` is LOWER_UP. */
export function constant(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => `_${letter}`).toUpperCase();
}

/** off/on in text, false/true in JSON. */
export const onOff: Format = {
  text: (value) => (isOn(value) ? 'on' : 'off'),
  json: (value) => isOn(value),
};

function isOn(value: unknown): boolean {
  return value === true || value === 'on' || value === 'enabled' || (typeof value === 'number' && value !== 0);
}

/** C's %#x: zero has no 0x. */
export const hex: Format = { text: hexadecimal, json: hexadecimal };

function hexadecimal(value: unknown): string {
  return Number(value) === 0 ? '0' : `0x${Number(value).toString(16)}`;
}

/** Centiseconds as the kernel's USER_HZ counts them, in a column; iproute2 writes seconds with two digits. */
export const seconds: Format = {
  text: secondsColumn,
  json: (value) => new Raw(hundredths(value)),
};

export function secondsColumn(value: unknown): string {
  return hundredths(value).padStart(7);
}
export function hundredths(value: unknown): string {
  const ticks = BigInt(value as number | bigint);
  return `${ticks / 100n}.${String(ticks % 100n).padStart(2, '0')}`;
}

/** u64 counters are bigint in the schema. */
export const counter: Format = { text: String, json: (value) => (typeof value === 'bigint' ? new Raw(String(value)) : value) };

/** An interface index as a name. */
export const linkName: Format = {
  text: (value, printer) => printer.context.links.name(Number(value)),
  json: (value, printer) => printer.context.links.name(Number(value)),
};
export const link: Format = { ...linkName, paint: 'ifname' };

/** A bridge id: two bytes of priority, six of address, which iproute2 writes without leading zeros. */
export function bridgeId(value: unknown): string | undefined {
  const { prio, addr } = value as { prio?: unknown; addr?: unknown };
  if (addr === undefined) return undefined;
  const bytes = prio instanceof Uint8Array || Array.isArray(prio) ? Array.from(prio as Iterable<number>) : [Number(prio) >> 8, Number(prio) & 255];
  const address = typeof addr === 'string' ? addr.split(':').map((byte) => Number.parseInt(byte, 16)) : Array.from(addr as Iterable<number>);
  return `${bytes.map((byte) => byte.toString(16).padStart(2, '0')).join('')}.${address.map((byte) => byte.toString(16)).join(':')}`;
}

export const bridge: Format = { text: bridgeId, json: bridgeId };

/** Six significant digits, as C's %g writes them. */
export function general(value: number): string {
  if (value !== 0 && (value >= 1e6 || value < 1e-4)) return value.toExponential(5).replace(/\.?0+e/, 'e').replace(/e([+-])(\d)$/, 'e$10$2');
  return String(Number(value.toPrecision(6)));
}

/** Names for values that are already names, else the number. */
export function words(table: Readonly<Record<string | number, string>>): Format {
  const name = (value: unknown): unknown => table[value as string | number] ?? value;
  return { text: (value) => String(name(value)), json: name };
}

/** Colour of an address. */
export function addressPaint(value: unknown): 'inet' | 'inet6' {
  return String(value).includes(':') ? 'inet6' : 'inet';
}

export const address: Format = { paint: addressPaint, host: true };

/** Writes through another function, for text and JSON alike. */
export function via(write: (value: unknown, printer: Printer) => unknown): Format {
  return { text: (value, printer) => String(write(value, printer)), json: write };
}

/** Bytes in hex, without anything between them. */
export function bytes(value: unknown): string {
  return Array.from(value as Uint8Array, (byte) => byte.toString(16).padStart(2, '0')).join('');
}

/** An enumeration's value as a number, whichever way it was decoded. */
export function numberOf(schema: { readonly names: Readonly<Record<string, number>> }, value: unknown): number {
  return typeof value === 'number' ? value : (schema.names[value as string] ?? 0);
}

/** Who made a route, a rule or a neighbour. */
export const protocolFormat = via((value, printer) => printer.context.names.name('rt_protos', numberOf(routeProtocol, value)));
