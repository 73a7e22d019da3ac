/** Packets that wait for a program's verdict: `queue` of nft. Source: include/uapi/linux/netfilter/nfnetlink_queue.h, net/netfilter/nfnetlink_queue.c. */
import { attrs, be16, be32, binary, blob, enumeration, flags, message, packed, string, struct, u8 } from '../../codec/index.ts';
import { ConntrackAttrs } from './conntrack.ts';
import { ExpectationAttrs } from './expectation.ts';
import { family16, Nfgenmsg } from './header.ts';
import { copyModes, ctInfo, packetHook, packetHw, packetTimestamp } from './packet.ts';

/** NF_*: what becomes of a packet. `queue`, with the number of another queue in the upper half. */
export const packetVerdict = enumeration(be32, { drop: 0, accept: 1, stolen: 2, queue: 3, repeat: 4, stop: 5 }, 'NF_');

export class QueuePacketHdr extends packed('nfqnl_msg_packet_hdr', {
  /** Of this queue's packets, counted from 1: what a verdict names. */
  packetId: be32,
  /** ETH_P_*. */
  hwProtocol: be16,
  hook: packetHook,
}) {}
export class QueueVerdictHdr extends struct('nfqnl_msg_verdict_hdr', {
  verdict: packetVerdict,
  /** The packet; of a batch: all that were queued up to it. */
  id: be32,
}) {}
export class QueueHw extends packetHw('nfqnl_msg_packet_hw') {}
export class QueueTimestamp extends packetTimestamp('nfqnl_msg_packet_timestamp') {}
/** A VLAN tag that is beside the packet, not in it. */
export class QueueVlan extends attrs('NFQA_VLAN_', { proto: [1, be16], tci: [2, be16] }) {}

export class QueueAttrs extends attrs('NFQA_', {
  packetHdr: [1, QueuePacketHdr],
  verdictHdr: [2, QueueVerdictHdr],
  mark: [3, be32],
  /** Of packets that came from a device. */
  timestamp: [4, QueueTimestamp],
  /** Indexes of links: where it came in, where it leaves; and of the port, where that is a bridge. */
  ifindexIndev: [5, be32],
  ifindexOutdev: [6, be32],
  ifindexPhysindev: [7, be32],
  ifindexPhysoutdev: [8, be32],
  hwaddr: [9, QueueHw],
  /** From the network header on, as much as was asked for; of a verdict: what the packet shall be instead. */
  payload: [10, binary],
  /** Its connection, where that was asked for; of a verdict: what to change of it. */
  ct: [11, ConntrackAttrs],
  ctInfo: [12, ctInfo],
  /** How long the packet is, where `payload` is not all of it. */
  capLen: [13, be32],
  /** Its checksum is still to be made; it is larger than its link takes; its checksum is not checked yet. */
  skbInfo: [14, flags(be32, { csumnotready: 1, gso: 2, csumNotverified: 4 }, 'NFQA_SKB_')],
  /** Of a verdict: a connection to expect after this one. */
  exp: [15, ExpectationAttrs],
  /** Whose socket sent it, where that was asked for. */
  uid: [16, be32],
  gid: [17, be32],
  secctx: [18, string],
  vlan: [19, QueueVlan],
  /** The header of the link layer, of bridges. */
  l2hdr: [20, binary],
  priority: [21, be32],
  cgroupClassid: [22, be32],
}) {}
/** A packet, or a verdict: `resId` is the queue's number. */
export class QueuePacket extends message('queuePacket', Nfgenmsg, QueueAttrs) {}

const queueFlags = flags(be32, { failOpen: 1, conntrack: 2, gso: 4, uidGid: 8, secctx: 16 }, 'NFQA_CFG_F_');
export class QueueConfigCmd extends struct('nfqnl_msg_config_cmd', {
  command: enumeration(u8, { none: 0, bind: 1, unbind: 2, pfBind: 3, pfUnbind: 4 }, 'NFQNL_CFG_CMD_'),
  _pad: blob(1),
  /** Of `pfBind` and `pfUnbind`, which kernels since 3.8 take for nothing. */
  pf: family16,
}) {}
export class QueueConfigParams extends packed('nfqnl_msg_config_params', {
  /** Bytes of each packet; 0: all of it. */
  copyRange: be32,
  copyMode: enumeration(u8, copyModes, 'NFQNL_COPY_'),
}) {}
export class QueueConfigAttrs extends attrs('NFQA_CFG_', {
  cmd: [1, QueueConfigCmd],
  params: [2, QueueConfigParams],
  /** How many packets wait at most; further ones are dropped. The kernel begins with 1024. */
  queueMaxlen: [3, be32],
  /** Which of `flags` are set or cleared. */
  mask: [4, queueFlags],
  /** `failOpen`: packets that find no place are accepted. `gso`: packets larger than their link takes come whole. */
  flags: [5, queueFlags],
}) {}
/** Makes the asking socket the one that a queue's packets go to, and says how. */
export class QueueConfig extends message('queueConfig', Nfgenmsg, QueueConfigAttrs) {}
