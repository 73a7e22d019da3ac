/** VLANs of bridges and their ports with all their options, one message an interface, `bridge vlan`. Source: include/uapi/linux/if_bridge.h, net/bridge/br_vlan.c. */
import { attrs, flags, message, multi, pad, struct, u16, u32, u64, u8 } from '../../codec/index.ts';
import { family } from './family.ts';
import { BridgeQuerier, portStates } from './kinds/bridge.ts';
import { BridgeVlanInfo } from './link-bridge.ts';
import { MdbAttrs } from './mdb.ts';

export class BrVlanMsg extends struct('br_vlan_msg', { family, _reserved1: u8, _reserved2: u16, ifindex: u32 }) {}

/** The tunnel that a VLAN stands for. */
export class VlandbTunnelInfo extends attrs('BRIDGE_VLANDB_TINFO_', {
  /** VNI. */
  id: [1, u32],
  /** RTM_SETLINK to map, RTM_DELLINK to unmap. Sent only. */
  cmd: [2, u32],
}) {}
export class VlandbStats extends attrs('BRIDGE_VLANDB_STATS_', {
  rxBytes: [1, u64],
  rxPackets: [2, u64],
  txBytes: [3, u64],
  txPackets: [4, u64],
  pad: [5, pad],
}) {}

/** A VLAN, or with `range` several that do not differ, at one interface. */
export class VlandbEntry extends attrs('BRIDGE_VLANDB_ENTRY_', {
  info: [1, BridgeVlanInfo],
  /** The last VLAN of the range. */
  range: [2, u16],
  state: [3, portStates],
  tunnelInfo: [4, VlandbTunnelInfo],
  stats: [5, VlandbStats],
  /** 0 never, 1 when a querier is heard, 2 always. */
  mcastRouter: [6, u8],
  mcastNGroups: [7, u32],
  /** 0: no limit. */
  mcastMaxGroups: [8, u32],
  neighSuppress: [9, u8],
  neighForwardGrat: [10, u8],
}) {}

/** Options of a VLAN that hold for the whole bridge. Intervals are centiseconds. */
export class VlandbGlobalOptions extends attrs('BRIDGE_VLANDB_GOPTS_', {
  id: [1, u16],
  /** The last VLAN of the range. */
  range: [2, u16],
  mcastSnooping: [3, u8],
  mcastIgmpVersion: [4, u8],
  mcastMldVersion: [5, u8],
  mcastLastMemberCnt: [6, u32],
  mcastStartupQueryCnt: [7, u32],
  mcastLastMemberIntvl: [8, u64],
  pad: [9, pad],
  mcastMembershipIntvl: [10, u64],
  mcastQuerierIntvl: [11, u64],
  mcastQueryIntvl: [12, u64],
  mcastQueryResponseIntvl: [13, u64],
  mcastStartupQueryIntvl: [14, u64],
  mcastQuerier: [15, u8],
  mcastRouterPorts: [16, MdbAttrs],
  mcastQuerierState: [17, BridgeQuerier],
  /** Spanning tree instance that the VLAN belongs to. */
  msti: [18, u16],
}) {}

export class VlandbAttrs extends attrs('BRIDGE_VLANDB_', {
  entry: [1, multi(VlandbEntry)],
  globalOptions: [2, multi(VlandbGlobalOptions)],
}) {}
export class Vlandb extends message('vlandb', BrVlanMsg, VlandbAttrs) {}

export class VlandbDumpAttrs extends attrs('BRIDGE_VLANDB_DUMP_', {
  flags: [1, flags(u32, { stats: 1, global: 2 }, 'BRIDGE_VLANDB_DUMPF_')],
}) {}
/** RTM_GETVLAN: what of the database to dump. */
export class VlandbRequest extends message('vlandbRequest', BrVlanMsg, VlandbDumpAttrs) {}
