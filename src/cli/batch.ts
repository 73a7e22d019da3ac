/** `-batch FILE`: one command a line, in one process and over one socket. */
import { readFileSync } from 'node:fs';
import type { Context } from './context.ts';
import { exits, usage } from './errors.ts';
import { describe, statusOf } from './failure.ts';

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

const quote = /["']/;

/** Words of a line: blanks part them; one that begins with a quote goes to the next one. */
export function split(line: string): string[] {
  const all = line.trim();
  if (!quote.test(all)) return all === '' ? [] : all.split(/[ \t\r\n]+/);
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

/** @param file A path, or - for standard input. */
export async function batch(file: string, context: Context, execute: (words: readonly string[]) => Promise<number>): Promise<number> {
  let text: string;
  try {
    text = readFileSync(file === '-' ? 0 : file, 'utf8');
  } catch (error) {
    throw usage(`cannot read "${file}": ${(error as Error).message}`);
  }
  const name = file === '-' ? 'standard input' : file;
  let status = 0;
  for (const line of batchLines(text)) {
    const own = await attempt(line, name, context, execute);
    if (own === exits.ok) continue;
    if (!context.options.force) return own;
    status = exits.usage;
  }
  if (context.options.dryRun) (await import('./dry-run.ts')).printRecorded(context);
  return status;
}

/** @returns the status of the line; what is wrong has been said with its place. */
async function attempt({ number, words, error: wrong }: Line, name: string, context: Context, execute: (words: readonly string[]) => Promise<number>): Promise<number> {
  try {
    if (wrong !== undefined) throw usage(wrong);
    return await execute(words);
  } catch (error) {
    context.out.error(`${name}:${number}: ${describe(error)}`);
    return statusOf(error);
  }
}
