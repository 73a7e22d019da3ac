/** What every netfilter message begins with, and what brackets a transaction. Source: include/uapi/linux/netfilter/nfnetlink.h, net/netfilter/nfnetlink.c. */
import { attrs, be16, be32, enumeration, message, struct, u8 } from '../../codec/index.ts';

/** NFPROTO_*: the family of a table. `inet` is IPv4 and IPv6 together; `netdev` sees packets where devices receive and send them. */
export const families = { unspec: 0, inet: 1, ipv4: 2, arp: 3, netdev: 5, bridge: 7, ipv6: 10, decnet: 12 } as const;
const prefix = 'NFPROTO_';
export const family = enumeration(u8, families, prefix);
/** The same where 2 or 4 bytes in network order hold it. */
export const family16 = enumeration(be16, families, prefix), family32 = enumeration(be32, families, prefix);

/** NFNL_SUBSYS_*: the upper byte of a message type. */
export const subsystems = { ctnetlink: 1, ctnetlinkExp: 2, queue: 3, ulog: 4, osf: 5, ipset: 6, acct: 7, ctnetlinkTimeout: 8, cthelper: 9, nftables: 10, nftCompat: 11, hook: 12 } as const;
/** The message type of a subsystem's message. */
export const typeOf = (subsystem: keyof typeof subsystems, message: number): number => subsystems[subsystem] << 8 | message;

export class Nfgenmsg extends struct('nfgenmsg', {
  family,
  /** 0. */
  version: u8,
  /** Of a batch's begin and end: the subsystem. Of nf_tables' answers: the lower half of the ruleset's generation. */
  resId: be16,
}) {}

export class BatchAttrs extends attrs('NFNL_BATCH_', {
  /** The generation that the ruleset must still have: else the kernel refuses with ERESTART. */
  genid: [1, be32],
}) {}
/** Begins or ends a transaction: what stands between the two is done as a whole or not at all. */
export class Batch extends message('batch', Nfgenmsg, BatchAttrs) {}
