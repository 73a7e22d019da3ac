/** ovs_vport: the ports of datapaths. Source: include/uapi/linux/openvswitch.h, net/openvswitch/datapath.c. */
import { attrs, enumeration, flag, genericFamily, list, pad, string, struct, u16, u32, u64 } from '../../../codec/index.ts';
import { openvswitch } from './header.ts';

/** What a port is: a link that there is, one that comes with it, or a tunnel. */
export const ovsVportType = enumeration(u32, { unspec: 0, netdev: 1, internal: 2, gre: 3, vxlan: 4, geneve: 5 }, 'OVS_VPORT_TYPE_');

export class OvsVportStats extends struct('ovs_vport_stats', {
  rxPackets: u64, txPackets: u64, rxBytes: u64, txBytes: u64, rxErrors: u64, txErrors: u64, rxDropped: u64, txDropped: u64,
}) {}

/** Extensions of VXLAN that a port speaks. */
export class OvsVxlanExtension extends attrs('OVS_VXLAN_EXT_', {
  /** Group policies. */
  gbp: [1, flag],
}) {}

/** What a port that is a tunnel needs. */
export class OvsTunnelOptions extends attrs('OVS_TUNNEL_ATTR_', {
  /** Of UDP, in host byte order. */
  dstPort: [1, u16],
  extension: [2, OvsVxlanExtension],
}) {}

/** Packets that were, or could not be, told to whoever is told of those without a flow. */
export class OvsUpcallStats extends attrs('OVS_VPORT_UPCALL_ATTR_', { success: [0, u64], fail: [1, u64] }) {}

/** A port. */
export class OvsVport extends attrs('OVS_VPORT_ATTR_', {
  /** Its number in the datapath; 0 is the local port. */
  portNo: [1, u32],
  type: [2, ovsVportType],
  name: [3, string],
  options: [4, OvsTunnelOptions],
  /** The netlink ports that are told of packets without a flow; `[0]`: nobody is. */
  upcallPid: [5, list(u32)],
  stats: [6, OvsVportStats],
  pad: [7, pad],
  /** Of its link. */
  ifindex: [8, u32],
  /** Of its link's namespace, where that is another one. */
  netnsid: [9, u32],
  upcallStats: [10, OvsUpcallStats],
}) {}

/** ovs_vport. */
export const ovsVport = genericFamily('ovs_vport', 1, {
  ...openvswitch,
  prefix: 'OVS_VPORT_CMD_',
  commands: { new: [1, OvsVport], del: [2, OvsVport], get: [3, OvsVport], set: [4, OvsVport] },
  groups: { vport: 'ovs_vport' },
});
