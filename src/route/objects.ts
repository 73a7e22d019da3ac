/** The plans of one kind of object, bound to a socket: with promises, or on the spot. */
import { NetlinkError, oneByOne, type Client, type Request } from '../socket/index.ts';
import { dump, run, runSync, type Plan } from './plan.ts';

/** A key of an object, or one within a nest of it ('linkinfo.kind'). */
export type Selectable<T> = Keys<T> | `${Keys<T>}.${string}`;
type Keys<T> = T extends unknown ? Exclude<keyof T & string, `$${string}`> : never;

/** A value as you describe it: members of structs that are left out are zero. */
export type Options<T> = T extends Uint8Array | string | number | bigint | boolean ? T : T extends readonly (infer E)[] ? readonly Options<E>[] : T extends object ? { [K in keyof T]?: Options<T[K]> } : T;

/** A dump, and what of it is wanted. */
export interface Listed<T, Told = T> {
  request: Request;
  /** What the kernel does not filter itself. */
  keep: (object: Told) => boolean;
  /** What callers see of an object that is kept; absent: the object. */
  read?: (object: Told) => T;
  /** Keys to decode. */
  select?: readonly string[];
  /** The refusal that means that there is nothing to list. */
  nothing?: string;
}
const wanted = <T, Told>({ keep, read }: Listed<T, Told>, objects: readonly object[]): T[] => {
  const kept = (objects as Told[]).filter(keep);
  return read ? kept.map(read) : kept as unknown as T[];
};
/** All that is listed, as one plan. */
export function* everyOne<T, Told>(plan: Plan<Listed<T, Told>>): Plan<T[]> {
  const listed = yield* plan;
  return wanted(listed, yield* dump<object>(listed.request, listed.select));
}
// eslint-disable-next-line @typescript-eslint/no-explicit-any
type Plans = { readonly [name: string]: (...args: any[]) => Plan<any> };

/** What is listed, as it arrives; `await` each, or all at once by `toArray`. Leaving the loop ends the dump. */
export interface Listing<T> extends AsyncIterable<T> { toArray(): Promise<T[]> }

/** Plans as methods: promises, and listings to loop over. */
export type Async<P extends Plans> = { readonly [K in keyof P]: P[K] extends (...args: infer A) => Plan<infer R> ? (...args: A) => [R] extends [Listed<infer T, infer _Told>] ? Listing<T> : Promise<R> : never };
/** Plans as methods that return when the kernel has answered. */
export type Sync<P extends Plans> = { readonly [K in keyof P]: P[K] extends (...args: infer A) => Plan<infer R> ? (...args: A) => [R] extends [Listed<infer T, infer _Told>] ? T[] : R : never };

const isListed = (name: string): boolean => name === 'list';

/** The plans of one kind of object on a socket. */
export function bind<P extends Plans>(client: Client, plans: P, signal?: AbortSignal): Async<P> {
  const bound = Object.entries(plans).map(([name, plan]) => [name, (...args: never[]) => (isListed(name) ? listing(client, () => plan(...args), signal) : run(client, plan(...args), signal))]);
  return Object.fromEntries(bound) as Async<P>;
}
/** The same, on the spot. */
export function bindSync<P extends Plans>(client: Client, plans: P): Sync<P> {
  const bound = Object.entries(plans).map(([name, plan]) => [name, (...args: never[]) => (isListed(name) ? listSync(client, plan(...args)) : runSync(client, plan(...args)))]);
  return Object.fromEntries(bound) as Sync<P>;
}

function listing<T>(client: Client, plan: () => Plan<Listed<T>>, signal: AbortSignal | undefined): Listing<T> {
  async function* chunks(): AsyncGenerator<T[]> {
    assertOpen(client);
    const listed = await run(client, plan(), signal), { request, select, nothing } = listed;
    try {
      for await (const chunk of client.dumpChunks(request, { ...(signal && { signal }), ...(select && { select }) })) yield wanted(listed, chunk);
    } catch (error) { if (!isCode(error, nothing)) throw error; }
  }
  return {
    [Symbol.asyncIterator]: () => oneByOne(chunks()),
    async toArray() {
      const all: T[] = [];
      for await (const chunk of chunks()) for (const object of chunk) all.push(object);
      return all;
    },
  };
}
function listSync<T>(client: Client, plan: Plan<Listed<T>>): T[] {
  assertOpen(client);
  const listed = runSync(client, plan), { request, select, nothing } = listed;
  try { return wanted(listed, client.dumpSync(request, select ? { select } : {})); } catch (error) {
    if (isCode(error, nothing)) return [];
    throw error;
  }
}
const isCode = (error: unknown, code: string | undefined): boolean => code !== undefined && (error as { code?: unknown }).code === code;
/** A dump or a monitor has a socket of its own, which must not outlive the client. @throws {NetlinkError} */
export function assertOpen(client: Pick<Client, 'closed'>): void {
  if (client.closed) throw new NetlinkError({ code: 'ERR_NETLINK_CLOSED', message: 'this connection was closed' });
}
