/** Files that are there whole or not at all, also after a crash of the machine. */
import { closeSync, fsyncSync, linkSync, openSync, readdirSync, renameSync, unlinkSync, writeSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** Makes names that were added to or taken from a folder last. */
export function syncFolder(folder: string): void {
  const fd = openSync(folder, 'r');
  try { fsyncSync(fd); } finally { closeSync(fd); }
}
/** Where a file is written before it gets its name. */
const DRAFT = '.tmp';
export const isDraft = (name: string): boolean => name.endsWith(DRAFT);

/** Whether it must outlive the machine's next crash, or only this process. */
export type Lasting = 'machine' | 'process';

function viaDraft(path: string, text: string, lasting: Lasting, settle: (draft: string) => void): void {
  const draft = `${path}.${process.pid}${DRAFT}`;
  try {
    const fd = openSync(draft, 'w', 0o644);
    try {
      const bytes = new TextEncoder().encode(text);
      for (let at = 0; at < bytes.length;) at += writeSync(fd, bytes, at);
      if (lasting === 'machine') fsyncSync(fd);
    } finally { closeSync(fd); }
    settle(draft);
  } finally { remove(draft); }
  if (lasting === 'machine') syncFolder(dirname(path));
}
/** Puts a file in the place of the one with that name. */
export const replaceFile = (path: string, text: string, lasting: Lasting = 'machine'): void => viaDraft(path, text, lasting, (draft) => renameSync(draft, path));
/** Makes a file that is not there. @returns false when it is. */
export function createFile(path: string, text: string, lasting: Lasting = 'machine'): boolean {
  let made = true;
  viaDraft(path, text, lasting, (draft) => {
    try { linkSync(draft, path); } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
      made = false;
    }
  });
  return made;
}
/** Takes away what a process that was killed had begun to write in a folder. Only under the folder's lock. */
export function sweep(folder: string): void {
  for (const name of namesIn(folder)) if (isDraft(name)) remove(join(folder, name));
}
/** The names in a folder, none where there is no folder. */
export function namesIn(folder: string): string[] {
  try { return readdirSync(folder); } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw error;
  }
}
/** @returns false when it was not there. */
export function remove(path: string): boolean {
  try { unlinkSync(path); return true; } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return false;
    throw error;
  }
}
