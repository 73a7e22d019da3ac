/** What a kind of action is on the command line. */
import type { Context } from '../../context.ts';
import type { Draft, Grammar } from '../../grammar.ts';
import type { Json, Printer } from '../../print/printer.ts';
import type { Words } from '../../words.ts';

export interface ActionKind {
  /** What follows the kind. */
  readonly usage: string;
  readonly options: Grammar;
  /** The words, where the table alone does not say how they go. */
  readonly read?: (words: Words, context: Context, draft: Draft) => void;
  /** What becomes of packets where no word says it. */
  readonly verdict: string;
  /** Where the parameters are in the options; `parms` where it is not said. */
  readonly parms?: string;
  /** What is missing, and what follows from what was said. */
  readonly complete?: (draft: Draft, context: Context) => void;
  /** What its print begins with, where that is not its name and a blank. */
  readonly head?: readonly [key: string | null, text: string];
  readonly print: (printer: Printer, options: Json) => void;
}

/** The parameters of an action, as a listing has them. */
export const parmsOf = (options: Json, key = 'parms'): Json => (options[key] ?? {}) as Json;
