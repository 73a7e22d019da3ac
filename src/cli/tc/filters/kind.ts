/** What a kind of filter is on the command line. */
import type { Context } from '../../context.ts';
import { usage } from '../../errors.ts';
import { act, parse, type Draft, type Grammar, type Row } from '../../grammar.ts';
import type { Json, Printer } from '../../print/printer.ts';
import { parseInteger } from '../../values.ts';
import type { Words } from '../../words.ts';
import { actionWords, readActions } from '../actions/index.ts';
import { police, readPolice } from '../actions/police.ts';

/** What the words before the kind said. */
export interface Before {
  readonly handle: string | undefined;
  /** Ethernet protocol of the packets. */
  readonly protocol: number;
  /** It sees what comes in. */
  readonly incoming: boolean;
}
/** The message's handle, and the kind's options; a kind without words has none. */
export interface Filter { readonly handle: number; readonly options?: Draft }

export interface FilterKind {
  /** What follows the kind. */
  readonly usage: string;
  readonly options: Grammar;
  readonly read: (words: Words, context: Context, before: Before) => Filter;
  /** @param handle The message's. */
  readonly print: (printer: Printer, options: Json, handle: number) => void;
}

/** The words of a kind into its options. */
export const readOptions = (grammar: Grammar, words: Words, context: Context, draft: Draft = {}): Draft => parse(grammar, words, draft, context);

/** A handle that is one number. */
export function plainHandle({ handle }: Before): number {
  if (handle === undefined) return 0;
  const number = parseInteger(handle);
  if (number === undefined || number < 0n || number > 0xffffffffn) throw usage(`"${handle}" is not a handle of this kind`, 'one number: handle 7');
  return Number(number);
}

/** Actions from here to the end. */
export const actionRow: Row = act((draft, value) => { draft['act'] = value; }, { ...actionWords, name: 'ACTION ...', read: (words, context) => readActions(words, context) });
/** A limit of rate, without an action around it. */
export const policeRow: Row = act((draft, value) => { draft['police'] = value; }, { name: 'rate RATE burst BYTES ...', read: (words, context) => readPolice(words, context) }, { follows: police.options });

/** Where a filter works. */
export const flagRow = (flag: string): Row => act((draft) => { draft['flags'] = [...((draft['flags'] ?? []) as string[]), flag]; });

const flagWords: readonly (readonly [flag: string, word: string])[] = [['skipHw', 'skip_hw'], ['skipSw', 'skip_sw'], ['inHw', 'in_hw'], ['notInHw', 'not_in_hw']];
/** @param text How one is written. */
export function printFlags(printer: Printer, flags: unknown, text: (word: string) => void): void {
  for (const [flag, word] of flagWords) if (((flags ?? []) as string[]).includes(flag)) {
    text(word);
    printer.value(word, null, true);
  }
}
