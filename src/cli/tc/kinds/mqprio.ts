/** `mqprio`: traffic classes onto the queues of a device. */
import { usage } from '../../errors.ts';
import { to, type Draft, type Grammar, type ValueType } from '../../grammar.ts';
import type { Json, Printer } from '../../print/printer.ts';
import { choice, integer, u16, u8 } from '../../values.ts';
import { Words } from '../../words.ts';
import type { TcKind } from '../kind.ts';
import { rate, rateFormat } from '../units.ts';
import { bandMap } from './prio.ts';

/** TC_QOPT_MAX_QUEUE: most classes, and as many priorities. */
export const classes = 16;
const filled = (given: readonly number[]): number[] => Array.from({ length: classes }, (_, i) => given[i] ?? 0);

/** Words for as long as they look like one, each read by a type. */
export const several = (type: ValueType, like: RegExp, example: string): ValueType => ({
  name: `${type.name}...`,
  read(words, context, after) {
    const given: unknown[] = [];
    while (given.length < classes && like.test(words.peek() ?? '')) given.push(type.read(words, context, after));
    if (given.length === 0) throw usage(`"${after}" needs a value for each traffic class`, `${after} ${example}`);
    return given;
  },
});
const queue = { name: 'COUNT@OFFSET', read: (words, context, after) => {
  const [count = '', offset = ''] = words.next(after).split('@'), number = (given: string): number => u16().read(new Words([given]), context, after) as number;
  return [number(count), number(offset)];
} } satisfies ValueType;

/** The words that `taprio` has, too: they make a struct tc_mqprio_qopt. */
export const classRows: Grammar = {
  num_tc: to('numTc', integer('CLASSES', 0, classes), 'traffic classes'),
  map: to('map', bandMap(filled), 'a class for each of 16 priorities'),
  queues: to('queues', several(queue, /^\d+@\d+$/, '1@0 1@1'), 'of each class: how many, and the first of them'),
  fp: to('fp', several(choice({ E: 'express', P: 'preemptible' }), /^[EP]$/, 'E P'), 'of each class: express, or others may interrupt it'),
};
interface Classes { numTc?: number; map?: number[]; queues?: [count: number, offset: number][]; fp?: string[] }
/** @param otherwise What holds where the words did not say it. */
export function classesOf(draft: Draft, otherwise: { readonly numTc: number; readonly map: readonly number[]; readonly hw: number }): Draft {
  const { numTc = otherwise.numTc, map = otherwise.map, queues = [] } = draft as Classes;
  if (queues.length > numTc) throw usage(`queues of ${queues.length} classes`, `there are ${numTc}: num_tc ${queues.length}`);
  return { numTc, prioTcMap: map, hw: draft['hw'] ?? otherwise.hw, count: filled(queues.map(([count]) => count)), offset: filled(queues.map(([, offset]) => offset)) };
}
/** What is said of each class. */
export const entriesOf = (said: Readonly<Record<string, readonly unknown[] | undefined>>): Draft[] =>
  Array.from({ length: Math.max(0, ...Object.values(said).map((all) => all?.length ?? 0)) }, (_, index) => ({ index, ...Object.fromEntries(Object.entries(said).flatMap(([key, all]) => (all && index < all.length ? [[key, all[index]]] : []))) }));
/** What was told of each class under a key; the last class that it was told of is the end. */
export function toldOf(entries: unknown, key: string): unknown[] {
  const all: unknown[] = [];
  for (const entry of (entries ?? []) as Json[]) if (entry[key] !== undefined) all[Number(entry['index'])] = entry[key];
  return [...all];
}
export const fpText = (value: unknown): string => (value === 'preemptible' ? 'P' : value === 'express' ? 'E' : '?');

const defaults = { numTc: 8, map: [0, 1, 2, 3, 4, 5, 6, 7, 0, 1, 1, 1, 3, 3, 3, 3], hw: 1 };
const rates = several(rate, /^[\d.]/, '1gbit 2gbit');

export const mqprio: TcKind = {
  options: {
    ...classRows,
    hw: to('hw', u8('{ 0 | 1 }'), 'by hardware; default: 1'),
    mode: to('mode', choice({ dcb: 'dcb', channel: 'channel' }), 'by hardware: what maps priorities to classes'),
    shaper: to('shaper', choice({ dcb: 'dcb', bw_rlimit: 'bwRate' }), 'by hardware: what limits rates'),
    min_rate: to('minRate64', rates, 'of each class'), max_rate: to('maxRate64', rates, 'of each class'),
  },
  build(draft) {
    const { mode = 'dcb', shaper = 'dcb', minRate64, maxRate64, fp } = draft as { mode?: string; shaper?: string; minRate64?: bigint[]; maxRate64?: bigint[]; fp?: string[] }, header = classesOf(draft, defaults), count = Number(header['numTc']);
    for (const word of ['mode', 'shaper']) if (draft[word] !== undefined && header['hw'] === 0) throw usage(`"${word}" is the hardware's`, 'hw 1');
    for (const [word, all] of [['min_rate', minRate64], ['max_rate', maxRate64]] as const) {
      if (all && shaper !== 'bwRate') throw usage(`"${word}" needs a shaper`, `shaper bw_rlimit ${word} ...`);
      if (all && all.length < count) throw usage(`"${word}" has ${all.length} rates for ${count} classes`);
    }
    const whole = (all: readonly bigint[]): bigint[] => Array.from({ length: classes }, (_, i) => all[i] ?? 0n);
    return {
      ...header, ...(mode !== 'dcb' && { mode }), ...(shaper !== 'dcb' && { shaper }), ...(minRate64 && { minRate64: { minRate64: whole(minRate64) } }), ...(maxRate64 && { maxRate64: { maxRate64: whole(maxRate64) } }),
      ...(fp && { tcEntry: entriesOf({ fp }) }),
    };
  },
  print(printer, options) {
    const { numTc, prioTcMap, count, offset, mode, shaper, minRate64, maxRate64, tcEntry } = options as { numTc: number; prioTcMap: number[]; count: number[]; offset: number[]; mode?: string; shaper?: string; minRate64?: { minRate64: bigint[] }; maxRate64?: { maxRate64: bigint[] }; tcEntry?: unknown };
    printer.value('tc', 'tc % ', numTc);
    printer.list('map', prioTcMap, `map ${prioTcMap.map((n) => `${n} `).join('')}`);
    const queues = Array.from({ length: numTc }, (_, i) => [offset[i] as number, (offset[i] as number) + (count[i] as number) - 1]);
    printer.list('queues', queues, `${line}queues:${queues.map(([first, last]) => `(${first}:${last}) `).join('')}`);
    // Kernels before 6.4 tell of no attribute where no hardware is at work.
    if ([mode, shaper, minRate64, maxRate64, tcEntry].every((one) => one === undefined)) return;
    printer.value('mode', `${line}mode:%`, mode ?? 'dcb');
    printer.value('shaper', `${line}shaper:%`, shaper === 'bwRate' ? 'bw_rlimit' : (shaper ?? 'dcb'));
    printRates(printer, 'min_rate', minRate64?.minRate64.slice(0, numTc));
    printRates(printer, 'max_rate', maxRate64?.maxRate64.slice(0, numTc));
    const fp = toldOf(tcEntry, 'fp').map(fpText);
    if (fp.length === 0) return;
    printer.list('fp', fp, `${line}fp:${fp.map((one) => ` ${one}`).join('')}`);
    printer.newline();
  },
};
const line = '\n             ';
function printRates(printer: Printer, key: string, all: readonly bigint[] | undefined): void {
  if (all) printer.list(key, all, `\t${key}:${all.map((one) => `${rateFormat.text!(one, printer)} `).join('')}`);
}
