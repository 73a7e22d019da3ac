/** `action skbedit mark 5`: net/sched/act_skbedit.c. */
import { usage } from '../../errors.ts';
import { act, to, type Draft } from '../../grammar.ts';
import { choice, integer, u16 } from '../../values.ts';
import { classFormat, classid, control, masked, printUse, printVerdict } from '../filter-values.ts';
import { parmsOf, type ActionKind } from './kind.ts';

/** SKBEDIT_F_*. */
const INHERIT_DSFIELD = 0x20n, SKBHASH = 0x40n;
const flag = (draft: Draft, bit: bigint): void => { draft['flags'] = ((draft['flags'] ?? 0n) as bigint) | bit; };
const queue = integer('NUMBER', 0, 0xffff);

export const skbedit: ActionKind = {
  usage: '[ queue_mapping { NUMBER | skbhash FIRST LAST } ] [ priority CLASSID ] [ mark MARK[/MASK] ] [ ptype TYPE ] [ inheritdsfield ] [ VERDICT ] [ index NUMBER ]',
  options: {
    queue_mapping: act((draft, value) => {
      const { first, last } = value as { first: number; last?: number };
      draft['queueMapping'] = first;
      if (last === undefined) return;
      if (last < first) throw usage(`the last queue ${last} is before the first ${first}`);
      draft['queueMappingMax'] = last;
      flag(draft, SKBHASH);
    }, { name: '{ NUMBER | skbhash FIRST LAST }', read: (words, context, after) => (words.take('skbhash') ? { first: queue.read(words, context, 'skbhash'), last: queue.read(words, context, 'skbhash') } : { first: u16().read(words, context, after) }) }),
    priority: to('priority', classid),
    mark: act((draft, value) => {
      const { value: mark, mask } = value as { value: number; mask?: number };
      draft['mark'] = mark;
      if (mask !== undefined) draft['mask'] = mask;
    }, masked('MARK', 0xffffffffn)),
    ptype: to('ptype', choice({ host: 'host', broadcast: 'broadcast', multicast: 'multicast', otherhost: 'otherhost' }, 0xffff)),
    inheritdsfield: act((draft) => { flag(draft, INHERIT_DSFIELD); }),
    ...control(),
  },
  verdict: 'pipe',
  complete(draft) {
    if (!['queueMapping', 'priority', 'mark', 'ptype', 'flags'].some((key) => draft[key] !== undefined)) throw usage('what is to change?', 'action skbedit mark 5');
  },
  print(printer, options) {
    const parms = parmsOf(options), flags = (options['flags'] ?? 0n) as bigint;
    printer.value('queue_mapping', 'queue_mapping %', options['queueMapping']);
    printer.value('queue_mapping_max', ' skbhash to %', options['queueMappingMax']);
    printer.value('priority', ' priority %', options['priority'], classFormat);
    printer.value('mark', ' mark %', options['mark']);
    if (options['mask'] !== undefined) printer.value('mask', '/0x%', Number(options['mask']).toString(16));
    printer.value('ptype', ' ptype %', options['ptype']);
    if (flags & INHERIT_DSFIELD) printer.value('inheritdsfield', ' inheritdsfield', null);
    printVerdict(printer, ' ', parms['action'], '');
    printer.newline();
    printUse(printer, parms, options['tm']);
    printer.newline();
  },
};
