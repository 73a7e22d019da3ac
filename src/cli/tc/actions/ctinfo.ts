/** `action ctinfo dscp 0xfc000000 0x01000000`: net/sched/act_ctinfo.c. */
import { to, act, type ValueType } from '../../grammar.ts';
import { counter } from '../../print/formats.ts';
import type { Format } from '../../print/printer.ts';
import { parseInteger, u16, u32 } from '../../values.ts';
import { control, printTimes, printUse, printVerdict } from '../filter-values.ts';
import { parmsOf, type ActionKind } from './kind.ts';

const number = u32('MASK');
const mask: Format = { text: (value) => `0x${Number(value).toString(16).padStart(8, '0')}`, json: (value) => `0x${Number(value).toString(16)}` };
/** A mask, where the next word is one. */
const optional: ValueType = { name: '[ MASK ]', read: (words, context, after) => (parseInteger(words.peek() ?? '') === undefined ? 0xffffffff : number.read(words, context, after)) };

export const ctinfo: ActionKind = {
  usage: '[ dscp MASK [ STATEMASK ] ] [ cpmark [ MASK ] ] [ zone NUMBER ] [ VERDICT ] [ index NUMBER ]',
  options: {
    dscp: act((draft, value) => { Object.assign(draft, value); }, { name: 'MASK [ STATEMASK ]', read: (words, context, after) => {
      const mask = number.read(words, context, after);
      return { parmsDscpMask: mask, ...(parseInteger(words.peek() ?? '') !== undefined && { parmsDscpStatemask: number.read(words, context, after) }) };
    } }),
    cpmark: to('parmsCpmarkMask', optional),
    zone: to('zone', u16()),
    ...control('act.action'),
    index: to('act.index', u32()),
  },
  verdict: 'pipe',
  parms: 'act',
  print(printer, options) {
    const parms = parmsOf(options, 'act');
    printer.value('zone', 'zone %', options['zone']);
    printVerdict(printer, ' ', parms['action'], '');
    printer.newline();
    printUse(printer, parms, undefined);
    printer.value('dscpmask', ' dscp %', options['parmsDscpMask'], mask);
    if (options['parmsDscpMask'] !== undefined) printer.value('dscpstatemask', ' %', options['parmsDscpStatemask'] ?? 0, mask);
    printer.value('cpmark', ' cpmark %', options['parmsCpmarkMask'], mask);
    if (printer.statistics > 0) {
      printTimes(printer, options['tm']);
      printer.value('dscpset', ' DSCP set %', options['statsDscpSet'], counter);
      printer.value('dscperror', ' error %', options['statsDscpError'], counter);
      printer.value('cpmarkset', ' CPMARK set %', options['statsCpmarkSet'], counter);
    }
    printer.newline();
  },
};
