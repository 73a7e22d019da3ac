/** `bpf da object-file FILE section NAME`: net/sched/cls_bpf.c. */
import { usage } from '../../errors.ts';
import { act, to, type Draft, type Grammar } from '../../grammar.ts';
import type { Json } from '../../print/printer.ts';
import { printActions } from '../actions/index.ts';
import { printPolice } from '../actions/police.ts';
import { classFormat, classid } from '../filter-values.ts';
import { printProgram, programRows, resolveProgram } from '../program.ts';
import { actionRow, plainHandle, policeRow, printFlags, readOptions, type FilterKind } from './kind.ts';

const general = (flag: string): Grammar[string] => act((draft) => { draft['flagsGen'] = [...((draft['flagsGen'] ?? []) as string[]), flag]; });
const options: Grammar = {
  ...programRows,
  'direct-action|da': act((draft) => { draft['flags'] = ['actDirect']; }),
  'classid|flowid': to('classid', classid),
  skip_hw: general('skipHw'),
  skip_sw: general('skipSw'),
  police: policeRow,
  action: actionRow,
};

export const bpf: FilterKind = {
  usage: '{ object-file FILE [ section NAME | program NAME ] | object-pinned FILE | bytecode CODE | bytecode-file FILE } [ direct-action ] [ classid CLASSID ] [ skip_hw | skip_sw ] [ action ... ]',
  options,
  read(words, context, before) {
    const { program, ...rest } = readOptions(options, words, context) as Draft & { program?: unknown };
    if (program === undefined) throw usage('which program?', 'bpf da object-file FILE section NAME');
    return { handle: plainHandle(before), options: { ...resolveProgram(program, 'schedCls', context), ...rest } };
  },
  print(printer, options_, handle) {
    if (handle) printer.value('handle', 'handle % ', `0x${handle.toString(16)}`);
    printer.value('flowid', 'flowid % ', options_['classid'], classFormat);
    printer.value('bpf_name', '% ', options_['name']);
    if (((options_['flags'] ?? []) as string[]).includes('actDirect')) printer.value('direct-action', 'direct-action ', true);
    printFlags(printer, options_['flagsGen'], (word) => printer.text(`${word} `));
    const { name: _name, ...rest } = options_;
    printProgram(printer, rest);
    if (rest['ops'] !== undefined) printer.trim();
    if (options_['police'] !== undefined) {
      printer.newline();
      printer.value('kind', ' % ', 'police');
      printPolice(printer, options_['police'] as Json);
    }
    printActions(printer, options_['act'], 1);
  },
};
