/** `action sample rate 100 group 5`: net/sched/act_sample.c. */
import { usage } from '../../errors.ts';
import { to } from '../../grammar.ts';
import { u32 } from '../../values.ts';
import { control, printUse, printVerdict } from '../filter-values.ts';
import { parmsOf, type ActionKind } from './kind.ts';

export const sample: ActionKind = {
  usage: 'rate NUMBER group NUMBER [ trunc BYTES ] [ VERDICT ] [ index NUMBER ]',
  options: { rate: to('rate', u32(), 'one packet of so many'), group: to('psampleGroup', u32(), 'of psample'), trunc: to('truncSize', u32('BYTES')), ...control() },
  verdict: 'pipe',
  complete(draft) { if (draft['rate'] === undefined || draft['psampleGroup'] === undefined) throw usage('one packet of how many, and to which group?', 'action sample rate 100 group 5'); },
  print(printer, options) {
    const parms = parmsOf(options);
    printer.value('rate', 'rate 1/%', options['rate']);
    printer.value('group', ' group %', options['psampleGroup']);
    printer.value('trunc_size', ' trunc_size %', options['truncSize']);
    printVerdict(printer, ' ', parms['action'], '');
    printer.newline();
    printUse(printer, parms, options['tm']);
    printer.newline();
  },
};
