/** `action bpf object-file FILE`: net/sched/act_bpf.c. */
import { usage } from '../../errors.ts';
import type { Draft } from '../../grammar.ts';
import { printUse, printVerdict, control, readOwn } from '../filter-values.ts';
import { printProgram, programRows, resolveProgram } from '../program.ts';
import { parmsOf, type ActionKind } from './kind.ts';

export const bpf: ActionKind = {
  usage: '{ object-file FILE [ section NAME | program NAME ] | object-pinned FILE | bytecode CODE | bytecode-file FILE } [ VERDICT ] [ index NUMBER ]',
  options: { ...programRows, ...control() },
  verdict: 'pipe',
  read(words, context, draft) {
    const said: Draft = readOwn(bpf.options, words, {}, context);
    if (said['program'] === undefined) throw usage('which program?', 'action bpf object-file FILE');
    const { program, ...rest } = said;
    Object.assign(draft, rest, resolveProgram(program, 'schedAct', context));
  },
  head: ['kind', '% '],
  print(printer, options) {
    const parms = parmsOf(options);
    printProgram(printer, options);
    printVerdict(printer, 'default-action ', parms['action'], '');
    printer.newline();
    printUse(printer, parms, options['tm'], '\t ');
    printer.newline();
    printer.text(' ');
  },
};
