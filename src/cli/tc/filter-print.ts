/** How filters and chains are printed. */
import { counter } from '../print/formats.ts';
import type { Json, Printer } from '../print/printer.ts';
import { printKey, printPlace, type Said } from './filter-place.ts';
import { filterKinds } from './filters/index.ts';

function printOptions(printer: Printer, body: Json): void {
  const kind = filterKinds[String(body['kind'])];
  if (body['options'] === undefined) return;
  printer.object('options', () => {
    if (kind) kind.print(printer, body['options'] as Json, body['handle'] as number);
    else printer.text('[cannot parse parameters]');
  });
}
/** @param what Before it: that it was deleted, or added. */
export function printFilter(printer: Printer, body: Json, asked: Said = {}, what?: string): void {
  printer.object(null, () => {
    if (what !== undefined) printer.value(what, `${what} `, true);
    printer.text('filter ');
    printPlace(printer, body, asked);
    printKey(printer, body, asked);
    printer.value('kind', '% ', body['kind']);
    if (body['chain'] !== undefined && asked.chain !== body['chain']) printer.value('chain', 'chain % ', body['chain']);
    printOptions(printer, body);
    printer.newline();
    if (printer.statistics > 0) printStats(printer, body['stats'] as Json | undefined);
  });
}
/** Counters of a limit that is part of a filter. */
function printStats(printer: Printer, stats: Json | undefined): void {
  if (!stats) return;
  printer.value('bytes', ' Sent % bytes', stats['bytes'], counter);
  printer.value('packets', ' % pkts', stats['packets']);
  printer.value('dropped', ' (dropped %', stats['drops']);
  printer.value('overlimits', ', overlimits %) ', stats['overlimits']);
  printer.newline();
}
export function printChain(printer: Printer, body: Json, asked: Said = {}, what?: string): void {
  printer.object(null, () => {
    if (what !== undefined) printer.value(what, `${what} `, true);
    printer.text('chain ');
    printPlace(printer, body, asked);
    if (body['kind'] !== undefined) printer.value('kind', '% ', body['kind']);
    if (body['chain'] !== undefined && asked.chain !== body['chain']) printer.value('chain', 'chain % ', body['chain']);
    printOptions(printer, body);
    printer.newline();
  });
}
