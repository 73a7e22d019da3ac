/** Routes, taken back: net/ipv4/fib_trie.c, net/ipv6/ip6_fib.c, net/mpls/af_mpls.c. */
import { route, table as tableNames } from '../../families/route/index.ts';
import type { Request } from '../../socket/index.ts';
import { ask, dump, type Plan } from '../plan.ts';
import { again } from '../routes.ts';
import { asNew, away, codeOf, equal, restoreList, type Body, type Inverse } from './inverse.ts';
import type { UndoLog } from './log.ts';

const { newroute, delroute, getroute } = route.messages;
/** What the kernel takes for no metric: IPv6 has none (IP6_RT_PRIO_USER). */
const IP6_RT_PRIO_USER = 1024;

/** The number of a route's table. */
export const tableOf = ({ tableId, table = 0 }: Body): number => Number(tableId ?? (tableNames.names as Readonly<Record<string, number>>)[String(table)] ?? table);

/** Routes that replace each other are of one table and prefix. */
const place = (body: Body): string => [body['family'], tableOf(body), JSON.stringify(body['dst'] ?? ''), body['dstLen'] ?? 0, body['family'] === 'inet' ? body['tos'] ?? 0 : 0].join(' ')
  // The default route may be named or not.
  .replace(/"(0\.0\.0\.0|::)" 0/, '"" 0');

/** Every route of a family, of one table or of all. */
export function* routes(family: unknown, table?: number): Plan<Body[]> {
  try { return yield* dump<Body>({ message: getroute, body: { family, ...(table !== undefined && family !== 'mpls' && { tableId: table }) } }); } catch (error) {
    // Of a table that does not exist, or a family that the kernel lacks.
    if (['ENOENT', 'EOPNOTSUPP', 'EAFNOSUPPORT'].includes(codeOf(error) ?? '')) return [];
    throw error;
  }
}

/** The routes that a request's own could replace or hide, in the kernel's order. A table is read once while nobody else moves its routes. */
function* near(body: Body, log: UndoLog): Plan<Body[]> {
  const which = `${String(body['family'])} ${tableOf(body)}`, here = place(body);
  let table = log.tables.get(which);
  if (!table?.has(here)) {
    table = new Map([[here, []]]);
    for (const one of yield* routes(body['family'], tableOf(body))) {
      const at = place(one), list = table.get(at);
      if (list) list.push(one);
      else table.set(at, [one]);
    }
    // A place that no route is at is not remembered: the next one there has the table read anew.
    log.tables.set(which, table);
  }
  const found = table.get(here) ?? [];
  // It is going to change.
  table.delete(here);
  return found;
}

/** A listed route as it may be asked for: of one by a next hop object, without what that says. */
export function asked(listed: Body): Body {
  const { expires } = (listed['cacheinfo'] ?? {}) as { expires?: number }, body: Body = again(listed as never);
  if (body['nhId'] !== undefined) for (const key of ['gateway', 'oif', 'multipath', 'via', 'encap', 'encapType']) delete body[key];
  // Clock ticks; what is 0 or below never expires.
  return { ...body, ...(expires && expires > 0 && { expires: Math.ceil(expires / 100) }) };
}
/** Without what runs on by itself. */
const still = (listed: Body): Body => { const { expires: _, ...rest } = asked(listed); return rest; };
export const sameRoute = (a: Body, b: Body): boolean => equal(still(a), still(b));

export const addRoute = (listed: Body): Request => ({ message: newroute, flags: ['create', 'append'], body: asked(listed) });
const remove = (body: Body): Plan<void> => away({ message: delroute, body });

function* restore(before: readonly Body[], sample: Body): Plan<void> {
  const here = place(sample), now = (yield* routes(sample['family'], tableOf(sample))).filter((one) => place(one) === here);
  yield* restoreList(before, now, sameRoute, (one) => remove(asked(one)), function* (one) { yield* ask(addRoute(one)); });
}

export const newRoute: Inverse = {
  *perform(request, log) {
    const body = request.body as Body;
    const answers = yield* asNew(request);
    if (answers) {
      // A deletion without a metric takes the first of any.
      const own = body['family'] === 'inet6' && !body['priority'] ? { ...body, priority: IP6_RT_PRIO_USER } : body;
      log.push(() => remove(own));
      log.tables.get(`${String(body['family'])} ${tableOf(body)}`)?.delete(place(body));
      return answers;
    }
    return yield* overwritten(request, log);
  },
};

function* overwritten(request: Request, log: UndoLog): ReturnType<Inverse['perform']> {
  const body = request.body as Body, before = yield* near(body, log);
  const answers = yield* ask(request);
  log.push(() => restore(before, body));
  return answers;
}

export const deleteRoute: Inverse = { perform: overwritten };
