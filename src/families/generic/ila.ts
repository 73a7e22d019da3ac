/** ila: addresses of IPv6 whose upper half, the locator, is written anew when packets arrive (draft-herbert-intarea-ila). Source: include/uapi/linux/ila.h, net/ipv6/ila/ila_xlat.c. */
import { genericFamily } from '../../codec/index.ts';
import { IlaEncap } from '../route/encap.ts';

/** ila: a mapping is found by `locatorMatch` and `ifindex`, which is 0 for any. */
export const ila = genericFamily('ila', 1, {
  prefix: 'ILA_CMD_',
  commands: { add: [1, IlaEncap], del: [2, IlaEncap], get: [3, IlaEncap], flush: [4, IlaEncap] },
  config: 'CONFIG_IPV6_ILA',
  module: 'ila',
});
