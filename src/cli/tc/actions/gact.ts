/** `action drop`, `action gact pass random determ drop 5`: net/sched/act_gact.c. */
import type { Draft } from '../../grammar.ts';
import { usage } from '../../errors.ts';
import type { Json } from '../../print/printer.ts';
import { choice, integer } from '../../values.ts';
import { control, printUse, printVerdict, readOwn, readVerdict } from '../filter-values.ts';
import { parmsOf, type ActionKind } from './kind.ts';

const how = choice({ netrand: 'netrand', determ: 'determ' });
const often = integer('NUMBER', 0, 0xffff);

export const gact: ActionKind = {
  usage: 'VERDICT [ random { netrand | determ } VERDICT NUMBER ] [ index NUMBER ]',
  options: {
    ...control(),
    random: {
      type: { name: '{ netrand | determ } VERDICT NUMBER', read: (words, context, after) => ({ ptype: how.read(words, context, after), paction: readVerdict(words, context, after), pval: often.read(words, context, after) }) },
      path: 'prob',
    },
  },
  verdict: '',
  read(words, context, draft) {
    readOwn(gact.options, words, draft, context);
    if ((draft as { parms?: Draft }).parms?.['action'] === undefined) throw usage('which verdict?', 'action gact drop, pass, pipe, goto chain NUMBER ...');
  },
  print(printer, options) {
    const parms = parmsOf(options), prob = (options['prob'] ?? { ptype: 'none', paction: 'ok', pval: 0 }) as Json;
    printVerdict(printer, 'action ', parms['action'], '');
    printer.newline();
    printer.object('prob', () => {
      printer.value('random_type', '\t random type %', prob['ptype']);
      printVerdict(printer, ' ', prob['paction'], ' ');
      printer.value('val', 'val %', prob['pval']);
    });
    printer.newline();
    printUse(printer, parms, options['tm']);
    printer.newline();
  },
};
