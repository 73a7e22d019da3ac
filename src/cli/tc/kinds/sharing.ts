/** `drr`, `qfq` and `ets`: turns that are not alike. */
import { usage } from '../../errors.ts';
import { at, to, type ValueType } from '../../grammar.ts';
import { integer, u32 } from '../../values.ts';
import type { TcKind } from '../kind.ts';
import { size, sizeText } from '../units.ts';
import { bandMap } from './prio.ts';

export const drrClass: TcKind = {
  options: { quantum: to('quantum', size, 'bytes a round') },
  print: (printer, { quantum }) => printer.value(null, 'quantum % ', quantum, { text: (value) => sizeText(Number(value)) }),
  printStats: (printer, { deficit }) => printer.value(null, ' deficit % ', deficit, { text: (value) => sizeText(Number(value)) }),
};

export const qfqClass: TcKind = {
  options: { weight: to('weight', u32('WEIGHT'), 'share'), maxpkt: to('lmax', u32('BYTES'), 'largest packet') },
  print(printer, { weight, lmax }) {
    printer.value('weight', 'weight % ', weight);
    printer.value('maxpkt', 'maxpkt % ', lmax);
  },
};

const most = 16;
/** Sizes for as long as there are any. */
const quanta: ValueType = {
  name: 'BYTES...',
  read(words, context, after) {
    const given: number[] = [];
    while (given.length < most && /^\d/.test(words.peek() ?? '')) given.push(size.read(words, context, after) as number);
    if (given.length === 0) throw usage(`"${after}" needs the bytes a round of each band`, `${after} 4500 3000 2500`);
    return given;
  },
};

export const ets: TcKind = {
  options: {
    bands: to('nbands', integer('BANDS', 1, most), 'how many'),
    strict: to('nstrict', integer('BANDS', 0, most), 'bands that send before all others'),
    quanta: to('quanta.quantaBand', quanta, 'of each band that is not strict'),
    priomap: to('priomap.priomapBand', bandMap((given) => [...given]), 'a band for each of 16 priorities'),
  },
  build(draft) {
    const shares = (at(draft, 'quanta.quantaBand') ?? []) as number[], { nstrict, nbands = Number(nstrict ?? 0) + shares.length } = draft;
    if (nbands === 0) throw usage('how many bands?', 'ets bands 5, strict 2, or quanta 4500 3000');
    return { nbands, ...draft };
  },
  print(printer, { nbands, nstrict, quanta: shares, priomap }) {
    printer.value('bands', 'bands % ', nbands);
    printer.value('strict', 'strict % ', nstrict);
    const list = (key: string, all: unknown): void => { if (Array.isArray(all)) printer.list(key, all, `${key} ${all.map((n) => `${String(n)} `).join('')}`); };
    list('quanta', at(shares, 'quantaBand'));
    list('priomap', at(priomap, 'priomapBand'));
  },
};
export const etsClass: TcKind = {
  options: { quantum: to('quantaBand', size, 'bytes a round') },
  print: (printer, { quantaBand }) => printer.value('quantum', 'quantum % ', quantaBand),
};
