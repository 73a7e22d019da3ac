/** Values that filters and actions share: classes, masks, verdicts. */
import { places } from '../../route/handles.ts';
import { usage } from '../errors.ts';
import { act, is, mindHelp, readValue, store, to, type Draft, type Grammar, type ValueType } from '../grammar.ts';
import { via } from '../print/formats.ts';
import type { Json, Printer } from '../print/printer.ts';
import type { Context } from '../context.ts';
import { parseInteger, u32, word } from '../values.ts';
import { find, keysOf, type Words } from '../words.ts';

/** `1:10`, `root`, or one hexadecimal number. */
export function parseClass(given: string, after: string): number {
  if (given === 'root') return places.root;
  if (given === 'none') return places.none;
  const [, major = '', colon, minor = ''] = /^([0-9a-f]{0,8})(:)?([0-9a-f]{0,4})$/i.exec(given) ?? [];
  if ((major === '' && colon === undefined) || (colon !== undefined && major.length > 4)) throw usage(`"${given}" is not a class for "${after}"`, 'MAJOR:MINOR in hexadecimal, each at most ffff: 1:10');
  return colon === undefined ? Number.parseInt(major, 16) : ((Number.parseInt(major || '0', 16) << 16) | Number.parseInt(minor || '0', 16)) >>> 0;
}
export const classid: ValueType = word('CLASSID', (given, _context, after) => parseClass(given, after));

/** `1:10`, as tc writes it. */
export function className(handle: number): string {
  if (handle === places.root) return 'root';
  if (handle === places.none) return 'none';
  const major = handle >>> 16, minor = handle & 0xffff;
  return `${major === 0 ? '' : major.toString(16)}:${minor === 0 ? '' : minor.toString(16)}`;
}
export const classFormat = via((value) => className(Number(value)));

/** Reads words by a grammar for as long as they are its own, in full: what follows belongs to others. */
export function readOwn(grammar: Grammar, words: Words, draft: Draft, context: Context): Draft {
  const keys = keysOf(grammar), seen = new Set<string>(), from = words.at;
  for (;;) {
    mindHelp(grammar, words, from);
    const key = find(words.peek() ?? '', keys, false);
    if (key === undefined) return draft;
    const row = grammar[key] as Grammar[string], given = words.next();
    if (seen.has(key) && !row.repeat) throw usage(`"${given}" is given twice`);
    seen.add(key);
    const value = row.type ? readValue(row.type, words, context, given) : row.is;
    if (row.path !== undefined) store(draft, row.path, value);
    row.apply?.(draft, value, context, words);
    if (row.last) return draft;
  }
}
/** The words for what becomes of a packet -> the schema's. */
const verdicts = { continue: 'unspec', drop: 'shot', shot: 'shot', pass: 'ok', ok: 'ok', reclassify: 'reclassify', pipe: 'pipe', trap: 'trap' } as const;
const spelled: Readonly<Record<string, string>> = { unspec: 'continue', ok: 'pass', reclassify: 'reclassify', shot: 'drop', pipe: 'pipe', stolen: 'stolen', trap: 'trap' };
const JUMP = 0x10000000, GOTO = 0x20000000, most = 0x0fffffff;

const count: ValueType = word('NUMBER', (given, _context, after) => {
  const value = parseInteger(given);
  if (value === undefined || value < 0n || value > BigInt(most)) throw usage(`"${given}" is not a number for "${after}"`, `0 to ${most}`);
  return Number(value);
});
const chain: ValueType = { ...count, name: 'chain NUMBER', read: (words, context, after) => {
  if (!words.take('chain')) throw usage(`"${after}" goes to a chain`, 'goto chain NUMBER');
  return count.read(words, context, 'chain');
} };

export const verdictWords: readonly string[] = [...Object.keys(verdicts), 'jump', 'goto'];
/** Whether a word begins a verdict. */
export const isVerdict = (given: string | undefined): boolean => given !== undefined && verdictWords.includes(given);
/** A verdict at the cursor. */
export function readVerdict(words: Words, context: Context, after: string): string | number {
  const given = words.next(after);
  if (given === 'jump') return JUMP | Number(count.read(words, context, given));
  if (given === 'goto') return GOTO | Number(chain.read(words, context, given));
  if (!(given in verdicts)) throw usage(`"${given}" is not what may become of a packet`, `${Object.keys(verdicts).join(', ')}, jump NUMBER, goto chain NUMBER`);
  return verdicts[given as keyof typeof verdicts];
}
/** The words of verdicts, and the number of an action. */
export const control = (path = 'parms.action'): Grammar => ({
  ...Object.fromEntries(Object.entries(verdicts).map(([given, verdict]) => [given, is(path, verdict)])),
  jump: act((draft, value) => { store(draft, path, JUMP | Number(value)); }, count),
  goto: act((draft, value) => { store(draft, path, GOTO | Number(value)); }, chain),
  index: to('parms.index', u32('NUMBER')),
});

/** `VALUE[/MASK]`. */
export const masked = (name: string, max: bigint, base = 10): ValueType => word(`${name}[/MASK]`, (given, _context, after) => {
  const [value = '', mask] = given.split('/'), numbers = [value, mask].map((part) => (part === undefined ? undefined : base === 16 && /^[0-9a-f]+$/i.test(part) ? BigInt(`0x${part}`) : parseInteger(part)));
  if (numbers[0] === undefined || (mask !== undefined && numbers[1] === undefined) || numbers.some((number) => number !== undefined && (number < 0n || number > max))) throw usage(`"${given}" is not a number with a mask for "${after}"`, `VALUE or VALUE/MASK, at most ${max}`);
  return { value: Number(numbers[0]), ...(numbers[1] !== undefined && { mask: Number(numbers[1]) }) };
});

/** What becomes of packets, as text and as an object in JSON. */
export function printVerdict(printer: Printer, before: string, given: unknown, after: string, key = 'control_action'): void {
  const number = typeof given === 'number' ? given >>> 0 : undefined, plain = number === undefined ? (spelled[given as string] ?? String(given)) : number >>> 28 === 1 ? 'jump' : number >>> 28 === 2 ? 'goto' : String(given);
  printer.text(before);
  printer.object(key, () => {
    printer.value('type', '%', plain);
    if (number !== undefined && number >>> 28 === 2) printer.value('chain', ' chain %', number & most);
    if (number !== undefined && number >>> 28 === 1) printer.value('jump', ' %', number & most);
  });
  printer.text(after);
}

/** Number, users, and with -s the times of an action. */
export function printUse(printer: Printer, parms: Json, tm: unknown, before = '\t '): void {
  printer.value('index', `${before}index %`, parms['index']);
  printer.value('ref', ' ref %', parms['refcnt']);
  printer.value('bind', ' bind %', parms['bindcnt']);
  if (printer.statistics > 0) printTimes(printer, tm);
}
export function printTimes(printer: Printer, tm: unknown): void {
  if (tm === undefined) return;
  const { install, lastuse, expires, firstuse } = tm as Record<string, bigint>;
  const seconds = (key: string, text: string, ticks: bigint | undefined): void => { if (ticks) printer.value(key, text, Number(ticks / USER_HZ)); };
  seconds('installed', ' installed % sec', install);
  seconds('last_used', ' used % sec', lastuse);
  seconds('expires', ' expires % sec', expires);
  seconds('first_used', ' firstused % sec', firstuse);
}
const USER_HZ = 100n;

/** Bytes in hexadecimal. */
export const hexBytes = (most_: number, exactly = false): ValueType => word('HEX', (given, _context, after) => {
  const digits = given.replace(/^0x/i, '');
  if (!/^([0-9a-f]{2})+$/i.test(digits) || digits.length > most_ * 2 || (exactly && digits.length !== most_ * 2)) throw usage(`"${given}" are no bytes in hexadecimal for "${after}"`, `${exactly ? '' : 'at most '}${most_} bytes: 00ff`);
  return Uint8Array.from(digits.match(/../g) ?? [], (byte) => Number.parseInt(byte, 16));
});
/** The same, with a mask behind a slash. */
export const hexMasked = (size: number): ValueType => word('HEX[/MASK]', (given, _context, after) => {
  const parts = given.split('/').map((part) => part.replace(/^0x/i, ''));
  if (parts.length > 2 || parts.some((part) => !/^([0-9a-f]{2})+$/i.test(part) || part.length > size * 2)) throw usage(`"${given}" are no bytes in hexadecimal for "${after}"`, `at most ${size} bytes: 00ff, or 00ff/00ff`);
  const [value, mask] = parts.map((part) => Uint8Array.from({ length: size }, (_, i) => Number.parseInt(part.slice(i * 2, i * 2 + 2) || '0', 16)));
  return { value, mask: mask ?? new Uint8Array(size).fill(0xff) };
});
