/** `prio`, and what is printed of `pfifo_fast`. */
import { usage } from '../../errors.ts';
import { to } from '../../grammar.ts';
import { integer, u8 } from '../../values.ts';
import type { ValueType } from '../../grammar.ts';
import type { Json, Printer } from '../../print/printer.ts';
import type { TcKind } from '../kind.ts';

/** Priorities that the kernel tells apart: TC_PRIO_MAX + 1. */
const priorities = 16, defaultMap = [1, 2, 2, 2, 1, 2, 0, 0, 1, 1, 1, 1, 1, 1, 1, 1];

/** Numbers for as long as there are any, one for each priority; the last stands for those that are not given. */
export const bandMap = (fill: (given: readonly number[]) => number[]): ValueType => ({
  name: 'BAND...',
  read(words, context, after) {
    const given: number[] = [];
    while (given.length < priorities && /^\d/.test(words.peek() ?? '')) given.push(u8('BAND').read(words, context, after) as number);
    if (given.length === 0) throw usage(`"${after}" needs a band for each priority`, `${after} 1 2 2 2 1 2 0 0 1 1 1 1 1 1 1 1`);
    return fill(given);
  },
});

function printBands(printer: Printer, { bands, priomap }: Json): void {
  printer.value('bands', 'bands % ', bands);
  printer.list('priomap', priomap as number[], `priomap ${(priomap as number[]).join(' ')}`);
  printer.value('multiqueue', null, false);
}
/** Its bands are fixed. */
export const pfifoFast: TcKind = { options: {}, print: printBands };

export const prio: TcKind = {
  options: {
    bands: to('bands', integer('BANDS', 2, 16), 'how many'),
    priomap: to('priomap', bandMap((given) => defaultMap.map((band, i) => given[i] ?? band)), 'a band for each of 16 priorities'),
  },
  build({ bands = 3, priomap = defaultMap }) {
    const most = Math.max(...(priomap as number[]));
    if (most >= Number(bands)) throw usage(`band ${most} of the map is not there`, `there are ${Number(bands)}: 0 to ${Number(bands) - 1}`);
    return { bands, priomap };
  },
  print: printBands,
};
