/** `route from 3 classid 1:1`: net/sched/cls_route.c. */
import { to, type Grammar, type Row } from '../../grammar.ts';
import type { Json } from '../../print/printer.ts';
import { device, word } from '../../values.ts';
import { usage } from '../../errors.ts';
import { printActions } from '../actions/index.ts';
import { printPolice } from '../actions/police.ts';
import { classFormat, classid } from '../filter-values.ts';
import { actionRow, policeRow, readOptions, type FilterKind } from './kind.ts';

/** A realm; the kernel finds the filter by them, and makes its handle of them. */
const realm = (key: string): Row => to(key, word('REALM', (given, context, after) => {
  const number = context.names.require('rt_realms', given, 'realm');
  if (number > 255) throw usage(`${number} is out of range for "${after}"`, 'between 0 and 255');
  return number;
}));
const options: Grammar = { to: realm('to'), from: realm('from'), fromif: to('iif', device), 'classid|flowid': to('classid', classid), police: policeRow, action: actionRow };

const ANY_TO = 0x8000, ANY_FROM = 0xffff0000, BY_IIF = 0x8000;

export const route: FilterKind = {
  usage: '[ to REALM ] [ from REALM | fromif DEVICE ] [ classid CLASSID ] [ police ... ] [ action ... ]',
  options,
  read(words, context, before) {
    const draft = readOptions(options, words, context);
    if (draft['from'] !== undefined && draft['iif'] !== undefined) throw usage('from and fromif exclude each other');
    if (before.handle !== undefined) return { handle: Number(before.handle), options: draft };
    const low = draft['to'] === undefined ? ANY_TO : Number(draft['to']), high = draft['from'] !== undefined ? Number(draft['from']) << 16 : draft['iif'] !== undefined ? (Number(draft['iif']) | BY_IIF) << 16 : ANY_FROM;
    return { handle: (low | high) >>> 0, options: draft };
  },
  print(printer, options_, handle) {
    const realmName = (value: unknown): string => printer.context.names.name('rt_realms', Number(value));
    if (handle) printer.value('fh', 'fh % ', handle, { text: (value) => `0x${Number(value).toString(16).padStart(8, '0')}`, json: (value) => `0x${Number(value).toString(16)}` });
    printer.value('flowid', 'flowid % ', options_['classid'], classFormat);
    if (options_['to'] !== undefined) printer.value('name', 'to % ', realmName(options_['to']));
    if (options_['from'] !== undefined) printer.value('name', 'from % ', realmName(options_['from']));
    if (options_['iif'] !== undefined) printer.value('fromif', 'fromif %', printer.context.links.name(Number(options_['iif'])));
    if (options_['police'] !== undefined) {
      printer.value('kind', ' % ', 'police');
      printPolice(printer, options_['police'] as Json);
    }
    printActions(printer, options_['act'], 1);
  },
};
