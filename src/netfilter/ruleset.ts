/** The ruleset as objects: what `nft list ruleset` prints. */
import { checkKeys, type Keys } from '../codec/index.ts';
import { families, netfilter, type Chain, type Flowtable, type NftObject, type NftSet, type Rule, type SetElem, type SetElemList, type Table } from '../families/netfilter/index.ts';
import { dump, type Plan } from '../route/plan.ts';
import { NetlinkError, type Request } from '../socket/index.ts';
import { generation, transaction, TransactionError } from './transaction.ts';

const { messages } = netfilter;

/** Which part of it. */
export interface RulesetFilter {
  readonly family?: keyof typeof families;
  /** A table by name. */
  readonly table?: string;
}
const filterKeys: Keys<RulesetFilter> = { family: 1, table: 1 };
/** A set or map with what is in it. */
export interface SetOf { readonly set: NftSet; readonly elements: readonly SetElem[] }
/** All of one generation. */
export interface Ruleset {
  readonly genid: number;
  readonly tables: readonly Table[];
  readonly chains: readonly Chain[];
  /** In the order of their chains. */
  readonly rules: readonly Rule[];
  readonly sets: readonly SetOf[];
  readonly objects: readonly NftObject[];
  readonly flowtables: readonly Flowtable[];
}

/** The kernel tells them in parts. */
export const elementsIn = (lists: readonly SetElemList[]): SetElem[] => lists.flatMap(({ elements }) => elements?.elem ?? []);

/** How often what is read or changed is begun anew when somebody else changed something meanwhile. */
export const RETRIES = 10;

/** Tables, and all that is in them, of one moment. @throws {NetlinkError} ERR_NETLINK_DUMP_INTERRUPTED when it changes faster than it can be read; ENOENT where the table is not there */
export function* ruleset(filter: RulesetFilter = {}): Plan<Ruleset> {
  checkKeys(filter, filterKeys, 'a filter of rulesets');
  for (let retry = 0; retry < RETRIES; retry++) {
    const genid = yield* generation(), found = yield* attempt(filter);
    if (found && (yield* generation()) === genid) return { genid, ...found };
  }
  throw new NetlinkError({ code: 'ERR_NETLINK_DUMP_INTERRUPTED', message: `the ruleset changed ${RETRIES} times while it was read` });
}

function* attempt({ family = 'unspec', table }: RulesetFilter): Plan<Omit<Ruleset, 'genid'> | undefined> {
  // A name alone is no table to the kernel; and not every kernel filters each of these.
  const within = table === undefined || family === 'unspec' ? {} : { table };
  const all = function* <T extends { table?: string }>(message: Request['message']): Plan<T[]> {
    return (yield* dump<T>({ message, body: { family, ...within } })).filter((one) => table === undefined || one.table === table);
  };
  const tables = (yield* dump<Table>({ message: messages.gettable, body: { family } })).filter(({ name }) => table === undefined || name === table);
  if (table !== undefined && tables.length === 0) throw new NetlinkError({ code: 'ENOENT', message: `there is no table '${table}'${family === 'unspec' ? '' : ` of family ${family}`}` });
  const chains = yield* all<Chain>(messages.getchain), rules = yield* all<Rule>(messages.getrule);
  const sets: SetOf[] = [];
  for (const set of yield* all<NftSet>(messages.getset)) {
    try {
      sets.push({ set, elements: elementsIn(yield* dump<SetElemList>({ message: messages.getsetelem, body: { family: set.family, table: set.table!, set: set.name! } })) });
    } catch (error) {
      // It went away: the generation is another one.
      if ((error as { code?: string }).code === 'ENOENT') return undefined;
      throw error;
    }
  }
  return { tables, chains, rules, sets, objects: yield* all<NftObject>(messages.getobj), flowtables: yield* all<Flowtable>(messages.getflowtable) };
}

/**
 * Changes what is there, as it is now: `change` sees the ruleset and says what to do, and is asked again when somebody
 * else was faster. Nothing to do: an empty list.
 * @throws {TransactionError} ERESTART when somebody else is always faster
 */
export function* revise(change: (now: Ruleset) => readonly Request[], filter?: RulesetFilter): Plan<void> {
  for (let retry = 0; ; retry++) {
    const now = yield* ruleset(filter);
    try {
      yield* transaction(change(now), { genid: now.genid });
      return;
    } catch (error) {
      if (!(error instanceof TransactionError && error.code === 'ERESTART') || retry >= RETRIES) throw error;
    }
  }
}
