/** CAN controller. Times are nanoseconds unless said otherwise. Source: drivers/net/can/dev/netlink.c. */
import { attrs, chars, enumeration, flags, list, struct, u16, u32 } from '../../../codec/index.ts';

const controlModes = flags(u32, {
  loopback: 0x1, listenonly: 0x2, '3Samples': 0x4, oneShot: 0x8, berrReporting: 0x10, fd: 0x20, presumeAck: 0x40, fdNonIso: 0x80, ccLen8Dlc: 0x100,
  tdcAuto: 0x200, tdcManual: 0x400, restricted: 0x800, xl: 0x1000, xlTdcAuto: 0x2000, xlTdcManual: 0x4000, xlTms: 0x8000,
}, 'CAN_CTRLMODE_');

/** `bitrate` in bits per second, `samplePoint` in tenths of a percent, `tq` in nanoseconds, the segments in quanta. */
export class CanBittiming extends struct('can_bittiming', {
  bitrate: u32, samplePoint: u32, tq: u32, propSeg: u32, phaseSeg1: u32, phaseSeg2: u32, sjw: u32, brp: u32,
}) {}
/** What the controller can be set to. */
export class CanBittimingConst extends struct('can_bittiming_const', {
  name: chars(16), tseg1Min: u32, tseg1Max: u32, tseg2Min: u32, tseg2Max: u32, sjwMax: u32, brpMin: u32, brpMax: u32, brpInc: u32,
}) {}
/** Hertz. */
export class CanClock extends struct('can_clock', { freq: u32 }) {}
/** Only the bits in `mask` change. */
export class CanCtrlmode extends struct('can_ctrlmode', { mask: controlModes, flags: controlModes }) {}
export class CanBerrCounter extends struct('can_berr_counter', { txerr: u16, rxerr: u16 }) {}
/** IFLA_INFO_XSTATS of a CAN link: how often each event happened. */
export class CanDeviceStats extends struct('can_device_stats', {
  busError: u32, errorWarning: u32, errorPassive: u32, busOff: u32, arbitrationLost: u32, restarts: u32,
}) {}

/** Transmitter delay compensation: value, offset, filter window, and their bounds, in clock periods. */
export class CanTdc extends attrs('IFLA_CAN_TDC_', {
  tdcvMin: [1, u32], tdcvMax: [2, u32], tdcoMin: [3, u32], tdcoMax: [4, u32], tdcfMin: [5, u32], tdcfMax: [6, u32],
  tdcv: [7, u32], tdco: [8, u32], tdcf: [9, u32],
}) {}
export class CanCtrlmodeExt extends attrs('IFLA_CAN_CTRLMODE_', { supported: [1, controlModes] }) {}
/** CAN XL pulse widths: short, long, offset, and their bounds, in clock periods. */
export class CanPwm extends attrs('IFLA_CAN_PWM_', {
  pwmsMin: [1, u32], pwmsMax: [2, u32], pwmlMin: [3, u32], pwmlMax: [4, u32], pwmoMin: [5, u32], pwmoMax: [6, u32],
  pwms: [7, u32], pwml: [8, u32], pwmo: [9, u32],
}) {}

export class Can extends attrs('IFLA_CAN_', {
  bittiming: [1, CanBittiming],
  bittimingConst: [2, CanBittimingConst],
  clock: [3, CanClock],
  state: [4, enumeration(u32, { errorActive: 0, errorWarning: 1, errorPassive: 2, busOff: 3, stopped: 4, sleeping: 5 }, 'CAN_STATE_')],
  ctrlmode: [5, CanCtrlmode],
  /** Milliseconds from bus-off to a restart; 0: no restart. */
  restartMs: [6, u32],
  /** Restart now. Sent only. */
  restart: [7, u32],
  berrCounter: [8, CanBerrCounter],
  dataBittiming: [9, CanBittiming],
  dataBittimingConst: [10, CanBittimingConst],
  /** Ohms; 0: none. */
  termination: [11, u16],
  terminationConst: [12, list(u16)],
  bitrateConst: [13, list(u32)],
  dataBitrateConst: [14, list(u32)],
  bitrateMax: [15, u32],
  tdc: [16, CanTdc],
  ctrlmodeExt: [17, CanCtrlmodeExt],
  xlDataBittiming: [18, CanBittiming],
  xlDataBittimingConst: [19, CanBittimingConst],
  xlDataBitrateConst: [20, list(u32)],
  xlTdc: [21, CanTdc],
  xlPwm: [22, CanPwm],
}) {}
