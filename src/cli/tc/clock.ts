/** Clocks and moments of schedules, as `taprio`, `etf` and the action `gate` have them. Numbers: include/uapi/linux/time.h. */
import { usage } from '../errors.ts';
import type { Format } from '../print/printer.ts';
import { word } from '../values.ts';
import { Words } from '../words.ts';
import { time64 } from './units.ts';

const clocks: Readonly<Record<string, number>> = { REALTIME: 0, MONOTONIC: 1, BOOTTIME: 7, TAI: 11 };

/** `CLOCK_TAI`, `tai`. */
export const clock = word('CLOCK', (given, _context, after) => {
  const found = clocks[given.toUpperCase().replace(/^CLOCK_/, '')];
  if (found === undefined) throw usage(`"${given}" is not a clock for "${after}"`, Object.keys(clocks).map((name) => `CLOCK_${name}`).join(', '));
  return found;
}, { choices: Object.keys(clocks).map((name) => `CLOCK_${name}`) });
const clockName = (value: unknown): string => Object.keys(clocks).find((name) => clocks[name] === Number(value)) ?? 'invalid';
export const clockFormat: Format = { text: clockName, json: clockName };

/** Nanoseconds, which a moment has more of than a double has digits; or a number with a unit. */
export const moment = word('TIME', (given, context, after) => {
  if (!/^-?\d+$/.test(given)) return time64.read(new Words([given]), context, after);
  const value = BigInt(given);
  if (BigInt.asIntN(64, value) !== value) throw usage(`${given} is too large for "${after}"`);
  return value;
});
