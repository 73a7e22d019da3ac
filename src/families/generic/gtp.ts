/** gtp: tunnels of links of kind gtp, one for each context (3GPP TS 29.060, TS 29.281). Source: include/uapi/linux/gtp.h, drivers/net/gtp.c. */
import { attrs, genericFamily, ipv4, ipv6, pad, u16, u32, u64 } from '../../codec/index.ts';
import { family } from '../route/family.ts';

/** A context: a mobile station and the tunnel that it is behind. */
export class GtpContext extends attrs('GTPA_', {
  /** The link, by its index. */
  link: [1, u32],
  /** 0 or 1. */
  gtpVersion: [2, u32, 'GTPA_VERSION'],
  /** Version 0: identifies the tunnel. */
  tid: [3, u64],
  /** The other end. */
  peerAddress: [4, ipv4],
  /** The station's. */
  msAddress: [5, ipv4],
  /** Version 0: the label of flows. */
  flow: [6, u16],
  netNsFd: [7, u32],
  /** Version 1: identifies the tunnel in what comes in. */
  iTei: [8, u32],
  /** Version 1: in what goes out. */
  oTei: [9, u32],
  pad: [10, pad],
  peerAddr6: [11, ipv6],
  msAddr6: [12, ipv6],
  family: [13, family],
}) {}

/** gtp. */
export const gtp = genericFamily('gtp', 0, {
  prefix: 'GTP_CMD_',
  commands: {
    newpdp: [0, GtpContext],
    delpdp: [1, GtpContext],
    getpdp: [2, GtpContext],
    echoreq: [3, GtpContext],
  },
  groups: { gtp: 'gtp' },
  // A dump's answers have the low byte of the family's number in place of a command (gtp_genl_dump_pdp).
  otherwise: GtpContext,
  config: 'CONFIG_GTP',
  module: 'gtp',
});
