/** IP over InfiniBand. Source: drivers/infiniband/ulp/ipoib/ipoib_netlink.c. */
import { attrs, enumeration, u16 } from '../../../codec/index.ts';

export class Ipoib extends attrs('IFLA_IPOIB_', {
  /** Partition key. */
  pkey: [1, u16],
  mode: [2, enumeration(u16, { datagram: 0, connected: 1 }, 'IPOIB_MODE_')],
  /** 1: user space manages multicast groups. */
  umcast: [3, u16],
}) {}
