/** What the command knows about a kind of link: its words, and how `-d` prints its data. Paths are keys of its schema. */
import { act, at, to, type Draft, type Grammar, type Row } from '../../grammar.ts';
import type { Cell, Sheet } from '../../print/printer.ts';
import { onOff as onOffFormat } from '../../print/formats.ts';
import { onOff } from '../../values.ts';
import type { Context } from '../../context.ts';
import type { Words } from '../../words.ts';

export interface Kind {
  readonly options: Grammar;
  /** What the words begin with: the defaults that are always sent, or of a link that is changed what it is now. None: nothing. */
  readonly start?: (now: Draft | undefined) => Draft;
  /** Words of its own after `peer`, before those of any link. */
  readonly peer?: (data: Draft, words: Words, context: Context) => void;
  /** None: iproute2 prints nothing beyond the name. */
  readonly sheet?: Sheet;
  /** Last look at the data before it is sent. */
  readonly finish?: (data: Draft, context: Context, creating: boolean) => void;
}

/** `forward_delay` is the key `forwardDelay`. */
export function camel(word: string): string {
  return word.replace(/[_-]([a-z0-9])/g, (_, letter: string) => letter.toUpperCase());
}

/** A number printed as `name value `. */
export function plain(name: string, path = camel(name), text = name): Cell {
  return [name, `${text} % `, path];
}

/** A switch printed as `name on `. */
export function toggle(name: string, path = camel(name), text = name): Cell {
  return [name, `${text} % `, path, onOffFormat];
}

/** Printed as `text `, true in JSON, when it is set. */
export function when(name: string, path: string, text = name): Cell {
  return [name, `${text} `, (data) => (at(data, path) ? true : undefined)];
}

/** Printed when a list of flags has it. */
export function has(name: string, path: string, flag: string, text = name): Cell {
  return [name, `${text} `, (data) => ((at(data, path) as unknown[] | undefined)?.includes(flag) ? true : undefined)];
}

/** A word that puts a name into lists of flags, or takes it away. */
export function mark(paths: readonly string[], flag: string, on: boolean): Row {
  return act((draft) => { for (const path of paths) put(draft, path, flag, on); });
}

export function put(draft: Draft, path: string, flag: string, on: boolean): void {
  const others = ((draft[path] ?? []) as unknown[]).filter((name) => name !== flag);
  draft[path] = on ? [...others, flag] : others;
}

/** The grammar of switches: word -> path. */
export function toggles(words: Readonly<Record<string, string>>): Grammar {
  return Object.fromEntries(Object.entries(words).map(([word, path]) => [word, to(path, onOff)]));
}
