/** Data link of a cellular modem. Source: drivers/net/wwan/wwan_core.c. */
import { attrs, u32 } from '../../../codec/index.ts';

export class Wwan extends attrs('IFLA_WWAN_', {
  /** The modem's number for the link. */
  linkId: [1, u32],
}) {}
