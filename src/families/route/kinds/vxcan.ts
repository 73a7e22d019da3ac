/** Virtual CAN tunnel: a pair of CAN interfaces. Source: drivers/net/can/vxcan.c. */
import { attrs, late, type Codec } from '../../../codec/index.ts';
import { Link, type LinkInit } from '../link.ts';

export class Vxcan extends attrs('VXCAN_INFO_', {
  /** The other end, described like any link. Sent only. */
  peer: [1, late((): Codec<LinkInit> => Link.init)],
}) {}
