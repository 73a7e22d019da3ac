/** From what is declared and what is there to the steps between. Pure: nothing is asked, nothing is done. */
import type { Link } from '../families/route/index.ts';
import { NetworkError } from './error.ts';
import { drivers, findLink, portSettings, type HostLink, type PortFlags } from './drivers/index.ts';
import { publishedBy, rulesetOf, type Published } from './firewall.ts';
import { hostsOf } from './hosts.ts';
import { parseSubnet, type Family } from './ipam/index.ts';
import { isOurs } from './mark.ts';
import { markOf, readMark } from './names.ts';
import { FORWARD, type Observed } from './observed.ts';
import type { LinkInput } from '../route/index.ts';
import { networkOf, type Network, type SubnetSpec } from './spec.ts';
import type { Planned, Step } from './steps.ts';
import { attachmentPath, attachmentText, poolPath, recordPath, recordText, type Attachment, type Record } from './store.ts';
import { assertFree, busyHost, busyNetworks, pick } from './subnets.ts';

/** What plans are made from. */
export interface Scene {
  readonly state: string;
  readonly seen: Observed;
  readonly records: ReadonlyMap<string, Record>;
}
type Values = readonly (readonly [key: string, value: string])[];

export const familiesOf = ({ subnets }: Network): Family[] => subnets.map(({ subnet }) => parseSubnet(subnet).family);

/** What cannot change while a network is there. */
const FIXED = ['driver', 'subnets', 'parent', 'mode', 'vlan', 'vni', 'local', 'port'] as const;

/** Fills in the subnets, and checks that they are free. @throws {NetworkError} CONFLICT, EXHAUSTED, INVALID */
export function settled(scene: Scene, declared: Network): Network {
  const { records, seen } = scene, known = records.get(declared.name);
  if (known) {
    const same = declared.subnets.length === 0 ? known.network.subnets : declared.ipv6 && !familiesOf(declared).includes('inet6') ? known.network.subnets.filter(({ subnet }) => parseSubnet(subnet).family === 'inet6') : [];
    return networkOf({ ...declared, subnets: [...declared.subnets, ...same] });
  }
  const driver = drivers[declared.driver];
  // Containers on a parent are in the parent's own subnet: that is what they are for.
  const busy = [...busyNetworks([...records.values()].map(({ network }) => network)), ...(driver.routes ? busyHost(seen.addresses, seen.routes) : [])];
  for (const { subnet } of declared.subnets) assertFree(subnet, busy);
  const missing: Family[] = declared.subnets.length === 0 ? ['inet'] : [];
  if (declared.ipv6 && !familiesOf(declared).includes('inet6')) missing.push('inet6');
  if (missing.length > 0 && !driver.routes) throw new NetworkError('INVALID', `a ${declared.driver} network needs its subnet`, '--subnet: the one that the parent is in');
  const added: SubnetSpec[] = missing.map((family) => ({ subnet: pick(family, declared.name, busy) }));
  const network = networkOf({ ...declared, subnets: [...declared.subnets, ...added] });
  if (network.driver === 'vxlan' && network.subnets.length > 1) throw new NetworkError('INVALID', 'a vxlan network has one subnet', 'MACs follow from addresses, and a container has one MAC');
  return network;
}

/** Steps to a network as declared, whether it is there, in part, or not at all. @throws {NetworkError} */
export function planNetwork(scene: Scene, declared: Network): { steps: Planned[]; record: Record } {
  const { state, seen, records } = scene, network = settled(scene, declared), { name } = network, before = records.get(name);
  for (const key of before ? FIXED : []) {
    const was = JSON.stringify(before?.network[key]), now = JSON.stringify(network[key]);
    if (was !== now) throw new NetworkError('CONFLICT', `the ${key} of ${name} cannot change while it is there: it is ${was}, not ${now}`, `nlkit net rm ${name}, and make it again`);
  }
  const steps: Planned[] = [], links = drivers[network.driver].links(network, seen);
  const forwarding = forwardingFor(network, seen), shared = links.find((link) => link.shared && !findLink(seen, link.link.ifname));
  const record: Record = {
    network, sysctls: [...(before?.sysctls ?? []), ...forwarding.flatMap(({ previous }) => previous)],
    ...(shared ? { madeParent: shared.link.ifname } : before?.madeParent !== undefined && { madeParent: before.madeParent }), containers: before?.containers ?? {},
  };
  steps.push(...recordStep(state, record, before));
  if (!before) {
    const folder = poolPath(state, name), holder = { id: markOf(name), ifname: 'reserved' };
    steps.push({ do: { op: 'hosts', network: name, container: '', hosts: [] } });
    steps.push({ do: { op: 'pool.make', folder, reserved: network.reserved ?? [], holder }, undo: { op: 'pool.drop', folder, holder } });
  }
  for (const link of links) steps.push(...planLink(link, seen, record));
  for (const { set, previous } of forwarding) steps.push({ do: { op: 'sysctl', values: set }, undo: { op: 'sysctl', values: previous } });
  steps.push(...planPorts(record, seen), ...firewallStep(records, new Map([...records, [name, record]]), seen));
  return { steps, record };
}

/** Nothing is written where nothing changes. */
export function recordStep(state: string, record: Record, before: Record | undefined): Planned[] {
  return fileStep(recordPath(state, record.network.name), recordText(record), before && recordText(before));
}
const fileStep = (path: string, text: string, was: string | undefined): Planned[] =>
  (was === text ? [] : [{ do: { op: 'record.write', path, text }, undo: was === undefined ? { op: 'record.delete', path } : { op: 'record.write', path, text: was } }]);
/** A container's file, and its lines in the network's hosts. */
export function attachmentSteps(state: string, { network: { name: network } }: Record, name: string, attachment: Attachment, was?: Attachment): Planned[] {
  const write = fileStep(attachmentPath(state, network, name), attachmentText(attachment), was && attachmentText(was)), hosts = hostsOf(name, attachment), before = was ? hostsOf(name, was) : [];
  if (write.length === 0 || attachment.lent || JSON.stringify(hosts) === JSON.stringify(before)) return write;
  return [...write, { do: { op: 'hosts', network, container: name, hosts }, undo: { op: 'hosts', network, container: name, hosts: before } }];
}
/** One step, when the rules change, or when they are not there. */
export function firewallStep(before: ReadonlyMap<string, Record>, after: ReadonlyMap<string, Record>, seen?: Observed): Planned[] {
  const was = rulesetOf(before.values()), ruleset = rulesetOf(after.values());
  const lost = seen?.firewall === 'none' && ruleset.length > 0;
  return JSON.stringify(was) === JSON.stringify(ruleset) && !lost ? [] : [{ do: { op: 'firewall', ruleset }, undo: { op: 'firewall', ruleset: was } }];
}
/** One step, when a container's published ports change: what it costs does not grow with what others publish. */
export function portsStep(network: string, container: string, before: Attachment | undefined, after: Attachment | undefined): Planned[] {
  const [was, now] = [before, after].map((one) => (one ? publishedBy(container, one) : [])) as [Published[], Published[]], step = { op: 'ports', network, container } as const;
  return JSON.stringify(was) === JSON.stringify(now) ? [] : [{ do: { ...step, was, now }, undo: { ...step, was: now, now: was } }];
}

/** Switches that are still off, and everything that the kernel will turn with them. */
function forwardingFor(network: Network, seen: Observed): { set: Values; previous: Values }[] {
  if (!drivers[network.driver].routes || network.internal) return [];
  return familiesOf(network).filter((family) => seen.sysctls.get(FORWARD[family]) !== '1').map((family) => {
    const folder = family === 'inet' ? 'net/ipv4/' : 'net/ipv6/', first = FORWARD[family];
    // The switch itself first: it sets the others.
    const previous = [...seen.sysctls].filter(([key]) => key.startsWith(folder)).sort(([a], [b]) => Number(b === first) - Number(a === first));
    return { set: [[first, '1']], previous };
  });
}

/** Steps to one link of a network's. */
function planLink({ link, mark, addresses, settings, sysctls, entries }: HostLink, seen: Observed, record: Record): Planned[] {
  const { ifname } = link, there = findLink(seen, ifname), alias = markOf(record.network.name);
  if (!there) {
    const steps: Planned[] = [
      { do: { op: 'link.add', link }, undo: { op: 'link.delete', ifname, mark } },
      { do: { op: 'link.set', ifname, set: { ifalias: alias } } },
      ...addresses.map((address): Planned => ({ do: { op: 'address.add', ifname, address } })),
    ];
    if (sysctls) steps.push({ do: { op: 'sysctl', values: sysctls, lax: true } });
    if (settings) steps.push({ do: { op: 'link.set', ifname, set: settings } });
    if (entries?.length) steps.push({ do: { op: 'entries.add', ifname, entries } });
    return steps;
  }
  if (!isOurs(there, mark)) throw new NetworkError('CONFLICT', `a link "${ifname}" is there, and it is not this network's`, `ip link show ${ifname}`);
  return repairs({ link, mark, addresses, ...(settings && { settings }), ...(entries && { entries }) }, there, seen);
}

/** What has changed since it was made. */
function repairs({ link, addresses, settings, entries }: HostLink, there: Link, seen: Observed): Planned[] {
  const { ifname } = link, steps: Planned[] = [], own = seen.addresses.filter(({ index }) => index === there.index);
  const wanted = { ...link, ...settings }, master = wanted.master === undefined ? undefined : findLink(seen, String(wanted.master))?.index;
  if (link.mtu !== undefined && there.mtu !== link.mtu) steps.push({ do: { op: 'link.set', ifname, set: { mtu: link.mtu } }, undo: { op: 'link.set', ifname, set: { mtu: there.mtu as number } } });
  if (wanted.master !== undefined && (master === undefined || there.master !== master)) steps.push({ do: { op: 'link.set', ifname, set: { master: wanted.master as string } }, undo: { op: 'link.set', ifname, set: { master: there.master ?? null } } });
  for (const address of addresses) if (!own.some((one) => `${one.local ?? one.address}/${one.prefixlen}` === address)) steps.push({ do: { op: 'address.add', ifname, address }, undo: { op: 'address.delete', ifname, address } });
  if (settings?.up && !there.flags.includes('up')) steps.push({ do: { op: 'link.set', ifname, set: { up: true } }, undo: { op: 'link.set', ifname, set: { up: false } } });
  if (entries) {
    const key = ({ mac, via }: { mac: string; via: string }): string => `${mac} ${via}`;
    const now = seen.entries.filter((one) => one.ifindex === there.index && one.dst !== undefined).map((one) => key({ mac: one.lladdr as string, via: one.dst as string })), there2 = new Set(now);
    const missing = entries.filter((one) => !there2.has(key(one)));
    if (missing.length > 0) steps.push({ do: { op: 'entries.add', ifname, entries: missing }, undo: { op: 'entries.delete', ifname, entries: missing } });
  }
  return steps;
}

/** Ports of containers that have lost their bridge, or are not set as they should be. */
export function planPorts({ network, containers }: Record, seen: Observed): Planned[] {
  return Object.entries(containers).flatMap(([container, { port: ifname, ifname: inner, mac, publish }]): Planned[] => {
    const there = ifname === undefined ? undefined : findLink(seen, ifname), wanted = drivers[network.driver].endpoint({ network, container, ifname: inner, mac, hairpin: network.hairpin === true || publish.length > 0, seen }).port;
    if (!there || !wanted) return [];
    const master = findLink(seen, wanted.bridge)?.index, plugged = master !== undefined && there.master === master, { mode = 0, isolated = 0 } = (there.linkinfo as { slaveData?: Partial<PortFlags> } | undefined)?.slaveData ?? {};
    const steps: Planned[] = [], set = (now: LinkInput, before: LinkInput): void => { steps.push({ do: { op: 'link.set', ifname: wanted.ifname, set: now }, undo: { op: 'link.set', ifname: wanted.ifname, set: before } }); };
    if (!plugged) set({ master: wanted.bridge }, { master: there.master ?? null });
    if (!plugged || mode !== wanted.flags.mode || isolated !== wanted.flags.isolated || !there.flags.includes('up')) set(portSettings(wanted.flags), plugged ? portSettings({ mode, isolated }) : { up: there.flags.includes('up') });
    return steps;
  });
}

/** Steps that leave nothing of a network. They cannot be taken back, only finished. @throws {NetworkError} IN_USE */
export function planRemove(scene: Scene, record: Record): Step[] {
  const { state, seen, records } = scene, { network } = record, { name } = network, names = Object.keys(record.containers);
  if (names.length > 0) throw new NetworkError('IN_USE', `${names.slice(0, 5).join(', ')}${names.length > 5 ? ' ...' : ''} ${names.length > 1 ? 'are' : 'is'} attached to ${name}`, `nlkit net detach ${name} ${names[0]}, or nlkit net rm --force ${name}`);
  const others = [...records.values()].filter((other) => other.network.name !== name), steps: Step[] = [];
  for (const { do: step } of firewallStep(records, new Map(others.map((other) => [other.network.name, other])))) steps.push(step);
  const heirs = new Map<string, Record>();
  for (const { link, mark, shared } of ownLinks(network, seen).reverse()) {
    const heir = shared && others.find((other) => other.network.parent === link.ifname);
    if (!heir) { if (!shared || record.madeParent === link.ifname) steps.push({ op: 'link.delete', ifname: link.ifname, mark }); continue; }
    if (record.madeParent !== link.ifname) continue;
    heirs.set(heir.network.name, { ...heir, madeParent: link.ifname });
    steps.push({ op: 'link.set', ifname: link.ifname, set: { ifalias: markOf(heir.network.name) } });
  }
  const { keep, give } = inheritance(record.sysctls, others);
  if (keep.length > 0) steps.push({ op: 'sysctl', values: keep });
  for (const [heir, values] of give) { const known = heirs.get(heir) ?? records.get(heir) as Record; heirs.set(heir, { ...known, sysctls: [...known.sysctls, ...values] }); }
  for (const heir of heirs.values()) steps.push({ op: 'record.write', path: recordPath(state, heir.network.name), text: recordText(heir) });
  steps.push({ op: 'pool.drop', folder: poolPath(state, name), holder: { id: markOf(name), ifname: 'reserved' } }, { op: 'record.delete', path: recordPath(state, name) });
  return steps;
}
/** What the network's links are called, even where what they need is no more. */
function ownLinks(network: Network, seen: Observed): HostLink[] {
  try { return drivers[network.driver].links(network, seen); } catch (error) {
    if (!(error instanceof NetworkError)) throw error;
    const mine = seen.links.filter((link) => { const mark = readMark(link.ifalias); return mark?.network === network.name && mark.container === undefined; });
    return mine.map((link) => ({ link: { ifname: link.ifname as string }, mark: { kind: link.linkinfo?.kind as string, alias: link.ifalias as string }, addresses: [] }));
  }
}
/** Settings go back to what they were, unless another network needs them: then it shall put them back. */
function inheritance(values: Values, others: readonly Record[]): { keep: Values; give: Map<string, Values> } {
  const keep: (readonly [string, string])[] = [], give = new Map<string, Values>();
  for (const [family, folder] of [['inet', 'net/ipv4/'], ['inet6', 'net/ipv6/']] as const) {
    const own = values.filter(([key]) => key.startsWith(folder)), heir = others.find(({ network }) => drivers[network.driver].routes && !network.internal && familiesOf(network).includes(family));
    if (heir && own.length > 0) give.set(heir.network.name, [...(give.get(heir.network.name) ?? []), ...own]);
    else keep.push(...own);
  }
  return { keep, give };
}
