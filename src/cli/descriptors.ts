/** Descriptors that the messages of a line name (of namespaces, of programs): they are open until the line is over. */
import { closeSync } from 'node:fs';
import type { Context } from './context.ts';

const held = new Set<number>();

/** Closes it with the line. */
export function hold(fd: number): number {
  held.add(fd);
  return fd;
}

/** The line is over, or has failed. */
export function release(context: Context): void {
  if (held.size === 0) return;
  const { force, batch } = context.options;
  try {
    // Changes that are sent many at once may name them.
    if (force && batch !== undefined) context.kernel.flush?.();
  } finally {
    for (const fd of held) closeSync(fd);
    held.clear();
  }
}
