/** Programs that choose sockets, INET_DIAG_REQ_BYTECODE. Source: include/uapi/linux/inet_diag.h, net/ipv4/inet_diag.c. */
import { enumeration, struct, u16, u32, u8, s32 } from '../../codec/index.ts';
import { family } from './common.ts';

/** What an instruction compares. `s` is this end, `d` the other one. */
export const bytecodes = {
  nop: 0, jmp: 1, sGe: 2, sLe: 3, dGe: 4, dLe: 5, auto: 6, sCond: 7, dCond: 8, devCond: 9, markCond: 10, sEq: 11, dEq: 12, cgroupCond: 13,
} as const;

/** An instruction: how many bytes it is to the next one where it holds, and where it does not. A port is the `no` of an instruction that follows. */
export class InetDiagBcOp extends struct('inet_diag_bc_op', { code: enumeration(u8, bytecodes, 'INET_DIAG_BC_'), yes: u8, no: u16 }) {}
/** What an end is compared with; the bytes of an address follow: 4, or of IPv6 16. `port`: -1 is any. */
export class InetDiagHostcond extends struct('inet_diag_hostcond', { family, prefixLen: u8, port: s32 }) {}
export class InetDiagMarkcond extends struct('inet_diag_markcond', { mark: u32, mask: u32 }) {}
