/** `red` and `sfq`: RED as the kernel computes it. Source: include/net/red.h; the parameters as iproute2 chooses them. */
import { usage } from '../../errors.ts';
import { act, is, to, type Draft, type Grammar, type ValueType } from '../../grammar.ts';
import { general } from '../../print/formats.ts';
import { Raw } from '../../print/json.ts';
import type { Json, Printer } from '../../print/printer.ts';
import { integer, s32, u32, word } from '../../values.ts';
import type { TcKind } from '../kind.ts';
import { rate, size, sizeFormat, transmitTicks } from '../units.ts';

/** A probability, 0 to 1. */
export const probability = word('PROBABILITY', (given, _context, after) => {
  if (!/^(\d+\.?\d*|\.\d+)$/.test(given) || Number(given) > 1) throw usage(`"${given}" is not a probability for "${after}"`, 'between 0 and 1: 0.02');
  return Number(given);
});

/** Constants of RED are log2 of a share; -1: there is none that fits. */
const mostLog = 32;
/** The weight of a packet, so that a burst of so many does not reach `qmin`. */
function weightOf(qmin: number, burst: number, avpkt: number): number {
  let share = 0.5;
  const target = burst + 1 - qmin / avpkt;
  if (target < 1) return -1;
  for (let log = 1; log < mostLog; log++, share /= 2) if (target <= (1 - (1 - share) ** burst) / share) return log;
  return -1;
}
function probabilityOf(qmin: number, qmax: number, chance: number): number {
  let left = qmax - qmin;
  if (left === 0) return 0;
  if (left < 0) return -1;
  left = chance / left;
  for (let log = 0; log < mostLog; log++, left *= 2) if (left > 1) return log;
  return -1;
}
/** How the average decays in idle time: 256 cells, each by so many halves. */
function idle(log: number, avpkt: number, bits: bigint): { cellLog: number; table: Uint8Array } {
  const decay = -Math.log(1 - 1 / 2 ** log) / transmitTicks(bits, avpkt), whole = 31 / decay;
  let cellLog = 0;
  while (whole / 2 ** cellLog >= 512) cellLog++;
  const table = Uint8Array.from({ length: 256 }, (_, i) => (i === 255 ? 31 : Math.min(31, Math.trunc(i * 2 ** cellLog * decay))));
  return { cellLog, table };
}

const words = ['ecn', 'harddrop', 'adaptative', 'nodrop'] as const;
interface Said { earlyDropBlock?: number; markBlock?: number; limit?: number; min?: number; max?: number; avpkt?: number; burst?: number; bandwidth?: bigint; probability?: number; flags?: string[] }

export const flag = (name: string): Grammar[string] => act((draft: Draft) => { draft['flags'] = [...((draft['flags'] ?? []) as string[]), name]; });
/** 10 Mbit a second. */
const defaultBandwidth = 1_250_000n;

/** What the kernel is told of how averages go: `min`, `max` and `avpkt` in bytes, `burst` in packets. */
export function averaging({ min, max, avpkt, burst = Math.trunc((2 * min + max) / (3 * avpkt)), bandwidth = defaultBandwidth, probability: chance = 0.02 }: Said & { min: number; max: number; avpkt: number }): { weight: number; plog: number; cellLog: number; table: Uint8Array; maxP: number } {
  const plog = probabilityOf(min, max, chance), weight = weightOf(min, burst, avpkt);
  if (plog < 0) throw usage('"max" is more than "min"');
  if (weight < 0) throw usage(`a burst of ${burst} packets does not fit below "min"`, 'more of "burst", or less of "min"');
  return { weight, plog, ...idle(weight, avpkt, bandwidth), maxP: Math.trunc(chance * 2 ** 32) };
}

function build(draft: Draft): Draft {
  const { limit, avpkt, flags = [], earlyDropBlock, markBlock, ...said } = draft as Said;
  if (limit === undefined || avpkt === undefined) throw usage('RED needs the bytes that may wait and the size of an average packet', 'red limit 400000 avpkt 1000');
  const max = said.max ?? Math.trunc(said.min === undefined ? limit / 4 : said.min * 3), min = said.min ?? Math.trunc(max / 3);
  const { weight, plog, cellLog, table, maxP } = averaging({ ...said, min, max, avpkt });
  return {
    parms: { limit, qthMin: min, qthMax: max, Wlog: weight, Plog: plog, ScellLog: cellLog, flags: [] },
    stab: table, maxP,
    flags: { value: flags, selector: [...words] }, ...(earlyDropBlock !== undefined && { earlyDropBlock }), ...(markBlock !== undefined && { markBlock }),
  };
}

/** The kernel's word is spelled otherwise. */
const spelled = (name: string): string => (name === 'adaptative' ? 'adaptive' : name);
export function printFlags(printer: Printer, set: readonly unknown[]): void {
  for (const name of words) if (printer.json || set.includes(name)) printer.value(spelled(name), `${spelled(name)} `, set.includes(name));
}
export const fraction = (maxP: number): { text: () => string; json: () => Raw } => { const text = general(maxP / 2 ** 32); return { text: () => text, json: () => new Raw(text) }; };

function print(printer: Printer, options: Json): void {
  const { limit, qthMin, qthMax, Wlog, Plog, ScellLog, flags } = (options['parms'] ?? {}) as Record<string, unknown>;
  if (limit === undefined) return;
  printer.value('limit', 'limit % ', limit, sizeFormat);
  printer.value('min', 'min % ', qthMin, sizeFormat);
  printer.value('max', 'max % ', qthMax, sizeFormat);
  printFlags(printer, ((options['flags'] as { value?: unknown[] } | undefined)?.value ?? flags ?? []) as unknown[]);
  if (printer.details) {
    printer.value('ewma', 'ewma % ', Wlog);
    if (options['maxP']) printer.value('probability', 'probability % ', options['maxP'], fraction(Number(options['maxP'])));
    else printer.value('Plog', 'Plog % ', Plog);
    printer.value('Scell_log', 'Scell_log %', ScellLog);
  }
  const events = Object.entries(qevents).filter(([, key]) => options[key]);
  if (events.length === 0) return;
  printer.array('qevents', () => {
    for (const [name, key] of events) printer.object(null, () => {
      printer.value('kind', 'qevent %', name);
      printer.value('block', ' block % ', options[key]);
    });
  });
}

/** What may happen to a packet -> where the block of filters that see it then is said. */
const qevents: Readonly<Record<string, string>> = { early_drop: 'earlyDropBlock', mark: 'markBlock' };
const qevent: ValueType = {
  name: '{ early_drop | mark } block NUMBER', choices: Object.keys(qevents),
  read(words, context, after) {
    const name = words.next(after), key = qevents[name];
    if (key === undefined) throw usage(`"${name}" does not happen here`, 'qevent early_drop block 5, qevent mark block 6');
    if (!words.take('block')) throw usage('which filters see it?', `qevent ${name} block NUMBER`);
    return [key, integer('NUMBER', 1, 0xffffffff).read(words, context, 'block')];
  },
};

export const red: TcKind = {
  options: {
    limit: to('limit', size, 'most bytes that wait'), min: to('min', size, 'bytes from which packets are dropped'), max: to('max', size, 'bytes from which all are'),
    avpkt: to('avpkt', size, 'bytes of an average packet'), burst: to('burst', u32('PACKETS'), 'that may come at once'), bandwidth: to('bandwidth', rate, 'of the link: how time goes while idle'),
    probability: to('probability', probability, 'at "max"'), ecn: flag('ecn'), harddrop: flag('harddrop'), 'adaptive|adaptative': flag('adaptative'), nodrop: flag('nodrop'),
    qevent: act((draft: Draft, value) => {
      const [key, block] = value as [string, number];
      if (draft[key] !== undefined) throw usage('"qevent" is given twice for the same');
      draft[key] = block;
    }, qevent, { repeat: true, help: 'filters that see such packets' }),
  },
  build,
  print,
  printStats(printer, { marked, early, pdrop, other }) {
    printer.value('marked', '  marked %', marked);
    printer.value('early', ' early %', early);
    printer.value('pdrop', ' pdrop %', pdrop);
    printer.value('other', ' other % ', other);
  },
};

/** Counted in packets, of which each takes 1000 bytes. */
export const choke: TcKind = {
  options: {
    limit: to('limit', u32('PACKETS'), 'most that wait'), min: to('min', u32('PACKETS'), 'from which they are dropped'), max: to('max', u32('PACKETS'), 'from which all are'), burst: to('burst', u32('PACKETS'), 'that may come at once'),
    avpkt: to('avpkt', size, 'bytes of an average packet'), bandwidth: to('bandwidth', rate, 'of the link: how time goes while idle'), probability: to('probability', probability, 'at "max"'), ecn: flag('ecn'),
  },
  build(draft) {
    const { limit, avpkt = 1000, flags = [], ...said } = draft as Said;
    if (limit === undefined) throw usage('CHOKE needs the packets that may wait', 'choke limit 1000 bandwidth 10mbit');
    const max = said.max ?? Math.trunc(limit / 4), min = said.min ?? Math.trunc(max / 3), { weight, plog, cellLog, table, maxP } = averaging({ ...said, min: min * avpkt, max: max * avpkt, avpkt });
    return { parms: { limit, qthMin: min, qthMax: max, Wlog: weight, Plog: plog, ScellLog: cellLog, flags }, stab: table, maxP };
  },
  print(printer, options) {
    const { limit, qthMin, qthMax, Wlog, Plog, ScellLog, flags } = (options['parms'] ?? {}) as Record<string, unknown>;
    printer.value('limit', 'limit %p ', limit);
    printer.value('min', 'min %p ', qthMin);
    printer.value('max', 'max %p ', qthMax);
    printFlags(printer, (flags ?? []) as unknown[]);
    if (!printer.details) return;
    printer.value('ewma', 'ewma % ', Wlog);
    if (options['maxP']) printer.value('probability', 'probability % ', options['maxP'], fraction(Number(options['maxP'])));
    else printer.value('Plog', 'Plog % ', Plog);
    printer.value('Scell_log', 'Scell_log %', ScellLog);
  },
  printStats(printer, { marked, early, pdrop, other, matched }) {
    for (const [i, [name, value]] of Object.entries({ marked, early, pdrop, other, matched }).entries()) printer.value(name, `${i === 0 ? '  ' : ' '}${name} %`, value);
  },
};

export const sfq: TcKind = {
  options: {
    quantum: to('v0.quantum', size, 'bytes a round'), perturb: to('v0.perturbPeriod', s32('SECONDS'), 'after which flows are hashed anew'), limit: to('v0.limit', integer('PACKETS', 2, 65535), 'most that wait'),
    divisor: to('v0.divisor', u32(), 'size of the hash table'), flows: to('v0.flows', u32(), 'most of them'), depth: to('depth', u32('PACKETS'), 'most of a flow'),
    headdrop: is('headdrop', 1, 'the oldest is dropped'), redflowlimit: to('limit', u32('BYTES'), 'of a flow, with RED'),
    min: to('min', u32('BYTES')), max: to('max', u32('BYTES')), avpkt: to('avpkt', u32('BYTES')), burst: to('burst', u32('PACKETS')), probability: to('probability', probability),
    ecn: flag('ecn'), harddrop: flag('harddrop'),
  },
  build(draft) {
    const { min, max, avpkt = 1000, burst, probability: chance, limit, flags = [], v0 = {}, ...rest } = draft as Said & { v0?: Draft };
    if (limit === undefined) {
      if (min !== undefined || max !== undefined || burst !== undefined || flags.length > 0) throw usage('RED within flows needs "redflowlimit"');
      return Object.keys(draft).length > 0 ? { v0, ...rest } : undefined;
    }
    const high = max ?? Math.trunc(limit / 4), low = min ?? Math.trunc(high / 3);
    if (limit < high) throw usage('"redflowlimit" is at least "max"');
    const { weight, plog, maxP } = averaging({ min: low, max: high, avpkt, ...(burst !== undefined && { burst }), ...(chance !== undefined && { probability: chance }) });
    return { v0, ...rest, limit, qthMin: low, qthMax: high, Wlog: weight, Plog: plog, flags, maxP };
  },
  print(printer, options) {
    const { quantum, perturbPeriod, limit: packets, divisor, flows } = options['v0'] as Record<string, number>;
    const { depth, headdrop, qthMin, qthMax, Wlog, maxP, flags = [], stats } = options as { depth?: number; headdrop?: number; qthMin?: number; qthMax?: number; Wlog?: number; maxP?: number; flags?: unknown[]; stats?: Record<string, number> };
    printer.value('limit', 'limit %p ', packets);
    printer.value('quantum', 'quantum % ', quantum, sizeFormat);
    if (depth) printer.value('depth', 'depth % ', depth);
    if (headdrop) printer.value('headdrop', 'headdrop ', true);
    if (printer.details) printer.value('flows', 'flows % ', flows);
    printer.value('divisor', 'divisor % ', divisor);
    if (perturbPeriod) printer.value('perturb', 'perturb %sec ', perturbPeriod);
    if (!qthMin) return;
    printer.value('ewma', 'ewma % ', Wlog);
    printer.value('min', 'min % ', qthMin, sizeFormat);
    printer.value('max', 'max % ', qthMax, sizeFormat);
    printer.value('probability', 'probability % ', maxP, fraction(Number(maxP)));
    printFlags(printer, flags);
    if (printer.statistics === 0 || !stats) return;
    printer.newline();
    printer.value('prob_mark', '  prob_mark %', stats['probMark']);
    printer.value('prob_mark_head', ' prob_mark_head %', stats['probMarkHead']);
    printer.value('prob_drop', ' prob_drop %', stats['probDrop']);
    printer.newline();
    printer.value('forced_mark', '  forced_mark %', stats['forcedMark']);
    printer.value('forced_mark_head', ' forced_mark_head %', stats['forcedMarkHead']);
    printer.value('forced_drop', ' forced_drop %', stats['forcedDrop']);
  },
  printStats: (printer, { allot }) => { if (allot !== undefined) printer.value('allot', ' allot % ', allot); },
};
