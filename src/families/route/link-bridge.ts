/** IFLA_AF_SPEC of messages of family `bridge`: `bridge link` and `bridge vlan`. Source: net/bridge/br_netlink.c, br_mst.c. */
import { attrs, enumeration, flags, multi, struct, u16, u32 } from '../../codec/index.ts';
import { BridgeCfm } from './link-cfm.ts';
import { BridgeMrp } from './link-mrp.ts';
import { portStates } from './kinds/bridge.ts';

/** `rangeBegin` and `rangeEnd` enclose the VLANs between two entries. */
export const bridgeVlanFlags = flags(u16, { master: 0x1, pvid: 0x2, untagged: 0x4, rangeBegin: 0x8, rangeEnd: 0x10, brentry: 0x20, onlyOpts: 0x40 }, 'BRIDGE_VLAN_INFO_');
export class BridgeVlanInfo extends struct('bridge_vlan_info', { flags: bridgeVlanFlags, vid: u16 }) {}

/** VLAN `vid` is tunnel identifier `id`. */
export class BridgeVlanTunnel extends attrs('IFLA_BRIDGE_VLAN_TUNNEL_', { id: [1, u32], vid: [2, u16], flags: [3, bridgeVlanFlags] }) {}

/** Spanning tree state of the port in one instance. */
export class BridgeMstEntry extends attrs('IFLA_BRIDGE_MST_ENTRY_', { msti: [1, u16], state: [2, portStates] }) {}
export class BridgeMst extends attrs('IFLA_BRIDGE_MST_', { entry: [1, multi(BridgeMstEntry)] }) {}

export class BridgeAfSpec extends attrs('IFLA_BRIDGE_', {
  /** Who is asked: the bridge that the port is in, or the device itself. */
  flags: [0, flags(u16, { master: 1, self: 2 }, 'BRIDGE_FLAGS_')],
  /** Of an embedded switch: frames between functions are switched inside, or by the switch outside. */
  mode: [1, enumeration(u16, { veb: 0, vepa: 1, undef: 0xffff }, 'BRIDGE_MODE_')],
  vlanInfo: [2, multi(BridgeVlanInfo)],
  vlanTunnelInfo: [3, multi(BridgeVlanTunnel)],
  mrp: [4, BridgeMrp],
  cfm: [5, BridgeCfm],
  mst: [6, BridgeMst],
}) {}
