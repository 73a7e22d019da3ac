/** VXLAN: Ethernet over UDP. Source: drivers/net/vxlan/vxlan_core.c. */
import { attrs, be16, be32, binary, enumeration, flag, ipv4, ipv6, list, struct, u32, u8 } from '../../../codec/index.ts';

/** Source ports of the outer UDP header; `high` is included. */
export class VxlanPortRange extends struct('ifla_vxlan_port_range', { low: be16, high: be16 }) {}

export class Vxlan extends attrs('IFLA_VXLAN_', {
  /** VXLAN network identifier, 24 bits. */
  id: [1, u32],
  /** Multicast group, or the address of the one other end; `group6` for IPv6. */
  group: [2, ipv4],
  /** Index of the device that carries the tunnel. */
  link: [3, u32],
  local: [4, ipv4],
  /** Outer TTL; 0: the default. */
  ttl: [5, u8],
  /** Outer TOS; 1: the inner packet's. */
  tos: [6, u8],
  /** 1: unknown senders enter the forwarding table. */
  learning: [7, u8],
  /** Life of a learned entry, in seconds. */
  ageing: [8, u32],
  /** Most forwarding entries; 0: no limit. */
  limit: [9, u32],
  portRange: [10, VxlanPortRange],
  /** 1: answers ARP for known neighbours. */
  proxy: [11, u8],
  /** 1: short-circuits routed packets. */
  rsc: [12, u8],
  /** 1: notifies of unknown MAC addresses. */
  l2miss: [13, u8],
  /** 1: notifies of unknown IP addresses. */
  l3miss: [14, u8],
  /** Destination UDP port: 4789 by IANA, 8472 by this kernel's default. */
  port: [15, be16],
  group6: [16, ipv6],
  local6: [17, ipv6],
  /** 1: outer checksums over IPv4. */
  udpCsum: [18, u8],
  /** 1: no outer checksum over IPv6, sending. */
  udpZeroCsum6Tx: [19, u8],
  /** 1: packets over IPv6 without a checksum are accepted. */
  udpZeroCsum6Rx: [20, u8],
  remcsumTx: [21, u8],
  remcsumRx: [22, u8],
  /** Group based policy extension. */
  gbp: [23, flag],
  remcsumNopartial: [24, flag],
  /** 1: tunnel parameters come with each packet ("external"). */
  collectMetadata: [25, u8],
  /** IPv6 flow label. */
  label: [26, be32],
  /** Generic protocol extension. */
  gpe: [27, flag],
  /** TTL of the inner packet: asked for as a flag, `[]`; reported as a byte, `[0]` or `[1]`. */
  ttlInherit: [28, list(u8)],
  /** Outer "don't fragment" bit. */
  df: [29, enumeration(u8, { unset: 0, set: 1, inherit: 2 }, 'VXLAN_DF_')],
  /** 1: network identifiers are filtered, see RTM_NEWTUNNEL. */
  vnifilter: [30, u8],
  /** 1: packets for this host's own VXLAN go straight there. */
  localbypass: [31, u8],
  labelPolicy: [32, enumeration(u32, { fixed: 0, inherit: 1 }, 'VXLAN_LABEL_')],
  /** struct vxlanhdr: header bits that must be zero in what is received. */
  reservedBits: [33, binary],
  /** 1: multicast goes by the multicast routing table. */
  mcRoute: [34, u8],
}) {}
