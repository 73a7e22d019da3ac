/** What lies on top of TCP. Source: include/uapi/linux/inet_diag.h, include/uapi/linux/tls.h, net/tls/tls_main.c. */
import { attrs, enumeration, flag, string, u16 } from '../../codec/index.ts';
import { MptcpSubflow } from './mptcp-info.ts';

/** Who encrypts: nobody, the kernel, a network card. */
const conf = enumeration(u16, { base: 1, sw: 2, hw: 3, hwRecord: 4 }, 'TLS_CONF_');
/** Encryption by the kernel. */
export class TlsInfo extends attrs('TLS_INFO_', {
  /** 0x303 is 1.2, 0x304 is 1.3. */
  version: [1, u16],
  /** TLS_CIPHER_*. */
  cipher: [2, enumeration(u16, { aesGcm128: 51, aesGcm256: 52, aesCcm128: 53, chacha20Poly1305: 54, sm4Gcm: 55, sm4Ccm: 56, ariaGcm128: 57, ariaGcm256: 58 })],
  txconf: [3, conf],
  rxconf: [4, conf],
  zcRoTx: [5, flag],
  rxNoPad: [6, flag],
  /** Bytes of a record. */
  txMaxPayloadLen: [7, u16],
}) {}

export class UlpInfo extends attrs('INET_ULP_INFO_', {
  /** "tls", "mptcp". */
  name: [1, string],
  tls: [2, TlsInfo],
  mptcp: [3, MptcpSubflow],
}) {}
