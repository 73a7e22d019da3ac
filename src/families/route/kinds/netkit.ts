/** BPF-programmable device, single or in pairs. Source: drivers/net/netkit.c. */
import { attrs, enumeration, late, u16, u32, u8, type Codec } from '../../../codec/index.ts';
import { Link, type LinkInit } from '../link.ts';

/** What happens to packets when no program decides: `drop` is iproute2's "blackhole". */
const policy = enumeration(u32, { pass: 0, drop: 2 }, 'NETKIT_');
const scrub = enumeration(u32, { none: 0, default: 1 }, 'NETKIT_SCRUB_');

export class Netkit extends attrs('IFLA_NETKIT_', {
  /** The other end, described like any link. Sent only. */
  peerInfo: [1, late((): Codec<LinkInit> => Link.init)],
  /** 1 on the end that may be given programs, 0 on its peer. */
  primary: [2, u8],
  policy: [3, policy],
  /** The policy of the other end; only the primary end tells it. */
  peerPolicy: [4, policy],
  /** `l2`: Ethernet headers and addresses; `l3`: bare IP. */
  mode: [5, enumeration(u32, { l2: 0, l3: 1 }, 'NETKIT_')],
  /** Whether packet mark and priority are cleared on the way through. */
  scrub: [6, scrub],
  peerScrub: [7, scrub],
  /** Bytes kept free before each packet. */
  headroom: [8, u16],
  /** Bytes kept free after each packet. */
  tailroom: [9, u16],
  /** `single`: no other end. */
  pairing: [10, enumeration(u32, { pair: 0, single: 1 }, 'NETKIT_DEVICE_')],
}) {}
