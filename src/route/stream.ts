/** What a monitor hears, as a generator that may be ended at any time. */
import type { Monitor } from '../socket/index.ts';

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
