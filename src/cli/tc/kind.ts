/** What the command knows about a kind of qdisc or class: its words, and how its options and counters are printed. Paths are keys of its schema. */
import type { Context } from '../context.ts';
import type { Draft, Grammar } from '../grammar.ts';
import type { Json, Printer } from '../print/printer.ts';

export interface TcKind {
  readonly options: Grammar;
  /** Makes the schema's options of what the words said; undefined: none are sent. Absent: the draft as it is, where anything was said. */
  readonly build?: (draft: Draft, context: Context, how: How) => Draft | undefined;
  readonly print?: (printer: Printer, options: Json) => void;
  readonly printStats?: (printer: Printer, stats: Json) => void;
}
/** What is done, and to what. */
export interface How { readonly creating: boolean; readonly ifindex: number | undefined }
