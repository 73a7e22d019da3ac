/** Mobile networks' user plane (3GPP TS 29.281): drivers/net/gtp.c. */
import { attrs, enumeration, ipv4, ipv6, u32, u8 } from '../../../codec/index.ts';

export class Gtp extends attrs('IFLA_GTP_', {
  /** Descriptor of a UDP socket for version 0. */
  fd0: [1, u32],
  /** Descriptor of a UDP socket for version 1. */
  fd1: [2, u32],
  pdpHashsize: [3, u32],
  role: [4, enumeration(u32, { ggsn: 0, sgsn: 1 }, 'GTP_ROLE_')],
  /** Let the kernel make the sockets. */
  createSockets: [5, u8],
  restartCount: [6, u8],
  local: [7, ipv4],
  local6: [8, ipv6],
}) {}
