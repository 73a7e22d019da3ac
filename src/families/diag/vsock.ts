/** Sockets between virtual machines and their host, `ss --vsock`: requests and replies. Source: include/uapi/linux/vm_sockets_diag.h, net/vmw_vsock/diag.c. */
import { array, attrs, message, struct, u16, u32, u8 } from '../../codec/index.ts';
import { family, shutdown, socketType, state, stateMask } from './common.ts';

const cookie = array(u32, 2);

/** A vsock dump has no attributes. */
export class VsockDiagReq extends struct('vsock_diag_req', { family, protocol: u8, _pad: u16, states: stateMask, ino: u32, show: u32, cookie }) {}
export class VsockDiagRequest extends message('vsockDiagRequest', VsockDiagReq, attrs('VSOCK_DIAG_REQ_', {})) {}

export class VsockDiagMsg extends struct('vsock_diag_msg', {
  family, type: socketType, state, shutdown,
  /** Context: 2 is the host, 0xffffffff any. */
  srcCid: u32,
  srcPort: u32,
  dstCid: u32,
  dstPort: u32,
  ino: u32,
  cookie,
}) {}
export class VsockDiag extends message('vsockDiag', VsockDiagMsg, attrs('VSOCK_DIAG_', {})) {}
