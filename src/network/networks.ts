/** Networks and the containers in them: made, changed, taken away, looked at. Each operation happens whole or not at all. */
import { existsSync } from 'node:fs';
import { identify, namespacePath, type NamespaceRef } from '../namespace/index.ts';
import { NetworkError } from './error.ts';
import { elementsOf, rulesetOf } from './firewall.ts';
import { publishers } from './firewall-client.ts';
import { leadsOf } from './flows.ts';
import { PoolError, picks, type Holder } from './ipam/index.ts';
import { finish, recover, transaction, type Recovered, type Taker } from './journal.ts';
import { glance, observe } from './observe.ts';
import { locked, type Operation, type Session, type Where } from './operation.ts';
import { planNetwork, planRemove, type Scene } from './plan.ts';
import { assertAttachable, planAttach, planDetach, unplugged, type Guest } from './plan-container.ts';
import type { Publish } from './publish.ts';
import { declaredIn, networkOf, rangesOf, type Container, type ContainerInput, type Network, type NetworkInput } from './spec.ts';
import { Taken, type Step } from './steps.ts';
import { attachmentIn, places, poolPath, prepare, readRecord, readRecords, sweepJournals, type Attachment, type Record } from './store.ts';
import { drivers, findLink, shares } from './drivers/index.ts';
import { nextWay, nextWays } from './way.ts';

/** A network in a file of declarations, with its containers. */
export interface Declared extends NetworkInput { readonly containers?: readonly (ContainerInput & { readonly namespace: NamespaceRef })[] }

/** Alone with the state, after what others left half done. */
export function* exclusive<T>(session: Session, inside: (recovered: Recovered[]) => Operation<T>): Operation<T> {
  prepare(session.state);
  return yield* locked(places(session.state).lock, function* () {
    sweepJournals(session.state);
    return yield* inside(yield* recover(session));
  });
}

export function* scene(session: Session): Operation<Scene> {
  return { state: session.state, records: readRecords(session.state), seen: yield* observe(session) };
}
/** @throws {NetworkError} NOT_FOUND */
export function recordOf({ records }: Pick<Scene, 'records'>, name: string): Record {
  const record = records.get(name);
  if (!record) throw new NetworkError('NOT_FOUND', `there is no network "${name}"`, records.size > 0 ? `there are ${[...records.keys()].slice(0, 8).join(', ')}` : 'nlkit net create makes one');
  return record;
}

/** One network, with its containers, or with one of them alone. @throws {NetworkError} NOT_FOUND, telling of those there are */
export const recordNamed = (state: string, name: string, only?: string): Record => readRecord(state, name, only) ?? recordOf({ records: readRecords(state) }, name);

/** What one container's plug depends on, and no more: its network, and the links there. @throws {NetworkError} NOT_FOUND, GONE */
export function* nearby(session: Session, name: string, container: string): Operation<Scene & { readonly record: Record }> {
  const { state } = session, record = recordNamed(state, name, container), { network } = record;
  const port = attachmentIn(record, container)?.port;
  const seen = yield* glance([drivers[network.driver].socket(network), ...(port === undefined ? [] : [port])]);
  return { state, seen, records: new Map([[name, record]]), record };
}
/** And who else may have one of these ports: the kernel's maps tell, unless somebody changed them. Then it is everybody. */
export function* crowded(session: Session, near: Scene & { readonly record: Record }, ports: readonly Publish[]): Operation<Scene & { readonly record: Record }> {
  if (ports.length === 0) return near;
  const { state } = session, { name } = near.record.network, others = yield* publishers(session, ports), records = others ? new Map(near.records) : readRecords(state);
  for (const { network, container } of others ?? []) {
    const one = readRecord(state, network, container);
    if (one) records.set(network, { ...one, containers: { ...records.get(network)?.containers, ...one.containers } });
  }
  return { ...near, records, record: recordOf({ records }, name) };
}
/** @throws {NetworkError} GONE */
export function assertThere({ seen }: Scene, { network }: Record): void {
  const link = drivers[network.driver].socket(network);
  if (!findLink(seen, link)) throw new NetworkError('GONE', `the link ${link} of ${network.name} is not there`, 'nlkit net export | nlkit net apply -');
}

/** Makes a network. @throws {NetworkError} @throws {NetlinkError} */
export const create = (session: Session, input: NetworkInput): Operation<Network> => exclusive(session, function* () {
  const declared = networkOf(input), before = yield* scene(session);
  if (before.records.has(declared.name)) throw new NetworkError('EXISTS', `there is a network "${declared.name}" already`, 'nlkit net apply changes one');
  const { steps, record } = planNetwork(before, declared);
  yield* transaction(session, `create ${declared.name}`, (take) => take(steps));
  return record.network;
});

/** Takes a network away. @param force with its containers @throws {NetworkError} IN_USE, NOT_FOUND */
export const remove = (session: Session, name: string, { force = false }: { force?: boolean } = {}): Operation<void> => exclusive(session, function* () {
  const before = yield* scene(session);
  yield* finish(session, `rm ${name}`, yield* going(session, before, recordOf(before, name), force));
});
/** Steps that take a network away. @param force with its containers, which keep a way out if they are in another network */
export function* going(session: Session, scene: Scene, record: Record, force: boolean): Operation<Step[]> {
  const steps = planGoing(scene, record, force);
  return [...steps, ...yield* nextWays(session, scene.records, record, Object.keys(record.containers))];
}
function planGoing(scene: Scene, record: Record, force: boolean): Step[] {
  if (!force) return planRemove(scene, record);
  const [rules, rest] = partition(planRemove(scene, { ...record, containers: {} }), ({ op }) => op === 'firewall');
  const gone = leadsOf(elementsOf(rulesetOf([record])));
  return [...rules, ...(gone.length > 0 ? [{ op: 'flows', gone } as const] : []), ...unplugged(scene.state, record.network, Object.entries(record.containers)), ...rest];
}
const partition = <T>(all: readonly T[], first: (one: T) => boolean): [T[], T[]] => [all.filter(first), all.filter((one) => !first(one))];

/** Where a container's namespace is. @throws {NetworkError} NOT_FOUND, INVALID */
export function whereIs(session: Session, namespace: NamespaceRef): Where {
  const pid = typeof namespace === 'string' && /^\d+$/.test(namespace) && !existsSync(namespacePath({ name: namespace }) as string) ? Number(namespace) : undefined;
  const path = namespacePath(pid ?? namespace) ?? `/proc/${process.pid}/fd/${(namespace as { fd: number }).fd}`, identity = identify(path);
  if (!identity) throw new NetworkError('NOT_FOUND', `there is no network namespace ${path}`, 'ip netns list shows the named ones; a pid stands for a process\'s');
  const where = { path, dev: identity.dev, ino: identity.ino };
  if (session.isHost(where)) throw new NetworkError('INVALID', `${path} is the host's own network namespace`, 'a container has one of its own');
  return where;
}

/** The addresses that the container would get. @throws {NetworkError} EXHAUSTED, CONFLICT */
export function addressesFor(state: string, network: Network, container: Container, besides?: ReadonlyMap<string, Holder>): Guest['addresses'] {
  const share = network.driver === 'vxlan' ? (): string => shares(network).local : undefined;
  try {
    return picks(poolPath(state, network.name), rangesOf(network, share), container.ips, besides).map(({ address, wish }, n) => ({ address, ...(!wish && { set: String(n) }) }));
  } catch (error) {
    if (error instanceof PoolError) throw new NetworkError(error.code === 'EXHAUSTED' ? 'EXHAUSTED' : 'CONFLICT', error.message, error.code === 'EXHAUSTED' ? 'detach what is not needed; nlkit net gc finds what died' : undefined, error);
    if (error instanceof TypeError) throw new NetworkError('INVALID', error.message, undefined, error);
    throw error;
  }
}
/** Times that an address may be snatched away between planning and reserving: the pool may be shared with others. */
const TRIES = 100;

function* guestOf(session: Session, { state }: Scene, record: Record, container: Container, where: Where): Operation<Guest> {
  return { container, where, inside: yield* observe(session, where), addresses: addressesFor(state, record.network, container) };
}

/** Plugs a container in. @throws {NetworkError} @throws {NetlinkError} */
export const attach = (session: Session, name: string, input: ContainerInput & { readonly namespace: NamespaceRef }): Operation<Attachment> => exclusive(session, function* () {
  const { namespace, ...rest } = input, near = yield* nearby(session, name, input.name), container = declaredIn(near.record.network, rest), before = yield* crowded(session, near, container.publish), { record } = before;
  assertAttachable(before, record, container);
  assertThere(before, record);
  const where = whereIs(session, namespace);
  for (let n = 1; ; n++) {
    try {
      return (yield* transaction(session, `attach ${name} ${container.name}`, (take) => plugIn(session, before, record, container, where, take))).attachment;
    } catch (error) {
      if (!(error instanceof Taken) || n === TRIES) throw error;
    }
  }
});
export function* plugIn(session: Session, before: Scene, record: Record, container: Container, where: Where, take: Taker): Operation<{ record: Record; attachment: Attachment }> {
  const { steps, ...after } = planAttach(before, record, yield* guestOf(session, before, record, container, where));
  yield* take(steps);
  const now = identify(where.path);
  if (now?.dev !== where.dev || now.ino !== where.ino) throw new NetworkError('GONE', `the network namespace ${where.path} went away while ${container.name} was plugged in`, 'it ended, or another has its name now');
  return after;
}

/** Takes a container out. @throws {NetworkError} NOT_FOUND */
export const detach = (session: Session, name: string, container: string): Operation<void> => exclusive(session, function* () {
  const near = recordNamed(session.state, name, container), record = attachmentIn(near, container) ? near : recordNamed(session.state, name);
  const { steps } = planDetach(session, record, [container]), gone = attachmentIn(record, container);
  yield* finish(session, `detach ${name} ${container}`, [...steps, ...(gone ? yield* nextWay(session, record, gone) : [])]);
});
