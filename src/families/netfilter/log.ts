/** Packets that are logged to a program: `log group` of nft. Source: include/uapi/linux/netfilter/nfnetlink_log.h, net/netfilter/nfnetlink_log.c. */
import { attrs, be16, be32, binary, blob, enumeration, flags, message, packed, string, struct, u8 } from '../../codec/index.ts';
import { ConntrackAttrs } from './conntrack.ts';
import { Nfgenmsg } from './header.ts';
import { copyModes, ctInfo, packetHook, packetHw, packetTimestamp } from './packet.ts';

export class LogPacketHdr extends struct('nfulnl_msg_packet_hdr', {
  /** ETH_P_*. */
  hwProtocol: be16,
  hook: packetHook,
  _pad: blob(1),
}) {}
export class LogHw extends packetHw('nfulnl_msg_packet_hw') {}
export class LogTimestamp extends packetTimestamp('nfulnl_msg_packet_timestamp') {}
/** A VLAN tag that is beside the packet, not in it. */
export class LogVlan extends attrs('NFULA_VLAN_', { proto: [1, be16], tci: [2, be16] }) {}

export class LogAttrs extends attrs('NFULA_', {
  packetHdr: [1, LogPacketHdr],
  mark: [2, be32],
  timestamp: [3, LogTimestamp],
  /** Indexes of links: where it came in, where it leaves; and of the port, where that is a bridge. */
  ifindexIndev: [4, be32],
  ifindexOutdev: [5, be32],
  ifindexPhysindev: [6, be32],
  ifindexPhysoutdev: [7, be32],
  hwaddr: [8, LogHw],
  /** From the network header on, as much as the rule and the group both allow. */
  payload: [9, binary],
  /** What the rule puts before it. */
  prefix: [10, string],
  /** Whose socket sent it. */
  uid: [11, be32],
  /** Counts this group's packets; those of all groups: where that was asked for. */
  seq: [12, be32],
  seqGlobal: [13, be32],
  gid: [14, be32],
  /** ARPHRD_*. */
  hwtype: [15, be16],
  hwheader: [16, binary],
  hwlen: [17, be16],
  /** Its connection, where that was asked for. */
  ct: [18, ConntrackAttrs],
  ctInfo: [19, ctInfo],
  vlan: [20, LogVlan],
  l2hdr: [21, binary],
}) {}
/** A packet: `resId` is the group's number. */
export class LogPacket extends message('logPacket', Nfgenmsg, LogAttrs) {}

export class LogConfigCmd extends packed('nfulnl_msg_config_cmd', {
  command: enumeration(u8, { none: 0, bind: 1, unbind: 2, pfBind: 3, pfUnbind: 4 }, 'NFULNL_CFG_CMD_'),
}) {}
export class LogConfigMode extends packed('nfulnl_msg_config_mode', {
  /** Bytes of each packet; 0: all of it. */
  copyRange: be32,
  copyMode: enumeration(u8, copyModes, 'NFULNL_COPY_'),
  _pad: blob(1),
}) {}
export class LogConfigAttrs extends attrs('NFULA_CFG_', {
  cmd: [1, LogConfigCmd],
  mode: [2, LogConfigMode],
  /** Bytes: how much is collected before it is sent. At most 128 KiB. */
  nlbufsiz: [3, be32],
  /** Hundredths of a second: how long a packet waits for others. */
  timeout: [4, be32],
  /** How many packets are sent together. */
  qthresh: [5, be32],
  flags: [6, flags(be16, { seq: 1, seqGlobal: 2, conntrack: 4 }, 'NFULNL_CFG_F_')],
}) {}
/** Makes the asking socket the one that a group's packets go to, and says how. */
export class LogConfig extends message('logConfig', Nfgenmsg, LogConfigAttrs) {}
