/** `action nat ingress 10.0.0.0/8 192.0.2.1`: net/sched/act_nat.c. */
import { usage } from '../../errors.ts';
import { act, store, type ValueType } from '../../grammar.ts';
import { parseAddress, parsePrefix } from '../../values.ts';
import { control, printUse, printVerdict } from '../filter-values.ts';
import { parmsOf, type ActionKind } from './kind.ts';

/** The mask of a prefix, as an address. */
export const maskOf = (length: number): string => [24, 16, 8, 0].map((shift) => ((length === 0 ? 0 : (-1 << (32 - length)) >>> 0) >>> shift) & 0xff).join('.');
const lengthOf = (mask: string): number => mask.split('.').map((byte) => Number(byte).toString(2).replaceAll('0', '').length).reduce((a, b) => a + b, 0);

const pair: ValueType = { name: 'OLD NEW', read: (words, _context, after) => {
  const old = parsePrefix(words.next(after), after, 'inet');
  return { oldAddr: old.address, mask: maskOf(old.length), newAddr: parseAddress(words.next(after), after, 'inet').address };
} };

export const nat: ActionKind = {
  usage: '{ ingress | egress } OLD[/LENGTH] NEW [ VERDICT ] [ index NUMBER ]',
  options: {
    ingress: act((draft, value) => { for (const [key, given] of Object.entries(value as object)) store(draft, `parms.${key}`, given); }, pair),
    egress: act((draft, value) => { for (const [key, given] of Object.entries({ ...(value as object), flags: ['egress'] })) store(draft, `parms.${key}`, given); }, pair),
    ...control(),
  },
  verdict: 'ok',
  head: ['type', ' %'],
  complete(draft) { if (parmsOf(draft)['oldAddr'] === undefined) throw usage('which addresses?', 'action nat ingress OLD NEW'); },
  print(printer, options) {
    const parms = parmsOf(options), length = lengthOf(parms['mask'] as string);
    printer.value('direction', ' %', (parms['flags'] as string[]).includes('egress') ? 'egress' : 'ingress');
    printer.value('old_addr', ' %', `${String(parms['oldAddr'])}/${length}`);
    printer.value('new_addr', ' %', parms['newAddr']);
    printVerdict(printer, ' ', parms['action'], '');
    printer.newline();
    printUse(printer, parms, options['tm']);
    printer.newline();
  },
};
