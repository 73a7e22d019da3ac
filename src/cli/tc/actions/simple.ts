/** `action simple sdata "hello"`: net/sched/act_simple.c. */
import { usage } from '../../errors.ts';
import { to } from '../../grammar.ts';
import { word } from '../../values.ts';
import { control, printTimes } from '../filter-values.ts';
import { parmsOf, type ActionKind } from './kind.ts';

/** SIMP_MAX_DATA, with the NUL. */
const most = 32;

export const simple: ActionKind = {
  usage: 'sdata TEXT [ VERDICT ] [ index NUMBER ]',
  options: {
    sdata: to('data', word('TEXT', (given) => {
      if (new TextEncoder().encode(given).length >= most) throw usage(`"${given}" is too long`, `at most ${most - 1} bytes`);
      return given;
    })),
    ...control(),
  },
  verdict: 'pipe',
  head: [null, ''],
  complete(draft) { if (draft['data'] === undefined) throw usage('which text?', 'action simple sdata TEXT'); },
  print(printer, options) {
    const parms = parmsOf(options);
    printer.value('simple', 'Simple <%>', options['data']);
    printer.newline();
    printer.value('index', '\t index %', parms['index']);
    printer.value('ref', ' ref %', parms['refcnt']);
    printer.value('bind', ' bind %', parms['bindcnt']);
    if (printer.statistics > 0) printTimes(printer, options['tm']);
    printer.newline();
  },
};
