/** `pfifo`, `bfifo`, `pfifo_head_drop`, and what takes as little. */
import { to } from '../../grammar.ts';
import { u32 } from '../../values.ts';
import type { TcKind } from '../kind.ts';
import { size, sizeFormat } from '../units.ts';

export const pfifo: TcKind = { options: { limit: to('limit', u32('PACKETS'), 'most packets that wait') }, print: (printer, { limit }) => printer.value('limit', 'limit %p', limit) };
export const bfifo: TcKind = { options: { limit: to('limit', size, 'most bytes that wait') }, print: (printer, { limit }) => printer.value('limit', 'limit %', limit, sizeFormat) };
export const skbprio: TcKind = { options: { limit: to('limit', u32('PACKETS'), 'most packets that wait') }, print: (printer, { limit }) => printer.value('limit', 'limit % ', limit) };
/** Without options. */
export const plain: TcKind = { options: {} };
/** As many bands as the device has queues. */
export const multiq: TcKind = {
  options: {},
  build: () => ({ bands: 0, maxBands: 0 }),
  print(printer, { bands, maxBands }) {
    printer.value('bands', 'bands %/', bands);
    printer.value('max_bands', '% ', maxBands);
  },
};
/** What tc prints in their place. */
export const ingress: TcKind = { options: {}, print: (printer) => printer.text('---------------- ') };
