/** l2tp: tunnels of L2TP version 3 and the sessions in them (RFC 3931). Source: include/uapi/linux/l2tp.h, net/l2tp/l2tp_netlink.c. */
import { attrs, binary, enumeration, flag, genericFamily, ipv4, ipv6, pad, string, u16, u32, u64, u8 } from '../../codec/index.ts';

/** What a session carries. */
export const l2tpPseudowire = enumeration(u16, { none: 0, ethVlan: 4, eth: 5, ppp: 7, pppAc: 8, ip: 11 }, 'L2TP_PWTYPE_');
/** What a tunnel runs over. */
export const l2tpEncapType = enumeration(u16, { udp: 0, ip: 1 }, 'L2TP_ENCAPTYPE_');
/** The header between a session's and the frame. */
export const l2tpSublayer = enumeration(u8, { none: 0, default: 1 }, 'L2TP_L2SPECTYPE_');
const dataSequence = enumeration(u8, { none: 0, ip: 1, all: 2 }, 'L2TP_SEQ_');

/** Counters of a tunnel or a session. */
export class L2tpStats extends attrs('L2TP_ATTR_', {
  txPackets: [1, u64],
  txBytes: [2, u64],
  txErrors: [3, u64],
  rxPackets: [4, u64],
  rxBytes: [5, u64],
  rxSeqDiscards: [6, u64],
  rxOosPackets: [7, u64],
  rxErrors: [8, u64],
  statsPad: [9, pad],
  rxCookieDiscards: [10, u64],
  rxInvalid: [11, u64],
}) {}

/** A tunnel, or a session in one. */
export class L2tp extends attrs('L2TP_ATTR_', {
  pwType: [1, l2tpPseudowire],
  encapType: [2, l2tpEncapType],
  /** Former kernels' only. */
  offset: [3, u16],
  dataSeq: [4, dataSequence],
  l2specType: [5, l2tpSublayer],
  l2specLen: [6, u8],
  /** 2 or 3. */
  protoVersion: [7, u8],
  /** The link that a session is. */
  ifname: [8, string],
  /** The tunnel, by this host's number. */
  connId: [9, u32],
  peerConnId: [10, u32],
  sessionId: [11, u32],
  peerSessionId: [12, u32],
  udpCsum: [13, u8],
  vlanId: [14, u16],
  /** 4 or 8 bytes that must be in what comes in. */
  cookie: [15, binary],
  /** What is sent in its place. */
  peerCookie: [16, binary],
  debug: [17, u32],
  recvSeq: [18, u8],
  sendSeq: [19, u8],
  lnsMode: [20, u8],
  usingIpsec: [21, u8],
  /** Milliseconds that packets wait for those before them. */
  recvTimeout: [22, u64],
  /** The socket of a daemon that speaks for the tunnel. */
  fd: [23, u32],
  ipSaddr: [24, ipv4],
  ipDaddr: [25, ipv4],
  /** Host byte order. */
  udpSport: [26, u16],
  udpDport: [27, u16],
  mtu: [28, u16],
  mru: [29, u16],
  stats: [30, L2tpStats],
  ip6Saddr: [31, ipv6],
  ip6Daddr: [32, ipv6],
  /** No checksum is sent. */
  udpZeroCsum6Tx: [33, flag],
  /** None is asked for. */
  udpZeroCsum6Rx: [34, flag],
  pad: [35, pad],
}) {}

/** l2tp. */
export const l2tp = genericFamily('l2tp', 1, {
  prefix: 'L2TP_CMD_',
  commands: {
    noop: [0, L2tp],
    tunnelCreate: [1, L2tp],
    tunnelDelete: [2, L2tp],
    tunnelModify: [3, L2tp],
    tunnelGet: [4, L2tp],
    sessionCreate: [5, L2tp],
    sessionDelete: [6, L2tp],
    sessionModify: [7, L2tp],
    sessionGet: [8, L2tp],
  },
  groups: { l2tp: 'l2tp' },
  config: 'CONFIG_L2TP_V3',
  module: 'l2tp_netlink',
});
