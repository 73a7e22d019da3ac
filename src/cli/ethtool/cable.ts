/** Tests of cables: `--cable-test`, `--cable-test-tdr`. What is found comes as events (net/ethtool/cabletest.c). */
import type { Context } from '../context.ts';
import { usage } from '../errors.ts';
import { to, type Command, type Grammar, type ValueType } from '../grammar.ts';
import type { Body } from '../kernel.ts';
import { Printer } from '../print/printer.ts';
import { u8, word } from '../values.ts';
import { follow, untilInterrupted } from '../watch.ts';
import type { Words } from '../words.ts';
import { ask, device, nameOf, parameters } from './ask.ts';
import { printOne, type Shown } from './show.ts';

const pairName = (pair: unknown): string => (/^[a-d]$/.test(String(pair)) ? `Pair ${String(pair).toUpperCase()}` : 'Unexpected pair');
const codes: Readonly<Record<string, string>> = { ok: 'OK', open: 'Open Circuit', sameShort: 'Short within Pair', crossShort: 'Short to another pair', impedanceMismatch: 'Impedance mismatch', noise: 'Noise', resolutionNotPossible: 'Resolution not possible' };
const metres = (centimetres: number): string => (centimetres / 100).toFixed(2);
const began = (what: string, body: Body): string => (body['status'] === 'started' ? `${what} started for device ${nameOf(body)}.\n` : body['status'] === 'completed' ? `${what} completed for device ${nameOf(body)}.\n` : '');

interface Results { readonly result?: readonly { pair?: unknown; code?: unknown }[]; readonly faultLength?: readonly { pair?: unknown; cm?: number }[] }
export const cable: Shown = {
  message: 'cableTest', plain: true, joined: true,
  print(printer, body) {
    const { result = [], faultLength = [] } = (body['nest'] ?? {}) as Results;
    printer.text(began('Cable test', body));
    for (const { pair, code } of result) printer.text(`${pairName(pair)} code ${codes[String(code)] ?? 'Unknown'}\n`);
    for (const { pair, cm = 0 } of faultLength) printer.text(`${pairName(pair)}, fault length: ${metres(cm)}m\n`);
  },
};
interface Echoes { readonly step?: { firstDistance?: number; lastDistance?: number; stepDistance?: number }; readonly pulse?: readonly { mV?: number }[]; readonly amplitude?: readonly { pair?: unknown; mV?: number }[] }
export const reflections: Shown = {
  message: 'cableTestTdr', plain: true, joined: true,
  print(printer, body) {
    const { step, pulse = [], amplitude = [] } = (body['nest'] ?? {}) as Echoes;
    printer.text(began('Cable test TDR', body));
    if (step) printer.text(`Step configuration: ${metres(step.firstDistance ?? 0)}-${metres(step.lastDistance ?? 0)} meters in ${metres(step.stepDistance ?? 0)}m steps\n`);
    for (const { mV = 0 } of pulse) printer.text(`TDR Pulse ${mV}mV\n`);
    for (const { pair, mV = 0 } of amplitude) printer.text(`${pairName(pair)} Amplitude ${String(mV).padStart(4)}\n`);
  },
};

/** Begins a test, and prints until it has ended. */
function test(summary: string, example: string, message: string, shown: Shown, read: (words: Words, context: Context) => Body, options: Grammar = {}): Command {
  return {
    summary, usage: Object.keys(options).length > 0 ? 'DEVNAME OPTIONS' : 'DEVNAME', options: { ...device, ...options }, unlogged: true, examples: [`ethtool ${example}`],
    async run(context, words) {
      const asked = await ask(context, words), body = read(words, context);
      // Listens before it begins: a test may be short.
      const stop = new AbortController(), events = asked.kernel.monitor(['monitor'], { signal: stop.signal });
      untilInterrupted().addEventListener('abort', () => stop.abort());
      try { asked.change(message, body); } catch (error) {
        stop.abort();
        throw error;
      }
      if (context.options.dryRun) return;
      const printer = new Printer(context);
      await follow(context, events, (event) => {
        if (String(event.body['cmd']) !== `${shown.message}Ntf` || nameOf(event.body) !== asked.device) return;
        printOne(shown, asked, false)(printer, event.body);
        if (!printer.json) printer.spill();
        if (event.body['status'] === 'completed') stop.abort();
      });
      printer.finish();
    },
  };
}

const FAR = 150;
const distance: ValueType = word('METRES', (given, _context, after) => {
  const value = Number(given);
  if (!/^\d+(\.\d+)?$/.test(given) || value > FAR) throw usage(`"${given}" is not a distance for "${after}"`, `at most ${FAR} metres`);
  return Math.round(value * 100);
});
const looking: Grammar = { first: to('first', distance), last: to('last', distance), step: to('step', distance), pair: to('pair', u8('0-3')) };

export const testCable = test('test the cable, pair by pair', '--cable-test eth0', 'cableTestAct', cable, (words) => {
  if (!words.done) throw usage(`"${words.next()}" is one word too many`);
  return {};
});
export const testReflections = test('test what comes back of a pulse', '--cable-test-tdr eth0 first 1 last 50 step 0.5 pair 0', 'cableTestTdrAct', reflections, (words, context) => (words.done ? {} : { cfg: parameters(looking, words, context) }), looking);
