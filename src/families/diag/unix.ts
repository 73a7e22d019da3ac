/** Unix sockets, `ss -x`: requests and replies. Source: include/uapi/linux/unix_diag.h, net/unix/diag.c. */
import { array, attrs, binary, flags, list, message, struct, u16, u32, u8 } from '../../codec/index.ts';
import { family, shutdown, SkMeminfo, socketType, state, stateMask } from './common.ts';

const cookie = array(u32, 2);

export class UnixDiagReq extends struct('unix_diag_req', {
  family,
  protocol: u8,
  _pad: u16,
  states: stateMask,
  /** 0 in a dump. */
  ino: u32,
  /** What the reply is to hold. */
  show: flags(u32, { name: 1, vfs: 2, peer: 4, icons: 8, rqlen: 0x10, meminfo: 0x20, uid: 0x40 }, 'UDIAG_SHOW_'),
  cookie,
}) {}
export class UnixDiagRequest extends message('unixDiagRequest', UnixDiagReq, attrs('UNIX_DIAG_REQ_', {})) {}

export class UnixDiagMsg extends struct('unix_diag_msg', { family, type: socketType, state, _pad: u8, ino: u32, cookie }) {}
/** The file that the socket is bound to. */
export class UnixDiagVfs extends struct('unix_diag_vfs', { ino: u32, dev: u32 }) {}
/** Bytes to read, or of a listening socket, connections that wait; the room for them. */
export class UnixDiagRqlen extends struct('unix_diag_rqlen', { rqueue: u32, wqueue: u32 }) {}

export class UnixDiagAttrs extends attrs('UNIX_DIAG_', {
  /** A path, or with a leading NUL a name in the abstract namespace: bytes, since it may hold NULs. */
  name: [0, binary],
  vfs: [1, UnixDiagVfs],
  /** Inode of the other end. */
  peer: [2, u32],
  /** Inodes of connections not accepted yet. */
  icons: [3, list(u32)],
  rqlen: [4, UnixDiagRqlen],
  meminfo: [5, SkMeminfo],
  shutdown: [6, shutdown],
  uid: [7, u32],
}) {}
export class UnixDiag extends message('unixDiag', UnixDiagMsg, UnixDiagAttrs) {}
