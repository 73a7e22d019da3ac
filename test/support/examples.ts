/** Examples are modules that print: they are run as they are, and what they print is compared. */
import { formatWithOptions } from 'node:util';
import { vi } from 'vitest';

/** Runs examples/NAME.ts. @returns what it printed, a line an item */
export async function run(name: string): Promise<string[]> {
  const lines: string[] = [];
  const log = vi.spyOn(console, 'log').mockImplementation((...words: unknown[]) => { lines.push(...formatWithOptions({ colors: false }, ...words).split('\n').map((line) => line.trimEnd())); });
  try {
    await import(`../../examples/${name}.ts`);
    return lines;
  } finally { log.mockRestore(); }
}

/** Stops an example that would go on for ever: thrown where it prints, it unwinds as any error does. */
export class Enough extends Error {}

/** Runs an example until `enough` of what it printed, then unwinds it. */
export async function runUntil(name: string, enough: (words: unknown[]) => boolean): Promise<unknown[][]> {
  const printed: unknown[][] = [];
  const log = vi.spyOn(console, 'log').mockImplementation((...words: unknown[]) => { printed.push(words); if (enough(words)) throw new Enough(); });
  try { await import(`../../examples/${name}.ts`); } catch (error) { if (!(error instanceof Enough)) throw error; } finally { log.mockRestore(); }
  return printed;
}
