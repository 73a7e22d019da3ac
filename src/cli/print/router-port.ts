/** A port of a bridge behind which there is a multicast router (net/bridge/br_mdb.c), of the bridge or of one VLAN. */
import { via } from './formats.ts';
import type { Json, Printer } from './printer.ts';

/** Centiseconds as seconds, in a column. */
export function centiseconds(ticks: unknown): string {
  const number = Number(ticks);
  return `${String(Math.floor(number / 100)).padStart(4)}.${String(number % 100).padStart(2, '0')}`;
}

/** MDB_RTR_TYPE_*: those that time out. */
const passing = new Set(['tempQuery', 'temp']);

/** What `-s` adds: for how long, and whether for good. */
export function routerTimer(printer: Printer, port: Json): void {
  printer.value('timer', ' %', port['timer'], via(centiseconds));
  printer.value('type', ' %', port['type'], via((type) => (passing.has(type as string) ? 'temp' : 'permanent')));
}
