/** Media Redundancy Protocol on a bridge (IEC 62439-2); intervals are microseconds. Source: net/bridge/br_mrp_netlink.c. */
import { attrs, enumeration, multi, u16, u32 } from '../../codec/index.ts';

const portState = enumeration(u32, { disabled: 0, blocked: 1, forwarding: 2, notConnected: 3 }, 'BR_MRP_PORT_STATE_');
const portRole = enumeration(u32, { primary: 0, secondary: 1, inter: 2 }, 'BR_MRP_PORT_ROLE_');
const ringState = enumeration(u32, { open: 0, closed: 1 }, 'BR_MRP_RING_STATE_');
const ringRole = enumeration(u32, { disabled: 0, mrc: 1, mrm: 2, mra: 3 }, 'BR_MRP_RING_ROLE_');
const inState = enumeration(u32, { open: 0, closed: 1 }, 'BR_MRP_IN_STATE_');
const inRole = enumeration(u32, { disabled: 0, mic: 1, mim: 2 }, 'BR_MRP_IN_ROLE_');

/** A ring and its primary and secondary ports (indexes). */
export class MrpInstance extends attrs('IFLA_BRIDGE_MRP_INSTANCE_', { ringId: [1, u32], pIfindex: [2, u32], sIfindex: [3, u32], prio: [4, u16] }) {}
export class MrpPortState extends attrs('IFLA_BRIDGE_MRP_PORT_STATE_', { state: [1, portState] }) {}
export class MrpPortRole extends attrs('IFLA_BRIDGE_MRP_PORT_ROLE_', { role: [1, portRole] }) {}
export class MrpRingState extends attrs('IFLA_BRIDGE_MRP_RING_STATE_', { ringId: [1, u32], state: [2, ringState] }) {}
export class MrpRingRole extends attrs('IFLA_BRIDGE_MRP_RING_ROLE_', { ringId: [1, u32], role: [2, ringRole] }) {}
/** Send test frames every `interval` for `period`; `maxMiss` lost ones open the ring. */
export class MrpStartTest extends attrs('IFLA_BRIDGE_MRP_START_TEST_', { ringId: [1, u32], interval: [2, u32], maxMiss: [3, u32], period: [4, u32], monitor: [5, u32] }) {}
export class MrpInState extends attrs('IFLA_BRIDGE_MRP_IN_STATE_', { inId: [1, u32], state: [2, inState] }) {}
export class MrpInRole extends attrs('IFLA_BRIDGE_MRP_IN_ROLE_', { ringId: [1, u32], inId: [2, u16], role: [3, inRole], iIfindex: [4, u32] }) {}
export class MrpStartInTest extends attrs('IFLA_BRIDGE_MRP_START_IN_TEST_', { inId: [1, u32], interval: [2, u32], maxMiss: [3, u32], period: [4, u32] }) {}

/** A ring as the kernel tells it. */
export class MrpInfo extends attrs('IFLA_BRIDGE_MRP_INFO_', {
  ringId: [1, u32],
  pIfindex: [2, u32],
  sIfindex: [3, u32],
  prio: [4, u16],
  ringState: [5, ringState],
  ringRole: [6, ringRole],
  testInterval: [7, u32],
  testMaxMiss: [8, u32],
  testMonitor: [9, u32],
  iIfindex: [10, u32],
  inState: [11, inState],
  inRole: [12, inRole],
  inTestInterval: [13, u32],
  inTestMaxMiss: [14, u32],
}) {}

/** All but `info` are commands; the `in` ones are about the interconnection of two rings. */
export class BridgeMrp extends attrs('IFLA_BRIDGE_MRP_', {
  instance: [1, MrpInstance],
  portState: [2, MrpPortState],
  portRole: [3, MrpPortRole],
  ringState: [4, MrpRingState],
  ringRole: [5, MrpRingRole],
  startTest: [6, MrpStartTest],
  info: [7, multi(MrpInfo)],
  inRole: [8, MrpInRole],
  inState: [9, MrpInState],
  startInTest: [10, MrpStartInTest],
}) {}
