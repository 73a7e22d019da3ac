/** A port of a bridge behind which there is a multicast router (net/bridge/br_mdb.c), of the bridge or of one VLAN. */
import { secondsColumn, via } from './formats.ts';
import type { Json, Printer } from './printer.ts';

/** MDB_RTR_TYPE_*: those that time out. */
const passing = new Set(['tempQuery', 'temp']);

/** What `-s` adds: for how long, and whether for good. */
export function routerTimer(printer: Printer, port: Json): void {
  printer.value('timer', ' %', port['timer'], via(secondsColumn));
  printer.value('type', ' %', port['type'], via((type) => (passing.has(type as string) ? 'temp' : 'permanent')));
}
