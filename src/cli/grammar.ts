/**
 * Grammar as data. A command is a table: word -> where its value goes and how the value is written. Parsing, help,
 * completion and "did you mean" all read the same tables, so a new option is one line.
 */
import type { Context } from './context.ts';
import { Incomplete, usage } from './errors.ts';
import type { Database } from './names.ts';
import { didYouMean, find, helpWords, keysOf, Words } from './words.ts';

/** A request's body while it is being put together; keys are the schema's. */
export type Draft = Record<string, unknown>;

/** How a value is written on the command line. */
export interface ValueType {
  /** How help shows it: `BYTES`, `{ on | off }`. */
  readonly name: string;
  /** The words it may be, for completion and "did you mean". */
  readonly choices?: readonly string[];
  /** Words of its own, by the word they follow: of each kind of encapsulation. */
  readonly grammars?: Readonly<Record<string, Grammar>>;
  /** Whether a word may be such a value, where it stands without a word of its own; absent: any may. */
  readonly fits?: RegExp;
  /** What it names, for completion: among others the entries of a database of names; `line`: the words of a command line. */
  readonly completes?: 'link' | 'netns' | 'kind' | 'file' | 'family' | 'line' | Database;
  /** It goes on: words up to the next option, or with commas. */
  readonly several?: boolean;
  /** Takes as many words as the value has. `after` is the option's own word. */
  read(words: Words, context: Context, after: string): unknown;
}

export interface Row {
  /** Dotted path of keys in the draft. */
  readonly path?: string;
  readonly type?: ValueType;
  /** What a word without a value stores. */
  readonly is?: unknown;
  /** Where storing one value is not enough. */
  readonly apply?: (draft: Draft, value: unknown, context: Context, words: Words) => void;
  /** May be given more than once. */
  readonly repeat?: boolean;
  /** Of the unnamed place: the words that fill it, too, when they are given. */
  readonly same?: readonly string[];
  /** Nothing after it belongs to this table. */
  readonly last?: boolean;
  /** The words that may follow in place of this table's, for completion. */
  readonly follows?: Grammar;
  readonly help?: string;
}

/** Words -> rows. A key holds synonyms: `txqueuelen|txqlen|qlen`. The key `''` is a value that needs no word before it. */
export type Grammar = Readonly<Record<string, Row>>;

/** `mtu BYTES`: the value goes to the path. */
export function to(path: string, type: ValueType, help?: string): Row {
  return { path, type, ...(help && { help }) };
}

/** `nomaster`: the word alone stores a fixed value. */
export function is(path: string, value: unknown, help?: string): Row {
  return { path, is: value, ...(help && { help }) };
}

/** A word, with or without a value, that does something of its own to the draft. */
export function act(apply: NonNullable<Row['apply']>, type?: ValueType, more: Partial<Row> = {}): Row {
  return { apply, ...(type && { type }), ...more };
}

/** The rows of these words. */
export function only(grammar: Grammar, words: readonly string[]): Grammar {
  return Object.fromEntries(Object.entries(grammar).filter(([word]) => words.includes(word)));
}

/** Stores at a dotted path, making the objects on the way. */
export function store(draft: Draft, path: string, value: unknown): void {
  if (!path.includes('.')) {
    draft[path] = value;
    return;
  }
  const keys = path.split('.');
  const last = keys.pop() as string;
  let object = draft;
  for (const key of keys) object = (object[key] ??= {}) as Draft;
  object[last] = value;
}

/** The value at a dotted path, or undefined. */
export function at(object: unknown, path: string): unknown {
  if (!path.includes('.')) return object === null || typeof object !== 'object' ? undefined : (object as Draft)[path];
  let value = object;
  for (const key of path.split('.')) {
    if (value === null || typeof value !== 'object') return undefined;
    value = (value as Draft)[key];
  }
  return value;
}

/** Words that stand for themselves, as often as one likes. */
export const bare = (words: readonly string[]): Grammar => Object.fromEntries(words.map((word) => [word, { repeat: true }]));

/** "help" in the place of an option: the line is not run, its words are shown. */
export class HelpAsked extends Error {
  readonly grammar: Grammar;
  /** The word that the table belongs to. */
  readonly before: string | undefined;

  constructor(grammar: Grammar, before: string | undefined) {
    super('help');
    this.grammar = grammar;
    this.before = before;
  }
}

/** Throws where the cursor is at a last "help" that is no word of the table. @param from where the table's words begin */
export function mindHelp(grammar: Grammar, words: Words, from: number): void {
  const word = words.peek() ?? '';
  if (words.left === 1 && helpWords.has(word) && find(word, keysOf(grammar), false) === undefined) throw new HelpAsked(grammar, words.all[from - 1]);
}

/** A row's value; where the line ends before it does, the hint is how it is written. @param after the option's own word; undefined: it needs none */
export function readValue(type: ValueType, words: Words, context: Context, after: string | undefined): unknown {
  try {
    return type.read(words, context, after ?? type.name);
  } catch (error) {
    throw error instanceof Incomplete ? usage(error.message, after === undefined ? type.name : `${after} ${type.name}`) : error;
  }
}

/**
 * Reads words by a grammar into a draft, to the end of the line or to a row that ends the table.
 * A word that is in the table, in full, is that option; else it fills the unnamed place while that is free; else it
 * may be an abbreviation.
 */
export function parse(grammar: Grammar, words: Words, draft: Draft, context: Context): Draft {
  const keys = keysOf(grammar);
  const seen = new Set<string>(), from = words.at;
  while (!words.done) {
    mindHelp(grammar, words, from);
    const word = words.peek() as string;
    const place = grammar[''];
    const free = place !== undefined && (!seen.has('') || place.repeat === true) && place.type?.fits?.test(word) !== false;
    const key = find(word, keys, !free) ?? (free ? '' : undefined);
    if (key === undefined) throw usage(`"${word}" is not an option here`, keys.length > 0 ? didYouMean(word, keys) : 'it takes none');
    const row = grammar[key] as Row;
    if (seen.has(key) && !row.repeat) throw usage(key === '' ? `"${word}" is one word too many` : `"${word}" is given twice`);
    seen.add(key);
    if (place?.same?.includes(key)) seen.add('');
    if (key !== '') words.next();
    const value = row.type ? readValue(row.type, words, context, key === '' ? undefined : word) : row.is;
    if (row.path !== undefined) store(draft, row.path, value);
    row.apply?.(draft, value, context, words);
    if (row.last) break;
  }
  return draft;
}

/** A command: either it runs, or it has commands below it. */
export interface Command {
  readonly summary: string;
  /** Lines that people can paste, shown first in the help. */
  readonly examples?: readonly string[];
  /** Only for help and completion; `run` parses with it. */
  readonly options?: Grammar;
  /** Only for completion: values that stand by their place, the last of them as often as it says. */
  readonly places?: readonly ValueType[];
  /** What follows the command's own words, where the options alone do not say it. */
  readonly usage?: string;
  readonly commands?: Commands;
  /** The command meant when none is named. */
  readonly otherwise?: string;
  /** The command that a word belongs to which names none and is no option; the others are named in full. */
  readonly unnamed?: string;
  /** Words that the real tool has below it, by why they are not here. */
  readonly absent?: Readonly<Record<string, readonly string[]>>;
  /** Help on one thing: `ip link help bridge`. */
  readonly topic?: (words: Words) => Promise<string | undefined>;
  /** It changes something by other means than requests: what it did cannot be taken back. */
  readonly unlogged?: boolean;
  /** Its words belong to another program: "help" among them is not ours. */
  readonly raw?: boolean;
  /** Takes apart words that hold several: `-Ln` is `-L -n`. */
  readonly apart?: (words: readonly string[]) => readonly string[];
  readonly run?: (context: Context, words: Words) => Outcome;
}

export type Outcome = void | number | Promise<void | number>;

/** Words -> command, or a loader: a command's code is read only when it is called. */
export type Commands = Readonly<Record<string, Command | (() => Promise<Command>)>>;
