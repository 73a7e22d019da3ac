/** Transactions of nf_tables: messages that the kernel does as a whole or not at all (net/netfilter/nfnetlink.c). */
import { subsystems, netfilter, type Gen } from '../families/netfilter/index.ts';
import { ask, bracketed, type Plan } from '../route/plan.ts';
import { NetlinkError, type Reply, type Request } from '../socket/index.ts';

const { messages } = netfilter;

/** How a transaction is made. */
export interface TransactionOptions {
  /** The generation that the ruleset must still have; else it is refused with ERESTART. */
  readonly genid?: number;
}

/** One message that the kernel refused. */
export interface Refusal {
  /** Which of the requests; -1: the transaction as a whole. */
  readonly index: number;
  readonly error: NetlinkError;
}

/**
 * The kernel refused a transaction: nothing of it was done. It is the error of the first message that was refused, with
 * its attribute; `refusals` are all.
 */
export class TransactionError extends NetlinkError {
  /** Which of the requests; -1: the transaction as a whole (ERESTART, EPERM). */
  readonly index: number;
  readonly refusals: readonly Refusal[];

  constructor(refusals: readonly Refusal[]) {
    const { index, error } = refusals[0]!, where = index < 0 ? 'transaction' : `message ${index + 1}`, others = refusals.length - 1;
    super({
      code: error.code, message: `${where}: ${error.message}${others ? `; and ${others} more` : ''}`, cause: error,
      ...(error.errno !== undefined && { errno: error.errno }), ...(error.syscall !== undefined && { syscall: error.syscall }), ...(error.extack && { extack: error.extack }),
      ...(error.request && { request: error.request }), ...(error.capability !== undefined && { capability: error.capability }), ...(error.hint !== undefined && { hint: error.hint }),
    });
    this.index = index;
    this.refusals = refusals;
  }
}

/**
 * Does all of the requests, or none.
 * @returns what each brought: with the flag `echo`, the object as it was made, with its handle
 * @throws {TransactionError} with what was refused; {EncodeError} before anything is sent
 */
export function* transaction(requests: readonly Request[], options: TransactionOptions = {}): Plan<Reply[][]> {
  if (requests.length === 0) return [];
  const bracket = { resId: subsystems.nftables };
  const results = yield* bracketed([
    { message: messages.batchBegin, body: { ...bracket, ...(options.genid !== undefined && { genid: options.genid }) } }, ...requests, { message: messages.batchEnd, body: bracket },
  ]);
  const refusals = results.flatMap((result, at): Refusal[] => (result.status === 'rejected' ? [{ index: at - 1, error: result.reason as NetlinkError }] : []));
  if (refusals.length > 0) throw new TransactionError(refusals);
  return results.slice(1, -1).map((result) => (result as PromiseFulfilledResult<Reply[]>).value);
}

/** The ruleset's generation: each transaction counts it up. @throws {NetlinkError} */
export function* generation(): Plan<number> {
  const [reply] = yield* ask({ message: messages.getgen, body: {} });
  return (reply!.body as Gen).id!;
}
