/** Rates, sizes, times and shares of traffic control: as they are written, and as they are printed. Rates are bytes a second. */
import { usage } from '../errors.ts';
import type { ValueType } from '../grammar.ts';
import { general } from '../print/formats.ts';
import { Raw } from '../print/json.ts';
import type { Format, Printer } from '../print/printer.ts';
import { word } from '../values.ts';

type Units = Readonly<Record<string, number>>;

const prefixes: Units = { k: 1e3, m: 1e6, g: 1e9, t: 1e12 }, binaries: Units = { k: 2 ** 10, m: 2 ** 20, g: 2 ** 30, t: 2 ** 40 };
/** Bits, and bytes as `bps`. */
const rateUnits: Units = Object.fromEntries([['bit', 1], ['bps', 8]].flatMap(([unit, bits]) => [
  [unit, bits], ...Object.entries(prefixes).map(([p, n]) => [`${p}${unit}`, n * Number(bits)]), ...Object.entries(binaries).map(([p, n]) => [`${p}i${unit}`, n * Number(bits)]),
]) as [string, number][]);
/** Sizes go by 1024, bits among them. */
const sizeUnits: Units = Object.fromEntries([['b', 1], ...['k', 'm', 'g'].flatMap((p) => { const n = binaries[p] as number; return [[p, n], [`${p}b`, n], [`${p}bit`, n / 8]]; })] as [string, number][]);
const timeUnits: Units = Object.fromEntries([['s', 1e9], ['ms', 1e6], ['us', 1e3], ['ns', 1]].flatMap(([unit, ns]) => (unit === 's' ? ['s', 'sec', 'secs'] : [unit, `${unit}ec`, `${unit}ecs`]).map((name) => [name, ns])) as [string, number][]);

/** A number with a unit behind it; undefined: it is none of those. */
function measured(given: string, units: Units, plain: number): number | undefined {
  const [, number = '', unit = ''] = /^(0x[0-9a-f]+|\d+\.?\d*(?:e[+-]?\d+)?|\.\d+)\s*([a-z]*)$/i.exec(given) ?? [];
  const factor = unit === '' ? plain : units[unit.toLowerCase()];
  return number === '' || factor === undefined ? undefined : Number(number) * factor;
}
const reader = <T>(what: string, example: string, units: Units, plain: number, most: number, made: (n: number) => T) => (given: string, after: string): T => {
  const value = measured(given, units, plain);
  if (value === undefined) throw usage(`"${given}" is not a ${what} for "${after}"`, example);
  if (value > most) throw usage(`${given} is too large for "${after}"`);
  return made(value);
};
const quantity = (name: string, ...how: Parameters<typeof reader<unknown>>): ValueType => {
  const read = reader(...how);
  return word(name, (given, _context, after) => read(given, after));
};

/** `10mbit`, `1.5gbit`, `100kbps`: bytes a second, a bigint. */
export const rate: ValueType = quantity('RATE', 'rate', 'a number and a unit: 10mbit, 1gbit, 100kbps (bytes)', rateUnits, 1, 2 ** 63, (bits) => BigInt(Math.trunc(bits / 8)));
/** The same, where 32 bits must do. */
export const rate32: ValueType = quantity('RATE', 'rate', 'a number and a unit: 10mbit, 1gbit, 100kbps (bytes)', rateUnits, 1, 8 * 0xffffffff, (bits) => Math.trunc(bits / 8));
/** `64kb`, `1500`: bytes. */
export const readSize = reader('size', 'a number and a unit: 1500b, 64kb, 1mbit', sizeUnits, 1, 0xffffffff, Math.trunc);
export const size: ValueType = word('BYTES', (given, _context, after) => readSize(given, after));
/** `5ms`, `100us`; microseconds. */
export const time: ValueType = quantity('TIME', 'time', 'a number and a unit: 5ms, 100us, 1s', timeUnits, 1e3, 0xffffffff * 1e3, (ns) => Math.trunc(ns / 1e3));
/** The same in nanoseconds, a bigint. */
export const time64: ValueType = quantity('TIME', 'time', 'a number and a unit: 5ms, 100us, 1s', timeUnits, 1, 2 ** 63, (ns) => BigInt(Math.trunc(ns)));

/** `1.5%`, in parts of `whole`. */
export const share = (whole: number): ValueType => word('PERCENT', (given, _context, after) => readShare(given, whole, after));
export function readShare(given: string, whole: number, after: string): number {
  const [, number] = /^(\d+\.?\d*|\.\d+)%$/.exec(given) ?? [];
  if (number === undefined || Number(number) > 100) throw usage(`"${given}" is not a share for "${after}"`, 'between 0% and 100%');
  return Math.round(Number(number) / 100 * whole);
}
/** Whether a word is a share. */
export const isShare = (given: string | undefined): boolean => given !== undefined && /^[\d.]+%$/.test(given);

const numeric = (value: unknown): number | Raw => (typeof value === 'bigint' ? new Raw(String(value)) : Number(value));

/** `10Mbit`; with -iec by 1024. */
export function rateText(bytes: number | bigint, { iec }: { iec: boolean }): string {
  const kilo = iec ? 1024n : 1000n, units = ['', 'K', 'M', 'G', 'T'];
  let bits = BigInt(bytes) * 8n, i = 0;
  for (; i < 4 && bits >= kilo && (bits % kilo === 0n || bits >= 1000n * kilo); i++) bits /= kilo;
  return `${bits}${units[i]}${iec && i > 0 ? 'i' : ''}bit`;
}
/** `15Kb`, `1514b`. */
export function sizeText(bytes: number | bigint): string {
  const n = Number(bytes), whole = (unit: number): number => evenly(n / unit);
  if (n >= 2 ** 20 && Math.abs(2 ** 20 * whole(2 ** 20) - n) < 1024) return `${general(whole(2 ** 20))}Mb`;
  if (n >= 1024 && Math.abs(1024 * whole(1024) - n) < 16) return `${general(whole(1024))}Kb`;
  return `${n}b`;
}
/** C's rint: halves go to the even number. */
const evenly = (n: number): number => (n % 1 === 0.5 ? 2 * Math.round(n / 2) : Math.round(n));

/** C's %.3g. */
const three = (n: number): string => String(Number(n.toPrecision(3)));
/** Microseconds. */
export const timeText = (us: number): string => (us >= 1e6 ? `${three(us / 1e6)}s` : us >= 1e3 ? `${three(us / 1e3)}ms` : `${us}us`);
/** Nanoseconds. */
export function time64Text(given: number | bigint): string {
  const ns = Number(given);
  return ns >= 1e9 ? `${three(ns / 1e9)}s` : ns >= 1e6 ? `${three(ns / 1e6)}ms` : ns >= 1e3 ? `${three(ns / 1e3)}us` : `${ns}ns`;
}
/** `5%`, of parts of `whole`. */
export const shareText = (value: number, whole: number): string => `${general(value / whole * 100)}%`;

export const rateFormat: Format = { text: (value, printer: Printer) => rateText(value as number | bigint, printer.context.options), json: numeric };
export const sizeFormat: Format = { text: (value) => sizeText(value as number | bigint), json: numeric };
export const timeFormat: Format = { text: (value) => timeText(Number(value)), json: numeric };
export const time64Format: Format = { text: (value) => time64Text(value as number | bigint), json: numeric };

/** Time is counted in ticks of 64 ns (PSCHED_SHIFT of include/net/pkt_sched.h). */
const TICKS = 15.625;
export const ticksOf = (us: number): number => us * TICKS;
export const microsecondsOf = (ticks: number): number => ticks / TICKS;
/** The ticks that so many bytes take at a rate. */
export const transmitTicks = (rate_: number | bigint, bytes: number): number => Math.min(Math.ceil(ticksOf(1e6 * (bytes / Number(rate_)))), 0xffffffff);
/** The bytes that so many ticks have room for. */
export const transmitBytes = (rate_: number | bigint, ticks: number): number => Math.trunc(Number(rate_) * microsecondsOf(ticks) / 1e6);
