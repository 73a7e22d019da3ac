/**
 * Who has what in a large pool, noted beside it: so the question whether someone has an address already opens no files by the thousand.
 * Others change pools, too, and know nothing of the note. It counts as long as the folder's times are those that it tells: each name that
 * anybody adds or takes away sets them anew (POSIX, file times update), and after a change of ours the time is set back to one that no
 * later change can have, since the clock that it is taken from moves in steps. What it says someone has is looked up in the files; only
 * what they hold that was written over in its place would be missed, and no plugin does that.
 */
import { closeSync, constants, fstatSync, mkdirSync, openSync, readFileSync, statSync, utimesSync, writeSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { remove } from './files.ts';

/** A pool with fewer reservations is read. */
const LARGE = 128;
/** Bytes of the first line: the size that the note began with, and the folder's times. */
const HEAD = 64;
/** Milliseconds: more than a step of any clock that times of files are taken from. */
const BACK = 4_000;
/** Lines of what is no more are left in: a note that has grown to so many times what it began with is made anew. */
const GROWN = 4;

/** Where the notes are: gone with the machine's next start, and nobody else's to write to. */
function pathOf(folder: string): string | undefined {
  const base = process.getuid?.() === 0 ? '/run' : process.env['XDG_RUNTIME_DIR'];
  if (!base) return undefined;
  const { dev, ino } = statSync(folder);
  return join(base, 'nlkit', 'pools', `${dev}-${ino}`);
}
function timesOf(folder: string): string {
  const { mtimeNs, ctimeNs } = statSync(folder, { bigint: true });
  return `${mtimeNs} ${ctimeNs}`;
}
/** Sets the folder's time of change back. @returns its times; undefined where they are kept too coarsely to tell two changes apart */
function setBack(folder: string): string | undefined {
  const wanted = (Date.now() - BACK * (1 + Math.random())) / 1000;
  utimesSync(folder, statSync(folder).atimeMs / 1000, wanted);
  return Math.abs(statSync(folder).mtimeMs / 1000 - wanted) < 1e-5 ? timesOf(folder) : undefined;
}
const headOf = (size: number, times: string): string => `${`${size} ${times}`.padEnd(HEAD - 1)}\n`;
/** How a line begins that is about someone; it ends with the address. */
const startOf = (id: string): string => `\n${JSON.stringify(id)} `;

/** A pool's note, while the pool's lock is held. */
export class Ledger {
  readonly #folder: string;
  readonly #path: string | undefined;
  /** All of it; undefined where only the files know. */
  #text: string | undefined;
  #more = '';

  constructor(folder: string) {
    this.#folder = folder;
    this.#path = pathOf(folder);
    this.#text = this.#path === undefined ? undefined : this.#read(this.#path);
  }
  #read(path: string): string | undefined {
    try {
      const fd = openSync(path, constants.O_RDONLY | constants.O_NOFOLLOW);
      try {
        const text = fstatSync(fd).uid === process.getuid?.() ? readFileSync(fd, 'utf8') : '', [size, ...times] = text.slice(0, HEAD).trim().split(' ');
        return times.join(' ') === timesOf(this.#folder) && text.length <= GROWN * Number(size) ? text : undefined;
      } finally { closeSync(fd); }
    } catch { return undefined; }
  }
  /** Addresses that someone may have, or had once; undefined where only the files know. */
  of(id: string): string[] | undefined {
    const text = this.#text, start = startOf(id), found = new Set<string>();
    if (text === undefined) return undefined;
    for (let at = text.indexOf(start); at >= 0; at = text.indexOf(start, at + 1)) found.add(text.slice(at + start.length, text.indexOf('\n', at + 1)));
    return [...found];
  }
  /** What the files say. */
  fill(held: ReadonlyMap<string, { readonly id: string }>): void {
    if (this.#path === undefined || held.size < LARGE) return;
    const lines = [...held].map(([address, { id }]) => `${startOf(id).slice(1)}${address}\n`).join('');
    this.#text = headOf(HEAD + lines.length, '') + lines;
    this.#write(this.#path, 'w', this.#text);
  }
  add(address: string, id: string): void { this.#more += `${startOf(id).slice(1)}${address}\n`; }
  /** After the last change of the pool's: from now on the note counts. */
  keep(): void {
    if (this.#path !== undefined && this.#text !== undefined) this.#write(this.#path, 'r+', this.#more);
  }
  /** The times come last: a process that ends before leaves a note that does not count. */
  #write(path: string, flags: 'w' | 'r+', lines: string): void {
    try {
      if (flags === 'w') mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
      const fd = openSync(path, flags, 0o600);
      try {
        if (lines !== '') writeSync(fd, lines, flags === 'w' ? 0 : fstatSync(fd).size);
        const times = setBack(this.#folder);
        if (times === undefined) throw new Error('no fine times');
        writeSync(fd, headOf(Number.parseInt((this.#text as string), 10), times), 0);
      } finally { closeSync(fd); }
    } catch {
      this.#text = undefined;
      try { remove(path); } catch { /* It does not count. */ }
    }
  }
}
/** Forgets a pool's note. */
export function forgetLedger(folder: string): void {
  try { const path = pathOf(folder); if (path !== undefined) remove(path); } catch { /* There is no such folder, or no note. */ }
}
