/** Queueing disciplines by interface, and their classes: what `tc qdisc` and `tc class` do. */
import { checkKeys, type Keys, type Value } from '../codec/index.ts';
import { classes, qdiscs, route, type TcClass, type TcClassInit, type TcQdisc, type TcQdiscInit } from '../families/route/index.ts';
import { handleNumber, places, type Handle } from './handles.ts';
import { checkObject, deviceIndex, type Device } from './names.ts';
import type { Listed, Options, Selectable } from './objects.ts';
import { ask, type Plan } from './plan.ts';

/** A kind, and its options as the schema has them; nested structs may be given in part. */
export type QdiscKind = { [K in keyof typeof qdiscs]: { kind: K; options?: Options<Value<(typeof qdiscs)[K]>> } }[keyof typeof qdiscs];
/** A kind whose classes have options, and those. */
export type ClassKind = { [K in keyof typeof classes]: { kind: K; options?: Options<Value<(typeof classes)[K]>> } }[keyof typeof classes];

/** Where a qdisc is. */
export interface QdiscPlace {
  dev: Device;
  /** Handle of the class above, 'root', or 'ingress' for where packets come in. Default: 'root', and 'ingress' of the kinds that are nowhere else. */
  parent?: Handle;
  /** The qdisc's own, 'MAJOR:'. Default, of a new one: chosen by the kernel. */
  handle?: Handle;
}
/** A qdisc as you describe it. */
export type QdiscInput = QdiscPlace & QdiscKind & Pick<TcQdiscInit, 'stab' | 'rate' | 'ingressBlock' | 'egressBlock'>;
/** Which qdiscs. */
export interface QdiscFilter {
  readonly dev?: Device;
  readonly parent?: Handle;
  readonly handle?: Handle;
  /** Those that the kernel made by itself, too. */
  readonly invisible?: boolean;
  /** Decode only these keys. */
  readonly select?: readonly Selectable<TcQdisc>[];
}

const filterKeys: Keys<QdiscFilter> = { dev: 1, parent: 1, handle: 1, invisible: 1, select: 1 };

/** Packets that come in have one place only, and one handle. */
const incoming: ReadonlySet<string | undefined> = new Set(['ingress', 'clsact']);
const INGRESS_HANDLE = 0xffff0000;

/** 'ingress' is the place of the qdisc here, not the half of it where filters are. */
const parentNumber = (parent: Handle): number => (parent === 'ingress' ? places.clsact : handleNumber(parent));

function* bodyOf(input: QdiscInput | TcQdisc): Plan<TcQdiscInit> {
  checkObject(input, "a qdisc is described by an object, { dev: 'eth0', kind: 'fq_codel', options: { ... } }");
  // What a listing gave is named, not said again.
  if ('ifindex' in input) return { ifindex: input.ifindex, parent: input.parent, handle: input.handle };
  const { dev, parent, handle, ...rest } = input, ingress = incoming.has(rest.kind) || parent === 'ingress';
  return {
    ...rest,
    ifindex: yield* deviceIndex(dev), parent: parent === undefined ? (ingress ? places.clsact : places.root) : parentNumber(parent),
    handle: handle === undefined ? (ingress ? INGRESS_HANDLE : 0) : handleNumber(handle),
  } as TcQdiscInit;
}

/** Adds a qdisc. @throws {NetlinkError} EEXIST; ENOENT where the kernel does not have the kind, or nothing is at `parent` */
export function* add(input: QdiscInput): Plan<void> { yield* ask({ message: route.messages.newqdisc, flags: ['create', 'excl'], body: yield* bodyOf(input) }); }
/** Adds it, changes the one with its handle, or puts it in the place of the one that is there. @throws {NetlinkError} */
export function* replace(input: QdiscInput): Plan<void> { yield* ask({ message: route.messages.newqdisc, flags: ['create', 'replace'], body: yield* bodyOf(input) }); }
/** Changes the options that are given. @throws {NetlinkError} ENOENT; EINVAL where it is of another kind */
export function* change(input: QdiscInput): Plan<void> { yield* ask({ message: route.messages.newqdisc, body: yield* bodyOf(input) }); }
/** Deletes a qdisc and what is below it, described or as a listing gave it. @throws {NetlinkError} ENOENT; EINVAL of one with another handle */
export function* remove(input: QdiscPlace | TcQdisc): Plan<void> { yield* ask({ message: route.messages.delqdisc, body: yield* bodyOf(input as QdiscInput | TcQdisc) }); }
/** Qdiscs of every interface, or of one. */
export function* list(filter: QdiscFilter = {}): Plan<Listed<TcQdisc>> {
  checkKeys(filter, filterKeys, 'a filter of qdiscs');
  const { select } = filter, ifindex = filter.dev === undefined ? undefined : yield* deviceIndex(filter.dev);
  const parent = filter.parent === undefined ? undefined : parentNumber(filter.parent), handle = filter.handle === undefined ? undefined : handleNumber(filter.handle);
  return {
    request: { message: route.messages.getqdisc, body: { ...(ifindex !== undefined && { ifindex }), ...(filter.invisible && { dumpInvisible: true }) } },
    // The kernel tells of all interfaces.
    keep: (one) => (ifindex === undefined || one.ifindex === ifindex) && (parent === undefined || one.parent === parent) && (handle === undefined || one.handle === handle),
    ...(select && { select: [...select, 'ifindex', 'parent', 'handle'] }),
  };
}

/** Which class. */
export interface ClassKey {
  dev: Device;
  /** The class's own, 'MAJOR:MINOR'. */
  classid: Handle;
}
/** A class as you describe it; `parent` is a class above, or the qdisc. */
export type ClassInput = ClassKey & ClassKind & Pick<TcClassInit, 'rate'> & { parent?: Handle };
/** Which classes. */
export interface ClassFilter {
  readonly dev: Device;
  readonly parent?: Handle;
  /** Decode only these keys. */
  readonly select?: readonly Selectable<TcClass>[];
}

const classKeys: Keys<ClassFilter> = { dev: 1, parent: 1, select: 1 };

function* classBody(input: ClassInput | ClassKey | TcClass): Plan<TcClassInit> {
  checkObject(input, "a class is described by an object, { dev: 'eth0', parent: '1:', classid: '1:10', kind: 'htb', options: { ... } }");
  if ('ifindex' in input) return { ifindex: input.ifindex, handle: input.handle };
  const { dev, parent, classid, ...rest } = input as ClassInput;
  return { ...rest, ifindex: yield* deviceIndex(dev), handle: handleNumber(classid), parent: parent === undefined ? 0 : handleNumber(parent) } as TcClassInit;
}

/** Adds a class. @throws {NetlinkError} EEXIST; ENOENT where there is no such qdisc; EINVAL where its kind has no classes to add */
export function* addClass(input: ClassInput): Plan<void> { yield* ask({ message: route.messages.newtclass, flags: ['create', 'excl'], body: yield* classBody(input) }); }
/** Adds it, or changes the one that is there. @throws {NetlinkError} */
export function* replaceClass(input: ClassInput): Plan<void> { yield* ask({ message: route.messages.newtclass, flags: ['create', 'replace'], body: yield* classBody(input) }); }
/** Changes the options that are given. @throws {NetlinkError} ENOENT */
export function* changeClass(input: ClassInput): Plan<void> { yield* ask({ message: route.messages.newtclass, body: yield* classBody(input) }); }
/** Deletes a class, described or as a listing gave it. @throws {NetlinkError} ENOENT; EBUSY while filters or classes below use it */
export function* removeClass(input: ClassKey | TcClass): Plan<void> { yield* ask({ message: route.messages.deltclass, body: yield* classBody(input) }); }
/** Classes of an interface. */
export function* listClasses(filter: ClassFilter): Plan<Listed<TcClass>> {
  checkKeys(filter, classKeys, 'a filter of classes');
  const { dev, parent, select } = filter;
  return {
    request: { message: route.messages.gettclass, body: { ifindex: yield* deviceIndex(dev), ...(parent !== undefined && { parent: handleNumber(parent) }) } },
    keep: () => true, ...(select && { select }),
  };
}
