/** Policy rules by name: what `ip rule` does. */
import { route, table as tables, type Rule } from '../families/route/index.ts';
import type { Request } from '../socket/index.ts';
import { numberOf } from './names.ts';
import { familyOf, parsePrefix, type Family } from './prefix.ts';
import { ask, type Plan } from './plan.ts';

export interface RuleInput {
  family?: Family;
  /** 'ADDRESS/LENGTH' */ from?: string;
  to?: string;
  iif?: string;
  oif?: string;
  fwmark?: number;
  fwmask?: number;
  table?: string | number;
  priority?: number;
  action?: Rule['action'];
}
export interface RuleFilter { readonly family?: Family; readonly select?: readonly string[] }

function bodyOf(input: RuleInput): Record<string, unknown> {
  const { from, to, iif, oif, fwmark, fwmask, priority, action = 'toTbl' } = input;
  const body: Record<string, unknown> = { family: input.family ?? (from ?? to ? familyOf(parsePrefix((from ?? to) as string).address) : 'inet'), action };
  if (from !== undefined) { const p = parsePrefix(from); body['src'] = p.address; body['srcLen'] = p.length; }
  if (to !== undefined) { const p = parsePrefix(to); body['dst'] = p.address; body['dstLen'] = p.length; }
  if (iif !== undefined) body['iifname'] = iif;
  if (oif !== undefined) body['oifname'] = oif;
  if (fwmark !== undefined) body['fwmark'] = fwmark;
  if (fwmask !== undefined) body['fwmask'] = fwmask;
  if (priority !== undefined) body['priority'] = priority;
  const number = numberOf('table', input.table ?? 'main', tables);
  Object.assign(body, number < 256 ? { table: number } : { table: 'unspec', tableId: number });
  return body;
}
export function* add(input: RuleInput): Plan<void> { yield* ask({ message: route.messages.newrule, flags: ['create', 'excl'], body: bodyOf(input) }); }
export function* remove(input: RuleInput): Plan<void> { yield* ask({ message: route.messages.delrule, body: bodyOf(input) }); }
// eslint-disable-next-line require-yield
export function* list(filter: RuleFilter = {}): Plan<{ request: Request; keep: (r: Rule) => boolean; select?: readonly string[] }> {
  return { request: { message: route.messages.getrule, body: { family: filter.family ?? 'unspec' } }, keep: () => true, ...(filter.select && { select: filter.select }) };
}
