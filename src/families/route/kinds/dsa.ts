/** Port of a switch chip (Distributed Switch Architecture). Source: net/dsa/netlink.c. */
import { attrs, u32 } from '../../../codec/index.ts';

export class Dsa extends attrs('IFLA_DSA_', {
  /** Index of the host's device that the switch hangs on. */
  conduit: [1, u32],
}) {}
