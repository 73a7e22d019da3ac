/** NETLINK_GENERIC: families that the kernel numbers when they are registered, one file each. Source: include/uapi/linux/genetlink.h, net/netlink/genetlink.c. */
import { genericProtocol, type AnyGenericFamily } from '../../codec/index.ts';
import { ethtool } from './ethtool/index.ts';
import { fou } from './fou.ts';
import { ila } from './ila.ts';
import { ioam6 } from './ioam6.ts';
import { ipvs } from './ipvs.ts';
import { l2tp } from './l2tp.ts';
import { macsec } from './macsec.ts';
import { mptcpPm } from './mptcp.ts';
import { NLCTRL_ID, nlctrl } from './nlctrl.ts';
import { seg6 } from './seg6.ts';
import { tcpMetrics } from './tcp-metrics.ts';
import { wireguard } from './wireguard.ts';

/** Every family that has schemas. */
export const families: readonly AnyGenericFamily[] = [nlctrl, ethtool, fou, ila, ioam6, ipvs, l2tp, macsec, mptcpPm, seg6, tcpMetrics, wireguard];

/** What can be said of generic netlink while no family's number is known but nlctrl's. */
export const generic = genericProtocol([[nlctrl, NLCTRL_ID]]);

const byName = new Map(families.map((family) => [family.name, family]));
/** The family of a name; undefined where none is declared. */
export const familyNamed = (name: string): AnyGenericFamily | undefined => byName.get(name);

export * from './ethtool/index.ts';
export * from './fou.ts';
export * from './ila.ts';
export * from './ioam6.ts';
export * from './ipvs.ts';
export * from './l2tp.ts';
export * from './macsec.ts';
export * from './mptcp.ts';
export * from './nlctrl.ts';
export * from './seg6.ts';
export * from './tcp-metrics.ts';
export * from './wireguard.ts';
