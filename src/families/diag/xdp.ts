/** AF_XDP sockets, `ss --xdp`: requests and replies. Source: include/uapi/linux/xdp_diag.h, net/xdp/xsk_diag.c. */
import { array, attrs, flags, message, struct, u16, u32, u64, u8 } from '../../codec/index.ts';
import { family, SkMeminfo, socketType } from './common.ts';

const cookie = array(u32, 2);

export class XdpDiagReq extends struct('xdp_diag_req', {
  family, protocol: u8, _pad: u16, ino: u32,
  show: flags(u32, { info: 1, ringCfg: 2, umem: 4, meminfo: 8, stats: 0x10 }, 'XDP_SHOW_'),
  cookie,
}) {}
export class XdpDiagRequest extends message('xdpDiagRequest', XdpDiagReq, attrs('XDP_DIAG_REQ_', {})) {}

export class XdpDiagMsg extends struct('xdp_diag_msg', { family, type: socketType, _pad: u16, ino: u32, cookie }) {}
export class XdpDiagInfo extends struct('xdp_diag_info', { ifindex: u32, queueId: u32 }) {}
export class XdpDiagRing extends struct('xdp_diag_ring', { entries: u32 }) {}
/** The memory that packets are in; sizes are bytes. */
export class XdpDiagUmem extends struct('xdp_diag_umem', {
  size: u64, id: u32, numPages: u32, chunkSize: u32, headroom: u32, ifindex: u32, queueId: u32,
  flags: flags(u32, { zerocopy: 1 }, 'XDP_DU_F_'),
  refs: u32,
}) {}
export class XdpDiagStats extends struct('xdp_diag_stats', {
  nRxDropped: u64, nRxInvalid: u64, nRxFull: u64, nFillRingEmpty: u64, nTxInvalid: u64, nTxRingEmpty: u64,
}) {}

export class XdpDiagAttrs extends attrs('XDP_DIAG_', {
  info: [1, XdpDiagInfo],
  uid: [2, u32],
  rxRing: [3, XdpDiagRing],
  txRing: [4, XdpDiagRing],
  umem: [5, XdpDiagUmem],
  umemFillRing: [6, XdpDiagRing],
  umemCompletionRing: [7, XdpDiagRing],
  meminfo: [8, SkMeminfo],
  stats: [9, XdpDiagStats],
}) {}
export class XdpDiag extends message('xdpDiag', XdpDiagMsg, XdpDiagAttrs) {}
