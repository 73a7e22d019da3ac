/** `devlink health`: who watches a part of a device, what it says, and repairs (net/devlink/health.c). */
import { uptime } from 'node:os';
import type { Devlink, DevlinkHealth } from '../../families/generic/devlink/index.ts';
import { devlinkSaid, devlinkTokens, type DevlinkSaid } from '../../generic/index.ts';
import type { Context } from '../context.ts';
import { to, type Command, type Grammar } from '../grammar.ts';
import { text, u64 } from '../values.ts';
import { Layout } from './layout.ts';
import { change, command, deviceName, ordered, portName, show, truth } from './speak.ts';

const two = (number: number): string => String(number).padStart(2, '0');
function printTime(layout: Layout, { healthReporterDumpTs, healthReporterDumpTsNs }: DevlinkHealth): void {
  const ms = healthReporterDumpTsNs !== undefined ? Number(healthReporterDumpTsNs / 1_000_000n) : healthReporterDumpTs !== undefined ? Date.now() - 1000 * uptime() + Number(healthReporterDumpTs) : undefined;
  if (ms === undefined) return;
  const at = new Date(ms);
  layout.word('last_dump_date', `${at.getFullYear()}-${two(at.getMonth() + 1)}-${two(at.getDate())}`);
  layout.more('last_dump_time', `${two(at.getHours())}:${two(at.getMinutes())}:${two(at.getSeconds())}`);
}
export function printHealth(layout: Layout, body: Devlink): void {
  const { healthReporter: one } = body;
  if (one?.healthReporterName === undefined || one.healthReporterState === undefined) return;
  layout.listed(body.portIndex === undefined ? deviceName(body) : portName(body), () => {
    layout.word('reporter', one.healthReporterName);
    layout.newline();
    layout.deeper();
    layout.word('state', one.healthReporterState);
    layout.count('error', one.healthReporterErrCount);
    layout.count('recover', one.healthReporterRecoverCount);
    printTime(layout, one);
    layout.count('grace_period', one.healthReporterGracefulPeriod);
    layout.more('auto_recover', one.healthReporterAutoRecover === undefined ? undefined : one.healthReporterAutoRecover !== 0);
    layout.more('auto_dump', one.healthReporterAutoDump === undefined ? undefined : one.healthReporterAutoDump !== 0);
    layout.back();
  });
}

/** Bytes are numbers in JSON. */
const readable = (said: DevlinkSaid): unknown => (said instanceof Uint8Array ? [...said] : Array.isArray(said) ? said.map(readable) : typeof said === 'object' ? Object.fromEntries(Object.entries(said).map(([name, value]) => [name, readable(value as DevlinkSaid)])) : said);
const WIDTH = 16;
function printSaid(layout: Layout, pieces: NonNullable<Devlink['fmsg']>, hex: boolean): void {
  const open: string[] = [];
  let name: string | undefined;
  const named = (): void => {
    if (name !== undefined) layout.name(name);
    name = undefined;
  };
  layout.ended();
  for (const [what, value] of devlinkTokens(pieces)) {
    if (what === 'name') name = value;
    else if (what === 'value') {
      named();
      if (value instanceof Uint8Array) {
        layout.item('');
        for (const [i, byte] of value.entries()) {
          layout.put(`${byte.toString(16).padStart(2, '0')} `);
          if ((i + 1) % WIDTH === 0) layout.newline();
        }
        if (value.length % WIDTH !== 0) layout.newline();
      } else layout.item(hex && (typeof value === 'number' || typeof value === 'bigint') && value != 0 ? `0x${value.toString(16)}` : String(value));
    } else if (what === 'end') {
      if (open.pop() === 'pair') continue;
      layout.newline();
      layout.back();
    } else {
      open.push(what);
      if (what === 'pair') continue;
      layout.newline();
      named();
      layout.newline();
      layout.deeper();
    }
  }
}
function said(context: Context, bodies: readonly Devlink[]): void {
  if (context.options.dryRun) return;
  const layout = new Layout(context), pieces = bodies.flatMap(({ fmsg }) => fmsg ?? []), value = devlinkSaid(pieces);
  if (!layout.json) printSaid(layout, pieces, context.options.hex);
  layout.finish(value === undefined ? undefined : readable(value));
}

const reporter: Grammar = { reporter: to('healthReporterName', text('REPORTER')) }, LINE = '{ DEV | DEV/PORT } reporter REPORTER', EXAMPLE = 'pci/0000:01:00.0 reporter fw';
const on = ['dev', 'port'] as const;
const question = (summary: string, word: string, message: string, how: 'dump' | 'get' | 'request'): Command => command({
  summary, line: LINE, examples: [`devlink health ${word} ${EXAMPLE}`], on, needs: reporter, ...(how === 'request' && { changes: true as const }),
  run(context, kernel, place, draft) {
    const body = ordered({ ...place, ...draft });
    said(context, (how === 'dump' ? kernel.dump(message, body) : kernel.request(message, body).map((answer) => answer.body)) as Devlink[]);
  },
});

/** @param ports only those of ports, where nothing is named */
export function healthCommands(ports = false): Command {
  const told = { summary: 'print who watches what, and what was found', line: `[ { DEV | DEV/PORT } [ reporter REPORTER ] ]`, examples: [ports ? 'devlink port health' : 'devlink health', `devlink health show ${EXAMPLE}`], section: 'health', message: 'healthReporterGet', one: on, needs: reporter, some: on };
  const all = show({ ...told, print: printHealth }), ofPorts = show({ ...told, print: (layout, body) => { if (body.portIndex !== undefined) printHealth(layout, body); } });
  return {
    summary: ports ? 'health of ports' : 'health of devices', otherwise: 'show', examples: ['devlink health', `devlink health diagnose ${EXAMPLE}`, `devlink health dump show ${EXAMPLE}`, `devlink health set ${EXAMPLE} grace_period 3500 auto_recover true`],
    commands: {
      'show|list': ports ? { ...all, run: (context, words) => (words.done ? ofPorts : all).run?.(context, words) } : all,
      recover: change({ summary: 'repair', line: LINE, examples: [`devlink health recover ${EXAMPLE}`], message: 'healthReporterRecover', on, needs: reporter }),
      diagnose: question('print how it is now', 'diagnose', 'healthReporterDiagnose', 'get'),
      test: question('let the reporter find an error', 'test', 'healthReporterTest', 'request'),
      dump: {
        summary: 'what was found at the last error', otherwise: 'show',
        commands: {
          'show|list': question('print it; where there was none, how it is now', 'dump show', 'healthReporterDumpGet', 'dump'),
          clear: change({ summary: 'forget it', line: LINE, examples: [`devlink health dump clear ${EXAMPLE}`], message: 'healthReporterDumpClear', on, needs: reporter }),
        },
      },
      set: change({
        summary: 'set what a reporter does by itself', line: `${LINE} [ grace_period MSEC ] [ auto_recover { true | false } ] [ auto_dump { true | false } ]`, examples: [`devlink health set ${EXAMPLE} grace_period 3500 auto_recover true`], message: 'healthReporterSet', on, needs: reporter,
        options: { grace_period: to('healthReporterGracefulPeriod', u64('MSEC')), auto_recover: to('healthReporterAutoRecover', truth), auto_dump: to('healthReporterAutoDump', truth) },
      }),
    },
  };
}
