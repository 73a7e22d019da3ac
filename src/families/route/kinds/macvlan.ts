/** MAC-VLAN, and MAC-VTAP, which adds a character device. Source: drivers/net/macvlan.c. */
import { attrs, enumeration, flags, mac, multi, s32, u16, u32 } from '../../../codec/index.ts';

export class MacvlanSources extends attrs('IFLA_MACVLAN_', { macaddr: [4, multi(mac)] }) {}

export class Macvlan extends attrs('IFLA_MACVLAN_', {
  /** How the siblings on one lower device see each other: `private` not at all, `vepa` through the switch outside, `bridge` directly; `passthru` takes the lower device alone, `source` filters by sender. */
  mode: [1, enumeration(u32, { private: 1, vepa: 2, bridge: 4, passthru: 8, source: 16 }, 'MACVLAN_MODE_')],
  flags: [2, flags(u16, { nopromisc: 1, nodst: 2 }, 'MACVLAN_FLAG_')],
  /** What to do with the list of senders in `source` mode. Sent only. */
  macaddrMode: [3, enumeration(u32, { add: 0, del: 1, flush: 2, set: 3 }, 'MACVLAN_MACADDR_')],
  /** The sender to add or delete. */
  macaddr: [4, mac],
  /** All senders: to set, or as the kernel lists them. */
  macaddrData: [5, MacvlanSources],
  macaddrCount: [6, u32],
  /** Packets that may wait for broadcast, as asked for. */
  bcQueueLen: [7, u32],
  /** The same, as in use: the largest that any sibling asked for. */
  bcQueueLenUsed: [8, u32],
  /** With more receivers than this, a multicast address goes through the broadcast queue; negative: never. */
  bcCutoff: [9, s32],
}) {}
