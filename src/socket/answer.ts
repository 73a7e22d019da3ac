/** Answers that come later than the acknowledgement, or without one: of audit, of fib_lookup. */
import type { Client } from './client.ts';
import { netlinkError } from './netlink-error.ts';
import type { Reply, Request } from './request.ts';

/** What is waited for, and how long. */
export interface AnswerOptions {
  readonly signal?: AbortSignal;
  /** Milliseconds. Default 30,000. */
  readonly timeout?: number;
}

/**
 * Sends a request by a socket of its own, and waits for the first message that comes.
 * @throws {NetlinkError} the refusal, `ERR_NETLINK_TIMEOUT`, `ERR_NETLINK_OVERRUN`; {DecodeError} for what does not fit its schema
 */
export async function answer(client: Client, request: Request, { signal, timeout = 30_000 }: AnswerOptions = {}): Promise<Reply> {
  signal?.throwIfAborted();
  await using monitor = client.monitor([], signal ? { signal } : {});
  monitor.send(request);
  let late = false;
  const timer = setTimeout(() => { late = true; monitor.close(); }, timeout);
  try {
    const { value: event } = await monitor.next();
    if (event?.overrun) throw netlinkError('ERR_NETLINK_OVERRUN', 'the kernel dropped the answer');
    if (event?.error !== undefined) throw event.error;
    if (event) return event;
    signal?.throwIfAborted();
    throw late ? netlinkError('ERR_NETLINK_TIMEOUT', `no answer from the kernel in ${timeout} ms`) : netlinkError('ERR_NETLINK_CLOSED', 'the client was closed');
  } finally { clearTimeout(timer); }
}
