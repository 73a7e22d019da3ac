/** Standard output and error: gathered, written whole, and silent when the reader has gone. */
import { fstatSync, writeSync } from 'node:fs';

export interface Output {
  write(text: string): void;
  writeBytes(bytes: Uint8Array): void;
  error(text: string): void;
  flush(): void;
  /** Whether standard output is a terminal. */
  readonly terminal: boolean;
}

/** The reader of standard output closed it: not an error, but nothing more can be said. */
export class ReaderGone extends Error {}

const chunk = 1 << 16;

/** Writes all of a text, waiting while a pipe is full. */
export function writeAll(fd: number, data: string | Uint8Array): void {
  let bytes: Uint8Array = typeof data === 'string' ? new TextEncoder().encode(data) : data;
  while (bytes.length > 0) {
    try {
      bytes = bytes.subarray(writeSync(fd, bytes));
    } catch (error) {
      const { code } = error as { code?: string };
      if (code === 'EPIPE') throw new ReaderGone();
      if (code !== 'EAGAIN') throw error;
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 1);
    }
  }
}

/** `process.stdout` and node:tty read all of node:stream and node:net, which takes longer than many a command: only devices are asked. */
function isTerminal(fd: 1): boolean {
  const stat = fstatSync(fd);
  return stat.isCharacterDevice() && stat.rdev >> 8 !== MEMORY_DEVICES && process.stdout.isTTY === true;
}
/** The major number of /dev/null and its like. */
const MEMORY_DEVICES = 1;

export function standardOutput(): Output {
  let held = '';
  const flush = (): void => {
    const text = held;
    held = '';
    if (text !== '') writeAll(1, text);
  };
  return {
    terminal: isTerminal(1),
    write(text) {
      held += text;
      if (held.length >= chunk) flush();
    },
    writeBytes(bytes) {
      flush();
      writeAll(1, bytes);
    },
    error(text) {
      flush();
      writeAll(2, text.endsWith('\n') ? text : `${text}\n`);
    },
    flush,
  };
}

/** Keeps everything: for tests, and for running a command from another one. */
export class Captured implements Output {
  readonly terminal = false;
  stdout = '';
  bytes: Uint8Array = new Uint8Array();
  stderr = '';
  write(text: string): void {
    this.stdout += text;
  }
  writeBytes(bytes: Uint8Array): void {
    this.bytes = bytes;
  }
  error(text: string): void {
    this.stderr += text.endsWith('\n') ? text : `${text}\n`;
  }
  flush(): void {}
}
