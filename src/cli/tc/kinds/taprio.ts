/** `taprio`: which traffic classes may send when (IEEE 802.1Qbv); `etf`, `cbs`: packets at their time, and by credit. */
import { usage } from '../../errors.ts';
import { act, to, type Draft } from '../../grammar.ts';
import { counter, hex } from '../../print/formats.ts';
import type { Json, Printer } from '../../print/printer.ts';
import { s32, u32, u8, word } from '../../values.ts';
import { clock, clockFormat, moment } from '../clock.ts';
import type { TcKind } from '../kind.ts';
import { classesOf, classRows, entriesOf, fpText, several, toldOf } from './mqprio.ts';

/** Hexadecimal, with 0x or without. */
const gates = word('GATES', (given, _context, after) => {
  if (!/^(0x)?[0-9a-f]{1,8}$/i.test(given)) throw usage(`"${given}" is not a mask of classes for "${after}"`, 'a bit for each, in hexadecimal: 0x3');
  return Number.parseInt(given, 16);
});

export const taprio: TcKind = {
  options: {
    ...classRows,
    'max-sdu': to('maxSdu', several(u32('BYTES'), /^\d/, '0 300'), 'of each class the largest frame; 0: any'),
    'sched-entry': act((draft: Draft, value) => { draft['schedule'] = [...((draft['schedule'] ?? []) as unknown[]), value]; }, {
      name: 'S GATES NANOSECONDS',
      read(words, context, after) {
        const cmd = words.next(after);
        if (cmd !== 'S') throw usage(`"${cmd}" is not what a schedule does`, 'S: opens gates, and closes the others');
        return { cmd: 'setGates', gateMask: gates.read(words, context, after), interval: u32('NANOSECONDS').read(words, context, after) };
      },
    }, { repeat: true, help: 'the classes that may send for so long; one after the other' }),
    'base-time': to('schedBaseTime', moment, 'when it begins'), 'cycle-time': to('schedCycleTime', moment, 'default: all entries together'), 'cycle-time-extension': to('schedCycleTimeExtension', moment, 'by which the last cycle before another schedule may be longer'),
    clockid: to('schedClockid', clock), flags: to('flags', u32('FLAGS'), '1: by the times of packets, 2: by hardware'), 'txtime-delay': to('txtimeDelay', u32('NANOSECONDS'), 'with flags 1: what the way to the device may take'),
  },
  build(draft) {
    const { map: _map, queues: _queues, numTc, fp, maxSdu, schedule = [], flags, ...rest } = draft as { map?: unknown; queues?: unknown; numTc?: number; fp?: unknown[]; maxSdu?: unknown[]; schedule?: Draft[]; flags?: number };
    if (numTc === undefined && (_map !== undefined || _queues !== undefined)) throw usage('how many traffic classes?', 'taprio num_tc 2 map 0 1 queues 1@0 1@1 ...');
    const tcEntry = entriesOf({ maxSdu, fp });
    return {
      ...(numTc !== undefined && { priomap: classesOf(draft, { numTc, map: Array.from({ length: 16 }, () => 0), hw: 0 }) }), ...rest, ...(flags !== undefined && { flags: [flags] }),
      ...(tcEntry.length > 0 && { tcEntry }), schedEntryList: { entry: schedule },
    };
  },
  print(printer, options) {
    const { numTc, prioTcMap, count, offset } = (options['priomap'] ?? {}) as { numTc?: number; prioTcMap: number[]; count: number[]; offset: number[] };
    if (numTc === undefined) return;
    printer.value('tc', 'tc % ', numTc);
    printer.list('map', prioTcMap, `map${prioTcMap.map((n) => ` ${n}`).join('')}`);
    printer.newline();
    const queues = Array.from({ length: numTc }, (_, i) => ({ offset: offset[i], count: count[i] }));
    printer.list('queues', queues, `queues${queues.map((queue) => ` offset ${queue.offset} count ${queue.count}`).join('')}`);
    printer.newline();
    printer.value('clockid', 'clockid %', options['schedClockid'], clockFormat);
    printer.value('flags', ' flags %', options['flags'] === undefined ? undefined : numberOfFlags(options['flags'] as unknown[]), hex);
    printer.value('txtime_delay', ' txtime delay %', options['txtimeDelay']);
    printSchedule(printer, options);
    // In JSON, where tc writes it without a name.
    if (options['adminSched']) printer.object('admin', () => printSchedule(printer, options['adminSched'] as Json));
    const each = (name: string, all: readonly unknown[]): void => {
      if (all.length === 0) return;
      printer.list(name, all, `${name}${all.map((one) => ` ${String(one)}`).join('')}`);
      printer.newline();
    };
    each('max-sdu', toldOf(options['tcEntry'], 'maxSdu').map((one) => one ?? 0));
    each('fp', toldOf(options['tcEntry'], 'fp').map(fpText));
  },
};
const bits: Readonly<Record<string, number>> = { txtimeAssist: 1, fullOffload: 2 };
const numberOfFlags = (set: readonly unknown[]): number => set.reduce<number>((all, one) => all | (typeof one === 'number' ? one : (bits[String(one)] ?? 0)), 0);

function printSchedule(printer: Printer, { schedBaseTime = 0n, schedCycleTime = 0n, schedCycleTimeExtension = 0n, schedEntryList }: Json): void {
  printer.value('base_time', '\tbase-time %', schedBaseTime, counter);
  printer.value('cycle_time', ' cycle-time %', schedCycleTime, counter);
  printer.value('cycle_time_extension', ' cycle-time-extension %', schedCycleTimeExtension, counter);
  if (!schedEntryList) return;
  printer.newline();
  printer.array('schedule', () => {
    for (const { index = 0, cmd, gateMask = 0, interval = 0 } of ((schedEntryList as Json)['entry'] ?? []) as Json[]) {
      printer.object(null, () => {
        printer.value('index', '\tindex %', index);
        printer.value('cmd', ' cmd %', cmd === 'setGates' ? 'S' : 'Invalid');
        printer.value('gatemask', ' gatemask %', gateMask, hex);
        printer.value('interval', ' interval %', interval);
      });
      printer.newline();
    }
  });
}

const etfWords = { offload: 'offloadOn', deadline_mode: 'deadlineModeOn', skip_sock_check: 'skipSockCheck' } as const;
const etfHelp = { offload: 'by hardware', deadline_mode: 'a time is a deadline', skip_sock_check: 'sockets need not have asked for it' } as const;

export const etf: TcKind = {
  options: {
    delta: to('delta', s32('NANOSECONDS'), 'ahead of its time that a packet is given to the device'), clockid: to('clockid', clock),
    ...Object.fromEntries(Object.entries(etfWords).map(([word_, flag]) => [word_, act((draft: Draft) => { draft['flags'] = [...((draft['flags'] ?? []) as string[]), flag]; }, undefined, { help: etfHelp[word_ as keyof typeof etfHelp] })])),
  },
  build: ({ delta = 0, clockid = -1, flags = [] }) => ({ parms: { delta, clockid, flags } }),
  print(printer, options) {
    const { delta, clockid, flags = [] } = (options['parms'] ?? {}) as { delta?: number; clockid?: number; flags?: unknown[] };
    if (delta === undefined) return;
    printer.value('clockid', 'clockid % ', clockid, clockFormat);
    printer.value('delta', 'delta % ', delta);
    for (const [word_, flag] of Object.entries(etfWords)) printer.value(word_, `${word_} %${word_ === 'skip_sock_check' ? '' : ' '}`, flags.includes(flag) ? 'on' : 'off');
  },
};

const cbsWords = ['hicredit', 'locredit', 'sendslope', 'idleslope', 'offload'] as const;
export const cbs: TcKind = {
  options: {
    hicredit: to('hicredit', s32('BYTES'), 'most credit'), locredit: to('locredit', s32('BYTES'), 'least credit'), sendslope: to('sendslope', s32('KBIT'), 'a second, by which credit falls while sending: negative'),
    idleslope: to('idleslope', s32('KBIT'), 'a second, by which it rises'), offload: to('offload', u8('{ 0 | 1 }'), 'by hardware'),
  },
  build: (draft) => ({ parms: { ...Object.fromEntries(cbsWords.map((word_) => [word_, 0])), ...draft } }),
  print(printer, options) { for (const word_ of cbsWords) printer.value(word_, `${word_} % `, (options['parms'] as Json | undefined)?.[word_]); },
};
