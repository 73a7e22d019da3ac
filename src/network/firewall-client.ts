/** Our table in the kernel: looked for, and replaced in one transaction. */
import { netfilter, type Chain, type Rule, type Table } from '../families/netfilter/index.ts';
import { commentOf } from '../netfilter/index.ts';
import { transaction } from '../netfilter/transaction.ts';
import { dump } from '../route/plan.ts';
import { NetlinkError } from '../socket/index.ts';
import { dropping, type Forwarding } from './blocked.ts';
import { NetworkError } from './error.ts';
import { TABLE, TABLE_COMMENT, type Ruleset } from './firewall.ts';
import { messagesOf } from './firewall-messages.ts';
import type { SeenTable } from './observed.ts';
import { firewall, type Operation } from './operation.ts';

export function* seenTable(): Operation<SeenTable> {
  try {
    const tables = yield* firewall(() => dump<Table>({ message: netfilter.messages.gettable, body: { family: 'inet' } })), found = tables.find(({ name }) => name === TABLE);
    return !found ? 'none' : commentOf(found.userdata, 'table') === TABLE_COMMENT ? 'ours' : 'foreign';
  } catch (error) {
    if (error instanceof NetlinkError) return 'unknown';
    throw error;
  }
}

/** All chains, and the rules of tables of others that drop what is forwarded; nothing where that cannot be told. */
export function* seenForwarding(): Operation<Forwarding> {
  try {
    const chains = yield* firewall(() => dump<Chain>({ message: netfilter.messages.getchain, body: { family: 'unspec' } })), rules: Rule[] = [];
    for (const { family, table } of dropping(chains)) rules.push(...yield* firewall(() => dump<Rule>({ message: netfilter.messages.getrule, body: { family, table } as object })));
    return { chains, rules };
  } catch (error) {
    if (error instanceof NetlinkError) return { chains: [], rules: [] };
    throw error;
  }
}

/** What the kernel says when it lacks nf_tables, or a part of it. */
const LACKING = new Set(['ENOENT', 'EOPNOTSUPP', 'EPROTONOSUPPORT', 'EINVAL', 'EAFNOSUPPORT']);

/** Puts a ruleset in the place of ours. @throws {NetworkError} CONFLICT, UNSUPPORTED @throws {NetlinkError} */
export function* applyRuleset(ruleset: Ruleset): Operation<void> {
  const seen = yield* seenTable();
  if (seen === 'foreign') throw new NetworkError('CONFLICT', `there is a table inet ${TABLE} that is not nlkit's`, `nft list table inet ${TABLE}`);
  if (seen === 'none' && ruleset.length === 0) return;
  try { yield* firewall(() => transaction(messagesOf(ruleset))); } catch (error) {
    if (error instanceof NetlinkError && LACKING.has(error.code)) throw new NetworkError('UNSUPPORTED', `the firewall: ${error.message}`, 'the kernel needs nf_tables with nft_chain_nat, nft_nat, nft_masq, nft_ct and nft_fib_inet ("modprobe")', error);
    throw error;
  }
}
