/** Addresses, and all else that hangs on a device's being up, taken back: net/ipv4/devinet.c, net/ipv6/addrconf.c. */
import { route } from '../../families/route/index.ts';
import { ask, dump, type Plan } from '../plan.ts';
import { asNew, away, back, equal, restoreList, type Body, type Inverse } from './inverse.ts';
import type { UndoLog } from './log.ts';
import { missingRoutes, nexthops, restoreNexthops, withGroups } from './objects.ts';
import { routes } from './routes.ts';

const m = route.messages;

const addresses = (): Plan<Body[]> => dump<Body>({ message: m.getaddr, body: {} });
/** Without what runs on by itself: lifetimes, and how far the search for duplicates has come. */
function still({ cacheinfo: _c, flags: _f, ...rest }: Body): Body {
  const passing = ['tentative', 'dadfailed', 'secondary', 'deprecated', 'optimistic'];
  return { ...rest, allFlags: (rest['allFlags'] as unknown[] | undefined)?.filter((flag) => !passing.includes(String(flag))) };
}
const identity = ({ family, index, prefixlen, local, address }: Body): Body => ({ family, prefixlen, index, ...(local !== undefined && { local }), ...(address !== undefined && { address }) });
const sameAddress = (a: Body, b: Body): boolean => equal({ ...identity(a), local: a['local'] ?? a['address'] }, { ...identity(b), local: b['local'] ?? b['address'] });

/** Those that somebody made: others come and go by themselves. */
function* neighbours(flags: readonly string[] = []): Plan<Body[]> {
  const all = yield* dump<Body>({ message: m.getneigh, body: { flags } });
  return flags.length > 0 ? all : all.filter((one) => (one['state'] as string[]).some((state) => state === 'permanent' || state === 'noarp'));
}

/** What is on some devices, and goes when they are down or lose their addresses. */
interface Scope { readonly addresses: Body[]; readonly neighbours: Body[]; readonly nexthops: Body[]; readonly routes: Body[] }

/** Reads it: once a device and log, since the earliest reading is what will be. */
export function* keepDevices(indexes: readonly number[], log: UndoLog): Plan<void> {
  const fresh = indexes.filter((index) => !log.read.has(index) && !log.made.has(index));
  if (fresh.length === 0) return;
  const on = (index: unknown): boolean => fresh.includes(Number(index));
  const own = (yield* addresses()).filter((one) => on(one['index'])), locals = new Set(own.map((one) => one['local'] ?? one['address']));
  const all = yield* nexthops(), hops = new Map(all.filter((one) => on(one['oif'])).flatMap((one) => withGroups(all, one['id'])).map((one) => [one['id'], one]));
  const scope: Scope = {
    addresses: own,
    neighbours: [...(yield* neighbours()), ...(yield* neighbours(['proxy']))].filter((one) => on(one['ifindex'])),
    nexthops: [...hops.values()],
    routes: [...(yield* routes('inet')), ...(yield* routes('inet6')), ...(yield* routes('mpls'))].filter((one) => on(one['oif']) || locals.has(one['prefsrc']) || hops.has(one['nhId']) || (one['multipath'] as Body[] | undefined)?.some((hop) => on(hop['ifindex']))),
  };
  for (const index of fresh) log.read.add(index);
  log.push(() => restore(scope));
}

function* restore(scope: Scope): Plan<void> {
  const now = yield* addresses();
  for (const index of new Set(scope.addresses.map((one) => one['index']))) {
    for (const family of ['inet', 'inet6']) {
      const of = (list: readonly Body[]): Body[] => list.filter((one) => one['index'] === index && one['family'] === family);
      // The kernel puts a new IPv6 address before those of its scope.
      const ordered = (list: readonly Body[]): Body[] => (family === 'inet6' ? of(list).reverse() : of(list));
      yield* restoreList(ordered(scope.addresses), ordered(now), (a, b) => equal(still(a), still(b)),
        (one) => away({ message: m.deladdr, body: identity(one) }), (one) => back({ message: m.newaddr, flags: ['create', 'excl'], body: one }));
    }
  }
  yield* restoreNexthops(scope.nexthops, []);
  for (const { cacheinfo: _c, probes: _p, ...entry } of scope.neighbours) yield* back({ message: m.newneigh, flags: ['create', 'replace'], body: entry });
  yield* missingRoutes(scope.routes);
}

const newAddress: Inverse = {
  *perform(request, log) {
    const body = request.body as Body, index = Number(body['index']);
    // Without its last IPv4 address a device loses its routes and neighbours, also those that were there before the first one.
    if (body['family'] === 'inet' && !log.read.has(index) && !log.addressed.has(index)) {
      if ((yield* addresses()).some((one) => one['index'] === index && one['family'] === 'inet')) log.addressed.add(index);
      else yield* keepDevices([index], log);
    }
    const answers = yield* asNew(request);
    if (answers) {
      log.push(() => away({ message: m.deladdr, body: identity(body) }));
      return answers;
    }
    const before = (yield* addresses()).find((one) => sameAddress(one, body)), after = yield* ask(request);
    log.push(() => (before ? back({ message: m.newaddr, flags: ['create', 'replace'], body: before }) : away({ message: m.deladdr, body: identity(body) })));
    return after;
  },
};
const deleteAddress: Inverse = {
  *perform(request, log) {
    const index = Number((request.body as Body)['index']);
    yield* keepDevices([index], log);
    log.addressed.delete(index);
    return yield* ask(request);
  },
};

export const addressInverses: Readonly<Record<string, Inverse>> = { newaddr: newAddress, deladdr: deleteAddress };
