/** Looking at networks, mending them, and bringing them to a declared state. */
import { identify, type NamespaceRef } from '../namespace/index.ts';
import * as links from '../route/links.ts';
import { blockedBy, type Blocked, type Forwarding } from './blocked.ts';
import { NetworkError, invalid } from './error.ts';
import { findLink } from './drivers/index.ts';
import { hostsIn, type Host } from './hosts.ts';
import type { Holder } from './ipam/index.ts';
import { seenForwarding } from './firewall-client.ts';
import { finish, transaction, type Recovered, type Taker } from './journal.ts';
import { bare, markOf, readMark } from './names.ts';
import { observe } from './observe.ts';
import { kernel, type Operation, type Session } from './operation.ts';
import { addressesFor, exclusive, going, plugIn, recordNamed, recordOf, scene, whereIs, type Declared } from './networks.ts';
import { attachmentSteps, planNetwork, planPorts, planRemove, portsStep, type Scene } from './plan.ts';
import { deletions, planAttach, planDetach } from './plan-container.ts';
import { publishText } from './publish.ts';
import { declaredIn, networkOf, ownerOf, type Container, type ContainerInput, type Network, type NetworkInput } from './spec.ts';
import type { Planned, Step } from './steps.ts';
import { attachmentIn, hostsPath, readRecords, type Attachment, type Record } from './store.ts';
import { nextWays } from './way.ts';

/** A network as it is. */
export interface Inspected extends Network {
  /** Whether the kernel has what the network is made of: all, some of it, or nothing. */
  readonly state: 'up' | 'partial' | 'missing';
  /** Steps that would mend it. */
  readonly missing: number;
  /** Chains of others that drop what goes to and from it. */
  readonly blocked: readonly Blocked[];
  readonly containers: Readonly<{ [name: string]: Attachment & { readonly alive: boolean } }>;
}

/** Whether a container is still plugged in. */
function* isAlive(seen: Scene['seen'], { port, ifname, namespace, lent }: Attachment, alias: string): Operation<boolean> {
  const now = identify(namespace.path);
  if (port !== undefined) return findLink(seen, port) !== undefined;
  // Where it was taken to is not known here.
  if (lent) return true;
  if (now?.dev !== namespace.dev || now.ino !== namespace.ino) return false;
  try { return (yield* kernel(() => links.get(ifname), namespace)).ifalias === alias; } catch (error) {
    if (['ENODEV', 'GONE'].includes((error as { code: string }).code)) return false;
    throw error;
  }
}

function* inspected(now: Scene, record: Record, forwarding: Forwarding): Operation<Inspected> {
  const containers: { [name: string]: Attachment & { alive: boolean } } = {};
  for (const [name, one] of Object.entries(record.containers)) containers[name] = { ...one, alive: yield* isAlive(now.seen, one, markOf(record.network.name, name)) };
  let missing = 1, some = false;
  try {
    const steps = planNetwork(now, record.network).steps;
    missing = steps.length;
    some = !steps.some(({ do: { op } }) => op === 'link.add');
  } catch (error) {
    if (!(error instanceof NetworkError)) throw error;
  }
  return { ...record.network, state: missing === 0 ? 'up' : some ? 'partial' : 'missing', missing, blocked: blockedBy(record.network, forwarding), containers };
}

/** One network. @throws {NetworkError} NOT_FOUND */
export function* inspect(session: Session, name: string): Operation<Inspected> {
  const record = recordNamed(session.state, name);
  return yield* inspected(yield* scene(session), record, yield* seenForwarding());
}
/** All networks, by name. */
export function* list(session: Session): Operation<Inspected[]> {
  const now = yield* scene(session), forwarding = yield* seenForwarding(), all: Inspected[] = [];
  for (const record of now.records.values()) all.push(yield* inspected(now, record, forwarding));
  return all;
}

/** Who has which address in a network, and the file that tells it as hosts(5): kept up to date, replaced at once. */
export interface Hosts { readonly path: string; readonly hosts: readonly Host[] }
/** @throws {NetworkError} NOT_FOUND */
// oxlint-disable-next-line require-yield -- operations are generators, whether they ask the kernel or not
export function* hosts(session: Session, name: string): Operation<Hosts> {
  const { containers } = recordNamed(session.state, name);
  return { path: hostsPath(session.state, name), hosts: hostsIn(containers) };
}

/** What was put in order. */
export interface Collected {
  readonly recovered: readonly Recovered[];
  /** Containers whose namespace or link is no more: 'NETWORK CONTAINER'. */
  readonly detached: readonly string[];
  /** Links that bear our mark, but are of no network that is known here. */
  readonly orphans: readonly string[];
}
/** Finishes or undoes what was cut short, and takes out containers that are no more. @param orphans deletes links of networks that are not known */
export const gc = (session: Session, { orphans = false }: { orphans?: boolean } = {}): Operation<Collected> => exclusive(session, function* (recovered) {
  const detached: string[] = [];
  let now = yield* scene(session);
  for (const [name, { network, containers }] of now.records) {
    if (ownerOf(network) !== undefined) continue;
    const dead: string[] = [];
    for (const [container, one] of Object.entries(containers)) {
      if (!(yield* isAlive(now.seen, one, markOf(name, container)))) dead.push(container);
    }
    now = yield* takenOut(session, now, name, dead);
    detached.push(...dead.map((container) => `${name} ${container}`));
  }
  if (detached.length > 0) now = yield* scene(session);
  const lost = now.seen.links.flatMap((link) => {
    const mark = readMark(link.ifalias), record = mark && now.records.get(mark.network);
    return mark && !(record && (mark.container === undefined || record.containers[mark.container])) ? [link] : [];
  });
  if (orphans) yield* finish(session, 'gc', deletions('orphans', lost.map((link) => ({ op: 'link.delete', ifname: link.ifname as string, mark: { kind: link.linkinfo?.kind as string, alias: link.ifalias as string } }))));
  return { recovered, detached, orphans: lost.map((link) => link.ifname as string) };
});

/** Takes containers out. @returns what is known then */
function* takenOut(session: Session, now: Scene, name: string, containers: readonly string[]): Operation<Scene> {
  const before = recordOf(now, name), { steps, record } = planDetach(now, before, containers);
  yield* finish(session, `detach ${name} ${containers.join(' ')}`, [...steps, ...yield* nextWays(session, now.records, before, containers)]);
  return withRecord(now, record);
}
const withRecord = (now: Scene, record: Record): Scene => ({ ...now, records: new Map([...now.records, [record.network.name, record]]) });

/** What an operation would do. */
export interface Plan { readonly operation: string; readonly steps: readonly Planned[] }

/** What `apply` would change, without changing or reserving anything. @throws {NetworkError} */
export function* plan(session: Session, declarations: readonly Declared[]): Operation<Plan[]> {
  const plans: Plan[] = [], add = (operation: string, steps: readonly Planned[]): void => { if (steps.length > 0) plans.push({ operation, steps }); };
  let now = yield* scene(session);
  for (const { containers = [], ...input } of declarations) {
    const { steps, record: made } = planNetwork(now, meant(now, input)), handed = new Map<string, Holder>();
    add(`${now.records.has(input.name) ? 'change' : 'create'} ${input.name}`, steps);
    let record = made;
    for (const { namespace, ...rest } of containers) {
      const container = declaredIn(record.network, rest);
      now = withRecord(now, record);
      if (attachmentIn(record, container.name)) {
        const changed = changes(now, record, container);
        add(`change ${input.name} ${container.name}`, changed.steps);
        record = changed.record;
        continue;
      }
      const where = whereIs(session, namespace), addresses = addressesFor(session.state, record.network, container, handed);
      const attached = planAttach(now, record, { container, where, inside: yield* observe(session, where), addresses });
      for (const { address } of addresses) handed.set(address, { id: container.name, ifname: '' });
      add(`attach ${input.name} ${container.name}`, attached.steps);
      record = attached.record;
    }
    now = withRecord(now, record);
  }
  return plans;
}

/** A declaration that says no more than its name is that of the network that is there. */
function meant({ records }: Scene, input: NetworkInput): Network {
  const known = records.get(input.name);
  return known && Object.keys(input).length === 1 ? known.network : networkOf(input);
}

/** What `remove`, or `detach` of a container, would do. @throws {NetworkError} */
export function* planGone(session: Session, name: string, { container, force = false }: { container?: string; force?: boolean } = {}): Operation<Plan[]> {
  const now = yield* scene(session), record = recordOf(now, name), planned = (steps: readonly Step[]): Planned[] => steps.map((step) => ({ do: step }));
  if (container !== undefined) return [{ operation: `detach ${name} ${container}`, steps: planned([...planDetach(now, record, [container]).steps, ...yield* nextWays(session, now.records, record, [container])]) }];
  return [{ operation: `rm ${name}`, steps: planned(yield* going(session, now, record, force)) }];
}

/** What of a container that is plugged in can change in place. @throws {NetworkError} CONFLICT */
function changes(now: Scene, record: Record, { name, ips, mac, ifname, publish, aliases }: Container): { steps: Planned[]; record: Record } {
  const was = attachmentIn(record, name) as Attachment, fixed = (what: string, is: string): NetworkError => new NetworkError('CONFLICT', `the ${what} of ${name} in ${record.network.name} cannot change while it is attached: it is ${is}`, `nlkit net detach ${record.network.name} ${name}`);
  const own = was.addresses.map(bare);
  if (ips.some((ip) => !own.includes(ip))) throw fixed('address', own.join(', '));
  if (mac !== undefined && mac !== was.mac) throw fixed('MAC', String(was.mac));
  if (ifname !== undefined && ifname !== was.ifname) throw fixed('interface', was.ifname);
  const one: Attachment = { ...was, publish, aliases }, after: Record = { ...record, containers: { ...record.containers, [name]: one } };
  return { steps: [...attachmentSteps(now.state, record, name, one, was), ...planPorts({ ...record, containers: { [name]: one } }, now.seen), ...portsStep(record.network.name, name, was, one)], record: after };
}

/** What `apply` did. */
export interface Applied { readonly changed: readonly string[] }
/**
 * Brings networks, and the containers that are declared in them, to a declared state: all of it or nothing. Done again, it does nothing.
 * @param prune then takes away networks and containers that are not declared
 * @throws {NetworkError} @throws {NetlinkError}
 */
export const apply = (session: Session, declarations: readonly Declared[], { prune = false }: { prune?: boolean } = {}): Operation<Applied> => exclusive(session, function* () {
  const changed: string[] = [];
  yield* transaction(session, `apply ${declarations.map(({ name }) => name).join(', ')}`, function* (take) {
    for (const { containers = [], ...input } of declarations) {
      const before = yield* scene(session), { steps } = planNetwork(before, meant(before, input));
      yield* take(steps);
      if (steps.length > 0) changed.push(input.name);
      let now = yield* scene(session);
      for (const container of containers) {
        const after = yield* settle(session, now, input.name, container, take);
        if (after) changed.push(`${input.name} ${container.name}`);
        now = after ?? now;
      }
    }
  });
  if (prune) changed.push(...yield* pruned(session, declarations));
  return { changed };
});

/** One declared container. @returns what is known then, when something was done */
function* settle(session: Session, now: Scene, network: string, { namespace, ...rest }: ContainerInput & { readonly namespace: NamespaceRef }, take: Taker): Operation<Scene | undefined> {
  const record = recordOf(now, network), container = declaredIn(record.network, rest), was = attachmentIn(record, container.name), where = whereIs(session, namespace);
  if (!was) return withRecord(now, (yield* plugIn(session, now, record, container, where, take)).record);
  if (!(yield* isAlive(now.seen, was, markOf(network, container.name)))) throw new NetworkError('GONE', `${container.name} of ${network} is no more, but not yet detached`, 'nlkit net gc');
  if (was.namespace.dev !== where.dev || was.namespace.ino !== where.ino) throw new NetworkError('CONFLICT', `${container.name} of ${network} is attached in another namespace, ${was.namespace.path}`, `nlkit net detach ${network} ${container.name}`);
  const { steps, record: after } = changes(now, record, container);
  yield* take(steps);
  return steps.length > 0 ? withRecord(now, after) : undefined;
}

function* pruned(session: Session, declarations: readonly Declared[]): Operation<string[]> {
  const gone: string[] = [];
  let now = yield* scene(session);
  for (const [name, { network, containers }] of now.records) {
    if (ownerOf(network) !== undefined) continue;
    const declared = declarations.find((one) => one.name === name), wanted = new Set(declared?.containers?.map((one) => one.name));
    const left = Object.keys(containers).filter((container) => !declared || (declared.containers !== undefined && !wanted.has(container)));
    now = yield* takenOut(session, now, name, left);
    gone.push(...left.map((container) => `${name} ${container}`));
    if (declared) continue;
    now = yield* scene(session);
    yield* finish(session, `rm ${name}`, planRemove(now, recordOf(now, name)));
    gone.push(name);
  }
  return gone;
}

/** Everything as declarations, for `apply`. */
// eslint-disable-next-line require-yield
export function* exported(session: Session): Operation<{ networks: Declared[] }> {
  return {
    networks: [...readRecords(session.state).values()].filter(({ network }) => ownerOf(network) === undefined).map(({ network, containers }) => ({
      ...network,
      containers: Object.entries(containers).map(([name, { namespace, addresses, mac, ifname, publish, aliases }]) => ({
        name, namespace: namespace.path, ips: addresses.map(bare), ...(mac !== undefined && network.driver !== 'ipvlan' && network.mode !== 'passthru' && { mac }), ifname,
        ...(publish.length > 0 && { publish: publish.map(publishText) }), ...(aliases.length > 0 && { aliases }),
      })),
    })),
  };
}

/** Declarations out of JSON: one network, a list, or `{ networks }`. @throws {NetworkError} INVALID */
export function declarations(text: string): Declared[] {
  let value: unknown;
  try { value = JSON.parse(text); } catch (error) { throw invalid(`the declarations are not JSON: ${(error as Error).message}`); }
  const list = Array.isArray(value) ? value : Array.isArray((value as { networks?: unknown } | null)?.networks) ? (value as { networks: unknown[] }).networks : [value];
  const seen = new Set<string>();
  for (const one of list as Declared[]) {
    if (typeof one !== 'object' || one === null || typeof one.name !== 'string') throw invalid('a declaration is an object with a "name"', '{ "networks": [{ "name": "lab", "subnets": ["172.30.0.0/24"] }] }');
    if (seen.has(one.name)) throw invalid(`network ${one.name} is declared twice`);
    seen.add(one.name);
    if (one.containers !== undefined && !(Array.isArray(one.containers) && one.containers.every((each) => typeof each?.name === 'string' && each.namespace !== undefined))) throw invalid(`the containers of ${one.name} are a list of objects with "name" and "namespace"`);
  }
  return list as Declared[];
}
