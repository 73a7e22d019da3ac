/**
 * What to ask the kernel for, apart from how it is waited for: an operation is a generator that yields requests and receives their answers.
 * The same operation runs with promises or on the spot.
 */
import type { Client, Reply, Request } from '../socket/index.ts';

/** What a plan waits for. */
export type Step = { readonly op: 'request'; readonly request: Request } | { readonly op: 'dump'; readonly request: Request; readonly select?: readonly string[] };
/** Gets replies for a request, objects for a dump. */
export type Plan<T> = Generator<Step, T, unknown>;

/** Sends a request, waits for its ack, gives what came before it. @throws {NetlinkError} */
export function* ask(request: Request): Plan<Reply[]> {
  return (yield { op: 'request', request }) as Reply[];
}
/** All objects of a dump. @throws {NetlinkError} */
export function* dump<T>(request: Request, select?: readonly string[]): Plan<T[]> {
  return (yield { op: 'dump', request, ...(select && { select }) }) as T[];
}

/** Runs a plan with promises. A refusal is thrown into it, so that it may clean up. */
export async function run<T>(client: Client, plan: Plan<T>, signal?: AbortSignal): Promise<T> {
  const options = signal ? { signal } : {};
  let step = plan.next();
  while (!step.done) {
    const { value } = step;
    let answer: unknown;
    try {
      if (value.op === 'request') answer = await client.request(value.request, options);
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
      answer = value.op === 'request' ? client.requestSync(value.request) : client.dumpSync(value.request, value.select ? { select: value.select } : {});
    } catch (error) { step = plan.throw(error); continue; }
    step = plan.next(answer);
  }
  return step.value;
}
