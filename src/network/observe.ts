/** What is there: the kernel's objects, as far as networks touch them. */
import { readdirSync } from 'node:fs';
import type { Link, Route } from '../families/route/index.ts';
import * as addresses from '../route/addresses.ts';
import * as links from '../route/links.ts';
import * as neighbours from '../route/neighbours.ts';
import * as routes from '../route/routes.ts';
import { everyOne } from '../route/objects.ts';
import { seenTable } from './firewall-client.ts';
import { FORWARD, type Observed } from './observed.ts';
import { kernel, type Operation, type Session, type Where } from './operation.ts';
import { readSysctl } from './steps.ts';

/** RT_TABLE_MAIN. */
const MAIN = 'main';

/** Links of the host, or of a container's namespace. @throws {NetlinkError} */
export const linksIn = (where?: Where): Operation<Link[]> => kernel(() => everyOne(links.list()), where);
/** Routes of the main table. @throws {NetlinkError} */
export function* routesIn(where?: Where): Operation<Route[]> {
  return (yield* kernel(() => everyOne(routes.list()), where)).filter((one) => one.table === MAIN);
}

/** Looks at the host, or into a container's namespace. @throws {NetlinkError} */
export function* observe(session: Session, where?: Where): Operation<Observed> {
  const seenLinks = yield* linksIn(where);
  const overlay = where === undefined && seenLinks.some((link) => link.linkinfo?.kind === 'vxlan');
  return {
    links: seenLinks,
    addresses: yield* kernel(() => everyOne(addresses.list()), where),
    routes: yield* routesIn(where),
    sysctls: where ? new Map() : session.inside(readForwarding),
    firewall: where ? 'unknown' : yield* seenTable(),
    entries: overlay ? yield* kernel(() => everyOne(neighbours.listFdb())) : [],
  };
}

/** Looks at some links of the host, and at nothing else: what that costs does not grow with what else is there. @throws {NetlinkError} */
export function* glance(ifnames: readonly string[]): Operation<Observed> {
  const there: Link[] = [];
  for (const ifname of ifnames) try { there.push(yield* kernel(() => links.get(ifname))); } catch (error) {
    if ((error as { code?: string }).code !== 'ENODEV') throw error;
  }
  return { links: there, addresses: [], routes: [], sysctls: new Map(), firewall: 'unknown', entries: [] };
}

function readForwarding(): Map<string, string> {
  const found = new Map<string, string>();
  const read = (key: string): void => { const value = readSysctl(key); if (value !== undefined) found.set(key, value); };
  for (const [family, folder] of [['inet', 'net/ipv4/conf'], ['inet6', 'net/ipv6/conf']] as const) {
    read(FORWARD[family]);
    for (const name of folders(`/proc/sys/${folder}`)) if (name !== 'all') read(`${folder}/${name}/forwarding`);
  }
  read('net/ipv4/conf/all/accept_redirects');
  return found;
}
function folders(path: string): string[] {
  try { return readdirSync(path); } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw error;
  }
}
