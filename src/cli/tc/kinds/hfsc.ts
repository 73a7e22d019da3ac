/** `hfsc`: the qdisc and its classes. */
import { usage } from '../../errors.ts';
import { act, to, type Draft, type Row, type ValueType } from '../../grammar.ts';
import type { Printer } from '../../print/printer.ts';
import type { TcKind } from '../kind.ts';
import { rate32, rateFormat, size, time, timeFormat } from '../units.ts';
import { minor } from './htb.ts';

interface Curve { m1: number; d: number; m2: number }

/** `[ m1 RATE d TIME ] m2 RATE`, or `[ [ umax BYTES ] dmax TIME ] rate RATE`. */
const curve: ValueType = {
  name: '{ [ m1 RATE d TIME ] m2 RATE | [ [ umax BYTES ] dmax TIME ] rate RATE }',
  read(words, context, after): Curve {
    const take = (word: string, type: ValueType): number | undefined => (words.take(word) ? (type.read(words, context, word) as number) : undefined);
    const m1 = take('m1', rate32), d = take('d', time), umax = take('umax', size), dmax = take('dmax', time);
    const by = words.peek() === 'rate' || words.peek() === 'm2' ? words.next() : undefined;
    if (by === undefined || (by === 'm2' ? umax ?? dmax : m1 ?? d) !== undefined) throw usage(`"${after}" needs a curve`, `${after} rate 10mbit; ${after} m1 5mbit d 10ms m2 2mbit; ${after} umax 1500b dmax 20ms rate 1mbit`);
    const m2 = rate32.read(words, context, by) as number;
    if (by === 'm2') {
      if ((m1 === undefined) !== (d === undefined)) throw usage(`"${after}": m1 and d go together`);
      return { m1: m1 ?? 0, d: d ?? 0, m2 };
    }
    if (umax !== undefined && dmax === undefined) throw usage(`"${after}": umax needs dmax`);
    if (!dmax) return { m1: 0, d: 0, m2 };
    if (m2 === 0) throw usage(`"${after}": the rate is more than 0`);
    // Concave where the work of the first packet takes longer than it may, else convex.
    const work = (umax ?? 0) * 1e6, steep = Math.ceil(work / dmax);
    return steep > m2 ? { m1: steep, d: dmax, m2 } : { m1: 0, d: Math.ceil(dmax - work / m2), m2 };
  },
};
/** A word for some of the three curves. */
const curves = (keys: readonly string[], help: string): Row => act((draft, value) => {
  for (const key of keys) {
    if (draft[key] !== undefined) throw usage('a curve is given twice', '"sc" is both "rt" and "ls"');
    draft[key] = value;
  }
}, curve, { help });

export const hfsc: TcKind = {
  options: { default: to('defcls', minor, 'class of what no filter takes') },
  build: (draft) => {
    if (Number(draft['defcls'] ?? 0) > 0xffff) throw usage('"default" is at most ffff');
    return { defcls: 0, ...draft };
  },
  print: (printer, { defcls }) => { if (defcls) printer.value('default', 'default % ', Number(defcls).toString(16)); },
};

function print(printer: Printer, { rsc, fsc, usc }: Draft): void {
  const same = (a: unknown, b: unknown): boolean => a !== undefined && JSON.stringify(a) === JSON.stringify(b);
  const one = (name: string, value: unknown): void => {
    if (value === undefined) return;
    const { m1, d, m2 } = value as Curve;
    printer.text(`${name} `);
    printer.object(name, () => {
      printer.value('m1', 'm1 %', m1, rateFormat);
      printer.value('d', ' d %', d, timeFormat);
      printer.value('m2', ' m2 % ', m2, rateFormat);
    });
  };
  if (same(rsc, fsc)) one('sc', rsc);
  else {
    one('rt', rsc);
    one('ls', fsc);
  }
  one('ul', usc);
}

export const hfscClass: TcKind = {
  options: {
    rt: curves(['rsc'], 'guaranteed'), ls: curves(['fsc'], 'share of what is left'), sc: curves(['rsc', 'fsc'], 'both'), ul: curves(['usc'], 'upper limit'),
  },
  build(draft) {
    if (draft['rsc'] === undefined && draft['fsc'] === undefined) throw usage('a class needs a curve', 'hfsc sc rate 10mbit, or rt, or ls');
    if (draft['usc'] !== undefined && draft['fsc'] === undefined) throw usage('an upper limit needs a curve of link sharing', 'ls, or sc');
    return draft;
  },
  print,
  printStats(printer, { period, level, work, rtwork }) {
    printer.value('period', ' period % ', period);
    if (work) printer.value('work', 'work % bytes ', Number(work));
    if (rtwork) printer.value('rtwork', 'rtwork % bytes ', Number(rtwork));
    printer.value('level', 'level % ', level);
    printer.newline();
  },
};
