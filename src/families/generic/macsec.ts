/** macsec: secure channels, associations and keys of links of kind macsec (IEEE 802.1AE). Source: include/uapi/linux/if_macsec.h, drivers/net/macsec.c. */
import { attrs, be32, be64, binary, blob, genericFamily, indexed, pad, u32, u64, u8, uint } from '../../codec/index.ts';
import { macsecOffload, macsecValidation } from '../route/kinds/macsec.ts';

/** Counters of an association. */
export class MacsecSaStats extends attrs('MACSEC_SA_STATS_ATTR_', {
  inPktsOk: [1, u32],
  inPktsInvalid: [2, u32],
  inPktsNotValid: [3, u32],
  inPktsNotUsingSa: [4, u32],
  inPktsUnusedSa: [5, u32],
  outPktsProtected: [6, u32],
  outPktsEncrypted: [7, u32],
}) {}

/** Counters of a channel that receives. */
export class MacsecRxscStats extends attrs('MACSEC_RXSC_STATS_ATTR_', {
  inOctetsValidated: [1, u64],
  inOctetsDecrypted: [2, u64],
  inPktsUnchecked: [3, u64],
  inPktsDelayed: [4, u64],
  inPktsOk: [5, u64],
  inPktsInvalid: [6, u64],
  inPktsLate: [7, u64],
  inPktsNotValid: [8, u64],
  inPktsNotUsingSa: [9, u64],
  inPktsUnusedSa: [10, u64],
  pad: [11, pad],
}) {}

/** Counters of the channel that sends. */
export class MacsecTxscStats extends attrs('MACSEC_TXSC_STATS_ATTR_', {
  outPktsProtected: [1, u64],
  outPktsEncrypted: [2, u64],
  outOctetsProtected: [3, u64],
  outOctetsEncrypted: [4, u64],
  pad: [5, pad],
}) {}

/** Counters of a link. */
export class MacsecSecyStats extends attrs('MACSEC_SECY_STATS_ATTR_', {
  outPktsUntagged: [1, u64],
  inPktsUntagged: [2, u64],
  outPktsTooLong: [3, u64],
  inPktsNoTag: [4, u64],
  inPktsBadTag: [5, u64],
  inPktsUnknownSci: [6, u64],
  inPktsNoSci: [7, u64],
  inPktsOverrun: [8, u64],
  pad: [9, pad],
}) {}

/** An association: a key of a channel, and how far it has been used. */
export class MacsecSa extends attrs('MACSEC_SA_ATTR_', {
  /** Which of its channel: 0 to 3. */
  an: [1, u8],
  active: [2, u8],
  /** The next packet's number, or the lowest that is taken: 8 bytes (a bigint) with the suites of extended numbers. */
  pn: [3, uint],
  key: [4, binary],
  /** 16 bytes that name the key. */
  keyid: [5, blob(16)],
  stats: [6, MacsecSaStats],
  pad: [7, pad],
  /** Short for the channel's identifier, with extended numbers. */
  ssci: [8, be32],
  /** 12 bytes, with extended numbers. Never told. */
  salt: [9, blob(12)],
}) {}

/** A channel that receives. */
export class MacsecRxsc extends attrs('MACSEC_RXSC_ATTR_', {
  /** The sender's MAC address, then its port. */
  sci: [1, be64],
  active: [2, u8],
  saList: [3, indexed(MacsecSa)],
  stats: [4, MacsecRxscStats],
  pad: [5, pad],
}) {}

/** A link as it was made (see `Macsec` for what its settings mean). Switches are 0 or 1. */
export class MacsecSecy extends attrs('MACSEC_SECY_ATTR_', {
  sci: [1, be64],
  encodingSa: [2, u8],
  /** In packets; only with `replay`. */
  window: [3, u32],
  cipherSuite: [4, u64],
  icvLen: [5, u8],
  protect: [6, u8],
  replay: [7, u8],
  /** Whether it can send. */
  oper: [8, u8],
  validate: [9, macsecValidation],
  encrypt: [10, u8],
  incSci: [11, u8],
  es: [12, u8],
  scb: [13, u8],
  pad: [14, pad],
}) {}

/** Who does the work. */
export class MacsecOffload extends attrs('MACSEC_OFFLOAD_ATTR_', { type: [1, macsecOffload], pad: [2, pad] }) {}

/** A link of kind macsec with its channels, or a change of one. */
export class MacsecState extends attrs('MACSEC_ATTR_', {
  ifindex: [1, u32],
  rxscConfig: [2, MacsecRxsc],
  saConfig: [3, MacsecSa],
  secy: [4, MacsecSecy],
  txsaList: [5, indexed(MacsecSa)],
  rxscList: [6, indexed(MacsecRxsc)],
  txscStats: [7, MacsecTxscStats],
  secyStats: [8, MacsecSecyStats],
  offload: [9, MacsecOffload],
}) {}

/** macsec. */
export const macsec = genericFamily('macsec', 1, {
  prefix: 'MACSEC_CMD_',
  commands: {
    getTxsc: [0, MacsecState],
    addRxsc: [1, MacsecState],
    delRxsc: [2, MacsecState],
    updRxsc: [3, MacsecState],
    addTxsa: [4, MacsecState],
    delTxsa: [5, MacsecState],
    updTxsa: [6, MacsecState],
    addRxsa: [7, MacsecState],
    delRxsa: [8, MacsecState],
    updRxsa: [9, MacsecState],
    updOffload: [10, MacsecState],
  },
  config: 'CONFIG_MACSEC',
  module: 'macsec',
});
