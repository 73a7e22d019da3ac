/** NETLINK_GENERIC: families that the kernel numbers when they are registered, one file each. Source: include/uapi/linux/genetlink.h, net/netlink/genetlink.c. */
import { genericProtocol, type AnyGenericFamily } from '../../codec/index.ts';
import { ioam6 } from './ioam6.ts';
import { mptcpPm } from './mptcp.ts';
import { NLCTRL_ID, nlctrl } from './nlctrl.ts';
import { seg6 } from './seg6.ts';
import { tcpMetrics } from './tcp-metrics.ts';

/** Every family that has schemas. */
export const families: readonly AnyGenericFamily[] = [nlctrl, ioam6, mptcpPm, seg6, tcpMetrics];

/** What can be said of generic netlink while no family's number is known but nlctrl's. */
export const generic = genericProtocol([[nlctrl, NLCTRL_ID]]);

const byName = new Map(families.map((family) => [family.name, family]));
/** The family of a name; undefined where none is declared. */
export const familyNamed = (name: string): AnyGenericFamily | undefined => byName.get(name);

export * from './ioam6.ts';
export * from './mptcp.ts';
export * from './nlctrl.ts';
export * from './seg6.ts';
export * from './tcp-metrics.ts';
