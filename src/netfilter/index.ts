/** nf_tables: transactions, the ruleset as objects, comments. */
export { open, openSync, type Netfilter, type NetfilterSync, type OpenOptions } from './netfilter.ts';
export { TransactionError, type Refusal, type TransactionOptions } from './transaction.ts';
export type { Ruleset, RulesetFilter, SetOf } from './ruleset.ts';
export { commentOf, readUserdata, userdataTypes, withComment, writeUserdata, type Userdata } from './userdata.ts';
