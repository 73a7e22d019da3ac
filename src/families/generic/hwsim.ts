/** MAC80211_HWSIM: radios that the kernel makes up, and the frames between them. Source: drivers/net/wireless/virtual/mac80211_hwsim.h, mac80211_hwsim.c. */
import { attrs, binary, flag, flags, genericFamily, list, macAddress, packed, pad, s32, s8, string, u16, u32, u64, u8 } from '../../codec/index.ts';
import { Nl80211Measurement } from './nl80211/measurement.ts';
import { nl80211Cipher } from './nl80211/values.ts';

/** What is asked of who carries a frame, and what became of it. */
export const hwsimFrameFlags = flags(u32, { reqTxStatus: 1, noAck: 2, ack: 4 });
/** A rate by its number, and how often it was tried; -1: no more. */
export class HwsimTry extends packed('hwsim_tx_rate', { idx: s8, count: u8 }) {}
/** How a rate was sent. */
export class HwsimTryFlags extends packed('hwsim_tx_rate_flag', { idx: s8, flags: u16 }) {}

/** A radio, or a frame. */
export class HwsimState extends attrs('HWSIM_ATTR_', {
  addrReceiver: [1, macAddress],
  addrTransmitter: [2, macAddress],
  frame: [3, binary],
  flags: [4, hwsimFrameFlags],
  rxRate: [5, u32],
  /** dBm. */
  signal: [6, s32],
  txInfo: [7, list(HwsimTry)],
  cookie: [8, u64],
  /** How many it can be on at once. */
  channels: [9, u32],
  radioId: [10, u32],
  regHintAlpha2: [11, string],
  regCustomReg: [12, u32],
  regStrictReg: [13, flag],
  supportP2pDevice: [14, flag],
  useChanctx: [15, flag],
  destroyRadioOnClose: [16, flag],
  radioName: [17, string],
  noVif: [18, flag],
  /** MHz. */
  freq: [19, u32],
  pad: [20, pad],
  txInfoFlags: [21, list(HwsimTryFlags)],
  permAddr: [22, macAddress],
  /** Bits of kinds of interface. */
  iftypeSupport: [23, u32],
  cipherSupport: [24, list(nl80211Cipher)],
  mloSupport: [25, flag],
  pmsrSupport: [26, Nl80211Measurement],
  pmsrRequest: [27, Nl80211Measurement],
  /** As nl80211 has it; the kernel reads some of it in widths of its own. */
  pmsrResult: [28, Nl80211Measurement],
  /** Each band is a radio of its own. */
  multiRadio: [29, flag],
  supportNanDevice: [30, flag],
  supportBackgroundRadar: [31, flag],
}) {}

/** MAC80211_HWSIM. */
export const hwsim = genericFamily('MAC80211_HWSIM', 1, {
  prefix: 'HWSIM_CMD_',
  commands: {
    register: [1, HwsimState],
    frame: [2, HwsimState],
    txInfoFrame: [3, HwsimState],
    newRadio: [4, HwsimState],
    delRadio: [5, HwsimState],
    getRadio: [6, HwsimState],
    addMacAddr: [7, HwsimState],
    delMacAddr: [8, HwsimState],
    startPmsr: [9, HwsimState],
    abortPmsr: [10, HwsimState],
    reportPmsr: [11, HwsimState],
  },
  groups: { config: 'config' },
  config: 'CONFIG_MAC80211_HWSIM',
  module: 'mac80211_hwsim',
});
