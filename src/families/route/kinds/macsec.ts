/** Encrypted Ethernet (IEEE 802.1AE): drivers/net/macsec.c. Keys and channels are the generic netlink family `macsec`. */
import { attrs, be16, be64, enumeration, pad, u32, u64, u8 } from '../../../codec/index.ts';

/** What happens to frames that are not proven genuine: taken, counted and taken, dropped. */
export const macsecValidation = enumeration(u8, { disabled: 0, check: 1, strict: 2 }, 'MACSEC_VALIDATE_');
/** Who does the work: the kernel, the PHY, the network card. */
export const macsecOffload = enumeration(u8, { off: 0, phy: 1, mac: 2 }, 'MACSEC_OFFLOAD_');

/** Switches are 0 or 1. */
export class Macsec extends attrs('IFLA_MACSEC_', {
  /** Secure channel: the MAC address, then the port. */
  sci: [1, be64],
  port: [2, be16],
  /** Bytes of the integrity check, 8 to 16. */
  icvLen: [3, u8],
  /** 0x0080c20001000001: GCM-AES-128; ...2: GCM-AES-256; ...3 and ...4: the same with extended packet numbers. */
  cipherSuite: [4, u64],
  /** Of replay protection, in packets. */
  window: [5, u32],
  /** Association to send with, 0 to 3. */
  encodingSa: [6, u8],
  encrypt: [7, u8],
  protect: [8, u8],
  incSci: [9, u8],
  /** End station. */
  es: [10, u8],
  /** Single copy broadcast. */
  scb: [11, u8],
  replayProtect: [12, u8],
  validation: [13, macsecValidation],
  pad: [14, pad],
  offload: [15, macsecOffload],
}) {}
