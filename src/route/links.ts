/** Links by name: what `ip link` does. */
import { checkKeys, type Keys } from '../codec/index.ts';
import { route, type Link, type LinkInit } from '../families/route/index.ts';
import type { NamespaceRef } from '../namespace/index.ts';
import type { Request } from '../socket/index.ts';
import type { KindData, KindName } from './builders.ts';
import { checkDevice, checkObject, deviceIndex, getLink, numberOf, type Device } from './names.ts';
import type { Listed, Selectable } from './objects.ts';
import { ask, dump, type Plan } from './plan.ts';
import { Namespaces } from './target.ts';

/** A link as you describe it: the schema's keys, and names where the kernel wants numbers. */
export type LinkInput = Omit<LinkInit, 'link' | 'master' | 'group' | 'linkinfo'> & {
  /** Name or index of the lower device. */
  link?: Device;
  /** Name or index of the bridge, bond or VRF; null frees the link. */
  master?: Device | null;
  /** Name or number of the interface group. */
  group?: Device;
  /** Administrative state. */
  up?: boolean;
  /** The network namespace that the link is made in or moved to: name, pid, path or descriptor. */
  namespace?: NamespaceRef;
  /** Kind and data. Within data, `link` may be a name too, and a veth's `peer` is a LinkInput. */
  linkinfo?: LinkInit['linkinfo'] | { [K in KindName]: { kind: K; data?: KindData<K> } }[KindName];
};
/** Which links; kind and master are filtered by the kernel. */
export interface LinkFilter {
  /** 'bridge', 'veth' ... */
  readonly kind?: string;
  /** Ports of this bridge, bond or VRF. */
  readonly master?: Device;
  /** Administrative state. */
  readonly up?: boolean;
  /** Decode only these keys. */
  readonly select?: readonly Selectable<Link>[];
}

type Body = Record<string, unknown>;
const filterKeys: Keys<LinkFilter> = { kind: 1, master: 1, up: 1, select: 1 };

/** Names to numbers, in a link and in the links that it contains. */
function* resolved(input: LinkInput, namespaces: Namespaces): Plan<Body> {
  checkObject(input, 'a link is described by an object, { ifname ... }');
  const { up, namespace, master, link, group, linkinfo, ...rest } = input;
  const body: Body = { ...rest };
  if (up !== undefined) {
    if (typeof up !== 'boolean') throw new TypeError(`\`up\` is true or false, not ${JSON.stringify(up)}`);
    const flags = new Set((rest.flags ?? []) as (string | number)[]), change = new Set((rest.change ?? []) as (string | number)[]);
    if (up) flags.add('up');
    else flags.delete('up');
    body['flags'] = [...flags];
    body['change'] = [...change.add('up')];
  }
  if (link !== undefined) body['link'] = yield* deviceIndex(link);
  if (master !== undefined) body['master'] = master === null ? 0 : yield* deviceIndex(master);
  if (group !== undefined) body['group'] = numberOf('group', group);
  if (namespace !== undefined) Object.assign(body, namespaces.attribute(namespace));
  if (linkinfo !== undefined) body['linkinfo'] = yield* resolvedInfo(linkinfo as Body, namespaces);
  return body;
}
function* resolvedInfo(info: Body, namespaces: Namespaces): Plan<Body> {
  const data = info['data'] as Body | undefined;
  if (!data || data instanceof Uint8Array) return info;
  const out: Body = { ...data };
  if (typeof data['link'] === 'string') out['link'] = yield* deviceIndex(data['link']);
  if (data['peer'] !== undefined) out['peer'] = yield* resolved(data['peer'] as LinkInput, namespaces);
  return { ...info, data: out };
}

function* change(message: Request['message'], flags: NonNullable<Request['flags']>, input: LinkInput, device?: Device): Plan<void> {
  const namespaces = new Namespaces();
  try {
    const body = yield* resolved(input, namespaces);
    if (device !== undefined) body['index'] = yield* deviceIndex(device);
    yield* ask({ message, flags, body });
  } finally { namespaces.close(); }
}

/** Makes a link. @throws {NetlinkError} EEXIST when the name is taken, EOPNOTSUPP when the kernel does not know the kind. */
export function* add(input: LinkInput): Plan<void> {
  const kind = ((input as LinkInput | undefined)?.linkinfo as Body | undefined)?.['kind'];
  if (kind === undefined) throw new TypeError('a link needs a kind: { ifname, linkinfo: { kind } }, or one of the builders (veth, bridge, macvlan ...)');
  yield* change(route.messages.newlink, ['create', 'excl'], input);
}
/** Changes a link; only what is given changes (`flags` without `change` are all flags, as in the kernel). @throws {NetlinkError} ENODEV */
export function* set(device: Device, input: LinkInput): Plan<void> {
  checkDevice(device);
  yield* change(route.messages.newlink, [], input, device);
}
/** Deletes a link; deleting one end of a veth pair deletes both. @throws {NetlinkError} ENODEV */
export function* remove(device: Device): Plan<void> {
  yield* ask({ message: route.messages.dellink, body: { index: yield* deviceIndex(device) } });
}
/** Deletes every link of an interface group at once: far faster than one after the other. */
export function* removeGroup(group: Device): Plan<void> {
  yield* ask({ message: route.messages.dellink, body: { group: numberOf('group', group) } });
}
/** One link by name, altname or index, without statistics. @throws {NetlinkError} ENODEV */
export const get = (device: Device): Plan<Link> => getLink(device);

/** What the kernel tells of virtual functions only when it is asked to: it asks their hardware. */
const functions = new Set(['numVf', 'vfinfoList', 'vfPorts', 'portSelf']);

/** Every link of the namespace, or those that are asked for, with statistics and virtual functions, unless others are selected. */
export function* list(filter: LinkFilter = {}): Plan<Listed<Link>> {
  checkKeys(filter, filterKeys, 'a filter of links');
  const { kind, master, up, select } = filter;
  const body: Body = !select || select.some((key) => functions.has(key.split('.', 1)[0] as string)) ? { extMask: ['vf'] } : {};
  if (kind !== undefined) body['linkinfo'] = { kind };
  if (master !== undefined) body['master'] = yield* deviceIndex(master);
  const needed = select && [...new Set([...select, ...(kind !== undefined ? ['linkinfo'] : []), ...(up !== undefined ? ['flags'] : [])])];
  return {
    request: { message: route.messages.getlink, body },
    keep: (link) => (kind === undefined || link.linkinfo?.kind === kind) && (up === undefined || link.flags.includes('up') === up) && (master === undefined || link.master === body['master'] || select !== undefined),
    ...(needed && { select: needed }),
  };
}
/** Names by index. */
export function* names(): Plan<Map<number, string>> {
  const links = yield* dump<Link>({ message: route.messages.getlink, body: { extMask: ['skipStats'] } }, ['index', 'ifname']);
  return new Map(links.map((l) => [l.index, l.ifname as string]));
}

function checkNames(altnames: readonly string[]): void {
  if (!Array.isArray(altnames)) throw new TypeError(`altnames are a list, ['uplink'], not ${JSON.stringify(altnames)}`);
}
/** Altnames: more names for a link, each up to 127 bytes. */
export function* addAltnames(device: Device, altnames: readonly string[]): Plan<void> {
  checkNames(altnames);
  yield* ask({ message: route.messages.newlinkprop, flags: ['create', 'excl', 'append'], body: { index: yield* deviceIndex(device), propList: { altIfname: [...altnames] } } });
}
/** Takes altnames away. @throws {NetlinkError} */
export function* removeAltnames(device: Device, altnames: readonly string[]): Plan<void> {
  checkNames(altnames);
  yield* ask({ message: route.messages.dellinkprop, body: { index: yield* deviceIndex(device), propList: { altIfname: [...altnames] } } });
}
