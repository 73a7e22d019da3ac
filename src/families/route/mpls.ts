/** MPLS label stacks, as addresses of routes and as encapsulation. Source: include/uapi/linux/mpls.h, RFC 3032. */
import { be32, bits, list } from '../../codec/index.ts';

/** One label stack entry; `bos` marks the bottom of the stack. */
export const mplsLabel = bits(be32, { ttl: 8, bos: 1, trafficClass: 3, label: 20 });
/** Outermost label first. */
export const mplsLabels = list(mplsLabel);
