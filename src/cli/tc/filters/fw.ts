/** `handle 6 fw classid 1:2`: net/sched/cls_fw.c. */
import { to, type Grammar } from '../../grammar.ts';
import type { Json } from '../../print/printer.ts';
import { deviceName } from '../../values.ts';
import { printActions } from '../actions/index.ts';
import { printPolice } from '../actions/police.ts';
import { classFormat, classid, masked } from '../filter-values.ts';
import { actionRow, policeRow, readOptions, type FilterKind } from './kind.ts';

const options: Grammar = { 'classid|flowid': to('classid', classid), indev: to('indev', deviceName), police: policeRow, action: actionRow };
const whole = 0xffffffff;

export const fw: FilterKind = {
  usage: '[ classid CLASSID ] [ indev DEVICE ] [ police ... ] [ action ... ]; the handle before it is MARK[/MASK]',
  options,
  read(words, context, before) {
    const { value: handle = 0, mask } = before.handle === undefined ? {} : (masked('MARK', BigInt(whole)).read({ next: () => before.handle } as never, context, 'handle') as { value?: number; mask?: number });
    const draft = readOptions(options, words, context, { ...(mask !== undefined && { mask }) });
    return { handle, ...(Object.keys(draft).length > 0 && { options: draft }) };
  },
  print(printer, options_, handle) {
    const mask = (options_['mask'] ?? whole) as number, hex = (value: number): string => `0x${value.toString(16)}`;
    if (handle || options_['mask'] !== undefined) printer.value('fw', 'handle % ', { mark: hex(handle), mask: hex(mask) }, { text: () => (mask === whole ? hex(handle) : `${hex(handle)}/${hex(mask)}`) });
    printer.value('classid', 'classid % ', options_['classid'], classFormat);
    if (options_['police'] !== undefined) {
      printer.value('kind', ' % ', 'police');
      printPolice(printer, options_['police'] as Json);
    }
    printer.value('indev', 'input dev % ', options_['indev']);
    if (options_['act'] === undefined) return;
    printer.newline();
    printActions(printer, options_['act'], 1);
  },
};
