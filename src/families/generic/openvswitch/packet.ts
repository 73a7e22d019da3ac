/** ovs_packet: packets told to user space, and packets sent from there through a datapath. Source: include/uapi/linux/openvswitch.h, net/openvswitch/datapath.c. */
import { attrs, binary, flag, genericFamily, sequence, u16, u32, u64 } from '../../../codec/index.ts';
import { OvsAction } from './action.ts';
import { openvswitch } from './header.ts';
import { OvsKey } from './key.ts';
import { OvsTunnelKey } from './tunnel.ts';

/** A packet and what is known of it. */
export class OvsPacket extends attrs('OVS_PACKET_ATTR_', {
  /** From the Ethernet header on. */
  packet: [1, binary],
  key: [2, OvsKey],
  /** What is to be done with it; of `action`: what the flow does, where it says that this is told. */
  actions: [3, sequence(OvsAction)],
  /** Of `action`: what the action has. */
  userdata: [4, binary],
  egressTunKey: [5, OvsTunnelKey],
  /** It is only tried whether the kernel would take it. */
  probe: [8, flag],
  /** The largest fragment that it came in. */
  mru: [9, u16],
  /** Its length, where less is told. */
  len: [10, u32],
  /** The kernel's hash in the lower 32 bits, what kind of hash it is above. */
  hash: [11, u64],
  /** Who is told of what these actions tell. */
  upcallPid: [12, u32],
}) {}

/** ovs_packet: `miss` and `action` come from the kernel, to the netlink ports that datapaths and actions name. */
export const ovsPacket = genericFamily('ovs_packet', 1, {
  ...openvswitch,
  prefix: 'OVS_PACKET_CMD_',
  commands: { miss: [1, OvsPacket], action: [2, OvsPacket], execute: [3, OvsPacket] },
});
