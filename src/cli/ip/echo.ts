/** Sends a change; with -echo (or -j) prints what the kernel made of it. */
import type { Context } from '../context.ts';
import type { Draft } from '../grammar.ts';
import type { RequestFlag } from '../kernel.ts';

export function echo(context: Context, message: string, body: Draft, flags: readonly RequestFlag[]): void {
  if (!context.options.echo) {
    // A link may name a namespace by a descriptor, which is closed with the line.
    if (message === 'newlink') context.kernel.request(message, body, flags);
    else context.kernel.change(message, body, flags);
    return;
  }
  const answers = context.kernel.request(message, body, [...flags, 'echo']);
  context.echo?.(answers);
}
