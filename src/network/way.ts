/** The way out of a container: default routes, one a family, by one of its networks. */
import { identify } from '../namespace/index.ts';
import { drivers } from './drivers/index.ts';
import { parseSubnet } from './ipam/index.ts';
import { readMark } from './names.ts';
import { linksIn, routesIn } from './observe.ts';
import type { Observed } from './observed.ts';
import type { Operation, Session, Where } from './operation.ts';
import type { Network } from './spec.ts';
import type { Step } from './steps.ts';
import { attachmentIn, readRecord, type Attachment, type Record } from './store.ts';

type RouteStep = Step & { op: 'route.add' };
const isDefault = (route: Observed['routes'][number]): boolean => route.dstLen === 0;

/** Default routes by a network, for families that have none yet. */
export function wayOut(network: Network, ifname: string, { routes }: Pick<Observed, 'routes'>, where: Where): RouteStep[] {
  if (network.internal) return [];
  const byLink = drivers[network.driver].way(network) === 'link';
  return network.subnets.flatMap(({ subnet, gateway }): RouteStep[] => {
    const { family } = parseSubnet(subnet);
    if (routes.some((route) => route.family === family && isDefault(route))) return [];
    if (!byLink && gateway === undefined) return [];
    return [{ op: 'route.add', route: { dst: 'default', family, dev: ifname, ...(!byLink && gateway !== undefined && { gateway }) }, where }];
  });
}

/** Where somebody else looks after the container, or nobody is there any more. */
function isLeft({ lent, namespace }: Attachment): boolean {
  const now = identify(namespace.path);
  return lent === true || now?.dev !== namespace.dev || now.ino !== namespace.ino;
}
/**
 * What gives a container the default routes that it loses with a network: by that of its other networks that it has been in for longest.
 * The steps are for when the link is gone; what is there by then stays.
 */
export function* nextWay(session: Session, { network }: Record, gone: Attachment): Operation<Step[]> {
  if (network.internal || isLeft(gone)) return [];
  const where = gone.namespace, links = yield* linksIn(where), others = links.filter(({ ifname, ifalias }) => ifname !== gone.ifname && readMark(ifalias)?.container !== undefined);
  const leaving = links.find(({ ifname }) => ifname === gone.ifname)?.index;
  if (others.length === 0 || leaving === undefined) return [];
  const routes = yield* routesIn(where);
  const lost = routes.filter((route) => isDefault(route) && route.oif === leaving), left = { routes: routes.filter((route) => !lost.includes(route)) }, steps: RouteStep[] = [];
  if (lost.length === 0) return [];
  for (const { ifname, ifalias } of others.toSorted((a, b) => a.index - b.index)) {
    const { network: name, container } = readMark(ifalias) as { network: string; container: string };
    const record = readRecord(session.state, name, container), one = record && attachmentIn(record, container);
    if (!one || one.ifname !== ifname || one.namespace.dev !== where.dev || one.namespace.ino !== where.ino) continue;
    // Of the families that went with the link, and of which nothing was found yet.
    for (const step of wayOut(record.network, ifname, left, where)) if (lost.some(({ family }) => family === step.route.family) && !steps.some(({ route }) => route.family === step.route.family)) steps.push({ ...step, lax: true });
  }
  return steps;
}
/** The same for several containers of a network that goes; only who is in another network, too, is looked at. */
export function* nextWays(session: Session, records: ReadonlyMap<string, Record>, record: Record, names: readonly string[]): Operation<Step[]> {
  const key = ({ namespace: { dev, ino } }: Attachment): string => `${dev}:${ino}`, steps: Step[] = [];
  const elsewhere = new Set([...records.values()].filter(({ network }) => network.name !== record.network.name).flatMap(({ containers }) => Object.values(containers).map(key)));
  for (const name of names) {
    const gone = attachmentIn(record, name);
    if (gone && elsewhere.has(key(gone))) steps.push(...yield* nextWay(session, record, gone));
  }
  return steps;
}
