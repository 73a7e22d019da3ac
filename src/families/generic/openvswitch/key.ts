/** OVS_KEY_ATTR_*: what flows tell packets by, and masks of it. Source: include/uapi/linux/openvswitch.h, net/openvswitch/flow_netlink.c. */
import { array, attrs, be16, be32, blob, enumeration, flags, ipv4, ipv6, late, list, macAddress, struct, u16, u32, u8, type AnyCodec, type Attrs, type Codec, type Shape, type Value } from '../../../codec/index.ts';
import { OvsTunnelKey } from './tunnel.ts';

/** Whether it is a fragment, and which. In masks, a number: 255. */
export const ovsFragType = enumeration(u8, { none: 0, first: 1, later: 2 }, 'OVS_FRAG_TYPE_');
/** What connection tracking knows of a packet. */
export const ovsCtState = flags(u32, { new: 1, established: 2, related: 4, replyDir: 8, invalid: 16, tracked: 32, srcNat: 64, dstNat: 128 }, 'OVS_CS_F_');

/** Bytes of a connection's label. */
export const OVS_CT_LABELS_LENGTH = 16;

export class OvsKeyEthernet extends struct('ovs_key_ethernet', { src: macAddress, dst: macAddress }) {}
export class OvsKeyIpv4 extends struct('ovs_key_ipv4', { src: ipv4, dst: ipv4, proto: u8, tos: u8, ttl: u8, frag: ovsFragType }) {}
export class OvsKeyIpv6 extends struct('ovs_key_ipv6', { src: ipv6, dst: ipv6, /** 20 bits. */ label: be32, proto: u8, tclass: u8, hlimit: u8, frag: ovsFragType }) {}
/** By bits, which extension headers there are. */
export class OvsKeyIpv6Exthdrs extends struct('ovs_key_ipv6_exthdrs', { hdrs: u16 }) {}
export class OvsKeyTcp extends struct('ovs_key_tcp', { src: be16, dst: be16 }) {}
export class OvsKeyUdp extends struct('ovs_key_udp', { src: be16, dst: be16 }) {}
export class OvsKeySctp extends struct('ovs_key_sctp', { src: be16, dst: be16 }) {}
export class OvsKeyIcmp extends struct('ovs_key_icmp', { type: u8, code: u8 }) {}
export class OvsKeyIcmpv6 extends struct('ovs_key_icmpv6', { type: u8, code: u8 }) {}
/** Of ARP and RARP. */
export class OvsKeyArp extends struct('ovs_key_arp', { sip: ipv4, tip: ipv4, op: be16, sha: macAddress, tha: macAddress }) {}
/** Of neighbour discovery. */
export class OvsKeyNd extends struct('ovs_key_nd', { target: ipv6, sll: macAddress, tll: macAddress }) {}
/** An entry of a label stack: label (20 bits), traffic class (3), bottom of stack (1), TTL (8). */
export class OvsKeyMpls extends struct('ovs_key_mpls', { lse: be32 }) {}
/** How the first packet of the connection was addressed. */
export class OvsKeyCtTupleIpv4 extends struct('ovs_key_ct_tuple_ipv4', { src: ipv4, dst: ipv4, srcPort: be16, dstPort: be16, proto: u8 }) {}
export class OvsKeyCtTupleIpv6 extends struct('ovs_key_ct_tuple_ipv6', { src: ipv6, dst: ipv6, srcPort: be16, dstPort: be16, proto: u8 }) {}

export class OvsNshKeyBase extends struct('ovs_nsh_key_base', {
  flags: u8, ttl: u8,
  /** 1: four words of context; 2: as many bytes as there are. */
  mdtype: u8,
  /** What follows the header. */
  np: u8,
  /** The service path (24 bits) and where on it (8). */
  pathHdr: be32,
}) {}
export class OvsNshKeyMd1 extends struct('ovs_nsh_key_md1', { context: array(be32, 4) }) {}
const nshShape = { base: [1, OvsNshKeyBase], md1: [2, OvsNshKeyMd1] } as const;
/** A network service header (RFC 8300). */
export class OvsNshKey extends attrs('OVS_NSH_KEY_ATTR_', { ...nshShape, md2: [3, { kind: 'binary', type: 'binary' } as Codec<Uint8Array>] }) {}

/** Those whose values and masks are of one size, which is known. */
const fixed = {
  priority: [2, u32],
  inPort: [3, u32],
  ethernet: [4, OvsKeyEthernet],
  /** The tag: priority (3 bits), that there is a tag (1), VLAN (12). */
  vlan: [5, be16],
  ethertype: [6, be16],
  ipv4: [7, OvsKeyIpv4],
  ipv6: [8, OvsKeyIpv6],
  tcp: [9, OvsKeyTcp],
  udp: [10, OvsKeyUdp],
  icmp: [11, OvsKeyIcmp],
  icmpv6: [12, OvsKeyIcmpv6],
  arp: [13, OvsKeyArp],
  nd: [14, OvsKeyNd],
  skbMark: [15, u32],
  sctp: [17, OvsKeySctp],
  tcpFlags: [18, be16],
  dpHash: [19, u32],
  recircId: [20, u32],
  ctState: [22, ovsCtState],
  ctZone: [23, u16],
  ctMark: [24, u32],
  ctLabels: [25, blob(OVS_CT_LABELS_LENGTH)],
  ctOrigTupleIpv4: [26, OvsKeyCtTupleIpv4, 'OVS_KEY_ATTR_CT_ORIG_TUPLE_IPV4'],
  ctOrigTupleIpv6: [27, OvsKeyCtTupleIpv6, 'OVS_KEY_ATTR_CT_ORIG_TUPLE_IPV6'],
  /** Not known to the kernel: namespace (16 bits) and type (16). */
  packetType: [29, be32],
  ipv6Exthdrs: [32, OvsKeyIpv6Exthdrs],
} as const satisfies Shape;

/** What packets are told by. Of a mask: which bits count; what is left out does not. */
export class OvsKey extends attrs('OVS_KEY_ATTR_', {
  /** What is behind the tag of a VLAN. */
  encap: [1, late((): Codec<OvsInnerKey> => OvsKey)],
  ...fixed,
  tunnel: [16, OvsTunnelKey],
  mpls: [21, list(OvsKeyMpls)],
  nsh: [28, OvsNshKey],
}) {}
type Fixed = { -readonly [K in keyof typeof fixed]?: Value<(typeof fixed)[K][1]> };
/** What is behind the tag of a VLAN: one more, or the packet. */
export interface OvsInnerKey extends Fixed { encap?: OvsInnerKey; mpls?: OvsKeyMpls[] }

/** A value and its mask, one behind the other. */
export interface Masked<T> { value: T; mask: T }
const maskedOf = <C extends AnyCodec>(codec: C): Codec<Masked<Value<C>>> => struct('value and mask', { value: codec, mask: codec }) as Codec<Masked<Value<C>>>;
type MaskedShape<S extends Shape> = { readonly [K in keyof S]: readonly [S[K][0], Codec<Masked<Value<S[K][1]>>>] };
const masked = <S extends Shape>(shape: S): MaskedShape<S> =>
  Object.fromEntries(Object.entries(shape).map(([key, [number, codec, name]]) => [key, [number, maskedOf(codec), ...(name === undefined ? [] : [name])]])) as unknown as MaskedShape<S>;

/** What to change of a packet: bits whose mask is 1. */
export class OvsMaskedKey extends attrs('OVS_KEY_ATTR_', {
  ...masked(fixed),
  mpls: [21, maskedOf(OvsKeyMpls)],
  nsh: [28, attrs('OVS_NSH_KEY_ATTR_', masked(nshShape)) as Attrs<MaskedShape<typeof nshShape>>],
}) {}
