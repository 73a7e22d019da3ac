/** `action gate clockid CLOCK_TAI sched-entry open 200ms sched-entry close 100ms`: net/sched/act_gate.c. */
import { usage } from '../../errors.ts';
import { act, to, type Draft, type ValueType } from '../../grammar.ts';
import { hex } from '../../print/formats.ts';
import type { Format, Json, Printer } from '../../print/printer.ts';
import { parseInteger, s32, u32 } from '../../values.ts';
import { clock, clockFormat, moment } from '../clock.ts';
import { control, printUse, printVerdict } from '../filter-values.ts';
import { readSize, sizeFormat, time64Format } from '../units.ts';
import { parmsOf, type ActionKind } from './kind.ts';

const entry: ValueType = {
  name: '{ open | close } TIME [ PRIORITY [ BYTES ] ]', choices: ['open', 'close'],
  read(words, context, after) {
    const state = words.next(after).toLowerCase(), open = state === 'open';
    if (!open && state !== 'close') throw usage(`"${state}" is not how a gate stands`, 'sched-entry open 200ms, sched-entry close 100ms');
    const interval = moment.read(words, context, after) as bigint;
    if (interval < 0n || interval > 0xffffffffn) throw usage(`${interval} ns are too long for "${after}"`, 'less than 4.3 seconds');
    const number = (): boolean => parseInteger(words.peek() ?? '') !== undefined, ipv = number() ? (s32('PRIORITY').read(words, context, after) as number) : undefined;
    const octets = ipv === undefined ? undefined : number() ? (s32('BYTES').read(words, context, after) as number) : /^\d/.test(words.peek() ?? '') ? readSize(words.next(), after) : undefined;
    // What is closed has neither.
    return { ...(open && { gate: true }), interval: Number(interval), ipv: open ? (ipv ?? -1) : -1, maxOctets: open ? (octets ?? -1) : -1 };
  },
};
/** Numbers of which -1 is any. */
const wild = (value: unknown): boolean => value === undefined || value === -1;
const column: Format = { text: (value) => String(value).padStart(4) };

export const gate: ActionKind = {
  usage: '{ sched-entry { open | close } TIME [ PRIORITY [ BYTES ] ] } ... [ base-time TIME ] [ cycle-time TIME ] [ cycle-time-ext TIME ] [ priority NUMBER ] [ clockid CLOCK ] [ flags FLAGS ] [ VERDICT ] [ index NUMBER ]',
  options: {
    'sched-entry': act((draft: Draft, value) => { ((draft['entryList'] ??= { oneEntry: [] }) as { oneEntry: unknown[] }).oneEntry.push(value); }, entry, { repeat: true }),
    'base-time': to('baseTime', moment), 'cycle-time': to('cycleTime', moment), 'cycle-time-ext': to('cycleTimeExt', moment),
    priority: to('priority', s32()), clockid: to('clockid', clock), flags: to('flags', u32('FLAGS')),
    ...control(),
  },
  verdict: 'pipe',
  head: [null, ''],
  complete(draft) {
    if (draft['entryList'] === undefined && (draft['parms'] as Draft | undefined)?.['index'] === undefined) throw usage('when is it open?', 'action gate sched-entry open 200ms sched-entry close 100ms');
    draft['entryList'] ??= { oneEntry: [] };
  },
  print(printer, options) {
    const parms = parmsOf(options), { priority, clockid = -1, flags, baseTime = 0n, cycleTime = 0n, cycleTimeExt = 0n, entryList } = options;
    printer.text('\n');
    printer.value('priority', wild(priority) ? '\tpriority wildcard' : '\tpriority %8', priority ?? -1);
    printer.value('clockid', '\tclockid %', clockid, clockFormat);
    printer.value('flags', '\tflags %', flags, hex);
    printer.text('\n');
    printer.value('base_time', '\tbase-time %', baseTime, time64Format);
    printer.value('cycle_time', '\tcycle-time %', cycleTime, time64Format);
    printer.value('cycle_time_ext', '\tcycle-time-ext %', cycleTimeExt, time64Format);
    if (entryList) printEntries(printer, ((entryList as Json)['oneEntry'] ?? []) as Json[]);
    printVerdict(printer, '\t', parms['action'], '');
    printer.text('\n');
    printUse(printer, parms, options['tm']);
    printer.text('\n');
  },
};
function printEntries(printer: Printer, all: readonly Json[]): void {
  printer.newline();
  printer.text('\tschedule:');
  printer.newline();
  printer.array('schedule', () => {
    for (const one of all) {
      printer.object(null, () => {
        printer.value('number', '\t number %', one['index'] ?? 0, column);
        printer.value('gate_state', '\tgate-state % ', one['gate'] ? 'open' : 'close');
        printer.value('interval', '\tinterval %', one['interval'] ?? 0, time64Format);
        printer.value('ipv', wild(one['ipv']) ? '\t ipv wildcard' : '\t ipv %10', one['ipv'] ?? -1);
        printer.value('max_octets', wild(one['maxOctets']) ? '\t max-octets wildcard' : '\t max-octets %', one['maxOctets'] ?? -1, sizeFormat);
      });
      printer.newline();
    }
  });
}
