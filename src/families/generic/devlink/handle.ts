/** Which device, and what values are. Source: include/uapi/linux/devlink.h, net/devlink/netlink.c. */
import { attrs, enumeration, s32, string, u8, uint } from '../../../codec/index.ts';

/** A device by its bus and its name there, and the network namespace that it is in. */
export class DevlinkHandle extends attrs('DEVLINK_ATTR_', {
  /** "pci", "auxiliary", ... */
  busName: [1, string],
  devName: [2, string],
  /** Left out when it is this one. */
  netnsId: [140, s32],
  index: [184, uint],
}) {}

/** What a value is: the NLA_* that policies have. */
export const devlinkValueType = enumeration(u8, { u8: 1, u16: 2, u32: 3, u64: 4, string: 5, flag: 6, nulString: 10, binary: 11, u64Array: 129 }, 'DEVLINK_VAR_ATTR_TYPE_');
