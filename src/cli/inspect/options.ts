/** Words that the microscope's commands share. */
import { protocols, variants } from '../../families/index.ts';
import { usage } from '../errors.ts';
import type { ValueType } from '../grammar.ts';
import { closest, didYouMean } from '../words.ts';
import { word } from '../values.ts';

/** Protocols that have schemas, by name. */
export const known: readonly string[] = [...protocols, ...variants].map((p) => p.name);

/** A protocol's name; its number, where it has no schemas. */
export function readProtocol(name: string): string | number {
  if (/^\d+$/.test(name)) return protocols.find((p) => p.number === Number(name))?.name ?? Number(name);
  if (known.includes(name)) return name;
  const near = closest(name, known);
  throw usage(`"${name}" is not a protocol with schemas`, near ? `did you mean "${near}"?` : `known are ${known.join(', ')}; the number of any other one works too`);
}

export const protocolType: ValueType = word('{ NAME | NUMBER }', (text) => readProtocol(text), { choices: known });

/** Words up to the next option. */
export const several = (name: string, more: Partial<ValueType> = {}): ValueType => ({
  name: `${name}...`, several: true, ...more,
  read(words, _context, after) {
    const all = [words.next(after)];
    for (let next = words.peek(); next !== undefined && !next.startsWith('-'); next = words.peek()) all.push(words.next());
    return all.flatMap((one) => one.split(',')).filter(Boolean);
  },
});

/** Timers, and poll(2), count milliseconds in 31 bits. */
const MOST_SECONDS = 2_000_000;
/** Seconds, with fractions. */
export const seconds: ValueType = word('SECONDS', (text, _context, after) => {
  const value = Number(text);
  if (!/^\d*\.?\d+$/.test(text) || !(value > 0)) throw usage(`"${text}" is not a number of seconds for "${after}"`);
  if (value > MOST_SECONDS) throw usage(`${text} is out of range for "${after}"`, `at most ${MOST_SECONDS} seconds`);
  return value;
});

/** One of some words, in full. */
export const oneWord = (...words: string[]): ValueType => word(`{ ${words.join(' | ')} }`, (text, _context, after) => {
  if (!words.includes(text)) throw usage(`"${text}" is not a value of "${after}"`, didYouMean(text, words));
  return text;
}, { choices: words });

/** Names of messages as they may be written: without their prefix, too. */
export const withoutPrefix = (names: readonly string[]): string[] => [...names, ...names.map((name) => name.replace(/^[A-Z0-9]+_((MSG|CMD)_)?/, ''))];
