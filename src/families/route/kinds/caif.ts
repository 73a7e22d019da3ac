/** CAIF interface to a cellular modem. Source: net/caif/chnl_net.c. */
import { attrs, u32, u8 } from '../../../codec/index.ts';

export class Caif extends attrs('IFLA_CAIF_', {
  ipv4Connid: [1, u32],
  ipv6Connid: [2, u32],
  /** 1: loopback, for tests. */
  loopback: [3, u8],
}) {}
