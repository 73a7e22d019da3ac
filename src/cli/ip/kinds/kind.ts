/** What the command knows about a kind of link: its words, and how `-d` prints its data. Paths are keys of its schema. */
import type { Draft, Grammar } from '../../grammar.ts';
import { to } from '../../grammar.ts';
import type { Cell, Sheet } from '../../print/printer.ts';
import { onOff as onOffFormat } from '../../print/formats.ts';
import { onOff } from '../../values.ts';
import type { Context } from '../../context.ts';

export interface Kind {
  readonly options: Grammar;
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

/** The grammar of switches: word -> path. */
export function toggles(words: Readonly<Record<string, string>>): Grammar {
  return Object.fromEntries(Object.entries(words).map(([word, path]) => [word, to(path, onOff)]));
}
