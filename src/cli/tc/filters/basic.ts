/** `basic match 'cmp(u8 at 9 layer 1 eq 17)' flowid 1:3`: net/sched/cls_basic.c. */
import { to, type Grammar } from '../../grammar.ts';
import type { Json } from '../../print/printer.ts';
import { printActions } from '../actions/index.ts';
import { printPolice } from '../actions/police.ts';
import { classFormat, classid } from '../filter-values.ts';
import { ematchOf, printEmatches } from './ematch.ts';
import { actionRow, plainHandle, policeRow, readOptions, type FilterKind } from './kind.ts';

const optionsOf = (incoming: boolean): Grammar => ({ match: to('ematches', ematchOf(incoming)), 'classid|flowid': to('classid', classid), police: policeRow, action: actionRow });

export const basic: FilterKind = {
  usage: '[ match EXPRESSION ] [ classid CLASSID ] [ police ... ] [ action ... ]',
  options: optionsOf(false),
  read: (words, context, before) => ({ handle: plainHandle(before), options: readOptions(optionsOf(before.incoming), words, context) }),
  print(printer, options_, handle) {
    if (handle) printer.value('handle', 'handle 0x% ', handle.toString(16));
    printer.value('flowid', 'flowid % ', options_['classid'], classFormat);
    const pcnt = options_['pcnt'] as { rcnt: bigint; rhit: bigint } | undefined;
    if (pcnt && printer.statistics > 0) {
      printer.value('rule_hit', null, Number(pcnt.rcnt));
      printer.value('success', null, Number(pcnt.rhit));
    }
    printEmatches(printer, options_['ematches']);
    if (options_['police'] !== undefined) {
      printer.newline();
      printer.value('kind', ' % ', 'police');
      printPolice(printer, options_['police'] as Json);
    }
    if (options_['act'] === undefined) return;
    printActions(printer, options_['act'], 1);
  },
};
