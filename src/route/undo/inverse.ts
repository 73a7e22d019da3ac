/** What inverses are written with. */
import { flagNumber, type FlagName } from '../../codec/index.ts';
import type { Reply, Request } from '../../socket/index.ts';
import type { Plan } from '../plan.ts';
import type { UndoLog } from './log.ts';

/** A request's body, as plain keys and values. */
export type Body = Record<string, unknown>;

/** Takes something back. It may be called again when it failed: what it needs may have come back by then. */
export type Undo = () => Plan<void>;

/** How requests of one type are taken back. */
export interface Inverse {
  /** Why one cannot be; undefined when it can. Reads, but changes nothing. */
  refusal?(request: Request, log: UndoLog): Plan<string | undefined>;
  /** Sends it, and tells the log what takes it back: before it is sent, where a refused request may have done a part of its work. */
  perform(request: Request, log: UndoLog): Plan<Reply[]>;
}

/** Whether a request has a flag. */
export const has = ({ message, flags = 0 }: Request, flag: FlagName): boolean => (flagNumber(message.verb, flags) & flagNumber(message.verb, [flag])) !== 0;

/** The request with one more flag. */
export const withFlag = (request: Request, flag: FlagName): Request => ({ ...request, flags: flagNumber(request.message.verb, request.flags ?? 0) | flagNumber(request.message.verb, [flag]) });

export const codeOf = (error: unknown): string | undefined => (error as { code?: string }).code;

/** What a refusal says when there is nothing of what was to go. */
const gone: ReadonlySet<string | undefined> = new Set(['ENOENT', 'ESRCH', 'ENODEV', 'EADDRNOTAVAIL', 'ENXIO']);

/** Sends what deletes something; gone already is as good. */
export function* away(request: Request): Plan<void> {
  try { yield { op: 'request', request }; } catch (error) { if (!gone.has(codeOf(error))) throw error; }
}

/** Sends what adds something; there already is as good. */
export function* back(request: Request): Plan<void> {
  try { yield { op: 'request', request }; } catch (error) { if (codeOf(error) !== 'EEXIST') throw error; }
}

/**
 * Sends what makes something as if it were not there yet.
 * @returns its answers; undefined when it is there, and nothing was done. @throws {NetlinkError} EEXIST too, where that is what was asked for
 */
export function* asNew(request: Request): Plan<Reply[] | undefined> {
  if (request.message.verb !== 'new' || !has(request, 'create')) return undefined;
  const { message, body } = request, flags = (flagNumber(message.verb, request.flags ?? 0) & ~flagNumber(message.verb, ['replace', 'append'])) | flagNumber(message.verb, ['excl']);
  try { return (yield { op: 'request', request: { message, body, flags } }) as Reply[]; } catch (error) {
    if (codeOf(error) !== 'EEXIST' || has(request, 'excl')) throw error;
    return undefined;
  }
}

/**
 * Brings an ordered list back: the beginning that is as it was stays, what follows goes, and what was there comes in its order.
 * `same` compares what the kernel can be told; counters and clocks differ all the time.
 */
export function* restoreList<T>(before: readonly T[], now: readonly T[], same: (a: T, b: T) => boolean, remove: (item: T) => Plan<void>, add: (item: T) => Plan<void>): Plan<void> {
  let keep = 0;
  while (keep < before.length && keep < now.length && same(before[keep] as T, now[keep] as T)) keep++;
  for (const item of now.slice(keep)) yield* remove(item);
  for (const item of before.slice(keep)) yield* add(item);
}

/** The same keys with the same values. */
export const equal = (a: unknown, b: unknown): boolean => text(a) === text(b);
const text = (value: unknown): string => JSON.stringify(value, (_, v: unknown) => (typeof v === 'bigint' ? `${v}n` : v instanceof Uint8Array ? [...v] : v !== null && typeof v === 'object' && !Array.isArray(v) ? Object.fromEntries(Object.entries(v).sort(([p], [q]) => (p < q ? -1 : 1))) : v)) ?? '';
