/** Netlink sockets, `ss -f netlink`: requests and replies. Source: include/uapi/linux/netlink_diag.h, net/netlink/diag.c. */
import { array, attrs, bitmap, enumeration, flags, message, struct, u16, u32, u8 } from '../../codec/index.ts';
import { family, SkMeminfo, socketType } from './common.ts';

const cookie = array(u32, 2);

export class NetlinkDiagReq extends struct('netlink_diag_req', {
  family,
  /** NETLINK_*; 255 is all. */
  protocol: u8,
  _pad: u16,
  ino: u32,
  show: flags(u32, { meminfo: 1, groups: 2, ringCfg: 4, flags: 8 }, 'NDIAG_SHOW_'),
  cookie,
}) {}
export class NetlinkDiagRequest extends message('netlinkDiagRequest', NetlinkDiagReq, attrs('NETLINK_DIAG_REQ_', {})) {}

export class NetlinkDiagMsg extends struct('netlink_diag_msg', {
  family,
  type: socketType,
  protocol: u8,
  /** A socket that was never connected says `close`. */
  state: enumeration(u8, { unconnected: 0, connected: 1, close: 7 }),
  portid: u32,
  dstPortid: u32,
  dstGroup: u32,
  ino: u32,
  cookie,
}) {}
export class NetlinkDiagRing extends struct('netlink_diag_ring', { blockSize: u32, blockNr: u32, frameSize: u32, frameNr: u32 }) {}

export class NetlinkDiagAttrs extends attrs('NETLINK_DIAG_', {
  meminfo: [0, SkMeminfo],
  /** Multicast groups that the socket is in, less one. */
  groups: [1, bitmap],
  rxRing: [2, NetlinkDiagRing],
  txRing: [3, NetlinkDiagRing],
  flags: [4, flags(u32, { cbRunning: 1, pktinfo: 2, broadcastError: 4, noEnobufs: 8, listenAllNsid: 0x10, capAck: 0x20 }, 'NDIAG_FLAG_')],
}) {}
export class NetlinkDiag extends message('netlinkDiag', NetlinkDiagMsg, NetlinkDiagAttrs) {}
