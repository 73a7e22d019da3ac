/** A secret from who sits at the terminal, unseen; the first line of standard input, where there is no terminal. */
import { openSync, readSync, writeSync } from 'node:fs';
import { usage } from './errors.ts';

export async function askSecret(prompt: string): Promise<string> {
  let terminal: number;
  try {
    terminal = openSync('/dev/tty', 'r+');
  } catch {
    return firstLine();
  }
  const { ReadStream } = process.getBuiltinModule('node:tty'), keys = new ReadStream(terminal);
  writeSync(terminal, prompt);
  keys.setRawMode(true);
  try {
    return await typed(keys);
  } finally {
    keys.setRawMode(false);
    writeSync(terminal, '\n');
    keys.destroy();
  }
}

const INTERRUPT = '\x03', END = '\x04', BACKSPACE = ['\b', '\x7f'];

/** In raw mode the terminal edits no line: only the last letter can be taken back. */
async function typed(keys: AsyncIterable<Buffer>): Promise<string> {
  let line = '';
  for await (const chunk of keys) {
    for (const key of chunk.toString()) {
      if (key === INTERRUPT) throw usage('interrupted');
      if (key === '\r' || key === '\n' || key === END) return line;
      line = BACKSPACE.includes(key) ? line.slice(0, -1) : line + key;
    }
  }
  return line;
}

/** Byte by byte: what follows the line is someone else's. */
function firstLine(): string {
  const bytes: number[] = [], one = new Uint8Array(1);
  for (;;) {
    try {
      if (readSync(0, one) === 0 || one[0] === 10) break;
      bytes.push(one[0] as number);
    } catch (error) {
      // Standard input does not wait where someone else has made it so.
      if ((error as { code?: string }).code !== 'EAGAIN') throw error;
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 1);
    }
  }
  return new TextDecoder().decode(Uint8Array.from(bytes));
}
