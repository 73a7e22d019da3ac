/** Sockets of TIPC, `ss --tipc`: the request; replies have no header of their own, only attributes of TIPC. Source: include/uapi/linux/tipc_sockets_diag.h, net/tipc/diag.c, net/tipc/socket.c. */
import { attrs, message, struct, u16, u8 } from '../../codec/index.ts';
import { family, stateMask } from './common.ts';

export class TipcSockDiagReq extends struct('tipc_sock_diag_req', { family, protocol: u8, _pad: u16, states: stateMask }) {}
export class TipcDiagRequest extends message('tipcDiagRequest', TipcSockDiagReq, attrs('TIPC_DIAG_REQ_', {})) {}
