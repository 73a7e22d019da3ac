/** What a monitor hears, as a generator that may be ended at any time. */
import type { Client, Monitor, MonitorEvent, MonitorOptions } from '../socket/index.ts';
import { assertOpen } from './objects.ts';

/** Events as they come, until `return()`. */
export interface Stream<E> extends AsyncGenerator<E, void, undefined> {
  /** Ends it, also while `next()` waits. */
  return(value?: void | PromiseLike<void>): Promise<IteratorResult<E, void>>;
}
/** @param events reads the monitor. A generator that has not begun, or that waits, does not hear of its end: the monitor does. */
export function stream<E>(monitor: Pick<Monitor, 'close'>, events: AsyncGenerator<E, void, undefined>): Stream<E> {
  const end = async (): Promise<IteratorResult<E, void>> => { monitor.close(); return events.return(); };
  return {
    next: () => events.next(),
    return: end,
    throw: (error: unknown) => { monitor.close(); return events.throw(error); },
    [Symbol.asyncIterator]() { return this; },
    [Symbol.asyncDispose]: async () => { await end(); },
  };
}

/** A message that a monitor heard. */
export type Heard = Exclude<MonitorEvent, { readonly overrun: true }>;
/**
 * Messages as `read` puts them, undefined where nothing is to be told; `lost` where the kernel dropped some. The signal ends it quietly; the
 * monitor is closed with it.
 */
async function* told<E>(monitor: Monitor, signal: AbortSignal | undefined, lost: E, read: (event: Heard) => E | undefined): AsyncGenerator<E, void, undefined> {
  try {
    for await (const event of monitor) {
      if (event.overrun) { yield lost; continue; }
      if (event.error !== undefined) throw event.error;
      const one = read(event);
      if (one) yield one;
    }
  } catch (error) {
    if (!signal?.aborted) throw error;
  } finally { monitor.close(); }
}
/** The same of groups, from the call on. @throws {NetlinkError} EPERM */
export function listen<E>(client: Pick<Client, 'closed' | 'monitor'>, groups: readonly string[], options: MonitorOptions, lost: E, read: (event: Heard) => E | undefined): Stream<E> {
  assertOpen(client);
  const monitor = client.monitor(groups, options);
  return stream(monitor, told(monitor, options.signal, lost, read));
}
