/** Policy rules by name: what `ip rule` does. */
import { checkKeys, type Keys } from '../codec/index.ts';
import { route, table as tables, type Rule } from '../families/route/index.ts';
import { checkObject, inTable, numberOf, retabled } from './names.ts';
import type { Listed, Selectable } from './objects.ts';
import { familyOf, parsePrefix } from './prefix.ts';
import { ask, type Plan } from './plan.ts';

/** A rule as you describe it, or as a listing gave it: the schema's keys (`ipProto`, `sportRange`, `uidRange` ...), and names. */
export interface RuleInput extends Omit<Partial<Rule>, 'table'> {
  /** Source, 'ADDRESS/LENGTH'. Default: all. */
  from?: string;
  /** Destination, 'ADDRESS/LENGTH'. Default: all. */
  to?: string;
  /** Name of the interface that packets come in by. */
  iif?: string;
  /** Name of the interface that the socket is bound to. */
  oif?: string;
  /** Name or number of the table to look in. Default 'main'. */
  table?: string | number;
}
/** Which rules. */
export interface RuleFilter {
  readonly family?: Rule['family'];
  /** Decode only these keys. */
  readonly select?: readonly Selectable<Rule>[];
}

const filterKeys: Keys<RuleFilter> = { family: 1, select: 1 };

const checkRule = (input: RuleInput): void => checkObject(input, "a rule is described by an object, { from: '10.0.0.0/8', table: 100 }");
function bodyOf(input: RuleInput): Record<string, unknown> {
  const { from, to, iif, oif, table, tableId, ...rest } = input, one = from ?? to;
  const body: Record<string, unknown> = { family: one === undefined ? 'inet' : familyOf(parsePrefix(one).address), ...rest };
  if (from !== undefined) { const p = parsePrefix(from); body['src'] = p.address; body['srcLen'] = p.length; }
  if (to !== undefined) { const p = parsePrefix(to); body['dst'] = p.address; body['dstLen'] = p.length; }
  if (iif !== undefined) body['iifname'] = iif;
  if (oif !== undefined) body['oifname'] = oif;
  return Object.assign(body, inTable(tableId !== undefined && !retabled(table, tableId) ? tableId : table === undefined ? 0 : numberOf('table', table, tables)));
}
/** The kernel does not tell a priority of 0, and takes one that is left out for another. */
const isListed = ({ srcLen, dstLen, tableId }: RuleInput): boolean => srcLen !== undefined && dstLen !== undefined && tableId !== undefined;
/** Adds a rule; without a priority, before those that are there. @throws {NetlinkError} EEXIST */
export function* add(input: RuleInput): Plan<void> {
  checkRule(input);
  const action = input.action ?? 'toTbl', goes = action === 'toTbl' && input.table === undefined && input.tableId === undefined && !input.l3mdev;
  yield* ask({ message: route.messages.newrule, flags: ['create', 'excl'], body: bodyOf({ ...input, action, ...(goes && { table: 'main' }), ...(isListed(input) && input.priority === undefined && { priority: 0 }) }) });
}
/** Deletes the first rule that matches what is given, which must be more than a family. @throws {NetlinkError} ENOENT; {TypeError} where any rule would do */
export function* remove(input: RuleInput): Plan<void> {
  checkRule(input);
  const body = bodyOf(input);
  if (Object.entries(input).every(([key, value]) => key === 'family' || value === undefined)) throw new TypeError("which rule? Without a condition the first one would go: { priority: 100 }, { from: '10.0.0.0/8' } ...");
  yield* ask({ message: route.messages.delrule, body });
}
/** Rules of every family, or of one. */
// eslint-disable-next-line require-yield
export function* list(filter: RuleFilter = {}): Plan<Listed<Rule>> {
  checkKeys(filter, filterKeys, 'a filter of rules');
  return { request: { message: route.messages.getrule, body: { family: filter.family ?? 'unspec' } }, keep: () => true, ...(filter.select && { select: filter.select }) };
}
