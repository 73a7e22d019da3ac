/** Links of ours are deleted, and no others: one by one, or many in one request, for which the kernel waits once and not for each. */
import type { Link } from '../families/route/index.ts';
import * as links from '../route/links.ts';
import { everyOne } from '../route/objects.ts';
import { isOurs, type Owned } from './mark.ts';
import { kernel, type Operation, type Where } from './operation.ts';

/** Errors that say that what is to be deleted is not there. */
const ABSENT = new Set(['ENODEV', 'ENOENT', 'ESRCH', 'EADDRNOTAVAIL', 'GONE']);
export function* unlessAbsent(operation: Operation<void>): Operation<void> {
  try { yield* operation; } catch (error) {
    if (!ABSENT.has((error as { code?: string }).code ?? '')) throw error;
  }
}

export const deleteOurs = ({ ifname, mark, where }: Owned & { readonly where?: Where }): Operation<void> => unlessAbsent((function* () {
  const link = yield* kernel(() => links.get(ifname), where);
  if (isOurs(link, mark)) yield* kernel(() => links.remove(link.index), where);
})());

/** Links of the host's that go together, and the interface group for it. */
export interface Together { readonly group: number; readonly links: readonly Owned[] }
const SELECT = ['index', 'ifname', 'ifalias', 'address', 'link', 'linkinfo', 'group'] as const;
function* look({ links: owned }: Together): Operation<{ all: Link[]; ours: Set<Link> }> {
  const marks = new Map(owned.map(({ ifname, mark }) => [ifname, mark])), all = yield* kernel(() => everyOne(links.list({ select: SELECT })));
  return { all, ours: new Set(all.filter((link) => { const mark = marks.get(link.ifname as string); return mark !== undefined && isOurs(link, mark); })) };
}

export function* gather(together: Together): Operation<void> {
  const { group } = together;
  for (const link of (yield* look(together)).ours) if (link.group !== group) yield* unlessAbsent(kernel(() => links.set(link.index, { group })));
}
/** The group goes in one request when nobody else's link is in it; what is not to be had so goes one by one. */
export function* deleteTogether(together: Together): Operation<void> {
  const { group } = together, { all, ours } = yield* look(together), gathered = all.filter((link) => link.group === group);
  if (gathered.length > 0 && gathered.every((link) => ours.has(link))) {
    yield* unlessAbsent(kernel(() => links.removeGroup(group)));
    for (const link of gathered) ours.delete(link);
  }
  for (const { index } of ours) yield* unlessAbsent(kernel(() => links.remove(index)));
}
