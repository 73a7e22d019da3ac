/** The families that a kernel has just now, with their numbers and those of their multicast groups. */
import { genericProtocol, type AnyGenericFamily, type Protocol } from '../codec/index.ts';
import { familyNamed, NLCTRL_ID, nlctrl, type GenericFamilyInfo } from '../families/generic/index.ts';
import { Client, NetlinkError } from '../socket/index.ts';
import type { FamilyOptions } from './family.ts';

const control = nlctrl.at(NLCTRL_ID);

/** A family as the kernel tells of it. */
export interface Registered { readonly name: string; readonly id: number; readonly groups: Readonly<Record<string, number>> }

/**
 * All families that are registered; those of `wanted` first, since being asked for one by its name makes the kernel load its module.
 * @throws {NetlinkError} where there is no way to the kernel
 */
export function registered(wanted: Iterable<string> = [], options: FamilyOptions = {}): Registered[] {
  using client = Client.open({ ...options, protocol: control });
  for (const familyName of wanted) {
    try { client.requestSync({ message: control.messages.getfamily, body: { familyName } }); } catch (error) { if (!(error instanceof NetlinkError) || error.code !== 'ENOENT') throw error; }
  }
  return (client.dumpSync({ message: control.messages.getfamily, body: {} }) as GenericFamilyInfo[]).map(({ familyName = '', familyId = 0, mcastGroups = [] }) =>
    ({ name: familyName, id: familyId, groups: Object.fromEntries(mcastGroups.map(({ name = '', id = 0 }) => [name, id])) }));
}

/** Generic netlink with the schemas of those that have some. */
export function genericAt(all: Iterable<Registered>): Protocol {
  const known: [AnyGenericFamily, number][] = [];
  for (const { name, id } of all) { const family = familyNamed(name); if (family) known.push([family, id]); }
  return genericProtocol(known);
}
