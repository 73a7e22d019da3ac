/** `handle 1 cgroup`: net/sched/cls_cgroup.c. */
import { to, type Grammar } from '../../grammar.ts';
import type { Json } from '../../print/printer.ts';
import { printActions } from '../actions/index.ts';
import { printPolice } from '../actions/police.ts';
import { ematchOf, printEmatches } from './ematch.ts';
import { actionRow, plainHandle, policeRow, readOptions, type FilterKind } from './kind.ts';

const optionsOf = (incoming: boolean): Grammar => ({ match: to('ematches', ematchOf(incoming)), police: policeRow, action: actionRow });

export const cgroup: FilterKind = {
  usage: '[ match EXPRESSION ] [ police ... ] [ action ... ]',
  options: optionsOf(false),
  read: (words, context, before) => ({ handle: plainHandle(before), options: readOptions(optionsOf(before.incoming), words, context) }),
  print(printer, options_, handle) {
    if (handle) printer.value('handle', 'handle % ', `0x${handle.toString(16)}`);
    printEmatches(printer, options_['ematches']);
    if (options_['police'] !== undefined) {
      printer.newline();
      printer.value('kind', ' % ', 'police');
      printPolice(printer, options_['police'] as Json);
    }
    printActions(printer, options_['act'], 1);
  },
};
