/** dpll: clocks that follow others, and the pins that they are told by. Source: include/uapi/linux/dpll.h, drivers/dpll/dpll_netlink.c. */
import { attrs, enumeration, flags, genericFamily, multi, pad, s32, s64, sint, string, u32, u64 } from '../../codec/index.ts';

/** Who chooses the pin that is followed. */
export const dpllMode = enumeration(u32, { manual: 1, automatic: 2 }, 'DPLL_MODE_');
/** Whether the clock follows its source. `lockedHoAcq`: and could go on without; `holdover`: it does. */
export const dpllLockStatus = enumeration(u32, { unlocked: 1, locked: 2, lockedHoAcq: 3, holdover: 4 }, 'DPLL_LOCK_STATUS_');
/** Why it does not. */
export const dpllLockError = enumeration(u32, { none: 1, undefined: 2, mediaDown: 3, fractionalFrequencyOffsetTooHigh: 4 }, 'DPLL_LOCK_STATUS_ERROR_');

/** How good it is without a source (ITU-T G.8264). */
export const dpllClockQuality = enumeration(u32, {
  ituOpt1Prc: 1, ituOpt1SsuA: 2, ituOpt1SsuB: 3, ituOpt1Eec1: 4, ituOpt1Prtc: 5, ituOpt1Eprtc: 6, ituOpt1Eeec: 7, ituOpt1Eprc: 8,
}, 'DPLL_CLOCK_QUALITY_LEVEL_');

/** A pulse a second, a clock of Ethernet, or another. */
export const dpllType = enumeration(u32, { pps: 1, eec: 2, generic: 3 }, 'DPLL_TYPE_');
/** What a pin is. */
export const dpllPinType = enumeration(u32, { mux: 1, ext: 2, synceEthPort: 3, intOscillator: 4, gnss: 5, intNco: 6 }, 'DPLL_PIN_TYPE_');
/** Which way a signal goes. */
export const dpllPinDirection = enumeration(u32, { input: 1, output: 2 }, 'DPLL_PIN_DIRECTION_');
/** Whether a pin is followed; `selectable`: it may be. */
export const dpllPinStatus = enumeration(u32, { connected: 1, disconnected: 2, selectable: 3 }, 'DPLL_PIN_STATE_');
/** What becomes of its signal. */
export const dpllPinOperation = enumeration(u32, { active: 1, standby: 2, noSignal: 3, qualFailed: 4 }, 'DPLL_PIN_OPERSTATE_');
/** What of a pin can be changed. */
export const dpllPinCapabilities = flags(u32, { directionCanChange: 1, priorityCanChange: 2, stateCanChange: 4, stateConnectedOverride: 8 }, 'DPLL_PIN_CAPABILITIES_');
/** Whether something is on. */
export const dpllFeature = enumeration(u32, { disable: 0, enable: 1 }, 'DPLL_FEATURE_STATE_');

/** A clock. */
export class DpllDevice extends attrs('DPLL_A_', {
  id: [1, u32],
  moduleName: [2, string],
  pad: [3, pad],
  clockId: [4, u64],
  mode: [5, dpllMode],
  modeSupported: [6, multi(dpllMode)],
  lockStatus: [7, dpllLockStatus],
  /** Thousandths of a degree Celsius. */
  temp: [8, s32],
  type: [9, dpllType],
  lockStatusError: [10, dpllLockError],
  clockQualityLevel: [11, multi(dpllClockQuality)],
  phaseOffsetMonitor: [12, dpllFeature],
  phaseOffsetAvgFactor: [13, u32],
  frequencyMonitor: [14, dpllFeature],
}) {}

/** Hertz, from and to. */
export class DpllFrequencies extends attrs('DPLL_A_PIN_', { frequencyMin: [13, u64], frequencyMax: [14, u64] }) {}

/** A pin, as a clock sees it. */
export class DpllPinDevice extends attrs('DPLL_A_PIN_', {
  parentId: [2, u32],
  direction: [10, dpllPinDirection],
  /** Lower goes first. */
  prio: [15, u32],
  state: [16, dpllPinStatus],
  /** Thousandths of a picosecond. */
  phaseOffset: [23, s64],
  /** Parts of a million. */
  fractionalFrequencyOffset: [24, sint],
  /** Parts of a trillion. */
  fractionalFrequencyOffsetPpt: [30, sint],
  operstate: [32, dpllPinOperation],
}) {}

/** A pin, as one that it goes through sees it. */
export class DpllPinParent extends attrs('DPLL_A_PIN_', { parentId: [2, u32], state: [16, dpllPinStatus] }) {}
/** A pin whose pulse goes with another's clock. */
export class DpllReferenceSync extends attrs('DPLL_A_PIN_', { id: [1, u32], state: [16, dpllPinStatus] }) {}

/** A pin. */
export class DpllPinSettings extends attrs('DPLL_A_PIN_', {
  id: [1, u32],
  parentId: [2, u32],
  moduleName: [3, string],
  pad: [4, pad],
  clockId: [5, u64],
  boardLabel: [6, string],
  panelLabel: [7, string],
  packageLabel: [8, string],
  type: [9, dpllPinType],
  direction: [10, dpllPinDirection],
  /** Hertz. */
  frequency: [11, u64],
  frequencySupported: [12, multi(DpllFrequencies)],
  frequencyMin: [13, u64],
  frequencyMax: [14, u64],
  prio: [15, u32],
  state: [16, dpllPinStatus],
  capabilities: [17, dpllPinCapabilities],
  parentDevice: [18, multi(DpllPinDevice)],
  parentPin: [19, multi(DpllPinParent)],
  phaseAdjustMin: [20, s32],
  phaseAdjustMax: [21, s32],
  /** Picoseconds. */
  phaseAdjust: [22, s32],
  phaseOffset: [23, s64],
  fractionalFrequencyOffset: [24, sint],
  esyncFrequency: [25, u64],
  esyncFrequencySupported: [26, multi(DpllFrequencies)],
  /** Percent of a period. */
  esyncPulse: [27, u32],
  referenceSync: [28, multi(DpllReferenceSync)],
  phaseAdjustGran: [29, u32],
  fractionalFrequencyOffsetPpt: [30, sint],
  /** Thousandths of a hertz. */
  measuredFrequency: [31, u64],
  operstate: [32, dpllPinOperation],
}) {}

/** dpll. */
export const dpll = genericFamily('dpll', 1, {
  prefix: 'DPLL_CMD_',
  commands: {
    deviceIdGet: [1, DpllDevice],
    deviceGet: [2, DpllDevice],
    deviceSet: [3, DpllDevice],
    deviceCreateNtf: [4, DpllDevice],
    deviceDeleteNtf: [5, DpllDevice],
    deviceChangeNtf: [6, DpllDevice],
    pinIdGet: [7, DpllPinSettings],
    pinGet: [8, DpllPinSettings],
    pinSet: [9, DpllPinSettings],
    pinCreateNtf: [10, DpllPinSettings],
    pinDeleteNtf: [11, DpllPinSettings],
    pinChangeNtf: [12, DpllPinSettings],
  },
  groups: { monitor: 'monitor' },
  config: 'CONFIG_DPLL',
});
