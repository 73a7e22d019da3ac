/** Shared memory communications sockets: requests and replies. Source: include/uapi/linux/smc_diag.h, net/smc/smc_diag.c. */
import { array, attrs, be16, be32, chars, enumeration, flags, message, struct, u16, u32, u64, u8 } from '../../codec/index.ts';
import { family, shutdown } from './common.ts';

/** Nothing says whether the addresses are of IPv4 (in the first word) or of IPv6. */
const id = struct('inet_diag_sockid', { sport: be16, dport: be16, src: array(be32, 4), dst: array(be32, 4), if: u32, cookie: array(u32, 2) });

/** Bit n-1 of `ext` asks for attribute n of the reply. */
export class SmcDiagReq extends struct('smc_diag_req', {
  family, _pad: u8, _pad2: u8,
  ext: flags(u8, { conninfo: 1, lgrinfo: 2, shutdown: 4, dmbinfo: 8, fallback: 0x10 }),
  id,
}) {}
export class SmcDiagRequest extends message('smcDiagRequest', SmcDiagReq, attrs('SMC_DIAG_REQ_', {})) {}

export class SmcDiagMsg extends struct('smc_diag_msg', {
  family,
  /** 1 active, 2 init, 7 closed, 10 listening; the closing states lie above. */
  state: u8,
  mode: enumeration(u8, { smcr: 0, fallbackTcp: 1, smcd: 2 }, 'SMC_DIAG_MODE_'),
  shutdown,
  id,
  uid: u32,
  inode: u64,
}) {}

export class SmcDiagCursor extends struct('smc_diag_cursor', { _reserved: u16, wrap: u16, count: u32 }) {}
export class SmcDiagConninfo extends struct('smc_diag_conninfo', {
  token: u32,
  /** Bytes. */
  sndbufSize: u32,
  /** Bytes. */
  rmbeSize: u32,
  peerRmbeSize: u32,
  rxProd: SmcDiagCursor, rxCons: SmcDiagCursor, txProd: SmcDiagCursor, txCons: SmcDiagCursor,
  rxProdFlags: u8, rxConnStateFlags: u8, txProdFlags: u8, txConnStateFlags: u8,
  txPrep: SmcDiagCursor, txSent: SmcDiagCursor, txFin: SmcDiagCursor,
}) {}
export class SmcDiagLinkinfo extends struct('smc_diag_linkinfo', { linkId: u8, ibname: chars(64), ibport: u8, gid: chars(40), peerGid: chars(40) }) {}
export class SmcDiagLgrinfo extends struct('smc_diag_lgrinfo', { lnk: array(SmcDiagLinkinfo, 1), role: enumeration(u8, { client: 0, server: 1 }) }) {}
export class SmcdDiagDmbinfo extends struct('smcd_diag_dmbinfo', {
  linkid: u32, peerGid: u64, myGid: u64, token: u64, peerToken: u64, peerGidExt: u64, myGidExt: u64,
}) {}
/** Why the connection went on as plain TCP: codes of the CLC protocol (RFC 7609). */
export class SmcDiagFallback extends struct('smc_diag_fallback', { reason: u32, peerDiagnosis: u32 }) {}

export class SmcDiagAttrs extends attrs('SMC_DIAG_', {
  conninfo: [1, SmcDiagConninfo],
  lgrinfo: [2, SmcDiagLgrinfo],
  shutdownInfo: [3, shutdown, 'SMC_DIAG_SHUTDOWN'],
  dmbinfo: [4, SmcdDiagDmbinfo],
  fallback: [5, SmcDiagFallback],
}) {}
export class SmcDiag extends message('smcDiag', SmcDiagMsg, SmcDiagAttrs) {}
