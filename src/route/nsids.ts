/** Ids that network namespaces have for each other: what `ip netns set` and `list-id` do. */
import { route, type Nsid } from '../families/route/index.ts';
import type { NamespaceRef } from '../namespace/index.ts';
import type { Listed } from './objects.ts';
import { ask, type Plan } from './plan.ts';
import { Namespaces } from './target.ts';

function* withFd<T>(namespace: NamespaceRef, body: (fd: number) => Plan<T>): Plan<T> {
  const namespaces = new Namespaces();
  try { return yield* body(namespaces.attribute(namespace).netNsFd); } finally { namespaces.close(); }
}
/** Gives a namespace an id; without one the kernel picks. @throws {NetlinkError} EEXIST when it has one. */
export function set(namespace: NamespaceRef, id = -1): Plan<void> {
  return withFd(namespace, function* (fd) { yield* ask({ message: route.messages.newnsid, body: { nsid: id, fd } }); });
}
/** The id of a namespace as seen from this one; undefined where it has none. */
export function get(namespace: NamespaceRef): Plan<number | undefined> {
  return withFd(namespace, function* (fd) {
    const [reply] = yield* ask({ message: route.messages.getnsid, body: { fd } });
    const id = (reply?.body as Nsid | undefined)?.nsid;
    return id === undefined || id < 0 ? undefined : id;
  });
}
/** Namespaces that have an id here. */
// eslint-disable-next-line require-yield
export function* list(): Plan<Listed<Nsid>> {
  return { request: { message: route.messages.getnsid, body: {} }, keep: () => true };
}
