/** `-batch FILE`: one command a line, in one process and over one socket. */
import { readFileSync } from 'node:fs';
import type { Context } from './context.ts';
import { exits, usage } from './errors.ts';
import { describe, statusOf } from './failure.ts';
import { ReaderGone } from './output.ts';

export interface Line {
  /** Of its last line, as iproute2 counts. */
  readonly number: number;
  readonly words: readonly string[];
  /** What is wrong with the text itself. */
  readonly error?: string;
}

/** Lines with words. As iproute2 reads them: `#` begins a comment wherever it stands, and a backslash that ends a line joins it with the next. */
export function* batchLines(text: string): Generator<Line> {
  const lines = text.split('\n');
  for (let i = 0; i < lines.length; i++) {
    let line = code(lines[i] as string);
    // The last piece has no end of line that could be escaped.
    while (line.endsWith('\\') && i < lines.length - 1) {
      line = line.slice(0, -1);
      if (++i === lines.length - 1 && lines[i] === '') {
        yield { number: i, words: [], error: 'the last line goes on, and nothing follows' };
        return;
      }
      line += code(lines[i] as string);
    }
    try {
      const words = split(line);
      if (words.length > 0) yield { number: i + 1, words };
    } catch (error) {
      yield { number: i + 1, words: [], error: (error as Error).message };
    }
  }
}

/** A line without its comment. */
function code(line: string): string {
  const comment = line.indexOf('#');
  return comment < 0 ? line : line.slice(0, comment);
}

const quote = /["']/, odd = /[\t\r\n]|  /;

/** Words of a line: blanks part them; one that begins with a quote goes to the next one. */
export function split(line: string): string[] {
  const all = line.trim();
  if (!quote.test(all)) return all === '' ? [] : all.split(odd.test(all) ? /[ \t\r\n]+/ : ' ');
  const words: string[] = [];
  const word = /[ \t\r\n]*(?:"([^"]*)"|'([^']*)'|([^ \t\r\n"'][^ \t\r\n]*))/gy;
  let end = 0;
  for (let match = word.exec(all); match; match = word.exec(all)) {
    words.push(match[1] ?? match[2] ?? (match[3] as string));
    end = word.lastIndex;
  }
  if (end < all.length) throw usage(`the quote in ${all.slice(end).trim()} does not end`);
  return words;
}

/**
 * Runs the lines one after the other, to the first that fails. With -force they all run, and then nothing hangs on an
 * answer: changes are sent many at once, in order. Without, each waits for the one before, since the kernel works on all
 * messages of a datagram whatever it refused.
 */
export async function batch({ name, text }: Source, context: Context, execute: (words: readonly string[]) => Promise<number>): Promise<number> {
  const { force } = context.options;
  let status: number = exits.ok, number = 0;
  const failed = (at: number, error: unknown): void => {
    if (error instanceof ReaderGone) throw error;
    context.out.error(`${name}:${at}: ${describe(error)}`);
    status ||= statusOf(error);
  };
  const flush = (): void => { if (force) context.kernel.flush?.(); };
  if (force) context.kernel.gather?.(() => { const at = number; return (error) => failed(at, error); });
  try {
    for (const { number: at, words, error } of batchLines(text)) {
      number = at;
      try {
        if (error !== undefined) throw usage(error);
        const own = await execute(words);
        status ||= own;
      } catch (wrong) {
        // What became of earlier lines is said first.
        flush();
        failed(at, wrong);
      }
      if (status !== exits.ok && !force) return status;
    }
  } finally { flush(); }
  if (context.options.dryRun) (await import('./dry-run.ts')).printRecorded(context);
  return status === exits.ok ? exits.ok : exits.usage;
}

export interface Source {
  /** As errors call it. */
  readonly name: string;
  readonly text: string;
}

/** @param file A path, or - for standard input. */
export function readSource(file: string): Source {
  try {
    return { name: file === '-' ? 'standard input' : file, text: readFileSync(file === '-' ? 0 : file, 'utf8') };
  } catch (error) {
    throw usage(`cannot read "${file}": ${(error as Error).message}`);
  }
}
