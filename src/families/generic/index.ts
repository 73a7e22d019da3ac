/** NETLINK_GENERIC: families that the kernel numbers when they are registered, one file each. Source: include/uapi/linux/genetlink.h, net/netlink/genetlink.c. */
import { genericProtocol, type AnyGenericFamily } from '../../codec/index.ts';
import { nlctrl } from './nlctrl.ts';

/** Every family that has schemas. */
export const families: readonly AnyGenericFamily[] = [nlctrl];

/** GENL_ID_CTRL: the number that nlctrl has everywhere. */
export const NLCTRL_ID = 0x10;
/** What can be said of generic netlink while no family's number is known but nlctrl's. */
export const generic = genericProtocol([[nlctrl, NLCTRL_ID]]);

const byName = new Map(families.map((family) => [family.name, family]));
/** The family of a name; undefined where none is declared. */
export const familyNamed = (name: string): AnyGenericFamily | undefined => byName.get(name);

export * from './nlctrl.ts';
