/** What the IP tunnel kinds share. Source: include/uapi/linux/if_tunnel.h. */
import { be16, enumeration, flags, u16 } from '../../../codec/index.ts';

/** GRE header bits that the tunnel sends (`oflags`) or insists on (`iflags`): RFC 2784 and 2890. */
export const greFlags = flags(be16, { csum: 0x8000, routing: 0x4000, key: 0x2000, seq: 0x1000, strict: 0x0800 });

/** UDP around the tunnel's own header. */
export const encapType = enumeration(u16, { none: 0, fou: 1, gue: 2, mpls: 3 }, 'TUNNEL_ENCAP_');
export const encapFlags = flags(u16, { csum: 1, csum6: 2, remcsum: 4 });

/** Behaviour of tunnels over IPv6. */
export const ip6TunnelFlags = {
  ignEncapLimit: 1, useOrigTclass: 2, useOrigFlowlabel: 4, mip6Dev: 8, rcvDscpCopy: 0x10, useOrigFwmark: 0x20, allowLocalRemote: 0x40,
} as const;
