/** ovs_flow: what a datapath does with which packets. Source: include/uapi/linux/openvswitch.h, net/openvswitch/flow_netlink.c. */
import { attrs, binary, flag, flags, genericFamily, pad, sequence, u32, u64, u8 } from '../../../codec/index.ts';
import { OvsAction } from './action.ts';
import { OvsFlowStats, openvswitch } from './header.ts';
import { OvsKey } from './key.ts';

/** What an answer need not tell. */
export const ovsUfidFlags = flags(u32, { omitKey: 1, omitMask: 2, omitActions: 4 }, 'OVS_UFID_F_');

/** A flow. */
export class OvsFlow extends attrs('OVS_FLOW_ATTR_', {
  key: [1, OvsKey],
  /** An empty array: packets are dropped. Left out of a change: they stay. */
  actions: [2, sequence(OvsAction)],
  stats: [3, OvsFlowStats],
  /** All flags of TCP that were seen, by bits. */
  tcpFlags: [4, u8],
  /** When a packet last met it: milliseconds of the clock that goes on from the start of the machine. */
  used: [5, u64],
  /** Of a change: its counters go to zero. */
  clear: [6, flag],
  /** Which bits of the key count. Left out of a new flow: all of them. */
  mask: [7, OvsKey],
  /** It is only tried whether the kernel would take it: that it would not is not logged. */
  probe: [8, flag],
  /** Its name, 1 to 16 bytes. With it, the key need not be told. */
  ufid: [9, binary],
  ufidFlags: [10, ovsUfidFlags],
  pad: [11, pad],
}) {}

/** ovs_flow. */
export const ovsFlow = genericFamily('ovs_flow', 1, {
  ...openvswitch,
  prefix: 'OVS_FLOW_CMD_',
  commands: { new: [1, OvsFlow], del: [2, OvsFlow], get: [3, OvsFlow], set: [4, OvsFlow] },
  groups: { flow: 'ovs_flow' },
});
