/** 802.1Q and 802.1ad sub-interface. Source: net/8021q/vlan_netlink.c. */
import { attrs, be16, enumeration, flags, multi, struct, u16, u32 } from '../../../codec/index.ts';

/** Tag protocols: customer ("802.1Q") and service ("802.1ad") tags. */
export const vlanProtocols = enumeration(be16, { '8021q': 0x8100, '8021ad': 0x88a8 }, 'ETH_P_');

const vlanFlags = flags(u32, { reorderHdr: 0x1, gvrp: 0x2, looseBinding: 0x4, mvrp: 0x8, bridgeBinding: 0x10 }, 'VLAN_FLAG_');

/** Only the bits in `mask` change. */
export class VlanFlags extends struct('ifla_vlan_flags', { flags: vlanFlags, mask: vlanFlags }) {}
/** Egress: packet priority -> tag priority; ingress: tag priority -> packet priority. */
export class VlanQosMapping extends struct('ifla_vlan_qos_mapping', { from: u32, to: u32 }) {}
export class VlanQos extends attrs('IFLA_VLAN_QOS_', { mapping: [1, multi(VlanQosMapping)] }) {}

export class Vlan extends attrs('IFLA_VLAN_', {
  /** VLAN identifier, 0-4094. */
  id: [1, u16],
  flags: [2, VlanFlags],
  egressQos: [3, VlanQos],
  ingressQos: [4, VlanQos],
  protocol: [5, vlanProtocols],
}) {}
