/** The words of a command line: a cursor, iproute2's prefix matching, and "did you mean". */
import { editDistance } from '../codec/errors.ts';
import { Incomplete } from './errors.ts';

/** A cursor over the words still to be read. */
export class Words {
  readonly all: readonly string[];
  at: number;

  constructor(all: readonly string[], at = 0) {
    this.all = all;
    this.at = at;
  }

  get done(): boolean {
    return this.at >= this.all.length;
  }

  get left(): number {
    return this.all.length - this.at;
  }

  peek(): string | undefined {
    return this.all[this.at];
  }

  /** The next word. `after` is the word it belongs to, for the message when there is none. */
  next(after?: string): string {
    const word = this.all[this.at];
    if (word === undefined) throw new Incomplete(after ? `"${after}" needs a value` : 'the command line is not complete');
    this.at++;
    return word;
  }

  /** Takes the next word when it is one of these. */
  take(...words: string[]): boolean {
    if (!words.includes(this.all[this.at] ?? '\0')) return false;
    this.at++;
    return true;
  }

  rest(): string[] {
    const words = this.all.slice(this.at);
    this.at = this.all.length;
    return words;
  }
}

/** What asks for help, wherever an option may stand. */
export const helpWords: ReadonlySet<string> = new Set(['help', '-help', '--help', '-h']);

/** The alternatives of a table's key: `txqueuelen|txqlen|qlen`. */
export function alternatives(key: string): readonly string[] {
  let names = apart.get(key);
  if (!names) apart.set(key, (names = key.split('|')));
  return names;
}
const apart = new Map<string, readonly string[]>();

const keyLists = new WeakMap<object, readonly string[]>();

/** The keys of a table that does not change, but for the unnamed one: always the same array. */
export function keysOf(table: object): readonly string[] {
  let keys = keyLists.get(table);
  if (!keys) keyLists.set(table, (keys = Object.keys(table).filter((key) => key !== '')));
  return keys;
}

const wholes = new WeakMap<readonly string[], ReadonlyMap<string, string>>();

/** Whole words -> keys. Made once an array: a batch asks the same tables thousands of times. */
function wholeWords(keys: readonly string[]): ReadonlyMap<string, string> {
  let words = wholes.get(keys);
  // Of two keys with one word, the first has it.
  if (!words) wholes.set(keys, (words = new Map(keys.flatMap((key) => alternatives(key).map((name): [string, string] => [name, key])).reverse())));
  return words;
}

/**
 * The key of a table that a word stands for: a whole word first, then the first key, in the table's order, that begins
 * with it, as iproute2 does (`ip a` is address because it stands before addrlabel).
 */
export function find(word: string, keys: readonly string[], prefix = true): string | undefined {
  const whole = wholeWords(keys).get(word);
  if (whole !== undefined || !prefix || word === '') return whole;
  let known = abbreviations.get(keys);
  if (!known) abbreviations.set(keys, (known = new Map()));
  if (!known.has(word)) {
    if (known.size >= 256) known.clear();
    known.set(word, keys.find((key) => alternatives(key).some((name) => name.startsWith(word))));
  }
  return known.get(word);
}
/** What abbreviations of a batch's lines meant. */
const abbreviations = new WeakMap<readonly string[], Map<string, string | undefined>>();

/** The known word that a mistyped one most resembles, or nothing when none is near. */
export function closest(word: string, known: Iterable<string>): string | undefined {
  let best: string | undefined;
  let least = Math.max(1, Math.floor(word.length / 3)) + 1;
  for (const key of known) {
    for (const name of alternatives(key)) {
      const far = editDistance(word, name);
      if (far < least) {
        least = far;
        best = name;
      }
    }
  }
  return best;
}

/** A hint for an unknown word: what it may have meant, else what there is. */
export function didYouMean(word: string, known: readonly string[]): string {
  const near = closest(word, known);
  if (near) return `did you mean "${near}"?`;
  const names = known.map((key) => alternatives(key)[0]).filter(Boolean);
  return names.length > 32 ? `known are ${names.slice(0, 32).join(', ')}, ...` : `known are ${names.join(', ')}`;
}
