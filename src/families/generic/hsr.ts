/** hsr: nodes of the rings that links of kind hsr are in (IEC 62439-3). Source: include/uapi/linux/hsr_netlink.h, net/hsr/hsr_netlink.c. */
import { attrs, genericFamily, macAddress, multi, u16, u32 } from '../../codec/index.ts';

/** A node of a ring. */
export class HsrNode extends attrs('HSR_A_', {
  /** One, or all that a list has. */
  nodeAddr: [1, multi(macAddress)],
  /** The link of kind hsr; in what it tells of a port: that port. */
  ifindex: [2, u32],
  /** Milliseconds since it was heard on the first port. */
  if1Age: [3, u32],
  if2Age: [4, u32],
  nodeAddrB: [5, macAddress],
  if1Seq: [6, u16],
  if2Seq: [7, u16],
  if1Ifindex: [8, u32],
  if2Ifindex: [9, u32],
  addrBIfindex: [10, u32],
}) {}

/** HSR. */
export const hsr = genericFamily('HSR', 1, {
  prefix: 'HSR_C_',
  commands: {
    ringError: [1, HsrNode],
    nodeDown: [2, HsrNode],
    getNodeStatus: [3, HsrNode],
    setNodeStatus: [4, HsrNode],
    getNodeList: [5, HsrNode],
    setNodeList: [6, HsrNode],
  },
  groups: { network: 'hsr-network' },
  config: 'CONFIG_HSR',
  module: 'hsr',
});
