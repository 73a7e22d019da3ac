/** Neighbours, rules, next hops and address labels, taken back: net/core/neighbour.c, fib_rules.c, net/ipv4/nexthop.c. */
import { route } from '../../families/route/index.ts';
import type { Reply, Request } from '../../socket/index.ts';
import { ask, dump, type Plan } from '../plan.ts';
import { asNew, away, back, codeOf, equal, has, restoreList, withFlag, type Body, type Inverse } from './inverse.ts';
import type { UndoLog } from './log.ts';
import { addRoute, routes, sameRoute } from './routes.ts';

const m = route.messages;

// -- neighbours and forwarding entries ----------------------------------------------------------------------

const only = (body: Body, ...keys: string[]): Body => Object.fromEntries(keys.filter((key) => body[key] !== undefined).map((key) => [key, body[key]]));
const flagsOf = (body: Body): readonly unknown[] => (body['flags'] ?? []) as readonly unknown[];

/** The entry that a request is about, as it is. */
function* neighbour(body: Body): Plan<Body | undefined> {
  const proxy = flagsOf(body).includes('proxy');
  try {
    const [reply] = yield* ask({ message: m.getneigh, body: { family: body['family'], ifindex: body['ifindex'], dst: body['dst'], ...(proxy && { flags: ['proxy'] }) } });
    return reply?.body as Body | undefined;
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return undefined;
    throw error;
  }
}
const known = ({ cacheinfo: _c, probes: _p, ...entry }: Body): Body => entry;

/** Entries of a forwarding table that one address can have beside each other. */
function* forwarding(body: Body): Plan<Body[]> {
  const all = yield* dump<Body>({ message: m.getneigh, body: { family: 'bridge', ifindex: body['ifindex'] } });
  const self = !flagsOf(body).includes('master');
  return all.filter((one) => one['ifindex'] === body['ifindex'] && String(one['lladdr']).toLowerCase() === String(body['lladdr']).toLowerCase() && (one['vlan'] ?? 0) === (body['vlan'] ?? 0) && flagsOf(one).includes('self') === self);
}
function* restoreForwarding(before: readonly Body[], sample: Body): Plan<void> {
  const self = flagsOf(sample).includes('master') ? ['master'] : ['self'];
  const key = (one: Body): Body => ({ family: 'bridge', ...only(one, 'ifindex', 'lladdr', 'vlan', 'dst', 'vni', 'port', 'viaIfindex', 'nhId'), flags: self });
  yield* restoreList(before.map(known), (yield* forwarding(sample)).map(known), equal,
    (one) => away({ message: m.delneigh, body: key(one) }),
    function* (one) { yield* back({ message: m.newneigh, flags: ['create', 'append'], body: { ...one, flags: [...flagsOf(one).filter((flag) => flag !== 'self'), ...self], master: undefined } }); });
}

/** Anything done to an entry; a new one is known by the kernel's not having had it. */
const changeNeighbour: Inverse = {
  // oxlint-disable-next-line require-yield -- others ask the kernel here
  *refusal(request) { return request.message.verb === 'del' && has(request, 'bulk') ? 'what a whole table is emptied of cannot be taken back' : undefined; },
  *perform(request, log) {
    const body = request.body as Body;
    if (body['family'] === 'bridge') {
      const before = yield* forwarding(body), answers = yield* ask(request);
      log.push(() => restoreForwarding(before, body));
      return answers;
    }
    // The kernel takes a proxy that is there for a new one.
    const fresh = flagsOf(body).includes('proxy') ? undefined : yield* asNew(request);
    const before = fresh ? undefined : yield* neighbour(body);
    const answers = fresh ?? (yield* ask(request));
    const lives = before && !['failed', 'incomplete'].some((state) => (before['state'] as string[]).includes(state));
    const entry = only(body, 'family', 'ifindex', 'dst', 'flags');
    log.push(() => (lives ? back({ message: m.newneigh, flags: ['create', 'replace'], body: known(before) }) : away({ message: m.delneigh, body: entry })));
    return answers;
  },
};

// -- rules --------------------------------------------------------------------------------------------------

const newRule: Inverse = {
  *perform(request, log) {
    const answers = yield* ask(withFlag(request, 'echo')), made = answers.find((reply) => reply.message === m.newrule)?.body as Body | undefined;
    // Kernels give it a priority, and tell.
    log.push(() => away({ message: m.delrule, body: made ?? request.body }));
    return has(request, 'echo') ? answers : [];
  },
};
/** Rules of one priority are tried in order. */
const deleteRule: Inverse = {
  *perform(request, log) {
    const { family } = request.body as Body, all = (): Plan<Body[]> => dump<Body>({ message: m.getrule, body: { family } });
    const before = yield* all(), answers = yield* ask(request);
    log.push(function* () {
      const now = yield* all();
      for (const priority of new Set(before.map((rule) => rule['priority'] ?? 0))) {
        const of = (list: readonly Body[]): Body[] => list.filter((rule) => (rule['priority'] ?? 0) === priority);
        yield* restoreList(of(before), of(now), equal, (rule) => away({ message: m.delrule, body: rule }), function* (rule) { yield* ask({ message: m.newrule, flags: ['create'], body: rule }); });
      }
    });
    return answers;
  },
};

// -- next hops ----------------------------------------------------------------------------------------------

/** A listed next hop as it may be asked for. */
export function askedNexthop(listed: Body): Body {
  const body = only(listed, 'id', 'family', 'protocol', 'group', 'groupType', 'blackhole', 'oif', 'gateway', 'encapType', 'encap', 'fdb', 'hwStatsEnable');
  if (flagsOf(listed).includes('onlink')) body['flags'] = ['onlink'];
  // A group has neither family nor type of address.
  return body['group'] ? { ...body, family: 'unspec' } : body;
}
export const nexthops = (): Plan<Body[]> => dump<Body>({ message: m.getnexthop, body: { family: 'unspec' } });

/** Next hops that would go or shrink with one: the groups it is in. */
export function withGroups(all: readonly Body[], id: unknown): Body[] {
  return all.filter((one) => one['id'] === id || (one['group'] as { id: unknown }[] | undefined)?.some((member) => member.id === id));
}

/** Next hops that went come back, those with members last; and the routes that went with them. */
export function* restoreNexthops(before: readonly Body[], routesBefore: readonly Body[]): Plan<void> {
  const now = new Map((yield* nexthops()).map((one) => [one['id'], one]));
  for (const one of [...before].sort((a, b) => Number(Boolean(a['group'])) - Number(Boolean(b['group'])))) {
    const there = now.get(one['id']);
    if (!there || !equal(askedNexthop(there), askedNexthop(one))) yield* ask({ message: m.newnexthop, flags: ['create', 'replace'], body: askedNexthop(one) });
  }
  yield* missingRoutes(routesBefore);
}

/** Adds the routes that are not there. Those that others are reached by come first: what fails is tried again. */
export function* missingRoutes(before: readonly Body[]): Plan<void> {
  const now: Body[] = [];
  for (const family of new Set(before.map((one) => one['family']))) now.push(...(yield* routes(family)));
  // The kernel's own of IPv6 addresses come with them, a moment later; no request makes one without a metric.
  let left = before.filter((one) => (one['family'] !== 'inet6' || one['priority']) && !now.some((other) => sameRoute(one, other)));
  for (let least = Infinity; left.length > 0 && left.length < least;) {
    least = left.length;
    const again: Body[] = [];
    for (const one of left) try { yield* back(addRoute(one)); } catch { again.push(one); }
    left = again;
  }
  if (left[0]) yield* ask(addRoute(left[0]));
}

function* usersOf(ids: readonly unknown[]): Plan<Body[]> {
  return [...(yield* routes('inet')), ...(yield* routes('inet6'))].filter((one) => one['nhId'] !== undefined && ids.includes(one['nhId']));
}
const resilient = (all: readonly Body[]): string | undefined => {
  const one = all.find((hop) => hop['groupType'] === 'res' || hop['resGroup'] !== undefined);
  return one && `next hop ${String(one['id'])} is a resilient group, whose buckets cannot be brought back`;
};

const newNexthop: Inverse = {
  *refusal(request) {
    const { id } = request.body as Body;
    return has(request, 'replace') ? resilient((yield* nexthops()).filter((one) => one['id'] === id)) : undefined;
  },
  *perform(request, log) {
    const { id } = request.body as Body;
    const answers = yield* asNew(withFlag(request, 'echo'));
    if (answers) {
      const made = id ?? (answers.find((reply) => reply.message === m.newnexthop)?.body as Body | undefined)?.['id'];
      log.push(() => away({ message: m.delnexthop, body: { family: 'unspec', id: made } }));
      return has(request, 'echo') ? answers : [];
    }
    const before = (yield* nexthops()).filter((one) => one['id'] === id), after = yield* ask(request);
    log.push(() => restoreNexthops(before, []));
    return after;
  },
};
const deleteNexthop: Inverse = {
  *refusal(request) { return resilient(withGroups(yield* nexthops(), (request.body as Body)['id'])); },
  *perform(request, log) {
    const before = withGroups(yield* nexthops(), (request.body as Body)['id']), users = yield* usersOf(before.map((one) => one['id']));
    const answers = yield* ask(request);
    log.push(() => restoreNexthops(before, users));
    return answers;
  },
};

// -- labels -------------------------------------------------------------------------------------------------

const labelOf = (body: Body): Body => only(body, 'family', 'prefixlen', 'index', 'address', 'label');
function* labels(request: Request, log: UndoLog): Plan<Reply[]> {
  const body = request.body as Body, all = (): Plan<Body[]> => dump<Body>({ message: m.getaddrlabel, body: { family: body['family'] } });
  const here = (one: Body): boolean => equal(only(one, 'prefixlen', 'index', 'address'), only({ index: 0, ...body }, 'prefixlen', 'index', 'address'));
  const before = (yield* all()).filter(here), answers = yield* ask(request);
  log.push(function* () {
    yield* restoreList(before, (yield* all()).filter(here), (a, b) => equal(labelOf(a), labelOf(b)),
      (one) => away({ message: m.deladdrlabel, body: labelOf(one) }), (one) => back({ message: m.newaddrlabel, flags: ['create'], body: labelOf(one) }));
  });
  return answers;
}

export const objectInverses: Readonly<Record<string, Inverse>> = {
  newneigh: changeNeighbour, delneigh: changeNeighbour,
  newrule: newRule, delrule: deleteRule,
  newnexthop: newNexthop, delnexthop: deleteNexthop,
  newaddrlabel: { perform: labels }, deladdrlabel: { perform: labels },
};
