/**
 * What to ask the kernel for, apart from how it is waited for: an operation is a generator that yields requests and receives their answers.
 * The same operation runs with promises or on the spot.
 */
import type { Client, Reply, Request } from '../socket/index.ts';
import { devicesOf } from './devices.ts';

/** What a plan waits for. */
export type Step =
  | { readonly op: 'request'; readonly request: Request }
  | { readonly op: 'dump'; readonly request: Request; readonly select?: readonly string[] }
  | { readonly op: 'bracketed'; readonly requests: readonly Request[] }
  | { readonly op: 'devices' };
/** Gets replies for a request, objects for a dump, a result each for requests in brackets; for devices, what is known of them. */
export type Plan<T> = Generator<Step, T, unknown>;

/** Sends a request, waits for its ack, gives what came before it. @throws {NetlinkError} */
export function* ask(request: Request): Plan<Reply[]> {
  return (yield { op: 'request', request }) as Reply[];
}
/** All objects of a dump. @throws {NetlinkError} */
export function* dump<T>(request: Request, select?: readonly string[]): Plan<T[]> {
  return (yield { op: 'dump', request, ...(select && { select }) }) as T[];
}
/** Sends requests of which the first and the last bracket the others: a result each. */
export function* bracketed(requests: readonly Request[]): Plan<PromiseSettledResult<Reply[]>[]> {
  return (yield { op: 'bracketed', requests }) as PromiseSettledResult<Reply[]>[];
}

/** Runs a plan with promises. A refusal is thrown into it, so that it may clean up. */
export async function run<T>(client: Client, plan: Plan<T>, signal?: AbortSignal): Promise<T> {
  const options = signal ? { signal } : {};
  let step = plan.next();
  while (!step.done) {
    const { value } = step;
    let answer: unknown;
    try {
      if (value.op === 'devices') answer = devicesOf(client);
      else if (value.op === 'request') answer = await client.request(value.request, options);
      else if (value.op === 'bracketed') answer = await client.bracketed(value.requests, options);
      else {
        const all: unknown[] = [];
        for await (const chunk of client.dumpChunks(value.request, { ...options, ...(value.select && { select: value.select }) })) for (const object of chunk) all.push(object);
        answer = all;
      }
    } catch (error) { step = plan.throw(error); continue; }
    step = plan.next(answer);
  }
  return step.value;
}

/** The same, on the spot. */
export function runSync<T>(client: Client, plan: Plan<T>): T {
  let step = plan.next();
  while (!step.done) {
    const { value } = step;
    let answer: unknown;
    try {
      if (value.op === 'devices') answer = devicesOf(client);
      else if (value.op === 'request') answer = client.requestSync(value.request);
      else if (value.op === 'bracketed') answer = client.bracketedSync(value.requests);
      else answer = client.dumpSync(value.request, value.select ? { select: value.select } : {});
    } catch (error) { step = plan.throw(error); continue; }
    step = plan.next(answer);
  }
  return step.value;
}
