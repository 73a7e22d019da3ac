/** Asks the kernel and the container engines; works nothing out. */
import { closeSync } from 'node:fs';
import { route, type Link, type Nsid, type Route } from '../families/route/index.ts';
import { namespacePath, openNamespace, type NamespaceRef } from '../namespace/index.ts';
import { openSync, type NetlinkSync } from '../route/index.ts';
import { EINVAL } from '../socket/errno.ts';
import { NetlinkError } from '../socket/index.ts';
import { systemError } from '../socket/netlink-error.ts';
import { containerNames, type Engines } from './containers.ts';
import { Finds, addMounted, addNamed, addProcesses, type Found } from './discover.ts';
import type { Facts, NamespaceFacts } from './facts.ts';

/** Where to look. */
export interface CollectOptions extends Engines {
  /** Where the picture is taken from. Default: this thread's namespace. */
  readonly namespace?: NamespaceRef;
  /** Only these, and the one that the picture is taken from. Default: all that can be found. */
  readonly namespaces?: readonly NamespaceRef[];
}

/** The dumps that each namespace is asked for: name of the message, body. */
export const dumps = {
  links: ['getlink', { extMask: ['skipStats'] }],
  ports: ['getlink', { family: 'bridge', extMask: ['brvlanCompressed'] }],
  addresses: ['getaddr', {}],
} as const;

/**
 * Looks into every network namespace that can be found and entered. Only the one that the picture is taken from must be.
 * @throws {NetlinkError} ENOENT, EPERM for that one; `ERR_NETLINK_NO_TRANSPORT`
 */
export async function collect(options: CollectOptions = {}): Promise<Facts> {
  const { found, hidden } = find(options);
  const containers = found.some(({ container }) => container) ? await containerNames(options) : undefined;
  const [first, ...others] = found as [Found, ...Found[]];
  const opened: readonly [Opened, ...Opened[]] = [{ ...first, fd: openNamespace({ path: first.path }) }, ...others.flatMap(open)];
  try {
    // Where this thread is already, nothing needs to be entered, which would take privilege.
    const home = options.namespace === undefined ? look(openSync(), opened) : lookInto(opened[0], opened);
    const refused: string[] = [];
    const namespaces = opened.map((one, i): NamespaceFacts => {
      const { names, mount, process } = one, known = one.container && containers?.get(one.container.id);
      return {
        inode: one.identity.ino, names,
        ...(i === 0 && { current: true }), ...(mount !== undefined && { mount }), ...(process && { process }),
        ...(one.container && { container: { ...one.container, ...known } }),
        ...(i === 0 ? home : lookOrNot(one, opened, refused)),
      };
    });
    const unseen = [
      ...(refused.length ? [`what is in ${refused.join(', ')}: to enter a namespace takes CAP_SYS_ADMIN`] : []),
      ...(hidden ? ["namespaces of other users' processes: to look at these takes CAP_SYS_PTRACE"] : []),
    ];
    return { namespaces, unseen };
  } finally { for (const { fd } of opened) if (fd !== undefined) closeSync(fd); }
}

/** The one that the picture is taken from comes first. */
function find({ namespace, namespaces }: CollectOptions): { found: Found[]; hidden: boolean } {
  const finds = new Finds();
  for (const ref of [namespace ?? { path: '/proc/thread-self/ns/net' }, ...(namespaces ?? [])]) {
    const path = namespacePath(ref) ?? `/proc/self/fd/${(ref as { fd: number }).fd}`;
    if (finds.add(path)) continue;
    // Opening it says what is wrong with it; what can be opened is another kind of file.
    closeSync(openNamespace({ path }));
    throw systemError(EINVAL, 'setns', `${path} is not a network namespace`);
  }
  const wanted = finds.all.length;
  addNamed(finds);
  addMounted(finds);
  const hidden = addProcesses(finds);
  return namespaces ? { found: finds.all.slice(0, wanted), hidden: false } : { found: finds.all, hidden };
}

const label = ({ names, mount, process }: Found): string => names[0] ?? mount ?? (process ? `${process.name}[${process.pid}]` : 'a namespace');

/** Held open, a namespace stays. */
interface Opened extends Found { readonly fd: number | undefined }

/** Leaves out what is gone by now; what may not be opened has no descriptor. */
function open(found: Found): Opened[] {
  try { return [{ ...found, fd: openNamespace({ path: found.path }) }]; } catch (error) {
    return (error as NetlinkError).code === 'ENOENT' ? [] : [{ ...found, fd: undefined }];
  }
}

/** A namespace that cannot be entered has no links. */
function lookOrNot(one: Opened, opened: readonly Opened[], refused: string[]): Partial<NamespaceFacts> {
  try { return lookInto(one, opened); } catch (error) {
    if (!(error instanceof NetlinkError) || error.code === 'ERR_NETLINK_POISONED') throw error;
    refused.push(`${label(one)} (${error.code})`);
    return {};
  }
}

function lookInto({ fd, path }: Opened, opened: readonly Opened[]): Partial<NamespaceFacts> {
  return look(openSync({ namespace: fd === undefined ? { path } : { fd } }), opened);
}

/** Asks, and closes the connection. */
function look(connection: NetlinkSync, opened: readonly Opened[]): Partial<NamespaceFacts> {
  using nl = connection;
  const dump = <T>([message, body]: readonly [keyof typeof route.messages, object]): T[] => nl.client.dumpSync({ message: route.messages[message], body }) as T[];
  const links = dump<Link>(dumps.links);
  const tables = ['main', ...new Set(links.flatMap(({ linkinfo }) => (linkinfo?.kind === 'vrf' && linkinfo.data?.table ? [linkinfo.data.table] : [])))];
  return {
    links,
    ports: links.some(({ linkinfo }) => linkinfo?.kind === 'bridge') ? dump<Link>(dumps.ports) : [],
    addresses: dump(dumps.addresses),
    routes: tables.flatMap((table) => nl.route.list({ table })).filter((one: Route) => one.dst === undefined && one.dstLen === 0),
    // The ids are there since the links were dumped: the kernel hands them out when it has to name one.
    ids: resolve(nl, new Set(links.flatMap(({ linkNetnsid }) => linkNetnsid ?? [])), opened),
  };
}

/** Which namespaces the ids stand for. The kernel only answers the other way round: what is the id of this one? */
function resolve(nl: NetlinkSync, wanted: Set<number>, opened: readonly Opened[]): Record<number, number> {
  const ids: Record<number, number> = {};
  // Most are plugged into the first alone: the others need not be asked about.
  for (const [from, to] of [[0, 1], [1, opened.length]] as const) {
    if (wanted.size === 0) break;
    const places = opened.flatMap(({ fd }, place) => (fd !== undefined && place >= from && place < to ? [{ fd, place }] : []));
    const answers = nl.client.batchSync(places.map(({ fd }) => ({ message: route.messages.getnsid, body: { fd } })));
    for (const [i, answer] of answers.entries()) {
      const id = answer.status === 'fulfilled' ? (answer.value[0]?.body as Nsid | undefined)?.nsid : undefined;
      if (id !== undefined && wanted.delete(id)) ids[id] = (places[i] as { place: number }).place;
    }
  }
  return ids;
}
