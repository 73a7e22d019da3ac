/** Expressions that keep something from packet to packet, and what connection tracking knows. Source: include/uapi/linux/netfilter/nf_tables.h, net/netfilter/nft_{counter,quota,limit,connlimit,last,ct}.c. */
import { attrs, be32, be64, enumeration, flags, pad, u8 } from '../../../codec/index.ts';
import { register } from '../data.ts';

export class CounterExpr extends attrs('NFTA_COUNTER_', { bytes: [1, be64], packets: [2, be64], pad: [3, pad] }) {}

/** Ends the rule once so many bytes have gone by; `inv`: until then. */
export class QuotaExpr extends attrs('NFTA_QUOTA_', {
  bytes: [1, be64],
  /** `depleted`: they have gone by. */
  flags: [2, flags(be32, { inv: 1, depleted: 2 }, 'NFT_QUOTA_F_')],
  pad: [3, pad],
  /** Bytes that have gone by. */
  consumed: [4, be64],
}) {}

/** Ends the rule when there are more; `inv`: when there are not. */
export class LimitExpr extends attrs('NFTA_LIMIT_', {
  /** Packets or bytes in `unit`. */
  rate: [1, be64],
  /** Seconds. */
  unit: [2, be64],
  /** How many may come at once beyond it. */
  burst: [3, be32],
  type: [4, enumeration(be32, { pkts: 0, pktBytes: 1 }, 'NFT_LIMIT_')],
  flags: [5, flags(be32, { inv: 1 }, 'NFT_LIMIT_F_')],
  pad: [6, pad],
}) {}

/** Ends the rule when there are more connections; `inv`: when there are not. */
export class ConnlimitExpr extends attrs('NFTA_CONNLIMIT_', {
  count: [1, be32],
  flags: [2, flags(be32, { inv: 1 }, 'NFT_CONNLIMIT_F_')],
}) {}

/** When a packet last came by. */
export class LastExpr extends attrs('NFTA_LAST_', {
  /** 0: never. */
  set: [1, be32],
  /** Milliseconds ago. */
  msecs: [2, be64],
  pad: [3, pad],
}) {}

export const ctDirections = { original: 0, reply: 1 } as const;
export const ctDirection = enumeration(u8, ctDirections, 'IP_CT_DIR_');
/** What is known of the packet's connection. */
export class CtExpr extends attrs('NFTA_CT_', {
  dreg: [1, register],
  key: [2, enumeration(be32, {
    state: 0, direction: 1, status: 2, mark: 3, secmark: 4, expiration: 5, helper: 6, l3protocol: 7, src: 8, dst: 9, protocol: 10, protoSrc: 11,
    protoDst: 12, labels: 13, pkts: 14, bytes: 15, avgpkt: 16, zone: 17, eventmask: 18, srcIp: 19, dstIp: 20, srcIp6: 21, dstIp6: 22, id: 23,
  }, 'NFT_CT_')],
  /** Of keys that differ between the two. */
  direction: [3, ctDirection],
  /** Sets it instead. */
  sreg: [4, register],
}) {}
