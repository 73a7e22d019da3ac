/** What is asked of families as plans: generators that yield requests and are given their answers, so that the same code runs with promises, on the spot, and for the command. */
import type { AnyGenericFamily } from '../codec/index.ts';
import { open, openSync, type FamilyClient, type FamilyOptions } from './family.ts';

/** One question. */
export interface PlanRequest {
  readonly family: AnyGenericFamily;
  readonly message: string;
  readonly body: object;
  readonly flags?: readonly ('create' | 'excl' | 'echo')[];
  /** All that there are are told. */
  readonly dump?: true;
}
/** Requests, one after the other as the answers come, and what they tell. */
export type Plan<T> = Generator<PlanRequest, T, readonly object[]>;
type Plans = Readonly<Record<string, (...args: never[]) => Plan<unknown>>>;
type Result<P> = P extends (...args: never[]) => Plan<infer T> ? T : never;

/** Carries a plan out. @param send asks the kernel, and gives the bodies of its answers */
export function runPlan<T>(plan: Plan<T>, send: (request: PlanRequest) => readonly object[]): T {
  for (let step = plan.next(); ; ) {
    if (step.done) return step.value;
    step = plan.next(send(step.value));
  }
}

/** Plans as calls that promise what they tell. */
export type Planned<P extends Plans> = { [K in keyof P]: (...args: Parameters<P[K]>) => Promise<Result<P[K]>> } & Opened;
/** The same on the spot. */
export type PlannedSync<P extends Plans> = { [K in keyof P]: (...args: Parameters<P[K]>) => Result<P[K]> } & Opened;
interface Opened extends Disposable {
  /** Releases every descriptor. May be called again. */
  close(): void;
}

type AnyClient = FamilyClient<AnyGenericFamily>;
/** A connection a family, opened when the family is first asked. */
class Connections<C> {
  readonly #open: (family: AnyGenericFamily) => C;
  readonly #known = new Map<AnyGenericFamily, C>();
  constructor(start: (family: AnyGenericFamily) => C) {
    this.#open = start;
  }
  of(family: AnyGenericFamily): C {
    let known = this.#known.get(family);
    if (!known) this.#known.set(family, (known = this.#open(family)));
    return known;
  }
  take(): C[] {
    const all = [...this.#known.values()];
    this.#known.clear();
    return all;
  }
}
const requestOf = (client: AnyClient, { message, body, flags }: PlanRequest): never =>
  ({ message: (client.protocol.messages as Record<string, unknown>)[message], body, ...(flags && { flags }) }) as never;
function bound(plans: Plans, run: (plan: Plan<unknown>) => unknown, close: () => void): Opened {
  const calls = Object.entries(plans).map(([key, plan]) => [key, (...args: never[]) => run(plan(...args))] as const);
  return { ...Object.fromEntries(calls), close, [Symbol.dispose]: close };
}

/** Opens the families of plans, this one at once. @throws {NetlinkError} ENOENT where the kernel does not have it */
export async function openPlans<P extends Plans>(plans: P, first: AnyGenericFamily, options: FamilyOptions = {}): Promise<Planned<P>> {
  const clients = new Connections<Promise<AnyClient>>((family) => open(family, options) as Promise<AnyClient>);
  await clients.of(first);
  const send = async (request: PlanRequest): Promise<readonly object[]> => {
    const client = await clients.of(request.family);
    if (!request.dump) return (await client.request(requestOf(client, request))).map((reply) => reply.body as object);
    const answers: object[] = [];
    for await (const answer of client.dump(requestOf(client, request))) answers.push(answer as object);
    return answers;
  };
  return bound(plans, async (plan) => {
    for (let step = plan.next(); ; ) {
      if (step.done) return step.value;
      step = plan.next(await send(step.value));
    }
  }, () => { for (const client of clients.take()) void client.then((one) => one.close(), () => {}); }) as Planned<P>;
}
/** The same on the spot. */
export function openPlansSync<P extends Plans>(plans: P, first: AnyGenericFamily, options: FamilyOptions = {}): PlannedSync<P> {
  const clients = new Connections<AnyClient>((family) => openSync(family, options) as AnyClient);
  clients.of(first);
  return bound(plans, (plan) => runPlan(plan, (request) => {
    const client = clients.of(request.family);
    return request.dump ? (client.dumpSync(requestOf(client, request)) as object[]) : client.requestSync(requestOf(client, request)).map((reply) => reply.body as object);
  }), () => { for (const client of clients.take()) client.close(); }) as PlannedSync<P>;
}
