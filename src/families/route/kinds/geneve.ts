/** Ethernet in UDP with options (RFC 8926): drivers/net/geneve.c. */
import { attrs, be16, be32, enumeration, flag, ipv4, ipv6, struct, u32, u8 } from '../../../codec/index.ts';

/** Source ports, both ends included. */
export class GenevePortRange extends struct('ifla_geneve_port_range', { low: be16, high: be16 }) {}

export class Geneve extends attrs('IFLA_GENEVE_', {
  /** VNI, 24 bits. */
  id: [1, u32],
  remote: [2, ipv4],
  /** 0: the system's default. */
  ttl: [3, u8],
  /** 1: as the inner packet. */
  tos: [4, u8],
  /** UDP, 6081 by default. */
  port: [5, be16],
  /** Addresses and VNI come with each packet, "external". */
  collectMetadata: [6, flag],
  remote6: [7, ipv6],
  /** 0 or 1. */
  udpCsum: [8, u8],
  udpZeroCsum6Tx: [9, u8],
  udpZeroCsum6Rx: [10, u8],
  /** Flow label, 20 bits. */
  label: [11, be32],
  ttlInherit: [12, u8],
  df: [13, enumeration(u8, { unset: 0, set: 1, inherit: 2 }, 'GENEVE_DF_')],
  /** Say in the header what is inside, instead of always Ethernet. */
  innerProtoInherit: [14, flag],
  portRange: [15, GenevePortRange],
  groHint: [16, flag],
  local: [17, ipv4],
  local6: [18, ipv6],
}) {}
