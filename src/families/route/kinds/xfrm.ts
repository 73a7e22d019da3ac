/** IPsec interface: policies and states with the same `ifId` belong to it: net/xfrm/xfrm_interface_core.c. */
import { attrs, flag, u32 } from '../../../codec/index.ts';

export class Xfrm extends attrs('IFLA_XFRM_', {
  /** Index of the interface underneath. */
  link: [1, u32],
  ifId: [2, u32],
  /** The id comes with each packet, "external". */
  collectMetadata: [3, flag],
}) {}
