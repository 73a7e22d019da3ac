/** What packets that are queued and packets that are logged are told by. Source: include/uapi/linux/netfilter/nfnetlink_queue.h, nfnetlink_log.h, include/uapi/linux/netfilter/nf_conntrack_common.h. */
import { be16, be32, be64, blob, enumeration, struct, u8 } from '../../codec/index.ts';

/** Where in its way a packet was taken. Of ARP the numbers mean other places: `preRouting` is in, `localIn` is out. */
export const packetHook = enumeration(u8, { preRouting: 0, localIn: 1, forward: 2, localOut: 3, postRouting: 4, ingress: 5 }, 'NF_INET_');
/** How much of packets is told: nothing of them at all, all but what they hold, what they hold, too. */
export const copyModes = { none: 0, meta: 1, packet: 2 } as const;
/** What a packet is to its connection: IP_CT_*. */
export const ctInfo = enumeration(be32, { established: 0, related: 1, new: 2, establishedReply: 3, relatedReply: 4 }, 'IP_CT_');

/** The sender's address of the link layer: the first `hwAddrlen` bytes of it. */
export const packetHw = <const T extends string>(type: T) => struct(type, { hwAddrlen: be16, _pad: blob(2), hwAddr: blob(8) });
/** When a packet came: since 1970. */
export const packetTimestamp = <const T extends string>(type: T) => struct(type, { sec: be64, usec: be64 });
