/** Examples are modules that print: they are run as they are, and what they print is compared. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
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

/**
 * Runs an example without types as a script of its own, as it stands, by the Node that runs the tests and with the package as it was built; ends it after
 * a line that is `enough`. @returns the lines that it printed
 */
export async function runUntil(name: string, enough: (line: string) => boolean): Promise<string[]> {
  const script = spawn(process.execPath, ['--input-type=module'], { cwd: fileURLToPath(new URL('../../', import.meta.url)), stdio: ['pipe', 'pipe', 'inherit'] });
  script.stdin.end(readFileSync(new URL(`../../examples/${name}.ts`, import.meta.url)));
  const closed = once(script, 'close'), printed: string[] = [];
  for await (const line of createInterface({ input: script.stdout })) {
    printed.push(line);
    if (enough(line)) script.kill();
  }
  await closed;
  return printed;
}
