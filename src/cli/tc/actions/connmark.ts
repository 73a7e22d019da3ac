/** `action connmark zone 5`: net/sched/act_connmark.c. */
import { to } from '../../grammar.ts';
import { u16 } from '../../values.ts';
import { control, printUse, printVerdict } from '../filter-values.ts';
import { parmsOf, type ActionKind } from './kind.ts';

export const connmark: ActionKind = {
  usage: '[ zone NUMBER ] [ VERDICT ] [ index NUMBER ]',
  options: { zone: to('parms.zone', u16()), ...control() },
  verdict: 'pipe',
  print(printer, options) {
    const parms = parmsOf(options);
    printer.value('zone', 'zone %', parms['zone']);
    printVerdict(printer, ' ', parms['action'], '');
    printer.newline();
    printUse(printer, parms, options['tm']);
    printer.newline();
  },
};
