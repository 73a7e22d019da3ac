/** NETLINK_GENERIC: families that the kernel numbers when they are registered, one file each. Source: include/uapi/linux/genetlink.h, net/netlink/genetlink.c. */
import { genericProtocol, type AnyGenericFamily } from '../../codec/index.ts';
import { acpiEvent } from './acpi.ts';
import { batadv } from './batadv.ts';
import { binder } from './binder.ts';
import { cifs } from './cifs.ts';
import { devEnergymodel } from './dev-energymodel.ts';
import { devlink } from './devlink/index.ts';
import { dpll } from './dpll.ts';
import { drmRas } from './drm-ras.ts';
import { dropMonitor } from './drop-monitor.ts';
import { ethtool } from './ethtool/index.ts';
import { fou } from './fou.ts';
import { gtp } from './gtp.ts';
import { handshake } from './handshake.ts';
import { hsr } from './hsr.ts';
import { hwsim } from './hwsim.ts';
import { ila } from './ila.ts';
import { ioam6 } from './ioam6.ts';
import { ipvs } from './ipvs.ts';
import { l2tp } from './l2tp.ts';
import { lockd } from './lockd.ts';
import { macsec } from './macsec.ts';
import { mptcpPm } from './mptcp.ts';
import { nbd } from './nbd.ts';
import { ncsi } from './ncsi.ts';
import { netShaper } from './net-shaper.ts';
import { netdev } from './netdev.ts';
import { netlabel, netlabelCalipso, netlabelCipso, netlabelUnlabeled } from './netlabel.ts';
import { nfc } from './nfc.ts';
import { nfsd } from './nfsd.ts';
import { nl80211 } from './nl80211/index.ts';
import { nl802154 } from './nl802154.ts';
import { NLCTRL_ID, nlctrl } from './nlctrl.ts';
import { ovsCtLimit, ovsDatapath, ovsFlow, ovsMeter, ovsPacket, ovsVport } from './openvswitch/index.ts';
import { ovpn } from './ovpn.ts';
import { psample } from './psample.ts';
import { psp } from './psp.ts';
import { quota } from './quota.ts';
import { seg6 } from './seg6.ts';
import { smc, smcPnetid } from './smc.ts';
import { sunrpc } from './sunrpc.ts';
import { taskstats } from './taskstats.ts';
import { tcmUser } from './tcm-user.ts';
import { tcpMetrics } from './tcp-metrics.ts';
import { team } from './team.ts';
import { thermal } from './thermal.ts';
import { tipc } from './tipc.ts';
import { vdpa } from './vdpa.ts';
import { wireguard } from './wireguard.ts';

/** Every family that has schemas. */
export const families: readonly AnyGenericFamily[] = [
  nlctrl, acpiEvent, batadv, binder, cifs, devEnergymodel, devlink, dpll, drmRas, dropMonitor, ethtool, fou, gtp, handshake, hsr, hwsim, ila,
  ioam6, ipvs, l2tp, lockd, macsec, mptcpPm, nbd, ncsi, netdev, netlabel, netlabelCalipso, netlabelCipso, netlabelUnlabeled, netShaper, nfc,
  nfsd, nl80211, nl802154, ovpn, ovsCtLimit, ovsDatapath, ovsFlow, ovsMeter, ovsPacket, ovsVport, psample, psp, quota, seg6, smc, smcPnetid,
  sunrpc, taskstats, tcmUser, tcpMetrics, team, thermal, tipc, vdpa, wireguard,
];

/** What can be said of generic netlink while no family's number is known but nlctrl's. */
export const generic = genericProtocol([[nlctrl, NLCTRL_ID]]);

const byName = new Map(families.map((family) => [family.name, family]));
/** The family of a name; undefined where none is declared. */
export const familyNamed = (name: string): AnyGenericFamily | undefined => byName.get(name);

export * from './acpi.ts';
export * from './batadv.ts';
export * from './binder.ts';
export * from './cifs.ts';
export * from './dev-energymodel.ts';
export * from './devlink/index.ts';
export * from './dpll.ts';
export * from './drm-ras.ts';
export * from './drop-monitor.ts';
export * from './ethtool/index.ts';
export * from './fou.ts';
export * from './gtp.ts';
export * from './handshake.ts';
export * from './hsr.ts';
export * from './hwsim.ts';
export * from './ila.ts';
export * from './ioam6.ts';
export * from './ipvs.ts';
export * from './l2tp.ts';
export * from './lockd.ts';
export * from './macsec.ts';
export * from './mptcp.ts';
export * from './nbd.ts';
export * from './ncsi.ts';
export * from './net-shaper.ts';
export * from './netdev.ts';
export * from './netlabel.ts';
export * from './nfc.ts';
export * from './nfsd.ts';
export * from './nl80211/index.ts';
export * from './nl802154.ts';
export * from './nlctrl.ts';
export * from './openvswitch/index.ts';
export * from './ovpn.ts';
export * from './psample.ts';
export * from './psp.ts';
export * from './quota.ts';
export * from './seg6.ts';
export * from './smc.ts';
export * from './sunrpc.ts';
export * from './taskstats.ts';
export * from './tcm-user.ts';
export * from './tcp-metrics.ts';
export * from './team.ts';
export * from './thermal.ts';
export * from './tipc.ts';
export * from './vdpa.ts';
export * from './wireguard.ts';
