/** Options of tunnel headers, as filters and actions write them. */
import { usage } from '../errors.ts';
import type { Draft, ValueType } from '../grammar.ts';
import { word } from '../values.ts';

/** `CLASS:TYPE:DATA`, all hexadecimal, with commas between. */
export const geneveOptions: ValueType = word('CLASS:TYPE:DATA[,...]', (given, _context, after): Draft[] => given.split(',').map((one) => {
  const [, class_, type, data = ''] = /^([0-9a-f]{1,4}):([0-9a-f]{1,2}):([0-9a-f]*)$/i.exec(one) ?? [];
  if (class_ === undefined || data.length % 8 !== 0) throw usage(`"${one}" is not an option of Geneve for "${after}"`, 'CLASS:TYPE:DATA in hexadecimal, the data of 4, 8 ... bytes: 0102:80:00880022');
  return { class: Number.parseInt(class_, 16), type: Number.parseInt(type as string, 16), data: Uint8Array.from(data.match(/../g) ?? [], (byte) => Number.parseInt(byte, 16)) };
}));
