/** VLAN tags put on, taken off, changed; so are Ethernet headers. Source: net/sched/act_vlan.c, numbers: include/uapi/linux/tc_act/tc_vlan.h. */
import { attrs, be16, enumeration, macAddress, pad, s32, struct, u16, u8 } from '../../../../codec/index.ts';
import { gen, TcfT } from './common.ts';

export class TcVlan extends struct('tc_vlan', {
  ...gen,
  vAction: enumeration(s32, { pop: 1, push: 2, modify: 3, popEth: 4, pushEth: 5 }, 'TCA_VLAN_ACT_'),
}) {}

export class ActVlan extends attrs('TCA_VLAN_', {
  tm: [1, TcfT],
  parms: [2, TcVlan],
  pushVlanId: [3, u16],
  /** EtherType of the tag: 0x8100, 0x88a8. */
  pushVlanProtocol: [4, be16],
  pad: [5, pad],
  pushVlanPriority: [6, u8],
  pushEthDst: [7, macAddress],
  pushEthSrc: [8, macAddress],
}) {}
