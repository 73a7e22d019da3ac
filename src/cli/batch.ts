/** `-batch FILE`: one command a line, in one process and over one socket. */
import { readFileSync } from 'node:fs';
import type { Context } from './context.ts';
import { usage } from './errors.ts';
import { describe, statusOf } from './failure.ts';

export interface Line {
  readonly number: number;
  readonly words: readonly string[];
}

/** Lines with words; `#` begins a comment, a backslash at the end goes on, quotes keep blanks. */
export function* batchLines(text: string): Generator<Line> {
  const lines = text.split('\n');
  for (let i = 0; i < lines.length; i++) {
    const number = i + 1;
    let line = lines[i] as string;
    while (line.endsWith('\\') && i + 1 < lines.length) line = line.slice(0, -1) + (lines[++i] as string);
    const words = split(line);
    if (words.length > 0) yield { number, words };
  }
}

/** Words of a line: blanks part them, single or double quotes hold them together. */
export function split(line: string): string[] {
  const words: string[] = [];
  const word = /\s*(#.*$|"([^"]*)"|'([^']*)'|[^\s"'#][^\s]*)/gy;
  for (let match = word.exec(line); match; match = word.exec(line)) {
    if ((match[1] as string).startsWith('#')) break;
    words.push(match[2] ?? match[3] ?? (match[1] as string));
  }
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
  for (const { number, words } of batchLines(text)) {
    try {
      const own = await execute(words);
      status ||= own;
      if (own !== 0 && !context.options.force) return own;
    } catch (error) {
      context.out.error(`${name}:${number}: ${describe(error)}`);
      status ||= statusOf(error);
      if (!context.options.force) return status;
    }
  }
  if (context.options.dryRun) (await import('./dry-run.ts')).printRecorded(context);
  return status;
}
