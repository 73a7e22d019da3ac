/** `--atomic -batch FILE`: all lines or none. */
import { batch, readSource } from './batch.ts';
import type { Context } from './context.ts';
import { exits, usage } from './errors.ts';
import { describe } from './failure.ts';
import { AtomicKernel, Rehearsal } from './kernel-atomic.ts';
import type { Options } from './options.ts';
import { Captured, type Output } from './output.ts';
import { session } from './session.ts';

/**
 * Runs all lines twice. The first time nothing is sent: words that are wrong, and what could not be taken back, end it
 * before anything is done. When a line fails the second time, all that was done is taken back.
 */
export async function atomic(file: string, options: Options, out: Output, execute: (context: Context, words: readonly string[]) => Promise<number>): Promise<number> {
  if (options.force) throw usage('-force goes on after an error, and --atomic does not');
  const source = readSource(file), kernel = new AtomicKernel(options.netns);
  const lines = (context: Context): Promise<number> => batch(source, context, (words) => execute(context, words));
  try {
    const silent = Object.assign(new Captured(), { error: (text: string) => out.error(text) });
    const judged = await lines(session(options, silent, () => new Rehearsal(kernel)));
    if (judged !== exits.ok) return judged;
    let status: number | undefined;
    try {
      status = await lines(session(options, out, () => kernel));
    } finally {
      if (status !== exits.ok) takeBack(kernel, out);
    }
    return status;
  } finally {
    kernel.close();
  }
}

function takeBack(kernel: AtomicKernel, out: Output): void {
  const errors = kernel.undo();
  if (errors.length === 0) return out.error('note: what earlier lines did was taken back');
  out.error(`error: not all that earlier lines did could be taken back:\n${errors.map((error) => describe(error)).join('')}`);
}
