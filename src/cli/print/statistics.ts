/** Counters of a link: two tables in text, two objects in JSON. */
import { at } from '../grammar.ts';
import { counter } from './formats.ts';
import type { Json, Printer } from './printer.ts';

type Column = readonly [heading: string, key: string, json: string];

/** A table's columns; those of `more` come with -s -s, the last of each only when it counted something. */
interface Direction {
  readonly name: 'RX' | 'TX';
  readonly columns: readonly Column[];
  readonly more: readonly Column[];
  readonly optional: Column;
  readonly optionalMore?: Column;
}

const rx: Direction = {
  name: 'RX',
  columns: [
    ['bytes', 'rxBytes', 'bytes'], ['packets', 'rxPackets', 'packets'], ['errors', 'rxErrors', 'errors'],
    ['dropped', 'rxDropped', 'dropped'], ['missed', 'rxMissedErrors', 'over_errors'], ['mcast', 'multicast', 'multicast'],
  ],
  optional: ['compressed', 'rxCompressed', 'compressed'],
  more: [
    ['length', 'rxLengthErrors', 'length_errors'], ['crc', 'rxCrcErrors', 'crc_errors'], ['frame', 'rxFrameErrors', 'frame_errors'],
    ['fifo', 'rxFifoErrors', 'fifo_errors'], ['overrun', 'rxOverErrors', 'missed_errors'],
  ],
  optionalMore: ['nohandler', 'rxNohandler', 'nohandler'],
};

const tx: Direction = {
  name: 'TX',
  columns: [
    ['bytes', 'txBytes', 'bytes'], ['packets', 'txPackets', 'packets'], ['errors', 'txErrors', 'errors'],
    ['dropped', 'txDropped', 'dropped'], ['carrier', 'txCarrierErrors', 'carrier_errors'], ['collsns', 'collisions', 'collisions'],
  ],
  optional: ['compressed', 'txCompressed', 'compressed'],
  more: [
    ['aborted', 'txAbortedErrors', 'aborted_errors'], ['fifo', 'txFifoErrors', 'fifo_errors'],
    ['window', 'txWindowErrors', 'window_errors'], ['heartbt', 'txHeartbeatErrors', 'heartbeat_errors'],
    ['transns', 'carrierChanges', 'carrier_changes'],
  ],
};

/** Least widths of the columns. */
const least = [10, 7, 6, 7, 7, 7, 10];

/** @param more The second rows, too; `ip stats` has them with one -s, and knows no changes of carrier. */
export function statistics(printer: Printer, link: Json, more = printer.statistics > 1): void {
  const counters = (at(link, 'stats64') ?? at(link, 'stats')) as Json | undefined;
  if (!counters) return;
  const values: Json = { ...counters, carrierChanges: link['carrierChanges'] };
  if (printer.json) {
    printer.object(at(link, 'stats64') ? 'stats64' : 'stats', () => {
      for (const direction of [rx, tx]) printer.object(direction.name.toLowerCase(), () => json(printer, values, direction, more));
    });
    return;
  }
  // Numbers with units are short.
  const size = printer.context.options.human ? [...least] : widths(values, more);
  table(printer, values, rx, size, more);
  printer.newline();
  table(printer, values, tx, size, more);
}

function columnsOf(values: Json, direction: Direction, more: boolean): Column[] {
  const columns = [...(more ? direction.more : direction.columns)];
  const optional = more ? direction.optionalMore : direction.optional;
  if (optional && BigInt((values[optional[1]] as bigint | number | undefined) ?? 0) !== 0n) columns.push(optional);
  return columns;
}

function json(printer: Printer, values: Json, direction: Direction, more: boolean): void {
  const rows = [...columnsOf(values, direction, false), ...(more ? columnsOf(values, direction, true) : [])];
  for (const [, key, name] of rows) printer.value(name, null, values[key], counter);
}

/** `-h`: at most three digits and a unit of 1000, or of 1024 with -iec. */
function number(printer: Printer, value: unknown): string {
  const { human, iec } = printer.context.options;
  const base = iec ? 1024 : 1000, count = Number(value ?? 0);
  if (!human || count < base) return String(value);
  let unit = base, prefix = 0;
  while (count / base >= unit && prefix < units.length - 1) {
    unit *= base;
    prefix++;
  }
  const digits = count / unit < 10 ? 2 : count / unit < 100 ? 1 : 0;
  return `${(count / unit).toFixed(digits)}${units[prefix] as string}${iec ? 'i' : ''}`;
}
const units = 'kMGTPE';

/** Both tables and their second rows share the widths. */
function widths(values: Json, more: boolean): number[] {
  const size = [...least];
  const grow = (columns: readonly Column[], first: number): void => {
    columns.forEach(([, key], i) => {
      size[i + first] = Math.max(size[i + first] as number, String(values[key] ?? 0).length);
    });
  };
  for (const direction of [rx, tx]) {
    grow(direction.columns, 0);
    if (more) grow(direction.more, 1);
  }
  return size;
}

function table(printer: Printer, values: Json, direction: Direction, size: number[], second: boolean): void {
  const { name } = direction;
  const columns = columnsOf(values, direction, false);
  const head = columns.map(([heading], i) => heading.padStart((size[i] as number) - (i === 0 ? 4 : 0)));
  if (columns.length < size.length) head.push(''.padStart(size[6] as number));
  printer.text(`    ${name}: ${head.join(' ')}`);
  printer.newline();
  printer.text(`    ${columns.map(([, key], i) => `${number(printer, values[key]).padStart(size[i] as number)} `).join('')}`);
  if (!second) return;
  const more = columnsOf(values, direction, true);
  printer.newline();
  printer.text(`    ${name} errors:${''.padStart((size[0] as number) - 10)} ${more.map(([heading, key], i) => (values[key] === undefined ? '' : heading).padStart(size[i + 1] as number)).join(' ')}`);
  printer.newline();
  printer.text(`    ${' '.repeat((size[0] as number) + 1)}${more.map(([, key], i) => (values[key] === undefined ? '' : `${number(printer, values[key]).padStart(size[i + 1] as number)} `)).join('')}`);
}
