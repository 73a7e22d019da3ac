/** `matchall action drop`: net/sched/cls_matchall.c. */
import { to, type Grammar } from '../../grammar.ts';
import { printActions } from '../actions/index.ts';
import { classFormat, classid } from '../filter-values.ts';
import { actionRow, flagRow, plainHandle, printFlags, readOptions, type FilterKind } from './kind.ts';

const options: Grammar = { 'classid|flowid': to('classid', classid), skip_hw: flagRow('skipHw'), skip_sw: flagRow('skipSw'), action: actionRow };

export const matchall: FilterKind = {
  usage: '[ skip_hw | skip_sw ] [ classid CLASSID ] [ action ... ]',
  options,
  read: (words, context, before) => ({ handle: plainHandle(before), options: readOptions(options, words, context) }),
  print(printer, options_, handle) {
    if (handle) printer.value('handle', 'handle 0x% ', handle, { text: (value) => Number(value).toString(16), json: (value) => value });
    printer.value('flowid', 'flowid % ', options_['classid'], classFormat);
    printFlags(printer, options_['flags'], (word) => {
      printer.text(`\n  ${word}`);
    });
    const pcnt = options_['pcnt'] as { rhit: bigint } | undefined;
    if (pcnt && printer.statistics > 0) printer.value('rule_hit', ' (rule hit %)', Number(pcnt.rhit));
    printActions(printer, options_['act'], 1);
  },
};
