/** Things that are no netlink messages, done in the namespace of `-netns`. */
import type { Context } from '../context.ts';
import { entering } from '../errors.ts';

/** Runs something, without waiting, in the namespace of `-netns`. */
export async function inside<T>(context: Context, run: () => T): Promise<T> {
  const { netns } = context.options;
  if (netns === undefined) return run();
  const { enter } = await import('../../namespace/index.ts');
  try {
    return enter(netns, run);
  } catch (error) {
    throw entering(netns, error);
  }
}

/** Whether it is a dry run, which only says what would be done by other means than messages. */
export function dry(context: Context, text: string): boolean {
  if (!context.options.dryRun) return false;
  context.out.error(`note: ${text}: no messages`);
  return true;
}
