/** Packet sockets, `ss -0`: requests and replies. Source: include/uapi/linux/packet_diag.h, net/packet/diag.c. */
import { array, attrs, binary, blob, enumeration, flags, list, message, struct, u16, u32, u8 } from '../../codec/index.ts';
import { family, SkMeminfo, socketType } from './common.ts';

const cookie = array(u32, 2);

export class PacketDiagReq extends struct('packet_diag_req', {
  family,
  protocol: u8,
  _pad: u16,
  ino: u32,
  show: flags(u32, { info: 1, mclist: 2, ringCfg: 4, fanout: 8, meminfo: 0x10, filter: 0x20 }, 'PACKET_SHOW_'),
  cookie,
}) {}
export class PacketDiagRequest extends message('packetDiagRequest', PacketDiagReq, attrs('PACKET_DIAG_REQ_', {})) {}

export class PacketDiagMsg extends struct('packet_diag_msg', {
  family,
  type: socketType,
  /** EtherType. */
  num: u16,
  ino: u32,
  cookie,
}) {}
export class PacketDiagInfo extends struct('packet_diag_info', {
  /** Interface that the socket is bound to; 0: all. */
  index: u32,
  /** TPACKET_V*. */
  version: enumeration(u32, { v1: 0, v2: 1, v3: 2 }),
  /** Bytes before each packet. */
  reserve: u32,
  copyThresh: u32,
  tstamp: u32,
  flags: flags(u32, { running: 1, auxdata: 2, origdev: 4, vnethdr: 8, loss: 0x10 }, 'PDI_'),
}) {}
/** A multicast address that the socket listens to, `count` times. */
export class PacketDiagMclist extends struct('packet_diag_mclist', { index: u32, count: u32, type: u16, alen: u16, addr: blob(32) }) {}
export class PacketDiagRing extends struct('packet_diag_ring', {
  blockSize: u32, blockNr: u32, frameSize: u32, frameNr: u32,
  /** Milliseconds. */
  retireTmo: u32,
  sizeofPriv: u32, features: u32,
}) {}

export class PacketDiagAttrs extends attrs('PACKET_DIAG_', {
  info: [0, PacketDiagInfo],
  mclist: [1, list(PacketDiagMclist)],
  rxRing: [2, PacketDiagRing],
  txRing: [3, PacketDiagRing],
  /** Group in the lower half, type in the upper. */
  fanout: [4, u32],
  uid: [5, u32],
  meminfo: [6, SkMeminfo],
  /** The socket's filter: classic BPF instructions of eight bytes. */
  filter: [7, binary],
}) {}
export class PacketDiag extends message('packetDiag', PacketDiagMsg, PacketDiagAttrs) {}
